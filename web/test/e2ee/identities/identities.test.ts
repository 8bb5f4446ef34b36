import { describe, expect, it } from 'vitest';
import { type Bytes, toHex } from '../../../src/e2ee/bytes';
import { certifyDevice, readDeviceCertificate, readDeviceRevocation, revokeDevice } from '../../../src/e2ee/identities/device-certificate';
import {
  fingerprintOf,
  identitySigner,
  type IdentitySecrets,
  makeIdentitySecrets,
  publishIdentity,
  readIdentity,
} from '../../../src/e2ee/identities/identity';
import { makeBackupSalt, openBackup, readBackupHeader, sealBackup } from '../../../src/e2ee/identities/identity-backup';
import { formatRecoveryCode, makeRecoveryEntropy, parseRecoveryCode } from '../../../src/e2ee/identities/recovery-code';
import { checkVerificationCode, fiveDigitGroups, safetyNumber, verificationCode } from '../../../src/e2ee/identities/safety-number';
import { generateSigningKey, signerOf, verifySignature } from '../../../src/e2ee/signature';
import { SeededRandom } from '../seeded';

/** Every one of these must be refused by `refuses`. */
async function damaged(random: SeededRandom, bytes: Bytes, refuses: (damaged: Uint8Array) => Promise<boolean>): Promise<void> {
  for (let length = 0; length < bytes.length; length += 1 + (length >> 6)) expect(await refuses(bytes.subarray(0, length))).toBe(true);
  expect(await refuses(Uint8Array.of(...bytes, 0))).toBe(true);
  for (let round = 0; round < 100; round++) {
    const changed = new Uint8Array(bytes);
    const at = random.below(bytes.length);
    changed[at] = (changed[at] ?? 0) ^ (1 + random.below(255));
    expect(await refuses(changed)).toBe(true);
    expect(await refuses(random.bytes(random.below(bytes.length + 20)))).toBe(true);
  }
}

describe('an identity', () => {
  it('is_read_as_it_was_published_and_signed_by_itself', async () => {
    const random = new SeededRandom();
    const account = random.bytes(16);
    const published = await publishIdentity(account, makeIdentitySecrets(), 1_700_000_000_000n);
    const read = await readIdentity(published);
    if (!read.ok) throw new Error(read.code);
    expect(read.value.account).toEqual(account);
    expect(read.value.createdAt).toBe(1_700_000_000_000n);
    expect((await fingerprintOf(read.value)).length).toBe(32);
    await damaged(random, published, async (bytes) => !(await readIdentity(bytes)).ok);
  });

  it('certifies_and_revokes_devices', async () => {
    const random = new SeededRandom();
    const identity = await identitySigner(makeIdentitySecrets());
    const device = await signerOf(await generateSigningKey());
    const subject = { account: random.bytes(16), device: random.bytes(16), deviceKey: device.publicKey, issuedAt: 5n };
    const certificate = await certifyDevice(identity, subject);
    expect(certificate.length).toBe(169);
    expect(await readDeviceCertificate(certificate)).toEqual({ ok: true, value: { ...subject, identityKey: identity.publicKey } });
    await damaged(random, certificate, async (bytes) => !(await readDeviceCertificate(bytes)).ok);
    const revocation = await revokeDevice(identity, { account: subject.account, device: subject.device, revokedAt: 6n });
    expect((await readDeviceRevocation(revocation)).ok).toBe(true);
    expect((await readDeviceRevocation(certificate)).ok).toBe(false);
    await damaged(random, revocation, async (bytes) => !(await readDeviceRevocation(bytes)).ok);
  });

  it('a_devices_key_signs_and_cannot_be_read', async () => {
    const pair = await generateSigningKey();
    const signer = await signerOf(pair);
    const message = new Uint8Array(10);
    expect(await verifySignature(signer.publicKey, await signer.sign(message), message)).toBe(true);
    expect(pair.privateKey.extractable).toBe(false);
    expect(await verifySignature(new Uint8Array(31), new Uint8Array(64), message)).toBe(false);
    expect(await verifySignature(new Uint8Array(32).fill(0xff), new Uint8Array(64), message)).toBe(false);
  });
});

