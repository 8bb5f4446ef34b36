import type { PlainTextKey } from '../../core/i18n/i18n.svelte';
import type { Role } from '../../transport/contract/accounts';
import type { IconName } from '../../ui/icons/shapes';
import type { Section } from '../routing/routes';

export interface SectionLink {
  readonly section: Section;
  readonly href: string;
  readonly icon: IconName;
  readonly label: PlainTextKey;
  readonly roles?: readonly Role[];
}

const readers: readonly Role[] = ['administrator', 'crisis-director', 'crisis-member', 'communicator', 'auditor'];

/** In the bar under the thumb on a phone, and first in the rail of a desktop. */
export const mainSections: readonly SectionLink[] = [
  { section: 'now', href: '/', icon: 'now', label: 'nav.now' },
  { section: 'alerts', href: '/alerts', icon: 'alerts', label: 'nav.alerts', roles: ['crisis-director', 'crisis-member', 'communicator', 'auditor'] },
  { section: 'directory', href: '/directory', icon: 'directory', label: 'nav.directory', roles: readers },
  { section: 'me', href: '/me', icon: 'person', label: 'nav.me' },
];

/** In the rail of a desktop; on a phone they are reached from Alerts, Directory and Me. */
export const furtherSections: readonly SectionLink[] = [
  {
    section: 'scenarios',
    href: '/scenarios',
    icon: 'scenario',
    label: 'nav.scenarios',
    roles: readers,
  },
  { section: 'rotas', href: '/rotas', icon: 'calendar', label: 'nav.rotas', roles: readers },
  { section: 'settings', href: '/settings', icon: 'settings', label: 'nav.settings', roles: ['administrator'] },
  { section: 'audit', href: '/audit', icon: 'audit', label: 'nav.audit', roles: ['administrator', 'auditor', 'crisis-director'] },
];

/** On a phone a page of a further section lights the main one that leads to it. */
export function mainSectionOf(section: Section): Section {
  switch (section) {
    case 'scenarios':
      return 'alerts';
    case 'rotas':
      return 'directory';
    case 'settings':
    case 'audit':
      return 'me';
    case 'now':
    case 'alerts':
    case 'directory':
    case 'me':
      return section;
  }
}
