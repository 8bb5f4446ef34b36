import { type Bytes, concatenate, equalBytes, fromHex, toHex, utf8 } from '../../e2ee/bytes';
import { openContent } from '../../e2ee/rooms/content';
import { type ChainHead, parseEntry, type RoomEntry } from '../../e2ee/rooms/entry';
import { eraCommitment, openEraKey, type SealOpener } from '../../e2ee/rooms/era-keys';
import type { Role } from '../../e2ee/rooms/membership';
import { type AcceptedEntry, currentEra, emptyRoom, hasOtherKeys, owesEra, replay, replayRefusals, type RoomState } from '../../e2ee/rooms/replay';
import { fromBase64, toBase64 } from '../devices/account-bytes';
import { GuestBook, isForGuests } from './guests/guest-book';
import { parseContent, type RoomContent } from './room-content';
import { RoomHistory } from './room-history';

/** One entry as a page shows it. Accounts, devices and entries are in hexadecimal. */
export interface RoomItem {
  readonly seq: number;
  /** As the server's clock had it: no part of what was signed. */
  readonly at: string;
  readonly what: ItemKind;
  readonly id?: string;
  readonly author?: string;
  readonly device?: string;
  /** Its author was an administrator when it was accepted. */
  readonly byAdministrator?: true;
  /** Its author was a guest. */
  readonly byGuest?: true;
  /** Entries of this device that the server left out just before this one. */
  readonly missing?: number;
}

/** Why an entry does not count. `guest-stay-over`: written when the stay of its author was over by the server's clock. */
export const itemRefusals = [...replayRefusals, 'guest-stay-over'] as const;

export type ItemRefusal = (typeof itemRefusals)[number];

export type ItemKind =
  | { readonly kind: 'content'; readonly content: RoomContent }
  /** Of an era whose key this device has not been given yet; the entry is kept for when it comes. */
  | { readonly kind: 'closed'; readonly entry: string }
  /** Opened, and of a kind that this version does not know; or the seal is wrong. */
  | { readonly kind: 'unreadable' }
  | { readonly kind: 'members'; readonly set: readonly { readonly account: string; readonly role: Role }[]; readonly removed: readonly string[] }
  | { readonly kind: 'device-added' | 'device-revoked'; readonly subject: string }
  | { readonly kind: 'era-keys' }
  /** Its author left the room. */
  | { readonly kind: 'departure' }
  | { readonly kind: 'refused'; readonly code: ItemRefusal };

/** What an honest server cannot have done; it stays, and is shown. */
export type RoomProblem = 'gap' | 'forked' | 'shortened';

export interface ServedEntry {
  readonly seq: number;
  readonly at: string;
  readonly entry: Bytes;
}

/** Where a room is kept in the browser: sealed, under a key that no script can read. */
export interface RoomStore {
  read(name: string): Promise<Bytes | null>;
  /** All or none. */
  write(values: ReadonlyMap<string, Uint8Array>): Promise<void>;
}

/** Of the device, what a room needs to open keys of eras. */
export interface KeyOpener {
  readonly account: Bytes;
  readonly openSealed: SealOpener;
}

/** So many entries are sealed and written together: the last page is written anew with each entry, the others never. */
const pageLength = 250;

/**
 * One room as this device has verified it, entry by entry, and kept it. Opening it again reads what was kept: nothing is verified twice.
 * One task at a time changes it: see `Rooms`.
 */
export class RoomLog {
  private history = new RoomHistory();
  private book = new GuestBook();

  private constructor(
    private readonly store: RoomStore,
    private readonly opener: KeyOpener,
    readonly room: Bytes,
    private current: RoomState,
    private kept: RoomItem[],
    private keys: Map<number, Bytes>,
    /** Keys that this device made for eras that have not begun yet, by commitment. */
    private made: Map<string, Bytes>,
    private sealed: Map<number, Set<string>>,
    private found: RoomProblem | null,
    private readonly clock: () => number,
    private readonly version: string,
    /** By whose rules the entries were judged, as far as it matters. */
    private judgedBy: string,
  ) {
    for (const item of kept) this.note(item);
  }

