import { describe, expect, it } from 'vitest';
import { type CallAttendanceContent, longestNotedName, type NotedPerson } from '../../../../src/core/rooms/calls/call-content';
import { callsOf, goersOf, keyOfVisit, mostVisits, presentIn } from '../../../../src/core/rooms/calls/call-view';
import { encodeContent, parseContent, type RoomContent } from '../../../../src/core/rooms/room-content';
import type { RoomItem } from '../../../../src/core/rooms/room-log';
import { viewOf } from '../../../../src/core/rooms/room-view';
import { utf8 } from '../../../../src/e2ee/bytes';
import { SeededRandom, seed } from '../../../e2ee/seeded';

const id = (number: number): string => number.toString(16).padStart(32, '0');
const at = (minute: number, second = 0): string => new Date(Date.UTC(2026, 10, 22, 10, minute, second)).toISOString();
const call = id(900);
const [claire, bruno] = [id(1), id(2)];
let seq = 0;

function told(author: string, step: 'came' | 'left', minute: number, change: Partial<CallAttendanceContent> = {}): RoomItem {
  const content: RoomContent = { kind: 'call-attendance', call, step, at: at(minute), key: author, ...change };
  return { seq: ++seq, id: id(10_000 + seq), author, at: at(minute), what: { kind: 'content', content } };
}

const moreau: NotedPerson = { name: 'Lieutenant Moreau', guest: true, host: claire };
const guestKey = id(77);

