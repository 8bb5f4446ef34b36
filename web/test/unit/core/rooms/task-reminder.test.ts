import { describe, expect, it } from 'vitest';
import { setReminders } from '../../../../src/core/rooms/crisis/crisis-reminders';
import type { RoomContent } from '../../../../src/core/rooms/room-content';
import type { RoomItem } from '../../../../src/core/rooms/room-log';
import { RoomSession } from '../../../../src/core/rooms/room-session';
import { OpenRoom } from '../../../../src/core/rooms/rooms.svelte';
import type { TaskFields } from '../../../../src/core/rooms/tasks/task-content';
import { dueOf, reminderOf } from '../../../../src/core/rooms/tasks/task-reminder';
import { tasksOf } from '../../../../src/core/rooms/tasks/task-view';
import { MemoryDirectoryLog } from '../devices/memory';
import { browserOn, MemoryRooms } from './memory-rooms';

const id = (number: number): string => number.toString(16).padStart(32, '0');
const room = new Uint8Array(16).fill(7);
const due = '2026-11-22T11:00:00.000Z';
const owner = '01932b7c0000700080000000000000b2';
const person = '01932b7c-0000-7000-8000-0000000000b2';
const plain: TaskFields = { title: 'Fetch water', state: 'to-do', owner, due, urgent: false };

function entry(seq: number, content: RoomContent): RoomItem {
  return { seq, id: id(seq), author: 'a1', at: '2026-11-22T09:00:00Z', what: { kind: 'content', content } };
}

const items = [entry(1, { kind: 'task', task: plain })];
const change = (changed: Partial<TaskFields>): RoomContent => ({ kind: 'task-change', of: id(1), change: changed });

