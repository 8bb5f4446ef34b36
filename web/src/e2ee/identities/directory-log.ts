import { type Bytes, equalBytes, sha256, toHex } from '../bytes';
import { labelledHash, uint64Bytes } from '../labelled';
import { refusal, type Result, success } from '../result';
import { WireReader, WireWriter } from '../wire';
import {
  type DeviceCertificate,
  parseDeviceCertificate,
  parseDeviceRevocation,
  readDeviceCertificate,
  readDeviceRevocation,
} from './device-certificate';
import { fingerprintOf, type Identity, parseIdentity, readIdentity } from './identity';

const version = 1;
export const maximumStatementLength = 0xffff;

export const statementKinds = { identity: 1, 'device-certificate': 2, 'device-revocation': 3 } as const;
export type StatementKind = keyof typeof statementKinds;

/** A statement as somebody signed it. The log adds its place and nothing else. */
export interface LogEntry {
  readonly kind: StatementKind;
  readonly statement: Bytes;
}

/** Number of entries, and the hash over all of them. Two clients that show the same head have been shown the same directory. */
export interface LogHead {
  readonly number: bigint;
  readonly hash: Bytes;
}

export const emptyLogHead: LogHead = { number: 0n, hash: new Uint8Array(32) };

export interface KnownAccount {
  readonly identity: Identity;
  readonly fingerprint: Bytes;
  /** How often the identity was replaced by another after everything was lost: people are told of each. */
  readonly resets: number;
  /** By device id in hexadecimal: the certificate, or null once revoked. A revoked id never comes back. */
  readonly devices: ReadonlyMap<string, DeviceCertificate | null>;
}

/** The directory as the log tells it. Never changed in place. */
export interface Directory {
  readonly head: LogHead;
  /** By account id in hexadecimal. */
  readonly accounts: ReadonlyMap<string, KnownAccount>;
}

export const emptyDirectory: Directory = { head: emptyLogHead, accounts: new Map() };

export type LogRefusal =
  | 'malformed-entry'
  | 'malformed-identity'
  | 'malformed-certificate'
  | 'bad-signature'
  | 'unknown-account'
  | 'other-identity'
  | 'device-exists'
  | 'unknown-device';

/** What an entry changed, for the client to tell people of. */
export type LogEvent =
  | { readonly kind: 'identity-published' | 'identity-reset'; readonly account: Bytes; readonly fingerprint: Bytes }
  | { readonly kind: 'device-added' | 'device-revoked'; readonly account: Bytes; readonly device: Bytes };

export function encodeLogEntry({ kind, statement }: LogEntry): Bytes {
  return new WireWriter().uint8(version).uint8(statementKinds[kind]).vector(statement, maximumStatementLength).bytes();
}

export function parseLogEntry(bytes: Uint8Array): LogEntry | null {
  const reader = new WireReader(bytes);
  const readVersion = reader.uint8();
  const number = reader.uint8();
  const statement = reader.vector(maximumStatementLength);
  const kind = (Object.keys(statementKinds) as StatementKind[]).find((each) => statementKinds[each] === number);
  return reader.isComplete && readVersion === version && kind !== undefined ? { kind, statement } : null;
}

export async function nextLogHead(head: LogHead, entry: Uint8Array): Promise<LogHead> {
  const number = head.number + 1n;
  return { number, hash: await labelledHash('Tocsin directory log v1', uint64Bytes(number), head.hash, await sha256(entry)) };
}

/**
 * The directory after one more entry. An honest server refuses what is refused here before it writes it, so a refusal says that the server wrote what nobody signed: it is shown,
 * and the client goes no further in this log.
 */
export async function appendToDirectory(
  directory: Directory,
  bytes: Uint8Array,
): Promise<Result<{ readonly directory: Directory; readonly event: LogEvent }, LogRefusal>> {
  const entry = parseLogEntry(bytes);
  if (entry === null) return refusal('malformed-entry');
  const change = await changeOf(directory, entry);
  if (!change.ok) return change;
  const { account, known, event } = change.value;
  const accounts = new Map(directory.accounts).set(toHex(account), known);
  return success({ directory: { head: await nextLogHead(directory.head, bytes), accounts }, event });
}

/** What a run of entries did, as far as it was accepted. */
export interface Appended {
  readonly directory: Directory;
  readonly events: readonly LogEvent[];
  /** After each accepted entry. */
  readonly heads: readonly LogHead[];
  /** Why the next one was not; nothing after it was looked at. */
  readonly refused: LogRefusal | null;
}

/** As `appendToDirectory`, for many: the directory is copied once. */
export async function appendAllToDirectory(directory: Directory, entries: readonly Uint8Array[]): Promise<Appended> {
  const accounts = new Map(directory.accounts);
  const events: LogEvent[] = [];
  const heads: LogHead[] = [];
  let head = directory.head;
  for (const bytes of entries) {
    const entry = parseLogEntry(bytes);
    const change = entry === null ? refusal('malformed-entry') : await changeOf({ head, accounts }, entry);
    if (!change.ok) return { directory: { head, accounts }, events, heads, refused: change.code };
    accounts.set(toHex(change.value.account), change.value.known);
    head = await nextLogHead(head, bytes);
    events.push(change.value.event);
    heads.push(head);
  }
  return { directory: { head, accounts }, events, heads, refused: null };
}

