import { type Bytes, fromHex, sha256, utf8 } from '../../../e2ee/bytes';
import { personOf } from '../../devices/account-bytes';
import type { RoomContent } from '../room-content';
import type { RoomItem } from '../room-log';
import { isOpen, type Task, tasksOf } from './task-view';

/** What the server is told of a task: whom to remind when. Without both, nobody any more. Ids are UUIDs. */
export interface TaskReminder {
  readonly id: string;
  readonly personId: string | null;
  /** In UTC as ISO 8601. */
  readonly at: string | null;
}

/** Outside of these the server could not read the time; nobody is reminded. */
const firstYear = '2000';

/**
 * What a content says of who is to be reminded of its task, judged by the room as it was read last: what is sent next is sent after that. Undefined where it says nothing of it.
 * @param id Of the entry that carries it, in hexadecimal: what a new task is called.
 */
export async function reminderOf(room: Bytes, items: readonly RoomItem[], id: string, content: RoomContent): Promise<TaskReminder | undefined> {
  if (content.kind === 'task') {
    const { task } = content;
    return isReminded(task) ? { id: await reminderId(room, id), ...reminded(task) } : undefined;
  }
  const change = changeOf(content);
  if (change === undefined) return undefined;
  const known = tasksOf(items).find((one) => one.id === change.of);
  if (known === undefined) return undefined;
  const now = { ...known, ...change.to };
  const called = await reminderId(room, change.of);
  return isReminded(now) ? { id: called, ...reminded(now) } : { id: called, personId: null, at: null };
}

/** What a content changes of a task of which the server is told; undefined where that is nothing. */
function changeOf(content: RoomContent): { readonly of: string; readonly to: Partial<Task> } | undefined {
  if (content.kind === 'task-reminding') return { of: content.of, to: { reminds: content.reminds } };
  if (content.kind !== 'task-change') return undefined;
  const { change, of } = content;
  return change.state === undefined && change.owner === undefined && change.due === undefined ? undefined : { of, to: change };
}

/** Tasks with somebody to be reminded at a time, of which the contrary of `reminds` is said, or waits to be said. */
export function remindersToSet(tasks: readonly Task[], waiting: readonly RoomContent[], reminds: boolean): readonly Task[] {
  return tasks.filter((task) => {
    const last = waiting.findLast((one) => one.kind === 'task-reminding' && one.of === task.id);
    return isRemindable(task) && (last?.kind === 'task-reminding' ? last.reminds : task.reminds) !== reminds;
  });
}

/** Whose it is, those who are reminded of now: open, and its time has come. */
export function dueOf(tasks: readonly Task[], account: string, now: number): readonly Task[] {
  return tasks.filter((task) => task.reminds && task.owner === account && isOpen(task) && task.due !== null && Date.parse(task.due) <= now);
}

/** The same for everybody of the room and each change of the task; a digest, which says nothing of it. */
async function reminderId(room: Bytes, task: string): Promise<string> {
  const digest = await sha256(new Uint8Array([...utf8('Tocsin task reminder v1\0'), ...room, ...fromHex(task)]));
  return personOf(digest.subarray(0, 16));
}

type Remindable = Pick<Task, 'state' | 'owner' | 'due'> & Partial<Pick<Task, 'reminds'>>;

function isReminded(task: Remindable): task is Remindable & { readonly owner: string; readonly due: string } {
  return task.reminds !== false && isRemindable(task);
}

function isRemindable(task: Remindable): task is Remindable & { readonly owner: string; readonly due: string } {
  return isOpen(task) && task.owner !== null && task.due !== null && task.due >= firstYear;
}

function reminded({ owner, due }: { readonly owner: string; readonly due: string }): Pick<TaskReminder, 'personId' | 'at'> {
  return { personId: personOf(fromHex(owner)), at: due };
}
