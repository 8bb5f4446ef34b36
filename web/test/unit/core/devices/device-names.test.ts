import { describe, expect, it } from 'vitest';
import { forgetDevice } from '../../../../src/core/devices/forgetting';
import { nameDevice, type NameService, readDeviceNames, suggestName } from '../../../../src/core/devices/device-names';
import { type Bytes, toHex } from '../../../../src/e2ee/bytes';
import { ApiError } from '../../../../src/transport/api-error';
import { browserName } from '../../../../src/platform/browser-name';
import { MemoryDeviceStore, MemoryDirectoryLog, openOn, readyOn } from './memory';

class MemoryNames implements NameService {
  readonly sealed = new Map<string, Bytes>();
  isReachable = true;
  asked = 0;

  list(): Promise<ReadonlyMap<string, Bytes>> {
    this.asked++;
    return this.isReachable ? Promise.resolve(this.sealed) : Promise.reject(ApiError.unreachable());
  }

  keep(device: Bytes, sealed: Bytes): Promise<void> {
    this.sealed.set(toHex(device), sealed);
    return Promise.resolve();
  }
}

describe('names of devices', () => {
  it('are_suggested_once_read_by_ones_own_devices_and_stay_as_the_person_changed_them', async () => {
    const [log, names] = [new MemoryDirectoryLog(), new MemoryNames()];
    const { device, keys } = await readyOn(log);
    await suggestName(device, keys, 'Firefox, Android', names);
    expect(await readDeviceNames(device, names)).toEqual(new Map([[toHex(device.device), 'Firefox, Android']]));
    await nameDevice(device, device.device, ' Téléphone d’astreinte ', names);
    await suggestName(device, keys, 'Firefox, Android', names);
    expect([...(await readDeviceNames(device, names)).values()]).toEqual(['Téléphone d’astreinte']);
    await nameDevice(device, device.device, '   ', names);
    expect([...(await readDeviceNames(device, names)).values()]).toEqual(['Téléphone d’astreinte']);
  });

  it('are_asked_for_again_after_the_link_was_away_and_never_once_they_are_there', async () => {
    const [log, names] = [new MemoryDirectoryLog(), new MemoryNames()];
    const { device, keys } = await readyOn(log);
    names.isReachable = false;
    await suggestName(device, keys, 'Chrome, Windows', names);
    names.isReachable = true;
    await suggestName(device, keys, 'Chrome, Windows', names);
    expect(names.sealed.size).toBe(1);
    const { asked } = names;
    await suggestName(device, keys, 'Chrome, Windows', names);
    expect(names.asked).toBe(asked);
  });

  it('of_another_identity_or_put_in_by_the_server_are_not_shown', async () => {
    const [log, names] = [new MemoryDirectoryLog(), new MemoryNames()];
    const [one, other] = [await readyOn(log), await readyOn(log)];
    await nameDevice(other.device, one.device.device, 'Not yours', names);
    names.sealed.set('00'.repeat(16), new Uint8Array(113));
    expect(await readDeviceNames(one.device, names)).toEqual(new Map());
  });

  it('are_made_of_browser_and_system', () => {
    expect(browserName('Mozilla/5.0 (Android 15; Mobile; rv:153.0) Gecko/153.0 Firefox/153.0')).toBe('Firefox, Android');
    expect(browserName('Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0 Safari/537.36 Edg/156.0')).toBe(
      'Edge, Windows',
    );
    expect(
      browserName('Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1 (KHTML, like Gecko) Version/19.0 Safari/604.1'),
    ).toBe('Safari, iPhone');
    expect(browserName('curl')).toBe('');
  });
});

describe('forgetting a device', () => {
  it('takes_it_off_the_list_and_leaves_nothing_of_the_person_and_all_of_others', async () => {
    const [log, store, person, other] = [new MemoryDirectoryLog(), new MemoryDeviceStore(), crypto.randomUUID(), crypto.randomUUID()];
    const neighbour = await readyOn(log, other, store);
    const forgotten = await readyOn(log, person, store);
    const before = [...store.values.keys()].filter((key) => key.startsWith(other));
    await forgetDevice(forgotten, store, log, () => 1);
    expect([...store.values.keys()]).toEqual(before);
    await neighbour.directory.sync();
    expect(neighbour.directory.deviceOf(forgotten.device.account, forgotten.device.device)).toBeNull();
    expect(await openOn(log, person, store)).toMatchObject({ kind: 'not-a-device', because: 'new' });
    expect((await readyOn(log, other, store)).device.device).toEqual(neighbour.device.device);
  });

  it('erases_also_without_a_server', async () => {
    const [log, store, person] = [new MemoryDirectoryLog(), new MemoryDeviceStore(), crypto.randomUUID()];
    const ready = await readyOn(log, person, store);
    log.isReachable = false;
    await forgetDevice(ready, store, log, () => 1);
    expect(store.values.size).toBe(0);
  });
});
