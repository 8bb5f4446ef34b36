import { api } from '../../core/server';
import type { JsonObject } from '../../platform/passkeys';
import type { AuthenticatorOffer, FirstAdministrator, PasskeyOptions, Session, SetupLink, WaysToSignIn } from '../../transport/contract/accounts';

export function fetchWays(signal: AbortSignal): Promise<WaysToSignIn> {
  return api.get('/api/v1/sign-in', { signal });
}

export function passkeySignInOptions(): Promise<PasskeyOptions> {
  return api.send('POST', '/api/v1/sign-in/passkey/options');
}

export function signInWithPasskey(credential: JsonObject): Promise<Session> {
  return api.send('POST', '/api/v1/sign-in/passkey', { body: { credential } });
}

export function signInWithPassword(signInName: string, password: string, code: string): Promise<Session> {
  return api.send('POST', '/api/v1/sign-in/password', { body: { signInName, password, code } });
}

export function signInWithCard(signInName: string, code: string): Promise<Session> {
  return api.send('POST', '/api/v1/sign-in/emergency-card', { body: { signInName, code } });
}

export interface SetupStart {
  readonly token: string;
  readonly administrator: FirstAdministrator | undefined;
}

export function readSetupLink(token: string): Promise<SetupLink> {
  return api.send('POST', '/api/v1/setup', { body: { token } });
}

export function passkeySetupOptions(start: SetupStart): Promise<PasskeyOptions> {
  return api.send('POST', '/api/v1/setup/passkey/options', { body: start });
}

export function setUpWithPasskey(start: SetupStart, credential: JsonObject): Promise<Session> {
  return api.send('POST', '/api/v1/setup/passkey', { body: { ...start, credential } });
}

export function offerAuthenticator(start: SetupStart): Promise<AuthenticatorOffer> {
  return api.send('POST', '/api/v1/setup/authenticator', { body: start });
}

export function setUpWithPassword(start: SetupStart, password: string, enrolment: string, code: string): Promise<Session> {
  return api.send('POST', '/api/v1/setup/password', { body: { ...start, password, enrolment, code } });
}
