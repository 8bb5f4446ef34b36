import { type Bytes, concatenate, utf8 } from '../bytes';

/** RFC 9605 section 4.5, the suites that WebCrypto does by itself: 4 is AES-128-GCM with SHA-256, 5 AES-256-GCM with SHA-512; their tags are whole. */
export type CipherSuite = 4 | 5;

export const tagLength = 16;
const saltLength = 12;

const suites = {
  4: { hash: 'SHA-256', keyLength: 16 },
  5: { hash: 'SHA-512', keyLength: 32 },
} as const;

/** The key of one key id, and the salt of its nonces. */
export interface SFrameKey {
  readonly key: CryptoKey;
  readonly salt: Bytes;
}

/** Bytes of a base key. RFC 9605 section 5.2 has the MLS exporter give as many as the AEAD's key has. */
export function baseKeyLength(suite: CipherSuite): number {
  return suites[suite].keyLength;
}

/**
 * Whoever has the base key can both seal and open: it is one of a group.
 * @remarks RFC 9605 section 4.4.2.
 */
export async function deriveKey(suite: CipherSuite, keyId: bigint, baseKey: Bytes): Promise<SFrameKey> {
  const { key, salt } = await deriveKeyBytes(suite, keyId, baseKey);
  return { key: await crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['encrypt', 'decrypt']), salt };
}

/** The bytes of the key, as test vectors have them. */
export async function deriveKeyBytes(suite: CipherSuite, keyId: bigint, baseKey: Bytes): Promise<{ readonly key: Bytes; readonly salt: Bytes }> {
  const secret = await crypto.subtle.importKey('raw', baseKey, 'HKDF', false, ['deriveBits']);
  const { hash, keyLength } = suites[suite];
  const expand = async (label: string, length: number) =>
    new Uint8Array(
      await crypto.subtle.deriveBits(
        { name: 'HKDF', hash, salt: new Uint8Array(), info: concatenate(utf8(label), uint64(keyId), Uint8Array.of(0, suite)) },
        secret,
        length * 8,
      ),
    );
  return { key: await expand('SFrame 1.0 Secret key ', keyLength), salt: await expand('SFrame 1.0 Secret salt ', saltLength) };
}

/** The counter of 96 bits, exclusive-or the salt. */
export function nonceOf(salt: Bytes, counter: bigint): Bytes {
  const nonce = new Uint8Array(salt);
  const low = new DataView(nonce.buffer);
  low.setBigUint64(saltLength - 8, low.getBigUint64(saltLength - 8) ^ counter);
  return nonce;
}

function uint64(value: bigint): Bytes {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, value);
  return bytes;
}
