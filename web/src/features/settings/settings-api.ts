import { api } from '../../core/server';
import type { AccountView, ApiTokenView, CreatedApiToken, InvitationLink, InvitedAccount, Role } from '../../transport/contract/accounts';
import type { Page } from '../../transport/contract/alerts';
import type { ChannelState, OrganisationSettings } from '../../transport/contract/settings';

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

export function fetchAccounts(search: string, after: string | undefined, signal: AbortSignal): Promise<Page<AccountView>> {
  return api.get('/api/v1/accounts', { query: { search: search.trim(), after, limit: pageSize }, signal });
}

export function fetchAccount(id: string, signal: AbortSignal): Promise<AccountView> {
  return api.get('/api/v1/accounts/{id}', { path: { id }, signal });
}

export function createAccount(personId: string, signInName: string, roles: readonly Role[]): Promise<InvitedAccount> {
  return api.send('POST', '/api/v1/accounts', { body: { personId, signInName, roles } });
}

/** What an administrator does to one account. */
export function accountCommands(id: string) {
  const path = { id };
  return {
    setRoles: (roles: readonly Role[]): Promise<void> => api.send('PUT', '/api/v1/accounts/{id}/roles', { path, body: { roles } }),
    disable: (): Promise<void> => api.send('POST', '/api/v1/accounts/{id}/disable', { path }),
    enable: (): Promise<void> => api.send('POST', '/api/v1/accounts/{id}/enable', { path }),
    invite: (): Promise<InvitationLink> => api.send('POST', '/api/v1/accounts/{id}/invitation', { path }),
    signOut: (): Promise<void> => api.send('DELETE', '/api/v1/accounts/{id}/sessions', { path }),
  };
}

export function fetchTokens(signal: AbortSignal): Promise<Items<ApiTokenView>> {
  return api.get('/api/v1/api-tokens', { signal });
}

/** `expiresAt` null: until it is revoked. */
export function createToken(name: string, scopes: readonly string[], expiresAt: string | null): Promise<CreatedApiToken> {
  return api.send('POST', '/api/v1/api-tokens', { body: { name, scopes, expiresAt } });
}

export function revokeToken(id: string): Promise<void> {
  return api.send('DELETE', '/api/v1/api-tokens/{id}', { path: { id } });
}
