import { describe, expect, it } from 'vitest';
import { type Bytes, toHex } from '../../../src/e2ee/bytes';
import { emptyRoom, replay, type ReplayOutcome } from '../../../src/e2ee/rooms/replay';
import { SeededRandom } from '../seeded';
import { createRoom, Person } from './people';

function codes(outcomes: readonly ReplayOutcome[]): string[] {
  return outcomes.map((outcome) => (outcome.kind === 'refused' ? outcome.code : outcome.kind));
}

async function codeAfter(entries: readonly Bytes[], room: Bytes, sent: Bytes): Promise<string> {
  let state = await emptyRoom(room);
  for (const [at, bytes] of entries.entries()) ({ state } = await replay(state, BigInt(at) + 1n, bytes));
  const { outcome } = await replay(state, BigInt(entries.length) + 1n, sent);
  return outcome.kind === 'refused' ? outcome.code : outcome.kind;
}

describe('guests of a room', () => {
  it('are_let_in_by_who_administers_it_with_an_era_of_their_own_and_only_under_the_account_that_their_keys_make', async () => {
    const random = new SeededRandom();
    const { creator, entries } = await createRoom(random);
    await creator.read(entries);
    const { room } = creator.room;
    const other = await Person.create(random, room);
    const guest = await Person.createGuest(random, room);
    entries.push(await creator.change({ set: [other.member()] }));
    await other.read(entries);
    entries.push(await other.introduce());
    for (const person of [creator, other]) await person.read(entries);
    const refuses = async (make: Promise<Bytes>): Promise<string> => codeAfter(entries, room, await make);
    const { signingKey, sealingKeyHash } = (await Person.createGuest(random, room)).member('guest');
    expect(await refuses(other.change({ set: [guest.member('guest')] }))).toBe('not-an-administrator');
    expect(await refuses(creator.change({ set: [guest.member('guest')] }, other.identity))).toBe('bad-signature');
    expect(await refuses(creator.change({ set: [guest.member('guest')], era: 2, eraCommitment: await creator.commitment(2) }))).toBe(
      'era-must-change',
    );
    for (const member of [
      guest.member('member'),
      guest.member('administrator'),
      { ...other.member(), role: 'guest' as const },
      // The server swapped the keys of who asks.
      { ...guest.member('guest'), signingKey },
      { ...guest.member('guest'), sealingKeyHash },
    ])
      expect(await refuses(creator.change({ set: [member] }))).toBe('wrong-guest');
    expect(await refuses(creator.change({ set: [guest.member('guest')] }))).toBe('accepted');
  });

  it('write_and_go_and_have_no_say_in_who_is_there_and_what_a_hostile_server_replays_brings_nobody_back', async () => {
    const random = new SeededRandom();
    const { creator, entries } = await createRoom(random);
    await creator.read(entries);
    const guest = await Person.createGuest(random, creator.room.room);
    const next = await Person.createGuest(random, creator.room.room);
    const admission = await creator.change({ set: [guest.member('guest')] });
    entries.push(admission);
    await guest.read(entries);
    entries.push(await guest.introduce());
    await guest.read(entries);
    entries.push(await guest.writeContent(), await guest.change({ set: [next.member('guest')] }));
    await guest.read(entries);
    entries.push(await guest.write('era-keys', new Uint8Array(7)));
    expect(codes(await creator.read(entries))).toEqual(['accepted', 'accepted', 'accepted', 'guest-not-allowed', 'guest-not-allowed']);
    entries.push(await creator.change({ removed: [guest.account] }));
    // The removed guest had not heard of it, and the server kept the line open.
    entries.push(await guest.writeContent(), admission);
    expect(codes(await creator.read(entries))).toEqual(['accepted', 'not-a-member', 'repeated']);
    // Who administers the room is shown the old request once more, and lets them in.
    entries.push(await creator.change({ set: [guest.member('guest')] }));
    expect(codes(await creator.read(entries))).toEqual(['guest-gone']);
    expect([...creator.room.goneGuests]).toEqual([toHex(guest.account)]);
    expect([...creator.room.roster.keys()]).toEqual([toHex(creator.account)]);
  });

  it('let_any_member_begin_an_era_for_whose_time_is_over_is_told_by_contents_and_without_a_guest_nobody_else_may', async () => {
    const random = new SeededRandom();
    const { creator, entries } = await createRoom(random);
    await creator.read(entries);
    const other = await Person.create(random, creator.room.room);
    const guest = await Person.createGuest(random, creator.room.room);
    entries.push(await creator.change({ set: [other.member()] }));
    await other.read(entries);
    entries.push(await other.introduce());
    await other.read(entries);
    entries.push(await other.change({}));
    await creator.read(entries);
    entries.push(await creator.change({ set: [guest.member('guest')] }));
    await other.read(entries);
    entries.push(await other.change({}));
    await other.read(entries);
    entries.push(await other.change({ removed: [guest.account] }));
    await guest.read(entries);
    entries.push(await guest.introduce());
    await guest.read(entries);
    entries.push(await guest.change({}));
    expect(codes(await creator.read(entries))).toEqual(['accepted', 'accepted', 'not-an-administrator', 'accepted', 'guest-not-allowed']);
    const late = await Person.create(random, creator.room.room);
    expect(codes(await late.read(entries)).slice(-7)).toEqual([
      'accepted',
      'not-an-administrator',
      'accepted',
      'accepted',
      'not-an-administrator',
      'accepted',
      'guest-not-allowed',
    ]);
  });

  it('come_and_go_in_any_order_and_everybody_agrees_on_who_is_there_and_who_never_comes_back', async () => {
    const random = new SeededRandom();
    const { creator, entries } = await createRoom(random);
    await creator.read(entries);
    const { room } = creator.room;
    const present: Person[] = [];
    const gone: Person[] = [];
    for (let round = 0; round < 60; round++) {
      await creator.read(entries);
      const action = random.next();
      const eras = creator.room.eras.length;
      if (action < 0.3 && present.length < 6) {
        const guest = await Person.createGuest(random, room);
        entries.push(await creator.change({ set: [guest.member('guest')] }));
        await guest.read(entries);
        entries.push(await guest.introduce());
        present.push(guest);
        await creator.read(entries);
        expect(creator.room.eras.length).toBe(eras + 1);
      } else if (action < 0.5 && present.length > 0) {
        const [guest] = present.splice(random.below(present.length), 1) as [Person];
        await guest.read(entries);
        if (random.chance(0.5)) entries.push(await creator.change({ removed: [guest.account] }));
        else {
          entries.push(await guest.depart());
          await creator.read(entries);
          entries.push(await creator.change({}));
        }
        gone.push(guest);
      } else if (action < 0.7 && gone.length > 0) {
        entries.push(await creator.change({ set: [random.pick(gone).member('guest')] }));
        expect(codes(await creator.read(entries)).at(-1)).toBe('guest-gone');
      } else if (present.length > 0) {
        const guest = random.pick(present);
        await guest.read(entries);
        entries.push(await guest.writeContent());
        await creator.read(entries);
        entries.push(await guest.change({ removed: [creator.account] }));
      }
    }
    const late = await Person.create(random, room);
    await late.read(entries);
    for (const person of [creator, ...present]) {
      await person.read(entries);
      expect([...person.room.roster.keys()].sort()).toEqual([...late.room.roster.keys()].sort());
      expect([...person.room.goneGuests].sort()).toEqual([...late.room.goneGuests].sort());
    }
    expect([...late.room.roster.keys()].sort()).toEqual([creator, ...present].map(({ account }) => toHex(account)).sort());
    expect([...late.room.goneGuests].sort()).toEqual(gone.map(({ account }) => toHex(account)).sort());
  });
});
