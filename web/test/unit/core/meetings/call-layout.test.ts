import { describe, expect, it } from 'vitest';
import { gridColumns, stagePerson } from '../../../../src/core/meetings/call-layout';

describe('the grid of faces', () => {
  it.each([
    [1, 1440, 700, 1],
    [2, 1440, 700, 2],
    [4, 1440, 700, 2],
    [9, 1440, 700, 3],
    [2, 390, 700, 1],
    [6, 390, 700, 2],
  ])('%i_tiles_in_%i_by_%i_stand_in_%i_columns', (tiles, width, height, columns) => {
    expect(gridColumns(tiles, width, height, width < 640 ? 1 : 16 / 9)).toBe(columns);
  });

  it('is_one_column_before_anything_was_measured', () => {
    expect(gridColumns(5, 0, 0)).toBe(1);
  });
});

describe('who is shown large', () => {
  const people = [{ id: 'me' }, { id: 'a' }, { id: 'b' }];

  it('is_whoever_was_pinned_then_the_loudest_other_then_whoever_it_was_before', () => {
    expect(stagePerson(people, 'me', 'b', ['a'], undefined)).toBe('b');
    expect(stagePerson(people, 'me', undefined, ['me', 'a'], 'b')).toBe('a');
    expect(stagePerson(people, 'me', undefined, [], 'b')).toBe('b');
    expect(stagePerson(people, 'me', 'gone', [], 'gone')).toBe('a');
    expect(stagePerson([{ id: 'me' }], 'me', undefined, [], undefined)).toBe('me');
  });
});
