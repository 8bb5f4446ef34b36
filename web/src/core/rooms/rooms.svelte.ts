/**
 * Rooms as pages use them: people by their ids, nothing of keys or bytes. Import it from pages that arrive when they are opened, and not from the first: it brings the cryptography
 * with it.
 */
import { type Bytes, equalBytes, fromHex, toHex, utf8 } from '../../e2ee/bytes';
import type { Role } from '../../e2ee/rooms/membership';
import { ApiError } from '../../transport/api-error';
import { accountOf, personOf } from '../devices/account-bytes';
import { trustInPerson } from '../devices/contacts.svelte';
import type { DeviceDirectory } from '../devices/device-directory';
import type { ThisDevice } from '../devices/device-keys';
import { thisDevice } from '../devices/this-device.svelte';
import { signedIn } from '../session.svelte';
import type { RoomContent, RoomPurpose } from './room-content';
import type { RoomProblem } from './room-log';
import { roomService } from './room-service';
import { RoomSession, type RoomSurroundings, type WaitingContent } from './room-session';
import { type RoomView, type ShownMessage, type TimelineEntry, viewOf } from './room-view';

export interface RoomPerson {
  readonly id: string;
  readonly name: string;
}

export interface RoomMember {
  readonly id: string;
  /** In hexadecimal: how entries name them. */
  readonly account: string;
  readonly isAdministrator: boolean;
  readonly isSelf: boolean;
  /** The identity in the room is not the one that the directory has now. */
  readonly differs: boolean;
  /** Writes here with a device that the directory does not have. */
  readonly hasStrangeDevice: boolean;
}

/** `gone`: the server says that there is no such room, for whoever asks. */
export type RoomLine = 'opening' | 'open' | 'unreachable' | 'gone';

interface Shown {
  readonly view: RoomView;
  readonly members: readonly RoomMember[];
  readonly outbox: readonly WaitingContent[];
  readonly problem: RoomProblem | null;
  readonly head: number;
}

const empty: Shown = { view: viewOf([]), members: [], outbox: [], problem: null, head: 0 };

/** One room, open in this browser; pages that show it share it. */
export class OpenRoom {
  line = $state<RoomLine>('opening');
  /** What failed for another reason than the line. */
  failure = $state.raw<ApiError | undefined>();
  /** What is being written, while one looks elsewhere. */
  draft = $state('');
  private shown = $state.raw<Shown>(empty);
  /** Written, and not yet known to be kept. */
  private leaving = $state.raw<readonly RoomContent[]>([]);
  private marked = 0;

  constructor(
    private readonly session: RoomSession,
    private readonly device: ThisDevice,
    private readonly directory: DeviceDirectory,
  ) {
    directory.onChange(() => this.show());
    this.show();
  }

  get id(): string {
    return this.session.id;
  }

  get view(): RoomView {
    return this.shown.view;
  }

  get timeline(): readonly TimelineEntry[] {
    return this.shown.view.timeline;
  }

  get members(): readonly RoomMember[] {
    return this.shown.members;
  }

  get problem(): RoomProblem | null {
    return this.shown.problem;
  }

  get head(): number {
    return this.shown.head;
  }

  /** In the order in which it was written. */
  get waiting(): readonly RoomContent[] {
    const kept = this.shown.outbox.map(({ content }) => content);
    return [
      ...this.shown.outbox.filter(({ refused }) => refused === undefined).map(({ content }) => content),
      ...this.leaving.filter((content) => !kept.includes(content)),
    ];
  }

  /** What the server refused for good, until its writer says what becomes of it. */
  get setAside(): readonly WaitingContent[] {
    return this.shown.outbox.filter(({ refused }) => refused !== undefined);
  }

  get self(): string {
    return this.members.find(({ isSelf }) => isSelf)?.account ?? '';
  }

  get isAdministrator(): boolean {
    return this.members.some(({ isSelf, isAdministrator }) => isSelf && isAdministrator);
  }

  /** Priority messages that this person has not confirmed; oldest first. */
  get unconfirmed(): readonly ShownMessage[] {
    if (this.line === 'gone') return [];
    const { self, waiting } = this;
    return this.messages().filter(
      (one) =>
        one.text !== null &&
        one.askedOf.includes(self) &&
        !one.acknowledgedBy.includes(self) &&
        !waiting.some((content) => content.kind === 'acknowledgement' && content.of === one.id),
    );
  }

  /** Messages of others since: what is still closed cannot be counted. */
  unreadSince(seq: number): readonly ShownMessage[] {
    return this.messages().filter((one) => one.seq > seq && one.author !== this.self && one.text !== null);
  }

  /** Reads what is new, sends what waits. */
  async sync(): Promise<void> {
    await this.trying(() => this.session.sync());
  }

  async write(content: RoomContent): Promise<void> {
    this.leaving = [...this.leaving, content];
    await this.trying(() => this.session.write(content));
    this.leaving = this.leaving.filter((one) => one !== content);
  }

  async tryAgain(item: WaitingContent): Promise<void> {
    await this.trying(() => this.session.tryAgain(item));
  }

  async discard(item: WaitingContent): Promise<void> {
    await this.session.discard(item);
    this.show();
  }

  /** Only with the server; throws its refusal. May be called again until it succeeds. */
  async begin(nonce: Bytes, purpose: RoomPurpose, name: string, people: readonly RoomPerson[], self: RoomPerson): Promise<void> {
    const names = Object.fromEntries([self, ...people].map((one) => [accountHex(one.id), one.name]));
    await this.session.begin({
      nonce,
      members: people.map(({ id }) => ({ account: accountOf(id), role: roleIn(purpose) })),
      contents: [{ kind: 'purpose', purpose }, { kind: 'people', names }, ...(purpose === 'direct' ? [] : [{ kind: 'name' as const, text: name }])],
    });
    this.line = 'open';
    this.show();
  }

