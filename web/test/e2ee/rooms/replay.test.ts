import { describe, expect, it } from 'vitest';
import { type Bytes, equalBytes, toHex } from '../../../src/e2ee/bytes';
import { signEntry } from '../../../src/e2ee/rooms/entry';
import { signMembershipChange } from '../../../src/e2ee/rooms/membership';
import { emptyRoom, owesEra, replay, type ReplayOutcome, type RoomState } from '../../../src/e2ee/rooms/replay';
import { SeededRandom } from '../seeded';
import { createRoom, Person } from './people';

/** The codes of what was refused, "accepted" for the rest. */
function codes(outcomes: readonly ReplayOutcome[]): string[] {
  return outcomes.map((outcome) => (outcome.kind === 'refused' ? outcome.code : outcome.kind));
}

/** All that clients must agree on. */
function summary(state: RoomState): unknown {
  return {
    head: toHex(state.heads.head.hash),
    roster: [...state.roster].map(([account, { role, signingKey }]) => [account, role, toHex(signingKey)]).sort(),
    devices: [...state.devices].map(([device, { lastSeq, isRevoked }]) => [device, lastSeq.toString(), isRevoked]).sort(),
    eras: state.eras.map(({ number, startSeq, leftSeq }) => [number, startSeq.toString(), leftSeq?.toString()]),
  };
}

/** A room of its creator and one more, both up to date. */
async function roomOfTwo(random: SeededRandom): Promise<{ readonly creator: Person; readonly other: Person; readonly entries: Bytes[] }> {
  const { creator, entries } = await createRoom(random);
  await creator.read(entries);
  const other = await Person.create(random, creator.room.room);
  entries.push(await creator.change({ set: [other.member()] }));
  await other.read(entries);
  entries.push(await other.introduce());
  await creator.read(entries);
  await other.read(entries);
  return { creator, other, entries };
}

