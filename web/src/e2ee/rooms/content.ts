import { openOnce, sealOnce } from '../aes-gcm';
import type { Bytes } from '../bytes';
import { deriveBytes } from '../labelled';
import { refusal, type Result, success } from '../result';
import { encodeHeader, type EntryHeader, maximumSealedLength } from './entry';

/** Content is padded to a multiple of this: its length tells little. */
const paddingStep = 64;
const tagLength = 16;
export const maximumContentLength = maximumSealedLength - tagLength - paddingStep;

/**
 * AES-256-GCM under a key and nonce of this entry alone, derived from the era key and the whole header, which is also the associated data. See docs/decisions/0102.
 * @throws RangeError where the content is longer than `maximumContentLength`.
 */
export async function sealContent(eraKey: Bytes, header: EntryHeader, content: Uint8Array): Promise<Bytes> {
  if (content.length > maximumContentLength) throw new RangeError('the content of an entry is bounded');
  const { key, nonce, associated } = await entryKey(eraKey, header);
  return sealOnce(key, nonce, associated, pad(content));
}

export async function openContent(eraKey: Bytes, header: EntryHeader, sealed: Uint8Array): Promise<Result<Bytes, 'cannot-open'>> {
  const { key, nonce, associated } = await entryKey(eraKey, header);
  const opened = await openOnce(key, nonce, associated, sealed);
  if (!opened.ok) return opened;
  const content = unpad(opened.value);
  return content === null ? refusal('cannot-open') : success(content);
}

async function entryKey(eraKey: Bytes, header: EntryHeader): Promise<{ readonly key: Bytes; readonly nonce: Bytes; readonly associated: Bytes }> {
  const associated = encodeHeader(header);
  const bytes = await deriveBytes(eraKey, header.id, 'Tocsin room content v1', associated, 44);
  return { key: bytes.slice(0, 32), nonce: bytes.slice(32), associated };
}

/** The content, one byte 0x80, zeros. */
function pad(content: Uint8Array): Bytes {
  const padded = new Uint8Array(Math.ceil((content.length + 1) / paddingStep) * paddingStep);
  padded.set(content);
  padded[content.length] = 0x80;
  return padded;
}

function unpad(padded: Bytes): Bytes | null {
  let end = padded.length - 1;
  while (end >= 0 && padded[end] === 0) end--;
  return end >= 0 && padded[end] === 0x80 ? padded.slice(0, end) : null;
}
