import { describe, expect, it } from 'vitest';
import { equalBytes, sha256, toHex } from '../../../src/e2ee/bytes';
import { hpkeKeyPairOf } from '../../../src/e2ee/hpke';
import { formatGuestLink, guestLinkId, makeGuestLink, parseGuestLink } from '../../../src/e2ee/rooms/guest-link';
import { guestCode, guestRequestLength, isGuestName, openGuestRequest, sealGuestRequest } from '../../../src/e2ee/rooms/guest-request';
import { guestAccountOf } from '../../../src/e2ee/rooms/membership';
import { signerFromSeed } from '../../../src/e2ee/signature';
import { SeededRandom } from '../seeded';

const random = new SeededRandom();
const names = ['A', 'Inès Garnier, Fluides & Cie', '日'.repeat(60), 'x'.repeat(60)];

async function applicant(name: string, link = makeGuestLink(random.bytes(16))) {
  const identity = await signerFromSeed(random.bytes(32));
  const { publicKey: sealingKey } = await hpkeKeyPairOf(random.bytes(32));
  return { link, identity, sealingKey, request: await sealGuestRequest(link, identity, sealingKey, name) };
}

describe('a link for guests', () => {
  it('comes_back_as_it_was_written_and_nothing_else_is_taken_for_one', async () => {
    const link = makeGuestLink(random.bytes(16));
    const text = formatGuestLink(link);
    expect(parseGuestLink(text)).toEqual(link);
    for (const other of ['', 'abc', text.slice(1), `${text}A`, `B${text.slice(1)}`, `${text.slice(0, 30)} ${text.slice(31)}`, '#'.repeat(66)])
      expect(parseGuestLink(other), other).toBeNull();
    const id = await guestLinkId(link);
    expect(id.length).toBe(16);
    expect(equalBytes(id, await guestLinkId({ ...link, room: random.bytes(16) }))).toBe(false);
    expect(toHex(link.secret)).not.toContain(toHex(id));
  });
});

describe('a request of a guest', () => {
  it('opens_with_the_link_and_says_who_asks_and_all_are_of_one_length', async () => {
    for (const name of names) {
      const { link, identity, sealingKey, request } = await applicant(name);
      expect(request.length).toBe(guestRequestLength);
      const opened = await openGuestRequest(link, request);
      const sealingKeyHash = await sha256(sealingKey);
      const account = await guestAccountOf(link.room, identity.publicKey, sealingKeyHash);
      expect(opened).toEqual({ ok: true, value: { account, signingKey: identity.publicKey, sealingKey, sealingKeyHash, name } });
      if (opened.ok) expect(await guestCode(opened.value)).toMatch(/^\d{5} \d{5} \d{5}$/);
    }
    expect(guestRequestLength).toBe(1586);
  });

  it('changed_anywhere_cut_or_for_another_room_or_link_is_refused', async () => {
    const { link, request } = await applicant('Inès');
    for (let round = 0; round < 60; round++) {
      const changed = request.slice();
      const at = random.below(changed.length);
      changed[at] = (changed[at] ?? 0) ^ (1 + random.below(255));
      expect((await openGuestRequest(link, changed)).ok).toBe(false);
      expect((await openGuestRequest(link, request.subarray(0, random.below(request.length)))).ok).toBe(false);
      expect((await openGuestRequest(link, random.bytes(guestRequestLength))).ok).toBe(false);
    }
    expect(await openGuestRequest({ ...link, room: random.bytes(16) }, request)).toEqual({ ok: false, code: 'cannot-open' });
    expect(await openGuestRequest(makeGuestLink(link.room), request)).toEqual({ ok: false, code: 'cannot-open' });
  });

  it('of_two_guests_has_two_codes_and_of_one_the_same_on_both_sides', async () => {
    const link = makeGuestLink(random.bytes(16));
    const [one, other] = [await applicant('Inès', link), await applicant('Inès', link)];
    const [first, second] = [await openGuestRequest(link, one.request), await openGuestRequest(link, other.request)];
    if (!first.ok || !second.ok) throw new Error('both open');
    const sealingKeyHash = await sha256(one.sealingKey);
    const account = await guestAccountOf(link.room, one.identity.publicKey, sealingKeyHash);
    expect(await guestCode({ account, signingKey: one.identity.publicKey, sealingKeyHash })).toBe(await guestCode(first.value));
    expect(await guestCode(first.value)).not.toBe(await guestCode(second.value));
  });

  it('is_made_under_a_name_that_hides_and_turns_nothing', async () => {
    for (const name of names) expect(isGuestName(name), name).toBe(true);
    for (const name of ['', ' ', ' a', 'a\n', 'a\u202eb', 'a\u200bb', 'a\u0000', 'x'.repeat(61), 'a\u2028b'])
      expect(isGuestName(name), JSON.stringify(name)).toBe(false);
    await expect(applicant('a\u202eb')).rejects.toThrow(RangeError);
  });
});
