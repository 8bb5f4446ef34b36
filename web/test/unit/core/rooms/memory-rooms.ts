import type { DeviceDirectory } from '../../../../src/core/devices/device-directory';
import { accountOf } from '../../../../src/core/devices/account-bytes';
import type { ServedEntry } from '../../../../src/core/rooms/room-log';
import type { BesideEntry, ListedRoom, RoomService } from '../../../../src/core/rooms/room-service';
import type { TaskReminder } from '../../../../src/core/rooms/tasks/task-reminder';
import type { RoomSurroundings } from '../../../../src/core/rooms/room-session';
import { type Bytes, equalBytes, toHex } from '../../../../src/e2ee/bytes';
import { parseEntry } from '../../../../src/e2ee/rooms/entry';
import { emptyRoom, replay, type RoomState } from '../../../../src/e2ee/rooms/replay';
import { ApiError } from '../../../../src/transport/api-error';
import type { DeviceStore } from '../../../../src/platform/device-store';
import { MemoryDeviceStore, type MemoryDirectoryLog, readyOn } from '../devices/memory';

/** The entries of all rooms, as an honest server keeps them; tests change them to make it lie. */
export class MemoryRooms {
  readonly rooms = new Map<string, { state: RoomState; readonly entries: Bytes[] }>();

  /** Its clock, in Unix milliseconds: tests move it. */
  now = Date.parse('2026-01-01T00:00:00Z');
  /** By account in hexadecimal, when the session of a guest ends. */
  readonly sessionEnds = new Map<string, number>();
  private readonly times = new Map<string, string[]>();
  private turn: Promise<unknown> = Promise.resolve();

  /** One after the other, as the server takes them: of two at one moment the second is judged by what the first made of the room. */
  append(id: string, entry: Bytes): Promise<{ readonly seq: number; readonly chainHash: Bytes }> {
    const appended = this.turn.then(() => this.take(id, entry));
    this.turn = appended.catch(() => undefined);
    return appended;
  }

  private async take(id: string, entry: Bytes): Promise<{ readonly seq: number; readonly chainHash: Bytes }> {
    const room = this.rooms.get(id) ?? { state: await emptyRoom(accountOf(id)), entries: [] };
    const before = room.entries.findIndex((known) => equalBytes(known, entry));
    if (before >= 0) return { seq: before + 1, chainHash: room.state.heads.at(BigInt(before + 1)) ?? new Uint8Array() };
    const seq = room.entries.length + 1;
    const { state, outcome } = await replay(room.state, BigInt(seq), entry);
    if (outcome.kind !== 'accepted') {
      const code = outcome.kind === 'refused' ? outcome.code : outcome.kind;
      throw new ApiError('room-entry-refused', 409, code, undefined, { entry: code });
    }
    room.state = state;
    room.entries.push(entry);
    this.times.set(id, [...(this.times.get(id) ?? []), new Date(this.now).toISOString()]);
    this.rooms.set(id, room);
    return { seq, chainHash: state.heads.head.hash };
  }

  /** Whatever readers will say of it: as a server that was seized might. */
  async force(id: string, entry: Bytes): Promise<void> {
    await this.turn;
    const room = this.rooms.get(id);
    if (room === undefined) throw new RangeError('a room that has begun');
    const seq = room.entries.length + 1;
    ({ state: room.state } = await replay(room.state, BigInt(seq), entry));
    room.entries.push(entry);
    this.times.set(id, [...(this.times.get(id) ?? []), new Date(this.now).toISOString()]);
  }

  /** Only members read. */
  entriesFor(id: string, account: Bytes): readonly Bytes[] {
    const room = this.rooms.get(id);
    if (room === undefined || !room.state.roster.has(toHex(account))) throw new ApiError('not-found', 404, 'not found');
    if (this.now >= (this.sessionEnds.get(toHex(account)) ?? Infinity)) throw new ApiError('not-found', 404, 'not found');
    return room.entries;
  }

  /** When it took an entry; what a test put there came now. */
  writtenAt(id: string, seq: number): string {
    return this.times.get(id)?.[seq - 1] ?? new Date(this.now).toISOString();
  }

  /** Of one room, as a server that was seized might. */
  rewrite(id: string, change: (entries: Bytes[]) => void): void {
    const room = this.rooms.get(id);
    if (room !== undefined) change(room.entries);
  }
}

/** One browser's line to the server, which breaks. */
export class Line implements RoomService {
  isUp = true;
  /** The next answers to what was written get lost: it is in the room, and nobody hears of that. */
  loses = 0;
  /** So many of the next entries are refused for good. */
  refuses = 0;
  /** What the server was told of whom to remind. */
  readonly reminders: TaskReminder[] = [];
  readonly pageLength = 7;

  constructor(
    private readonly server: MemoryRooms,
    private readonly account: Bytes,
  ) {}

  list(): Promise<readonly ListedRoom[]> {
    return Promise.resolve([]);
  }

  async read(room: string, after: number): Promise<{ readonly entries: readonly ServedEntry[]; readonly headSeq: number }> {
    if (!this.isUp) throw ApiError.unreachable();
    const entries = this.server.entriesFor(room, this.account);
    const page = entries.slice(after, after + this.pageLength).map((entry, at) => {
      const seq = after + at + 1;
      return { seq, at: this.server.writtenAt(room, seq), entry };
    });
    return { entries: page, headSeq: entries.length };
  }

  async append(room: string, entry: Bytes, beside: BesideEntry = {}): Promise<{ readonly seq: number; readonly chainHash: Bytes }> {
    if (!this.isUp) throw ApiError.unreachable();
    if (this.refuses > 0) {
      this.refuses--;
      throw new ApiError('too-large', 413, 'too large');
    }
    if (parseEntry(entry).ok && this.server.rooms.has(room)) this.server.entriesFor(room, this.account);
    const answer = await this.server.append(room, entry);
    if (beside.reminder !== undefined) this.reminders.push(beside.reminder);
    if (this.loses > 0) {
      this.loses--;
      throw ApiError.unreachable();
    }
    return answer;
  }

  markRead(): Promise<void> {
    return Promise.resolve();
  }
}

/** Somebody at a browser of their own. */
export interface Browser extends RoomSurroundings {
  readonly service: Line;
  readonly directory: DeviceDirectory;
  readonly kept: MemoryDeviceStore;
}

export async function browserOn(log: MemoryDirectoryLog, server: MemoryRooms, personId: string = crypto.randomUUID()): Promise<Browser> {
  const kept = new MemoryDeviceStore();
  const { device, directory, keys } = await readyOn(log, personId, kept as DeviceStore);
  const turns = new Map<string, Promise<unknown>>();
  const exclusively = <Value>(name: string, work: () => Promise<Value>): Promise<Value> => {
    const next = (turns.get(name) ?? Promise.resolve()).then(work, work);
    turns.set(
      name,
      next.catch(() => undefined),
    );
    return next;
  };
  return { device, directory, store: keys.sealed, service: new Line(server, device.account), kept, exclusively, now: () => server.now };
}
