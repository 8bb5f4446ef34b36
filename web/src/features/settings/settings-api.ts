import { withFreshSignIn } from '../../core/fresh-sign-in.svelte';
import { api } from '../../core/server';
import type {
  AccountView,
  ApiTokenView,
  CreatedApiToken,
  EmergencyCardView,
  InvitationLink,
  InvitedAccount,
  ListedSession,
  OpenInvitation,
  Role,
} from '../../transport/contract/accounts';
import type { Page } from '../../transport/contract/alerts';
import type { ChannelKind, ContentLanguage } from '../../transport/contract/content';
import type { ChannelState, OrganisationSettings, TestMessage } from '../../transport/contract/settings';

interface Items<Item> {
  readonly items: readonly Item[];
}

const pageSize = 50;

export function fetchSettings(signal: AbortSignal): Promise<OrganisationSettings> {
  return api.get('/api/v1/settings', { signal });
}

export function saveSettings(settings: OrganisationSettings): Promise<OrganisationSettings> {
  return api.send('PUT', '/api/v1/settings', { body: settings });
}

export function fetchChannels(signal: AbortSignal): Promise<Items<ChannelState>> {
  return api.get('/api/v1/channels', { signal });
}

/** The latest first. */
export function fetchTestMessages(signal: AbortSignal): Promise<Items<TestMessage>> {
  return api.get('/api/v1/test-messages', { signal });
}

/** To one's own contact point. */
export function sendTestMessage(channel: ChannelKind): Promise<TestMessage> {
  return api.send('POST', '/api/v1/test-messages', { body: { channel } });
}

export function fetchAccounts(search: string, after: string | undefined, signal: AbortSignal): Promise<Page<AccountView>> {
  return api.get('/api/v1/accounts', { query: { search: search.trim(), after, limit: pageSize }, signal });
}

export function fetchAccount(id: string, signal: AbortSignal): Promise<AccountView> {
  return api.get('/api/v1/accounts/{id}', { path: { id }, signal });
}

/** Somebody of the directory, or somebody new, whom the account brings into it. */
export type Invited =
  { readonly personId: string } | { readonly givenName: string; readonly familyName: string; readonly language: ContentLanguage | null };

export function createAccount(invited: Invited, signInName: string, roles: readonly Role[]): Promise<InvitedAccount> {
  return withFreshSignIn(() => api.send('POST', '/api/v1/accounts', { body: { ...invited, signInName, roles } }));
}

export function fetchInvitations(signal: AbortSignal): Promise<Items<OpenInvitation>> {
  return api.get('/api/v1/invitations', { signal });
}

export function withdrawInvitation(id: string): Promise<void> {
  return api.send('DELETE', '/api/v1/invitations/{id}', { path: { id } });
}

export function fetchAccountSessions(id: string, signal: AbortSignal): Promise<Items<ListedSession>> {
  return api.get('/api/v1/accounts/{id}/sessions', { path: { id }, signal });
}

export function fetchAccountCards(id: string, signal: AbortSignal): Promise<Items<EmergencyCardView>> {
  return api.get('/api/v1/accounts/{id}/emergency-cards', { path: { id }, signal });
}

/** What an administrator does to one account. */
export function accountCommands(id: string) {
  const path = { id };
  return {
    setRoles: (roles: readonly Role[]): Promise<void> => api.send('PUT', '/api/v1/accounts/{id}/roles', { path, body: { roles } }),
    disable: (): Promise<void> => api.send('POST', '/api/v1/accounts/{id}/disable', { path }),
    enable: (): Promise<void> => api.send('POST', '/api/v1/accounts/{id}/enable', { path }),
    invite: (): Promise<InvitationLink> => withFreshSignIn(() => api.send('POST', '/api/v1/accounts/{id}/invitation', { path })),
    endSession: (session: string): Promise<void> => api.send('DELETE', '/api/v1/accounts/{id}/sessions/{session}', { path: { id, session } }),
    revokeCard: (card: string): Promise<void> => api.send('DELETE', '/api/v1/accounts/{id}/emergency-cards/{card}', { path: { id, card } }),
    signOut: (): Promise<void> => api.send('DELETE', '/api/v1/accounts/{id}/sessions', { path }),
  };
}

export function fetchTokens(signal: AbortSignal): Promise<Items<ApiTokenView>> {
  return api.get('/api/v1/api-tokens', { signal });
}

/** `expiresAt` null: until it is revoked. */
export function createToken(name: string, scopes: readonly string[], expiresAt: string | null): Promise<CreatedApiToken> {
  return withFreshSignIn(() => api.send('POST', '/api/v1/api-tokens', { body: { name, scopes, expiresAt } }));
}

export function revokeToken(id: string): Promise<void> {
  return api.send('DELETE', '/api/v1/api-tokens/{id}', { path: { id } });
}
