import { describe, expect, it } from 'vitest';
import { maximumNameBytes, openDeviceName, sealDeviceName, shortened } from '../../../src/e2ee/identities/device-name';
import { SeededRandom } from '../seeded';

const random = new SeededRandom(105);
const [seed, account, device] = [random.bytes(32), random.bytes(16), random.bytes(16)];

describe('the name of a device', () => {
  it('opens_for_the_identity_and_the_device_that_it_was_sealed_for_and_shows_nothing_by_its_length', async () => {
    for (const name of ['a', 'Téléphone d’astreinte', '🛟'.repeat(15)]) {
      const sealed = await sealDeviceName(seed, account, device, name);
      expect(sealed.length).toBe(113);
      expect(await openDeviceName(seed, account, device, sealed)).toBe(name);
    }
  });

  it('opens_with_no_other_key_for_no_other_device_and_not_changed_or_cut', async () => {
    const sealed = await sealDeviceName(seed, account, device, 'Firefox, Android');
    expect(await openDeviceName(random.bytes(32), account, device, sealed)).toBeNull();
    expect(await openDeviceName(seed, random.bytes(16), device, sealed)).toBeNull();
    expect(await openDeviceName(seed, account, random.bytes(16), sealed)).toBeNull();
    for (let at = 0; at < sealed.length; at += 3) {
      const changed = sealed.slice();
      changed[at] = (changed[at] ?? 0) ^ 4;
      expect(await openDeviceName(seed, account, device, changed)).toBeNull();
      expect(await openDeviceName(seed, account, device, sealed.slice(0, at))).toBeNull();
    }
  });

  it('is_cut_between_letters_and_rid_of_what_no_name_has', () => {
    expect(shortened('  Poste\n3\u0000 ')).toBe('Poste 3');
    const long = shortened('é'.repeat(100));
    expect(new TextEncoder().encode(long).length).toBeLessThanOrEqual(maximumNameBytes);
    expect(long).toBe('é'.repeat(31));
    expect(shortened('🛟'.repeat(20))).toBe('🛟'.repeat(15));
  });
});
