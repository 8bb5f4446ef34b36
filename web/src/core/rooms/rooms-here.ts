/** The rooms of this device: opening and beginning them, and what this browser keeps of them. Arrives with pages that are opened: it brings the cryptography with it. */
import { type Bytes, toHex, utf8 } from '../../e2ee/bytes';
import { ApiError } from '../../transport/api-error';
import { runningClient } from '../../transport/served-client';
import { accountHex, accountOf, personOf } from '../devices/account-bytes';
import { trustInPerson } from '../devices/contacts.svelte';
import type { ThisDevice } from '../devices/device-keys';
import { thisDevice } from '../devices/this-device.svelte';
import { newerClient } from '../newer-client.svelte';
import { signedIn } from '../session.svelte';
import type { RoomContent } from './room-content';
import { memberLines } from './room-lines';
import { roomService } from './room-service';
import { RoomSession, type RoomSurroundings } from './room-session';
import type { RoomPerson, RoomPlan } from './room-beginning';
import { OpenRoom } from './rooms.svelte';
import { chooseSignals, readSignalChoice, type SignalChoice } from './signal-choice.svelte';

type ReadyDevice = Extract<ReturnType<typeof thisDevice>, { kind: 'ready' }>;

const opened = new WeakMap<ThisDevice, Map<string, Promise<OpenRoom>>>();

/** As this browser has kept it, also without a server; `sync` brings what is new. Null where this browser is no device, or the id is none. */
export async function openRoom(id: string): Promise<OpenRoom | null> {
  const state = thisDevice();
  if (state.kind !== 'ready' || !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) return null;
  return openOn(state, id);
}

function openOn(state: ReadyDevice, id: string): Promise<OpenRoom> {
  const rooms = opened.get(state.device) ?? new Map<string, Promise<OpenRoom>>();
  opened.set(state.device, rooms);
  const known = rooms.get(id);
  if (known !== undefined) return known;
  const opening = readSignalChoice(state.keys.sealed)
    .then(() => RoomSession.open(surroundings(state), accountOf(id)))
    .then(async (session) => {
      const room = new OpenRoom(session, state.device, state.directory, { ...memberLines, uploads: state.keys.sealed });
      room.draft = await takeDraft(state, id);
      return room;
    });
  rooms.set(id, opening);
  return opening;
}

/** A room that somebody is about to begin. However often it is tried, it is one room. */
export class RoomDraft {
  /** @param nonce 16 bytes; of one person with one nonce there is one room. */
  constructor(private readonly nonce: Bytes = crypto.getRandomValues(new Uint8Array(16))) {}

  /** Begins it, and says in it what it is for and how its people are called. Only with the server. @returns Its id. */
  async begin(plan: RoomPlan, people: readonly RoomPerson[]): Promise<string> {
    const { room, self } = await this.open();
    await room.begin(this.nonce, plan, people, self);
    // Where the server does not hear of it now, the room's page says so and offers it again.
    if (plan.group !== undefined) await room.lines.groups.open(room.id, plan.group.id).catch(ignoreFailure);
    await rememberRooms([room.id]);
    return room.id;
  }

  /**
   * Begins it unless it has begun, from this browser or from another of this person's, and says `first` in it: once, whenever a try was cut short. Only with the server; throws its
   * refusal.
   */
  async beginOnce(plan: RoomPlan, people: readonly RoomPerson[], first: readonly RoomContent[]): Promise<OpenRoom> {
    const { room, self } = await this.open();
    // What is to be said first is kept before the room begins. Only a browser that was lost in between takes it with it: then nothing has said what the room is called.
    const isSaid = (await room.hasBegun()) && (room.view.name !== null || room.waiting.length > 0);
    if (!isSaid) await room.begin(this.nonce, plan, people, self, first);
    await rememberRooms([room.id]);
    return room;
  }

  private async open(): Promise<{ readonly room: OpenRoom; readonly self: RoomPerson }> {
    const state = thisDevice();
    const self = signedIn();
    if (state.kind !== 'ready' || self === undefined) throw ApiError.unreachable();
    await state.directory.sync();
    const id = personOf(await RoomSession.idOf(surroundings(state), this.nonce));
    return { room: await openOn(state, id), self: { id: self.personId, name: self.account.name } };
  }
}

