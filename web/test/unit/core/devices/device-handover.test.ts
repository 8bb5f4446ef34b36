import { describe, expect, it } from 'vitest';
import { HandoverGiver, HandoverReceiver, type ReceiverProgress } from '../../../../src/core/devices/device-handover';
import { fromHex } from '../../../../src/e2ee/bytes';
import { introduce, offerHandover, sealHandover, checkOpening } from '../../../../src/e2ee/identities/device-handover';
import { encodeLogEntry } from '../../../../src/e2ee/identities/directory-log';
import { makeIdentitySecrets, publishIdentity } from '../../../../src/e2ee/identities/identity';
import { MemoryDeviceStore, MemoryDirectoryLog, MemoryHandovers, openOn, readyOn } from './memory';

const now = (): number => 1_700_000_000_000;

/** A person with one device, and a browser that is none yet. */
async function twoBrowsers(log = new MemoryDirectoryLog(), newcomersLog = log) {
  const [person, handovers] = [crypto.randomUUID(), new MemoryHandovers()];
  const device = await readyOn(log, person);
  if (newcomersLog !== log) for (const entry of log.entries) await newcomersLog.append(entry);
  const store = new MemoryDeviceStore();
  const newcomer = await openOn(newcomersLog, person, store);
  if (newcomer.kind !== 'not-a-device') throw new Error('is a device already');
  const receiver = await HandoverReceiver.begin(newcomer, { handovers, identities: newcomersLog }, now);
  return { log, person, handovers, device, newcomer, store, receiver };
}

async function given(browsers: Awaited<ReturnType<typeof twoBrowsers>>, offered = browsers.receiver.texts.qr): Promise<HandoverGiver> {
  const giver = await HandoverGiver.begin(browsers.device, offered, browsers.handovers);
  if (!giver.ok) throw new Error(giver.code);
  return giver.value;
}

/** Up to the two codes on the two screens. */
async function compared(browsers: Awaited<ReturnType<typeof twoBrowsers>>) {
  const giver = await given(browsers);
  const there = await browsers.receiver.proceed();
  const here = await giver.proceed();
  if (there.kind !== 'compare' || here.kind !== 'compare') throw new Error(`${there.kind} and ${here.kind}`);
  return { giver, codes: [here.code, there.code] };
}

function failure(progress: { readonly kind: string; readonly because?: string }): string {
  return progress.kind === 'failed' ? (progress.because ?? '') : progress.kind;
}

