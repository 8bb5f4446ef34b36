import { describe, expect, it } from 'vitest';
import { type Bytes, toHex } from '../../../src/e2ee/bytes';
import { certifyDevice, revokeDevice } from '../../../src/e2ee/identities/device-certificate';
import {
  appendToDirectory,
  compareHeads,
  type Directory,
  emptyDirectory,
  encodeLogEntry,
  findDevice,
  nextLogHead,
  parseLogEntry,
  type StatementKind,
} from '../../../src/e2ee/identities/directory-log';
import { identitySigner, type IdentitySecrets, publishIdentity } from '../../../src/e2ee/identities/identity';
import { SeededRandom } from '../seeded';

function secrets(random: SeededRandom): IdentitySecrets {
  return { signingSeed: random.bytes(32), sealingSeed: random.bytes(32) };
}

async function append(directory: Directory, kind: StatementKind, statement: Bytes) {
  return appendToDirectory(directory, encodeLogEntry({ kind, statement }));
}

async function appended(directory: Directory, kind: StatementKind, statement: Bytes): Promise<Directory> {
  const result = await append(directory, kind, statement);
  if (!result.ok) throw new Error(result.code);
  return result.value.directory;
}

async function certificate(random: SeededRandom, identity: IdentitySecrets, account: Bytes, device: Bytes): Promise<Bytes> {
  return certifyDevice(await identitySigner(identity), { account, device, deviceKey: random.bytes(32), issuedAt: 1n });
}

describe('the directory log', () => {
  it('tells_identities_devices_and_revocations_and_a_revoked_id_stays_revoked', async () => {
    const random = new SeededRandom();
    const [account, device, own] = [random.bytes(16), random.bytes(16), secrets(random)];
    let directory = await appended(emptyDirectory, 'identity', await publishIdentity(account, own, 1n));
    directory = await appended(directory, 'device-certificate', await certificate(random, own, account, device));
    expect(findDevice(directory, account, device)).not.toBeNull();
    const revocation = await revokeDevice(await identitySigner(own), { account, device, revokedAt: 2n });
    directory = await appended(directory, 'device-revocation', revocation);
    expect(findDevice(directory, account, device)).toBeNull();
    expect(await append(directory, 'device-certificate', await certificate(random, own, account, device))).toEqual({
      ok: false,
      code: 'device-exists',
    });
    expect(await append(directory, 'device-revocation', revocation)).toEqual({ ok: false, code: 'unknown-device' });
    expect(directory.head.number).toBe(3n);
  });

  it('a_reset_is_told_takes_the_devices_away_and_the_old_identity_certifies_no_more', async () => {
    const random = new SeededRandom();
    const [account, device, old, fresh] = [random.bytes(16), random.bytes(16), secrets(random), secrets(random)];
    let directory = await appended(emptyDirectory, 'identity', await publishIdentity(account, old, 1n));
    directory = await appended(directory, 'device-certificate', await certificate(random, old, account, device));
    const reset = await append(directory, 'identity', await publishIdentity(account, fresh, 2n));
    if (!reset.ok) throw new Error(reset.code);
    expect(reset.value.event.kind).toBe('identity-reset');
    expect(reset.value.directory.accounts.get(toHex(account))?.resets).toBe(1);
    expect(findDevice(reset.value.directory, account, device)).toBeNull();
    const byOld = await certificate(random, old, account, random.bytes(16));
    expect(await append(reset.value.directory, 'device-certificate', byOld)).toEqual({ ok: false, code: 'other-identity' });
  });

  it('a_server_cannot_write_what_nobody_signed', async () => {
    const random = new SeededRandom();
    const [account, victim, intruder] = [random.bytes(16), secrets(random), secrets(random)];
    const directory = await appended(emptyDirectory, 'identity', await publishIdentity(account, victim, 1n));
    const byIntruder = await certificate(random, intruder, account, random.bytes(16));
    expect(await append(directory, 'device-certificate', byIntruder)).toEqual({ ok: false, code: 'other-identity' });
    const elsewhere = await certificate(random, victim, random.bytes(16), random.bytes(16));
    expect(await append(directory, 'device-certificate', elsewhere)).toEqual({ ok: false, code: 'unknown-account' });
    for (let round = 0; round < 500; round++) expect((await appendToDirectory(directory, random.bytes(random.below(300)))).ok).toBe(false);
  });

  it('an_entry_that_is_cut_anywhere_is_none', () => {
    const bytes = encodeLogEntry({ kind: 'identity', statement: new Uint8Array(30) });
    for (let length = 0; length < bytes.length; length++) expect(parseLogEntry(bytes.subarray(0, length))).toBeNull();
    expect(parseLogEntry(bytes)).not.toBeNull();
  });

  it('two_heads_that_are_compared_show_a_fork', async () => {
    const random = new SeededRandom();
    const history = [emptyDirectory.head];
    for (let round = 0; round < 5; round++) history.push(await nextLogHead(history.at(-1) ?? emptyDirectory.head, random.bytes(20)));
    const hashes = history.map(({ hash }) => hash);
    expect(history.map((head) => compareHeads(hashes, head))).toEqual([...Array.from({ length: 5 }, () => 'behind-us'), 'same']);
    expect(compareHeads(hashes, { number: 3n, hash: random.bytes(32) })).toBe('forked');
    expect(compareHeads(hashes, { number: 6n, hash: random.bytes(32) })).toBe('ahead-of-us');
  });
});
