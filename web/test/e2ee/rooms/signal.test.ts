import { describe, expect, it } from 'vitest';
import type { Bytes } from '../../../src/e2ee/bytes';
import { openSignal, sealSignal, type Signal } from '../../../src/e2ee/rooms/signal';
import { signerFromSeed } from '../../../src/e2ee/signature';
import { SeededRandom } from '../seeded';

interface Sealed {
  readonly signal: Signal;
  readonly bytes: Bytes;
  readonly room: Bytes;
  readonly key: Bytes;
  readonly deviceKey: Bytes;
}

async function sealed(random: SeededRandom, kind: Signal['kind'] = 'reading'): Promise<Sealed> {
  const [room, key] = [random.bytes(16), random.bytes(32)];
  const device = await signerFromSeed(random.bytes(32));
  const signal: Signal = {
    kind,
    isOn: true,
    account: random.bytes(16),
    device: random.bytes(16),
    number: 7n,
    head: { seq: 12n, hash: random.bytes(32) },
  };
  return { signal, bytes: await sealSignal(device, room, 3, key, signal), room, key, deviceKey: device.publicKey };
}

describe('a signal', () => {
  it('is_opened_by_those_who_have_the_era_and_all_are_of_one_length', async () => {
    const random = new SeededRandom();
    const { signal, bytes, room, key, deviceKey } = await sealed(random);
    const opened = await openSignal(
      bytes,
      room,
      (era) => (era === 3 ? key : undefined),
      () => deviceKey,
    );
    expect(opened).toEqual({ ok: true, value: signal });
    expect((await sealed(random, 'typing')).bytes.length).toBe(bytes.length);
  });

  it('is_refused_of_another_room_era_or_device_and_of_who_has_left', async () => {
    const random = new SeededRandom();
    const { bytes, room, key, deviceKey } = await sealed(random);
    const other = await signerFromSeed(random.bytes(32));
    const open = (where: Bytes, eraKey: Bytes | undefined, device: Bytes | undefined): Promise<unknown> =>
      openSignal(
        bytes,
        where,
        () => eraKey,
        () => device,
      );
    expect(await open(random.bytes(16), key, deviceKey)).toMatchObject({ code: 'cannot-open' });
    expect(await open(room, random.bytes(32), deviceKey)).toMatchObject({ code: 'cannot-open' });
    expect(await open(room, undefined, deviceKey)).toMatchObject({ code: 'wrong-era' });
    expect(await open(room, key, undefined)).toMatchObject({ code: 'unknown-device' });
    expect(await open(room, key, other.publicKey)).toMatchObject({ code: 'bad-signature' });
  });

  it('changed_in_any_byte_cut_anywhere_or_of_random_bytes_is_refused_without_an_exception', async () => {
    const random = new SeededRandom();
    const { bytes, room, key, deviceKey } = await sealed(random);
    const open = (given: Uint8Array): ReturnType<typeof openSignal> =>
      openSignal(
        given,
        room,
        () => key,
        () => deviceKey,
      );
    for (let at = 0; at < bytes.length; at++) {
      const changed = new Uint8Array(bytes);
      changed[at] = (changed[at] ?? 0) ^ (1 + random.below(255));
      expect((await open(changed)).ok).toBe(false);
      expect((await open(bytes.slice(0, at))).ok).toBe(false);
    }
    for (let round = 0; round < 300; round++) expect((await open(random.bytes(random.below(260)))).ok).toBe(false);
  });
});
