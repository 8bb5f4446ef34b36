import { type Bytes, equalBytes, toHex } from '../bytes';
import { departurePayload } from './departure';
import { readDeviceCertificate, readDeviceRevocation, type DeviceCertificate } from '../identities/device-certificate';
import { parseLogEntry } from '../identities/directory-log';
import { refusal, type Result, success } from '../result';
import { type ChainHead, type EntryClass, entryRefusals, firstHead, nextHead, parseEntry, type RoomEntry, verifyEntrySignature } from './entry';
import { type EraKeySeals, parseEraKeySeals } from './era-keys';
import { guestAccountOf, type Member, type MembershipChange, parseMembershipChange, roomIdOf, verifyMembershipChange } from './membership';

export interface RoomDevice {
  readonly account: Bytes;
  readonly device: Bytes;
  readonly key: Bytes;
  /** Of the identity that certified it: once the member has another, this device is no longer theirs. */
  readonly identityKey: Bytes;
  readonly lastSeq: bigint;
  readonly isRevoked: boolean;
}

export interface Era {
  readonly number: number;
  /** The entry that began it. */
  readonly startSeq: bigint;
  readonly commitment: Bytes;
  /** The first entry of this era by which somebody left: whoever has seen it writes in the next. Null while nobody has. */
  readonly leftSeq: bigint | null;
}

/** A room as its entries tell it, the same for every client that has the same entries. Never changed in place. */
export interface RoomState {
  readonly room: Bytes;
  /** hash_0 to the head. */
  readonly heads: HashList;
  /** By account id in hexadecimal. */
  readonly roster: ReadonlyMap<string, Member>;
  /** Account ids in hexadecimal of guests who went or were removed: they come back with other keys, or not at all. */
  readonly goneGuests: ReadonlySet<string>;
  /** By device id in hexadecimal. */
  readonly devices: ReadonlyMap<string, RoomDevice>;
  /** In order; the last is in force. */
  readonly eras: readonly Era[];
  /** The last membership entry that was accepted; whoever changes the roster must have seen it. */
  readonly rosterSeq: bigint;
}

/**
 * Why an entry does not count. It stays in the chain, and is shown as refused.
 * `fork`: its author had seen another chain, so that the server tells two stories, or the author lies; both are shown.
 */
export const replayRefusals = [
  ...entryRefusals,
  'other-room',
  'unknown-device',
  'revoked-device',
  'bad-signature',
  'fork',
  'repeated',
  'not-a-member',
  'wrong-era',
  'malformed-statement',
  'malformed-certificate',
  'wrong-creation',
  'stale-roster',
  'not-an-administrator',
  'no-administrator-left',
  'era-must-change',
  'device-exists',
  /** Said to be a guest whose keys are not a guest's, or the other way round. */
  'wrong-guest',
  'guest-gone',
  'guest-not-allowed',
] as const;

export type ReplayRefusal = (typeof replayRefusals)[number];

export type AcceptedEntry = {
  readonly seq: bigint;
  readonly entry: RoomEntry;
  readonly author: Bytes;
  /** Entries of this device that the server left out just before this one. More than none is shown. */
  readonly missing: bigint;
} & (
  | { readonly kind: 'content' }
  | { readonly kind: 'membership'; readonly change: MembershipChange }
  | { readonly kind: 'device-added' | 'device-revoked'; readonly device: Bytes }
  | { readonly kind: 'era-keys'; readonly seals: EraKeySeals }
  | { readonly kind: 'departure' }
);

export type ReplayOutcome =
  | { readonly kind: 'accepted'; readonly accepted: AcceptedEntry }
  | { readonly kind: 'refused'; readonly seq: bigint; readonly code: ReplayRefusal }
  /** Not the next entry: nothing changed, the entries between are asked for. */
  | { readonly kind: 'gap'; readonly expected: bigint };

/** The hashes of a chain. Adding gives another list; both share what they have in common. */
export class HashList {
  private constructor(
    private readonly shared: Bytes[],
    readonly length: number,
  ) {}

  static of(first: Bytes): HashList {
    return new HashList([first], 1);
  }

