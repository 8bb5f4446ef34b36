import { describe, expect, it } from 'vitest';
import {
  type CrisisCell,
  type CrisisChange,
  crisisSeverities,
  crisisStatuses,
  mostCells,
  mostOpenPoints,
  mostSeats,
} from '../../../../src/core/rooms/crisis/crisis-content';
import { decisionsIn, linesIn, openTasksIn, type ReadableRoom } from '../../../../src/core/rooms/crisis/crisis-overview';
import { crisisOf, handOverTo, leaderOf } from '../../../../src/core/rooms/crisis/crisis-view';
import type { LogStatement } from '../../../../src/core/rooms/log/log-content';
import { logOf } from '../../../../src/core/rooms/log/log-view';
import { encodeContent, parseContent, type RoomContent } from '../../../../src/core/rooms/room-content';
import type { RoomItem } from '../../../../src/core/rooms/room-log';
import { viewOf } from '../../../../src/core/rooms/room-view';
import { tasksOf } from '../../../../src/core/rooms/tasks/task-view';
import { utf8 } from '../../../../src/e2ee/bytes';
import { SeededRandom, seed } from '../../../e2ee/seeded';

const id = (number: number): string => number.toString(16).padStart(32, '0');
const [claire, bruno, karim] = [id(0xc1), id(0xb2), id(0xa3)];
const fact = (text: string, at = '2026-11-22T01:52:00.000Z'): LogStatement => ({ type: 'fact', text, at });
const strategic: CrisisCell = {
  id: id(900),
  name: 'Strategic',
  kind: 'strategic',
  room: null,
  people: [{ account: bruno, function: 'Crisis director', deputy: true }, { account: claire, function: 'Crisis director' }, { account: karim }],
};
const technical: CrisisCell = { id: id(901), name: 'Technical', kind: 'technical', room: null, people: [] };

function entry(seq: number, content: RoomContent, author = claire, byAdministrator = true): RoomItem {
  const base = { seq, id: id(seq), author, at: `2026-11-22T02:00:${String(seq % 60).padStart(2, '0')}Z` };
  return { ...base, ...(byAdministrator ? { byAdministrator } : {}), what: { kind: 'content', content } };
}

const opening = (seq: number, name = 'Ransomware'): RoomItem =>
  entry(seq, {
    kind: 'crisis',
    crisis: { name, mode: 'exercise', severity: 'severe', cells: [strategic, technical] },
    statement: fact(`opened ${name}`),
  });
const change = (seq: number, changed: CrisisChange, author = claire): RoomItem =>
  entry(seq, { kind: 'crisis-change', change: changed, statement: fact(`change ${seq}`) }, author);

