import { describe, expect, it } from 'vitest';
import { type ActionCard, longestDocument, mostCardsOfCell, mostFirstTasks, type Plan } from '../../../../src/core/rooms/plans/plan-content';
import { inUse, plansOf, validityOf } from '../../../../src/core/rooms/plans/plan-view';
import { encodeContent, parseContent, type RoomContent } from '../../../../src/core/rooms/room-content';
import type { RoomItem } from '../../../../src/core/rooms/room-log';
import { utf8 } from '../../../../src/e2ee/bytes';
import { SeededRandom } from '../../../e2ee/seeded';

const id = (number: number): string => number.toString(16).padStart(32, '0');
const [claire, bruno] = [id(0xc1), id(0xb2)];
const card = (title: string, more: Partial<ActionCard> = {}): ActionCard => ({
  title,
  text: '- [ ] Unplug {{what}}',
  owner: claire,
  validUntil: '2027-06-30',
  ...more,
});
const plan: Plan = {
  ...card('Ransomware'),
  cells: [
    {
      name: 'Technical',
      kind: 'technical',
      functions: ['CISO'],
      tasks: [
        { title: 'Cut the Internet', minutes: 15, urgent: true },
        { title: 'Count', minutes: null },
      ],
      cards: [id(50)],
    },
  ],
  scenario: { id: id(60), name: 'Cyber attack' },
  report: '# Situation',
};

function entry(seq: number, content: RoomContent, author = claire, byAdministrator = true): RoomItem {
  const base = { seq, id: id(seq), author, at: `2026-11-22T02:00:${String(seq % 60).padStart(2, '0')}Z` };
  return { ...base, ...(byAdministrator ? { byAdministrator } : {}), what: { kind: 'content', content } };
}

const kept = (seq: number, of: number, title: string, after: number | null, author = claire, byAdministrator = true): RoomItem =>
  entry(seq, { kind: 'card', of: id(of), card: card(title), after: after === null ? null : id(after) }, author, byAdministrator);

describe('cards and plans of a room', () => {
  it('have_their_versions_with_who_wrote_them_and_why', () => {
    const { cards, plans } = plansOf([
      kept(1, 50, 'Unplug', null),
      entry(2, { kind: 'plan', of: id(51), plan, after: null, note: 'First draft' }, bruno),
      kept(3, 50, 'Unplug it', 1, bruno),
    ]);
    expect(cards).toHaveLength(1);
    expect(cards[0]).toMatchObject({ id: id(50), latest: { number: 2, author: bruno, overlaps: false, note: null, what: { title: 'Unplug it' } } });
    expect(cards[0]?.versions.map(({ what }) => what.title)).toEqual(['Unplug', 'Unplug it']);
    expect(plans[0]?.latest).toMatchObject({ number: 1, note: 'First draft', what: { scenario: { name: 'Cyber attack' } } });
  });

  it('say_where_two_wrote_at_the_same_time_and_lose_neither', () => {
    const { cards } = plansOf([kept(1, 50, 'a', null), kept(2, 50, 'b', 1), kept(3, 50, 'c', 1, bruno)]);
    expect(cards[0]?.versions.map(({ overlaps }) => overlaps)).toEqual([false, false, true]);
    expect(cards[0]?.latest.what.title).toBe('c');
    // Whoever has read both writes upon the last, and all is well again.
    expect(plansOf([kept(1, 50, 'a', null), kept(2, 50, 'b', 1), kept(3, 50, 'c', 1), kept(4, 50, 'd', 3)]).cards[0]?.latest.overlaps).toBe(false);
  });

  it('are_written_by_administrators_only', () => {
    expect(plansOf([kept(1, 50, 'a', null), kept(2, 50, 'false', 1, bruno, false)]).cards[0]?.versions).toHaveLength(1);
    expect(plansOf([kept(1, 50, 'a', null, bruno, false)]).cards).toEqual([]);
  });

  it('take_an_entry_once_and_an_id_for_one_thing', () => {
    const again = { ...kept(2, 50, 'again', 1), id: id(1) };
    const { cards, plans } = plansOf([kept(1, 50, 'a', null), again, entry(3, { kind: 'plan', of: id(50), plan, after: null })]);
    expect(cards[0]?.versions).toHaveLength(1);
    expect(plans).toEqual([]);
  });

  it('that_are_out_of_use_are_kept_and_not_offered', () => {
    const { cards } = plansOf([
      kept(1, 50, 'b', null),
      kept(2, 51, 'a', null),
      kept(3, 52, 'gone', null),
      entry(4, { kind: 'card', of: id(52), card: card('gone', { retired: true }), after: id(3) }),
    ]);
    expect(cards).toHaveLength(3);
    expect(inUse(cards).map(({ latest }) => latest.what.title)).toEqual(['a', 'b']);
  });

  it.each([
    ['2026-11-21', 'expired'],
    ['2026-11-22', 'soon'],
    ['2026-12-21', 'soon'],
    ['2026-12-23', 'valid'],
    [null, 'undated'],
  ] as const)('valid_until_%s_are_%s', (validUntil, expected) => {
    expect(validityOf({ validUntil }, Date.parse('2026-11-22T12:00:00Z'))).toBe(expected);
  });
});

