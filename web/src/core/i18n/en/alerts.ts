import type { alerts as french } from '../fr/alerts';
import type { Translated } from '../message';

export const alerts: Translated<typeof french> = {
  'alerts.filter': 'Show',
  'alerts.filter.all': 'All',
  'alerts.filter.active': 'Under way',
  'alerts.none': 'No alert',
  'action.more': 'Show more',
};
