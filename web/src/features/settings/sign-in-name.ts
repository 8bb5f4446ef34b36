import { foldForSearch } from '../../core/search-fold';

/** "Gaëlle Le Goff" is `gaelle.le.goff`: what most organisations would give; the administrator may write another. */
export function suggestSignInName(name: string): string {
  return foldForSearch(name)
    .replace(/[^a-z0-9-]+/g, '.')
    .replace(/^\.+|\.+$/g, '')
    .slice(0, 64);
}
