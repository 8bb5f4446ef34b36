import type { Dictionary } from '../message';

/** Who was in the calls of a crisis. */
export const attendance = {
  'attendance.title': 'Appels',
  'attendance.call': 'Appel du {time}',
  'attendance.call.in': 'Appel du {time} · {room}',
  'attendance.people': { one: '{n} personne', other: '{n} personnes' },
  'attendance.goesOn': 'En cours',
  'attendance.stay': 'de {from} à {to}',
  'attendance.stay.noted': 'de {from} à {to}, départ noté par {name}',
  'attendance.stay.open': 'depuis {from}',
  'attendance.stay.lost': 'à partir de {from}, départ non enregistré',
  'attendance.guest': '{name}, personne invitée',
  'attendance.guest.host': '{name}, personne invitée ; hôte : {host}',
  'attendance.earlier': { one: '{n} appel plus ancien', other: '{n} appels plus anciens' },
} as const satisfies Dictionary;