  /**
   * @param clock Unix milliseconds of this browser.
   * @param version Of the client: another one may judge by other rules.
   */
  static async open(store: RoomStore, opener: KeyOpener, room: Bytes, clock = (): number => Date.now(), version = ''): Promise<RoomLog> {
    const bytes = await store.read(stateName(room));
    const snapshot = bytes === null ? null : (JSON.parse(new TextDecoder().decode(bytes)) as Snapshot);
    const pages = snapshot === null ? [] : await readPages(store, room, snapshot.head);
    // A page that is lost is no loss: the server has the entries, and they are verified anew.
    if (snapshot === null || pages === null) {
      return new RoomLog(store, opener, room, await emptyRoom(room), [], new Map(), new Map(), new Map(), null, clock, version, version);
    }
    const { heads } = await emptyRoom(room);
    const state: RoomState = {
      room,
      heads: pages.flatMap(({ hashes }) => splitHashes(hashes)).reduce((list, hash) => list.append(hash), heads),
      roster: new Map(
        snapshot.roster.map(([account, signingKey, sealingKeyHash, role]) => [
          account,
          { account: fromHex(account), signingKey: fromHex(signingKey), sealingKeyHash: fromHex(sealingKeyHash), role },
        ]),
      ),
      goneGuests: new Set(snapshot.goneGuests ?? []),
      devices: new Map(
        snapshot.devices.map(([device, account, key, identityKey, lastSeq, isRevoked]) => [
          device,
          {
            device: fromHex(device),
            account: fromHex(account),
            key: fromHex(key),
            identityKey: fromHex(identityKey),
            lastSeq: BigInt(lastSeq),
            isRevoked,
          },
        ]),
      ),
      eras: snapshot.eras.map(([number, startSeq, commitment, leftSeq]) => ({
        number,
        startSeq: BigInt(startSeq),
        commitment: fromHex(commitment),
        leftSeq: leftSeq === undefined ? null : BigInt(leftSeq),
      })),
      rosterSeq: BigInt(snapshot.rosterSeq),
    };
    return new RoomLog(
      store,
      opener,
      room,
      state,
      pages.flatMap(({ items }) => items),
      new Map(snapshot.keys.map(([era, key]) => [era, fromHex(key)])),
      new Map(snapshot.made.map(([commitment, key]) => [commitment, fromHex(key)])),
      new Map(snapshot.sealed.map(([era, accounts]) => [era, new Set(accounts)])),
      snapshot.problem,
      clock,
      version,
      snapshot.judgedBy ?? '',
    );
  }

  /** Another version of the client made nothing of some of the entries: this one may know better. */
  get asksToBeReadAgain(): boolean {
    return this.judgedBy !== this.version && this.kept.some(({ what }) => what.kind === 'refused' || what.kind === 'unreadable');
  }

  /**
   * Judges everything anew, by the rules of this version. What was read before is held against it: a server that shows another chain now tells two stories, and what was read stays.
   * @param entries All of them, from the first.
   */
  async readAgain(entries: readonly ServedEntry[]): Promise<void> {
    const { store, opener, room, clock, version } = this;
    const made = new Map(this.made);
    for (const [era, key] of this.keys) made.set(toHex(await eraCommitment(room, era, key)), key);
    const aside: RoomStore = { read: (name) => store.read(name), write: () => Promise.resolve() };
    const fresh = new RoomLog(aside, opener, room, await emptyRoom(room), [], new Map(), made, new Map(), null, clock, version, version);
    await fresh.take(entries);
    const same = fresh.current.heads.at(this.head.seq);
    if (same === undefined || !equalBytes(same, this.head.hash)) {
      this.found ??= same === undefined ? 'shortened' : 'forked';
      await this.write(this.kept.length);
      return;
    }
    ({ current: this.current, kept: this.kept, keys: this.keys, made: this.made, sealed: this.sealed } = fresh);
    ({ history: this.history, book: this.book, judgedBy: this.judgedBy } = fresh);
    this.found ??= fresh.found;
    await this.write(0);
  }

  get guests(): GuestBook {
    return this.book;
  }

  get state(): RoomState {
    return this.current;
  }

  get head(): ChainHead {
    return this.current.heads.head;
  }

  get items(): readonly RoomItem[] {
    return this.kept;
  }

  get problem(): RoomProblem | null {
    return this.found;
  }

  /** Whether this entry is in the room. Looked for from the end: who asks has just written it. */
  has(id: string): boolean {
    return this.kept.findLastIndex((item) => item.id === id) >= 0;
  }

  keyOf(era: number): Bytes | undefined {
    return this.keys.get(era);
  }

  /** Of all eras that this device can read. */
  get eraKeys(): ReadonlyMap<number, Bytes> {
    return this.keys;
  }

