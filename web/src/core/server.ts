import { Api } from '../transport/api';
import { EventFeed } from '../transport/event-feed';
import { signalrLine } from '../transport/signalr-line';
import { language } from './i18n/i18n.svelte';
import { connection } from './connection.svelte';
import { liveEvents } from './live-events';
import { liveSignals } from './live-signals';

let onSignedOut: () => void = () => undefined;

/** Called when the server no longer knows the session: signed out elsewhere, revoked, or expired. */
export function whenSignedOut(then: () => void): void {
  onSignedOut = then;
}

export const api = new Api(
  {
    answered: (milliseconds) => connection.answered(milliseconds),
    failed: () => connection.failed(),
    signedOut: () => onSignedOut(),
  },
  language,
);

export const feed = new EventFeed(() => signalrLine('/hub', (signal) => liveSignals.deliver(signal)), {
  receive: (batch) => liveEvents.deliver(batch),
  stateChanged: (state) => connection.feedChanged(state),
});
