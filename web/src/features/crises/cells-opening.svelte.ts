import { t } from '../../core/i18n/i18n.svelte';
import type { CrisisCell } from '../../core/rooms/crisis/crisis-content';
import { openCell } from '../../core/rooms/crisis/crisis-opening';
import type { KnownCrisis } from '../../core/rooms/crisis/known-crises';
import { roomList } from '../../core/rooms/room-list.svelte';
import type { RoomPerson } from '../../core/rooms/room-beginning';
import type { OpenRoom } from '../../core/rooms/rooms.svelte';
import { nameIn } from '../common/rooms/room-names';
import { withMode } from './crisis-words';

/** Everybody of the crisis but this person, as its leading room calls them. */
export function peopleIn(room: OpenRoom): readonly RoomPerson[] {
  return room.members.filter(({ isSelf }) => !isSelf).map((one) => ({ id: one.id, name: nameIn(room.view, one.account) }));
}

/** Cells whose rooms have not begun, being opened from a crisis' page: one press at a time. */
export class CellsOpening {
  isBusy = $state(false);
  failure = $state.raw<unknown>();

  async open(crisis: KnownCrisis, leading: OpenRoom, cells: readonly CrisisCell[], people = peopleIn(leading)): Promise<void> {
    if (this.isBusy) return;
    [this.isBusy, this.failure] = [true, undefined];
    try {
      for (const cell of cells)
        await openCell(leading, cell, withMode(crisis.mode, t('crisis.room', { cell: cell.name, crisis: crisis.name })), people);
      await roomList()?.load();
    } catch (error) {
      this.failure = error;
    } finally {
      this.isBusy = false;
    }
  }
}
