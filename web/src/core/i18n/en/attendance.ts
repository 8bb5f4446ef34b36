import type { attendance as french } from '../fr/attendance';
import type { Translated } from '../message';

/** Who was in the calls of a crisis. */
export const attendance: Translated<typeof french> = {
  'attendance.title': 'Calls',
  'attendance.call': 'Call of {time}',
  'attendance.call.in': 'Call of {time} · {room}',
  'attendance.people': { one: '{n} person', other: '{n} people' },
  'attendance.goesOn': 'Under way',
  'attendance.stay': '{from} to {to}',
  'attendance.stay.noted': '{from} to {to}, departure noted by {name}',
  'attendance.stay.open': 'since {from}',
  'attendance.stay.lost': 'from {from}, departure not recorded',
  'attendance.guest': '{name}, guest',
  'attendance.guest.host': '{name}, guest; host: {host}',
  'attendance.earlier': { one: '{n} earlier call', other: '{n} earlier calls' },
};