describe('a room', () => {
  it('random_members_removals_departures_roles_and_partitions_give_everybody_the_same_state_and_let_nobody_write_who_may_not', async () => {
    const random = new SeededRandom();
    const { creator, entries } = await createRoom(random);
    await creator.read(entries);
    const people = [creator];
    const expectedMembers = new Set([toHex(creator.account)]);
    for (let round = 0; round < 150; round++) {
      // Some have not heard of the last entries: they write what they would have written offline.
      for (const person of people) if (random.chance(0.6)) await person.read(entries);
      const action = random.next();
      const before = entries.length;
      if (action < 0.12 && people.length < 12) {
        const joiner = await Person.create(random, creator.room.room);
        await creator.read(entries);
        entries.push(await creator.change({ set: [joiner.member(random.chance(0.3) ? 'administrator' : 'member')] }));
        people.push(joiner);
        expectedMembers.add(toHex(joiner.account));
        await joiner.read(entries);
        entries.push(await joiner.introduce());
      } else if (action < 0.2 && expectedMembers.size > 3) {
        const removed = random.pick(people.filter((person) => person !== creator && expectedMembers.has(toHex(person.account))));
        await creator.read(entries);
        entries.push(await creator.change({ removed: [removed.account] }));
        expectedMembers.delete(toHex(removed.account));
      } else if (action < 0.28 && expectedMembers.size > 3) {
        const leaver = random.pick(people.filter((person) => person !== creator && expectedMembers.has(toHex(person.account))));
        await leaver.read(entries);
        entries.push(await leaver.depart());
        expectedMembers.delete(toHex(leaver.account));
        // Whoever happens to read of it begins the era that is owed; some write before they have.
        if (random.chance(0.7)) {
          const next = random.pick(people.filter((person) => expectedMembers.has(toHex(person.account))));
          await next.read(entries);
          entries.push(await next.change({}));
        }
      } else if (action < 0.34) {
        const raised = random.pick(people.filter((person) => expectedMembers.has(toHex(person.account))));
        await creator.read(entries);
        if (raised !== creator) entries.push(await creator.change({ set: [raised.member(random.chance(0.5) ? 'administrator' : 'member')] }));
        else entries.push(await creator.writeContent());
      } else {
        entries.push(await random.pick(people).writeContent());
      }
      expect(entries.length).toBeGreaterThan(before);
    }
    for (const person of people) await person.read(entries);
    const late = await Person.create(random, creator.room.room);
    const outcomes = await late.read(entries);
    for (const person of people) expect(summary(person.room)).toEqual(summary(late.room));
    expect(new Set(late.room.roster.keys())).toEqual(expectedMembers);
    for (const outcome of outcomes) {
      if (outcome.kind !== 'accepted' || outcome.accepted.kind !== 'content') continue;
      expect(outcome.accepted.missing).toBe(0n);
    }
    // Whoever had read that somebody left, and of no new era yet, is told to begin one.
    const expected = ['accepted', 'not-a-member', 'era-must-change'];
    expect(new Set(codes(outcomes).filter((code) => !expected.includes(code)))).toEqual(new Set());
  });

  it('what_was_written_at_the_same_time_is_all_accepted_in_the_order_of_the_server', async () => {
    const { creator, other, entries } = await roomOfTwo(new SeededRandom());
    entries.push(await creator.writeContent(), await other.writeContent(), await creator.writeContent());
    expect(codes(await creator.read(entries))).toEqual(['accepted', 'accepted', 'accepted']);
  });

  it('an_entry_of_the_old_era_that_was_on_its_way_when_the_new_one_began_still_counts_but_not_once_its_author_knew', async () => {
    const random = new SeededRandom();
    const { creator, other, entries } = await roomOfTwo(random);
    const third = await Person.create(random, creator.room.room);
    entries.push(await creator.change({ set: [third.member()] }), await other.writeContent());
    expect(codes(await other.read(entries))).toEqual(['accepted', 'accepted']);
    entries.push(await other.write('content', random.bytes(20), { era: 2 }));
    expect(codes(await other.read(entries))).toEqual(['wrong-era']);
  });

  it('of_two_administrators_who_change_the_roster_at_once_the_second_must_look_again', async () => {
    const random = new SeededRandom();
    const { creator, other, entries } = await roomOfTwo(random);
    entries.push(await creator.change({ set: [other.member('administrator')], era: 2, eraCommitment: await creator.commitment(2) }));
    await other.read(entries);
    await creator.read(entries);
    const third = await Person.create(random, creator.room.room);
    entries.push(await creator.change({ set: [third.member()] }), await other.change({ removed: [creator.account] }));
    expect(codes(await other.read(entries))).toEqual(['accepted', 'stale-roster']);
    entries.push(await other.change({ removed: [creator.account] }));
    const outcomes = await other.read(entries);
    expect(codes(outcomes)).toEqual(['accepted']);
    // The one that was refused is not taken for one that the server left out.
    expect(outcomes[0]?.kind === 'accepted' && outcomes[0].accepted.missing).toBe(0n);
  });
});

