import { describe, expect, it } from 'vitest';
import { differentLines } from '../../../src/core/line-difference';
import { SeededRandom } from '../../e2ee/seeded';

describe('the difference of two texts', () => {
  it('names_what_was_removed_and_added_between_what_stayed', () => {
    expect(differentLines(['a', 'b', 'c', 'd'], ['a', 'c', 'x', 'd'])).toEqual([
      { kind: 'same', text: 'a' },
      { kind: 'removed', text: 'b' },
      { kind: 'same', text: 'c' },
      { kind: 'added', text: 'x' },
      { kind: 'same', text: 'd' },
    ]);
    expect(differentLines([], [])).toEqual([]);
  });

  it('gives_both_texts_back_and_is_never_longer_than_they_are', () => {
    const random = new SeededRandom();
    for (let round = 0; round < 500; round++) {
      const some = (): string[] => Array.from({ length: random.below(20) }, () => 'abcd'.charAt(random.below(4)));
      const [before, after] = [some(), some()];
      const lines = differentLines(before, after);
      const without = (kind: string): string[] => lines.filter((line) => line.kind !== kind).map((line) => line.text);
      expect(without('added')).toEqual(before);
      expect(without('removed')).toEqual(after);
    }
    expect(differentLines(['same', 'same'], ['same', 'same']).every(({ kind }) => kind === 'same')).toBe(true);
  });

  it('shows_texts_that_are_too_long_to_compare_one_after_the_other', () => {
    const many = (name: string): string[] => Array.from({ length: 3000 }, (_, at) => `${name}${at}`);
    const lines = differentLines(many('a'), many('b'));
    expect(lines.slice(0, 3000).every(({ kind }) => kind === 'removed')).toBe(true);
    expect(lines).toHaveLength(6000);
  });
});
