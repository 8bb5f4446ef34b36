import type { Component } from 'svelte';
import type { ActionName } from '../../core/access';
import type { HelpTopicId } from '../../core/help/topics';
import { useTexts } from '../../core/i18n/i18n.svelte';
import { matchPath, type RouteParameters } from './match';

export type Section =
  | 'now'
  | 'alerts'
  | 'bulletins'
  | 'meetings'
  | 'crises'
  | 'plans'
  | 'exercises'
  | 'rooms'
  | 'scenarios'
  | 'directory'
  | 'rotas'
  | 'readiness'
  | 'settings'
  | 'audit'
  | 'help'
  | 'me';

/** Every page takes the parameters of its address as properties, each by its own names. */
type Page = Component<never>;

export interface Route {
  readonly pattern: string;
  readonly section: Section;
  /** What explains the page. */
  readonly help: HelpTopicId;
  /** What the page is for: who may not do it is not offered the page. Everyone signed in where not given. */
  readonly needs?: ActionName;
  readonly load: () => Promise<{ readonly default: Page }>;
}

/** A page of the meetings, with its texts. */
async function meeting<Loaded>(page: Promise<Loaded>): Promise<Loaded> {
  const [loaded] = await Promise.all([page, useTexts('meetings')]);
  return loaded;
}

/** A page of the rooms, with its texts. */
async function room<Loaded>(page: Promise<Loaded>): Promise<Loaded> {
  const [loaded] = await Promise.all([page, useTexts('rooms')]);
  return loaded;
}

/** A page of crises or plans: they speak of rooms, logs, tasks and bulletins, and of each other, too. */
async function crisis<Loaded>(page: Promise<Loaded>): Promise<Loaded> {
  const [loaded] = await Promise.all([
    page,
    useTexts('rooms')
      .then(() => useTexts('crises'))
      .then(() => useTexts('plans'))
      .then(() => useTexts('bulletins')),
  ]);
  return loaded;
}

/** A page of exercises: they speak of crises, too. */
async function exercise<Loaded>(page: Promise<Loaded>): Promise<Loaded> {
  const [loaded] = await Promise.all([crisis(page), useTexts('exercises')]);
  return loaded;
}

/** The page of readiness, with its texts: it names channels, plans and exercises in words that everybody has. */
async function readiness<Loaded>(page: Promise<Loaded>): Promise<Loaded> {
  const [loaded] = await Promise.all([page, useTexts('readiness')]);
  return loaded;
}

/** The page of settings: it speaks of the reports that a crisis owes. */
async function settings<Loaded>(page: Promise<Loaded>): Promise<Loaded> {
  const [loaded] = await Promise.all([page, useTexts('crises')]);
  return loaded;
}

/** A page of the bulletins, with its texts. */
async function bulletin<Loaded>(page: Promise<Loaded>): Promise<Loaded> {
  const [loaded] = await Promise.all([page, useTexts('bulletins')]);
  return loaded;
}

