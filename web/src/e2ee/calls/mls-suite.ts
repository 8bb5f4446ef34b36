import { Aes256Gcm, CipherSuite, HkdfSha512, type AeadInterface, type KdfInterface, type KemInterface } from '@hpke/core';
import { XWing } from '@hpke/hybridkem-x-wing';
import { getCiphersuiteFromName, type CiphersuiteImpl, type CiphersuiteName } from 'ts-mls/crypto/ciphersuite.js';
import { makeHashImpl } from 'ts-mls/crypto/implementation/default/makeHashImpl.js';
import { makeKdfImpl } from 'ts-mls/crypto/implementation/default/makeKdfImpl.js';
import { makeGenericHpke } from 'ts-mls/crypto/implementation/hpke.js';
import type { Bytes } from '../bytes';
import { type Signer, verifySignature } from '../signature';

/** Of the range that RFC 9420 leaves to private use; ts-mls gives it the number 83. Both ends are ours. */
export const callSuiteName = 'MLS_256_XWING_AES256GCM_SHA512_Ed25519';

/** Where the library has a private signing key, it is given nothing: the device's key signs by itself and is never read. */
export const noPrivateKey = new Uint8Array();

/** The suite of every call: X-Wing, HKDF-SHA512, AES-256-GCM, and signatures of this device. */
export function callSuite(signer: Signer): Promise<CiphersuiteImpl> {
  return mlsSuite(callSuiteName, new XWing(), new HkdfSha512(), new Aes256Gcm(), (_key, message) => signer.sign(message));
}

/**
 * A cipher suite of the browser's own primitives. The library's own providers bring further packages for suites that we do not use.
 * @param sign Given the private key that the library holds.
 */
export async function mlsSuite(
  name: CiphersuiteName,
  kem: KemInterface,
  kdf: KdfInterface,
  aead: AeadInterface,
  sign: (privateKey: Uint8Array, message: Uint8Array) => Promise<Uint8Array>,
): Promise<CiphersuiteImpl> {
  const suite = getCiphersuiteFromName(name);
  return {
    name,
    kdf: makeKdfImpl(kdf),
    hash: makeHashImpl(crypto.subtle, suite.hash),
    hpke: await makeGenericHpke(suite.hpke, { encrypt, decrypt }, new CipherSuite({ kem, kdf, aead })),
    signature: { sign, verify: (publicKey, message, signature) => verifySignature(publicKey, signature, message), keygen: refuseToMakeKeys },
    rng: { randomBytes: (length) => crypto.getRandomValues(new Uint8Array(length)) },
  };
}

async function encrypt(key: Uint8Array, nonce: Uint8Array, associated: Uint8Array, plaintext: Uint8Array): Promise<Uint8Array> {
  const imported = await crypto.subtle.importKey('raw', key as Bytes, 'AES-GCM', false, ['encrypt']);
  return new Uint8Array(
    await crypto.subtle.encrypt({ name: 'AES-GCM', iv: nonce as Bytes, additionalData: associated as Bytes }, imported, plaintext as Bytes),
  );
}

async function decrypt(key: Uint8Array, nonce: Uint8Array, associated: Uint8Array, ciphertext: Uint8Array): Promise<Uint8Array> {
  const imported = await crypto.subtle.importKey('raw', key as Bytes, 'AES-GCM', false, ['decrypt']);
  return new Uint8Array(
    await crypto.subtle.decrypt({ name: 'AES-GCM', iv: nonce as Bytes, additionalData: associated as Bytes }, imported, ciphertext as Bytes),
  );
}

/** A device's key is made once, when the device is certified: no group makes one. */
function refuseToMakeKeys(): never {
  throw new TypeError('signing keys are those of devices');
}
