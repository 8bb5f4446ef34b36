import type { crisisRecord as french } from '../fr/crisis-record';
import type { Translated } from '../message';

/** The report of a whole crisis, for people. */
export const crisisRecord: Translated<typeof french> = {
  'record.title': 'Report of the crisis',
};