describe('adding a device with another', () => {
  it('shows_the_same_code_on_both_and_after_both_have_confirmed_makes_the_new_one_a_device_of_the_same_identity', async () => {
    const browsers = await twoBrowsers();
    expect(await browsers.receiver.proceed()).toEqual({ kind: 'waiting' });
    const { giver, codes } = await compared(browsers);
    expect(codes[0]).toBe(codes[1]);
    expect((await giver.confirm()).kind).toBe('confirmed');
    const joined = await browsers.receiver.confirm();
    if (joined.kind !== 'joined' || joined.opened.kind !== 'ready') throw new Error(joined.kind);
    expect(joined.opened.device.secrets).toEqual(browsers.device.device.secrets);
    expect(joined.opened.device.device).not.toEqual(browsers.device.device.device);
    expect(browsers.log.entries).toHaveLength(3);
    expect((await giver.proceed()).kind).toBe('added');
    expect(browsers.handovers.boxes.size).toBe(0);
    // And it is a device after a reload.
    expect((await readyOn(browsers.log, browsers.person, browsers.store)).device.device).toEqual(joined.opened.device.device);
  });

  it('works_in_whichever_order_the_two_are_confirmed_and_by_the_typed_code', async () => {
    const browsers = await twoBrowsers();
    const giver = await given(browsers, browsers.receiver.texts.typed.toLowerCase());
    await browsers.receiver.proceed();
    await giver.proceed();
    expect((await browsers.receiver.confirm()).kind).toBe('confirmed');
    expect((await browsers.receiver.proceed()).kind).toBe('confirmed');
    await giver.confirm();
    expect((await browsers.receiver.proceed()).kind).toBe('joined');
  });

  it('gives_nothing_out_before_the_person_at_the_old_device_has_compared', async () => {
    const browsers = await twoBrowsers();
    const { giver } = await compared(browsers);
    await browsers.receiver.confirm();
    await giver.proceed();
    expect(browsers.handovers.only.sealed).toBeNull();
  });

  it('takes_nothing_before_the_person_at_the_new_device_has_compared', async () => {
    const browsers = await twoBrowsers();
    const { giver } = await compared(browsers);
    await giver.confirm();
    expect((await browsers.receiver.proceed()).kind).toBe('compare');
    expect(browsers.log.entries).toHaveLength(2);
  });

  it('says_nothing_of_its_key_before_the_other_side_is_bound', async () => {
    const browsers = await twoBrowsers();
    await browsers.receiver.proceed();
    expect(browsers.handovers.only).toEqual({ introduction: null, opening: null, sealed: null });
  });

  it('a_server_that_introduces_itself_in_the_place_of_the_device_makes_the_codes_differ', async () => {
    const browsers = await twoBrowsers();
    const giver = await given(browsers);
    const { account } = browsers.device.device;
    browsers.handovers.only.introduction = introduce({ account, fingerprint: new Uint8Array(32), head: browsers.log.head });
    const there = await browsers.receiver.proceed();
    const here = await giver.proceed();
    if (there.kind !== 'compare' || here.kind !== 'compare') throw new Error('no codes');
    expect(there.code).not.toBe(here.code);
  });

  it('a_server_that_puts_its_own_key_in_the_place_of_the_new_devices_is_found_out', async () => {
    const browsers = await twoBrowsers();
    const giver = await given(browsers);
    await browsers.receiver.proceed();
    browsers.handovers.only.opening = (await offerHandover(browsers.device.device.account)).opening;
    expect(failure(await giver.proceed())).toBe('tampered');
    expect(browsers.handovers.boxes.size).toBe(0);
    expect(failure(await giver.confirm())).toBe('tampered');
  });

  it('sealed_bytes_that_were_changed_or_come_from_an_earlier_hand_over_make_no_device', async () => {
    const earlier = await twoBrowsers();
    await (await compared(earlier)).giver.confirm();
    const replayed = earlier.handovers.only.sealed;
    for (const change of ['flip', 'replay'] as const) {
      const browsers = await twoBrowsers();
      await (await compared(browsers)).giver.confirm();
      const { only } = browsers.handovers;
      if (change === 'flip' && only.sealed !== null) only.sealed[40] = (only.sealed[40] ?? 0) ^ 1;
      if (change === 'replay') only.sealed = replayed;
      expect(failure(await browsers.receiver.confirm())).toBe('tampered');
      expect((await openOn(browsers.log, browsers.person, browsers.store)).kind).toBe('not-a-device');
      expect(browsers.log.entries).toHaveLength(2);
    }
  });

  it('an_identity_that_the_directory_does_not_have_is_not_taken', async () => {
    const browsers = await twoBrowsers();
    const { giver } = await compared(browsers);
    await giver.confirm();
    const { introduction, opening } = browsers.handovers.only;
    const { account } = browsers.device.device;
    const checked = await checkOpening(opening ?? new Uint8Array(), account, fromHex([...browsers.handovers.boxes.keys()][0] ?? ''));
    if (!checked.ok || introduction === null || opening === null) throw new Error('no opening');
    const sealed = await sealHandover(introduction, opening, checked.value.sealTo, makeIdentitySecrets());
    browsers.handovers.only.sealed = sealed.ok ? sealed.value : null;
    expect(failure(await browsers.receiver.confirm())).toBe('other-directory');
    expect(browsers.log.entries).toHaveLength(2);
  });

  it('a_server_that_shows_the_new_device_another_directory_is_found_out_by_the_head_in_the_code', async () => {
    const [log, forked] = [new MemoryDirectoryLog(), new MemoryDirectoryLog()];
    const browsers = await twoBrowsers(log, forked);
    for (const each of [log, forked])
      await each.append(
        encodeLogEntry({ kind: 'identity', statement: await publishIdentity(crypto.getRandomValues(new Uint8Array(16)), makeIdentitySecrets(), 1n) }),
      );
    await browsers.device.directory.sync();
    const { giver } = await compared(browsers);
    await giver.confirm();
    expect(failure(await browsers.receiver.confirm())).toBe('other-directory');
    expect(browsers.newcomer.directory.problem?.kind).toBe('forked');
    expect(forked.entries).toHaveLength(3);
  });

  it('a_server_that_withholds_entries_from_the_new_device_is_found_out', async () => {
    const [log, shorter] = [new MemoryDirectoryLog(), new MemoryDirectoryLog()];
    const browsers = await twoBrowsers(log, shorter);
    await log.append(
      encodeLogEntry({ kind: 'identity', statement: await publishIdentity(crypto.getRandomValues(new Uint8Array(16)), makeIdentitySecrets(), 1n) }),
    );
    await browsers.device.directory.sync();
    await (await compared(browsers)).giver.confirm();
    expect(failure(await browsers.receiver.confirm())).toBe('other-directory');
  });

  it('ends_on_both_sides_when_one_refuses', async () => {
    const one = await twoBrowsers();
    const first = await compared(one);
    await first.giver.refuse();
    expect(failure(await one.receiver.proceed())).toBe('ended');
    expect(failure(await one.receiver.confirm())).toBe('ended');

    const other = await twoBrowsers();
    const second = await compared(other);
    await second.giver.confirm();
    await other.receiver.refuse();
    expect(failure(await second.giver.proceed())).toBe('ended');
    expect(failure(await other.receiver.confirm())).toBe('ended');
    expect(other.log.entries).toHaveLength(2);
  });

  it('expires_on_both_sides_and_begins_again', async () => {
    const browsers = await twoBrowsers();
    const { giver } = await compared(browsers);
    browsers.handovers.refusal = 'handover-expired';
    expect(failure(await giver.confirm())).toBe('expired');
    expect(failure(await browsers.receiver.confirm())).toBe('expired');
    browsers.handovers.refusal = null;
    const again = await HandoverReceiver.begin(browsers.newcomer, { handovers: browsers.handovers, identities: browsers.log }, now);
    const second = await compared({ ...browsers, receiver: again });
    await second.giver.confirm();
    const joined: ReceiverProgress = await again.confirm();
    expect(joined.kind).toBe('joined');
  });

  it('refuses_a_wrong_code_one_that_no_device_of_the_person_shows_and_one_that_was_answered', async () => {
    const browsers = await twoBrowsers();
    const { typed } = browsers.receiver.texts;
    expect(await HandoverGiver.begin(browsers.device, typed.slice(2), browsers.handovers)).toMatchObject({ code: 'wrong-length' });
    const elsewhere = await twoBrowsers();
    expect(await HandoverGiver.begin(browsers.device, elsewhere.receiver.texts.qr, browsers.handovers)).toMatchObject({ code: 'no-such-offer' });
    await given(browsers);
    expect(await HandoverGiver.begin(browsers.device, typed, browsers.handovers)).toMatchObject({ code: 'overtaken' });
  });

  it('goes_on_after_the_link_was_away', async () => {
    const browsers = await twoBrowsers();
    const { giver } = await compared(browsers);
    browsers.handovers.refusal = 'unreachable';
    await expect(giver.confirm()).rejects.toMatchObject({ code: 'unreachable' });
    await expect(browsers.receiver.confirm()).rejects.toMatchObject({ code: 'unreachable' });
    browsers.handovers.refusal = null;
    expect((await giver.confirm()).kind).toBe('confirmed');
    expect((await browsers.receiver.proceed()).kind).toBe('joined');
  });
});
