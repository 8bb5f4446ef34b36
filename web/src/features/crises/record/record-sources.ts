import { may } from '../../../core/access';
import { personOfHex } from '../../../core/devices/account-bytes';
import type { KnownCrisis } from '../../../core/rooms/crisis/known-crises';
import { api } from '../../../core/server';
import { ApiError } from '../../../transport/api-error';
import type { Board } from '../../../transport/contract/alerts';
import type { Bulletin } from '../../../transport/contract/bulletins';

/** Something that the server has of a crisis: given, refused to this account, or not to be had now. */
export type FromServer<Value> = { readonly kind: 'given'; readonly value: Value } | { readonly kind: 'refused' } | { readonly kind: 'unreachable' };

/** What a report says that no room has. */
export interface RecordSources {
  /** Null where the crisis was opened from none. */
  readonly alert: FromServer<Board> | null;
  readonly bulletins: readonly { readonly id: string; readonly from: FromServer<Bulletin> }[];
}

/** Never throws for what is refused or cannot be reached: the report says so in its place. */
export async function fetchRecordSources({ view }: KnownCrisis, signal: AbortSignal): Promise<RecordSources> {
  const alert = view?.alert ?? null;
  const read = async (id: string): Promise<RecordSources['bulletins'][number]> => {
    const path = { id: personOfHex(id) };
    return { id, from: await given(may('bulletins.watch'), () => api.get('/api/v1/bulletins/{id}', { path, signal })) };
  };
  const bulletins: RecordSources['bulletins'][number][] = [];
  // One after the other: nobody waits for them as for an alert.
  for (const id of view?.bulletins ?? []) bulletins.push(await read(id));
  if (alert === null) return { alert: null, bulletins };
  const path = { id: personOfHex(alert) };
  return { alert: await given(may('alerts.watch'), () => api.get('/api/v1/alerts/{id}/board', { path, signal }) as Promise<Board>), bulletins };
}

async function given<Value>(mayRead: boolean, read: () => Promise<Value>): Promise<FromServer<Value>> {
  if (!mayRead) return { kind: 'refused' };
  try {
    return { kind: 'given', value: await read() };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { kind: error.isPassing ? 'unreachable' : 'refused' };
  }
}
