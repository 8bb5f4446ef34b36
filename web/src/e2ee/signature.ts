import type { Bytes } from './bytes';

export const signatureLength = 64;
export const signingPublicKeyLength = 32;

/** Signs with a key that it does not give away. */
export interface Signer {
  readonly publicKey: Bytes;
  sign(message: Uint8Array): Promise<Bytes>;
}

/** PKCS #8 of an Ed25519 seed, RFC 8410 section 7: everything before the 32 bytes. */
const pkcs8Prefix = Uint8Array.of(0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20);

/** A device's key: made by the browser, which lets nobody read it, not even us. It can be kept in IndexedDB. */
export async function generateSigningKey(): Promise<CryptoKeyPair> {
  return (await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify'])) as CryptoKeyPair;
}

export async function signerOf(pair: CryptoKeyPair): Promise<Signer> {
  const publicKey = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey));
  return { publicKey, sign: async (message) => new Uint8Array(await crypto.subtle.sign('Ed25519', pair.privateKey, message as Bytes)) };
}

/** An identity's key, whose seed is also in its sealed backup. @remarks RFC 8032 section 5.1.5. */
export async function signerFromSeed(seed: Bytes): Promise<Signer> {
  const encoded = new Uint8Array([...pkcs8Prefix, ...seed]);
  const readable = await crypto.subtle.importKey('pkcs8', encoded, 'Ed25519', true, ['sign']);
  const { x } = await crypto.subtle.exportKey('jwk', readable);
  if (x === undefined) throw new TypeError('an Ed25519 key without its public part');
  const publicKey = Uint8Array.from(atob(x.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0));
  const key = await crypto.subtle.importKey('pkcs8', encoded, 'Ed25519', false, ['sign']);
  return { publicKey, sign: async (message) => new Uint8Array(await crypto.subtle.sign('Ed25519', key, message as Bytes)) };
}

/** False also where the key is none. */
export async function verifySignature(publicKey: Uint8Array, signature: Uint8Array, message: Uint8Array): Promise<boolean> {
  if (publicKey.length !== signingPublicKeyLength || signature.length !== signatureLength) return false;
  try {
    const key = await crypto.subtle.importKey('raw', publicKey as Bytes, 'Ed25519', false, ['verify']);
    return await crypto.subtle.verify('Ed25519', key, signature as Bytes, message as Bytes);
  } catch {
    return false;
  }
}
