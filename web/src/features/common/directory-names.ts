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
  const query = { limit: most };
  const [groups, sites, functions, rotas] = await Promise.all([
    api.get('/api/v1/groups', { query, signal }),
    api.get('/api/v1/sites', { query, signal }),
    api.get('/api/v1/functions', { query, signal }),
    api.get('/api/v1/rotas', { query, signal }),
  ]);
  return { groups: groups.items, sites: sites.items, functions: functions.items, rotas: rotas.items };
}

export function searchPeople(search: string, signal: AbortSignal, limit = 20): Promise<Page<PersonSummary>> {
  return api.get('/api/v1/people', { query: { search, limit }, signal });
}