  /** Unix milliseconds. Whatever this browser's clock has: the room is as late as the server's was when it took the last entry. */
  get now(): number {
    const last = this.kept.at(-1);
    return last === undefined ? this.clock() : Math.max(this.clock(), Date.parse(last.at));
  }

  /** In the roster as a guest, whose time is over: nobody has taken them out yet. */
  isStayOver(account: string): boolean {
    return this.current.roster.get(account)?.role === 'guest' && this.guests.endOf(account) <= this.now;
  }

  /** Somebody has the key in force who is to read nothing more: who left, or a guest whose time is over. Nothing is written under it any more. */
  get owesEra(): boolean {
    const given = this.sealed.get(currentEra(this.current));
    return owesEra(this.current) || [...this.current.roster.keys()].some((account) => given?.has(account) && this.isStayOver(account));
  }

  /** Whoever is added now reads nothing of what was said before: an era begins with them. */
  get beginsWithInvitation(): boolean {
    return this.history.from === 'invitation';
  }

  /** Eras whose key this device has, each with the members whom the room's history gives it and that nobody has sealed it to. */
  unsealed(): readonly { readonly era: number; readonly key: Bytes; readonly accounts: readonly string[] }[] {
    const { eras, roster } = this.current;
    return eras.flatMap(({ number }, at) => {
      const endSeq = eras[at + 1]?.startSeq;
      const accounts = [...roster.keys()].filter(
        (account) => !this.sealed.get(number)?.has(account) && this.history.isGiven(account, endSeq) && !this.isStayOver(account),
      );
      const key = this.keys.get(number);
      return key !== undefined && accounts.length > 0 ? [{ era: number, key, accounts }] : [];
    });
  }

  /** Whether this account began the era: it may be the only one that has its key. */
  hasBegun(era: number): boolean {
    const began = this.current.eras.find(({ number }) => number === era)?.startSeq;
    return began !== undefined && this.kept[Number(began) - 1]?.author === toHex(this.opener.account);
  }

  /** Before the entry that begins the era is sent: a key that is lost would close the room to everybody. */
  async keepMade(era: number, key: Bytes): Promise<Bytes> {
    const commitment = await eraCommitment(this.room, era, key);
    this.made.set(toHex(commitment), key);
    await this.write(this.kept.length);
    return commitment;
  }

  /** Entries that follow the head, as the server shows them. */
  async take(entries: readonly ServedEntry[]): Promise<void> {
    const before = this.kept.length;
    let reopen = false;
    for (const served of entries) {
      const { state, outcome } = await replay(this.current, BigInt(served.seq), served.entry);
      if (outcome.kind === 'gap') {
        this.found ??= 'gap';
        break;
      }
      const { roster } = this.current;
      this.current = state;
      const base = { seq: served.seq, at: served.at };
      if (outcome.kind === 'refused') {
        if (outcome.code === 'fork') this.found ??= 'forked';
        this.kept.push({ ...base, what: { kind: 'refused', code: outcome.code } });
        continue;
      }
      const { accepted } = outcome;
      this.forgetSeals(accepted, roster);
      reopen = (await this.learnKeys(accepted)) || reopen;
      const item = this.asGuestsMay({ ...base, ...authorship(accepted, roster, state), what: await this.show(accepted, served.entry) });
      this.kept.push(item);
      this.note(item);
    }
    const opened = reopen ? await this.openClosed() : before;
    const from = Math.min(opened, this.refuseAfterStays());
    if (this.kept.length > before || reopen || this.found !== null) await this.write(Math.min(before, from));
  }

  /** The server says that the room ends before what it has shown, or with another hash. */
  async noteHead(seq: number, hash?: Bytes): Promise<void> {
    const own = this.current.heads.at(BigInt(seq));
    const problem =
      seq < Number(this.head.seq) && hash === undefined
        ? 'shortened'
        : hash !== undefined && own !== undefined && !equalBytes(own, hash)
          ? 'forked'
          : null;
    if (problem === null || this.found !== null) return;
    this.found = problem;
    await this.write(this.kept.length);
  }

  private async show(accepted: AcceptedEntry, entry: Bytes): Promise<ItemKind> {
    switch (accepted.kind) {
      case 'content':
        return this.openItem(accepted.entry, entry);
      case 'membership':
        return {
          kind: 'members',
          set: accepted.change.set.map(({ account, role }) => ({ account: toHex(account), role })),
          removed: accepted.change.removed.map(toHex),
        };
      case 'device-added':
      case 'device-revoked':
        return { kind: accepted.kind, subject: toHex(accepted.device) };
      case 'era-keys':
      case 'departure':
        return { kind: accepted.kind };
    }
  }

