import { api } from '../../core/server';
import type { JsonObject } from '../../platform/passkeys';
import type {
  AuthenticatorOffer,
  EmergencyCardView,
  ListedSession,
  PasskeyOptions,
  PasskeyView,
  PrintedEmergencyCard,
} from '../../transport/contract/accounts';
import type { ChannelPreferences, ContactPoint, ContactPointCode, ContactPointInput } from '../../transport/contract/directory';
import type { MyContactRefresh } from '../../transport/contract/refreshes';

interface Items<Item> {
  readonly items: readonly Item[];
}

export function fetchMyContactPoints(signal: AbortSignal): Promise<readonly ContactPoint[]> {
  return api.get('/api/v1/me/contact-points', { signal });
}

export const myContactPoints = {
  add: (input: ContactPointInput): Promise<ContactPoint> => api.send('POST', '/api/v1/me/contact-points', { body: input }),
  change: (id: string, input: ContactPointInput): Promise<ContactPoint> =>
    api.send('PUT', '/api/v1/me/contact-points/{id}', { path: { id }, body: input }),
  remove: (id: string): Promise<void> => api.send('DELETE', '/api/v1/me/contact-points/{id}', { path: { id } }),
  confirm: (id: string): Promise<ContactPoint> => api.send('POST', '/api/v1/me/contact-points/{id}/confirm', { path: { id } }),
  reorder: (ids: readonly string[]): Promise<void> => api.send('PUT', '/api/v1/me/contact-points/order', { body: { ids } }),
};

export function fetchCode(id: string, signal: AbortSignal): Promise<ContactPointCode> {
  return api.get('/api/v1/me/contact-points/{id}/code', { path: { id }, signal });
}

export function sendCode(id: string): Promise<ContactPointCode> {
  return api.send('POST', '/api/v1/me/contact-points/{id}/code', { path: { id } });
}

export function verifyByCode(id: string, code: string): Promise<ContactPoint> {
  return api.send('POST', '/api/v1/me/contact-points/{id}/verify', { path: { id }, body: { code } });
}

/** The campaign under way that asks this person, if there is one. */
export function fetchMyContactRefresh(signal: AbortSignal): Promise<MyContactRefresh> {
  return api.get('/api/v1/me/contact-refresh', { signal });
}

export function confirmMyContactRefresh(): Promise<MyContactRefresh> {
  return api.send('POST', '/api/v1/me/contact-refresh/confirm');
}

export function fetchPreferences(signal: AbortSignal): Promise<ChannelPreferences> {
  return api.get('/api/v1/me/preferences', { signal });
}

export function savePreferences(preferences: ChannelPreferences): Promise<void> {
  return api.send('PUT', '/api/v1/me/preferences', { body: preferences });
}

export function fetchPasskeys(signal: AbortSignal): Promise<Items<PasskeyView>> {
  return api.get('/api/v1/passkeys', { signal });
}

export function passkeyOptions(): Promise<PasskeyOptions> {
  return api.send('POST', '/api/v1/passkeys/options');
}

export function addPasskey(credential: JsonObject): Promise<PasskeyView> {
  return api.send('POST', '/api/v1/passkeys', { body: { credential } });
}

export function renamePasskey(id: string, name: string): Promise<void> {
  return api.send('PUT', '/api/v1/passkeys/{id}/name', { path: { id }, body: { name } });
}

export function removePasskey(id: string): Promise<void> {
  return api.send('DELETE', '/api/v1/passkeys/{id}', { path: { id } });
}

export function fetchPasswordState(signal: AbortSignal): Promise<{ readonly set: boolean }> {
  return api.get('/api/v1/password', { signal });
}

export function offerAuthenticator(): Promise<AuthenticatorOffer> {
  return api.send('POST', '/api/v1/totp');
}

export function setPassword(currentPassword: string | null, password: string, enrolment: string, code: string): Promise<void> {
  return api.send('PUT', '/api/v1/password', { body: { currentPassword, password, enrolment, code } });
}

export function removePassword(): Promise<void> {
  return api.send('DELETE', '/api/v1/password');
}

export function fetchCards(signal: AbortSignal): Promise<Items<EmergencyCardView>> {
  return api.get('/api/v1/emergency-cards', { signal });
}

export function makeCard(label: string): Promise<PrintedEmergencyCard> {
  return api.send('POST', '/api/v1/emergency-cards', { body: { label } });
}

export function revokeCard(id: string): Promise<void> {
  return api.send('DELETE', '/api/v1/emergency-cards/{id}', { path: { id } });
}

export function fetchSessions(signal: AbortSignal): Promise<Items<ListedSession>> {
  return api.get('/api/v1/sessions', { signal });
}

export function endSession(id: string): Promise<void> {
  return api.send('DELETE', '/api/v1/sessions/{id}', { path: { id } });
}

export function endOtherSessions(): Promise<{ readonly ended: number }> {
  return api.send('DELETE', '/api/v1/sessions');
}

export function signOut(): Promise<void> {
  return api.send('DELETE', '/api/v1/session');
}

export function fetchPushKey(): Promise<{ readonly publicKey: string }> {
  return api.get('/api/v1/push/key');
}

export function subscribePush(subscription: JsonObject, device: string): Promise<unknown> {
  return api.send('POST', '/api/v1/me/push-subscriptions', { body: { subscription, device } });
}
