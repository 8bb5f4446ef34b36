import { Aes128Gcm, Aes256Gcm, CipherSuite, DhkemP521HkdfSha512, DhkemX25519HkdfSha256, HkdfSha256, HkdfSha512 } from '@hpke/core';
import { XWing } from '@hpke/hybridkem-x-wing';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex, utf8 } from '../../src/e2ee/bytes';
import { hpkeKeyPairOf, hpkeOpen, hpkeOverhead, hpkePublicKeyLength, hpkeSeal } from '../../src/e2ee/hpke';
import { SeededRandom } from './seeded';
import { readVectors } from './vectors';

interface HpkeVector {
  readonly section: string;
  readonly info: string;
  readonly skRm: string;
  readonly pkRm: string;
  readonly ikmR: string;
  readonly ikmE: string;
  readonly enc: string;
  readonly encryptions: readonly { readonly sequence: string; readonly pt: string; readonly aad: string; readonly ct: string }[];
  readonly exports: readonly { readonly exporter_context: string; readonly L: string; readonly exported_value: string }[];
}

interface XWingVector {
  readonly seed: string;
  readonly eseed: string;
  readonly ss: string;
  readonly pk: string;
  readonly ct: string;
}

/** The key schedule of suite A.6 is that of our own suite; A.1 is that of the official MLS vectors. */
const suites: Readonly<Record<string, CipherSuite>> = {
  'A.1.1': new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes128Gcm() }),
  'A.6.1': new CipherSuite({ kem: new DhkemP521HkdfSha512(), kdf: new HkdfSha512(), aead: new Aes256Gcm() }),
};

describe('the vectors of RFC 9180', () => {
  it.each(readVectors<HpkeVector[]>('hpke/rfc9180-base.json'))('section $section', async (vector) => {
    const suite = suites[vector.section];
    if (suite === undefined) throw new Error('no suite for this section');
    const pair = await suite.kem.deriveKeyPair(fromHex(vector.ikmR));
    expect(toHex(new Uint8Array(await suite.kem.serializePublicKey(pair.publicKey)))).toBe(vector.pkRm);
    const info = fromHex(vector.info);
    const recipient = await suite.createRecipientContext({ recipientKey: pair.privateKey, enc: fromHex(vector.enc), info });
    let sequence = 0;
    for (const { sequence: at, pt, aad, ct } of vector.encryptions) {
      // The appendix leaves numbers out; a context counts every one.
      if (Number(at) !== sequence) break;
      expect(toHex(new Uint8Array(await recipient.open(fromHex(ct), fromHex(aad))))).toBe(pt);
      sequence++;
    }
    expect(sequence).toBeGreaterThan(2);
    for (const { exporter_context, L, exported_value } of vector.exports) {
      expect(toHex(new Uint8Array(await recipient.export(fromHex(exporter_context), Number(L))))).toBe(exported_value);
    }
  });
});

describe('the vectors of draft-connolly-cfrg-xwing-kem', () => {
  it.each(readVectors<XWingVector[]>('xwing/test-vectors.json'))('seed $seed', async ({ seed, eseed, ss, pk, ct }) => {
    const kem = new XWing();
    const pair = await hpkeKeyPairOf(fromHex(seed));
    expect(toHex(pair.publicKey)).toBe(pk);
    const recipientPublicKey = await kem.deserializePublicKey(pair.publicKey);
    const encapsulated = await kem.encap({ recipientPublicKey, ekm: fromHex(eseed) });
    expect(toHex(new Uint8Array(encapsulated.enc))).toBe(ct);
    expect(toHex(new Uint8Array(encapsulated.sharedSecret))).toBe(ss);
    const recipientKey = await kem.deserializePrivateKey(pair.privateKey);
    expect(toHex(new Uint8Array(await kem.decap({ recipientKey, enc: fromHex(ct) })))).toBe(ss);
  });
});

describe('sealing to a key', () => {
  const info = utf8('purpose');
  const associated = utf8('header');

  it('what_is_sealed_opens_with_the_private_key_alone', async () => {
    const random = new SeededRandom();
    const pair = await hpkeKeyPairOf(random.bytes(32));
    const other = await hpkeKeyPairOf(random.bytes(32));
    const plaintext = random.bytes(100);
    const sealed = await hpkeSeal(pair.publicKey, info, associated, plaintext);
    if (!sealed.ok) throw new Error(sealed.code);
    expect(sealed.value.length).toBe(plaintext.length + hpkeOverhead);
    expect(await hpkeOpen(pair.privateKey, info, associated, sealed.value)).toEqual({ ok: true, value: plaintext });
    expect(await hpkeOpen(other.privateKey, info, associated, sealed.value)).toEqual({ ok: false, code: 'cannot-open' });
    expect((await hpkeOpen(pair.privateKey, utf8('another'), associated, sealed.value)).ok).toBe(false);
    expect((await hpkeOpen(pair.privateKey, info, utf8('another'), sealed.value)).ok).toBe(false);
  });

  it('changed_cut_and_random_bytes_are_refused_without_an_exception', async () => {
    const random = new SeededRandom();
    const pair = await hpkeKeyPairOf(random.bytes(32));
    const sealed = await hpkeSeal(pair.publicKey, info, associated, random.bytes(32));
    if (!sealed.ok) throw new Error(sealed.code);
    for (let round = 0; round < 60; round++) {
      const changed = new Uint8Array(sealed.value);
      const at = random.below(changed.length);
      changed[at] = (changed[at] ?? 0) ^ (1 + random.below(255));
      expect((await hpkeOpen(pair.privateKey, info, associated, changed)).ok).toBe(false);
      expect((await hpkeOpen(pair.privateKey, info, associated, sealed.value.subarray(0, random.below(sealed.value.length)))).ok).toBe(false);
      expect((await hpkeOpen(pair.privateKey, info, associated, random.bytes(random.below(1300)))).ok).toBe(false);
    }
  });

  it('what_is_no_public_key_is_refused', async () => {
    const random = new SeededRandom();
    for (const length of [0, 1, hpkePublicKeyLength - 1, hpkePublicKeyLength + 1]) {
      expect(await hpkeSeal(random.bytes(length), info, associated, random.bytes(1))).toEqual({ ok: false, code: 'invalid-public-key' });
    }
    // Coefficients of ML-KEM are below 3,329: FIPS 203 section 7.2.
    expect(await hpkeSeal(new Uint8Array(hpkePublicKeyLength).fill(0xff), info, associated, random.bytes(1))).toEqual({
      ok: false,
      code: 'invalid-public-key',
    });
  });
});