  private async openItem(entry: RoomEntry, bytes: Bytes): Promise<ItemKind> {
    const key = this.keys.get(entry.header.era);
    if (key === undefined) return { kind: 'closed', entry: toBase64(bytes) };
    const opened = await openContent(key, entry.header, entry.payload);
    const content = opened.ok ? parseContent(opened.value) : null;
    return content === null ? { kind: 'unreadable' } : { kind: 'content', content };
  }

  /** What was sealed to who went, or to an identity that was replaced, is sealed anew should they come back. */
  private forgetSeals(accepted: AcceptedEntry, before: RoomState['roster']): void {
    const went = new Set(accepted.kind === 'departure' ? [toHex(accepted.author)] : []);
    if (accepted.kind === 'membership') {
      for (const account of accepted.change.removed) went.add(toHex(account));
      for (const member of accepted.change.set) {
        const known = before.get(toHex(member.account));
        if (known !== undefined && hasOtherKeys(known, member)) went.add(toHex(member.account));
      }
    }
    for (const accounts of this.sealed.values()) for (const account of went) accounts.delete(account);
  }

  /** @returns Whether there is a key that there was not before. */
  private async learnKeys(accepted: AcceptedEntry): Promise<boolean> {
    if (accepted.kind === 'membership') {
      const { era, eraCommitment: commitment } = accepted.change;
      const key = this.made.get(toHex(commitment));
      if (key !== undefined) this.keys.set(era, key);
      this.made.delete(toHex(commitment));
      return false;
    }
    if (accepted.kind !== 'era-keys') return false;
    const { era, seals } = accepted.seals;
    const known = this.sealed.get(era) ?? new Set();
    for (const { account } of seals) known.add(toHex(account));
    this.sealed.set(era, known);
    const own = seals.find(({ account }) => equalBytes(account, this.opener.account));
    const commitment = this.current.eras.find(({ number }) => number === era)?.commitment;
    if (own === undefined || commitment === undefined || this.keys.has(era)) return false;
    const opened = await openEraKey(this.room, era, own.account, this.opener.openSealed, own.sealed, commitment);
    if (opened.ok) this.keys.set(era, opened.value);
    return opened.ok;
  }

  /** @returns The first item that was opened. */
  private async openClosed(): Promise<number> {
    let first = this.kept.length;
    for (const [at, item] of this.kept.entries()) {
      if (item.what.kind !== 'closed') continue;
      const bytes = fromBase64(item.what.entry) ?? new Uint8Array();
      const parsed = parseEntry(bytes);
      if (!parsed.ok || !this.keys.has(parsed.value.header.era)) continue;
      const opened = this.asGuestsMay({ ...item, what: await this.openItem(parsed.value, bytes) });
      this.kept[at] = opened;
      this.note(opened);
      first = Math.min(first, at);
    }
    return first;
  }

  /** Until when a guest stays may be read after what they wrote. @returns The first item that does not count any more. */
  private refuseAfterStays(): number {
    let first = this.kept.length;
    if (!this.guests.takeNewEnds()) return first;
    for (const [at, item] of this.kept.entries()) {
      const refused = this.asGuestsMay(item);
      if (refused === item) continue;
      this.kept[at] = refused;
      first = Math.min(first, at);
    }
    return first;
  }

  /** What guests have no say in, and what they wrote when their stay was over by the server's clock, is refused by every client alike: the server cannot read what it is. */
  private asGuestsMay(item: RoomItem): RoomItem {
    const { what, byGuest, author, at } = item;
    if (!byGuest || what.kind !== 'content' || author === undefined) return item;
    if (Date.parse(at) >= this.guests.endOf(author)) return { ...item, what: { kind: 'refused', code: 'guest-stay-over' } };
    return isForGuests(what.content) ? item : { ...item, what: { kind: 'refused', code: 'guest-not-allowed' } };
  }

  private note(item: RoomItem): void {
    this.history.note(item);
    this.guests.note(item);
  }

