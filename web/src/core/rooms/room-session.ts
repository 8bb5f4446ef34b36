import { type Bytes, fromHex, sha256, toHex, utf8 } from '../../e2ee/bytes';
import { encodeLogEntry } from '../../e2ee/identities/directory-log';
import { sealContent } from '../../e2ee/rooms/content';
import { departurePayload } from '../../e2ee/rooms/departure';
import { type EntryClass, type EntryHeader, signEntry } from '../../e2ee/rooms/entry';
import { encodeEraKeySeals, type EraKeySeals, makeEraKey, maximumSealsPerEntry, sealEraKey } from '../../e2ee/rooms/era-keys';
import type { Applicant } from '../../e2ee/rooms/guest-request';
import { type Member, type MembershipChange, type Role, roomIdOf, signMembershipChange } from '../../e2ee/rooms/membership';
import { currentEra, hasOtherKeys } from '../../e2ee/rooms/replay';
import { ApiError } from '../../transport/api-error';
import { personOf } from '../devices/account-bytes';
import type { ThisDevice } from '../devices/device-keys';
import { encodeContent, type RoomContent } from './room-content';
import type { ExportableRoom } from './room-export';
import { RoomLog, type RoomStore, type ServedEntry } from './room-log';
import type { BesideEntry, RoomService } from './room-service';
import type { SharedFile } from './shared-file';
import { reminderOf } from './tasks/task-reminder';

/** Who may be added: the directory as this device has verified it. */
export interface IdentityFinder {
  identityOf(account: Uint8Array): { readonly identity: { readonly signingKey: Bytes; readonly sealingKey: Bytes } } | undefined;
}

export interface RoomSurroundings {
  readonly device: ThisDevice;
  readonly directory: IdentityFinder;
  readonly service: RoomService;
  readonly store: RoomStore;
  /** Other windows of this browser wait until the work under the name is done. */
  exclusively<Value>(name: string, work: () => Promise<Value>): Promise<Value>;
  /** Unix milliseconds; the browser's clock where it is left out. */
  readonly now?: () => number;
  /** Of the client that runs here. */
  readonly version?: string;
}

/** Written here and not yet known to be in the room. */
export interface WaitingContent {
  /** Of nobody's but this browser's windows. */
  readonly id: string;
  readonly content: RoomContent;
  /** Id of the entry that it was last sent as: its answer may have been lost, and it be in the room. */
  readonly sentAs?: string;
  /** Code with which the server refused it for good: set aside until whoever wrote it tries again or discards it, while the rest leaves. */
  readonly refused?: string;
}

/** A room as somebody begins it. Tried again with the same nonce it is the same room, however far the try before got. */
export interface RoomBeginning {
  readonly nonce: Bytes;
  /** Without whoever begins it, who administers it. */
  readonly members: readonly NewMember[];
  /** What is written first: what the room is called, and who is who. */
  readonly contents?: readonly RoomContent[];
}

export interface NewMember {
  readonly account: Bytes;
  readonly role: Role;
}

/** Of what was written: it left, or waits for the line. */
export type Handed = 'left' | 'waits';

/** Somebody cannot be added: they have no identity yet. */
export class NoIdentityError extends Error {
  override readonly name = 'NoIdentityError';
}

/** A second try is for what changed meanwhile; what is refused again and again is not. */
const maximumTries = 4;
/** Another window of this browser was faster, or the era or the roster changed under way. */
const changedMeanwhile = new Set(['repeated', 'wrong-era', 'era-must-change', 'stale-roster', 'device-exists']);

/**
 * One room at work: reads what is new, and writes what waits, in order. What is written without a line is sealed in the browser, and signed when it leaves: under the era in
 * force then, so that nobody reads it who was removed in between. One task at a time, in all windows of this browser: they are the same device, and what waits is one for all of them. Where
 * two number an entry alike all the same the server refuses the second, which signs anew.
 */
