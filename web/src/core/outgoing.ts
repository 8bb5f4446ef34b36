import { indexedOutboxStore } from '../platform/outbox-store';
import type { ApiError } from '../transport/api-error';
import { addressOf, type CommandInput, type OperationOf, type PathWith } from '../transport/operations';
import { connection } from './connection.svelte';
import type { TextKey } from './i18n/i18n.svelte';
import { Outbox, type Handed } from './outbox';
import { refusals } from './refusals.svelte';
import { api } from './server';
import { signedIn } from './session.svelte';

/** Milliseconds. The line's return sends at once; this is for a server that is there and could not take it. */
const [firstPause, longestPause] = [5_000, 60_000];
let pause = firstPause;
let again: ReturnType<typeof setTimeout> | undefined;

const outbox = new Outbox(indexedOutboxStore, api, {
  waiting: (count) => {
    connection.waiting = count;
    if (count === 0) {
      clearTimeout(again);
      [again, pause] = [undefined, firstPause];
    } else {
      again ??= setTimeout(() => {
        [again, pause] = [undefined, Math.min(2 * pause, longestPause)];
        sendWaiting();
      }, pause);
    }
  },
  left: () => undefined,
  refused: (command, error: ApiError) => refusals.add(command.label, error),
});

/** A command that must leave in the end, link or no link. `label` names it in the list of what waits. */
export function handOver<Path extends PathWith<'post'>>(
  label: TextKey,
  path: Path,
  input: CommandInput<OperationOf<Path, 'post'>> & { readonly path: Readonly<Record<string, string | number>>; readonly body: unknown },
): Promise<Handed> {
  return outbox.hand(signedIn()?.account.id ?? '', label, 'POST', addressOf(path, input.path), input.body);
}

/** Called whenever the link may be back. */
export function sendWaiting(): void {
  const account = signedIn()?.account.id;
  if (account !== undefined) void outbox.drain(account);
}
