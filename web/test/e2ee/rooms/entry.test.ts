import { describe, expect, it } from 'vitest';
import { equalBytes, toHex } from '../../../src/e2ee/bytes';
import { hpkeKeyPairOf, hpkeOpen } from '../../../src/e2ee/hpke';
import { maximumContentLength, openContent, sealContent } from '../../../src/e2ee/rooms/content';
import {
  type EntryHeader,
  headerLength,
  encodeHeader,
  maximumSealedLength,
  parseEntry,
  signEntry,
  verifyEntrySignature,
} from '../../../src/e2ee/rooms/entry';
import {
  encodeEraKeySeals,
  eraCommitment,
  makeEraKey,
  openEraKey,
  parseEraKeySeals,
  type SealOpener,
  sealEraKey,
} from '../../../src/e2ee/rooms/era-keys';
import { parseMembershipChange, signMembershipChange } from '../../../src/e2ee/rooms/membership';
import { signerFromSeed } from '../../../src/e2ee/signature';
import { SeededRandom } from '../seeded';

function randomHeader(random: SeededRandom): EntryHeader {
  return {
    room: random.bytes(16),
    id: random.bytes(16),
    device: random.bytes(16),
    deviceSeq: random.uint64(),
    seenSeq: random.uint64(),
    seenHash: random.bytes(32),
    class: random.pick(['content', 'membership', 'device', 'era-keys'] as const),
    era: random.below(2 ** 32),
  };
}

describe('an entry', () => {
  it('comes_back_as_it_was_signed', async () => {
    const random = new SeededRandom();
    const signer = await signerFromSeed(random.bytes(32));
    for (let round = 0; round < 200; round++) {
      const header = randomHeader(random);
      expect(encodeHeader(header).length).toBe(headerLength);
      const payload = random.bytes(random.below(300));
      const parsed = parseEntry(await signEntry(signer, header, payload));
      if (!parsed.ok) throw new Error(parsed.code);
      expect(parsed.value.header).toEqual(header);
      expect(parsed.value.payload).toEqual(payload);
      expect(await verifyEntrySignature(signer.publicKey, parsed.value)).toBe(true);
    }
  });

  it('cut_at_any_byte_or_with_one_more_is_refused', async () => {
    const random = new SeededRandom();
    const bytes = await signEntry(await signerFromSeed(random.bytes(32)), randomHeader(random), random.bytes(40));
    for (let length = 0; length < bytes.length; length++) expect(parseEntry(bytes.subarray(0, length)).ok).toBe(false);
    expect(parseEntry(Uint8Array.of(...bytes, 0))).toEqual({ ok: false, code: 'malformed-entry' });
  });

  it('changed_in_any_byte_is_refused_or_its_signature_is_wrong', async () => {
    const random = new SeededRandom();
    const signer = await signerFromSeed(random.bytes(32));
    const bytes = await signEntry(signer, randomHeader(random), random.bytes(20));
    for (let at = 0; at < bytes.length; at++) {
      const changed = new Uint8Array(bytes);
      changed[at] = (changed[at] ?? 0) ^ (1 + random.below(255));
      const parsed = parseEntry(changed);
      if (parsed.ok) expect(await verifyEntrySignature(signer.publicKey, parsed.value)).toBe(false);
    }
  });

  it('of_random_bytes_is_refused_without_an_exception', () => {
    const random = new SeededRandom();
    for (let round = 0; round < 3000; round++) {
      const bytes = random.bytes(random.below(400));
      if (bytes.length > 0 && random.chance(0.7)) bytes[0] = 1;
      parseEntry(bytes);
      parseMembershipChange(bytes);
      parseEraKeySeals(bytes);
    }
  });

  it('is_bounded', async () => {
    const signer = await signerFromSeed(new Uint8Array(32));
    const header = randomHeader(new SeededRandom());
    expect(parseEntry(await signEntry(signer, header, new Uint8Array(maximumSealedLength))).ok).toBe(true);
    await expect(signEntry(signer, header, new Uint8Array(maximumSealedLength + 1))).rejects.toThrow(RangeError);
    expect(parseEntry(new Uint8Array(2 ** 19))).toEqual({ ok: false, code: 'entry-too-long' });
  });
});

