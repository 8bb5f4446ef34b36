import { language, t } from '../../../core/i18n/i18n.svelte';
import { describeMoment } from '../../../core/i18n/time';
import type { AttendedCall, CallGoer, CallVisit } from '../../../core/rooms/calls/call-view';
import type { RoomView } from '../../../core/rooms/room-view';
import { nameIn } from './room-names';

/** Somebody of the room by what the room calls them; others by the name that they gave, and never without saying so. */
export function goerName(view: RoomView, { account, name, guest, host }: CallGoer): string {
  if (account !== null && (name === null || view.names.has(account))) return nameIn(view, account);
  if (!guest) return name ?? '';
  return host === null ? t('attendance.guest', { name: name ?? '' }) : t('attendance.guest.host', { name: name ?? '', host: nameIn(view, host) });
}

/** From when to when, as far as anybody told. @param now What stands on another day says so. */
export function stayInWords(view: RoomView, { from, to, end, endNotedBy }: CallVisit, now: Date): string {
  const clock = (at: string): string => describeMoment(new Date(at), now, language());
  const began = clock(from);
  if (end === 'lost') return t('attendance.stay.lost', { from: began });
  if (to === null) return t('attendance.stay.open', { from: began });
  // The day is said once.
  const until = describeMoment(new Date(to), new Date(from), language());
  return endNotedBy === null
    ? t('attendance.stay', { from: began, to: until })
    : t('attendance.stay.noted', { from: began, to: until, name: nameIn(view, endNotedBy) });
}

/** A call of one of several rooms. */
export interface CallOfRoom {
  readonly room: { readonly view: RoomView };
  /** What the room is called among them; empty where there is one. */
  readonly word: string;
  readonly call: AttendedCall;
}

/** Of all rooms, the latest first. */
export function callsInOrder<Room extends { readonly view: RoomView; readonly calls: readonly AttendedCall[] }>(
  rooms: readonly Room[],
  wordOf: (room: Room) => string,
): readonly CallOfRoom[] {
  return rooms
    .flatMap((room) => room.calls.map((call) => ({ room, word: wordOf(room), call })))
    .sort((one, other) => other.call.from.localeCompare(one.call.from));
}