  private async write(from: number): Promise<void> {
    const values = new Map<string, Uint8Array>();
    for (let page = Math.floor(from / pageLength); page * pageLength < this.kept.length; page++) {
      const items = this.kept.slice(page * pageLength, (page + 1) * pageLength);
      const hashes = items.map(({ seq }) => this.current.heads.at(BigInt(seq)) ?? new Uint8Array());
      values.set(pageName(this.room, page), utf8(JSON.stringify({ items, hashes: toBase64(concatenate(...hashes)) } satisfies Page)));
    }
    values.set(stateName(this.room), utf8(JSON.stringify(this.snapshot())));
    await this.store.write(values);
  }

  private snapshot(): Snapshot {
    const { roster, goneGuests, devices, eras, rosterSeq } = this.current;
    return {
      head: this.kept.length,
      roster: [...roster].map(([account, { signingKey, sealingKeyHash, role }]) => [account, toHex(signingKey), toHex(sealingKeyHash), role]),
      goneGuests: [...goneGuests],
      devices: [...devices].map(([device, { account, key, identityKey, lastSeq, isRevoked }]) => [
        device,
        toHex(account),
        toHex(key),
        toHex(identityKey),
        lastSeq.toString(),
        isRevoked,
      ]),
      eras: eras.map(({ number, startSeq, commitment, leftSeq }) =>
        leftSeq === null ? [number, startSeq.toString(), toHex(commitment)] : [number, startSeq.toString(), toHex(commitment), leftSeq.toString()],
      ),
      rosterSeq: rosterSeq.toString(),
      keys: [...this.keys].map(([era, key]) => [era, toHex(key)]),
      made: [...this.made].map(([commitment, key]) => [commitment, toHex(key)]),
      sealed: [...this.sealed].map(([era, accounts]) => [era, [...accounts]]),
      problem: this.found,
      judgedBy: this.asksToBeReadAgain ? this.judgedBy : this.version,
    };
  }
}

interface Snapshot {
  readonly head: number;
  readonly roster: readonly (readonly [account: string, signingKey: string, sealingKeyHash: string, role: Role])[];
  /** Not in what was kept before rooms had guests. */
  readonly goneGuests?: readonly string[];
  readonly devices: readonly (readonly [device: string, account: string, key: string, identityKey: string, lastSeq: string, isRevoked: boolean])[];
  readonly eras: readonly (readonly [number: number, startSeq: string, commitment: string, leftSeq?: string])[];
  readonly rosterSeq: string;
  readonly keys: readonly (readonly [era: number, key: string])[];
  readonly made: readonly (readonly [commitment: string, key: string])[];
  readonly sealed: readonly (readonly [era: number, accounts: readonly string[]])[];
  readonly problem: RoomProblem | null;
  /** Not in what was kept before versions were told apart. */
  readonly judgedBy?: string;
}

interface Page {
  readonly items: readonly RoomItem[];
  /** Of the chain after each, one after the other. */
  readonly hashes: string;
}

/** @param before Whoever leaves is in the room no more once it is accepted. */
function authorship({ entry, author, missing }: AcceptedEntry, before: RoomState['roster'], { roster }: RoomState): Partial<RoomItem> {
  const { id, device } = entry.header;
  return {
    id: toHex(id),
    author: toHex(author),
    device: toHex(device),
    ...(roster.get(toHex(author))?.role === 'administrator' ? { byAdministrator: true } : {}),
    ...(before.get(toHex(author))?.role === 'guest' ? { byGuest: true } : {}),
    ...(missing > 0n ? { missing: Number(missing) } : {}),
  };
}

/** @returns Null where the pages are not those of the snapshot. */
async function readPages(store: RoomStore, room: Bytes, head: number): Promise<readonly Page[] | null> {
  const names = Array.from({ length: Math.ceil(head / pageLength) }, (_, page) => pageName(room, page));
  const pages = await Promise.all(
    names.map(async (name) => {
      const bytes = await store.read(name);
      return bytes === null ? null : (JSON.parse(new TextDecoder().decode(bytes)) as Page);
    }),
  );
  const whole = pages.filter((page) => page !== null);
  return whole.reduce((sum, { items }) => sum + items.length, 0) === head ? whole : null;
}

function splitHashes(text: string): Bytes[] {
  const bytes = fromBase64(text) ?? new Uint8Array();
  return Array.from({ length: bytes.length / 32 }, (_, at) => bytes.slice(at * 32, (at + 1) * 32));
}

function stateName(room: Bytes): string {
  return `room/${toHex(room)}/state`;
}

function pageName(room: Bytes, page: number): string {
  return `room/${toHex(room)}/page/${page}`;
}
