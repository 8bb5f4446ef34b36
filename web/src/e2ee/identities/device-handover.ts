import { type Bytes, concatenate, equalBytes } from '../bytes';
import { hpkeKeyPairOf, hpkeOpen, hpkePublicKeyLength, hpkeSeal } from '../hpke';
import { labelled, labelledHash } from '../labelled';
import { refusal, type Result, success } from '../result';
import { WireReader, WireWriter } from '../wire';
import type { LogHead } from './directory-log';
import type { IdentitySecrets } from './identity';
import { fiveDigitGroups } from './safety-number';
import { formatTypedCode, parseTypedCode, type TypedCodeRefusal } from './typed-code';

/**
 * A device hands its person's identity to a new one, through a server that is believed nothing. The shape is that of numeric comparison (Bluetooth Core, vol. 2, part H, section
 * 7.2.1; in theory, Vaudenay 2005): whoever would stand between must say what they put in one's place before they know what the code will be made of.
 *
 *     new device                                        device
 *     opening = (key, nonce)
 *     commitment = hash(opening)   -- scanned or typed -->
 *                                  <-- introduction --   (fingerprint, head of the log, nonce)
 *                                  -- opening -->        must hash to the commitment
 *     code = hash(introduction, opening)                 the same; the person compares
 *                                  <-- sealed --         the identity, to the key of the opening
 */
const version = 1;
const label = 'Tocsin device hand-over v1';
const sealLabel = 'Tocsin device hand-over seal v1';
const codeLabel = 'Tocsin device hand-over code v1';
const typedLabel = 'Tocsin device hand-over offer v1';
const qrPrefix = 'TOCSIN-DEVICE-1:';

export const commitmentLength = 16;
const nonceLength = 32;
const codeGroups = 2;

/** What the new device makes, and keeps to itself until it was answered. */
export interface HandoverOffer {
  /** 16 bytes of a hash: nobody finds another opening for them. */
  readonly commitment: Bytes;
  readonly opening: Bytes;
  readonly receivingKey: Bytes;
}

/** What the device that is one already says of itself. */
export interface HandoverIntroduction {
  readonly account: Bytes;
  /** Of the identity that it will hand over. */
  readonly fingerprint: Bytes;
  /** The directory as it has it: a new device cannot tell by itself that it is shown another. */
  readonly head: LogHead;
}

export async function offerHandover(account: Bytes): Promise<HandoverOffer> {
  const { publicKey, privateKey } = await hpkeKeyPairOf(crypto.getRandomValues(new Uint8Array(32)));
  const opening = new WireWriter()
    .uint8(version)
    .fixed(account, 16)
    .fixed(publicKey, hpkePublicKeyLength)
    .fixed(crypto.getRandomValues(new Uint8Array(nonceLength)), nonceLength)
    .bytes();
  return { commitment: await commitmentTo(opening), opening, receivingKey: privateKey };
}

/** Letters and signs that a QR code holds at eleven bits a pair, so that it stays coarse enough for a poor camera. */
export async function offerAsQrText(commitment: Bytes): Promise<string> {
  return qrPrefix + (await offerAsTyped(commitment)).replaceAll('-', '');
}

/** Seven groups of four, where there is no camera. */
export function offerAsTyped(commitment: Bytes): Promise<string> {
  return formatTypedCode(typedLabel, commitment);
}

/** Reads both. */
export function readOffer(text: string): Promise<Result<Bytes, TypedCodeRefusal>> {
  const trimmed = text.trim();
  return parseTypedCode(typedLabel, trimmed.toUpperCase().startsWith(qrPrefix) ? trimmed.slice(qrPrefix.length) : trimmed);
}

export function introduce({ account, fingerprint, head }: HandoverIntroduction): Bytes {
  return new WireWriter()
    .uint8(version)
    .fixed(account, 16)
    .fixed(fingerprint, 32)
    .uint64(head.number)
    .fixed(head.hash, 32)
    .fixed(crypto.getRandomValues(new Uint8Array(nonceLength)), nonceLength)
    .bytes();
}

/** @param account Whose both devices are. */
export function readIntroduction(introduction: Uint8Array, account: Bytes): Result<HandoverIntroduction, 'malformed-handover'> {
  const reader = new WireReader(introduction);
  const readVersion = reader.uint8();
  const read = { account: reader.fixed(16), fingerprint: reader.fixed(32), head: { number: reader.uint64(), hash: reader.fixed(32) } };
  reader.fixed(nonceLength);
  return reader.isComplete && readVersion === version && equalBytes(read.account, account) ? success(read) : refusal('malformed-handover');
}

/** That the server passed on what was committed to, and nothing else. */
export async function checkOpening(
  opening: Bytes,
  account: Bytes,
  commitment: Bytes,
): Promise<Result<{ readonly sealTo: Bytes }, 'malformed-handover' | 'other-opening'>> {
  const reader = new WireReader(opening);
  const readVersion = reader.uint8();
  const read = { account: reader.fixed(16), sealTo: reader.fixed(hpkePublicKeyLength) };
  reader.fixed(nonceLength);
  if (!reader.isComplete || readVersion !== version || !equalBytes(read.account, account)) return refusal('malformed-handover');
  return equalBytes(await commitmentTo(opening), commitment) ? success({ sealTo: read.sealTo }) : refusal('other-opening');
}

/** Two groups of five digits, the same on both devices: somebody between them makes it the same once in ten thousand million. */
export async function handoverCode(introduction: Bytes, opening: Bytes): Promise<string> {
  return fiveDigitGroups(await labelledHash(codeLabel, introduction, opening), codeGroups);
}

/** Only after the codes were compared. */
export function sealHandover(
  introduction: Bytes,
  opening: Bytes,
  sealTo: Bytes,
  { signingSeed, sealingSeed }: IdentitySecrets,
): Promise<Result<Bytes, 'invalid-public-key'>> {
  return hpkeSeal(sealTo, labelled(sealLabel), concatenate(introduction, opening), concatenate(signingSeed, sealingSeed));
}

/** Only after the codes were compared. Bound to this introduction and this opening: what was sealed in another hand-over opens in none. */
export async function openHandover(
  introduction: Bytes,
  { opening, receivingKey }: HandoverOffer,
  sealed: Uint8Array,
): Promise<Result<IdentitySecrets, 'cannot-open'>> {
  const opened = await hpkeOpen(receivingKey, labelled(sealLabel), concatenate(introduction, opening), sealed);
  if (!opened.ok) return opened;
  if (opened.value.length !== 64) return refusal('cannot-open');
  return success({ signingSeed: opened.value.slice(0, 32), sealingSeed: opened.value.slice(32) });
}

async function commitmentTo(opening: Bytes): Promise<Bytes> {
  return (await labelledHash(label, opening)).slice(0, commitmentLength);
}
