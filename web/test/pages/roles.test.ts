import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Role } from '../../src/transport/contract/accounts';
import { asAdmitted } from './access-document';
import { openContext, startBrowser } from './browser';
import { fireBoard } from './fixtures/board';
import { director, scriptHospital } from './fixtures/hospital';
import { ScriptedServer } from './scripted-server';

const alert = '/alerts/01932b7c-0000-7000-8000-00000000a001';
const scenario = '01932b7c-0000-7000-8000-00000000c001';

/** Every page that somebody can be led to. */
const paths = [
  '/',
  '/alerts',
  '/alerts/raise',
  `/alerts/raise/${scenario}`,
  alert,
  '/meetings',
  '/meetings/check',
  '/meetings/01932b7c-0000-7000-8000-00000000d001',
  '/rooms',
  '/rooms/01932b7c-0000-7000-8000-00000000e001',
  '/scenarios',
  '/scenarios/new',
  `/scenarios/${scenario}`,
  '/directory',
  '/directory?tab=groups',
  '/directory?tab=sites',
  '/directory?tab=functions',
  '/directory/people/person-0',
  '/directory/groups/g1',
  '/directory/import',
  '/rotas',
  '/rotas/new',
  '/rotas/r1',
  '/readiness',
  '/readiness/refreshes',
  '/readiness/refreshes/new',
  '/readiness/refreshes/01932b7c-0000-7000-8000-00000000c001',
  '/settings',
  '/settings?tab=channels',
  '/settings?tab=accounts',
  '/settings?tab=tokens',
  '/settings/accounts/new',
  '/settings/accounts/01932b7c-0000-7000-8000-000000000001',
  '/audit',
  '/me',
];

/** What a role is offered on pages whose actions differ. `end`: the server says that they may end this alert. */
interface Offered {
  readonly role: Role;
  readonly mayEnd: boolean;
  readonly board: readonly string[];
  readonly raise: boolean;
  readonly free: boolean;
  readonly tryScenario: boolean;
  readonly replaceDuty: boolean;
}

const nothing = { board: [], raise: false, free: false, tryScenario: false, replaceDuty: false } as const;
const offers: readonly Offered[] = [
  { ...nothing, role: 'administrator', mayEnd: false, replaceDuty: true },
  {
    role: 'crisis-director',
    mayEnd: true,
    board: ['remind', 'update', 'clear', 'cancel'],
    raise: true,
    free: true,
    tryScenario: true,
    replaceDuty: true,
  },
  { ...nothing, role: 'crisis-member', mayEnd: true, board: ['remind', 'update', 'clear', 'cancel'], raise: true, tryScenario: true },
  { ...nothing, role: 'crisis-member', mayEnd: false, board: ['remind'], raise: true, tryScenario: true },
  { ...nothing, role: 'communicator', mayEnd: false, board: ['update'] },
  { ...nothing, role: 'auditor', mayEnd: false },
  { ...nothing, role: 'staff', mayEnd: false },
];

const words = { remind: /^Relancer/, update: 'Mettre à jour', clear: 'Fin d’alerte', cancel: 'Annuler' } as const;

let server: ScriptedServer;
let browser: Browser;
let context: BrowserContext;
let page: Page;

beforeAll(async () => {
  browser = await startBrowser();
});

beforeEach(async () => {
  server = await ScriptedServer.start();
  scriptHospital(server);
  context = await openContext(browser, { language: 'fr', theme: 'light', width: 1440 });
  page = await context.newPage();
});

afterEach(async () => {
  await context.close();
  await server.stop();
});

function signIn(role: Role): void {
  const roles: readonly Role[] = role === 'staff' ? ['staff'] : [role, 'staff'];
  server.guard = asAdmitted(roles);
  server.on('GET /api/v1/session', { ...director, personId: '01932b7c-0000-7000-8000-0000000000ff', roles });
}

async function open(path: string): Promise<void> {
  await page.goto(server.url + path);
  await page.locator('main h1').waitFor();
  await expect.poll(() => page.locator('main .skeleton').count()).toBe(0);
}

const shows = async (name: string | RegExp, role: 'button' | 'link' = 'button'): Promise<boolean> =>
  (await page.getByRole(role, { name }).filter({ visible: true }).count()) > 0;

describe.each(['administrator', 'crisis-director', 'crisis-member', 'communicator', 'auditor', 'staff'] as const)('%s', (role) => {
  it('opens_no_page_that_asks_for_what_the_server_refuses', async () => {
    signIn(role);
    const refused: string[] = [];
    let shownTo = '';
    page.on('response', (response) => {
      if (response.status() === 403 || response.status() === 500)
        refused.push(`${shownTo}: ${response.request().method()} ${new URL(response.url()).pathname}`);
    });
    for (const path of paths) {
      shownTo = path;
      await open(path);
    }
    expect(refused).toEqual([]);
  });
});

describe.each(offers)('$role, may end: $mayEnd', (offered) => {
  it('is_offered_what_the_server_admits_and_nothing_else', async () => {
    signIn(offered.role);
    server.on('GET /api/v1/alerts/*/board', { ...fireBoard, alert: { ...fireBoard.alert, mayEnd: offered.mayEnd } });
    await open(alert);
    const board = async (): Promise<string[]> => {
      const shown: string[] = [];
      for (const [action, name] of Object.entries(words)) if (await shows(name)) shown.push(action);
      return shown;
    };
    await expect.poll(board).toEqual(offered.board);
    // The primary action keeps its words whole beside the others.
    if (offered.board.includes('remind')) {
      const cut = await page.getByRole('button', { name: words.remind }).evaluate((button) => button.scrollWidth > button.clientWidth + 1);
      expect(cut).toBe(false);
    }
    await open('/');
    // On a desktop the rail leads to the settings too: they stand nowhere else.
    await expect.poll(() => shows('Réglages', 'link')).toBe(offered.role === 'administrator');
    await expect.poll(() => shows('Lancer une alerte', 'link')).toBe(offered.raise);
    await open('/alerts/raise');
    await expect.poll(() => shows(/^Alerte libre/, 'link')).toBe(offered.free);
    await open(`/scenarios/${scenario}`);
    await expect.poll(() => shows(/^Essayer|^Lancer/, 'link')).toBe(offered.tryScenario);
    await open('/rotas/r1');
    await expect.poll(() => shows(/Mathilde Rousseau/)).toBe(offered.replaceDuty);
  });
});
