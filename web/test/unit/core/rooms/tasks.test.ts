import { describe, expect, it } from 'vitest';
import { encodeContent, parseContent, type RoomContent } from '../../../../src/core/rooms/room-content';
import type { RoomItem } from '../../../../src/core/rooms/room-log';
import { mostSteps, type TaskFields, taskStates } from '../../../../src/core/rooms/tasks/task-content';
import { byState, inOrder, isOverdue, tasksOf } from '../../../../src/core/rooms/tasks/task-view';
import { utf8 } from '../../../../src/e2ee/bytes';
import { SeededRandom, seed } from '../../../e2ee/seeded';

const id = (number: number): string => number.toString(16).padStart(32, '0');
const plain: TaskFields = { title: 'Fetch water', state: 'to-do', owner: null, due: null, urgent: false };

function entry(seq: number, content: RoomContent, author = 'a1'): RoomItem {
  return { seq, id: id(seq), author, at: `2026-11-22T09:00:${String(seq % 60).padStart(2, '0')}Z`, what: { kind: 'content', content } };
}

const task = (seq: number, fields: Partial<TaskFields> = {}, steps?: readonly string[]): RoomItem =>
  entry(seq, { kind: 'task', task: { ...plain, ...fields }, ...(steps ? { steps } : {}) });

describe('tasks of a room', () => {
  it('are_what_was_asked_for_with_all_that_was_changed_since', () => {
    const [only] = tasksOf([
      task(1, {}, ['a can', 'a car']),
      entry(2, { kind: 'task-change', of: id(1), change: { owner: id(77) } }, 'b2'),
      entry(3, { kind: 'task-change', of: id(1), change: { state: 'under-way' } }),
      entry(4, { kind: 'task-tick', of: id(1), step: 1, done: true }),
      entry(5, { kind: 'task-step', of: id(1), text: 'a driver' }),
      entry(6, { kind: 'task-comment', of: id(1), text: 'The car is out of fuel' }, 'b2'),
    ]);
    expect(only).toMatchObject({ number: 1, title: 'Fetch water', owner: id(77), state: 'under-way', due: null });
    expect(only?.steps).toEqual([
      { text: 'a can', done: false },
      { text: 'a car', done: true },
      { text: 'a driver', done: false },
    ]);
    expect(only?.events.map(({ author, what }) => [author, what.kind])).toEqual([
      ['a1', 'created'],
      ['b2', 'changed'],
      ['a1', 'changed'],
      ['b2', 'commented'],
    ]);
  });

  it('take_nothing_that_is_of_no_task_and_no_step_that_is_none', () => {
    const [only, ...rest] = tasksOf([
      entry(1, { kind: 'task-change', of: id(2), change: { state: 'done' } }),
      task(2, {}, ['one']),
      entry(3, { kind: 'task-tick', of: id(2), step: 7, done: true }),
      entry(4, { kind: 'task-comment', of: id(9), text: 'of nothing' }),
      { ...task(5, { title: 'again' }), id: id(2) },
    ]);
    expect(rest).toEqual([]);
    expect(only).toMatchObject({ title: 'Fetch water', state: 'to-do', steps: [{ text: 'one', done: false }] });
  });

  it('have_no_more_steps_than_a_page_can_show', () => {
    const steps = Array.from({ length: mostSteps }, (_, at) => `step ${at}`);
    expect(tasksOf([task(1, {}, steps), entry(2, { kind: 'task-step', of: id(1), text: 'one more' })])[0]?.steps).toHaveLength(mostSteps);
  });

  it('come_urgent_first_then_as_they_are_due', () => {
    const tasks = tasksOf([
      task(1),
      task(2, { due: '2026-11-22T12:00:00.000Z' }),
      task(3, { urgent: true }),
      task(4, { due: '2026-11-22T11:00:00.000Z' }),
      task(5, { state: 'done' }),
      task(6, { state: 'done' }),
    ]);
    expect(byState(tasks)['to-do'].map(({ number }) => number)).toEqual([3, 4, 2, 1]);
    expect(byState(tasks).done.map(({ number }) => number)).toEqual([6, 5]);
    expect(inOrder([]).length).toBe(0);
  });

  it('are_overdue_once_their_time_has_passed_and_nobody_said_that_they_are_over', () => {
    const due = '2026-11-22T11:00:00.000Z';
    const at = Date.parse(due);
    expect(isOverdue({ state: 'to-do', due }, at)).toBe(false);
    expect(isOverdue({ state: 'under-way', due }, at + 1)).toBe(true);
    expect(isOverdue({ state: 'done', due }, at + 1)).toBe(false);
    expect(isOverdue({ state: 'to-do', due: null }, at + 1)).toBe(false);
  });

  it('keep_the_last_word_on_each_field_whatever_else_was_changed_in_between', () => {
    const random = new SeededRandom();
    const last: Record<string, unknown> = { ...plain };
    const items = [task(0)];
    for (let seq = 1; seq < 200; seq++) {
      const change: Partial<TaskFields> = [
        { title: `title ${seq}` },
        { state: taskStates[random.below(taskStates.length)] ?? 'done' },
        { owner: random.chance(0.5) ? null : id(random.below(5)) },
        { due: random.chance(0.5) ? null : new Date(Date.UTC(2026, 10, 22, 8, random.below(60))).toISOString() },
        { urgent: random.chance(0.5) },
      ][random.below(5)] as Partial<TaskFields>;
      Object.assign(last, change);
      items.push(entry(seq, { kind: 'task-change', of: id(0), change }));
    }
    expect(tasksOf(items)[0], `seed ${seed}`).toMatchObject(last);
  });
});

