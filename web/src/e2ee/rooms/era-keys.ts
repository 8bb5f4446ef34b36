import { type Bytes, equalBytes, toHex } from '../bytes';
import { hpkeOverhead, hpkeSeal } from '../hpke';
import { labelled, labelledHash } from '../labelled';
import { refusal, type Result, success } from '../result';
import { WireReader, WireWriter } from '../wire';

export const eraKeyLength = 32;
const sealedLength = eraKeyLength + hpkeOverhead;
/** One entry holds no more; a larger room takes several. */
export const maximumSealsPerEntry = 200;
const maximumListLength = 2 ** 18 - 1;

/** The key of one era, sealed to the members that it is for. */
export interface EraKeySeals {
  readonly era: number;
  readonly seals: readonly { readonly account: Bytes; readonly sealed: Bytes }[];
}

export function makeEraKey(): Bytes {
  return crypto.getRandomValues(new Uint8Array(eraKeyLength));
}

/** Stands in the membership entry that begins the era: everybody gets the same key, and can tell. */
export function eraCommitment(room: Bytes, era: number, key: Bytes): Promise<Bytes> {
  return labelledHash('Tocsin era commitment v1', room, new WireWriter().uint32(era).bytes(), key);
}

export function sealEraKey(room: Bytes, era: number, account: Bytes, sealingKey: Bytes, key: Bytes): Promise<Result<Bytes, 'invalid-public-key'>> {
  return hpkeSeal(sealingKey, sealInfo(room, era, account), new Uint8Array(), key);
}

/** Opens what was sealed to the member's identity, wherever its private key lies. */
export type SealOpener = (info: Bytes, associated: Bytes, sealed: Uint8Array) => Promise<Result<Bytes, 'cannot-open'>>;

/** @param commitment Of the era, as its membership entry has it: whoever sealed another key is found out. */
export async function openEraKey(
  room: Bytes,
  era: number,
  account: Bytes,
  open: SealOpener,
  sealed: Bytes,
  commitment: Bytes,
): Promise<Result<Bytes, 'cannot-open' | 'other-key'>> {
  const opened = await open(sealInfo(room, era, account), new Uint8Array(), sealed);
  if (!opened.ok) return opened;
  return equalBytes(await eraCommitment(room, era, opened.value), commitment) ? opened : refusal('other-key');
}

export function encodeEraKeySeals({ era, seals }: EraKeySeals): Bytes {
  return new WireWriter()
    .uint32(era)
    .list(seals, maximumListLength, (writer, seal) => writer.fixed(seal.account, 16).fixed(seal.sealed, sealedLength))
    .bytes();
}

export function parseEraKeySeals(payload: Uint8Array): Result<EraKeySeals, 'malformed-statement'> {
  const reader = new WireReader(payload);
  const era = reader.uint32();
  const seals = reader.list(maximumListLength, maximumSealsPerEntry, (inner) => ({ account: inner.fixed(16), sealed: inner.fixed(sealedLength) }));
  const areDistinct = new Set(seals.map(({ account }) => toHex(account))).size === seals.length;
  return reader.isComplete && areDistinct ? success({ era, seals }) : refusal('malformed-statement');
}

function sealInfo(room: Bytes, era: number, account: Bytes): Bytes {
  return labelled('Tocsin era key v1', room, new WireWriter().uint32(era).bytes(), account);
}