export class RoomSession {
  private turn: Promise<unknown> = Promise.resolve();
  private outbox: readonly WaitingContent[] = [];
  /** As this window last read or wrote it. */
  private kept = '[]';

  private constructor(
    private readonly given: RoomSurroundings,
    readonly log: RoomLog,
  ) {}

  static async open(given: RoomSurroundings, room: Bytes): Promise<RoomSession> {
    const session = new RoomSession(given, await RoomLog.open(given.store, given.device, room, given.now, given.version));
    await session.readOutbox();
    return session;
  }

  /** Whose room it is and with which nonce it began is its id. */
  static idOf({ device }: RoomSurroundings, nonce: Bytes): Promise<Bytes> {
    return roomIdOf(device.account, device.identity.publicKey, nonce);
  }

  get id(): string {
    return personOf(this.log.room);
  }

  get waiting(): readonly WaitingContent[] {
    return this.outbox;
  }

  /**
   * Begins the room; only with the server. Fails where it is not known to have begun, and is then tried again as it is: what the room is called is kept before its first entry
   * leaves, so that also a room whose answer was lost gets its name.
   */
  begin({ nonce, members, contents = [] }: RoomBeginning): Promise<void> {
    const { device } = this.given;
    return this.inTurn(async () => {
      const others = await Promise.all(members.map(({ account, role }) => this.memberOf(account, role)));
      await this.keepOutbox(contents.map(newlyWaiting));
      await this.readNew().catch(ignoreMissing);
      if (this.log.head.seq === 0n) {
        const set = [await this.memberOf(device.account, 'administrator'), ...others];
        const change = { creation: { nonce, certificate: device.certificate }, era: 1, set, removed: [] };
        await this.appendChange(change, await this.log.keepMade(1, makeEraKey()));
      } else await this.changeTo(members);
      await this.sealMissing().catch(ignorePassing);
      await this.flush().catch(ignorePassing);
    });
  }

  /** Reads what is new, and sends what waits. Fails where the server cannot be reached. */
  sync(): Promise<void> {
    return this.inTurn(async () => {
      await this.readNew();
      if (this.isAdministrator) await this.beginOwedEra();
      await this.sealMissing();
      await this.flush();
    });
  }

  /** Kept at once; sent at once where there is a line, and with the next `sync` where there is none. */
  async write(content: RoomContent): Promise<Handed> {
    await this.inTurn(() => this.keepOutbox([...this.outbox, newlyWaiting(content)]));
    return this.handOver();
  }

  /** What was set aside is sent once more, in its place. */
  async tryAgain(item: WaitingContent): Promise<Handed> {
    await this.inTurn(() => this.keepOutbox(this.outbox.map((one) => (one.id === item.id ? { id: one.id, content: one.content } : one))));
    return this.handOver();
  }

  /** Of what was set aside; what is under way cannot be called back. */
  discard(item: WaitingContent): Promise<void> {
    return this.inTurn(() => this.keepOutbox(this.outbox.filter((one) => one.id !== item.id || one.refused === undefined)));
  }

  /** Adds people, or changes their role; removing somebody begins a new era. Only with the server. */
  changeMembers(set: readonly NewMember[], removed: readonly Bytes[]): Promise<void> {
    return this.inTurn(async () => {
      await this.appendMembers(set, removed);
      await this.sealMissing();
    });
  }

  /**
   * Lets a guest in; only with the server. Their key is said first, so that whoever administers the room can seal to them should this browser be lost; an era begins with them.
   * @param until When their stay is over, as ISO 8601.
   * @param contents What they are told of the room once they read.
   */
  admit({ account, signingKey, sealingKey, sealingKeyHash, name }: Applicant, until: string, contents: readonly RoomContent[]): Promise<void> {
    return this.inTurn(async () => {
      await this.readNew();
      if (this.log.guests.sealingKeyOf(toHex(account)) === undefined)
        await this.keepOutbox([...this.outbox, newlyWaiting({ kind: 'guest', account: toHex(account), name, key: toHex(sealingKey), until })]);
      await this.flush();
      await this.appendRoster([{ account, signingKey, sealingKeyHash, role: 'guest' }], []);
      await this.sealMissing();
      await this.keepOutbox([...this.outbox, ...contents.map(newlyWaiting)]);
      await this.flush().catch(ignorePassing);
    });
  }

