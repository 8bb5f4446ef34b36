import type { Dictionary } from '../message';

/** The report of a whole crisis, for people. */
export const crisisRecord = {
  'record.title': 'Rapport de la crise',
} as const satisfies Dictionary;
