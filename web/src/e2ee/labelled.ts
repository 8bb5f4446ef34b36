import { type Bytes, concatenate, sha256, utf8 } from './bytes';

/** Everything that is signed, hashed or derived begins with what it is for and a zero byte: nothing made for one purpose is taken for another. */
export function labelled(label: string, ...parts: readonly Uint8Array[]): Bytes {
  return concatenate(utf8(label), Uint8Array.of(0), ...parts);
}

export function labelledHash(label: string, ...parts: readonly Uint8Array[]): Promise<Bytes> {
  return sha256(labelled(label, ...parts));
}

export function uint64Bytes(value: bigint): Bytes {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, value);
  return bytes;
}

/** HKDF-SHA256 (RFC 5869), the label and what it is bound to being the info. */
export async function deriveBytes(secret: Uint8Array, salt: Uint8Array, label: string, context: Uint8Array, length: number): Promise<Bytes> {
  const key = await crypto.subtle.importKey('raw', secret as Bytes, 'HKDF', false, ['deriveBits']);
  const parameters = { name: 'HKDF', hash: 'SHA-256', salt: salt as Bytes, info: labelled(label, context) };
  return new Uint8Array(await crypto.subtle.deriveBits(parameters, key, length * 8));
}
