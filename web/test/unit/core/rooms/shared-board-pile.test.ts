import { describe, expect, it } from 'vitest';
import { pileOf, pressedIn, shared, type SignBox } from '../../../../src/core/rooms/shared-board/pile';
import { SeededRandom, seed } from '../../../e2ee/seeded';

const box = (left: number, top: number, width = 36, height = 36): SignBox => ({ left, top, right: left + width, bottom: top + height });

describe('signs that cover one another', () => {
  it('are_one_pile_from_above_and_what_lies_apart_is_none', () => {
    const boxes = new Map([
      ['a', box(0, 0)],
      ['b', box(10, 10)],
      ['c', box(36 - shared, 0)],
      ['d', box(400, 0)],
    ]);
    expect(pileOf('a', boxes)).toEqual(['b', 'a']);
    expect(pileOf('d', boxes)).toEqual([]);
    expect(pileOf('gone', boxes)).toEqual([]);
  });

  it('are_each_reached_by_pressing_again_whatever_was_chosen_before', () => {
    const random = new SeededRandom();
    for (let round = 0; round < 100; round++) {
      const boxes = new Map(
        Array.from({ length: 1 + random.below(30) }, (_, at) => [String(at), box(random.below(120), random.below(120), 36 + random.below(200))]),
      );
      const pile = pileOf('0', boxes);
      // Whoever is in the pile of another has that one in theirs.
      for (const one of pile) expect(pileOf(one, boxes), `seed ${seed}`).toContain('0');
      const reached = new Set<string>();
      let chosen: string | undefined = random.chance(0.5) ? undefined : 'elsewhere';
      for (let press = 0; press < pile.length; press++) {
        chosen = pressedIn(pile, chosen);
        if (chosen !== undefined) reached.add(chosen);
      }
      expect(reached, `seed ${seed}`).toEqual(new Set(pile));
    }
    expect(pressedIn([], 'a')).toBeUndefined();
  });
});
