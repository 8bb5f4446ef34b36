import type { Component } from 'svelte';
import type { Role } from '../../transport/contract/accounts';
import { matchPath, type RouteParameters } from './match';

export type Section = 'now' | 'alerts' | 'scenarios' | 'directory' | 'rotas' | 'settings' | 'audit' | 'me';

/** Every page takes the parameters of its address as properties, each by its own names. */
type Page = Component<never>;

export interface Route {
  readonly pattern: string;
  readonly section: Section;
  /** Who may see it; everyone signed in where not given. The server decides, this only avoids offering what it will refuse. */
  readonly roles?: readonly Role[];
  readonly load: () => Promise<{ readonly default: Page }>;
}

const raisers: readonly Role[] = ['crisis-director', 'crisis-member'];

const watchers: readonly Role[] = [...raisers, 'communicator', 'auditor'];

const planners: readonly Role[] = [...watchers, 'administrator'];

const administrators: readonly Role[] = ['administrator'];

/** Pages arrive when they are first opened; the service worker has them all for a day without a link. */
export const routes: readonly Route[] = [
  { pattern: '/', section: 'now', load: () => import('../../features/now/NowPage.svelte') },
  { pattern: '/alerts', section: 'alerts', roles: watchers, load: () => import('../../features/alerts/AlertsPage.svelte') },
  { pattern: '/alerts/raise', section: 'alerts', roles: raisers, load: () => import('../../features/raise/ChooseScenarioPage.svelte') },
  { pattern: '/alerts/raise/:scenario', section: 'alerts', roles: raisers, load: () => import('../../features/raise/RaisePage.svelte') },
  { pattern: '/alerts/:id', section: 'alerts', roles: watchers, load: () => import('../../features/board/BoardPage.svelte') },
  { pattern: '/scenarios', section: 'scenarios', roles: planners, load: () => import('../../features/scenarios/ScenariosPage.svelte') },
  { pattern: '/scenarios/new', section: 'scenarios', roles: planners, load: () => import('../../features/scenarios/NewScenarioPage.svelte') },
  { pattern: '/scenarios/:id', section: 'scenarios', roles: planners, load: () => import('../../features/scenarios/ScenarioPage.svelte') },
  { pattern: '/directory', section: 'directory', roles: planners, load: () => import('../../features/directory/DirectoryPage.svelte') },
  {
    pattern: '/directory/people/new',
    section: 'directory',
    roles: administrators,
    load: () => import('../../features/directory/EditPersonPage.svelte'),
  },
  { pattern: '/directory/people/:id', section: 'directory', roles: planners, load: () => import('../../features/directory/PersonPage.svelte') },
  {
    pattern: '/directory/people/:id/edit',
    section: 'directory',
    roles: administrators,
    load: () => import('../../features/directory/EditPersonPage.svelte'),
  },
  { pattern: '/directory/import', section: 'directory', roles: administrators, load: () => import('../../features/import/ImportPage.svelte') },
  { pattern: '/directory/import/:id', section: 'directory', roles: administrators, load: () => import('../../features/import/OneImportPage.svelte') },
  { pattern: '/directory/groups/:id', section: 'directory', roles: planners, load: () => import('../../features/directory/GroupPage.svelte') },
  { pattern: '/rotas', section: 'rotas', roles: planners, load: () => import('../../features/rotas/RotasPage.svelte') },
  { pattern: '/rotas/new', section: 'rotas', roles: administrators, load: () => import('../../features/rotas/EditRotaPage.svelte') },
  { pattern: '/rotas/:id', section: 'rotas', roles: planners, load: () => import('../../features/rotas/RotaPage.svelte') },
  { pattern: '/rotas/:id/edit', section: 'rotas', roles: administrators, load: () => import('../../features/rotas/EditRotaPage.svelte') },
  { pattern: '/settings', section: 'settings', roles: administrators, load: () => import('../../features/settings/SettingsPage.svelte') },
  {
    pattern: '/settings/accounts/new',
    section: 'settings',
    roles: administrators,
    load: () => import('../../features/settings/InvitePage.svelte'),
  },
  {
    pattern: '/settings/accounts/:id',
    section: 'settings',
    roles: administrators,
    load: () => import('../../features/settings/AccountPage.svelte'),
  },
  {
    pattern: '/audit',
    section: 'audit',
    roles: ['administrator', 'auditor', 'crisis-director'],
    load: () => import('../../features/audit/AuditPage.svelte'),
  },
  { pattern: '/me', section: 'me', load: () => import('../../features/me/MePage.svelte') },
];

export interface FoundRoute {
  readonly route: Route;
  readonly parameters: RouteParameters;
}

export function findRoute(path: string): FoundRoute | undefined {
  for (const route of routes) {
    const parameters = matchPath(route.pattern, path);
    if (parameters) return { route, parameters };
  }
  return undefined;
}
