/**
 * Rooms as pages use them: people by their ids, nothing of keys or bytes. Import it from pages that arrive when they are opened, and not from the first: it brings the cryptography
 * with it.
 */
import { type Bytes, toHex } from '../../e2ee/bytes';
import { formatGuestLink, guestLinkId, makeGuestLink } from '../../e2ee/rooms/guest-link';
import type { Role } from '../../e2ee/rooms/membership';
import { ApiError } from '../../transport/api-error';
import { accountHex, accountOf, personOf } from '../devices/account-bytes';
import type { ThisDevice } from '../devices/device-keys';
import { nowMilliseconds } from '../now.svelte';
import { presentIn } from './calls/call-view';
import type { GroupComparison } from './group-service';
import { type GuestOverview, type InvitedApplicant, knownGuestLinks, overviewOf } from './guests/guest-overview';
import { beginningOf, roleIn, type RoomPerson, type RoomPlan } from './room-beginning';
import type { RoomContent } from './room-content';
import type { ExportableRoom } from './room-export';
import { memberLines, type RoomDirectory, type RoomLines } from './room-lines';
import type { RoomProblem } from './room-log';
import { type FormerGuest, formerGuestsOf, membersOf, type RoomMember, strangeAccounts } from './room-members';
import { RoomPresence } from './room-presence.svelte';
import type { RoomSession, WaitingContent } from './room-session';
import type { FollowedGroup, ShownMessage } from './room-view';
import { ViewedRoom, viewsOf } from './room-views.svelte';
import { signalChoice } from './signal-choice.svelte';

/** `gone`: the server says that there is no such room, for whoever asks. `keyless`: there is a line, and the room's key has not come to this device yet. */
export type RoomLine = 'opening' | 'open' | 'keyless' | 'unreachable' | 'gone';

/** Beside what its entries amount to. */
interface Shown {
  readonly members: readonly RoomMember[];
  readonly outbox: readonly WaitingContent[];
  readonly problem: RoomProblem | null;
  readonly head: number;
}

const empty: Shown = { members: [], outbox: [], problem: null, head: 0 };

