import type { ServerEvent } from '../../transport/event-feed';
import { fromBase64 } from '../devices/account-bytes';
import type { ServedEntry } from './room-log';

/** More are read from the server, a page at once. */
const mostPerRoom = 100;
const mostRooms = 50;

/**
 * Short entries that came with the news of them: whoever follows live need not ask for them. Nothing rests on it: they are verified as what is read, and where one is missing all are read.
 */
export class PushedEntries {
  /** Without a gap, up to the last that was told of. */
  private readonly runs = new Map<string, readonly ServedEntry[]>();

  note({ at, data }: ServerEvent): void {
    const { roomId, seq, entry } = data;
    if (typeof roomId !== 'string' || typeof seq !== 'number') return;
    const run = this.runs.get(roomId) ?? [];
    this.runs.delete(roomId);
    const bytes = typeof entry === 'string' ? fromBase64(entry) : null;

    // What was told of and not given has to be read, and what came before it with it.
    if (bytes === null) return;
    const follows = run.at(-1)?.seq === seq - 1;
    this.runs.set(roomId, [...(follows ? run : []), { seq, at, entry: bytes }].slice(-mostPerRoom));
    const [oldest] = this.runs.keys();
    if (this.runs.size > mostRooms && oldest !== undefined) this.runs.delete(oldest);
  }

  /** All after a number up to the last that was told of, with its number; undefined where they have to be read. They are given once. */
  take(room: string, after: number): { readonly entries: readonly ServedEntry[]; readonly headSeq: number } | undefined {
    const run = this.runs.get(room);
    this.runs.delete(room);
    const [first] = run ?? [];
    const last = run?.at(-1);
    if (run === undefined || first === undefined || last === undefined || first.seq > after + 1 || last.seq <= after) return undefined;
    return { entries: run.filter(({ seq }) => seq > after), headSeq: last.seq };
  }

  clear(): void {
    this.runs.clear();
  }
}
