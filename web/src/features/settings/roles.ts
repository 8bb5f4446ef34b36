import { t } from '../../core/i18n/i18n.svelte';
import type { Role } from '../../transport/contract/accounts';

/** Those that can be given and taken; everyone with an account is staff. */
export const grantableRoles: readonly Exclude<Role, 'staff'>[] = ['administrator', 'crisis-director', 'crisis-member', 'communicator', 'auditor'];

export function rolesInWords(roles: readonly Role[]): string {
  const given = roles.filter((role) => role !== 'staff');
  return (given.length > 0 ? given : (['staff'] as const)).map((role) => t(`role.${role}`)).join(', ');
}

export function toggled(roles: readonly Role[], role: Role, on: boolean): readonly Role[] {
  return on ? [...roles.filter((one) => one !== role), role] : roles.filter((one) => one !== role);
}
