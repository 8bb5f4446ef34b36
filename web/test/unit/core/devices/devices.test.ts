import { describe, expect, it } from 'vitest';
import { accountOf, personOf } from '../../../../src/core/devices/account-bytes';
import { publish, standingOf } from '../../../../src/core/devices/device-opening';
import { equalBytes, utf8 } from '../../../../src/e2ee/bytes';
import { hpkeSeal } from '../../../../src/e2ee/hpke';
import { revokeDevice } from '../../../../src/e2ee/identities/device-certificate';
import { encodeLogEntry } from '../../../../src/e2ee/identities/directory-log';
import { makeIdentitySecrets, publishIdentity } from '../../../../src/e2ee/identities/identity';
import { verifySignature } from '../../../../src/e2ee/signature';
import { indexedDeviceStore } from '../../../../src/platform/device-store';
import { MemoryDeviceStore, MemoryDirectoryLog, openOn, readyOn } from './memory';

const info = utf8('test');

async function revocationOf(ready: Awaited<ReturnType<typeof readyOn>>) {
  const { identity, account, device } = ready.device;
  return encodeLogEntry({ kind: 'device-revocation', statement: await revokeDevice(identity, { account, device, revokedAt: 1n }) });
}

async function resetOf(account: Uint8Array<ArrayBuffer>) {
  return encodeLogEntry({ kind: 'identity', statement: await publishIdentity(account, makeIdentitySecrets(), 2n) });
}

describe('this device', () => {
  it('is_made_published_and_opened_again_with_the_same_keys', async () => {
    const [log, store, person] = [new MemoryDirectoryLog(), new MemoryDeviceStore(), crypto.randomUUID()];
    const made = await readyOn(log, person, store);
    expect(made.isFirst).toBe(true);
    expect(log.entries.length).toBe(2);
    const again = await readyOn(log, person, store);
    expect(again.isFirst).toBe(false);
    expect(again.device.device).toEqual(made.device.device);
    expect(log.entries.length).toBe(2);
    const certificate = again.directory.deviceOf(again.device.account, again.device.device);
    const signature = await again.device.signer.sign(info);
    expect(await verifySignature(certificate?.deviceKey ?? new Uint8Array(), signature, info)).toBe(true);
    const sealingKey = again.directory.identityOf(accountOf(person))?.identity.sealingKey ?? new Uint8Array();
    const sealed = await hpkeSeal(sealingKey, info, info, utf8('secret'));
    if (!sealed.ok) throw new Error(sealed.code);
    expect(await again.device.openSealed(info, info, sealed.value)).toEqual({ ok: true, value: utf8('secret') });
  });

  it('is_kept_in_the_browsers_own_database_whose_keys_nobody_can_export', async () => {
    const [log, person] = [new MemoryDirectoryLog(), crypto.randomUUID()];
    const made = await readyOn(log, person, indexedDeviceStore);
    expect((await readyOn(log, person, indexedDeviceStore)).device.device).toEqual(made.device.device);
    const kept = (await indexedDeviceStore.read(`${person}/device`)) as { readonly keys: CryptoKeyPair };
    expect(kept.keys.privateKey.extractable).toBe(false);
    expect(((await indexedDeviceStore.read(`${person}/store-key`)) as CryptoKey).extractable).toBe(false);
    const { signingSeed } = made.device.secrets;
    const seeds = (await indexedDeviceStore.read(`${person}/sealed/secrets`)) as Uint8Array;
    expect(Buffer.from(seeds).includes(Buffer.from(signingSeed))).toBe(false);
  });

  it('opens_without_a_server_where_it_was_opened_before_and_waits_for_one_where_it_was_not', async () => {
    const [log, store, person] = [new MemoryDirectoryLog(), new MemoryDeviceStore(), crypto.randomUUID()];
    await readyOn(log, person, store);
    log.isReachable = false;
    expect((await readyOn(log, person, store)).directory.head).toEqual(log.head);
    await expect(openOn(log, crypto.randomUUID())).rejects.toMatchObject({ code: 'unreachable' });
  });

  it('whose_publication_was_cut_off_is_published_at_the_next_opening', async () => {
    const [log, store, person] = [new MemoryDirectoryLog(), new MemoryDeviceStore(), crypto.randomUUID()];
    log.refusal = 'internal-error';
    await expect(openOn(log, person, store)).rejects.toMatchObject({ code: 'internal-error' });
    log.refusal = null;
    await readyOn(log, person, store);
    expect(log.entries.length).toBe(2);
  });

  it('is_none_where_another_browser_made_the_identity_even_in_the_same_moment', async () => {
    const [log, person] = [new MemoryDirectoryLog(), crypto.randomUUID()];
    log.refusal = 'identity-exists';
    const late = new MemoryDeviceStore();
    expect(await openOn(log, person, late)).toMatchObject({ kind: 'not-a-device', because: 'new' });
    expect([...late.values.keys()].some((key) => key.includes('secrets') || key.endsWith('/device'))).toBe(false);
    log.refusal = null;
    await readyOn(log, person);
    expect(await openOn(log, person)).toMatchObject({ kind: 'not-a-device', because: 'new' });
  });

  it('joins_an_identity_that_it_was_given', async () => {
    const [log, person] = [new MemoryDirectoryLog(), crypto.randomUUID()];
    const first = await readyOn(log, person);
    const opened = await openOn(log, person);
    const second = await publish(opened.keys, opened.directory, await opened.keys.join(first.device.secrets, 3n), log);
    expect(second).toMatchObject({ kind: 'ready', isFirst: false });
    await first.directory.sync();
    expect(first.directory.identityOf(accountOf(person))?.devices.size).toBe(2);
  });

  it('that_was_revoked_or_whose_identity_was_replaced_knows_it', async () => {
    const [log, store, person] = [new MemoryDirectoryLog(), new MemoryDeviceStore(), crypto.randomUUID()];
    const ready = await readyOn(log, person, store);
    await log.append(await revocationOf(ready));
    await ready.directory.sync();
    expect(standingOf(ready.directory, ready.device)).toBe('revoked');
    expect(await openOn(log, person, store)).toMatchObject({ kind: 'not-a-device', because: 'revoked' });
    await log.append(await resetOf(accountOf(person)));
    expect(await openOn(log, person, store)).toMatchObject({ kind: 'not-a-device', because: 'reset' });
  });

  it('account_bytes_are_those_of_the_persons_id', () => {
    const person = '01932b7c-0000-7000-8000-000000000002';
    expect(personOf(accountOf(person))).toBe(person);
  });
});

