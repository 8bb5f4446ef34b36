import { describe, expect, it } from 'vitest';
import { logOf } from '../../../../src/core/rooms/log/log-view';
import { type LogStatement, longestStatement } from '../../../../src/core/rooms/log/log-content';
import { encodeContent, parseContent, type RoomContent } from '../../../../src/core/rooms/room-content';
import type { RoomItem } from '../../../../src/core/rooms/room-log';
import { viewOf } from '../../../../src/core/rooms/room-view';
import {
  contactDirections,
  contactWays,
  longestPromise,
  longestSaid,
  longestStakeholderName,
  longestWho,
  type StakeholderChange,
  type StakeholderContact,
  type StakeholderContent,
  type StakeholderFields,
  stakeholderKinds,
} from '../../../../src/core/rooms/stakeholders/stakeholder-content';
import {
  contactsByTime,
  inDueOrder,
  isContactOverdue,
  nextByRhythm,
  partsOfReach,
  selectStakeholders,
  type Stakeholder,
  stakeholdersOf,
} from '../../../../src/core/rooms/stakeholders/stakeholder-view';
import { utf8 } from '../../../../src/e2ee/bytes';
import { SeededRandom, seed } from '../../../e2ee/seeded';

const id = (number: number): string => number.toString(16).padStart(32, '0');
const noon = '2026-11-22T12:00:00.000Z';
const later = '2026-11-22T14:00:00.000Z';

const prefecture: StakeholderFields = {
  kind: 'authority',
  name: 'Prefecture',
  stake: 'A report every two hours',
  reach: '+33 1 99 00 00 00',
  owner: null,
  function: '',
  rhythm: null,
  due: null,
};
const call: StakeholderContact = { at: noon, way: 'call', direction: 'outgoing', who: 'Mme Durand', said: 'Two sites are down', promised: '' };

function entry(seq: number, content: RoomContent, author = 'a1'): RoomItem {
  return { seq, id: id(seq), author, at: `2026-11-22T13:00:${String(seq % 60).padStart(2, '0')}Z`, what: { kind: 'content', content } };
}

const stakeholder = (seq: number, fields: Partial<StakeholderFields> = {}): RoomItem =>
  entry(seq, { kind: 'stakeholder', stakeholder: { ...prefecture, ...fields } });
const change = (seq: number, of: number, changed: StakeholderChange): RoomItem =>
  entry(seq, { kind: 'stakeholder-change', of: id(of), change: changed });
const message = (text: string): LogStatement => ({ type: 'message', text, at: noon });
const contact = (seq: number, of: number, said: Partial<StakeholderContact>, due: string | null = null, statement?: LogStatement): RoomItem =>
  entry(seq, { kind: 'stakeholder-contact', of: id(of), contact: { ...call, ...said }, due, ...(statement ? { statement } : {}) });
const correction = (seq: number, of: number, said: Partial<StakeholderContact>, statement?: LogStatement): RoomItem =>
  entry(
    seq,
    { kind: 'stakeholder-contact-correction', of: id(of), contact: { ...call, ...said }, reason: 'misheard', ...(statement ? { statement } : {}) },
    'b2',
  );

function only(items: readonly RoomItem[]): Stakeholder {
  const [first, ...rest] = stakeholdersOf(items).stakeholders;
  expect(rest).toEqual([]);
  if (first === undefined) throw new Error('no stakeholder');
  return first;
}

