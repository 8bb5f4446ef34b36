import { connection } from '../connection.svelte';
import { liveEvents } from '../live-events';
import { Resource } from '../resource.svelte';
import { roomCounts } from './room-counts.svelte';
import { signedIn } from '../session.svelte';
import { roomService, type ListedRoom } from './room-service';
import { openRoom, rememberedRooms, rememberRooms } from './rooms-here';
import type { OpenRoom } from './rooms.svelte';

export interface RoomRow {
  readonly room: OpenRoom;
  readonly readSeq: number;
  /** As the server's clock has it; null where this person is no longer in the room. */
  readonly lastEntryAt: string | null;
  /** How many people of the group that the room is open to ask to come in. */
  readonly admissionRequests: number;
}

/** The rooms of whoever is signed in, the latest first, each brought up to what the server has. Names and messages are in the rooms themselves. */
export class RoomList {
  readonly listed = new Resource(
    () => roomService.list(),
    () => `rooms/${signedIn()?.account.id}`,
  );
  /** Undefined until they are opened. */
  rows = $state.raw<readonly RoomRow[] | undefined>();
  private turn = 0;

  async load(): Promise<void> {
    await this.listed.load();
    if (this.listed.value !== undefined) await this.open(this.listed.value, this.listed.keptAt === undefined && this.listed.error === undefined);
  }

  dispose(): void {
    this.turn += 1;
    this.listed.dispose();
  }

  private async open(list: readonly ListedRoom[], isOfNow: boolean): Promise<void> {
    const turn = ++this.turn;
    const remembered = isOfNow ? await rememberedRooms() : [];
    const left = remembered
      .filter((id) => !list.some((one) => one.id === id))
      .map((id) => ({ id, readSeq: Infinity, lastEntryAt: null, headSeq: 0, admissionRequests: 0 }));
    const latestFirst = [...list].sort((one, other) => other.lastEntryAt.localeCompare(one.lastEntryAt));
    const rows = (await Promise.all([...latestFirst, ...left].map(async (one) => ({ ...one, room: await openRoom(one.id) })))).flatMap(
      ({ room, ...one }) => (room === null ? [] : [{ ...one, room }]),
    );
    if (turn !== this.turn) return;
    this.rows = rows;
    if (isOfNow) await rememberRooms(list.map(({ id }) => id));
    for (const { room, headSeq, lastEntryAt } of rows) {
      if (turn !== this.turn) return;
      // A server that lists less than it has shown is looked at again as well: it may have forgotten the end.
      const isOther = room.head !== headSeq || room.waiting.length > 0 || room.line === 'unreachable';
      if (lastEntryAt === null ? room.line !== 'gone' : isOther) await room.sync();
      // The others would wait for the same server.
      if (room.line === 'unreachable') return;
    }
  }
}

/** A server that answers again says so by the event feed; one that refused rooms only does not. */
const retryMilliseconds = 15_000;
/** Many events in one second make one fetch. */
const gatherMilliseconds = 250;
let current = $state.raw<RoomList | undefined>();

/** Undefined where nobody is signed in on a device of theirs. */
export function roomList(): RoomList | undefined {
  return current;
}

/** For as long as somebody is signed in: follows the events of rooms. @returns How to stop. */
export function followRooms(): () => void {
  const list = new RoomList();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const loadSoon = (): void => {
    timer ??= setTimeout(() => {
      timer = undefined;
      void list.load();
    }, gatherMilliseconds);
  };
  const stop = liveEvents.on(['room.'], loadSoon, loadSoon);
  const retrying = setInterval(() => {
    if (list.rows?.some(({ room }) => room.line === 'unreachable')) void list.load();
  }, retryMilliseconds);
  current = list;
  void list.load();
  return () => {
    stop();
    clearInterval(retrying);
    clearTimeout(timer);
    list.dispose();
    if (current === list) current = undefined;
    roomCounts.unread = 0;
    connection.waitingInRooms = 0;
  };
}
