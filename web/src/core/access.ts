import type { Role } from '../transport/contract/accounts';
import { hasRole, signedIn } from './session.svelte';

/**
 * What a person can do here: the endpoint that does it, as docs/protocol/access.md writes it, and the roles that it admits.
 * The server decides; this table is there so that nothing is offered which it would refuse. A test compares it with the document.
 */
interface Action {
  readonly endpoint: string;
  readonly roles: readonly Role[];
}

const administrator: readonly Role[] = ['administrator'];
const raisers: readonly Role[] = ['crisis-director', 'crisis-member'];
const watchers: readonly Role[] = ['crisis-director', 'crisis-member', 'communicator', 'auditor'];
const readers: readonly Role[] = ['administrator', ...watchers];
const authors: readonly Role[] = ['administrator', 'crisis-director', 'communicator'];
const accountReaders: readonly Role[] = ['administrator', 'auditor'];

export const actions = {
  'alerts.watch': { endpoint: 'GET /api/v1/alerts', roles: watchers },
  'alerts.underWay': { endpoint: 'GET /api/v1/alerts/under-way', roles: readers },
  'alerts.raise': { endpoint: 'POST /api/v1/alerts', roles: raisers },
  'alerts.update': { endpoint: 'POST /api/v1/alerts/{id:guid}/updates', roles: ['crisis-director', 'crisis-member', 'communicator'] },
  'alerts.clear': { endpoint: 'POST /api/v1/alerts/{id:guid}/all-clear', roles: raisers },
  'alerts.cancel': { endpoint: 'POST /api/v1/alerts/{id:guid}/cancellation', roles: raisers },
  'alerts.remind': { endpoint: 'POST /api/v1/alerts/{id:guid}/reminders', roles: raisers },
  'alerts.resend': { endpoint: 'POST /api/v1/alerts/{id:guid}/recipients/{recipientId:long}/resend', roles: raisers },
  'alerts.enterAnswer': { endpoint: 'POST /api/v1/alerts/{id:guid}/recipients/{recipientId:long}/answers', roles: raisers },
  'bulletins.watch': { endpoint: 'GET /api/v1/bulletins', roles: ['crisis-director', 'communicator', 'auditor'] },
  'bulletins.write': { endpoint: 'POST /api/v1/bulletins', roles: ['crisis-director', 'communicator'] },
  'publicPage.read': { endpoint: 'GET /api/v1/public-page', roles: ['crisis-director', 'communicator', 'auditor'] },
  'publicPage.change': { endpoint: 'PUT /api/v1/public-page', roles: ['crisis-director', 'communicator'] },
  'scenarios.read': { endpoint: 'GET /api/v1/scenarios', roles: readers },
  'scenarios.edit': { endpoint: 'PUT /api/v1/scenarios/{id}', roles: authors },
  'scenarios.add': { endpoint: 'POST /api/v1/scenarios', roles: authors },
  'audience.count': { endpoint: 'POST /api/v1/alerts/audience-count', roles: ['administrator', 'crisis-director', 'crisis-member', 'communicator'] },
  'directory.read': { endpoint: 'GET /api/v1/people', roles: readers },
  'directory.addPerson': { endpoint: 'POST /api/v1/people', roles: administrator },
  'directory.editPerson': { endpoint: 'PUT /api/v1/people/{id:guid}', roles: administrator },
  'directory.editGroup': { endpoint: 'PUT /api/v1/groups/{id:guid}', roles: administrator },
  'directory.import': { endpoint: 'POST /api/v1/imports', roles: administrator },
  'rotas.read': { endpoint: 'GET /api/v1/rotas', roles: readers },
  'rotas.add': { endpoint: 'POST /api/v1/rotas', roles: administrator },
  'rotas.edit': { endpoint: 'PUT /api/v1/rotas/{id:guid}', roles: administrator },
  'rotas.replace': { endpoint: 'POST /api/v1/rotas/{id:guid}/overrides', roles: ['administrator', 'crisis-director', 'crisis-member'] },
  'rotas.handOver': { endpoint: 'POST /api/v1/rotas/{id:guid}/hand-over', roles: ['administrator', 'crisis-director', 'crisis-member'] },
  'rotas.removeReplacement': {
    endpoint: 'DELETE /api/v1/rotas/{id:guid}/overrides/{index:int}',
    roles: ['administrator', 'crisis-director'],
  },
  'accounts.read': { endpoint: 'GET /api/v1/accounts', roles: accountReaders },
  'accounts.edit': { endpoint: 'PUT /api/v1/accounts/{id:guid}/roles', roles: administrator },
  'accounts.add': { endpoint: 'POST /api/v1/accounts', roles: administrator },
  'invitations.withdraw': { endpoint: 'DELETE /api/v1/invitations/{id:guid}', roles: administrator },
  'tokens.read': { endpoint: 'GET /api/v1/api-tokens', roles: accountReaders },
  'tokens.edit': { endpoint: 'POST /api/v1/api-tokens', roles: administrator },
  'settings.edit': { endpoint: 'PUT /api/v1/settings', roles: administrator },
  'channels.read': { endpoint: 'GET /api/v1/channels', roles: ['administrator', 'crisis-director', 'crisis-member', 'communicator'] },
  'channels.try': { endpoint: 'POST /api/v1/test-messages', roles: administrator },
  'meetings.open': { endpoint: 'POST /api/v1/meetings', roles: ['administrator', 'crisis-director', 'crisis-member', 'communicator'] },
  'refresh.watch': { endpoint: 'GET /api/v1/contact-refreshes', roles: ['administrator', 'crisis-director', 'auditor'] },
  'refresh.start': { endpoint: 'POST /api/v1/contact-refreshes', roles: administrator },
  'readiness.read': { endpoint: 'GET /api/v1/readiness', roles: ['administrator', 'crisis-director', 'auditor'] },
  'audit.read': { endpoint: 'GET /api/v1/audit/entries', roles: ['administrator', 'crisis-director', 'auditor'] },
  'audit.export': { endpoint: 'POST /api/v1/audit/export', roles: accountReaders },
} as const satisfies Readonly<Record<string, Action>>;

export type ActionName = keyof typeof actions;

/** Whether whoever is signed in is offered this. */
export function may(action: ActionName): boolean {
  return hasRole(...actions[action].roles);
}

/** A crisis member changes and ends only what they raised themselves, a director every alert: the server says which. Who communicates writes news of any. */
export function mayUpdateAlert(alert: { readonly mayEnd: boolean }): boolean {
  return may('alerts.update') && (alert.mayEnd || hasRole('communicator'));
}

/** A scenario may be changed for this once, and a free alert raised, by a director only; a crisis member raises what was prepared. */
export function mayChangeBeforeRaising(): boolean {
  return hasRole('crisis-director');
}

/** One's own duty, or anybody's for who conducts the crisis or administers. */
export function mayReplaceDutyOf(personId: string): boolean {
  return may('rotas.replace') && (hasRole('administrator', 'crisis-director') || signedIn()?.personId === personId);
}
