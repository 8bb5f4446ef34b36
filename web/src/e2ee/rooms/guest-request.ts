import { openOnce, sealOnce } from '../aes-gcm';
import { type Bytes, concatenate, sha256, utf8 } from '../bytes';
import { hpkePublicKeyLength } from '../hpke';
import { fingerprintFrom } from '../identities/identity';
import { spokenDigits } from '../identities/safety-number';
import { deriveBytes, labelled } from '../labelled';
import { refusal, type Result, success } from '../result';
import { signatureLength, type Signer, signingPublicKeyLength, verifySignature } from '../signature';
import { WireReader, WireWriter } from '../wire';
import { type GuestLink, guestLinkId } from './guest-link';
import { guestAccountOf } from './membership';

const version = 1;
const saltLength = 16;
/** In bytes of UTF-8; the rest is zeros, so that all requests are of one length. */
const longestNameBytes = 240;
/** In characters. */
export const longestGuestName = 60;
const bodyLength = signingPublicKeyLength + hpkePublicKeyLength + 1 + longestNameBytes;
export const guestRequestLength = 1 + saltLength + bodyLength + signatureLength + 16;
const signatureLabel = 'Tocsin guest request v1';

/** Somebody who asks to be let in, with the keys that they would be in the room with. */
export interface Applicant {
  readonly account: Bytes;
  readonly signingKey: Bytes;
  readonly sealingKey: Bytes;
  readonly sealingKeyHash: Bytes;
  /** As they call themselves: nobody vouches for it. */
  readonly name: string;
}

/** Signed by the guest's identity and sealed under the link's secret: the server can neither read it, nor put other keys into it, nor make one. @throws RangeError where the name is none. */
export async function sealGuestRequest(link: GuestLink, identity: Signer, sealingKey: Bytes, name: string): Promise<Bytes> {
  if (!isGuestName(name)) throw new RangeError('a guest has a name');
  const named = utf8(name);
  const body = new WireWriter()
    .fixed(identity.publicKey, signingPublicKeyLength)
    .fixed(sealingKey, hpkePublicKeyLength)
    .uint8(named.length)
    .fixed(concatenate(named, new Uint8Array(longestNameBytes - named.length)), longestNameBytes)
    .bytes();
  const signature = await identity.sign(await signedBytes(link, body));
  const clear = concatenate(Uint8Array.of(version), crypto.getRandomValues(new Uint8Array(saltLength)));
  const { key, nonce, associated } = await requestKey(link, clear);
  return concatenate(clear, await sealOnce(key, nonce, associated, concatenate(body, signature)));
}

export async function openGuestRequest(
  link: GuestLink,
  bytes: Uint8Array,
): Promise<Result<Applicant, 'malformed-request' | 'cannot-open' | 'bad-signature'>> {
  if (bytes.length !== guestRequestLength || bytes[0] !== version) return refusal('malformed-request');
  const clearLength = 1 + saltLength;
  const { key, nonce, associated } = await requestKey(link, bytes.slice(0, clearLength) as Bytes);
  const opened = await openOnce(key, nonce, associated, bytes.subarray(clearLength));
  if (!opened.ok) return opened;
  const body = opened.value.slice(0, bodyLength);
  const reader = new WireReader(body);
  const signingKey = reader.fixed(signingPublicKeyLength);
  const sealingKey = reader.fixed(hpkePublicKeyLength);
  const length = reader.uint8();
  const padded = reader.fixed(longestNameBytes);
  const name = nameIn(padded, length);
  if (!reader.isComplete || name === null) return refusal('malformed-request');
  if (!(await verifySignature(signingKey, opened.value.slice(bodyLength), await signedBytes(link, body)))) return refusal('bad-signature');
  const sealingKeyHash = await sha256(sealingKey);
  return success({ account: await guestAccountOf(link.room, signingKey, sealingKeyHash), signingKey, sealingKey, sealingKeyHash, name });
}

/** Words of one line that do not hide or turn anything: what is called by it is shown beside the names of others. */
export function isGuestName(name: string): boolean {
  return (
    name.trim() === name &&
    name !== '' &&
    name.length <= longestGuestName &&
    utf8(name).length <= longestNameBytes &&
    !/[\p{C}\p{Zl}\p{Zp}]/u.test(name)
  );
}

/** Fifteen digits that guest and member read to each other: other keys with the same code would take 2^49 tries, each as dear as a safety number. */
export async function guestCode({
  account,
  signingKey,
  sealingKeyHash,
}: Pick<Applicant, 'account' | 'signingKey' | 'sealingKeyHash'>): Promise<string> {
  return spokenDigits('Tocsin guest code v1', await fingerprintFrom(account, signingKey, sealingKeyHash), 3);
}

function nameIn(padded: Bytes, length: number): string | null {
  if (length > longestNameBytes || padded.subarray(length).some((byte) => byte !== 0)) return null;
  try {
    const name = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(padded.subarray(0, length));
    return isGuestName(name) ? name : null;
  } catch {
    return null;
  }
}

async function signedBytes(link: GuestLink, body: Bytes): Promise<Bytes> {
  return labelled(signatureLabel, link.room, await guestLinkId(link), body);
}

async function requestKey(link: GuestLink, clear: Bytes): Promise<{ readonly key: Bytes; readonly nonce: Bytes; readonly associated: Bytes }> {
  const associated = concatenate(link.room, clear);
  const bytes = await deriveBytes(link.secret, clear.slice(1), 'Tocsin guest request v1', associated, 44);
  return { key: bytes.slice(0, 32), nonce: bytes.slice(32), associated };
}
