import { describe, expect, it } from 'vitest';
import { encodeContent, parseContent, type RoomContent } from '../../../../src/core/rooms/room-content';
import type { RoomItem } from '../../../../src/core/rooms/room-log';
import { viewOf } from '../../../../src/core/rooms/room-view';
import { cellOf, middleOf } from '../../../../src/core/rooms/shared-board/board-grid';
import { BoardSteps } from '../../../../src/core/rooms/shared-board/board-steps';
import {
  type BoardElement,
  type BoardPoint,
  blankSheet,
  type ElementChange,
  inks,
  longestLabel,
  longestNote,
  longestSide,
  mostElements,
  mostSteps,
  pinKinds,
  type SharedBoardContent,
} from '../../../../src/core/rooms/shared-board/shared-board-content';
import { emptyBoard, type SharedBoard, sharedBoardOf, withWaiting } from '../../../../src/core/rooms/shared-board/shared-board-view';
import { distanceOf, simplified, strokeOf } from '../../../../src/core/rooms/shared-board/stroke';
import { utf8 } from '../../../../src/e2ee/bytes';
import { SeededRandom, seed } from '../../../e2ee/seeded';

const id = (number: number): string => number.toString(16).padStart(32, '0');
const pin = { form: 'pin', at: [100, 200], ink: 'black', pin: 'incident', text: 'Leak' } as const satisfies BoardElement;
const note = { form: 'note', at: [5, 5], ink: 'blue', text: 'Valve is shut' } as const satisfies BoardElement;
const stroke = { form: 'stroke', at: [0, 0], ink: 'green', path: [10, 10, -5, 20] } as const satisfies BoardElement;

function entry(seq: number, content: RoomContent, author = 'a1'): RoomItem {
  return { seq, id: id(seq + 0x1000), author, at: '2026-11-23T09:00:00Z', what: { kind: 'content', content } };
}

const boardOf = (...contents: readonly SharedBoardContent[]): SharedBoard => sharedBoardOf(contents.map((content, at) => entry(at + 1, content)));
const add = (number: number, element: BoardElement = pin): SharedBoardContent => ({ kind: 'board-element', id: id(number), element });
const change = (number: number, what: ElementChange): SharedBoardContent => ({ kind: 'board-change', of: id(number), change: what });
const removal = (...numbers: readonly number[]): SharedBoardContent => ({ kind: 'board-removal', of: numbers.map(id) });
const restoring = (...numbers: readonly number[]): SharedBoardContent => ({ kind: 'board-restoring', of: numbers.map(id) });
const idsOf = ({ elements }: SharedBoard): readonly string[] => [...elements.keys()];

/** One thing that somebody may write, also about what is not there. */
function anything(random: SeededRandom): SharedBoardContent {
  const number = random.below(12);
  const at: BoardPoint = [random.below(longestSide + 1), random.below(longestSide + 1)];
  const several = Array.from({ length: 1 + random.below(3) }, () => random.below(12));
  switch (random.below(8)) {
    case 0:
    case 1:
      return add(number, { ...random.pick<BoardElement>([pin, note, stroke]), at });
    case 2:
      return change(number, { at });
    case 3:
      return change(number, random.chance(0.5) ? { text: `text ${random.below(9)}` } : { pin: random.pick(pinKinds), ink: random.pick(inks) });
    case 4:
      return removal(...several);
    case 5:
      return restoring(...several);
    case 6:
      return {
        kind: 'board-background',
        background: { picture: random.chance(0.5) ? null : id(random.below(9)), width: 10_000, height: 5000 + random.below(5000) },
      };
    default:
      return change(number, { at, text: ' ' });
  }
}

/** As one compares two replicas: with the order of what lies above what. */
function asText({ elements, removed, background }: SharedBoard): string {
  return JSON.stringify([[...elements], [...removed], background]);
}