  /** Everything that is in the room now. This device signs the archive, so it must be known to the room. */
  prepareExport(): Promise<ExportableRoom> {
    return this.inTurn(async () => {
      await this.readNew();
      await this.retrying(() => this.introduce());
      const { device, service } = this.given;
      const files = new Map<string, SharedFile>();
      for (const { what } of this.log.items) {
        if (what.kind !== 'content' || what.content.kind !== 'message' || what.content.file === undefined) continue;
        if (!files.has(what.content.file.id)) files.set(what.content.file.id, what.content.file);
      }
      return {
        id: this.id,
        room: this.log.room,
        head: this.log.head,
        keys: this.log.eraKeys,
        files: [...files.values()],
        account: device.account,
        device: device.device,
        signer: device.signer,
        service,
      };
    });
  }

  /**
   * Leaves the room, for all devices of this person; only with the server. Where nobody else administers it, `successor` does from then on.
   * What waits here to be sent does not leave any more.
   */
  leave(successor: Bytes | null): Promise<void> {
    return this.inTurn(async () => {
      await this.readNew();
      if (successor !== null) await this.appendMembers([{ account: successor, role: 'administrator' }], []);
      // Guests are here by somebody's leave: they do not stay without anybody.
      const others = [...this.log.state.roster.values()].filter(({ account }) => toHex(account) !== toHex(this.given.device.account));
      if (!this.isGuest && others.length > 0 && others.every(({ role }) => role === 'guest'))
        await this.appendRoster(
          [],
          others.map(({ account }) => account),
        );
      await this.retrying(async () => {
        await this.introduce();
        const entry = await signEntry(this.given.device.signer, this.header('departure'), departurePayload);
        await this.given.service.append(this.id, entry);
      });
      await this.keepOutbox([]);
    });
  }

  private get isAdministrator(): boolean {
    return this.ownRole === 'administrator';
  }

  private get isGuest(): boolean {
    return this.ownRole === 'guest';
  }

  private get ownRole(): Role | undefined {
    return this.log.state.roster.get(toHex(this.given.device.account))?.role;
  }

  /**
   * Keys that nobody can give any more, since the browser that began them is lost before it did: begins others, and sends what waits for them. What was written under the lost ones stays closed.
   * Only with the server; refused to whoever does not administer the room.
   */
  beginAnew(): Promise<void> {
    return this.inTurn(async () => {
      await this.readNew();
      // They have come meanwhile, or somebody was faster.
      const lost = currentEra(this.log.state);
      if (this.lacksKey) await this.beginEra(() => currentEra(this.log.state) === lost);
      await this.sealMissing();
      await this.flush();
    });
  }

  /** Somebody left, or a guest's time is over, and they know the key in force. Administrators begin the next era as they read of it, anybody else before they write. */
  private async beginOwedEra(): Promise<void> {
    if (!this.log.owesEra) return;
    await this.beginEra(() => this.log.owesEra);
    await this.sealMissing();
  }

  /** @param isWanted Asked anew before each try: another may have been faster. */
  private beginEra(isWanted: () => boolean): Promise<void> {
    return this.retrying(async () => {
      await this.introduce();
      const era = currentEra(this.log.state) + 1;
      if (isWanted()) await this.appendChange({ creation: null, era, set: [], removed: [] }, await this.log.keepMade(era, makeEraKey()));
    });
  }

  private async appendMembers(set: readonly NewMember[], removed: readonly Bytes[]): Promise<void> {
    await this.appendRoster(await Promise.all(set.map(({ account, role }) => this.memberOf(account, role))), removed);
  }

