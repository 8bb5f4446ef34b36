import { Aes128Gcm, DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/core';
import type { CiphersuiteImpl } from 'ts-mls/crypto/ciphersuite.js';
import { mlsSuite } from '../../../src/e2ee/calls/mls-suite';
import { type Bytes } from '../../../src/e2ee/bytes';
import { signerFromSeed } from '../../../src/e2ee/signature';

/** The one suite of the official vectors whose primitives are all the browser's own, made as that of our calls is. */
export function vectorSuite(): Promise<CiphersuiteImpl> {
  return mlsSuite(
    'MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519',
    new DhkemX25519HkdfSha256(),
    new HkdfSha256(),
    new Aes128Gcm(),
    async (seed, message) => (await signerFromSeed(seed as Bytes)).sign(message),
  );
}