describe('the attendance of a call', () => {
  it('is_who_came_and_left_as_they_say_it', () => {
    const items = [told(claire, 'came', 0), told(bruno, 'came', 5), told(bruno, 'left', 20), told(claire, 'left', 30)];
    expect(callsOf(items)).toMatchObject([
      {
        id: call,
        from: at(0),
        to: at(30),
        visits: [
          { account: claire, from: at(0), to: at(30), end: 'said' },
          { account: bruno, from: at(5), to: at(20), end: 'said' },
        ],
      },
    ]);
    expect(presentIn(items.slice(0, 3), call)).toEqual(new Set([keyOfVisit(claire, claire)]));
  });

  // A real call: Claire was alone for a moment, and her entry got its place in the room after that of Bruno, who came meanwhile.
  it('is_not_lost_by_an_entry_of_one_who_was_alone_before_it_began_whatever_their_order_in_the_room', () => {
    const items = [told(bruno, 'came', 5), told(claire, 'came', 4, { alone: true })];
    expect(presentIn(items, call)).toEqual(new Set([keyOfVisit(claire, claire), keyOfVisit(bruno, bruno)]));
    items.push(told(bruno, 'left', 20), told(claire, 'left', 21));
    expect(callsOf(items)[0]?.visits).toMatchObject([
      { account: bruno, from: at(5), to: at(20), end: 'said' },
      { account: claire, from: at(4), to: at(21), end: 'said' },
    ]);
  });

  // A real call that all left within a second: the last to press told of one whose own word was still on its way.
  it('has_the_end_that_somebody_says_themselves_also_after_another_noted_it', () => {
    const items = [
      told(claire, 'came', 0),
      told(bruno, 'came', 5),
      told(claire, 'left', 19, { key: bruno, who: { name: 'Bruno Keller', account: bruno } }),
      told(claire, 'left', 21),
      told(bruno, 'left', 20),
    ];
    expect(callsOf(items)[0]).toMatchObject({
      to: at(21),
      visits: [
        { account: claire, end: 'said' },
        { account: bruno, to: at(20), end: 'said', endNotedBy: null },
      ],
    });
  });

  it('has_the_end_that_somebody_says_themselves_also_where_another_clock_took_them_for_gone', () => {
    const items = [told(bruno, 'came', 5), told(claire, 'came', 6, { alone: true })];
    expect(callsOf(items)[0]?.visits[0]).toMatchObject({ account: bruno, to: null, end: 'lost' });
    items.push(told(claire, 'left', 7, { key: bruno, who: { name: 'Bruno Keller', account: bruno } }));
    expect(callsOf(items)[0]?.visits[0]).toMatchObject({ account: bruno, to: null, end: 'lost' });
    items.push(told(bruno, 'left', 20));
    expect(callsOf(items)[0]?.visits[0]).toMatchObject({ account: bruno, from: at(5), to: at(20), end: 'said', endNotedBy: null });
  });

  it('of_who_vanished_is_ended_by_one_who_stayed', () => {
    const items = [
      told(claire, 'came', 0),
      told(bruno, 'came', 5),
      told(claire, 'left', 12, { key: bruno, who: { name: 'Bruno Keller', account: bruno } }),
    ];
    expect(callsOf(items)[0]).toMatchObject({
      to: null,
      visits: [{ end: 'open' }, { account: bruno, name: null, to: at(12), end: 'noted', endNotedBy: claire }],
    });
  });

  it('shows_a_guest_by_the_name_given_and_by_who_was_host', () => {
    const items = [
      told(claire, 'came', 0),
      told(claire, 'came', 3, { key: guestKey, who: moreau }),
      told(claire, 'left', 9, { key: guestKey, who: moreau }),
    ];
    expect(callsOf(items)[0]?.visits[1]).toMatchObject({
      account: null,
      name: 'Lieutenant Moreau',
      guest: true,
      host: claire,
      from: at(3),
      to: at(9),
    });
  });

  it('is_one_stay_across_a_line_that_was_gone_for_a_minute_and_two_after_longer', () => {
    const gap = (seconds: number): RoomItem[] => [
      told(bruno, 'came', 0),
      told(claire, 'left', 10, { key: bruno, who: { name: 'Bruno Keller', account: bruno } }),
      told(bruno, 'came', 10, { at: at(10, seconds) }),
      told(bruno, 'left', 30),
    ];
    expect(callsOf(gap(60))[0]?.visits).toMatchObject([{ from: at(0), to: at(30), end: 'said' }]);
    expect(callsOf(gap(61))[0]?.visits).toMatchObject([{ to: at(10) }, { from: at(11, 1), to: at(30) }]);
  });

  it('of_whom_nobody_saw_leave_has_an_end_that_nobody_knows', () => {
    const items = [told(bruno, 'came', 0), told(claire, 'came', 40, { alone: true })];
    expect(callsOf(items)[0]).toMatchObject({
      to: null,
      visits: [
        { account: bruno, to: null, end: 'lost' },
        { account: claire, end: 'open' },
      ],
    });
    expect(presentIn(items, call)).toEqual(new Set([keyOfVisit(claire, claire)]));
  });

  it('counts_what_several_told_of_one_event_once', () => {
    const twice = [
      told(claire, 'came', 0),
      told(claire, 'came', 1),
      told(bruno, 'came', 1, { key: guestKey, who: moreau }),
      told(claire, 'came', 1, { key: guestKey, who: moreau }),
    ];
    expect(callsOf(twice)[0]?.visits).toHaveLength(2);
  });

  it('nobody_covers_or_ends_anothers_stay_by_telling_of_themselves', () => {
    const items = [told(bruno, 'came', 0, { key: claire }), told(claire, 'came', 1), told(bruno, 'left', 2, { key: claire })];
    expect(callsOf(items)[0]?.visits).toMatchObject([
      { account: bruno, end: 'said' },
      { account: claire, end: 'open', from: at(1) },
    ]);
  });

  it('is_not_told_by_guests_of_the_room_and_no_entry_counts_twice', () => {
    const one = told(bruno, 'came', 0);
    expect(callsOf([{ ...one, byGuest: true }])).toEqual([]);
    expect(callsOf([one, told(bruno, 'left', 1), one])[0]?.to).toBe(at(1));
  });

  it('never_ends_before_it_began', () => {
    expect(callsOf([told(bruno, 'came', 10), told(bruno, 'left', 2)])[0]?.visits[0]).toMatchObject({ from: at(10), to: at(10) });
  });

  it('is_not_told_among_the_messages', () => {
    expect(viewOf([told(claire, 'came', 0), told(claire, 'left', 1)]).timeline).toEqual([]);
  });

  it('stands_together_for_a_person_who_came_with_two_browsers_and_came_back', () => {
    const [attended] = callsOf([
      told(claire, 'came', 0),
      told(claire, 'came', 1, { key: id(5) }),
      told(claire, 'left', 4),
      told(claire, 'came', 20),
      told(bruno, 'came', 2),
    ]);
    expect(attended && goersOf(attended).map(({ account, visits }) => [account, visits.length])).toEqual([
      [claire, 3],
      [bruno, 1],
    ]);
  });

  it('is_bounded_whatever_a_member_writes', () => {
    const many = Array.from({ length: mostVisits + 500 }, (_, n) => told(bruno, 'came', 0, { key: id(n + 1) }));
    expect(callsOf(many)[0]?.visits).toHaveLength(mostVisits);
  });

  it('in_any_order_of_entries_has_stays_that_do_not_overlap_for_one_browser_and_none_that_ends_before_it_begins', () => {
    const random = new SeededRandom();
    for (let tried = 0; tried < 300; tried++) {
      const items = Array.from({ length: random.below(40) }, () => {
        const author = random.pick([claire, bruno]);
        return told(author, random.pick(['came', 'left'] as const), random.below(50), {
          ...(random.chance(0.2) ? { alone: true } : {}),
          ...(random.chance(0.4) ? { key: guestKey, who: moreau } : {}),
        });
      });
      const [attended] = callsOf(items);
      const present = presentIn(items, call);
      expect(attended?.visits.filter(({ end }) => end === 'open').length ?? 0, `seed ${seed}`).toBe(present.size);
      for (const { from, to, end } of attended?.visits ?? []) {
        expect(to === null || to >= from, `seed ${seed}`).toBe(true);
        expect(to !== null, `seed ${seed}`).toBe(end === 'said' || end === 'noted');
      }
    }
  });
});

