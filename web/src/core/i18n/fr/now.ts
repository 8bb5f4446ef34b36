import type { Dictionary } from '../message';

export const now = {
  'now.title': 'En cours',
  'now.raise': 'Lancer une alerte',
} as const satisfies Dictionary;
