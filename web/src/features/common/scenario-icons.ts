import type { ScenarioCategory } from '../../transport/contract/content';
import type { IconName } from '../../ui/icons/shapes';

/** The picture of each kind of scenario; the words beside it say which. */
export const categoryIcons: Readonly<Record<ScenarioCategory, IconName>> = {
  fire: 'fire',
  health: 'health',
  cyber: 'cyber',
  utilities: 'power',
  telecom: 'offline',
  weather: 'weather',
  supply: 'supply',
  security: 'shield',
  other: 'alerts',
};