describe('a task as bytes', () => {
  const contents: readonly RoomContent[] = [
    { kind: 'task', task: { ...plain, owner: id(3), due: '2026-11-22T11:00:00.000Z', urgent: true }, steps: ['one', 'two'], from: id(7) },
    { kind: 'task-change', of: id(1), change: { state: 'given-up', owner: null } },
    { kind: 'task-step', of: id(1), text: 'three' },
    { kind: 'task-tick', of: id(1), step: 0, done: true },
    { kind: 'task-comment', of: id(1), text: 'x' },
    { kind: 'task-reminding', of: id(1), reminds: false },
  ];

  it.each(contents)('of_kind_$kind_is_read_as_it_was_written', (content) => {
    expect(parseContent(encodeContent(content))).toEqual(content);
  });

  it.each([
    { kind: 'task', task: { ...plain, title: ' ' } },
    { kind: 'task', task: { ...plain, title: 'x'.repeat(301) } },
    { kind: 'task', task: { ...plain, state: 'perhaps' } },
    { kind: 'task', task: { ...plain, owner: 'Karim' } },
    { kind: 'task', task: { ...plain, due: 'tomorrow' } },
    { kind: 'task', task: { ...plain, urgent: 1 } },
    { kind: 'task', task: { title: 'alone' } },
    { kind: 'task', task: plain, steps: Array.from({ length: mostSteps + 1 }, () => 'x') },
    { kind: 'task', task: plain, steps: [3] },
    { kind: 'task' },
    { kind: 'task-change', of: id(1), change: { state: 'done', due: 'tomorrow' } },
    { kind: 'task-change', of: 'x', change: {} },
    { kind: 'task-tick', of: id(1), step: -1, done: true },
    { kind: 'task-tick', of: id(1), step: 0.5, done: true },
    { kind: 'task-tick', of: id(1), step: mostSteps, done: true },
    { kind: 'task-tick', of: id(1), step: 0, done: 'yes' },
    { kind: 'task-comment', of: id(1), text: '' },
    { kind: 'task-reminding', of: id(1) },
    { kind: 'task-reminding', of: 'x', reminds: true },
  ])('is_refused_where_it_is_not_of_the_right_form_%#', (wrong) => {
    expect(parseContent(utf8(JSON.stringify(wrong)))).toBeNull();
  });
});