describe('what the server is told of whom to remind', () => {
  it('is_who_and_when_and_a_name_that_stays_the_same_for_the_task_and_says_nothing_of_it', async () => {
    const asked = await reminderOf(room, [], id(1), { kind: 'task', task: plain });
    expect(asked).toEqual({ id: asked?.id, personId: person, at: due });
    expect(asked?.id).toMatch(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
    expect(asked?.id.replaceAll('-', '')).not.toBe(id(1));
    expect(await reminderOf(room, items, id(2), change({ due: '2026-11-22T12:00:00.000Z' }))).toEqual({ ...asked, at: '2026-11-22T12:00:00.000Z' });
    expect(await reminderOf(room, items, id(2), change({ owner: id(9) }))).toMatchObject({ id: asked?.id, at: due });
    expect((await reminderOf(new Uint8Array(16), [], id(1), { kind: 'task', task: plain }))?.id).not.toBe(asked?.id);
    expect((await reminderOf(room, [], id(2), { kind: 'task', task: plain }))?.id).not.toBe(asked?.id);
  });

  it('is_that_nobody_is_to_be_reminded_once_it_is_over_or_nobodys_or_has_no_time', async () => {
    for (const over of [{ state: 'done' }, { state: 'given-up' }, { owner: null }, { due: null }, { due: '0001-01-01T00:00:00.000Z' }] as const)
      expect(await reminderOf(room, items, id(2), change(over))).toMatchObject({ personId: null, at: null });
    expect(await reminderOf(room, items, id(2), change({ state: 'under-way' }))).toMatchObject({ personId: person, at: due });
  });

  it('is_nothing_where_an_entry_says_nothing_of_it', async () => {
    expect(await reminderOf(room, items, id(2), change({ title: 'Fetch more water', urgent: true }))).toBeUndefined();
    expect(await reminderOf(room, items, id(2), { kind: 'task-comment', of: id(1), text: 'empty' })).toBeUndefined();
    expect(await reminderOf(room, [], id(2), change({ state: 'done' }))).toBeUndefined();
    expect(await reminderOf(room, [], id(2), { kind: 'task', task: { ...plain, owner: null } })).toBeUndefined();
    expect(await reminderOf(room, [], id(2), { kind: 'message', text: 'hello' })).toBeUndefined();
  });

  it('goes_with_the_entry_judged_by_the_room_as_it_is_when_it_leaves', async () => {
    const directory = new MemoryDirectoryLog();
    const server = new MemoryRooms();
    const claire = await browserOn(directory, server);
    await claire.directory.sync();
    const nonce = crypto.getRandomValues(new Uint8Array(16));
    const session = await RoomSession.open(claire, await RoomSession.idOf(claire, nonce));
    await session.begin({ nonce, members: [] });
    await session.write({ kind: 'task', task: plain });
    const of = tasksOf(session.log.items)[0]?.id ?? '';
    claire.service.isUp = false;
    await session.write({ kind: 'task-change', of, change: { due: null } });
    await session.write({ kind: 'task-change', of, change: { state: 'under-way' } });
    claire.service.isUp = true;
    await session.sync();
    const [first, ...rest] = claire.service.reminders;
    expect(first).toMatchObject({ personId: person, at: due });
    expect(rest).toEqual([
      { id: first?.id, personId: null, at: null },
      { id: first?.id, personId: null, at: null },
    ]);
  });
});

describe('tasks of a crisis', () => {
  async function opened(): Promise<{ readonly room: OpenRoom; readonly service: Awaited<ReturnType<typeof browserOn>>['service'] }> {
    const claire = await browserOn(new MemoryDirectoryLog(), new MemoryRooms());
    await claire.directory.sync();
    const nonce = crypto.getRandomValues(new Uint8Array(16));
    const session = await RoomSession.open(claire, await RoomSession.idOf(claire, nonce));
    await session.begin({ nonce, members: [] });
    const open = new OpenRoom(session, claire.device, claire.directory);
    await open.sync();
    return { room: open, service: claire.service };
  }

  it('that_are_open_remind_nobody_once_it_is_closed_and_remind_again_once_it_is_opened_again', async () => {
    const { room: open, service } = await opened();
    await open.write({ kind: 'task', task: plain });
    await open.write({ kind: 'task', task: { ...plain, state: 'done' } });
    await open.write({ kind: 'task', task: { ...plain, due: null } });
    const [asked] = service.reminders;
    await setReminders([open], false);
    // Said once, of what would have reminded, and neither its state nor its time is another.
    await setReminders([open], false);
    expect(service.reminders.slice(1)).toEqual([{ id: asked?.id, personId: null, at: null }]);
    expect(open.tasks.map(({ reminds, state, due: at }) => [reminds, state, at])).toEqual([
      [false, 'to-do', due],
      [true, 'done', due],
      [true, 'to-do', null],
    ]);
    expect(dueOf(open.tasks, owner, Date.parse(due))).toEqual([]);
    // What is changed meanwhile reminds as little.
    await open.write({ kind: 'task-change', of: open.tasks[0]?.id ?? '', change: { due: '2026-11-23T11:00:00.000Z' } });
    expect(service.reminders.at(-1)).toEqual({ id: asked?.id, personId: null, at: null });
    await setReminders([open], true);
    expect(service.reminders.at(-1)).toEqual({ id: asked?.id, personId: person, at: '2026-11-23T11:00:00.000Z' });
    expect(open.tasks.every(({ reminds }) => reminds)).toBe(true);
    expect(dueOf(open.tasks, owner, Date.parse('2026-11-23T11:00:00.000Z'))).toHaveLength(1);
  });

  it('are_said_to_be_quiet_without_a_line_and_once_however_often_it_is_pressed', async () => {
    const { room: open, service } = await opened();
    await open.write({ kind: 'task', task: plain });
    service.isUp = false;
    await setReminders([open], false);
    await setReminders([open], false);
    expect(open.waiting).toEqual([{ kind: 'task-reminding', of: open.tasks[0]?.id, reminds: false }]);
    // Opened again before the line is back: what leaves last counts.
    await setReminders([open], true);
    expect(open.waiting).toHaveLength(2);
    await setReminders([open], false);
    service.isUp = true;
    await open.sync();
    expect(service.reminders.slice(-3).map(({ personId }) => personId)).toEqual([null, person, null]);
  });
});

it('what_is_due_of_somebody_is_open_theirs_and_its_time_has_come', () => {
  const tasks = tasksOf([
    ...items,
    entry(2, { kind: 'task', task: { ...plain, state: 'done' } }),
    entry(3, { kind: 'task', task: { ...plain, owner: id(9) } }),
  ]);
  expect(dueOf(tasks, owner, Date.parse(due)).map(({ number }) => number)).toEqual([1]);
  expect(dueOf(tasks, owner, Date.parse(due) - 1)).toEqual([]);
});
