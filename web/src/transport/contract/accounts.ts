/** The shapes that travel, by the names the server gives them. */
export type Role = 'administrator' | 'crisis-director' | 'crisis-member' | 'communicator' | 'auditor' | 'staff';

export interface Session {
  readonly account: { readonly id: string; readonly name: string };
  readonly personId: string | null;
  readonly roles: readonly Role[];
  readonly organisation: string;
  readonly demonstration: boolean;
}