/** Kept sealed in this browser under a name, for whoever is signed in; null where there is none, or this browser is no device of theirs. */
export async function readSealed(name: string): Promise<Bytes | null> {
  const state = thisDevice();
  return state.kind === 'ready' ? state.keys.sealed.read(name) : null;
}

/** @param bytes Null removes it. */
export async function writeSealed(name: string, bytes: Bytes | null): Promise<void> {
  const state = thisDevice();
  if (state.kind !== 'ready') return;
  if (bytes === null) await state.keys.sealed.removeAll(name);
  else await state.keys.sealed.write(new Map([[name, bytes]]));
}

/** Rooms that were once open in this browser; one that the server no longer lists is a room that this person was removed from. */
export async function rememberedRooms(): Promise<readonly string[]> {
  const state = thisDevice();
  const bytes = state.kind === 'ready' ? await state.keys.sealed.read(rememberedName) : null;
  return bytes === null ? [] : (JSON.parse(new TextDecoder().decode(bytes)) as string[]);
}

export async function rememberRooms(ids: readonly string[]): Promise<void> {
  const known = await rememberedRooms();
  if (ids.some((id) => !known.includes(id))) await writeRemembered([...new Set([...known, ...ids])]);
}

/** What nobody has sent yet is in memory only: a reload that the page itself offers keeps it, sealed, for the page that follows. */
newerClient.beforeReload(async () => {
  const state = thisDevice();
  if (state.kind !== 'ready') return;
  for (const [id, opening] of opened.get(state.device) ?? []) {
    const { draft } = await opening;
    if (draft !== '') await state.keys.sealed.write(new Map([[draftName(id), utf8(draft)]]));
  }
});

/** Once: written on, sent or deleted, it is the page's again. */
async function takeDraft({ keys }: ReadyDevice, id: string): Promise<string> {
  const bytes = await keys.sealed.read(draftName(id));
  if (bytes === null) return '';
  await keys.sealed.removeAll(draftName(id));
  return new TextDecoder().decode(bytes);
}

function draftName(id: string): string {
  return `room/${accountHex(id)}/draft`;
}

/** Everything that this browser kept of a room; the room itself goes on for those who are in it. */
export async function forgetRoom(id: string): Promise<void> {
  const state = thisDevice();
  if (state.kind !== 'ready') return;
  await writeRemembered((await rememberedRooms()).filter((one) => one !== id));
  await state.keys.sealed.removeAll(`room/${accountHex(id)}/`);
  opened.get(state.device)?.delete(id);
}

const rememberedName = 'rooms';

async function writeRemembered(ids: readonly string[]): Promise<void> {
  const state = thisDevice();
  if (state.kind === 'ready') await state.keys.sealed.write(new Map([[rememberedName, utf8(JSON.stringify(ids))]]));
}

/** In this browser, for all rooms. Who tells nobody any more how far they have read takes back what was told. */
export async function chooseRoomSignals(choice: SignalChoice): Promise<void> {
  const state = thisDevice();
  if (state.kind !== 'ready') return;
  await chooseSignals(state.keys.sealed, choice);
  if (choice.receipts) return;
  for (const opening of opened.get(state.device)?.values() ?? []) await (await opening).presence.forget();
}

/** Why somebody cannot be added now: they have no identity yet, or another than this browser counted on. */
export function obstacleTo(person: string): 'unknown' | 'changed' | null {
  const trust = trustInPerson(person);
  return trust === 'unknown' || trust === 'changed' ? trust : null;
}

function surroundings(state: ReadyDevice): RoomSurroundings {
  const windows = `tocsin-${toHex(state.device.device)}`;
  return {
    device: state.device,
    directory: state.directory,
    service: roomService,
    store: state.keys.sealed,
    version: runningClient() ?? '',
    exclusively: async (name, work) =>
      navigator.locks === undefined ? work() : await navigator.locks.request<ReturnType<typeof work>>(`${windows}-${name}`, work),
  };
}

function ignoreFailure(error: unknown): void {
  if (!(error instanceof ApiError)) throw error;
}
