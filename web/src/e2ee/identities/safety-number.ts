import { type Bytes, concatenate } from '../bytes';
import { labelled } from '../labelled';
import { refusal, type Result, success } from '../result';

/** Each round makes looking for a key with a given number dearer; a phone does them all in a few milliseconds. */
const rounds = 5200;
const groups = 6;

/**
 * Sixty digits that two people read to each other, the same on both sides: thirty stand for each, in the order of their values. Half of them in common would take 2^99 keys.
 * @param one Fingerprints, see `fingerprintOf`.
 */
export async function safetyNumber(one: Bytes, other: Bytes): Promise<string> {
  const [first, second] = [await digitsOf(one), await digitsOf(other)].sort();
  return `${first} ${second}`;
}

/** The content of a QR code: whoever scans compares whole fingerprints. */
export function verificationCode(own: Bytes, theirs: Bytes): string {
  return `tocsin-verify-1:${base64Url(own)}:${base64Url(theirs)}`;
}

/**
 * The scanned code names its owner first: that must be the person whose device is scanned, and the second must be oneself.
 * @param others Fingerprints of everybody else who is known. `other-person`: a code between two people who are both known is no sign of anybody in between, one of the two has opened another page.
 */
export function checkVerificationCode(
  scanned: string,
  own: Bytes,
  theirs: Bytes,
  others: Iterable<Bytes> = [],
): Result<true, 'not-a-verification-code' | 'other-keys' | 'other-person'> {
  const match = /^tocsin-verify-1:([A-Za-z0-9_-]{43}):([A-Za-z0-9_-]{43})$/.exec(scanned);
  if (match === null) return refusal('not-a-verification-code');
  const [shown = '', expected = ''] = match.slice(1);
  if (shown === base64Url(theirs) && expected === base64Url(own)) return success(true);
  const known = new Set([own, theirs, ...others].map(base64Url));
  return known.has(shown) && known.has(expected) ? refusal('other-person') : refusal('other-keys');
}

function digitsOf(fingerprint: Bytes): Promise<string> {
  return spokenDigits('Tocsin safety number v1', fingerprint, groups);
}

/** Groups of five digits that stand for a fingerprint. @param label What they are for. */
export async function spokenDigits(label: string, fingerprint: Bytes, count: number): Promise<string> {
  let hash: Bytes = labelled(label, fingerprint);
  for (let round = 0; round < rounds; round++) hash = new Uint8Array(await crypto.subtle.digest('SHA-512', concatenate(hash, fingerprint)));
  return fiveDigitGroups(hash, count);
}

/** Each group is five bytes modulo 100,000: the last is as likely as the first to one in ten million. */
export function fiveDigitGroups(bytes: Uint8Array, count: number): string {
  const numbers = Array.from(
    { length: count },
    (_, at) => bytes.subarray(5 * at, 5 * at + 5).reduce((value, byte) => value * 256 + byte, 0) % 100_000,
  );
  return numbers.map((number) => number.toString().padStart(5, '0')).join(' ');
}

function base64Url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}