  private appendRoster(members: readonly Member[], removed: readonly Bytes[]): Promise<void> {
    return this.retrying(async () => {
      await this.introduce();
      const last = this.log.state.eras.at(-1);
      if (last === undefined) throw new RangeError('a room that has begun has an era');
      const { roster } = this.log.state;
      const isSomebodyGone = removed.length > 0 || members.some((member) => hasOtherKeys(roster.get(toHex(member.account)), member));
      const isAfterHistory = members.some(({ account, role }) => !roster.has(toHex(account)) && (role === 'guest' || this.log.beginsWithInvitation));
      const isNewEra = isSomebodyGone || isAfterHistory || this.log.owesEra;
      const era = isNewEra ? last.number + 1 : last.number;
      const commitment = isNewEra ? await this.log.keepMade(era, makeEraKey()) : last.commitment;
      await this.appendChange({ creation: null, era, set: members, removed }, commitment);
    });
  }

  /** The room began in an earlier try: its people are now these. */
  private async changeTo(members: readonly NewMember[]): Promise<void> {
    const { roster } = this.log.state;
    const wanted = new Map(members.map((member) => [toHex(member.account), member]));
    const set = [...wanted].filter(([account, { role }]) => roster.get(account)?.role !== role).map(([, member]) => member);
    const own = toHex(this.given.device.account);
    const removed = [...roster.keys()].filter((account) => account !== own && !wanted.has(account)).map(fromHex);
    if (set.length + removed.length > 0) await this.appendMembers(set, removed);
  }

  /** Pages of an older version kept what they made nothing of: once, this one reads the room from its beginning. */
  private async readAgain(): Promise<void> {
    const entries: ServedEntry[] = [];
    for (;;) {
      const page = await this.given.service.read(this.id, entries.length);
      entries.push(...page.entries);
      if (page.entries.length === 0 || entries.length >= page.headSeq) break;
    }
    await this.log.readAgain(entries);
  }

  private async readNew(): Promise<void> {
    if (this.log.asksToBeReadAgain && this.log.problem === null) await this.readAgain();
    for (;;) {
      const before = this.log.head.seq;
      const { entries, headSeq } = await this.given.service.read(this.id, Number(before));
      await this.log.take(entries);
      if (this.log.head.seq > before && Number(this.log.head.seq) < headSeq) continue;
      // Against what was known when it was asked: entries that came while it answered are not forgotten by it.
      return headSeq < Number(before) ? this.log.noteHead(headSeq) : undefined;
    }
  }

  private handOver(): Promise<Handed> {
    return this.inTurn(() => this.flush()).then(
      () => 'left',
      (error: unknown) => {
        ignorePassing(error);
        return 'waits';
      },
    );
  }

  private async flush(): Promise<void> {
    for (let at = this.nextToLeave(); at >= 0; at = this.nextToLeave()) {
      try {
        await this.send(at);
      } catch (error) {
        if (!isAboutContent(error)) throw error;
        const { id, content } = this.waitingAt(at);
        await this.replaceWaiting(at, [{ id, content, refused: error.code }]);
        continue;
      }
      await this.replaceWaiting(at, []);
    }
  }

  private nextToLeave(): number {
    return this.outbox.findIndex(({ refused }) => refused === undefined);
  }

  private async send(at: number): Promise<void> {
    const { id, content } = this.waitingAt(at);
    let { sentAs } = this.waitingAt(at);
    if (sentAs !== undefined) await this.readNew();
    await this.retrying(async () => {
      if (sentAs !== undefined && this.log.has(sentAs)) return;
      if (this.lacksKey) throw keyMissing();
      await this.introduce();
      await this.beginOwedEra();
      const header = this.header('content');
      // Signed anew each time, with the same number of this device: should an earlier try still arrive, one of the two is refused.
      const entry = await this.seal(header, content);
      sentAs = toHex(header.id);
      await this.replaceWaiting(at, [{ id, content, sentAs }]);
      const reminder = await reminderOf(this.log.room, this.log.items, sentAs, content);
      await this.append(entry, { files: filesOf(content), notify: noticeOf(content), reminder });
    });
  }