/** One room, open in this browser; pages that show it share it. */
export class OpenRoom extends ViewedRoom {
  line = $state<RoomLine>('opening');
  /** Who types, and who has read. */
  readonly presence: RoomPresence;
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
    private readonly directory: RoomDirectory,
    readonly lines: RoomLines = memberLines,
  ) {
    super();
    this.presence = new RoomPresence(session.log, device, directory, lines.signals, signalChoice);
    directory.onChange(() => this.show());
    this.show();
  }

  override get id(): string {
    return this.session.id;
  }

  /** Who is told to be in a call now: see `keyOfVisit`. @param call In hexadecimal. */
  presentIn(call: string): ReadonlySet<string> {
    return presentIn(this.session.log.items, call);
  }

  /** Who is in it. A guest whose time is over is not, though they are in the roster until somebody takes them out. */
  get members(): readonly RoomMember[] {
    const { members } = this.shown;
    return members.some(({ isGuest }) => isGuest) ? members.filter((one) => one.isSelf || !this.isStayOver(one.account)) : members;
  }

  /** Who was here as a guest, whose stay ended last first. */
  get formerGuests(): readonly FormerGuest[] {
    return formerGuestsOf(this.view.stays, (account) => this.isStayOver(account));
  }

  /** Shown anew as time passes. */
  private isStayOver(account: string): boolean {
    nowMilliseconds();
    return this.session.log.isStayOver(account);
  }

  get problem(): RoomProblem | null {
    return this.shown.problem;
  }

  /** SHA-256 of its chain as far as this browser has it, in hexadecimal: an archive that ends there has the same. */
  get headHash(): string {
    return this.shown.head === 0 ? '' : toHex(this.session.log.head.hash);
  }

  get head(): number {
    return this.shown.head;
  }

  /** Somebody of it is at this browser, and it has begun. */
  get mayBeWrittenIn(): boolean {
    return this.line !== 'gone' && this.head > 0;
  }

  /** What is written waits: for the line, or for the room's key. */
  get isHeldUp(): boolean {
    return this.line === 'unreachable' || this.line === 'keyless';
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

  /** This person is a guest here. */
  get isGuest(): boolean {
    return this.members.some(({ isSelf, isGuest }) => isSelf && isGuest);
  }

  get guests(): readonly RoomMember[] {
    return this.members.filter(({ isGuest }) => isGuest);
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

  /** Where the room's key does not come, since whoever began it has lost their browser: begins another. For who administers the room. */
  async beginKeysAnew(): Promise<void> {
    await this.directory.sync().catch(ignoreFailure);
    await this.trying(() => this.session.beginAnew());
  }

  async tryAgain(item: WaitingContent): Promise<void> {
    await this.trying(() => this.session.tryAgain(item));
  }

  async discard(item: WaitingContent): Promise<void> {
    await this.session.discard(item);
    this.show();
  }

  /** Only with the server; throws its refusal. May be called again until it succeeds. @param first What is written once it is known what the room is. */
  async begin(nonce: Bytes, plan: RoomPlan, people: readonly RoomPerson[], self: RoomPerson, first: readonly RoomContent[] = []): Promise<void> {
    await this.session.begin(beginningOf(nonce, plan, people, self, first));
    this.line = 'open';
    this.show();
  }

  /** Whether it has begun, in this browser or in another of this person's; what an earlier try left to be said is said. Only with the server; throws its refusal. */
  async hasBegun(): Promise<boolean> {
    try {
      await this.session.sync();
      this.line = 'open';
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'not-found') throw error;
    } finally {
      this.show();
    }
    return this.head > 0;
  }

  /** Only with the server; throws its refusal. The people's names go with them, for who may not read the directory. */
  async add(people: readonly RoomPerson[]): Promise<void> {
    const role = roleIn(this.view.purpose);
    await this.changing(
      people.map(({ id }) => ({ id, role })),
      [],
    );
    const { history, purpose, name, names, group } = this.view;
    const added = Object.fromEntries(people.map(({ id, name: called }) => [accountHex(id), called]));
    if (history === 'beginning') return this.write({ kind: 'people', names: added });
    // What the room is stands in eras that they are not given: it is said again in theirs.
    const present = this.members.flatMap(({ account }) => (names.has(account) ? [[account, names.get(account) ?? '']] : []));
    await this.write({ kind: 'history', from: history });
    await this.write({ kind: 'purpose', purpose });
    if (name !== null) await this.write({ kind: 'name', text: name });
    if (group !== null) await this.write(saidOf(group));
    await this.write({ kind: 'people', names: { ...Object.fromEntries(present), ...added } });
    // Whoever administers the room from here on seals to its guests, too.
    for (const content of this.saidOfGuests()) await this.write(content);
  }

  /** Only with the server; throws its refusal. The room is told first, so that whoever administers it can read who asks. @returns For the fragment of an address. */
  async makeGuestLink(until: Date, guests: number): Promise<string> {
    const link = makeGuestLink(this.session.log.room);
    await this.write({ kind: 'guest-link', secret: toHex(link.secret), until: until.toISOString(), guests });
    if (this.line !== 'open') throw this.failure ?? ApiError.unreachable();
    await this.lines.guests.createLink(this.id, personOf(await guestLinkId(link)), until.toISOString(), guests);
    return formatGuestLink(link);
  }

  /** Links and who asks by them, as the server lists it; who they are, their sealed requests say. For administrators; throws the server's refusal. */
  async listGuests(): Promise<GuestOverview> {
    const listed = await this.lines.guests.list(this.id);
    const { log } = this.session;
    const known = await knownGuestLinks(log);
    // Made elsewhere a moment ago: the room says so already.
    const isNew = listed.links.some(({ id }) => !known.has(id));
    if (isNew) await this.sync();
    return overviewOf(listed, isNew ? await knownGuestLinks(log) : known, log.state.goneGuests);
  }

  /** Only with the server; throws its refusal. A new era begins; what the room is and who is in it is said again in it, since the guest reads nothing of before. */
  async admit(applicant: InvitedApplicant): Promise<void> {
    const { purpose, name, names, history } = this.view;
    const { until } = applicant;
    const present = this.members.flatMap(({ account, isGuest }) => {
      const called = names.get(account);
      return called === undefined || isGuest ? [] : [[account, called] as const];
    });
    try {
      await this.session.admit(applicant, until, [
        { kind: 'history', from: history },
        { kind: 'purpose', purpose },
        ...(name === null ? [] : [{ kind: 'name' as const, text: name }]),
        { kind: 'people', names: Object.fromEntries(present) },
        { kind: 'guest', account: toHex(applicant.account), name: applicant.name, key: toHex(applicant.sealingKey), until },
        ...this.saidOfGuests().filter((content) => content.kind !== 'guest' || content.account !== toHex(applicant.account)),
      ]);
    } finally {
      this.show();
    }
  }

  /** All in the roster, also whose time is over: whoever reads from now on is told that it is. */
  private saidOfGuests(): readonly RoomContent[] {
    const { state, guests } = this.session.log;
    return [...state.roster].flatMap(([account, { role }]) => (role === 'guest' ? (guests.saidOf(account) ?? []) : []));
  }

  remove(...people: readonly string[]): Promise<void> {
    return this.changing([], people);
  }

  /** Of the directory; null closes it. The room says so first: its administrators' browsers follow what the room says, and the server only shows it to people of the group. */
  async openTo(group: RoomPerson | null): Promise<void> {
    const keeps = this.members.filter(({ isSelf, isGuest }) => !isSelf && !isGuest).map(({ account }) => account);
    await this.write({
      kind: 'group',
      group: group === null ? null : accountHex(group.id),
      name: group?.name ?? '',
      keeps: group === null ? [] : keeps,
    });
    await this.lines.groups.open(this.id, group?.id ?? null);
  }

  /** The group that the room is open to beside its members, by the server's word; with the identities of whom it names. For administrators. */
  async compareWithGroup(): Promise<GroupComparison> {
    const compared = await this.lines.groups.compare(this.id);
    if (compared.outside.length > 0) await this.directory.sync();
    return compared;
  }

  /** These stay in the room whatever the group says that it is open to. */
  async keep(accounts: readonly string[]): Promise<void> {
    const { group } = this.view;
    const present = this.members.map(({ account }) => account);
    if (group !== null)
      await this.write(saidOf({ ...group, keeps: [...new Set([...group.keeps, ...accounts])].filter((one) => present.includes(one)) }));
  }

  setRole(person: string, role: Role): Promise<void> {
    return this.changing([{ id: person, role }], []);
  }

  async rename(name: string): Promise<void> {
    await this.write({ kind: 'name', text: name });
  }

  /** Those of whom one must administer the room once this person has left; empty where another does, or nobody is left. */
  get successors(): readonly RoomMember[] {
    const others = this.members.filter(({ isSelf, isGuest }) => !isSelf && !isGuest);
    return this.isGuest || others.some(({ isAdministrator }) => isAdministrator) ? [] : others;
  }

  /** Only with the server; throws its refusal. What was received stays in this browser until it is erased. */
  async leave(successor: string | null): Promise<void> {
    await this.directory.sync();
    await this.session.leave(successor === null ? null : accountOf(successor));
    this.line = 'gone';
    this.show();
  }

  /** Everything shown here is read, on all of this person's devices. Said again with the next entry where it cannot be said now. */
  async markRead(): Promise<void> {
    const { head } = this;
    if (head <= this.marked || this.line !== 'open') return;
    this.marked = head;
    this.presence.tellRead();
    await this.lines.rooms.markRead(this.id, head).catch((error: unknown) => {
      this.marked = 0;
      if (!(error instanceof ApiError)) throw error;
    });
  }

  /** What an archive of the room is made of; only with the server. */
  async prepareExport(): Promise<ExportableRoom> {
    try {
      return await this.session.prepareExport();
    } finally {
      this.show();
    }
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
      if ((await work()) === 'waits' && !this.session.lacksKey) throw ApiError.unreachable();
      // A device that is new to the room may be new to the directory as well: it is read before anybody is warned of it.
      if (strangeAccounts(this.session.log.state, this.directory).size > 0) await this.directory.sync();
      this.line = this.session.lacksKey ? 'keyless' : 'open';
      this.failure = undefined;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.isPassing) this.line = error.code === 'room-key-missing' ? 'keyless' : 'unreachable';
      else if (error.code === 'not-found') this.line = 'gone';
      else this.failure = error;
    } finally {
      this.show();
    }
  }

  private show(): void {
    const { log, waiting } = this.session;
    this.views = viewsOf(log.items);
    this.shown = {
      members: membersOf(log.state, this.directory, this.device.account),
      outbox: waiting,
      problem: log.problem,
      head: Number(log.head.seq),
    };
  }
}

function saidOf({ id, name, keeps }: FollowedGroup): RoomContent {
  return { kind: 'group', group: id, name, keeps };
}

/** The room itself says so where the server does not answer. */
function ignoreFailure(error: unknown): void {
  if (!(error instanceof ApiError)) throw error;
}
