import type { takeover as french } from '../fr/takeover';
import type { Translated } from '../message';

export const takeover: Translated<typeof french> = {
  'takeover.from': '{organisation} alerts you',
  'takeover.silence': 'Silence',
  'takeover.later': 'Back to the page',
};