  private waitingAt(at: number): WaitingContent {
    const item = this.outbox[at];
    if (item === undefined) throw new RangeError('what waits stays in its place while it is sent');
    return item;
  }

  private replaceWaiting(at: number, by: readonly WaitingContent[]): Promise<void> {
    return this.keepOutbox([...this.outbox.slice(0, at), ...by, ...this.outbox.slice(at + 1)]);
  }

  /** A device is introduced by its first entry. */
  private async introduce(): Promise<void> {
    const { device } = this.given;
    if (this.log.state.devices.has(toHex(device.device))) return;
    await this.sign('device', encodeLogEntry({ kind: 'device-certificate', statement: device.certificate }));
  }

  /** Gives members the keys that this device has and that nobody has given them: to those added, and after somebody went to those who stay. */
  private async sealMissing(): Promise<void> {
    for (const { era, key, accounts } of this.log.unsealed()) {
      // Members who administer nothing give the key of the era that they began themselves.
      if (!this.isAdministrator && !this.log.hasBegun(era)) continue;
      const seals: EraKeySeals['seals'][number][] = [];
      for (const account of accounts.slice(0, maximumSealsPerEntry)) {
        const seal = await this.sealFor(account, era, key);
        if (seal !== null) seals.push(seal);
      }
      if (seals.length === 0) continue;
      await this.retrying(async () => {
        await this.introduce();
        await this.sign('era-keys', encodeEraKeySeals({ era, seals }));
      });
    }
  }

  /** Only to the key that an administrator named in the roster, whatever the directory has said since. */
  private async sealFor(account: string, era: number, key: Bytes): Promise<EraKeySeals['seals'][number] | null> {
    const member = this.log.state.roster.get(account);
    const sealingKey =
      member?.role === 'guest' ? this.log.guests.sealingKeyOf(account) : this.given.directory.identityOf(fromHex(account))?.identity.sealingKey;
    const expected = member?.sealingKeyHash;
    if (sealingKey === undefined || expected === undefined || toHex(await sha256(sealingKey)) !== toHex(expected)) return null;
    const sealed = await sealEraKey(this.log.room, era, fromHex(account), sealingKey, key);
    return sealed.ok ? { account: fromHex(account), sealed: sealed.value } : null;
  }

  private async memberOf(account: Bytes, role: Role): Promise<Member> {
    const identity = this.given.directory.identityOf(account)?.identity;
    if (identity === undefined) throw new NoIdentityError(personOf(account));
    return { account, role, signingKey: identity.signingKey, sealingKeyHash: await sha256(identity.sealingKey) };
  }

  /** The key of the era in force has not come yet: nobody who has it has sealed it to this person. Or one is owed, which a guest cannot begin. */
  get lacksKey(): boolean {
    const last = this.log.state.eras.at(-1);
    return last !== undefined && (this.log.keyOf(last.number) === undefined || (this.isGuest && this.log.owesEra));
  }

  /** Where the key of the era has not come yet, what waits goes on waiting. */
  private async seal(header: EntryHeader, content: RoomContent): Promise<Bytes> {
    const key = this.log.keyOf(header.era);
    if (key === undefined) throw keyMissing();
    return signEntry(this.given.device.signer, header, await sealContent(key, header, encodeContent(content)));
  }

  private async sign(entryClass: EntryClass, payload: Bytes): Promise<void> {
    await this.append(await signEntry(this.given.device.signer, this.header(entryClass), payload));
  }

  private async appendChange(change: Pick<MembershipChange, 'creation' | 'era' | 'set' | 'removed'>, eraCommitment: Bytes): Promise<void> {
    const { device } = this.given;
    const header = this.header('membership');
    const payload = await signMembershipChange(device.identity, header, { ...change, eraCommitment, administrator: device.account });
    await this.append(await signEntry(device.signer, header, payload));
  }