  at(seq: bigint): Bytes | undefined {
    return seq < BigInt(this.length) ? this.shared[Number(seq)] : undefined;
  }

  get head(): ChainHead {
    const hash = this.shared[this.length - 1];
    if (hash === undefined) throw new RangeError('a chain has a first hash');
    return { seq: BigInt(this.length - 1), hash };
  }

  append(hash: Bytes): HashList {
    // Another list went on from here: this one takes a copy of what it has.
    const shared = this.shared.length === this.length ? this.shared : this.shared.slice(0, this.length);
    shared.push(hash);
    return new HashList(shared, this.length + 1);
  }
}

export async function emptyRoom(room: Bytes): Promise<RoomState> {
  return {
    room,
    heads: HashList.of((await firstHead(room)).hash),
    roster: new Map(),
    goneGuests: new Set(),
    devices: new Map(),
    eras: [],
    rosterSeq: 0n,
  };
}

export function currentEra(state: RoomState): number {
  return state.eras.at(-1)?.number ?? 0;
}

/** Somebody has left who knows the key in force: nothing is written under it any more, and whoever is here may begin the next era. */
export function owesEra(state: RoomState): boolean {
  return (state.eras.at(-1)?.leftSeq ?? null) !== null;
}

/** The room after the server's entry number `seq`. Reads nothing but its arguments. */
export async function replay(
  state: RoomState,
  seq: bigint,
  bytes: Uint8Array,
): Promise<{ readonly state: RoomState; readonly outcome: ReplayOutcome }> {
  const { head } = state.heads;
  if (seq !== head.seq + 1n) return { state, outcome: { kind: 'gap', expected: head.seq + 1n } };
  const chained = { ...state, heads: state.heads.append((await nextHead(head, bytes)).hash) };
  const { state: after, result } = await accept(state, seq, bytes);
  const outcome: ReplayOutcome = result.ok ? { kind: 'accepted', accepted: result.value } : { kind: 'refused', seq, code: result.code };
  return { state: { ...after, heads: chained.heads }, outcome };
}

interface Step {
  readonly state: RoomState;
  readonly result: Result<AcceptedEntry, ReplayRefusal>;
}

async function accept(state: RoomState, seq: bigint, bytes: Uint8Array): Promise<Step> {
  const placed = await place(state, bytes);
  if (!placed.ok) return { state, result: placed };
  const { entry, author } = placed.value;
  const device = toHex(author.device);
  const { deviceSeq } = entry.header;
  const counted = { ...state, devices: new Map(state.devices).set(device, { ...author, lastSeq: deviceSeq }) };
  const at = { seq, entry, author: author.account, missing: deviceSeq - author.lastSeq - 1n };
  const step = await acceptPayload(counted, at, author);
  if (step.ok) return { state: step.value.state, result: success(step.value.accepted) };
  // What a known device wrote counts as written though it was refused: nothing is missing before its next.
  return { state: state.devices.has(device) ? counted : state, result: step };
}

async function place(
  state: RoomState,
  bytes: Uint8Array,
): Promise<Result<{ readonly entry: RoomEntry; readonly author: RoomDevice }, ReplayRefusal>> {
  const parsed = parseEntry(bytes);
  if (!parsed.ok) return parsed;
  const entry = parsed.value;
  if (!equalBytes(entry.header.room, state.room)) return refusal('other-room');
  const author = await authorOf(state, entry);
  if (!author.ok) return author;
  if (!(await verifyEntrySignature(author.value.key, entry))) return refusal('bad-signature');
  const refused = placeRefusal(state, entry, author.value);
  return refused === null ? success({ entry, author: author.value }) : refusal(refused);
}

interface Accepting {
  readonly state: RoomState;
  readonly accepted: AcceptedEntry;
}

/** What holds of every class: the author had seen this chain, has not written this before, is a member and used the era that it had seen. */
function placeRefusal(state: RoomState, { header }: RoomEntry, author: RoomDevice): ReplayRefusal | null {
  const seen = state.heads.at(header.seenSeq);
  if (seen === undefined || !equalBytes(seen, header.seenHash)) return 'fork';
  if (header.deviceSeq <= author.lastSeq) return 'repeated';
  if (header.era !== (eraAt(state, header.seenSeq)?.number ?? 0)) return 'wrong-era';
  return null;
}

