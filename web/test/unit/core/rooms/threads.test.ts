import { expect, it } from 'vitest';
import type { ShownMessage, TimelineEntry } from '../../../../src/core/rooms/room-view';
import { threadsOf } from '../../../../src/core/rooms/threads';

function message(id: string, replyTo: string | null): TimelineEntry {
  return { kind: 'message', message: { id, replyTo } as ShownMessage };
}

it('answers_and_answers_to_them_are_one_thread_under_what_was_said_first', () => {
  const { replies, rootOf } = threadsOf([message('a', null), message('b', 'a'), message('c', null), message('d', 'b'), message('e', 'a')]);
  expect([...replies].map(([root, list]) => [root, list.map(({ id }) => id)])).toEqual([['a', ['b', 'd', 'e']]]);
  expect(['a', 'd', 'c', 'elsewhere'].map(rootOf)).toEqual(['a', 'a', 'c', 'elsewhere']);
});

it('answers_to_what_is_not_there_to_themselves_or_to_what_comes_later_begin_no_thread_and_no_circle', () => {
  const { replies, rootOf } = threadsOf([message('a', 'missing'), message('b', 'b'), message('c', 'd'), message('d', 'c')]);
  expect([...replies].map(([root, list]) => [root, list.map(({ id }) => id)])).toEqual([['c', ['d']]]);
  expect(rootOf('d')).toBe('c');
});
