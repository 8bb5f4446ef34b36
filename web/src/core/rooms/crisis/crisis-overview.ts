import { type LogLine } from '../log/log-view';
import { isOpen, isOverdue, type Task } from '../tasks/task-view';

/** Of a room of the crisis that this person may read, what its page needs. */
export interface ReadableRoom {
  readonly id: string;
  readonly tasks: readonly Task[];
  readonly log: readonly LogLine[];
}

/** Something of one room among those of all. */
export interface InRoom<Thing> {
  readonly room: string;
  readonly of: Thing;
}

/** The latest first, by when they were taken. */
export function decisionsIn(rooms: readonly ReadableRoom[]): readonly InRoom<LogLine>[] {
  return linesIn(rooms).filter(({ of }) => of.latest.statement.type === 'decision');
}

/** Of all rooms, the latest first, by when things happened. */
export function linesIn(rooms: readonly ReadableRoom[]): readonly InRoom<LogLine>[] {
  return rooms
    .flatMap(({ id, log }) => log.map((of) => ({ room: id, of })))
    .sort(
      (one, other) =>
        other.of.latest.statement.at.localeCompare(one.of.latest.statement.at) ||
        other.of.latest.enteredAt.localeCompare(one.of.latest.enteredAt) ||
        other.of.number - one.of.number,
    );
}

/** What is not over, of all rooms: overdue first, then urgent, then what is due earlier. @param now Unix milliseconds. */
export function openTasksIn(rooms: readonly ReadableRoom[], now: number): readonly InRoom<Task>[] {
  return rooms
    .flatMap(({ id, tasks }) => tasks.filter(isOpen).map((of) => ({ room: id, of })))
    .sort(
      ({ of: one }, { of: other }) =>
        Number(isOverdue(other, now)) - Number(isOverdue(one, now)) ||
        Number(other.urgent) - Number(one.urgent) ||
        (one.due ?? '9').localeCompare(other.due ?? '9') ||
        one.number - other.number,
    );
}