/** In force once the entries up to `seq` are there; none before the first. */
function eraAt(state: RoomState, seq: bigint): Era | undefined {
  return state.eras.findLast((era) => era.startSeq <= seq);
}

/** The device that signs: known to the room, or introduced by this very entry. */
async function authorOf(state: RoomState, entry: RoomEntry): Promise<Result<RoomDevice, ReplayRefusal>> {
  const known = state.devices.get(toHex(entry.header.device));
  if (known !== undefined) {
    if (known.isRevoked) return refusal('revoked-device');
    const owner = state.roster.get(toHex(known.account));
    return owner !== undefined && equalBytes(owner.signingKey, known.identityKey) ? success(known) : refusal('not-a-member');
  }
  const certificate = await introducedBy(state, entry);
  if (!certificate.ok) return certificate;
  const { account, device, deviceKey, identityKey } = certificate.value;
  if (!equalBytes(device, entry.header.device)) return refusal('unknown-device');
  const fresh = { account, device, key: deviceKey, identityKey, lastSeq: 0n, isRevoked: false };
  if (entry.header.class === 'membership') return success(fresh);
  const member = state.roster.get(toHex(account));
  if (member === undefined) return refusal('not-a-member');
  return equalBytes(member.signingKey, identityKey) ? success(fresh) : refusal('unknown-device');
}

async function introducedBy(state: RoomState, { header, payload }: RoomEntry): Promise<Result<DeviceCertificate, ReplayRefusal>> {
  if (header.class === 'device') {
    const statement = parseLogEntry(payload);
    return statement?.kind === 'device-certificate' ? readDeviceCertificate(statement.statement) : refusal('unknown-device');
  }
  if (header.class !== 'membership' || state.eras.length > 0) return refusal('unknown-device');
  const parsed = parseMembershipChange(payload);
  if (!parsed.ok) return parsed;
  const { creation } = parsed.value.change;
  return creation === null ? refusal('unknown-device') : readDeviceCertificate(creation.certificate);
}

type Place = { readonly seq: bigint; readonly entry: RoomEntry; readonly author: Bytes; readonly missing: bigint };

/** A guest writes, and goes. Who is in the room and which keys there are is nothing that a guest has a say in. */
const closedToGuests: ReadonlySet<EntryClass> = new Set<EntryClass>(['membership', 'era-keys']);

function acceptPayload(
  state: RoomState,
  place: Place,
  author: RoomDevice,
): Result<Accepting, ReplayRefusal> | Promise<Result<Accepting, ReplayRefusal>> {
  if (isGuest(state, place.author) && closedToGuests.has(place.entry.header.class)) return refusal('guest-not-allowed');
  switch (place.entry.header.class) {
    case 'content':
      return acceptContent(state, place);
    case 'membership':
      return acceptMembership(state, place);
    case 'device':
      return acceptDevice(state, place, author);
    case 'era-keys':
      return acceptEraKeys(state, place);
    case 'departure':
      return acceptDeparture(state, place);
  }
}

/** Whoever had seen that somebody left writes nothing that they can read. */
function acceptContent(state: RoomState, place: Place): Result<Accepting, ReplayRefusal> {
  const { seenSeq } = place.entry.header;
  const leftSeq = eraAt(state, seenSeq)?.leftSeq ?? null;
  return leftSeq !== null && leftSeq <= seenSeq ? refusal('era-must-change') : success({ state, accepted: { ...place, kind: 'content' } });
}

/** Keys of eras that there are; whoever they are for opens them and holds them against the commitment. */
function acceptEraKeys(state: RoomState, place: Place): Result<Accepting, ReplayRefusal> {
  const seals = parseEraKeySeals(place.entry.payload);
  if (!seals.ok) return seals;
  if (!state.eras.some((era) => era.number === seals.value.era)) return refusal('wrong-era');
  return success({ state, accepted: { ...place, kind: 'era-keys', seals: seals.value } });
}

