import { api } from '../../core/server';
import type { NamedGroup, NamedThing, PersonSummary } from '../../transport/contract/directory';
import type { Page } from '../../transport/contract/alerts';

/** Everything of the directory that an audience can name besides single people: few enough to have whole. */
export interface DirectoryNames {
  readonly groups: readonly NamedGroup[];
  readonly sites: readonly NamedThing[];
  readonly functions: readonly NamedThing[];
  readonly rotas: readonly NamedThing[];
}

const most = 1000;

export async function fetchDirectoryNames(signal: AbortSignal): Promise<DirectoryNames> {
  const all = <Item>(path: string): Promise<readonly Item[]> =>
    api.get<Page<Item>>(path, { query: { limit: most }, signal }).then((page) => page.items);
  const [groups, sites, functions, rotas] = await Promise.all([
    all<NamedGroup>('/api/v1/groups'),
    all<NamedThing>('/api/v1/sites'),
    all<NamedThing>('/api/v1/functions'),
    all<NamedThing>('/api/v1/rotas'),
  ]);
  return { groups, sites, functions, rotas };
}

export function searchPeople(search: string, signal: AbortSignal, limit = 20): Promise<Page<PersonSummary>> {
  return api.get('/api/v1/people', { query: { search, limit }, signal });
}
