import { connection } from '../../core/connection.svelte';
import { thisDevice } from '../../core/devices/this-device.svelte';
import { liveEvents } from '../../core/live-events';
import { openRoom } from '../../core/rooms/rooms-here';
import type { OpenRoom } from '../../core/rooms/rooms.svelte';

/** A room that a page shows, as long as it shows it: opened where this browser is a device, read anew with each of its events and once the line is back. */
export class FollowedRoom {
  /** Undefined while it opens, null where there is none. */
  room = $state.raw<OpenRoom | null | undefined>();

  /** Made while a component is made. */
  constructor(id: () => string) {
    $effect(() => {
      if (thisDevice().kind !== 'ready') return;
      let wanted = true;
      void openRoom(id()).then((opened) => {
        if (wanted) this.room = opened;
      });
      return () => {
        wanted = false;
      };
    });
    $effect(() => {
      const shown = this.room;
      if (!shown || (connection.feed !== 'live' && connection.feed !== 'broken')) return;
      void shown.sync();
      return liveEvents.on(
        ['room.entry-appended'],
        (events) => {
          if (events.some(({ data }) => data['roomId'] === shown.id)) void shown.sync();
        },
        () => void shown.sync(),
      );
    });
  }
}