/** Pages arrive when they are first opened; the service worker has them all for a day without a link. */
export const routes: readonly Route[] = [
  { pattern: '/', section: 'now', help: 'now', load: () => import('../../features/now/NowPage.svelte') },
  { pattern: '/alerts', section: 'alerts', help: 'alerts', needs: 'alerts.watch', load: () => import('../../features/alerts/AlertsPage.svelte') },
  {
    pattern: '/alerts/raise',
    section: 'alerts',
    help: 'raise',
    needs: 'alerts.raise',
    load: () => import('../../features/raise/ChooseScenarioPage.svelte'),
  },
  {
    pattern: '/alerts/raise/:scenario',
    section: 'alerts',
    help: 'raise-check',
    needs: 'alerts.raise',
    load: () => import('../../features/raise/RaisePage.svelte'),
  },
  { pattern: '/alerts/:id', section: 'alerts', help: 'board', needs: 'alerts.watch', load: () => import('../../features/board/BoardPage.svelte') },
  { pattern: '/meetings', section: 'meetings', help: 'meetings', load: () => meeting(import('../../features/meetings/MeetingsPage.svelte')) },
  {
    pattern: '/meetings/check',
    section: 'meetings',
    help: 'equipment-check',
    load: () => meeting(import('../../features/meetings/CheckPage.svelte')),
  },
  { pattern: '/meetings/:id', section: 'meetings', help: 'meeting', load: () => meeting(import('../../features/meetings/MeetingPage.svelte')) },
  { pattern: '/crises', section: 'crises', help: 'crises', load: () => crisis(import('../../features/crises/CrisesPage.svelte')) },
  {
    pattern: '/crises/new',
    section: 'crises',
    help: 'crisis-opening',
    needs: 'alerts.raise',
    load: () => crisis(import('../../features/crises/OpenCrisisPage.svelte')),
  },
  { pattern: '/crises/:id', section: 'crises', help: 'crisis', load: () => crisis(import('../../features/crises/CrisisPage.svelte')) },
  { pattern: '/crises/:id/catch-up', section: 'crises', help: 'catch-up', load: () => crisis(import('../../features/crises/CatchUpPage.svelte')) },
  { pattern: '/crises/:id/report', section: 'crises', help: 'crisis-report', load: () => crisis(import('../../features/crises/RecordPage.svelte')) },
  {
    pattern: '/crises/:id/reporting',
    section: 'crises',
    help: 'reporting',
    load: () => crisis(import('../../features/crises/ReportingPage.svelte')),
  },
  {
    pattern: '/crises/:id/situation',
    section: 'crises',
    help: 'situation',
    load: () => crisis(import('../../features/crises/SituationPage.svelte')),
  },
  {
    pattern: '/crises/:id/situation/:number',
    section: 'crises',
    help: 'situation-report',
    load: () => crisis(import('../../features/crises/SituationReportPage.svelte')),
  },
  {
    pattern: '/crises/:id/stakeholders',
    section: 'crises',
    help: 'stakeholders',
    load: () => crisis(import('../../features/crises/StakeholdersPage.svelte')),
  },
  { pattern: '/crises/:id/injects', section: 'crises', help: 'injects', load: () => crisis(import('../../features/crises/InjectsPage.svelte')) },
  { pattern: '/exercises', section: 'exercises', help: 'exercises', load: () => exercise(import('../../features/exercises/ExercisesPage.svelte')) },
  {
    pattern: '/exercises/:room/new',
    section: 'exercises',
    help: 'script-edit',
    load: () => exercise(import('../../features/exercises/EditScriptPage.svelte')),
  },
  {
    pattern: '/exercises/:room/scripts/:id',
    section: 'exercises',
    help: 'script',
    load: () => exercise(import('../../features/exercises/ScriptPage.svelte')),
  },
  {
    pattern: '/exercises/:room/scripts/:id/edit',
    section: 'exercises',
    help: 'script-edit',
    load: () => exercise(import('../../features/exercises/EditScriptPage.svelte')),
  },
  {
    pattern: '/exercises/:room/runs/:run',
    section: 'exercises',
    help: 'run',
    load: () => exercise(import('../../features/exercises/RunPage.svelte')),
  },
  {
    pattern: '/exercises/:room/runs/:run/report',
    section: 'exercises',
    help: 'exercise-report',
    load: () => exercise(import('../../features/exercises/ReportPage.svelte')),
  },
  { pattern: '/trainings', section: 'exercises', help: 'trainings', load: () => exercise(import('../../features/trainings/TrainingsPage.svelte')) },
  {
    pattern: '/trainings/new',
    section: 'exercises',
    help: 'training-new',
    needs: 'scenarios.read',
    load: () => exercise(import('../../features/trainings/NewTrainingPage.svelte')),
  },
  { pattern: '/trainings/:id', section: 'exercises', help: 'training', load: () => exercise(import('../../features/trainings/TrainingPage.svelte')) },
  { pattern: '/plans', section: 'plans', help: 'plans', load: () => crisis(import('../../features/plans/PlansPage.svelte')) },
  { pattern: '/plans/:library/new', section: 'plans', help: 'plan-edit', load: () => crisis(import('../../features/plans/EditDocumentPage.svelte')) },
  { pattern: '/plans/:library/:id', section: 'plans', help: 'plan', load: () => crisis(import('../../features/plans/DocumentPage.svelte')) },
  {
    pattern: '/plans/:library/:id/edit',
    section: 'plans',
    help: 'plan-edit',
    load: () => crisis(import('../../features/plans/EditDocumentPage.svelte')),
  },
  {
    pattern: '/plans/:library/:id/versions',
    section: 'plans',
    help: 'plan-versions',
    load: () => crisis(import('../../features/plans/VersionsPage.svelte')),
  },
  { pattern: '/rooms', section: 'rooms', help: 'rooms', load: () => room(import('../../features/rooms/RoomsPage.svelte')) },
  { pattern: '/rooms/:id', section: 'rooms', help: 'room', load: () => room(import('../../features/rooms/RoomPage.svelte')) },
  { pattern: '/rooms/:id/log', section: 'rooms', help: 'log', load: () => room(import('../../features/rooms/log/LogPage.svelte')) },
  { pattern: '/rooms/:id/tasks', section: 'rooms', help: 'tasks', load: () => room(import('../../features/rooms/tasks/TasksPage.svelte')) },
  {
    pattern: '/rooms/:id/board',
    section: 'rooms',
    help: 'shared-board',
    load: () => room(import('../../features/rooms/shared-board/SharedBoardPage.svelte')),
  },
  { pattern: '/bulletins', section: 'bulletins', help: 'bulletins', load: () => bulletin(import('../../features/bulletins/BulletinsPage.svelte')) },
  {
    pattern: '/bulletins/new',
    section: 'bulletins',
    help: 'bulletin-edit',
    needs: 'bulletins.write',
    load: () => bulletin(import('../../features/bulletins/NewBulletinPage.svelte')),
  },
  {
    pattern: '/bulletins/partners',
    section: 'bulletins',
    help: 'bulletin-partners',
    needs: 'bulletins.watch',
    load: () => bulletin(import('../../features/bulletins/PartnersPage.svelte')),
  },
  {
    pattern: '/bulletins/public-page',
    section: 'bulletins',
    help: 'public-page',
    needs: 'publicPage.read',
    load: () => bulletin(import('../../features/bulletins/PublicPagePage.svelte')),
  },
  { pattern: '/bulletins/:id', section: 'bulletins', help: 'bulletin', load: () => bulletin(import('../../features/bulletins/BulletinPage.svelte')) },
  {
    pattern: '/bulletins/:id/desk',
    section: 'bulletins',
    help: 'bulletin-desk',
    needs: 'bulletins.watch',
    load: () => bulletin(import('../../features/bulletins/DeskPage.svelte')),
  },
  {
    pattern: '/bulletins/:id/edit',
    section: 'bulletins',
    help: 'bulletin-edit',
    needs: 'bulletins.write',
    load: () => bulletin(import('../../features/bulletins/EditBulletinPage.svelte')),
  },
  {
    pattern: '/scenarios',
    section: 'scenarios',
    help: 'scenarios',
    needs: 'scenarios.read',
    load: () => import('../../features/scenarios/ScenariosPage.svelte'),
  },
  {
    pattern: '/scenarios/new',
    section: 'scenarios',
    help: 'scenario',
    needs: 'scenarios.add',
    load: () => import('../../features/scenarios/NewScenarioPage.svelte'),
  },
  {
    pattern: '/scenarios/:id',
    section: 'scenarios',
    help: 'scenario',
    needs: 'scenarios.read',
    load: () => import('../../features/scenarios/ScenarioPage.svelte'),
  },
  {
    pattern: '/directory',
    section: 'directory',
    help: 'directory',
    needs: 'directory.read',
    load: () => import('../../features/directory/DirectoryPage.svelte'),
  },
  {
    pattern: '/directory/people/new',
    section: 'directory',
    help: 'person',
    needs: 'directory.addPerson',
    load: () => import('../../features/directory/EditPersonPage.svelte'),
  },
  {
    pattern: '/directory/people/:id',
    section: 'directory',
    help: 'person',
    needs: 'directory.read',
    load: () => import('../../features/directory/PersonPage.svelte'),
  },
  {
    pattern: '/directory/people/:id/edit',
    section: 'directory',
    help: 'person',
    needs: 'directory.editPerson',
    load: () => import('../../features/directory/EditPersonPage.svelte'),
  },
  {
    pattern: '/directory/import',
    section: 'directory',
    help: 'import',
    needs: 'directory.import',
    load: () => import('../../features/import/ImportPage.svelte'),
  },
  {
    pattern: '/directory/import/:id',
    section: 'directory',
    help: 'import',
    needs: 'directory.import',
    load: () => import('../../features/import/OneImportPage.svelte'),
  },
  {
    pattern: '/directory/groups/:id',
    section: 'directory',
    help: 'group',
    needs: 'directory.read',
    load: () => import('../../features/directory/GroupPage.svelte'),
  },
  { pattern: '/rotas', section: 'rotas', help: 'rotas', needs: 'rotas.read', load: () => import('../../features/rotas/RotasPage.svelte') },
  { pattern: '/rotas/new', section: 'rotas', help: 'rota', needs: 'rotas.add', load: () => import('../../features/rotas/EditRotaPage.svelte') },
  { pattern: '/rotas/:id', section: 'rotas', help: 'rota', needs: 'rotas.read', load: () => import('../../features/rotas/RotaPage.svelte') },
  { pattern: '/rotas/:id/edit', section: 'rotas', help: 'rota', needs: 'rotas.edit', load: () => import('../../features/rotas/EditRotaPage.svelte') },
  {
    pattern: '/readiness',
    section: 'readiness',
    help: 'readiness',
    needs: 'readiness.read',
    load: () => readiness(import('../../features/readiness/ReadinessPage.svelte')),
  },
  {
    pattern: '/readiness/refreshes',
    section: 'readiness',
    help: 'refreshes',
    needs: 'refresh.watch',
    load: () => readiness(import('../../features/refreshes/RefreshesPage.svelte')),
  },
  {
    pattern: '/readiness/refreshes/new',
    section: 'readiness',
    help: 'refreshes',
    needs: 'refresh.start',
    load: () => readiness(import('../../features/refreshes/NewRefreshPage.svelte')),
  },
  {
    pattern: '/readiness/refreshes/:id',
    section: 'readiness',
    help: 'refresh',
    needs: 'refresh.watch',
    load: () => readiness(import('../../features/refreshes/RefreshPage.svelte')),
  },
  {
    pattern: '/settings',
    section: 'settings',
    help: 'settings',
    needs: 'settings.edit',
    load: () => settings(import('../../features/settings/SettingsPage.svelte')),
  },
  {
    pattern: '/settings/accounts/new',
    section: 'settings',
    help: 'account',
    needs: 'accounts.add',
    load: () => import('../../features/settings/InvitePage.svelte'),
  },
  {
    pattern: '/settings/accounts/:id',
    section: 'settings',
    help: 'account',
    needs: 'accounts.edit',
    load: () => import('../../features/settings/AccountPage.svelte'),
  },
  {
    pattern: '/audit',
    section: 'audit',
    help: 'audit',
    needs: 'audit.read',
    load: () => import('../../features/audit/AuditPage.svelte'),
  },
  { pattern: '/help', section: 'help', help: 'help', load: () => import('../../features/help/HelpPage.svelte') },
  { pattern: '/help/:topic', section: 'help', help: 'help', load: () => import('../../features/help/HelpTopicPage.svelte') },
  { pattern: '/me', section: 'me', help: 'me', load: () => import('../../features/me/MePage.svelte') },
  { pattern: '/me/devices', section: 'me', help: 'devices', load: () => import('../../features/me/devices/DevicesPage.svelte') },
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
