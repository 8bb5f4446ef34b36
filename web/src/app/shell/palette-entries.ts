import { may, type ActionName } from '../../core/access';
import { t, type PlainTextKey } from '../../core/i18n/i18n.svelte';
import { api } from '../../core/server';
import type { IconName } from '../../ui/icons/shapes';
import { furtherSections, mainSections } from './sections';

/** One line of the palette: a page to go to. */
export interface PaletteEntry {
  readonly id: string;
  readonly icon: IconName;
  readonly label: string;
  /** What tells two of the same name apart. */
  readonly detail?: string;
  readonly href: string;
}

interface Command {
  readonly href: string;
  readonly icon: IconName;
  readonly label: PlainTextKey;
  readonly needs?: ActionName;
}

/** What people come to do, besides the pages of the navigation. */
const commands: readonly Command[] = [
  { href: '/alerts/raise', icon: 'alerts', label: 'keys.raise', needs: 'alerts.raise' },
  { href: '/crises/new', icon: 'flag', label: 'board.openCrisis', needs: 'alerts.raise' },
  { href: '/scenarios/new', icon: 'plus', label: 'scenarios.new', needs: 'scenarios.add' },
  { href: '/directory/people/new', icon: 'plus', label: 'directory.addPerson', needs: 'directory.addPerson' },
  { href: '/directory/import', icon: 'download', label: 'import.title', needs: 'directory.import' },
  { href: '/trainings', icon: 'calendar', label: 'nav.trainings' },
  { href: '/readiness/refreshes', icon: 'refresh', label: 'nav.refreshes', needs: 'refresh.watch' },
  { href: '/settings/accounts/new', icon: 'link', label: 'settings.invite', needs: 'accounts.add' },
];

/** As many as fit under the input on a phone: whoever needs more writes another letter. */
const mostPeople = 8;

/** Pages and actions that this person's roles give. */
export function standingEntries(): PaletteEntry[] {
  return [...commands, ...mainSections, ...furtherSections]
    .filter((one) => one.needs === undefined || may(one.needs))
    .map((one) => ({ id: one.href, icon: one.icon, label: t(one.label), href: one.href }));
}

/** People of the directory, as the server finds them; nobody for who may not read it. */
export async function findPeople(text: string, signal: AbortSignal): Promise<readonly PaletteEntry[]> {
  if (!may('directory.read')) return [];
  const page = await api.get('/api/v1/people', { query: { search: text, limit: mostPeople }, signal });
  return page.items.map((person) => {
    const detail = [person.jobTitle, person.siteName].filter(Boolean).join(' · ');
    return { id: person.id, icon: 'person', label: person.name, href: `/directory/people/${person.id}`, ...(detail ? { detail } : {}) };
  });
}
