import type { Dictionary } from '../message';

export const alerts = {
  'alerts.filter': 'Afficher',
  'alerts.filter.all': 'Toutes',
  'alerts.filter.active': 'En cours',
  'alerts.none': 'Aucune alerte',
  'action.more': 'Afficher la suite',
} as const satisfies Dictionary;
