import type { now as french } from '../fr/now';
import type { Translated } from '../message';

export const now: Translated<typeof french> = {
  'now.title': 'Now',
  'now.raise': 'Raise an alert',
};
