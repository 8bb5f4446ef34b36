import type { Bytes } from '../../e2ee/bytes';
import { fromBase64, toBase64 } from '../devices/account-bytes';
import { liveEvents } from '../live-events';
import { api } from '../server';
import { PushedEntries } from './pushed-entries';
import type { ServedEntry } from './room-log';
import type { TaskReminder } from './tasks/task-reminder';

export interface ListedRoom {
  readonly id: string;
  readonly headSeq: number;
  readonly readSeq: number;
  readonly lastEntryAt: string;
  /** How many people of the room's group ask to come in; 0 for who does not administer it. */
  readonly admissionRequests: number;
}

/** What the server is told with an entry that it cannot read. */
export interface BesideEntry {
  /** Files that the entry carries: the server keeps them with it. */
  readonly files?: readonly string[];
  /** What members' devices are told while Tocsin is closed on them; nothing where it is missing. */
  readonly notify?: 'message' | 'priority' | undefined;
  /** Whom to remind when of the task that the entry is of; where it is missing, that stays as it is. */
  readonly reminder?: TaskReminder | undefined;
}

/** What a room asks of the server; ids as UUIDs. */
export interface RoomService {
  list(): Promise<readonly ListedRoom[]>;
  /** The entries after a number, a page of them, and the number of the last there is. */
  read(room: string, after: number): Promise<{ readonly entries: readonly ServedEntry[]; readonly headSeq: number }>;
  /** The same entry sent again gets the number that it has. */
  append(room: string, entry: Bytes, beside?: BesideEntry): Promise<{ readonly seq: number; readonly chainHash: Bytes }>;
  markRead(room: string, seq: number): Promise<void>;
}

/** Before any page follows the same news: what it then reads is there. */
const pushed = new PushedEntries();
liveEvents.on(
  ['room.entry-appended'],
  (events) => {
    for (const event of events) pushed.note(event);
  },
  () => pushed.clear(),
);

export const roomService: RoomService = {
  async list() {
    return (await api.get('/api/v1/rooms')).items;
  },

  async read(room, after) {
    const live = pushed.take(room, after);
    if (live) return live;
    const { entries, headSeq } = await api.get('/api/v1/rooms/{id}/entries', { path: { id: room }, query: { after } });
    return { entries: entries.map(({ seq, writtenAt, entry }) => ({ seq, at: writtenAt, entry: bytesOf(entry) })), headSeq };
  },

  async append(room, entry, { files = [], notify, reminder } = {}) {
    const { seq, chainHash } = await api.send('POST', '/api/v1/rooms/{id}/entries', {
      path: { id: room },
      body: { entry: toBase64(entry), files, notify: notify ?? null, reminder: reminder ?? null },
    });
    return { seq, chainHash: bytesOf(chainHash) };
  },

  async markRead(room, seq) {
    await api.send('PUT', '/api/v1/rooms/{id}/read-marker', { path: { id: room }, body: { seq } });
  },
};

/** What is not base64 is no entry either, and is refused as one. */
function bytesOf(text: string): Bytes {
  return fromBase64(text) ?? new Uint8Array();
}
