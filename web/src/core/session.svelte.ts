import { keptStore } from '../platform/kept-store';
import type { Session, Role } from '../transport/contract/accounts';
import { ApiError } from '../transport/api-error';
import { forgetUnderWay } from './mode.svelte';
import { api, feed } from './server';

export type SessionState =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'signed-out' }
  | { readonly kind: 'signed-in'; readonly session: Session }
  /** Never reached the server, and nobody is remembered: nothing can be shown yet. */
  | { readonly kind: 'unreachable' };

const remembered = 'tocsin.session';

let state = $state.raw<SessionState>({ kind: 'unknown' });

export function sessionState(): SessionState {
  return state;
}

export function signedIn(): Session | undefined {
  return state.kind === 'signed-in' ? state.session : undefined;
}

export function hasRole(...roles: readonly Role[]): boolean {
  return signedIn()?.roles.some((role) => roles.includes(role)) ?? false;
}

/** Asks the server who is signed in. Cut off from it, the one who was signed in last stays so: reading and queued answers go on. */
export async function loadSession(): Promise<void> {
  try {
    enter(await api.get('/api/v1/session'));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.code === 'not-signed-in') leave();
    else if (error.isPassing) recall();
    else state = { kind: 'unreachable' };
  }
}

export function enter(session: Session): void {
  state = { kind: 'signed-in', session };
  localStorage.setItem(remembered, JSON.stringify(session));
  feed.start();
}

export function leave(): void {
  feed.stop();
  localStorage.removeItem(remembered);
  keptStore.clear().catch(() => undefined);
  forgetUnderWay();
  state = { kind: 'signed-out' };
}

function recall(): void {
  const kept = localStorage.getItem(remembered);
  if (!kept) {
    state = { kind: 'unreachable' };
    return;
  }
  state = { kind: 'signed-in', session: JSON.parse(kept) as Session };
  feed.start();
}
