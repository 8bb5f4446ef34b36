import { api } from '../../core/server';
import type { AuthenticatorOffer, FirstAdministrator, Session, SetupLink, WaysToSignIn } from '../../transport/contract/accounts';

type JsonObject = Readonly<Record<string, unknown>>;

export function fetchWays(signal: AbortSignal): Promise<WaysToSignIn> {
  return api.get('/api/v1/sign-in', { signal });
}

export function passkeySignInOptions(): Promise<{ readonly publicKey: JsonObject }> {
  return api.send('POST', '/api/v1/sign-in/passkey/options', {});
}

export function signInWithPasskey(credential: JsonObject): Promise<Session> {
  return api.send('POST', '/api/v1/sign-in/passkey', { credential });
}

export function signInWithPassword(signInName: string, password: string, code: string): Promise<Session> {
  return api.send('POST', '/api/v1/sign-in/password', { signInName, password, code });
}

export function signInWithCard(signInName: string, code: string): Promise<Session> {
  return api.send('POST', '/api/v1/sign-in/emergency-card', { signInName, code });
}

export interface SetupStart {
  readonly token: string;
  readonly administrator: FirstAdministrator | undefined;
}

export function readSetupLink(token: string): Promise<SetupLink> {
  return api.send('POST', '/api/v1/setup', { token });
}

export function passkeySetupOptions(start: SetupStart): Promise<{ readonly publicKey: JsonObject }> {
  return api.send('POST', '/api/v1/setup/passkey/options', start);
}

export function setUpWithPasskey(start: SetupStart, credential: JsonObject): Promise<Session> {
  return api.send('POST', '/api/v1/setup/passkey', { ...start, credential });
}

export function offerAuthenticator(start: SetupStart): Promise<AuthenticatorOffer> {
  return api.send('POST', '/api/v1/setup/authenticator', start);
}

export function setUpWithPassword(start: SetupStart, password: string, enrolment: string, code: string): Promise<Session> {
  return api.send('POST', '/api/v1/setup/password', { ...start, password, enrolment, code });
}