describe('stakeholders of a room', () => {
  it('are_as_they_were_added_with_all_that_was_changed_and_said_since', () => {
    const view = only([
      stakeholder(1, { due: noon }),
      change(2, 1, { owner: id(77), rhythm: 120 }),
      contact(3, 1, {}, later),
      contact(4, 1, { at: '2026-11-22T12:30:00.000Z', said: 'They asked for figures', direction: 'incoming' }),
    ]);
    expect(view).toMatchObject({ name: 'Prefecture', owner: id(77), rhythm: 120, due: null, ended: false, number: 1 });
    expect(contactsByTime(view).map(({ latest }) => latest.contact.said)).toEqual(['They asked for figures', 'Two sites are down']);
  });

  it('take_the_due_time_from_whatever_said_it_last', () => {
    expect(only([stakeholder(1), contact(2, 1, {}, noon), change(3, 1, { due: later })]).due).toBe(later);
    expect(only([stakeholder(1), change(2, 1, { due: later }), contact(3, 1, {}, noon)]).due).toBe(noon);
    expect(only([stakeholder(1, { due: later }), contact(2, 1, {}, noon), correction(3, 2, {})]).due).toBe(noon);
  });

  it('keep_a_corrected_contact_as_it_was_beside_what_it_says_now', () => {
    const [first] = only([stakeholder(1), contact(2, 1, {}), correction(3, 2, { said: 'Three sites' }), correction(4, 2, { said: 'Four' })]).contacts;
    expect(first?.latest).toMatchObject({ contact: { said: 'Four' }, author: 'b2', reason: 'misheard' });
    expect(first?.earlier.map(({ contact: { said }, reason }) => [said, reason])).toEqual([
      ['Two sites are down', null],
      ['Three sites', 'misheard'],
    ]);
  });

  it('pass_over_what_is_of_no_stakeholder_and_what_comes_twice', () => {
    const items = [
      contact(1, 2, { said: 'before its stakeholder' }),
      stakeholder(2),
      change(3, 9, { name: 'of nobody' }),
      correction(4, 1, { said: 'of no contact' }),
      correction(5, 2, { said: 'of a stakeholder, which is no contact' }),
      contact(6, 2, { said: 'once' }, later),
      { ...contact(7, 2, { said: 'again' }, noon), id: id(6) },
      { ...stakeholder(8, { name: 'another' }), id: id(2) },
    ];
    const view = only(items);
    expect(view).toMatchObject({ name: 'Prefecture', due: later });
    expect(view.contacts.map(({ latest }) => latest.contact.said)).toEqual(['once']);
    expect([...stakeholdersOf(items).counted]).toEqual([id(2), id(6)]);
  });

  it('are_let_go_and_followed_again_without_losing_what_was_said', () => {
    const items = [stakeholder(1, { due: noon }), contact(2, 1, {}, noon), change(3, 1, { ended: true })];
    const ended = only(items);
    expect(inDueOrder([ended])).toEqual([]);
    expect(isContactOverdue(ended, Date.parse(later))).toBe(false);
    const resumed = only([...items, change(4, 1, { ended: false })]);
    expect(resumed.contacts).toHaveLength(1);
    expect(isContactOverdue(resumed, Date.parse(later))).toBe(true);
  });

  it('come_as_they_are_due_and_those_without_a_time_last', () => {
    const { stakeholders } = stakeholdersOf([
      stakeholder(1, { name: 'no time' }),
      stakeholder(2, { name: 'soon', due: later }),
      stakeholder(3, { name: 'gone', due: noon }),
      stakeholder(4, { name: 'overdue', due: noon }),
      stakeholder(5, { name: 'no time either' }),
      change(6, 3, { ended: true }),
    ]);
    expect(inDueOrder(stakeholders).map(({ name }) => name)).toEqual(['overdue', 'soon', 'no time', 'no time either']);
    const at = Date.parse(noon);
    expect(stakeholders.filter((one) => isContactOverdue(one, at))).toEqual([]);
    expect(stakeholders.filter((one) => isContactOverdue(one, at + 1)).map(({ name }) => name)).toEqual(['overdue']);
  });

  it('are_due_next_by_their_rhythm_from_the_latest_contact', () => {
    expect(nextByRhythm(only([stakeholder(1)]), noon)).toBeUndefined();
    const often = only([stakeholder(1, { rhythm: 120 }), contact(2, 1, { at: noon })]);
    expect(nextByRhythm(often, '2026-11-22T13:00:00.000Z')).toBe('2026-11-22T15:00:00.000Z');
    // An older one that is recorded late does not bring the next one forward.
    expect(nextByRhythm(often, '2026-11-22T09:00:00.000Z')).toBe(later);
  });

  it('are_found_by_kind_and_by_what_was_said_to_whom', () => {
    const { stakeholders } = stakeholdersOf([
      stakeholder(1),
      stakeholder(2, { kind: 'press', name: 'Élan FM', owner: id(7) }),
      contact(3, 1, { who: 'Hélène Durand' }),
    ]);
    const found = (query: string, ...kinds: (typeof stakeholderKinds)[number][]): string[] =>
      selectStakeholders(stakeholders, { kinds: new Set(kinds), query }, () => 'Bruno Keller').map(({ name }) => name);
    expect(found('')).toEqual(['Prefecture', 'Élan FM']);
    expect(found('', 'press')).toEqual(['Élan FM']);
    expect(found('durand helene')).toEqual(['Prefecture']);
    expect(found('keller elan')).toEqual(['Élan FM']);
    expect(found('durand', 'press')).toEqual([]);
  });

  it('have_a_line_in_the_log_for_each_contact_that_carries_one_and_correct_it_with_the_contact', () => {
    const items = [
      stakeholder(1),
      contact(2, 1, {}, null, message('called')),
      contact(3, 1, {}),
      contact(4, 9, {}, null, message('of nobody')),
      correction(5, 2, {}, message('called again')),
      correction(6, 3, {}, message('of a contact that is no line')),
      correction(7, 9, {}, message('of nothing')),
    ];
    const { counted } = stakeholdersOf(items);
    const lines = logOf(items, counted);
    expect(lines.map(({ id: line, latest, earlier }) => [line, latest.statement.text, earlier.map(({ statement }) => statement.text)])).toEqual([
      [id(2), 'called again', ['called']],
    ]);
    const told = viewOf(items, counted).timeline.flatMap((one) => (one.kind === 'notice' ? [one.item.seq] : []));
    expect(told).toContain(2);
    expect(told).not.toContain(3);
    expect(told).not.toContain(4);
  });

  it(`keep_the_last_word_on_each_field_and_every_contact_whatever_comes_in_between_seed_${seed}`, () => {
    const random = new SeededRandom();
    for (let round = 0; round < 50; round++) {
      // What is known by the simplest means: one object for each, overwritten.
      const model = new Map<string, { fields: Record<string, unknown>; contacts: Map<string, string[]> }>();
      const items: RoomItem[] = [];
      for (let seq = 1; seq <= 80; seq++) {
        // One in ten comes again under an id that is taken.
        const own = random.chance(0.1) && seq > 1 ? id(1 + random.below(seq - 1)) : id(seq);
        const isFirst = !items.some((item) => item.id === own);
        const of = id(1 + random.below(seq + 2));
        const due = random.chance(0.3) ? null : new Date(Date.UTC(2026, 10, 22, random.below(24), random.below(60))).toISOString();
        const said = `said ${seq}`;
        const content: StakeholderContent = random.pick<() => StakeholderContent>([
          () => ({ kind: 'stakeholder', stakeholder: { ...prefecture, name: `name ${seq}`, due } }),
          () => ({
            kind: 'stakeholder-change',
            of,
            change: random.pick<StakeholderChange>([
              { name: `renamed ${seq}` },
              { due },
              { kind: random.pick(stakeholderKinds) },
              { ended: random.chance(0.5) },
              { rhythm: random.chance(0.5) ? null : 60, function: `function ${seq}` },
            ]),
          }),
          () => ({
            kind: 'stakeholder-contact',
            of,
            contact: { ...call, said, way: random.pick(contactWays), direction: random.pick(contactDirections) },
            due,
          }),
          () => ({ kind: 'stakeholder-contact-correction', of, contact: { ...call, said }, reason: 'x' }),
        ])();
        items.push({ ...entry(seq, content), id: own });
        if (!isFirst) continue;
        switch (content.kind) {
          case 'stakeholder':
            model.set(own, { fields: { ...content.stakeholder, ended: false }, contacts: new Map() });
            break;
          case 'stakeholder-change':
            Object.assign(model.get(of)?.fields ?? {}, content.change);
            break;
          case 'stakeholder-contact':
            if (model.has(of)) Object.assign(model.get(of)?.fields ?? {}, { due });
            model.get(of)?.contacts.set(own, [said]);
            break;
          case 'stakeholder-contact-correction':
            for (const one of model.values()) one.contacts.get(of)?.push(said);
        }
      }
      const { stakeholders, counted } = stakeholdersOf(items);
      expect(stakeholders.map(({ id: one }) => one)).toEqual([...model.keys()]);
      expect(stakeholdersOf(items)).toEqual({ stakeholders, counted });
      for (const one of stakeholders) {
        expect(one).toMatchObject(model.get(one.id)?.fields ?? {});
        const told = one.contacts.map(({ id: of, latest, earlier }) => [of, [...earlier, latest].map(({ contact: { said } }) => said)]);
        expect(told).toEqual([...(model.get(one.id)?.contacts ?? [])]);
      }
      const order = inDueOrder(stakeholders);
      expect(order).toHaveLength(stakeholders.filter(({ ended }) => !ended).length);
      order.forEach((one, at) => expect((order[at - 1]?.due ?? '') <= (one.due ?? '9') || order[at - 1]?.due === null).toBe(true));
      // Overdue ones lead at every moment.
      const now = Date.UTC(2026, 10, 22, random.below(24));
      const marks = order.map((one) => isContactOverdue(one, now));
      expect(marks).toEqual([...marks].sort((one, other) => Number(other) - Number(one)));
    }
  });
});