describe('the directory of a device', () => {
  it('is_read_once_and_kept_and_only_what_is_new_is_asked_for', async () => {
    const [log, store, person] = [new MemoryDirectoryLog(), new MemoryDeviceStore(), crypto.randomUUID()];
    for (let others = 0; others < 5; others++) await readyOn(log);
    await readyOn(log, person, store);
    const asked: bigint[] = [];
    const counting = Object.assign(Object.create(log) as MemoryDirectoryLog, {
      read: (after: bigint) => {
        asked.push(after);
        return log.read(after);
      },
    });
    const again = await readyOn(counting, person, store);
    expect(asked).toEqual([12n]);
    expect(again.directory.head).toEqual(log.head);
  });

  it('shows_an_identity_that_was_replaced_until_somebody_accepts_it_also_after_a_reload', async () => {
    const [log, store, person] = [new MemoryDirectoryLog(), new MemoryDeviceStore(), crypto.randomUUID()];
    const friend = (await readyOn(log)).device.account;
    const { directory } = await readyOn(log, person, store);
    expect(directory.trustIn(friend)).toBe('seen');
    await log.append(await resetOf(friend));
    await directory.sync();
    expect(directory.trustIn(friend)).toBe('changed');
    const reloaded = (await readyOn(log, person, store)).directory;
    expect(reloaded.trustIn(friend)).toBe('changed');
    expect(reloaded.changedAccounts()).toHaveLength(1);
    await reloaded.accept(friend, { verified: true });
    expect(reloaded.trustIn(friend)).toBe('verified');
    expect(reloaded.trustIn(accountOf(crypto.randomUUID()))).toBe('unknown');
  });

  it('shows_nobody_as_changed_to_a_device_that_never_saw_the_identity_before', async () => {
    const log = new MemoryDirectoryLog();
    const friend = (await readyOn(log)).device.account;
    await log.append(await resetOf(friend));
    expect((await readyOn(log)).directory.trustIn(friend)).toBe('seen');
  });

  it('believes_nothing_after_an_entry_that_nobody_signed_and_keeps_what_came_before', async () => {
    const [log, store, person] = [new MemoryDirectoryLog(), new MemoryDeviceStore(), crypto.randomUUID()];
    const { directory } = await readyOn(log, person, store);
    const forged = await resetOf(accountOf(crypto.randomUUID()));
    forged[forged.length - 1] = (forged.at(-1) ?? 0) ^ 1;
    await log.append(forged);
    await readyOn(new MemoryDirectoryLog());
    await directory.sync();
    expect(directory.problem).toEqual({ kind: 'refused', number: 3, code: 'bad-signature' });
    expect(directory.head.number).toBe(2n);
    expect((await readyOn(log, person, store)).directory.problem).toEqual(directory.problem);
  });

  it('shows_a_fork_where_the_server_tells_another_history_and_where_somebody_shows_another_head', async () => {
    const [log, person] = [new MemoryDirectoryLog(), crypto.randomUUID()];
    const { directory } = await readyOn(log, person);
    const twin = (await readyOn(log)).directory;
    await directory.sync();
    log.forget(2);
    await readyOn(log);
    await readyOn(log);
    await directory.sync();
    expect(directory.problem).toEqual({ kind: 'forked', number: 6 });
    expect(directory.head.number).toBe(4n);
    expect(await twin.compare(directory.head)).toBe('same');
    expect(await twin.compare(log.heads[4] ?? log.head)).toBe('forked');
    expect(twin.problem).toEqual({ kind: 'forked', number: 4 });
  });

  it('shows_a_server_that_forgot_entries_and_reads_anew_when_told_to_with_the_old_identities_pinned', async () => {
    const log = new MemoryDirectoryLog();
    const friend = (await readyOn(log)).device.account;
    const { directory } = await readyOn(log);
    log.forget(3);
    await directory.sync();
    expect(directory.problem).toEqual({ kind: 'shortened', number: 3 });
    log.forget(0);
    await log.append(await resetOf(friend));
    await directory.startOver();
    expect(directory.problem).toBeNull();
    expect(directory.trustIn(friend)).toBe('changed');
  });

  it('that_was_changed_in_the_browsers_files_is_read_from_the_server_again', async () => {
    const [log, store, person] = [new MemoryDirectoryLog(), new MemoryDeviceStore(), crypto.randomUUID()];
    const made = await readyOn(log, person, store);
    const page = [...store.values.keys()].find((key) => key.includes('/page/')) ?? '';
    const bytes = store.values.get(page) as Uint8Array;
    bytes[20] = (bytes[20] ?? 0) ^ 1;
    const again = await readyOn(log, person, store);
    expect(equalBytes(again.directory.head.hash, made.directory.head.hash)).toBe(true);
    expect(again.directory.problem).toBeNull();
  });
});
