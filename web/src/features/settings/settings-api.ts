import { api } from '../../core/server';
import type { AccountView, ApiTokenView, InvitationLink, Role } from '../../transport/contract/accounts';
import type { Page } from '../../transport/contract/alerts';
import type { ChannelState, OrganisationSettings } from '../../transport/contract/settings';

interface Items<Item> {
  readonly items: readonly Item[];
}

export interface InvitedAccount {
  readonly account: AccountView;
  readonly invitation: InvitationLink;
}

export interface CreatedApiToken {
  readonly apiToken: ApiTokenView;
  /** Shown once: the server keeps only its hash. */
  readonly token: string;
}

const pageSize = 50;

export function fetchSettings(signal: AbortSignal): Promise<OrganisationSettings> {
  return api.get('/api/v1/settings', { signal });
}

export function saveSettings(settings: OrganisationSettings): Promise<OrganisationSettings> {
  return api.send('PUT', '/api/v1/settings', settings);
}

export function fetchChannels(signal: AbortSignal): Promise<Items<ChannelState>> {
  return api.get('/api/v1/channels', { signal });
}

export function fetchAccounts(search: string, after: string | undefined, signal: AbortSignal): Promise<Page<AccountView>> {
  return api.get('/api/v1/accounts', { query: { search: search.trim(), after, limit: pageSize }, signal });
}

export function fetchAccount(id: string, signal: AbortSignal): Promise<AccountView> {
  return api.get(`/api/v1/accounts/${encodeURIComponent(id)}`, { signal });
}

export function createAccount(personId: string, signInName: string, roles: readonly Role[]): Promise<InvitedAccount> {
  return api.send('POST', '/api/v1/accounts', { personId, signInName, roles });
}

/** What an administrator does to one account. */
export function accountCommands(id: string) {
  const path = `/api/v1/accounts/${encodeURIComponent(id)}`;
  return {
    setRoles: (roles: readonly Role[]): Promise<void> => api.send('PUT', `${path}/roles`, { roles }),
    disable: (): Promise<void> => api.send('POST', `${path}/disable`),
    enable: (): Promise<void> => api.send('POST', `${path}/enable`),
    invite: (): Promise<InvitationLink> => api.send('POST', `${path}/invitation`),
    signOut: (): Promise<void> => api.send('DELETE', `${path}/sessions`),
  };
}

export function fetchTokens(signal: AbortSignal): Promise<Items<ApiTokenView>> {
  return api.get('/api/v1/api-tokens', { signal });
}

/** `expiresAt` null: until it is revoked. */
export function createToken(name: string, scopes: readonly string[], expiresAt: string | null): Promise<CreatedApiToken> {
  return api.send('POST', '/api/v1/api-tokens', { name, scopes, expiresAt });
}

export function revokeToken(id: string): Promise<void> {
  return api.send('DELETE', `/api/v1/api-tokens/${encodeURIComponent(id)}`);
}