/** Whoever wrote it is no longer in the room. An administrator remains, or nobody at all. */
function acceptDeparture(state: RoomState, place: Place): Result<Accepting, ReplayRefusal> {
  if (!equalBytes(place.entry.payload, departurePayload)) return refusal('malformed-statement');
  const roster = new Map(state.roster);
  roster.delete(toHex(place.author));
  if (roster.size > 0 && !hasAdministrator(roster)) return refusal('no-administrator-left');
  const eras = state.eras.map((era, at) => (at === state.eras.length - 1 ? { ...era, leftSeq: era.leftSeq ?? place.seq } : era));
  const goneGuests = goneAfter(state, roster);
  return success({ state: { ...state, roster, goneGuests, eras, rosterSeq: place.seq }, accepted: { ...place, kind: 'departure' } });
}

function isGuest(state: RoomState, account: Bytes): boolean {
  return state.roster.get(toHex(account))?.role === 'guest';
}

function goneAfter({ roster: before, goneGuests }: RoomState, after: ReadonlyMap<string, Member>): ReadonlySet<string> {
  const gone = [...before].filter(([account, { role }]) => role === 'guest' && !after.has(account)).map(([account]) => account);
  return gone.length === 0 ? goneGuests : new Set([...goneGuests, ...gone]);
}

function hasGuest({ roster }: RoomState): boolean {
  return [...roster.values()].some((member) => member.role === 'guest');
}

function hasAdministrator(roster: ReadonlyMap<string, Member>): boolean {
  return [...roster.values()].some((member) => member.role === 'administrator');
}

async function acceptDevice(state: RoomState, place: Place, author: RoomDevice): Promise<Result<Accepting, ReplayRefusal>> {
  const statement = parseLogEntry(place.entry.payload);
  if (statement === null) return refusal('malformed-statement');
  if (statement.kind === 'device-certificate') {
    const isOwn = (await introducedDevice(statement.statement)) === toHex(author.device);
    // A device is introduced by itself, once: its first entry did it.
    return isOwn && author.lastSeq === 0n
      ? success({ state, accepted: { ...place, kind: 'device-added', device: author.device } })
      : refusal('device-exists');
  }
  if (statement.kind !== 'device-revocation') return refusal('malformed-statement');
  const revocation = await readDeviceRevocation(statement.statement);
  if (!revocation.ok) return revocation;
  const { account, device, identityKey } = revocation.value;
  const revoked = state.devices.get(toHex(device));
  const owner = state.roster.get(toHex(account));
  if (revoked === undefined || owner === undefined || !equalBytes(revoked.account, account)) return refusal('unknown-device');
  if (!equalBytes(owner.signingKey, identityKey)) return refusal('bad-signature');
  const devices = new Map(state.devices).set(toHex(device), { ...revoked, isRevoked: true });
  return success({ state: { ...state, devices }, accepted: { ...place, kind: 'device-revoked', device } });
}

async function introducedDevice(certificate: Bytes): Promise<string | null> {
  const read = await readDeviceCertificate(certificate);
  return read.ok ? toHex(read.value.device) : null;
}

async function acceptMembership(state: RoomState, place: Place): Promise<Result<Accepting, ReplayRefusal>> {
  const parsed = parseMembershipChange(place.entry.payload);
  if (!parsed.ok) return parsed;
  const { change } = parsed.value;
  if (!equalBytes(change.administrator, place.author)) return refusal('not-an-administrator');
  const signingKey = await (change.creation === null ? changerKey(state, place, change) : creatorKey(state, place, change));
  if (!signingKey.ok) return signingKey;
  if (!(await verifyMembershipChange(signingKey.value, place.entry.header, parsed.value))) return refusal('bad-signature');
  const wrong = await guestRefusal(state, change);
  if (wrong !== null) return refusal(wrong);
  const roster = rosterAfter(state.roster, change);
  if (!hasAdministrator(roster)) return refusal('no-administrator-left');
  const eras = erasAfter(state, place.seq, change);
  if (!eras.ok) return eras;
  const goneGuests = goneAfter(state, roster);
  return success({
    state: { ...state, roster, goneGuests, eras: eras.value, rosterSeq: place.seq },
    accepted: { ...place, kind: 'membership', change },
  });
}