describe('whoever leaves', () => {
  it('reads_nothing_of_what_is_written_by_those_who_know_and_anybody_who_stays_begins_the_new_era', async () => {
    const { creator, other, entries } = await roomOfTwo(new SeededRandom());
    const third = await Person.create(new SeededRandom(), creator.room.room);
    entries.push(await creator.change({ set: [third.member()] }));
    await third.read(entries);
    entries.push(await third.introduce());
    await other.read(entries);
    entries.push(await other.depart());
    await creator.read(entries);
    expect(owesEra(creator.room)).toBe(true);
    // Who had not heard of it yet writes on in the old era; who had, does not.
    entries.push(await third.writeContent(), await creator.writeContent());
    expect(codes(await creator.read(entries))).toEqual(['accepted', 'era-must-change']);
    await third.read(entries);
    // An ordinary member begins the era, and may do nothing else with it.
    entries.push(await third.change({ set: [other.member()] }));
    await third.read(entries);
    entries.push(await third.change({}));
    expect(codes(await creator.read(entries))).toEqual(['not-an-administrator', 'accepted']);
    expect(owesEra(creator.room)).toBe(false);
    entries.push(await creator.writeContent());
    expect(codes(await creator.read(entries))).toEqual(['accepted']);
    await third.read(entries);
    entries.push(await third.change({}));
    expect(codes(await creator.read(entries))).toEqual(['not-an-administrator']);
  });

  it('leaves_an_administrator_behind_or_nobody', async () => {
    const { creator, other, entries } = await roomOfTwo(new SeededRandom());
    entries.push(await creator.depart());
    expect(codes(await creator.read(entries))).toEqual(['no-administrator-left']);
    entries.push(await creator.change({ set: [other.member('administrator')] }));
    await creator.read(entries);
    await other.read(entries);
    // Of two who leave at once the second is the last, and goes all the same: the room is over.
    entries.push(await creator.depart(), await other.depart());
    const outcomes = await creator.read(entries);
    expect(codes(outcomes)).toEqual(['accepted', 'accepted']);
    expect(creator.room.roster.size).toBe(0);
  });
});