  private header(entryClass: EntryClass): EntryHeader {
    const { device } = this.given;
    const { seq, hash } = this.log.head;
    return {
      room: this.log.room,
      id: crypto.getRandomValues(new Uint8Array(16)),
      device: device.device,
      deviceSeq: (this.log.state.devices.get(toHex(device.device))?.lastSeq ?? 0n) + 1n,
      seenSeq: seq,
      seenHash: hash,
      class: entryClass,
      era: currentEra(this.log.state),
    };
  }

  /** The room is read back from the server, so that all have the same of it, also the time. */
  private async append(entry: Bytes, beside: BesideEntry = {}): Promise<void> {
    const { seq, chainHash } = await this.given.service.append(this.id, entry, beside);
    await this.readNew();
    await this.log.noteHead(seq, chainHash);
  }

  /** Where the room has changed under way: reads what is new, and tries on what it is now. */
  private async retrying(work: () => Promise<void>): Promise<void> {
    for (let tried = 1; ; tried++) {
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof ApiError) || !changedMeanwhile.has(error.fields['entry'] ?? '') || tried === maximumTries) throw error;
        await this.readNew();
      }
    }
  }

  private async keepOutbox(outbox: readonly WaitingContent[]): Promise<void> {
    this.outbox = outbox;
    this.kept = JSON.stringify(outbox);
    await this.given.store.write(new Map([[outboxName(this.log.room), utf8(this.kept)]]));
  }

  /** What another window wrote, or sent, since; what is known here stays the same object. */
  private async readOutbox(): Promise<void> {
    const bytes = await this.given.store.read(outboxName(this.log.room));
    const kept = bytes === null ? '[]' : new TextDecoder().decode(bytes);
    if (kept === this.kept) return;
    this.kept = kept;
    const known = new Map(this.outbox.map(({ id, content }) => [id, content]));
    this.outbox = (JSON.parse(kept) as WaitingContent[]).map((one) => ({ ...one, content: known.get(one.id) ?? one.content }));
  }

  private inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
    const alone = (): Promise<Value> =>
      this.given.exclusively(`room-${this.id}`, async () => {
        await this.readOutbox();
        return work();
      });
    const next = this.turn.then(alone, alone);
    this.turn = next.catch(() => undefined);
    return next;
  }
}

/** What the server must keep as long as the entry, as UUIDs. */
function filesOf(content: RoomContent): readonly string[] {
  return content.kind === 'message' && content.file !== undefined ? [personOf(fromHex(content.file.id))] : [];
}

/** Only what is there to be read is worth a sound on a closed device; no edit, confirmation or change of the room is. */
function noticeOf(content: RoomContent): BesideEntry['notify'] {
  if (content.kind === 'inject') return 'message';
  if (content.kind !== 'message') return undefined;
  return content.priority === true ? 'priority' : 'message';
}

function newlyWaiting(content: RoomContent): WaitingContent {
  return { id: crypto.randomUUID(), content };
}

function outboxName(room: Bytes): string {
  return `room/${toHex(room)}/outbox`;
}

/** What is wrong with the line, the session or the membership is no fault of what was written: it goes on waiting. */
function isAboutContent(error: unknown): error is ApiError {
  return error instanceof ApiError && !error.isPassing && error.status >= 400 && error.status < 500 && ![401, 403, 404].includes(error.status);
}

/** A room that has not begun yet cannot be read. */
function ignoreMissing(error: unknown): void {
  if (!(error instanceof ApiError) || error.code !== 'not-found') throw error;
}

/** As a line that is not there: it passes. */
function keyMissing(): ApiError {
  return new ApiError('room-key-missing', 0, 'The key of this room has not come yet.');
}

/** What waits leaves when the line is back. */
function ignorePassing(error: unknown): void {
  if (!(error instanceof ApiError) || !error.isPassing) throw error;
}