describe('a shared board', () => {
  it('shows_what_was_put_on_it_with_the_last_word_on_each_property', () => {
    const board = boardOf(
      add(1),
      add(2, note),
      change(1, { at: [7, 8] }),
      change(1, { text: 'Large leak' }),
      change(1, { at: [9, 9] }),
      change(2, { pin: 'danger' }),
    );
    expect([...board.elements.values()].map(({ element }) => element)).toEqual([{ ...pin, at: [9, 9], text: 'Large leak' }, note]);
  });

  it('brings_back_what_was_removed_as_it_was_changed_meanwhile_and_not_before_somebody_says_so', () => {
    const gone = boardOf(add(1), add(2), removal(1), change(1, { text: 'Moved on' }));
    expect(idsOf(gone)).toEqual([id(2)]);
    const back = boardOf(add(1), add(2), removal(1), change(1, { text: 'Moved on' }), restoring(1));
    // Below what came after it, as before.
    expect(idsOf(back)).toEqual([id(1), id(2)]);
    expect(back.elements.get(id(1))?.element).toMatchObject({ text: 'Moved on' });
  });

  it('takes_no_second_element_of_one_id_and_nothing_about_one_that_is_not_there', () => {
    const board = boardOf(change(1, { text: 'early' }), removal(1), add(1), add(1, note), restoring(9), change(2, { text: 'nobody' }));
    expect([...board.elements.values()].map(({ element }) => element)).toEqual([pin]);
    expect(board.removed.size).toBe(0);
  });

  it('keeps_a_note_that_somebody_would_empty_and_a_label_that_somebody_would_overfill', () => {
    const board = boardOf(
      add(1, note),
      change(1, { text: '  ' }),
      add(2),
      change(2, { text: 'x'.repeat(longestLabel + 1) }),
      change(2, { text: '' }),
    );
    expect([...board.elements.values()].map(({ element }) => ('text' in element ? element.text : ''))).toEqual([note.text, '']);
  });

  it('passes_over_what_is_more_than_fits_and_says_which', () => {
    const full = Array.from({ length: mostElements }, (_, at) => add(at));
    const board = boardOf(...full, add(5000), removal(0, 1), add(5001), restoring(0, 1));
    expect(board.elements.size).toBe(mostElements);
    expect([...board.passedOver]).toEqual([id(5000)]);
    expect([...board.removed.keys()]).toEqual([id(1)]);
  });

  it('is_the_same_for_everybody_who_has_the_entries_whatever_each_had_waiting_on_the_way', () => {
    const random = new SeededRandom();
    for (let round = 0; round < 60; round++) {
      const order: RoomItem[] = [];
      /** Each has read so far, and has written what waits: both go on at their own pace. */
      const replicas = ['a', 'b', 'c'].map((self) => ({ self, read: 0, waiting: [] as SharedBoardContent[] }));
      const look = ({ self, read, waiting }: (typeof replicas)[number]): SharedBoard =>
        withWaiting(sharedBoardOf(order.slice(0, read)), waiting, self);
      for (let step = 0; step < 120; step++) {
        const one = random.pick(replicas);
        if (random.chance(0.5)) {
          const content = anything(random);
          one.waiting.push(content);
          // Own changes are seen at once.
          const shown = content.kind === 'board-change' ? look(one).elements.get(content.of) : undefined;
          if (content.kind === 'board-change' && shown && content.change.at) expect(shown.element.at, `seed ${seed}`).toEqual(content.change.at);
          if (content.kind === 'board-removal') for (const of of content.of) expect(look(one).elements.has(of), `seed ${seed}`).toBe(false);
        } else if (random.chance(0.6)) {
          const [first] = one.waiting;
          if (first === undefined) continue;
          order.push(entry(order.length + 1, first, one.self));
          // It may be read back before it is known to have left.
          if (random.chance(0.3)) one.read = order.length;
          one.waiting.shift();
        } else one.read = Math.min(order.length, one.read + 1 + random.below(5));
      }
      for (const one of replicas) {
        for (const content of one.waiting) order.push(entry(order.length + 1, content, one.self));
        one.waiting = [];
      }
      for (const one of replicas) one.read = order.length;
      const [first, ...others] = replicas.map((one) => asText(look(one)));
      for (const other of others) expect(other, `seed ${seed}`).toBe(first);
      expect(asText(sharedBoardOf(order)), `seed ${seed}`).toBe(first);
    }
  });

  it('shows_what_has_arrived_and_still_waits_once', () => {
    const read = boardOf(add(1), add(2));
    expect(asText(withWaiting(read, [add(2)], 'a1'))).toBe(asText(read));
  });

  it('puts_nothing_among_the_messages', () => {
    const items = [add(1), change(1, { at: [1, 1] }), removal(1), restoring(1), { kind: 'board-background', background: blankSheet } as const].map(
      (content, at) => entry(at + 1, content),
    );
    expect(viewOf(items).timeline).toEqual([]);
  });
});