/**
 * The directory from entries that this device has verified and chained before, and kept where nobody else could write: neither signatures nor hashes are looked at again.
 * @returns Null where they are not what was kept.
 */
export async function reopenDirectory(entries: readonly Uint8Array[], head: LogHead): Promise<Directory | null> {
  const accounts = new Map<string, KnownAccount>();
  for (const bytes of entries) {
    const entry = parseLogEntry(bytes);
    const change = entry === null ? refusal('malformed-entry') : await changeOf({ head, accounts }, entry, parsedOnly);
    if (!change.ok) return null;
    accounts.set(toHex(change.value.account), change.value.known);
  }
  return BigInt(entries.length) === head.number ? { head, accounts } : null;
}

interface Change {
  readonly account: Bytes;
  readonly known: KnownAccount;
  readonly event: LogEvent;
}

interface StatementReaders {
  readonly identity: (statement: Bytes) => ReturnType<typeof readIdentity> | ReturnType<typeof parseIdentity>;
  readonly certificate: (statement: Bytes) => ReturnType<typeof readDeviceCertificate> | ReturnType<typeof parseDeviceCertificate>;
  readonly revocation: (statement: Bytes) => ReturnType<typeof readDeviceRevocation> | ReturnType<typeof parseDeviceRevocation>;
}

const verifying: StatementReaders = { identity: readIdentity, certificate: readDeviceCertificate, revocation: readDeviceRevocation };
const parsedOnly: StatementReaders = { identity: parseIdentity, certificate: parseDeviceCertificate, revocation: parseDeviceRevocation };

function changeOf(directory: Directory, { kind, statement }: LogEntry, read: StatementReaders = verifying): Promise<Result<Change, LogRefusal>> {
  switch (kind) {
    case 'identity':
      return publish(directory, statement, read);
    case 'device-certificate':
      return addDevice(directory, statement, read);
    case 'device-revocation':
      return revoke(directory, statement, read);
  }
}

async function publish(directory: Directory, statement: Bytes, readers: StatementReaders): Promise<Result<Change, LogRefusal>> {
  const read = await readers.identity(statement);
  if (!read.ok) return read;
  const { account } = read.value;
  const before = directory.accounts.get(toHex(account));
  const fingerprint = await fingerprintOf(read.value);
  const known = { identity: read.value, fingerprint, resets: before === undefined ? 0 : before.resets + 1, devices: revokedOnly(before) };
  return success({ account, known, event: { kind: before === undefined ? 'identity-published' : 'identity-reset', account, fingerprint } });
}

/** A new identity certifies its devices anew; ids once used stay used. */
function revokedOnly(before: KnownAccount | undefined): ReadonlyMap<string, null> {
  return new Map(Array.from(before?.devices.keys() ?? [], (device) => [device, null]));
}

async function addDevice(directory: Directory, statement: Bytes, readers: StatementReaders): Promise<Result<Change, LogRefusal>> {
  const read = await readers.certificate(statement);
  if (!read.ok) return read;
  const { account, device, identityKey } = read.value;
  const before = ofIdentity(directory, account, identityKey);
  if (!before.ok) return before;
  if (before.value.devices.has(toHex(device))) return refusal('device-exists');
  const devices = new Map(before.value.devices).set(toHex(device), read.value);
  return success({ account, known: { ...before.value, devices }, event: { kind: 'device-added', account, device } });
}

async function revoke(directory: Directory, statement: Bytes, readers: StatementReaders): Promise<Result<Change, LogRefusal>> {
  const read = await readers.revocation(statement);
  if (!read.ok) return read;
  const { account, device, identityKey } = read.value;
  const before = ofIdentity(directory, account, identityKey);
  if (!before.ok) return before;
  if (!before.value.devices.get(toHex(device))) return refusal('unknown-device');
  const devices = new Map(before.value.devices).set(toHex(device), null);
  return success({ account, known: { ...before.value, devices }, event: { kind: 'device-revoked', account, device } });
}

function ofIdentity(directory: Directory, account: Bytes, identityKey: Bytes): Result<KnownAccount, LogRefusal> {
  const known = directory.accounts.get(toHex(account));
  if (known === undefined) return refusal('unknown-account');
  return equalBytes(known.identity.signingKey, identityKey) ? success(known) : refusal('other-identity');
}

/** What a head that somebody else shows says of the server. `history` are our own hashes by number, from 0. */
export function compareHeads(history: readonly Bytes[], shown: LogHead): 'same' | 'behind-us' | 'ahead-of-us' | 'forked' {
  const ours = history[Number(shown.number)];
  if (ours === undefined) return 'ahead-of-us';
  if (!equalBytes(ours, shown.hash)) return 'forked';
  return Number(shown.number) === history.length - 1 ? 'same' : 'behind-us';
}

/** The certificate of a device that is the account's and not revoked. */
export function findDevice(directory: Directory, account: Uint8Array, device: Uint8Array): DeviceCertificate | null {
  return directory.accounts.get(toHex(account))?.devices.get(toHex(device)) ?? null;
}
