import { Aes256Gcm, CipherSuite, HkdfSha512 } from '@hpke/core';
import { XWing } from '@hpke/hybridkem-x-wing';
import { type Bytes, concatenate } from './bytes';
import { refusal, type Result, success } from './result';

/** What a sealed message costs beyond its plaintext: the encapsulation and the tag. */
export const hpkeOverhead = 1120 + 16;
export const hpkePublicKeyLength = 1216;
export const hpkePrivateKeyLength = 32;
const encapsulationLength = 1120;

export interface HpkeKeyPair {
  readonly publicKey: Bytes;
  /** The seed that X-Wing expands; also its private key. */
  readonly privateKey: Bytes;
}

/** X-Wing (X25519 with ML-KEM-768), HKDF-SHA512, AES-256-GCM: as in the calls' MLS cipher suite. */
const suite = new CipherSuite({ kem: new XWing(), kdf: new HkdfSha512(), aead: new Aes256Gcm() });
const xwing = new XWing();

/** The same seed of 32 random bytes gives the same pair. */
export async function hpkeKeyPairOf(seed: Bytes): Promise<HpkeKeyPair> {
  const pair = await xwing.generateKeyPairDerand(seed);
  return { publicKey: new Uint8Array(await xwing.serializePublicKey(pair.publicKey)), privateKey: new Uint8Array(seed) };
}

/**
 * Seals to whoever holds the private key; says nothing of who sealed. `info` names the purpose, so that what is sealed for one is opened for no other.
 * @returns Encapsulation (1,120 bytes), ciphertext, tag.
 * @remarks RFC 9180 section 6.1, mode base, one message a context.
 */
export async function hpkeSeal(publicKey: Bytes, info: Bytes, associated: Bytes, plaintext: Bytes): Promise<Result<Bytes, 'invalid-public-key'>> {
  try {
    const recipientPublicKey = await xwing.deserializePublicKey(publicKey);
    const { enc, ct } = await suite.seal({ recipientPublicKey, info }, plaintext, associated);
    return success(concatenate(new Uint8Array(enc), new Uint8Array(ct)));
  } catch {
    // The key is the one argument that comes from others: of the wrong length, or not a key of ML-KEM.
    return refusal('invalid-public-key');
  }
}

export async function hpkeOpen(privateKey: Bytes, info: Bytes, associated: Bytes, sealed: Uint8Array): Promise<Result<Bytes, 'cannot-open'>> {
  if (sealed.length < hpkeOverhead) return refusal('cannot-open');
  try {
    const recipientKey = await xwing.deserializePrivateKey(privateKey);
    const enc = new Uint8Array(sealed.subarray(0, encapsulationLength));
    return success(new Uint8Array(await suite.open({ recipientKey, enc, info }, new Uint8Array(sealed.subarray(encapsulationLength)), associated)));
  } catch {
    return refusal('cannot-open');
  }
}