describe('steps on a board', () => {
  const written = (steps: BoardSteps, board: SharedBoard, content: SharedBoardContent): SharedBoard => {
    steps.note(content, board);
    return withWaiting(board, [content], 'a1');
  };
  const follow = (board: SharedBoard, content: SharedBoardContent | null): SharedBoard =>
    content === null ? board : withWaiting(board, [content], 'a1');

  it('are_taken_back_one_by_one_and_done_again', () => {
    const random = new SeededRandom();
    for (let round = 0; round < 40; round++) {
      const steps = new BoardSteps();
      const seen = [boardOf(add(1), add(2, note))];
      let board = seen[0] as SharedBoard;
      for (let at = 0; at < 30; at++) {
        const [some] = random.shuffled([...board.elements.keys()]);
        const content: SharedBoardContent =
          some === undefined || random.chance(0.4)
            ? add(100 + at, random.pick<BoardElement>([pin, note, stroke]))
            : random.chance(0.4)
              ? { kind: 'board-removal', of: [some] }
              : { kind: 'board-change', of: some, change: { at: [at, at + 1] } };
        board = written(steps, board, content);
        seen.push(board);
      }
      const shown = (one: SharedBoard): string => JSON.stringify([...one.elements]);
      for (const former of seen.slice(0, -1).reverse()) expect(shown((board = follow(board, steps.undo(board)))), `seed ${seed}`).toBe(shown(former));
      expect(steps.canUndo).toBe(false);
      for (const later of seen.slice(1)) expect(shown((board = follow(board, steps.redo(board)))), `seed ${seed}`).toBe(shown(later));
    }
  });

  it('leave_what_others_have_gone_over_since', () => {
    const steps = new BoardSteps();
    let board = written(steps, boardOf(add(1), add(2)), change(1, { text: 'mine', at: [1, 1] }));
    board = withWaiting(board, [change(1, { text: 'theirs' })], 'b2');
    expect(steps.undo(board)).toEqual(change(1, { at: [100, 200] }));
    board = written(steps, board, change(2, { at: [3, 3] }));
    board = withWaiting(board, [removal(2)], 'b2');
    expect(steps.undo(board)).toBeNull();
    expect(steps.canRedo).toBe(false);
  });

  it('bring_back_a_board_that_was_cleared_and_the_picture_that_lay_below', () => {
    const steps = new BoardSteps();
    const picture = { kind: 'board-background', background: { picture: id(7), width: 8000, height: 10_000 } } as const;
    let board = written(steps, boardOf(add(1), add(2)), picture);
    board = written(steps, board, removal(1, 2));
    expect(board.elements.size).toBe(0);
    board = follow(board, steps.undo(board));
    expect(idsOf(board)).toEqual([id(1), id(2)]);
    expect(follow(board, steps.undo(board)).background).toEqual(blankSheet);
  });
});