describe('content', () => {
  it('opens_with_the_era_key_under_its_own_header_only', async () => {
    const random = new SeededRandom();
    const key = makeEraKey();
    for (let round = 0; round < 50; round++) {
      const header = randomHeader(random);
      const content = random.bytes(random.below(300));
      const sealed = await sealContent(key, header, content);
      expect(sealed.length % 64).toBe(16);
      expect(await openContent(key, header, sealed)).toEqual({ ok: true, value: content });
      expect((await openContent(makeEraKey(), header, sealed)).ok).toBe(false);
      for (const other of [
        { deviceSeq: header.deviceSeq ^ 1n },
        { era: (header.era ^ 1) >>> 0 },
        { id: random.bytes(16) },
        { seenHash: random.bytes(32) },
      ]) {
        expect((await openContent(key, { ...header, ...other }, sealed)).ok).toBe(false);
      }
    }
  });

  it('of_any_length_ends_where_it_ended', async () => {
    const header = randomHeader(new SeededRandom());
    const key = makeEraKey();
    for (const content of [
      new Uint8Array(),
      new Uint8Array(63),
      new Uint8Array(64),
      Uint8Array.of(0x80),
      Uint8Array.of(0x80, 0, 0),
      new Uint8Array(maximumContentLength),
    ]) {
      const opened = await openContent(key, header, await sealContent(key, header, content));
      // Not `toEqual`, which takes its time over the longest.
      expect(opened.ok && equalBytes(opened.value, content)).toBe(true);
    }
    await expect(sealContent(key, header, new Uint8Array(maximumContentLength + 1))).rejects.toThrow(RangeError);
  });
});

describe('era keys', () => {
  it('open_for_their_member_and_against_their_commitment', async () => {
    const random = new SeededRandom();
    const [room, account] = [random.bytes(16), random.bytes(16)];
    const pair = await hpkeKeyPairOf(random.bytes(32));
    const open: SealOpener = (info, associated, sealed) => hpkeOpen(pair.privateKey, info, associated, sealed);
    const key = makeEraKey();
    const commitment = await eraCommitment(room, 3, key);
    const sealed = await sealEraKey(room, 3, account, pair.publicKey, key);
    if (!sealed.ok) throw new Error(sealed.code);
    const parsed = parseEraKeySeals(encodeEraKeySeals({ era: 3, seals: [{ account, sealed: sealed.value }] }));
    if (!parsed.ok) throw new Error(parsed.code);
    const [seal] = parsed.value.seals;
    if (seal === undefined) throw new Error('the seal is gone');
    expect(await openEraKey(room, 3, account, open, seal.sealed, commitment)).toEqual({ ok: true, value: key });
    expect(await openEraKey(room, 4, account, open, seal.sealed, commitment)).toEqual({ ok: false, code: 'cannot-open' });
    const another = await eraCommitment(room, 3, makeEraKey());
    expect(await openEraKey(room, 3, account, open, seal.sealed, another)).toEqual({ ok: false, code: 'other-key' });
  });

  it('sealed_twice_for_one_member_are_refused', () => {
    const seal = { account: new Uint8Array(16), sealed: new Uint8Array(1168) };
    expect(parseEraKeySeals(encodeEraKeySeals({ era: 1, seals: [seal, seal] })).ok).toBe(false);
  });
});

describe('a membership change', () => {
  it('comes_back_and_is_refused_when_cut_anywhere', async () => {
    const random = new SeededRandom();
    const signer = await signerFromSeed(random.bytes(32));
    const change = {
      creation: null,
      era: 7,
      eraCommitment: random.bytes(32),
      set: Array.from({ length: 3 }, () => ({
        account: random.bytes(16),
        signingKey: random.bytes(32),
        sealingKeyHash: random.bytes(32),
        role: random.pick(['member', 'administrator'] as const),
      })),
      removed: [random.bytes(16)],
      administrator: random.bytes(16),
    };
    const bytes = await signMembershipChange(signer, randomHeader(random), change);
    const parsed = parseMembershipChange(bytes);
    expect(parsed.ok && parsed.value.change).toEqual(change);
    for (let length = 0; length < bytes.length; length++) expect(parseMembershipChange(bytes.subarray(0, length)).ok).toBe(false);
  });

  it('that_names_somebody_twice_is_refused', async () => {
    const random = new SeededRandom();
    const account = random.bytes(16);
    const member = { account, signingKey: random.bytes(32), sealingKeyHash: random.bytes(32), role: 'member' } as const;
    const change = { creation: null, era: 1, eraCommitment: random.bytes(32), set: [member], removed: [account], administrator: account };
    const bytes = await signMembershipChange(await signerFromSeed(random.bytes(32)), randomHeader(random), change);
    expect(parseMembershipChange(bytes), toHex(account)).toEqual({ ok: false, code: 'malformed-statement' });
  });
});
