import { remindersToSet } from '../tasks/task-reminder';
import type { OpenRoom } from '../rooms.svelte';

type WrittenRoom = Pick<OpenRoom, 'tasks' | 'waiting' | 'mayBeWrittenIn' | 'write'>;

/**
 * Open tasks of a crisis that is closed remind nobody; once it is opened again they do. Each is said in its own room, kept while there is no line, and told to the server as the entry leaves. Tasks
 * of rooms that this person is not in stay as they are.
 */
export async function setReminders(rooms: readonly WrittenRoom[], reminds: boolean): Promise<void> {
  for (const room of rooms) {
    if (!room.mayBeWrittenIn) continue;
    for (const { id } of remindersToSet(room.tasks, room.waiting, reminds)) await room.write({ kind: 'task-reminding', of: id, reminds });
  }
}