/** The room's id says who creates it, and the first roster has them in it, with the identity that certified the device. */
async function creatorKey(state: RoomState, { entry }: Place, change: MembershipChange): Promise<Result<Bytes, ReplayRefusal>> {
  const creator = change.set.find((member) => equalBytes(member.account, change.administrator));
  if (state.eras.length > 0 || change.creation === null || creator?.role !== 'administrator' || change.removed.length > 0)
    return refusal('wrong-creation');
  const certificate = await readDeviceCertificate(change.creation.certificate);
  if (!certificate.ok || !equalBytes(certificate.value.identityKey, creator.signingKey)) return refusal('wrong-creation');
  const room = await roomIdOf(creator.account, creator.signingKey, change.creation.nonce);
  return equalBytes(room, entry.header.room) ? success(creator.signingKey) : refusal('wrong-creation');
}

/** An administrator; or anybody in the room who only begins the era that it owes since somebody left, or since the time of a guest was over: that is told by contents, and not judged here. */
function changerKey(state: RoomState, { entry, author }: Place, change: MembershipChange): Result<Bytes, ReplayRefusal> {
  const member = state.roster.get(toHex(author));
  const isOnlyEra = change.set.length + change.removed.length === 0;
  if (member === undefined || (member.role !== 'administrator' && !isOnlyEra)) return refusal('not-an-administrator');
  // Two at once: the second decided of a roster that is no more, and decides anew.
  if (entry.header.seenSeq < state.rosterSeq) return refusal('stale-roster');
  return member.role === 'administrator' || owesEra(state) || hasGuest(state) ? success(member.signingKey) : refusal('not-an-administrator');
}

/** Guests are those whose account their keys make, and nobody else; one who went is let in under other keys, or not at all. */
async function guestRefusal(state: RoomState, { set }: MembershipChange): Promise<'wrong-guest' | 'guest-gone' | null> {
  for (const { account, signingKey, sealingKeyHash, role } of set) {
    const isTheirs = equalBytes(account, await guestAccountOf(state.room, signingKey, sealingKeyHash));
    if (isTheirs !== (role === 'guest')) return 'wrong-guest';
  }
  return set.some(({ account }) => state.goneGuests.has(toHex(account))) ? 'guest-gone' : null;
}

function rosterAfter(before: ReadonlyMap<string, Member>, change: MembershipChange): ReadonlyMap<string, Member> {
  const roster = new Map(before);
  for (const account of change.removed) roster.delete(toHex(account));
  for (const member of change.set) roster.set(toHex(member.account), member);
  return roster;
}

/** Whoever goes, or comes back with other keys, must not read what follows, and a guest nothing of what was before: the era changes with them. */
function erasAfter(state: RoomState, seq: bigint, change: MembershipChange): Result<readonly Era[], ReplayRefusal> {
  const current = state.eras.at(-1);
  if (current !== undefined && change.era === current.number) {
    const isSomeoneGone = change.removed.length > 0 || change.set.some((member) => hasOtherKeys(state.roster.get(toHex(member.account)), member));
    const isGuestNew = change.set.some(({ account, role }) => role === 'guest' && !state.roster.has(toHex(account)));
    if (isSomeoneGone || isGuestNew || current.leftSeq !== null) return refusal('era-must-change');
    return equalBytes(change.eraCommitment, current.commitment) ? success(state.eras) : refusal('wrong-era');
  }
  if (change.era !== (current?.number ?? 0) + 1) return refusal('wrong-era');
  return success([...state.eras, { number: change.era, startSeq: seq, commitment: change.eraCommitment, leftSeq: null }]);
}

/** Other keys are somebody else's, whatever the account. */
export function hasOtherKeys(before: Member | undefined, after: Member): boolean {
  return before !== undefined && !(equalBytes(before.signingKey, after.signingKey) && equalBytes(before.sealingKeyHash, after.sealingKeyHash));
}