  /** Only with the server; throws its refusal. The people's names go with them, for who may not read the directory. */
  async add(people: readonly RoomPerson[]): Promise<void> {
    const role = roleIn(this.view.purpose);
    await this.changing(
      people.map(({ id }) => ({ id, role })),
      [],
    );
    await this.write({ kind: 'people', names: Object.fromEntries(people.map(({ id, name }) => [accountHex(id), name])) });
  }

  remove(person: string): Promise<void> {
    return this.changing([], [person]);
  }

  setRole(person: string, role: Role): Promise<void> {
    return this.changing([{ id: person, role }], []);
  }

  /** Everything shown here is read, on all of this person's devices. Said again with the next entry where it cannot be said now. */
  async markRead(): Promise<void> {
    const { head } = this;
    if (head <= this.marked || this.line !== 'open') return;
    this.marked = head;
    await roomService.markRead(this.id, head).catch((error: unknown) => {
      this.marked = 0;
      if (!(error instanceof ApiError)) throw error;
    });
  }

  private messages(): readonly ShownMessage[] {
    return this.timeline.flatMap((one) => (one.kind === 'message' ? [one.message] : []));
  }

  private async changing(set: readonly { readonly id: string; readonly role: Role }[], removed: readonly string[]): Promise<void> {
    await this.directory.sync();
    try {
      await this.session.changeMembers(
        set.map(({ id, role }) => ({ account: accountOf(id), role })),
        removed.map(accountOf),
      );
    } finally {
      this.show();
    }
  }

  private async trying(work: () => Promise<unknown>): Promise<void> {
    try {
      if ((await work()) === 'waits') throw ApiError.unreachable();
      // A device that is new to the room may be new to the directory as well: it is read before anybody is warned of it.
      if (this.strangeAccounts().size > 0) await this.directory.sync();
      this.line = 'open';
      this.failure = undefined;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.isPassing) this.line = 'unreachable';
      else if (error.code === 'not-found') this.line = 'gone';
      else this.failure = error;
    } finally {
      this.show();
    }
  }

  /** Accounts in hexadecimal of who has a device here that is not, or no longer, in the directory. */
  private strangeAccounts(): ReadonlySet<string> {
    const { roster, devices } = this.session.log.state;
    const strange = [...devices.values()].filter(
      ({ account, device, isRevoked }) =>
        !isRevoked && roster.has(accountHex(personOf(account))) && this.directory.deviceOf(account, device) === null,
    );
    return new Set(strange.map(({ account }) => accountHex(personOf(account))));
  }

  private show(): void {
    const { log, waiting } = this.session;
    const strange = this.strangeAccounts();
    this.shown = {
      view: viewOf(log.items),
      members: [...log.state.roster].map(([account, { role, signingKey }]) => {
        const known = this.directory.identityOf(fromHex(account))?.identity.signingKey;
        return {
          id: personOf(fromHex(account)),
          account,
          isAdministrator: role === 'administrator',
          isSelf: equalBytes(fromHex(account), this.device.account),
          differs: known !== undefined && !equalBytes(known, signingKey),
          hasStrangeDevice: strange.has(account),
        };
      }),
      outbox: waiting,
      problem: log.problem,
      head: Number(log.head.seq),
    };
  }
}

/** In a crisis cell, and between two, everybody may add and remove: whoever began it may be the one who is missing. */
function roleIn(purpose: RoomPurpose): Role {
  return purpose === 'group' ? 'member' : 'administrator';
}

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
  const opening = RoomSession.open(surroundings(state), accountOf(id)).then((session) => new OpenRoom(session, state.device, state.directory));
  rooms.set(id, opening);
  return opening;
}

/** A room that somebody is about to begin. However often it is tried, it is one room. */
export class RoomDraft {
  private readonly nonce = crypto.getRandomValues(new Uint8Array(16));

  /** Begins it, and says in it what it is for and how its people are called. Only with the server. @returns Its id. */
  async begin(purpose: RoomPurpose, name: string, people: readonly RoomPerson[]): Promise<string> {
    const state = thisDevice();
    const self = signedIn();
    if (state.kind !== 'ready' || self === undefined) throw ApiError.unreachable();
    await state.directory.sync();
    const id = personOf(await RoomSession.idOf(surroundings(state), this.nonce));
    const room = await openOn(state, id);
    await room.begin(this.nonce, purpose, name, people, { id: self.personId, name: self.account.name });
    await rememberRooms([id]);
    return id;
  }
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

/** Why somebody cannot be added now: they have no identity yet, or another than this browser counted on. */
export function obstacleTo(person: string): 'unknown' | 'changed' | null {
  const trust = trustInPerson(person);
  return trust === 'unknown' || trust === 'changed' ? trust : null;
}

function accountHex(person: string): string {
  return person.replaceAll('-', '');
}

function surroundings(state: ReadyDevice): RoomSurroundings {
  const windows = `tocsin-${toHex(state.device.device)}`;
  return {
    device: state.device,
    directory: state.directory,
    service: roomService,
    store: state.keys.sealed,
    exclusively: async (name, work) =>
      navigator.locks === undefined ? work() : await navigator.locks.request<ReturnType<typeof work>>(`${windows}-${name}`, work),
  };
}
