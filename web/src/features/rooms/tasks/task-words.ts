import { t } from '../../../core/i18n/i18n.svelte';
import type { TaskState } from '../../../core/rooms/tasks/task-content';
import type { Task } from '../../../core/rooms/tasks/task-view';
import type { OpenRoom } from '../../../core/rooms/rooms.svelte';
import { nameIn } from '../../common/rooms/room-names';

/** Who can be asked: the room's members, and whoever has it now, though they may have left. */
export function ownersFor(room: OpenRoom, task?: Pick<Task, 'owner'>): readonly { readonly value: string; readonly label: string }[] {
  const accounts = new Set(room.members.map(({ account }) => account));
  if (task?.owner) accounts.add(task.owner);
  const people = [...accounts].map((account) => ({ value: account, label: account === room.self ? t('rooms.you') : nameIn(room.view, account) }));
  return [{ value: '', label: t('tasks.owner.none') }, ...people.sort((one, other) => one.label.localeCompare(other.label))];
}

/** What one press makes of it; nothing where it is over. */
export const nextState: Readonly<Record<TaskState, 'under-way' | 'done' | undefined>> = {
  'to-do': 'under-way',
  'under-way': 'done',
  done: undefined,
  'given-up': undefined,
};