describe('a stroke', () => {
  it('is_never_longer_than_one_entry_takes_nor_further_from_what_was_drawn_than_it_had_to_be', () => {
    const random = new SeededRandom();
    for (let round = 0; round < 40; round++) {
      let [x, y] = [random.below(longestSide), random.below(longestSide)];
      const drawn = Array.from({ length: 1 + random.below(1500) }, (): BoardPoint => {
        [x, y] = [x + (random.next() - 0.5) * 400, y + (random.next() - 0.5) * 400];
        return [x, y];
      });
      const made = strokeOf(drawn);
      expect(made?.path.length, `seed ${seed}`).toBeLessThanOrEqual(2 * mostSteps);
      const content = { kind: 'board-element', id: id(1), element: { form: 'stroke', ink: 'black', ...(made ?? { at: [0, 0], path: [] }) } } as const;
      expect(parseContent(encodeContent(content)), `seed ${seed}`).toEqual(content);
    }
  });

  it('keeps_its_ends_and_every_point_within_the_tolerance', () => {
    const random = new SeededRandom();
    const drawn = Array.from({ length: 300 }, (_, at): BoardPoint => [at * 20, 500 + Math.round(Math.sin(at / 9) * 300) + random.below(9)]);
    const kept = simplified(drawn, 12);
    expect(kept.length).toBeLessThan(drawn.length / 2);
    expect([kept[0], kept.at(-1)]).toEqual([drawn[0], drawn.at(-1)]);
    for (const point of drawn) {
      const off = Math.min(...kept.slice(1).map((to, at) => distanceOf(point, kept[at] as BoardPoint, to)));
      expect(off, `seed ${seed}`).toBeLessThanOrEqual(12);
    }
  });

  it('of_one_point_is_a_dot_and_of_none_is_none', () => {
    expect(strokeOf([[3.4, 20_000]])).toEqual({ at: [3, longestSide], path: [0, 0] });
    expect(strokeOf([])).toBeNull();
  });
});

describe('the grid of a board', () => {
  it('names_every_cell_by_its_middle', () => {
    for (const sheet of [blankSheet, { width: 7000, height: 10_000 }])
      for (const column of 'ABCDEFGHIJ')
        for (let row = 1; row <= 10; row++) {
          const middle = middleOf(`${column}${row}`, sheet);
          expect(middle && cellOf(middle, sheet)).toBe(`${column}${row}`);
        }
    expect(middleOf(' c 4 ', blankSheet)).toEqual(middleOf('C4', blankSheet));
    expect(cellOf([longestSide, blankSheet.height], blankSheet)).toBe('J10');
  });

  it.each(['', 'K1', 'A0', 'A11', '4C', 'C4 D5'])('knows_no_cell_called_%j', (cell) => {
    expect(middleOf(cell, blankSheet)).toBeNull();
  });
});