describe('what an entry tells of a call', () => {
  const contents: readonly CallAttendanceContent[] = [
    { kind: 'call-attendance', call, step: 'came', at: at(0), key: guestKey, alone: true },
    { kind: 'call-attendance', call, step: 'left', at: at(0), key: guestKey, who: moreau },
    { kind: 'call-attendance', call, step: 'came', at: at(0), key: guestKey, who: { name: 'Bruno', account: bruno } },
  ];

  it.each(contents)('is_read_as_it_was_written_%#', (content) => {
    expect(parseContent(encodeContent(content))).toEqual(content);
  });

  it.each([
    { ...contents[0], call: 'x' },
    { ...contents[0], step: 'was' },
    { ...contents[0], at: '10:00' },
    { ...contents[0], key: '' },
    { ...contents[0], who: null },
    { ...contents[0], who: { name: ' ' } },
    { ...contents[0], who: { name: 'x'.repeat(longestNotedName + 1) } },
    { ...contents[0], who: { name: 'Bruno', account: 'bruno' } },
    { ...contents[0], who: { name: 'Bruno', host: 7 } },
  ])('is_refused_where_it_is_not_of_the_right_form_%#', (wrong) => {
    expect(parseContent(utf8(JSON.stringify(wrong)))).toBeNull();
  });

  it('however_it_is_spoilt_it_is_read_as_something_that_reads_the_same_again_or_not_at_all', () => {
    const random = new SeededRandom();
    const odd: readonly unknown[] = [null, true, -1, 1e21, '', ' ', 'x'.repeat(10_000), [], {}, [[[]]], { __proto__: null, length: 9 }, id(1)];
    const spoil = (value: unknown): unknown => {
      if (random.below(6) === 0) return random.pick(odd);
      if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, spoil(one)]));
      return value;
    };
    for (let tried = 0; tried < 1000; tried++) {
      const read = parseContent(utf8(JSON.stringify({ ...(spoil(random.pick(contents)) as object), kind: 'call-attendance' })));
      if (read !== null) expect(parseContent(encodeContent(read)), `seed ${seed}`).toEqual(read);
    }
  });
});
