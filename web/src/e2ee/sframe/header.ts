import type { Bytes } from '../bytes';

/** What stands before each sealed frame. Both numbers are unsigned 64-bit integers. */
export interface SFrameHeader {
  readonly keyId: bigint;
  readonly counter: bigint;
}

/** One byte of configuration and two numbers of 8 bytes. */
export const maximumHeaderLength = 17;

/**
 * ```
 *  0 1 2 3 4 5 6 7
 * +-+-+-+-+-+-+-+-+----------------+----------------+
 * |X|  K  |Y|  C  | key id, K+1 B  | counter, C+1 B |
 * +-+-+-+-+-+-+-+-+----------------+----------------+
 * ```
 * Where X or Y is 0 the number is K or C itself and has no bytes.
 * @throws RangeError where a number is not of 64 bits: both are ours.
 * @remarks RFC 9605 section 4.3.
 */
export function encodeHeader({ keyId, counter }: SFrameHeader): Bytes {
  const keyIdBytes = bytesAfterHeader(keyId);
  const counterBytes = bytesAfterHeader(counter);
  return Uint8Array.of((field(keyId, keyIdBytes.length) << 4) | field(counter, counterBytes.length), ...keyIdBytes, ...counterBytes);
}

/** Null where the bytes are no header, or one that is longer than it must be: a frame has one encoding only. */
export function parseHeader(frame: Uint8Array): { readonly header: SFrameHeader; readonly length: number } | null {
  const configuration = frame[0];
  if (configuration === undefined) return null;
  const keyId = readNumber(frame, configuration >> 4, 1);
  if (keyId === null) return null;
  const counter = readNumber(frame, configuration & 0xf, keyId.end);
  if (counter === null) return null;
  return { header: { keyId: keyId.value, counter: counter.value }, length: counter.end };
}

/** The four bits of one number: its value below 8, else 8 and its length less one. */
function field(value: bigint, length: number): number {
  return length === 0 ? Number(value) : 8 | (length - 1);
}

function bytesAfterHeader(value: bigint): number[] {
  if (value < 0n || value > 0xffff_ffff_ffff_ffffn) throw new RangeError('a number of an SFrame header has 64 bits');
  if (value < 8n) return [];
  const bytes: number[] = [];
  for (let rest = value; rest > 0n; rest >>= 8n) bytes.unshift(Number(rest & 0xffn));
  return bytes;
}

function readNumber(frame: Uint8Array, bits: number, start: number): { readonly value: bigint; readonly end: number } | null {
  if ((bits & 8) === 0) return { value: BigInt(bits), end: start };
  const end = start + (bits & 7) + 1;
  if (end > frame.length || frame[start] === 0) return null;
  let value = 0n;
  for (let at = start; at < end; at++) value = (value << 8n) | BigInt(frame[at] ?? 0);
  return value < 8n ? null : { value, end };
}
