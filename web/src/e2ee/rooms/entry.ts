import { type Bytes, concatenate, sha256 } from '../bytes';
import { labelled, labelledHash, uint64Bytes } from '../labelled';
import { refusal, type Result, success } from '../result';
import { signatureLength, type Signer, verifySignature } from '../signature';
import { WireReader, WireWriter } from '../wire';

const version = 1;
export const maximumSealedLength = 2 ** 18 - 1;
export const headerLength = 102;

/** What an entry is to the room's state; its payload is read accordingly. */
export const entryClasses = { content: 1, membership: 2, device: 3, 'era-keys': 4, departure: 5 } as const;
export type EntryClass = keyof typeof entryClasses;

/** Everything of an entry but its payload. docs/protocol/rooms.md has the layout. */
export interface EntryHeader {
  readonly room: Bytes;
  /** Chosen by the author: the same entry sent twice is written once. */
  readonly id: Bytes;
  readonly device: Bytes;
  /** 1, 2, 3 ... of this device in this room: what was dropped, repeated or put in another order shows. */
  readonly deviceSeq: bigint;
  /** Head of the chain as the author had verified it: whoever reads the entry in another branch sees the fork. */
  readonly seenSeq: bigint;
  readonly seenHash: Bytes;
  readonly class: EntryClass;
  /** In force at `seenSeq`. */
  readonly era: number;
}

export interface RoomEntry {
  readonly header: EntryHeader;
  /** Sealed content, or the clear statement of another class. */
  readonly payload: Bytes;
  readonly signature: Bytes;
}

export const entryRefusals = ['entry-too-long', 'malformed-entry', 'unknown-class'] as const;

export type EntryRefusal = (typeof entryRefusals)[number];

export function encodeHeader(header: EntryHeader): Bytes {
  return new WireWriter()
    .uint8(version)
    .fixed(header.room, 16)
    .fixed(header.id, 16)
    .fixed(header.device, 16)
    .uint64(header.deviceSeq)
    .uint64(header.seenSeq)
    .fixed(header.seenHash, 32)
    .uint8(entryClasses[header.class])
    .uint32(header.era)
    .bytes();
}

/** @returns The entry as the server keeps it: body and signature. */
export async function signEntry(device: Signer, header: EntryHeader, payload: Bytes): Promise<Bytes> {
  const body = encodeBody(header, payload);
  return concatenate(body, await device.sign(labelled(signatureLabel, body)));
}

const signatureLabel = 'Tocsin room entry v1';

/** The shape alone; nothing is verified yet. */
export function parseEntry(bytes: Uint8Array): Result<RoomEntry, EntryRefusal> {
  if (bytes.length > headerLength + 3 + maximumSealedLength + signatureLength) return refusal('entry-too-long');
  const reader = new WireReader(bytes);
  const readVersion = reader.uint8();
  const read = {
    room: reader.fixed(16),
    id: reader.fixed(16),
    device: reader.fixed(16),
    deviceSeq: reader.uint64(),
    seenSeq: reader.uint64(),
    seenHash: reader.fixed(32),
  };
  const classNumber = reader.uint8();
  const era = reader.uint32();
  const payload = reader.vector(maximumSealedLength);
  const signature = reader.fixed(signatureLength);
  if (!reader.isComplete || readVersion !== version) return refusal('malformed-entry');
  const entryClass = (Object.keys(entryClasses) as EntryClass[]).find((each) => entryClasses[each] === classNumber);
  if (entryClass === undefined) return refusal('unknown-class');
  return success({ header: { ...read, class: entryClass, era }, payload, signature });
}

export function verifyEntrySignature(deviceKey: Uint8Array, entry: RoomEntry): Promise<boolean> {
  return verifySignature(deviceKey, entry.signature, labelled(signatureLabel, encodeBody(entry.header, entry.payload)));
}

/** The head of a chain: how many entries, and the hash over all of them. */
export interface ChainHead {
  readonly seq: bigint;
  readonly hash: Bytes;
}

const chainLabel = 'Tocsin room chain v1';

/** hash_0 = SHA-256(label, 0, uint64 0, room). */
export async function firstHead(room: Bytes): Promise<ChainHead> {
  return { seq: 0n, hash: await labelledHash(chainLabel, uint64Bytes(0n), room) };
}

/** hash_n = SHA-256(label, 0, uint64 n, hash_{n-1}, SHA-256(entry)). Every entry of the server counts, also one that is refused: all clients have the same chain. */
export async function nextHead(head: ChainHead, entry: Uint8Array): Promise<ChainHead> {
  const seq = head.seq + 1n;
  return { seq, hash: await labelledHash(chainLabel, uint64Bytes(seq), head.hash, await sha256(entry)) };
}

function encodeBody(header: EntryHeader, payload: Bytes): Bytes {
  return concatenate(encodeHeader(header), new WireWriter().vector(payload, maximumSealedLength).bytes());
}