describe('how somebody is reached', () => {
  it('is_called_or_written_to_line_by_line', () => {
    expect(partsOfReach('+33 (1) 99-00.00 00\nCell : 06 39 98 00 01\n\n cellule@prefecture.example \n3949\nRoom 12')).toEqual([
      [{ kind: 'phone', text: '+33 (1) 99-00.00 00', href: 'tel:+33199000000' }],
      [
        { kind: 'words', text: 'Cell :' },
        { kind: 'phone', text: '06 39 98 00 01', href: 'tel:0639980001' },
      ],
      [{ kind: 'mail', text: 'cellule@prefecture.example', href: 'mailto:cellule@prefecture.example' }],
      [{ kind: 'phone', text: '3949', href: 'tel:3949' }],
      [{ kind: 'words', text: 'Room 12' }],
    ]);
  });

  it.each([
    'javascript:alert(1)',
    'https://example.org',
    'a@b.example?bcc=c@d.example',
    'a@b.example,c@d.example',
    'a%0d@b.example',
    '06 39 98 00 01 / 06 39 98 00 02',
    '1234567890123456',
    '*21*0639980001#',
    '<a href="tel:15">15</a>',
    'tel:15;ext=<script>',
    '7',
  ])('is_words_where_it_is_neither_%s', (reach) => {
    expect(
      partsOfReach(reach)
        .flat()
        .map(({ kind }) => kind),
    ).toEqual(['words']);
  });

  it(`never_leads_anywhere_but_to_a_number_or_an_address_seed_${seed}`, () => {
    const random = new SeededRandom();
    const signs = [...'+0123456789 ().-:@abc.example\n?&%/<>"\'#;javascripttelmailto'];
    for (let round = 0; round < 3000; round++) {
      const reach = Array.from({ length: random.below(40) }, () => random.pick(signs)).join('');
      for (const part of partsOfReach(reach).flat())
        if (part.kind !== 'words') expect(part.href).toMatch(/^(tel:\+?\d{2,15}|mailto:[\w.+-]+@[\w.-]+)$/);
    }
  });
});

