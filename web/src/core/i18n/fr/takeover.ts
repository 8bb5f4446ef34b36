import type { Dictionary } from '../message';

export const takeover = {
  'takeover.from': '{organisation} vous alerte',
  'takeover.silence': 'Couper le son',
  'takeover.later': 'Revenir à la page',
} as const satisfies Dictionary;
