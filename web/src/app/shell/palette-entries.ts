import { t } from '../../core/i18n/i18n.svelte';
import type { Role } from '../../transport/contract/accounts';
import type { IconName } from '../../ui/icons/shapes';
import { furtherSections, mainSections } from './sections';

interface EntryWords {
  readonly id: string;
  readonly icon: IconName;
  readonly label: string;
  readonly detail?: string;
  readonly roles?: readonly Role[];
}

/** One line of the palette: goes somewhere, or does something. */
export type PaletteEntry = EntryWords & ({ readonly href: string } | { readonly href?: undefined; readonly run: () => void });

export function standingCommands(): PaletteEntry[] {
  return [...mainSections, ...furtherSections].map((link) => ({
    id: link.href,
    icon: link.icon,
    label: t(link.label),
    href: link.href,
    ...(link.roles ? { roles: link.roles } : {}),
  }));
}

export function findPeople(_text: string, _signal: AbortSignal): Promise<readonly PaletteEntry[]> {
  return Promise.resolve([]);
}
