import type { ActionName } from '../../core/access';
import type { PlainTextKey } from '../../core/i18n/i18n.svelte';
import type { IconName } from '../../ui/icons/shapes';
import type { Section } from '../routing/routes';

export interface SectionLink {
  readonly section: Section;
  readonly href: string;
  readonly icon: IconName;
  readonly label: PlainTextKey;
  readonly needs?: ActionName;
}

/** In the bar under the thumb on a phone. */
export const mainSections: readonly SectionLink[] = [
  { section: 'now', href: '/', icon: 'now', label: 'nav.now' },
  { section: 'alerts', href: '/alerts', icon: 'alerts', label: 'nav.alerts', needs: 'alerts.watch' },
  { section: 'rooms', href: '/rooms', icon: 'message', label: 'nav.rooms' },
  { section: 'meetings', href: '/meetings', icon: 'camera', label: 'nav.meetings' },
  { section: 'me', href: '/me', icon: 'person', label: 'nav.me' },
];

/** In the rail of a desktop; on a phone they are reached from Now, Alerts, Rooms and Me. */
export const furtherSections: readonly SectionLink[] = [
  { section: 'crises', href: '/crises', icon: 'flag', label: 'nav.crises' },
  { section: 'plans', href: '/plans', icon: 'copy', label: 'nav.plans' },
  { section: 'exercises', href: '/exercises', icon: 'hand', label: 'nav.exercises' },
  { section: 'bulletins', href: '/bulletins', icon: 'radio', label: 'nav.bulletins' },
  {
    section: 'scenarios',
    href: '/scenarios',
    icon: 'scenario',
    label: 'nav.scenarios',
    needs: 'scenarios.read',
  },
  { section: 'directory', href: '/directory', icon: 'directory', label: 'nav.directory', needs: 'directory.read' },
  { section: 'rotas', href: '/rotas', icon: 'calendar', label: 'nav.rotas', needs: 'rotas.read' },
  { section: 'readiness', href: '/readiness', icon: 'shield', label: 'nav.readiness', needs: 'readiness.read' },
  { section: 'settings', href: '/settings', icon: 'settings', label: 'nav.settings', needs: 'settings.edit' },
  { section: 'audit', href: '/audit', icon: 'audit', label: 'nav.audit', needs: 'audit.read' },
  { section: 'help', href: '/help', icon: 'help', label: 'nav.help' },
];

/** On a phone a page of a further section lights the main one that leads to it. */
export function mainSectionOf(section: Section): Section {
  switch (section) {
    case 'bulletins':
      return 'now';
    case 'scenarios':
      return 'alerts';
    case 'crises':
    case 'plans':
    case 'exercises':
      return 'rooms';
    case 'directory':
    case 'rotas':
    case 'readiness':
    case 'settings':
    case 'audit':
    case 'help':
      return 'me';
    case 'now':
    case 'alerts':
    case 'rooms':
    case 'meetings':
    case 'me':
      return section;
  }
}