describe('a crisis', () => {
  it('is_what_its_leading_room_says_with_all_that_changed_since', () => {
    const { crisis } = crisisOf([
      opening(1),
      entry(2, { kind: 'crisis-cell', cell: { ...strategic, room: id(77) } }),
      change(3, { status: 'responding' }),
      change(4, { severity: 'extreme', name: 'Ransomware at the hospital' }, bruno),
    ]);
    expect(crisis).toMatchObject({
      name: 'Ransomware at the hospital',
      mode: 'exercise',
      severity: 'extreme',
      status: 'responding',
      since: '2026-11-22T01:52:00.000Z',
      openedBy: claire,
      alert: null,
      closing: null,
    });
    expect(crisis?.cells.map(({ name, room }) => [name, room])).toEqual([
      ['Strategic', id(77)],
      ['Technical', null],
    ]);
    expect(crisis?.events.map(({ text, author }) => [text, author])).toEqual([
      ['opened Ransomware', claire],
      ['change 3', claire],
      ['change 4', bruno],
    ]);
  });

  it('is_opened_once_and_by_administrators_only_and_is_nothing_before', () => {
    const { crisis, counted } = crisisOf([
      change(1, { status: 'recovering' }),
      entry(2, { kind: 'crisis', crisis: { name: 'Forged', mode: 'real', severity: 'info', cells: [] }, statement: fact('forged') }, karim, false),
      opening(3),
      opening(4, 'Another'),
      entry(5, { kind: 'crisis-closing', checks: [], statement: fact('closed') }, karim, false),
    ]);
    expect(crisis).toMatchObject({ name: 'Ransomware', status: 'assessing', closing: null });
    expect([...counted]).toEqual([id(3)]);
    expect(crisisOf([])).toEqual({ crisis: null, link: null, counted: new Set() });
  });

  it('keeps_the_first_room_of_a_cell_and_takes_cells_up_to_what_a_page_can_show', () => {
    const cell = (number: number, room: string | null): CrisisCell => ({ ...technical, id: id(number), room });
    const { crisis } = crisisOf([
      opening(1),
      entry(2, { kind: 'crisis-cell', cell: { ...technical, room: id(5) } }, claire),
      entry(3, { kind: 'crisis-cell', cell: { ...technical, name: 'IT', room: id(6) } }, bruno),
      ...Array.from({ length: mostCells }, (_, at) => entry(10 + at, { kind: 'crisis-cell', cell: cell(500 + at, null) })),
    ]);
    expect(crisis?.cells.find(({ id: of }) => of === technical.id)).toMatchObject({ name: 'IT', room: id(5) });
    expect(crisis?.cells).toHaveLength(mostCells);
  });

  it('is_handed_over_once_whoever_was_named_says_that_they_take_over', () => {
    const handOver: RoomContent = {
      kind: 'crisis-hand-over',
      handOver: { to: bruno, cell: null, situation: 'Servers are off.', open: ['Call the insurer'] },
      statement: fact('hand-over'),
    };
    const taking = (seq: number, author: string): RoomItem => entry(seq, { kind: 'crisis-taken-over', of: id(2), statement: fact('taken') }, author);
    const before = crisisOf([opening(1), entry(2, handOver), taking(3, karim)]).crisis;
    expect(before && handOverTo(before, bruno)).toMatchObject({ id: id(2), from: claire, open: ['Call the insurer'], takenAt: null });
    expect(before && handOverTo(before, claire)).toBeUndefined();
    expect(before && leaderOf(before, null)).toBe(claire);
    const after = crisisOf([opening(1), entry(2, handOver), taking(4, bruno), taking(5, bruno)]);
    expect(after.crisis && [handOverTo(after.crisis, bruno), leaderOf(after.crisis, null)]).toEqual([undefined, bruno]);
    // Said twice it is one fact.
    expect(after.counted.has(id(5))).toBe(false);
    // Of a cell: before anybody took over, the first who holds a function, and not who stands in for them.
    expect(before && [leaderOf(before, strategic.id), leaderOf(before, technical.id)]).toEqual([claire, undefined]);
  });

  it('is_closed_once_and_opened_again', () => {
    const close = (seq: number, author: string): RoomItem =>
      entry(seq, { kind: 'crisis-closing', checks: [{ text: 'All clear sent', done: true }], statement: fact(`closed ${seq}`) }, author);
    const again: RoomContent = { kind: 'crisis-reopening', statement: fact('again') };
    const closed = crisisOf([opening(1), entry(2, again), close(3, bruno), close(4, claire)]);
    expect(closed.crisis?.closing).toEqual({
      author: bruno,
      at: '2026-11-22T01:52:00.000Z',
      text: 'closed 3',
      checks: [{ text: 'All clear sent', done: true }],
    });
    expect([...closed.counted]).toEqual([id(1), id(3)]);
    expect(crisisOf([opening(1), close(3, bruno), entry(4, again)]).crisis?.closing).toBeNull();
  });

  it('puts_what_counted_into_the_log_and_among_the_messages_and_nothing_else', () => {
    const items = [
      opening(1),
      entry(2, { kind: 'crisis-cell', cell: { ...strategic, room: id(77) } }),
      change(3, { status: 'responding' }),
      entry(4, { kind: 'crisis-change', change: { status: 'recovering' }, statement: fact('not theirs to say') }, karim, false),
      entry(5, { kind: 'log-correction', of: id(3), statement: fact('better said'), reason: 'typing error' }),
    ];
    const { counted } = crisisOf(items);
    expect(logOf(items, counted).map(({ number, latest }) => [number, latest.statement.text])).toEqual([
      [1, 'opened Ransomware'],
      [2, 'better said'],
    ]);
    const told = viewOf(items, counted).timeline.map((one) => (one.kind === 'notice' ? one.item.seq : 0));
    expect(told).toEqual([1, 3, 5]);
  });

  it('is_told_by_a_cells_room_to_who_is_in_it_only_and_the_first_says_which', () => {
    const link = (seq: number, name: string, byAdministrator = true): RoomItem =>
      entry(seq, { kind: 'crisis-link', leading: id(7), cell: strategic.id, name, mode: 'real' }, claire, byAdministrator);
    expect(crisisOf([link(1, 'forged', false), link(2, 'Flood'), link(3, 'Other')]).link).toEqual({
      leading: id(7),
      cell: strategic.id,
      name: 'Flood',
      mode: 'real',
    });
  });

  it('keeps_the_last_word_on_each_field_and_is_the_same_read_at_once_or_piece_by_piece', () => {
    const random = new SeededRandom();
    const items: RoomItem[] = [opening(1)];
    const last: Record<string, unknown> = { name: 'Ransomware', severity: 'severe', status: 'assessing' };
    for (let seq = 2; seq < 200; seq++) {
      const changed = [
        { name: `name ${seq}` },
        { status: crisisStatuses[random.below(crisisStatuses.length)] ?? 'assessing' },
        { severity: crisisSeverities[random.below(crisisSeverities.length)] ?? 'info' },
      ][random.below(3)] as CrisisChange;
      const isTheirs = random.chance(0.8);
      if (isTheirs) Object.assign(last, changed);
      items.push({ ...change(seq, changed), ...(isTheirs ? {} : { byAdministrator: undefined }) } as RoomItem);
    }
    const whole = crisisOf(items);
    expect(whole.crisis, `seed ${seed}`).toMatchObject(last);
    // What was once an event stays one, in its place.
    for (const length of [1, 40, 150]) {
      const events = crisisOf(items.slice(0, length)).crisis?.events ?? [];
      expect(whole.crisis?.events.slice(0, events.length), `seed ${seed}`).toEqual(events);
    }
    expect(whole.counted.size, `seed ${seed}`).toBe(whole.crisis?.events.length);
  });
});