describe('the form of a card or plan', () => {
  const written: readonly RoomContent[] = [
    { kind: 'card', of: id(1), card: card('Unplug'), after: null },
    { kind: 'card', of: id(1), card: card('Unplug', { retired: true, owner: null, validUntil: null, text: '' }), after: id(9), note: 'Out of use' },
    { kind: 'plan', of: id(2), plan, after: null },
    { kind: 'plan', of: id(2), plan: { ...plan, cells: [], scenario: null }, after: id(3) },
  ];

  it.each(written.map((one) => [one.kind, one] as const))('of_a_%s_is_read_as_it_was_written', (_, one) => {
    expect(parseContent(encodeContent(one))).toEqual(one);
  });

  const task = { title: 't', minutes: 5 };
  const cell = { name: 'c', kind: 'technical', functions: [], tasks: [], cards: [] };
  const planWith = (more: object): object => ({ kind: 'plan', of: id(1), after: null, plan: { ...plan, ...more } });
  it.each<[string, object]>([
    ['no id', { kind: 'card', of: 'x', card: card('a'), after: null }],
    ['no predecessor said', { kind: 'card', of: id(1), card: card('a') }],
    ['no title', { kind: 'card', of: id(1), card: card(' '), after: null }],
    ['too much text', { kind: 'card', of: id(1), card: card('a', { text: 'x'.repeat(longestDocument + 1) }), after: null }],
    ['a day that is none', { kind: 'card', of: id(1), card: card('a', { validUntil: '2027-02-30' }), after: null }],
    ['an owner that is none', { kind: 'card', of: id(1), card: card('a', { owner: 'Claire' }), after: null }],
    ['a kind of cell that is none', planWith({ cells: [{ ...cell, kind: 'tactical' }] })],
    ['too many first tasks', planWith({ cells: [{ ...cell, tasks: Array.from({ length: mostFirstTasks + 1 }, () => task) }] })],
    ['too many cards', planWith({ cells: [{ ...cell, cards: Array.from({ length: mostCardsOfCell + 1 }, () => id(1)) }] })],
    ['a time before the crisis', planWith({ cells: [{ ...cell, tasks: [{ ...task, minutes: -1 }] }] })],
    ['a time that is no number', planWith({ cells: [{ ...cell, tasks: [{ ...task, minutes: '5' }] }] })],
    ['a scenario without name', planWith({ scenario: { id: id(1) } })],
    ['no report', planWith({ report: undefined })],
    ['no cells', planWith({ cells: 'none' })],
  ])('with_%s_is_none', (_, one) => expect(parseContent(utf8(JSON.stringify(one)))).toBeNull());

  it('is_held_against_anything_that_stands_in_its_place', () => {
    const random = new SeededRandom();
    const values = [null, 0, -1, 1.5, '', 'x', id(7), true, [], {}, [null], [{}], 'é'.repeat(30_000)];
    const spoil = (value: unknown): unknown => {
      if (random.chance(0.15)) return values[random.below(values.length)];
      if (Array.isArray(value)) return value.map(spoil);
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, key === 'kind' && typeof one === 'string' ? one : spoil(one)]));
    };
    for (let round = 0; round < 2000; round++) {
      const spoilt = spoil(written[random.below(written.length)]);
      const read = parseContent(utf8(JSON.stringify(spoilt) ?? 'null'));
      // What is read is right: it reads alike again, and the room's rules take it.
      if (read === null) continue;
      expect(parseContent(encodeContent(read))).toEqual(read);
      plansOf([entry(1, read)]);
    }
  });
});
