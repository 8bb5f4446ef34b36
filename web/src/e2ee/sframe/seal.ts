import { type Bytes, concatenate } from '../bytes';
import { refusal, type Result, success } from '../result';
import { encodeHeader, parseHeader, type SFrameHeader } from './header';
import { nonceOf, type SFrameKey, tagLength } from './sframe-key';

/**
 * Header, ciphertext, tag. `metadata` travels beside the frame and is bound to it. The caller never gives the same key and counter twice: see `FrameSealer`.
 * @remarks RFC 9605 section 4.4.3.
 */
export async function seal({ key, salt }: SFrameKey, header: SFrameHeader, metadata: Uint8Array, plaintext: Uint8Array): Promise<Bytes> {
  const clear = encodeHeader(header);
  const parameters = { name: 'AES-GCM', iv: nonceOf(salt, header.counter), additionalData: concatenate(clear, metadata) };
  return concatenate(clear, new Uint8Array(await crypto.subtle.encrypt(parameters, key, plaintext as Bytes)));
}

export interface SealedFrame {
  readonly header: SFrameHeader;
  /** As they stood in the frame: they are bound to it. */
  readonly headerBytes: Uint8Array;
  /** Ciphertext and tag. */
  readonly sealed: Uint8Array;
}

/** The parts of a frame, nothing of them verified. */
export function parseFrame(frame: Uint8Array): SealedFrame | null {
  const parsed = parseHeader(frame);
  if (parsed === null || frame.length < parsed.length + tagLength) return null;
  return { header: parsed.header, headerBytes: frame.subarray(0, parsed.length), sealed: frame.subarray(parsed.length) };
}

export async function open({ key, salt }: SFrameKey, frame: SealedFrame, metadata: Uint8Array): Promise<Result<Bytes, 'forged'>> {
  const parameters = { name: 'AES-GCM', iv: nonceOf(salt, frame.header.counter), additionalData: concatenate(frame.headerBytes, metadata) };
  try {
    return success(new Uint8Array(await crypto.subtle.decrypt(parameters, key, frame.sealed as Bytes)));
  } catch {
    // WebCrypto has no other way to say that the tag is not of these bytes.
    return refusal('forged');
  }
}