describe('a crisis at a glance', () => {
  const now = Date.parse('2026-11-22T09:00:00.000Z');
  const task = (seq: number, title: string, more: object = {}): RoomItem =>
    entry(seq, { kind: 'task', task: { title, state: 'to-do', owner: null, due: null, urgent: false, ...more } });
  const line = (seq: number, text: string, at: string, type: LogStatement['type'] = 'decision'): RoomItem =>
    entry(seq, { kind: 'log-entry', statement: { type, text, at } });
  const room = (name: string, items: readonly RoomItem[]): ReadableRoom => ({ id: name, tasks: tasksOf(items), log: logOf(items) });
  const rooms = [
    room('a', [task(1, 'later'), task(2, 'done', { state: 'done' }), line(3, 'second', '2026-11-22T08:20:00.000Z')]),
    room('b', [
      task(1, 'overdue', { due: '2026-11-22T08:00:00.000Z' }),
      task(2, 'urgent', { urgent: true }),
      line(3, 'first', '2026-11-22T08:10:00.000Z'),
      line(4, 'seen', '2026-11-22T08:30:00.000Z', 'fact'),
    ]),
  ];

  it('shows_what_is_open_in_all_rooms_overdue_first', () => {
    expect(openTasksIn(rooms, now).map(({ room: of, of: { title } }) => [of, title])).toEqual([
      ['b', 'overdue'],
      ['b', 'urgent'],
      ['a', 'later'],
    ]);
  });

  it('shows_decisions_and_lines_of_all_rooms_the_latest_first', () => {
    expect(decisionsIn(rooms).map(({ of }) => of.latest.statement.text)).toEqual(['second', 'first']);
    expect(linesIn(rooms).map(({ of }) => of.latest.statement.text)).toEqual(['seen', 'second', 'first']);
  });
});

