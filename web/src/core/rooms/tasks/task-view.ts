import type { RoomItem } from '../room-log';
import { mostSteps, type TaskFields, type TaskState, taskStates } from './task-content';

export interface TaskStep {
  readonly text: string;
  readonly done: boolean;
}

/** Who did what to a task, and when by the server's clock. */
export interface TaskEvent {
  readonly author: string;
  readonly at: string;
  readonly what:
    | { readonly kind: 'created' }
    | { readonly kind: 'changed'; readonly change: Partial<TaskFields> }
    | { readonly kind: 'commented'; readonly text: string };
}

export interface Task extends TaskFields {
  readonly id: string;
  /** Its place in the order in which tasks were written: the first has 1. */
  readonly number: number;
  /** The message that it was made from. */
  readonly from: string | null;
  readonly steps: readonly TaskStep[];
  /** False while its crisis is closed, as who closed it said. */
  readonly reminds: boolean;
  /** What was done to it, the first first. Steps that are ticked off are not told, nor whether it reminds. */
  readonly events: readonly TaskEvent[];
}

/**
 * What the tasks of a room amount to, in the order in which they were written. Of the entries alone, so the same for everybody who has them: of two changes of the same field the later one in
 * the room counts, and changes of different fields both do.
 */
export function tasksOf(items: readonly RoomItem[]): readonly Task[] {
  const tasks = new Map<string, Task>();
  const change = (of: string, changed: (task: Task) => Partial<Task>): void => {
    const task = tasks.get(of);
    if (task !== undefined) tasks.set(of, { ...task, ...changed(task) });
  };
  for (const { what, id, author, at } of items) {
    if (what.kind !== 'content' || id === undefined || author === undefined) continue;
    const { content } = what;
    switch (content.kind) {
      case 'task':
        if (tasks.has(id)) break;
        tasks.set(id, {
          ...content.task,
          id,
          number: tasks.size + 1,
          from: content.from ?? null,
          steps: (content.steps ?? []).map((text) => ({ text, done: false })),
          reminds: true,
          events: [{ author, at, what: { kind: 'created' } }],
        });
        break;
      case 'task-change':
        change(content.of, ({ events }) => ({
          ...content.change,
          events: [...events, { author, at, what: { kind: 'changed', change: content.change } }],
        }));
        break;
      case 'task-step':
        change(content.of, ({ steps }) => (steps.length < mostSteps ? { steps: [...steps, { text: content.text, done: false }] } : {}));
        break;
      case 'task-tick':
        change(content.of, ({ steps }) => ({ steps: steps.map((step, place) => (place === content.step ? { ...step, done: content.done } : step)) }));
        break;
      case 'task-reminding':
        change(content.of, () => ({ reminds: content.reminds }));
        break;
      case 'task-comment':
        change(content.of, ({ events }) => ({ events: [...events, { author, at, what: { kind: 'commented', text: content.text } }] }));
        break;
    }
  }
  return [...tasks.values()];
}

export function isOpen({ state }: Pick<Task, 'state'>): boolean {
  return state === 'to-do' || state === 'under-way';
}

/** @param now Unix milliseconds. */
export function isOverdue(task: Pick<Task, 'state' | 'due'>, now: number): boolean {
  return isOpen(task) && task.due !== null && Date.parse(task.due) < now;
}

/** What comes first: urgent before the rest, then what is due earlier, then what was asked for earlier. What is over: the latest first. */
export function inOrder(tasks: readonly Task[]): readonly Task[] {
  const lastAt = (task: Task): string => task.events.at(-1)?.at ?? '';
  return [...tasks].sort((one, other) =>
    isOpen(one) && isOpen(other)
      ? Number(other.urgent) - Number(one.urgent) || (one.due ?? '9').localeCompare(other.due ?? '9') || one.number - other.number
      : lastAt(other).localeCompare(lastAt(one)) || other.number - one.number,
  );
}

/** By state; each in the order in which one would take them. */
export function byState(tasks: readonly Task[]): Readonly<Record<TaskState, readonly Task[]>> {
  const of = (state: TaskState): readonly Task[] => inOrder(tasks.filter((task) => task.state === state));
  return Object.fromEntries(taskStates.map((state) => [state, of(state)])) as Record<TaskState, readonly Task[]>;
}
