import { decodeMlsMessage, encodeMlsMessage, type MLSMessage } from 'ts-mls/message.js';
import type { Bytes } from '../bytes';

export function encodeMessage(message: MLSMessage): Bytes {
  return new Uint8Array(encodeMlsMessage(message));
}

/** More than any group of a thousand devices has. */
const maximumMessageLength = 2 ** 23;

/** Null where the bytes are no message, or go on after it. */
export function decodeMessage(bytes: Uint8Array): MLSMessage | null {
  if (bytes.length > maximumMessageLength) return null;
  try {
    const decoded = decodeMlsMessage(bytes, 0);
    return decoded !== undefined && decoded[1] === bytes.length ? decoded[0] : null;
  } catch {
    // The library throws on some bytes that are too short.
    return null;
  }
}