describe('what is put on a board as bytes', () => {
  const contents: readonly RoomContent[] = [
    add(1),
    add(1, note),
    add(1, stroke),
    add(1, { form: 'arrow', at: [0, longestSide], ink: 'orange', path: [longestSide, -longestSide] }),
    add(1, { form: 'rectangle', at: [1, 1], ink: 'black', path: [-1, 5] }),
    change(1, { at: [1, 2], ink: 'green', text: '', pin: 'meeting-point' }),
    removal(1, 2),
    restoring(3),
    { kind: 'board-background', background: { picture: id(4), width: 500, height: 10_000 } },
    { kind: 'board-background', background: blankSheet },
  ];

  it.each(contents)('of_kind_$kind_is_read_as_it_was_written_%#', (content) => {
    expect(parseContent(encodeContent(content))).toEqual(content);
  });

  it.each([
    { kind: 'board-element', id: 'x', element: pin },
    { kind: 'board-element', id: id(1) },
    { kind: 'board-element', id: id(1), element: { ...pin, at: [1] } },
    { kind: 'board-element', id: id(1), element: { ...pin, at: [1, 10_001] } },
    { kind: 'board-element', id: id(1), element: { ...pin, at: [0.5, 1] } },
    { kind: 'board-element', id: id(1), element: { ...pin, at: { 0: 1, 1: 1, length: 2 } } },
    { kind: 'board-element', id: id(1), element: { ...pin, ink: 'red' } },
    { kind: 'board-element', id: id(1), element: { ...pin, pin: 'treasure' } },
    { kind: 'board-element', id: id(1), element: { ...pin, text: 'x'.repeat(longestLabel + 1) } },
    { kind: 'board-element', id: id(1), element: { ...note, text: ' ' } },
    { kind: 'board-element', id: id(1), element: { ...note, text: 'x'.repeat(longestNote + 1) } },
    { kind: 'board-element', id: id(1), element: { ...stroke, path: [] } },
    { kind: 'board-element', id: id(1), element: { ...stroke, path: [1, 2, 3] } },
    { kind: 'board-element', id: id(1), element: { ...stroke, path: Array.from({ length: 2 * mostSteps + 2 }, () => 1) } },
    { kind: 'board-element', id: id(1), element: { ...stroke, path: [9000, 0, 9000, 0] } },
    { kind: 'board-element', id: id(1), element: { ...stroke, path: [null, 1] } },
    { kind: 'board-element', id: id(1), element: { ...stroke, path: '12' } },
    { kind: 'board-element', id: id(1), element: { ...stroke, form: 'arrow' } },
    { kind: 'board-element', id: id(1), element: { ...stroke, form: 'script' } },
    { kind: 'board-element', id: id(1), element: [pin] },
    { kind: 'board-change', of: id(1), change: { at: [1, 2], ink: 'white' } },
    { kind: 'board-change', of: id(1), change: { text: 'x'.repeat(longestNote + 1) } },
    { kind: 'board-change', of: [id(1)], change: {} },
    { kind: 'board-change', of: id(1), change: null },
    { kind: 'board-removal', of: [] },
    { kind: 'board-removal', of: id(1) },
    { kind: 'board-removal', of: ['x'] },
    { kind: 'board-restoring', of: Array.from({ length: mostElements + 1 }, (_, at) => id(at)) },
    { kind: 'board-background', background: { picture: 'x', width: 10_000, height: 10_000 } },
    { kind: 'board-background', background: { picture: null, width: 10_000, height: 499 } },
    { kind: 'board-background', background: { picture: null, width: 9000, height: 9000 } },
    { kind: 'board-background', background: { picture: null, width: 10_000, height: 1e9 } },
    { kind: 'board-background' },
  ])('is_refused_where_it_is_not_of_the_right_form_%#', (wrong) => {
    expect(parseContent(utf8(JSON.stringify(wrong)))).toBeNull();
  });

  it('is_parsed_or_refused_whatever_stands_in_it', () => {
    const random = new SeededRandom();
    const odd = [null, true, -1, 1.5, 1e300, '', 'x', [], {}, [[]], { length: 2 }, [1, 2], id(1), 'stroke'];
    for (let round = 0; round < 3000; round++) {
      const whole: unknown = JSON.parse(JSON.stringify(random.pick(contents)));
      const spoil = (value: unknown): unknown => {
        if (random.chance(0.25)) return random.pick<unknown>(odd);
        if (typeof value !== 'object' || value === null) return value;
        return Array.isArray(value)
          ? value.map(spoil)
          : Object.fromEntries(Object.entries(value).map(([name, one]) => [name, name === 'kind' ? one : spoil(one)]));
      };
      const parsed = parseContent(utf8(JSON.stringify(spoil(whole))));
      const board = sharedBoardOf(parsed === null ? [] : [entry(1, add(1)), entry(2, parsed)]);
      expect(board.elements.size, `seed ${seed}`).toBeLessThanOrEqual(mostElements);
    }
    expect(asText(emptyBoard)).toBe(asText(sharedBoardOf([])));
  });
});
