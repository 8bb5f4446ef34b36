import type { TaskState } from '../../../core/rooms/tasks/task-content';

/** What one press makes of it; nothing where it is over. */
export const nextState: Readonly<Record<TaskState, 'under-way' | 'done' | undefined>> = {
  'to-do': 'under-way',
  'under-way': 'done',
  done: undefined,
  'given-up': undefined,
};