describe('a recovery code', () => {
  it('comes_back_however_it_is_typed', async () => {
    const random = new SeededRandom();
    for (let round = 0; round < 100; round++) {
      const entropy = random.bytes(16);
      const printed = await formatRecoveryCode(entropy);
      expect(printed).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){6}[0-9A-HJKMNP-TV-Z]{4}$/);
      const typed = printed
        .toLowerCase()
        .replaceAll('-', random.pick(['', ' ', '-', '  ']))
        .replaceAll('0', 'o')
        .replaceAll('1', random.pick(['i', 'l', 'I']));
      expect(await parseRecoveryCode(` ${typed} `)).toEqual({ ok: true, value: entropy });
    }
  });

  it('with_a_wrong_letter_two_swapped_or_one_missing_is_found_out', async () => {
    const random = new SeededRandom();
    let missed = 0;
    for (let round = 0; round < 400; round++) {
      const letters = [...(await formatRecoveryCode(random.bytes(16))).replaceAll('-', '')];
      const at = random.below(letters.length);
      const wrong = [...letters];
      wrong[at] = random.pick([...'0123456789ABCDEFGHJKMNPQRSTVWXYZ'].filter((letter) => letter !== letters[at]));
      if ((await parseRecoveryCode(wrong.join(''))).ok) missed++;
    }
    // One in 4,096 by chance: four of 400 would be a broken checksum.
    expect(missed).toBeLessThan(4);
    expect(await parseRecoveryCode('1234')).toEqual({ ok: false, code: 'wrong-length' });
    expect(await parseRecoveryCode('U'.repeat(28))).toEqual({ ok: false, code: 'wrong-letter' });
    expect(await parseRecoveryCode('')).toEqual({ ok: false, code: 'wrong-length' });
    expect(makeRecoveryEntropy().length).toBe(16);
  });

  it('is_the_same_for_the_same_bits_in_every_version', async () => {
    const entropy = Uint8Array.from({ length: 16 }, (_, at) => at);
    expect(await formatRecoveryCode(entropy)).toBe('000G-40R4-0M30-E209-185G-R38E-1WXB');
  });
});

describe('a backup', () => {
  const account = new Uint8Array(16).fill(1);

  async function sealedBy(kind: 'recovery-code' | 'passkey', secret: Bytes): Promise<{ readonly backup: Bytes; readonly identity: IdentitySecrets }> {
    const identity = makeIdentitySecrets();
    const backup = await sealBackup(account, makeBackupSalt(), kind === 'passkey' ? { kind, output: secret } : { kind, entropy: secret }, identity);
    return { backup, identity };
  }

  it('opens_with_its_secret_alone', async () => {
    const random = new SeededRandom();
    const entropy = makeRecoveryEntropy();
    const { backup, identity } = await sealedBy('recovery-code', entropy);
    expect(readBackupHeader(backup)).toMatchObject({ account, kind: 'recovery-code' });
    expect(await openBackup(backup, { kind: 'recovery-code', entropy })).toEqual({ ok: true, value: identity });
    expect(await openBackup(backup, { kind: 'recovery-code', entropy: makeRecoveryEntropy() })).toEqual({ ok: false, code: 'wrong-secret' });
    expect(await openBackup(backup, { kind: 'passkey', output: entropy })).toEqual({ ok: false, code: 'wrong-secret' });
    await damaged(random, backup, async (bytes) => !(await openBackup(bytes, { kind: 'recovery-code', entropy })).ok);
    const output = random.bytes(32);
    const passkey = await sealedBy('passkey', output);
    expect(await openBackup(passkey.backup, { kind: 'passkey', output })).toEqual({ ok: true, value: passkey.identity });
  });

  it('holds_nothing_of_the_seeds_in_clear', async () => {
    const { backup, identity } = await sealedBy('recovery-code', makeRecoveryEntropy());
    expect(toHex(backup)).not.toContain(toHex(identity.signingSeed.subarray(0, 8)));
    expect(toHex(backup)).not.toContain(toHex(identity.sealingSeed.subarray(0, 8)));
  });
});

describe('a safety number', () => {
  it('is_the_same_for_both_and_another_for_any_other_key', async () => {
    const random = new SeededRandom();
    const [one, other, third] = [random.bytes(32), random.bytes(32), random.bytes(32)];
    const number = await safetyNumber(one, other);
    expect(number).toMatch(/^(\d{5} ){11}\d{5}$/);
    expect(await safetyNumber(other, one)).toBe(number);
    expect(await safetyNumber(one, third)).not.toBe(number);
  });

  it('five_digit_groups_keep_their_zeros', () => {
    expect(fiveDigitGroups(Uint8Array.of(0, 0, 0, 0, 7, 0, 0, 1, 134, 160), 2)).toBe('00007 00000');
  });

  it('a_scanned_code_is_of_the_two_who_compare', () => {
    const random = new SeededRandom();
    const [one, other] = [random.bytes(32), random.bytes(32)];
    const shown = verificationCode(one, other);
    expect(checkVerificationCode(shown, other, one)).toEqual({ ok: true, value: true });
    // One's own code, in a mirror or by a mistake.
    expect(checkVerificationCode(shown, one, other)).toEqual({ ok: false, code: 'other-person' });
    expect(checkVerificationCode(shown, other, random.bytes(32))).toEqual({ ok: false, code: 'other-keys' });
    const third = random.bytes(32);
    expect(checkVerificationCode(verificationCode(third, other), other, one, [third])).toEqual({ ok: false, code: 'other-person' });
    expect(checkVerificationCode(verificationCode(one, third), other, one, [third])).toEqual({ ok: false, code: 'other-person' });
    expect(checkVerificationCode(shown.replace(/.$/, ''), other, one)).toEqual({ ok: false, code: 'not-a-verification-code' });
    expect(checkVerificationCode('https', one, other)).toEqual({ ok: false, code: 'not-a-verification-code' });
  });
});
