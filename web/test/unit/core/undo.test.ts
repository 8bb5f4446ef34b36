import { afterEach, beforeEach, expect, it } from 'vitest';
import { navigate, startNavigation } from '../../../src/core/navigation.svelte';
import { dismissUndo, offeredUndo, offerUndo } from '../../../src/core/undo.svelte';

let stop: () => void;

beforeEach(() => {
  history.replaceState(null, '', '/rooms/a/board');
  stop = startNavigation();
});

afterEach(() => {
  dismissUndo();
  stop();
});

const cleared = { message: 'The board is cleared.', undo: () => undefined };

it('what_was_done_is_offered_to_be_undone_where_it_was_done_and_nowhere_else', () => {
  offerUndo(cleared);
  expect(offeredUndo()).toBe(cleared);
  // A question or a place on the same page is no other page.
  navigate('/rooms/a/board?see=list#b');
  expect(offeredUndo()).toBe(cleared);
  navigate('/rooms/a');
  expect(offeredUndo()).toBeUndefined();
  const other = { ...cleared, message: 'Taken out' };
  offerUndo(other);
  expect(offeredUndo()).toBe(other);
  dismissUndo();
  expect(offeredUndo()).toBeUndefined();
});