describe('a stakeholder as bytes', () => {
  const contents: readonly StakeholderContent[] = [
    { kind: 'stakeholder', stakeholder: { ...prefecture, owner: id(3), function: 'Director', rhythm: 120, due: noon } },
    { kind: 'stakeholder-change', of: id(1), change: { kind: 'press', stake: '', reach: '', owner: null, rhythm: null, due: null, ended: true } },
    { kind: 'stakeholder-contact', of: id(1), contact: { ...call, promised: 'Figures' }, due: later, statement: message('called') },
    { kind: 'stakeholder-contact', of: id(1), contact: call, due: null },
    { kind: 'stakeholder-contact-correction', of: id(2), contact: call, reason: 'misheard', statement: message('called') },
  ];

  it.each(contents)('of_kind_$kind_is_read_as_it_was_written', (content) => {
    expect(parseContent(encodeContent(content))).toEqual(content);
  });

  it('has_room_for_the_longest_contact_in_one_line_of_the_log', () => {
    // As the page writes it, with the longest words around.
    expect(longestStakeholderName + longestWho + longestSaid + longestPromise + 300).toBeLessThan(longestStatement);
  });

  it.each([
    { kind: 'stakeholder', stakeholder: { ...prefecture, name: ' ' } },
    { kind: 'stakeholder', stakeholder: { ...prefecture, name: 'x'.repeat(longestStakeholderName + 1) } },
    { kind: 'stakeholder', stakeholder: { ...prefecture, kind: 'enemy' } },
    { kind: 'stakeholder', stakeholder: { ...prefecture, reach: ['15'] } },
    { kind: 'stakeholder', stakeholder: { ...prefecture, stake: 'x'.repeat(1001) } },
    { kind: 'stakeholder', stakeholder: { ...prefecture, owner: 'Karim' } },
    { kind: 'stakeholder', stakeholder: { ...prefecture, rhythm: 14 } },
    { kind: 'stakeholder', stakeholder: { ...prefecture, rhythm: 10_081 } },
    { kind: 'stakeholder', stakeholder: { ...prefecture, rhythm: 60.5 } },
    { kind: 'stakeholder', stakeholder: { ...prefecture, due: 'tomorrow' } },
    { kind: 'stakeholder', stakeholder: { name: 'alone' } },
    { kind: 'stakeholder', stakeholder: [prefecture] },
    { kind: 'stakeholder' },
    { kind: 'stakeholder-change', of: id(1), change: { name: 'right', due: 'wrong' } },
    { kind: 'stakeholder-change', of: id(1), change: { ended: 'yes' } },
    { kind: 'stakeholder-change', of: id(1), change: null },
    { kind: 'stakeholder-change', of: 'x', change: {} },
    { kind: 'stakeholder-contact', of: id(1), contact: { ...call, at: 'noon' }, due: null },
    { kind: 'stakeholder-contact', of: id(1), contact: { ...call, way: 'pigeon' }, due: null },
    { kind: 'stakeholder-contact', of: id(1), contact: { ...call, direction: 'up' }, due: null },
    { kind: 'stakeholder-contact', of: id(1), contact: { ...call, said: '' }, due: null },
    { kind: 'stakeholder-contact', of: id(1), contact: { ...call, said: 'x'.repeat(longestSaid + 1) }, due: null },
    { kind: 'stakeholder-contact', of: id(1), contact: { ...call, who: 7 }, due: null },
    { kind: 'stakeholder-contact', of: id(1), contact: call },
    { kind: 'stakeholder-contact', of: id(1), contact: call, due: 'soon' },
    { kind: 'stakeholder-contact', of: id(1), contact: call, due: null, statement: { type: 'rumour', text: 'x', at: noon } },
    { kind: 'stakeholder-contact', of: id(1), due: null },
    { kind: 'stakeholder-contact-correction', of: id(1), contact: call, reason: ' ' },
    { kind: 'stakeholder-contact-correction', of: id(1), contact: call },
  ])('is_refused_where_it_is_not_of_the_right_form_%#', (wrong) => {
    expect(parseContent(utf8(JSON.stringify(wrong)))).toBeNull();
  });
});
