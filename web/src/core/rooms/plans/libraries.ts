import type { RoomRow } from '../room-list.svelte';
import type { OpenRoom } from '../rooms.svelte';
import { inUse, type KeptPlan } from './plan-view';

/** The libraries that somebody is in, by name. One that they were taken out of is none of theirs any more. */
export function librariesIn(rows: readonly RoomRow[]): readonly OpenRoom[] {
  return rows
    .map(({ room }) => room)
    .filter((room) => room.view.purpose === 'library' && room.line !== 'gone')
    .sort((one, other) => (one.view.name ?? '').localeCompare(other.view.name ?? ''));
}

/** A plan of one of the libraries; `key` names both in an address. */
export interface OfferedPlan {
  readonly key: string;
  readonly room: OpenRoom;
  readonly kept: KeptPlan;
}

/** Plans in use of all libraries that somebody is in. */
export function plansIn(rows: readonly RoomRow[]): readonly OfferedPlan[] {
  return librariesIn(rows).flatMap((room) => inUse(room.library.plans).map((kept) => ({ key: `${room.id}/${kept.id}`, room, kept })));
}
