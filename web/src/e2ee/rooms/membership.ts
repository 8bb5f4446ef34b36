import { type Bytes, concatenate, toHex } from '../bytes';
import { labelled, labelledHash, uint64Bytes } from '../labelled';
import { refusal, type Result, success } from '../result';
import { signatureLength, type Signer, signingPublicKeyLength, verifySignature } from '../signature';
import { WireReader, WireWriter } from '../wire';
import type { EntryHeader } from './entry';

const version = 1;
const maximumMembersLength = 2 ** 18 - 1;
/** 81 bytes each: a roster fits into one entry. */
export const maximumMembers = 3000;

export const roles = { member: 1, administrator: 2, guest: 3 } as const;
export type Role = keyof typeof roles;

export interface Member {
  readonly account: Bytes;
  /** Of the identity that the administrator had verified: another identity of the same account is another member. */
  readonly signingKey: Bytes;
  readonly sealingKeyHash: Bytes;
  readonly role: Role;
}

/** What an administrator decides of who is in the room. */
export interface MembershipChange {
  /** The first entry of a room, or null: what makes the room's id, and the certificate of the device that writes it. */
  readonly creation: { readonly nonce: Bytes; readonly certificate: Bytes } | null;
  /** In force after this entry. */
  readonly era: number;
  readonly eraCommitment: Bytes;
  /** Added, or given another role or identity. */
  readonly set: readonly Member[];
  readonly removed: readonly Bytes[];
  /** The account whose identity signs. */
  readonly administrator: Bytes;
}

export interface SignedMembershipChange {
  readonly change: MembershipChange;
  readonly signature: Bytes;
}

/** The first 16 bytes of a hash over who creates it: a server can begin no other room under this id. */
export async function roomIdOf(creator: Bytes, signingKey: Bytes, nonce: Bytes): Promise<Bytes> {
  return (await labelledHash('Tocsin room v1', creator, signingKey, nonce)).slice(0, 16);
}

/** A guest's account is a hash over the room and the guest's own keys: who is a guest follows from the keys, and nobody of the directory can be passed off as one, nor a guest as one of them. */
export async function guestAccountOf(room: Bytes, signingKey: Bytes, sealingKeyHash: Bytes): Promise<Bytes> {
  return (await labelledHash('Tocsin room guest v1', room, signingKey, sealingKeyHash)).slice(0, 16);
}

/** Bound to the entry and to what its author had seen: it can be moved nowhere else. */
type Place = Pick<EntryHeader, 'room' | 'id' | 'seenSeq' | 'seenHash'>;

export async function signMembershipChange(administrator: Signer, place: Place, change: MembershipChange): Promise<Bytes> {
  const body = encodeChange(change);
  return concatenate(body, await administrator.sign(signedBytes(place, body)));
}

export function verifyMembershipChange(signingKey: Uint8Array, place: Place, { change, signature }: SignedMembershipChange): Promise<boolean> {
  return verifySignature(signingKey, signature, signedBytes(place, encodeChange(change)));
}

export function parseMembershipChange(payload: Uint8Array): Result<SignedMembershipChange, 'malformed-statement'> {
  const reader = new WireReader(payload);
  const readVersion = reader.uint8();
  const isCreation = reader.uint8();
  const nonce = reader.fixed(16);
  const certificate = reader.vector(0xff);
  const change = {
    creation: isCreation === 1 ? { nonce, certificate } : null,
    era: reader.uint32(),
    eraCommitment: reader.fixed(32),
    set: reader.list(maximumMembersLength, maximumMembers, readMember),
    removed: reader.list(0xffff, maximumMembers, (inner) => inner.fixed(16)),
    administrator: reader.fixed(16),
  };
  const signature = reader.fixed(signatureLength);
  const members = change.set.filter((member): member is Member => member !== null);
  const accounts = [...members.map((member) => member.account), ...change.removed].map(toHex);
  const isSound = members.length === change.set.length && new Set(accounts).size === accounts.length;
  const isOneEncoding = isCreation === 1 || (isCreation === 0 && certificate.length === 0 && nonce.every((byte) => byte === 0));
  if (!reader.isComplete || readVersion !== version || !isSound || !isOneEncoding) return refusal('malformed-statement');
  return success({ change: { ...change, set: members }, signature });
}

function encodeChange({ creation, era, eraCommitment, set, removed, administrator }: MembershipChange): Bytes {
  return new WireWriter()
    .uint8(version)
    .uint8(creation === null ? 0 : 1)
    .fixed(creation?.nonce ?? new Uint8Array(16), 16)
    .vector(creation?.certificate ?? new Uint8Array(), 0xff)
    .uint32(era)
    .fixed(eraCommitment, 32)
    .list(set, maximumMembersLength, (writer, member) =>
      writer.fixed(member.account, 16).fixed(member.signingKey, signingPublicKeyLength).fixed(member.sealingKeyHash, 32).uint8(roles[member.role]),
    )
    .list(removed, 0xffff, (writer, account) => writer.fixed(account, 16))
    .fixed(administrator, 16)
    .bytes();
}

function readMember(reader: WireReader): Member | null {
  const member = { account: reader.fixed(16), signingKey: reader.fixed(signingPublicKeyLength), sealingKeyHash: reader.fixed(32) };
  const number = reader.uint8();
  const role = (Object.keys(roles) as Role[]).find((each) => roles[each] === number);
  return role === undefined ? null : { ...member, role };
}

function signedBytes({ room, id, seenSeq, seenHash }: Place, body: Bytes): Bytes {
  return labelled('Tocsin room membership v1', room, id, uint64Bytes(seenSeq), seenHash, body);
}