describe('a crisis as bytes', () => {
  const statement = fact('said');
  const contents: readonly RoomContent[] = [
    {
      kind: 'crisis',
      crisis: { name: 'Flood', mode: 'real', severity: 'extreme', cells: [strategic, { ...technical, room: id(3) }], alert: id(9) },
      statement,
    },
    { kind: 'crisis-cell', cell: strategic },
    { kind: 'crisis-cell', cell: technical, statement },
    { kind: 'crisis-change', change: { status: 'stabilised', severity: 'info', name: 'Flood' }, statement },
    { kind: 'crisis-hand-over', handOver: { to: bruno, cell: strategic.id, situation: 'Calm.', open: ['x'] }, statement },
    { kind: 'crisis-taken-over', of: id(4), statement },
    { kind: 'crisis-closing', checks: [{ text: 'x', done: false }], statement },
    { kind: 'crisis-reopening', statement },
    { kind: 'crisis-bulletin', bulletin: id(8), statement },
    { kind: 'crisis-link', leading: id(1), cell: id(2), name: 'Flood', mode: 'exercise' },
  ];

  it.each(contents)('of_kind_$kind_is_read_as_it_was_written', (content) => {
    expect(parseContent(encodeContent(content))).toEqual(content);
  });

  const crisis = { name: 'Flood', mode: 'real', severity: 'extreme', cells: [strategic] };
  const handOver = { to: bruno, cell: null, situation: 'Calm.', open: [] };
  it.each([
    { kind: 'crisis', crisis },
    { kind: 'crisis', crisis: { ...crisis, name: 'x'.repeat(81) }, statement },
    { kind: 'crisis', crisis: { ...crisis, mode: 'drill' }, statement },
    { kind: 'crisis', crisis: { ...crisis, severity: 'worse' }, statement },
    { kind: 'crisis', crisis: { ...crisis, cells: [strategic, strategic] }, statement },
    { kind: 'crisis', crisis: { ...crisis, cells: Array.from({ length: mostCells + 1 }, (_, at) => ({ ...technical, id: id(at) })) }, statement },
    { kind: 'crisis', crisis: { ...crisis, cells: {} }, statement },
    { kind: 'crisis', crisis: [], statement },
    { kind: 'crisis-cell', cell: { ...strategic, kind: 'secret' } },
    { kind: 'crisis-cell', cell: { ...strategic, name: ' ' } },
    { kind: 'crisis-cell', cell: { ...strategic, room: 'x' } },
    { kind: 'crisis-cell', cell: { ...strategic, people: [{ account: 'Claire' }] } },
    { kind: 'crisis-cell', cell: { ...strategic, people: Array.from({ length: mostSeats + 1 }, () => ({ account: id(1) })) } },
    { kind: 'crisis-cell', cell: strategic, statement: { ...statement, at: 'yesterday' } },
    { kind: 'crisis-change', change: { status: 'closed' }, statement },
    { kind: 'crisis-change', change: { status: 'responding', severity: 3 }, statement },
    { kind: 'crisis-change', change: { status: 'responding' } },
    { kind: 'crisis-change', change: null, statement },
    { kind: 'crisis-hand-over', handOver: { ...handOver, to: 'Bruno' }, statement },
    { kind: 'crisis-hand-over', handOver: { ...handOver, situation: '' }, statement },
    { kind: 'crisis-hand-over', handOver: { ...handOver, cell: undefined }, statement },
    { kind: 'crisis-hand-over', handOver: { ...handOver, open: Array.from({ length: mostOpenPoints + 1 }, () => 'x') }, statement },
    { kind: 'crisis-hand-over', handOver: { ...handOver, open: ['x'.repeat(301)] }, statement },
    { kind: 'crisis-taken-over', of: 'x', statement },
    { kind: 'crisis-closing', checks: [{ text: 'x', done: 'yes' }], statement },
    { kind: 'crisis-closing', checks: 'all', statement },
    { kind: 'crisis-reopening' },
    { kind: 'crisis-bulletin', bulletin: 'x', statement },
    { kind: 'crisis-bulletin', bulletin: id(8) },
    { kind: 'crisis-link', leading: id(1), cell: id(2), name: '', mode: 'real' },
    { kind: 'crisis-link', leading: id(1), cell: 'x', name: 'Flood', mode: 'real' },
  ])('is_refused_where_it_is_not_of_the_right_form_%#', (wrong) => {
    expect(parseContent(utf8(JSON.stringify(wrong)))).toBeNull();
  });

  it('however_it_is_spoilt_it_is_read_as_something_that_reads_the_same_again_or_not_at_all', () => {
    const random = new SeededRandom();
    const odd: readonly unknown[] = [null, true, -1, 1e21, '', ' ', 'x'.repeat(10_000), [], {}, [[[]]], { __proto__: null, length: 9 }, id(1)];
    const spoil = (value: unknown): unknown => {
      if (random.below(6) === 0) return odd[random.below(odd.length)];
      if (Array.isArray(value)) return value.map(spoil);
      if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, spoil(one)]));
      return value;
    };
    for (let tried = 0; tried < 2000; tried++) {
      const content = contents[random.below(contents.length)] ?? contents[0];
      const read = parseContent(utf8(JSON.stringify({ ...(spoil(content) as object), kind: content?.kind })));
      if (read !== null) expect(parseContent(encodeContent(read)), `seed ${seed}`).toEqual(read);
    }
  });
});