describe('a server that cheats', () => {
  it('cannot_begin_another_room_under_the_same_id', async () => {
    const random = new SeededRandom();
    const { creator } = await createRoom(random);
    const intruder = await Person.create(random, creator.room.room);
    const forged = await intruder.change({
      creation: { nonce: random.bytes(16), certificate: intruder.certificate },
      set: [intruder.member('administrator')],
    });
    const reader = await Person.create(random, creator.room.room);
    expect(codes(await reader.read([forged]))).toEqual(['wrong-creation']);
  });

  it('cannot_add_a_member_nor_a_device', async () => {
    const random = new SeededRandom();
    const { creator, other, entries } = await roomOfTwo(random);
    const intruder = await Person.create(random, creator.room.room);
    await intruder.read(entries);
    // As itself; in the name of the administrator; by a member who is none; with a device that another identity certified for the member's account.
    entries.push(await intruder.introduce());
    entries.push(await intruder.change({ set: [intruder.member()], administrator: creator.account }));
    entries.push(await other.change({ set: [intruder.member()] }));
    const impostor = await Person.create(random, creator.room.room, other.account);
    await impostor.read(entries.slice(0, 3));
    entries.push(await impostor.introduce());
    expect(codes(await creator.read(entries))).toEqual(['not-a-member', 'unknown-device', 'not-an-administrator', 'unknown-device']);
    expect(creator.room.roster.size).toBe(2);
  });

  it('cannot_move_an_administrators_signature_to_another_entry', async () => {
    const random = new SeededRandom();
    const { creator, other, entries } = await roomOfTwo(random);
    const header = creator.header('membership');
    const change = {
      creation: null,
      era: 3,
      eraCommitment: await creator.commitment(3),
      set: [],
      removed: [other.account],
      administrator: creator.account,
    };
    const payload = await signMembershipChange(creator.identity, header, change);
    entries.push(await signEntry(creator.deviceSigner, { ...header, id: random.bytes(16) }, payload));
    expect(codes(await other.read(entries))).toEqual(['bad-signature']);
  });

  it('cannot_let_a_removed_member_a_revoked_device_or_a_replaced_identity_write_on', async () => {
    const random = new SeededRandom();
    const { creator, other, entries } = await roomOfTwo(random);
    const same = await Person.create(random, creator.room.room, other.account);
    entries.push(await creator.change({ set: [same.member()] }), await other.writeContent());
    expect(codes(await creator.read(entries))).toEqual(['accepted', 'not-a-member']);
    await same.read(entries);
    entries.push(await same.introduce());
    await same.read(entries);
    entries.push(await same.revoke(same.device), await same.writeContent());
    expect(codes(await same.read(entries))).toEqual(['accepted', 'revoked-device']);
    await creator.read(entries);
    entries.push(await creator.change({ removed: [other.account] }), await same.writeContent());
    expect(codes(await creator.read(entries))).toEqual(['accepted', 'revoked-device']);
  });

  it('is_seen_to_repeat_leave_out_or_reorder', async () => {
    const random = new SeededRandom();
    const { creator, other, entries } = await roomOfTwo(random);
    const [first, second, third] = [await other.writeContent(), await other.writeContent(), await other.writeContent()];
    entries.push(first, first, third, second);
    const outcomes = await creator.read(entries);
    expect(codes(outcomes)).toEqual(['accepted', 'repeated', 'accepted', 'repeated']);
    expect(outcomes[2]?.kind === 'accepted' && outcomes[2].accepted.missing).toBe(1n);
  });

  it('is_caught_in_a_fork_by_the_first_entry_that_one_branch_reads_of_the_other', async () => {
    const { creator, other, entries } = await roomOfTwo(new SeededRandom());
    const branch = [...entries, await creator.writeContent()];
    entries.push(await other.writeContent());
    await creator.read(branch);
    await other.read(entries);
    entries.push(await creator.writeContent());
    expect(codes(await other.read(entries))).toEqual(['fork']);
    // Nor can it hide by cutting off what the author had seen.
    const { creator: host, other: guest, entries: whole } = await roomOfTwo(new SeededRandom());
    const cut = whole.length;
    whole.push(await host.writeContent(), await host.writeContent());
    await host.read(whole);
    expect(codes(await guest.read([...whole.slice(0, cut), await host.writeContent()]))).toEqual(['fork']);
  });

  it('is_asked_for_what_it_skips', async () => {
    const { creator, other, entries } = await roomOfTwo(new SeededRandom());
    const before = creator.room;
    const skipped = await replay(before, before.heads.head.seq + 2n, await other.writeContent());
    expect(skipped.outcome).toEqual({ kind: 'gap', expected: BigInt(entries.length) + 1n });
    expect(skipped.state).toBe(before);
  });

  it('gets_each_entry_that_it_changes_in_any_byte_refused', async () => {
    const random = new SeededRandom();
    const { creator, other, entries } = await roomOfTwo(random);
    const entry = await other.writeContent();
    for (let at = 0; at < entry.length; at++) {
      const changed = new Uint8Array(entry);
      changed[at] = (changed[at] ?? 0) ^ (1 + random.below(255));
      const { outcome } = await replay(creator.room, BigInt(entries.length) + 1n, changed);
      expect(outcome.kind).toBe('refused');
    }
  });

  it('nor_an_administrator_can_remove_without_a_new_era_or_leave_the_room_to_nobody', async () => {
    const random = new SeededRandom();
    const { creator, other, entries } = await roomOfTwo(random);
    entries.push(await creator.change({ removed: [other.account], era: 2, eraCommitment: await creator.commitment(2) }));
    expect(codes(await creator.read(entries))).toEqual(['era-must-change']);
    entries.push(await creator.change({ removed: [creator.account] }));
    expect(codes(await creator.read(entries))).toEqual(['no-administrator-left']);
    expect(creator.room.roster.size).toBe(2);
  });
});

it('states_that_go_on_apart_from_one_state_do_not_touch_each_other', async () => {
  const { creator, other, entries } = await roomOfTwo(new SeededRandom());
  const next = BigInt(entries.length) + 1n;
  const one = await replay(creator.room, next, await other.writeContent());
  const two = await replay(creator.room, next, await creator.writeContent());
  const oneHash = one.state.heads.head.hash;
  expect(equalBytes(oneHash, two.state.heads.head.hash)).toBe(false);
  expect(one.state.heads.head.seq).toBe(next);
  expect(creator.room.heads.head.seq).toBe(next - 1n);
  expect((await emptyRoom(creator.room.room)).heads.head.seq).toBe(0n);
});
