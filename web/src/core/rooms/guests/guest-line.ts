import type { Bytes } from '../../../e2ee/bytes';
import { Api } from '../../../transport/api';
import { ApiError } from '../../../transport/api-error';
import { EventFeed, type FeedListener } from '../../../transport/event-feed';
import type { Answer, OperationOf } from '../../../transport/operations';
import { signalrLine } from '../../../transport/signalr-line';
import { connection } from '../../connection.svelte';
import { fromBase64, toBase64 } from '../../devices/account-bytes';
import { language } from '../../i18n/i18n.svelte';
import type { FileService } from '../file-service';
import type { RoomGroupService } from '../group-service';
import type { RoomService } from '../room-service';
import type { SignalService } from '../signal-service';
import type { GuestService } from './guest-service';

/** Where a guest stands, as the server says it. */
export type GuestStanding = Answer<OperationOf<'/api/v1/room-guest', 'get'>>;
export type GuestInvitation = Answer<OperationOf<'/api/v1/room-guest/look-up', 'post'>>;

/** That a guest's session has ended says nothing of whoever is signed in at this browser. */
const api = new Api(
  { answered: (milliseconds) => connection.answered(milliseconds), failed: () => connection.failed(), signedOut: () => undefined },
  language,
);

/** Of one part of a file, on a line of 40 kbit/s. */
const partTimeLimit = 120_000;

/** What the page of a guest asks of the server; ids as UUIDs. None of it names a room: the session does. */
export const guestLine = {
  lookUp: (room: string, link: string): Promise<GuestInvitation> => api.send('POST', '/api/v1/room-guest/look-up', { body: { room, link } }),
  ask: (room: string, link: string, signingKey: Bytes, sealingKeyHash: Bytes, request: Bytes): Promise<GuestStanding> =>
    api.send('POST', '/api/v1/room-guest', {
      body: { room, link, signingKey: toBase64(signingKey), sealingKeyHash: toBase64(sealingKeyHash), request: toBase64(request) },
    }),
  standing: (): Promise<GuestStanding> => api.get('/api/v1/room-guest'),
  async end(): Promise<void> {
    await api.send('DELETE', '/api/v1/room-guest');
  },
};

export type GuestLine = typeof guestLine;

/** Events of the guest's room, as they come. */
export function guestFeed(listener: FeedListener): EventFeed {
  return new EventFeed(() => signalrLine('/hub/room-guest'), listener);
}

export const guestRooms: RoomService = {
  list: () => Promise.resolve([]),
  async read(_, after) {
    const { entries, headSeq } = await known(api.get('/api/v1/room-guest/entries', { query: { after } }));
    return { entries: entries.map(({ seq, writtenAt, entry }) => ({ seq, at: writtenAt, entry: fromBase64(entry) ?? new Uint8Array() })), headSeq };
  },
  async append(_, entry, { files = [], notify, reminder } = {}) {
    const body = { entry: toBase64(entry), files, notify: notify ?? null, reminder: reminder ?? null };
    const { seq, chainHash } = await known(api.send('POST', '/api/v1/room-guest/entries', { body }));
    return { seq, chainHash: fromBase64(chainHash) ?? new Uint8Array() };
  },
  markRead: () => Promise.resolve(),
};

export const guestFiles: FileService = {
  async begin(_, file, size, signal) {
    return (await api.send('PUT', '/api/v1/room-guest/files/{file}', { path: { file }, body: { size }, ...(signal ? { signal } : {}) })).missing;
  },
  async send(_, file, part, sealed, signal) {
    await api.send('PUT', '/api/v1/room-guest/files/{file}/parts/{number}', {
      path: { file, number: part },
      body: sealed,
      timeLimit: partTimeLimit,
      ...(signal ? { signal } : {}),
    });
  },
  read(_, file, part, signal) {
    return api.getBytes('/api/v1/room-guest/files/{file}/parts/{number}', {
      path: { file, number: part },
      timeLimit: partTimeLimit,
      ...(signal ? { signal } : {}),
    });
  },
  async discard(_, file) {
    await api.send('DELETE', '/api/v1/room-guest/files/{file}', { path: { file } });
  },
};

/** Guests tell nobody that they type or how far they have read, and are told nothing of it. */
export const silentSignals: SignalService = {
  send: () => Promise.resolve(),
  keepReceipt: () => Promise.resolve(),
  receipts: () => Promise.resolve([]),
};

/** Pages of guests offer none of this. */
function notForGuests(): Promise<never> {
  return Promise.reject(new ApiError('not-allowed', 403, 'Not for guests.'));
}

export const noGroups: RoomGroupService = {
  open: notForGuests,
  compare: notForGuests,
  find: notForGuests,
  groups: notForGuests,
  requestAdmission: notForGuests,
  withdrawRequest: notForGuests,
};

export const noGuests: GuestService = { list: notForGuests, createLink: notForGuests, revokeLink: notForGuests, refuse: notForGuests };

/** A guest whose session has ended is in the room no more. */
async function known<Value>(asked: Promise<Value>): Promise<Value> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof ApiError && error.code === 'not-signed-in') throw new ApiError('not-found', 404, error.title);
    throw error;
  }
}
