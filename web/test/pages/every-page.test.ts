import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openContext, startBrowser, watchFaults, type Look } from './browser';
import { scriptHospital, scriptNobody } from './fixtures/hospital';
import { joined } from './fixtures/meetings';
import { axeViolations, measureSmallThings } from './readable';
import { ScriptedServer } from './scripted-server';

/** Where to leave pictures for a person to judge; none are made without it. */
const pictures = process.env['SCREENSHOTS'];

/** Pages for someone who is not signed in. */
const outsidePaths = ['/meet#secret', '/sign-in', '/setup#token', '/sign-in#card=claire.fontaine'];

const paths = [
  '/',
  '/alerts',
  '/alerts/raise',
  '/alerts/raise/01932b7c-0000-7000-8000-00000000c001',
  '/alerts/01932b7c-0000-7000-8000-00000000a001',
  '/meetings',
  '/meetings/check',
  '/meetings/01932b7c-0000-7000-8000-00000000d001',
  '/crises',
  '/crises/new',
  '/crises/new?alert=01932b7c-0000-7000-8000-00000000a001',
  '/crises/01932b7c-0000-7000-8000-00000000e001',
  '/crises/01932b7c-0000-7000-8000-00000000e001/report',
  '/crises/01932b7c-0000-7000-8000-00000000e001/stakeholders',
  '/crises/01932b7c-0000-7000-8000-00000000e001/injects',
  '/exercises',
  '/exercises/01932b7c-0000-7000-8000-00000000e001/new',
  '/exercises/01932b7c-0000-7000-8000-00000000e001/scripts/00000000000000000000000000000050',
  '/exercises/01932b7c-0000-7000-8000-00000000e001/scripts/00000000000000000000000000000050/edit',
  '/exercises/01932b7c-0000-7000-8000-00000000e001/runs/00000000000000000000000000000050',
  '/exercises/01932b7c-0000-7000-8000-00000000e001/runs/00000000000000000000000000000050/report',
  '/trainings',
  '/trainings/new',
  '/trainings/01932b7c-0000-7000-8000-00000000e001',
  '/plans',
  '/plans/01932b7c-0000-7000-8000-00000000e001/new',
  '/plans/01932b7c-0000-7000-8000-00000000e001/00000000000000000000000000000050',
  '/plans/01932b7c-0000-7000-8000-00000000e001/00000000000000000000000000000050/edit',
  '/plans/01932b7c-0000-7000-8000-00000000e001/00000000000000000000000000000050/versions',
  '/rooms',
  '/rooms/01932b7c-0000-7000-8000-00000000e001',
  '/rooms/01932b7c-0000-7000-8000-00000000e001/board',
  '/bulletins',
  '/bulletins?view=desk',
  '/bulletins/new',
  '/bulletins/partners',
  '/bulletins/public-page',
  '/bulletins/01932b7c-0000-7000-8000-00000000b001',
  '/bulletins/01932b7c-0000-7000-8000-00000000b001/desk',
  '/bulletins/01932b7c-0000-7000-8000-00000000b001/edit',
  '/scenarios',
  '/scenarios/new',
  '/scenarios/01932b7c-0000-7000-8000-00000000c001',
  '/directory',
  '/directory?lacking=mobile',
  '/directory?tab=groups',
  '/directory?tab=sites',
  '/directory?tab=functions',
  '/directory/people/person-0',
  '/directory/people/person-0/edit',
  '/directory/groups/g1',
  '/directory/import',
  '/directory/import/import-ready',
  '/directory/import/import-applying',
  '/directory/import/import-applied',
  '/directory/import/import-failed',
  '/rotas',
  '/rotas/new',
  '/rotas/r1',
  '/rotas/r1/edit',
  '/readiness',
  '/readiness/refreshes',
  '/readiness/refreshes/new',
  '/readiness/refreshes/01932b7c-0000-7000-8000-00000000c001',
  '/settings',
  '/settings?tab=channels',
  '/settings?tab=accounts',
  '/settings?tab=reporting',
  '/settings?tab=tokens',
  '/settings/accounts/new',
  '/settings/accounts/01932b7c-0000-7000-8000-000000000001',
  '/audit',
  '/audit?subject=alert:01932b7c-0000-7000-8000-00000000a001',
  '/help',
  '/help/crisis',
  '/help/nothing',
  '/me',
  '/me/devices',
];

/** Pages that say something else to a browser that was never here: it has no device of this person's yet. */
const firstVisitPaths = ['/', '/rooms', '/me', '/me/devices'];

const looks: readonly Look[] = [
  { language: 'fr', theme: 'light', width: 390 },
  { language: 'en', theme: 'dark', width: 1440 },
  ...(pictures
    ? ([
        { language: 'en', theme: 'dark', width: 390 },
        { language: 'fr', theme: 'light', width: 1440 },
      ] as const)
    : []),
];

let server: ScriptedServer;
let outside: ScriptedServer;
let browser: Browser;

beforeAll(async () => {
  server = await ScriptedServer.start();
  scriptHospital(server);
  server.hub.joined = joined;
  outside = await ScriptedServer.start();
  scriptNobody(outside);
  browser = await startBrowser();
});

afterAll(async () => {
  await server.stop();
  await outside.stop();
});

async function settle(page: Page): Promise<void> {
  await page.locator('main h1').waitFor();
  await page.waitForFunction(() => !document.querySelector('.skeleton') && document.fonts.status === 'loaded');
}

/** One's way into the call, then what stands beside it. */
const inCall: Readonly<Record<string, (page: Page) => Promise<unknown>>> = {
  'the call': () => Promise.resolve(),
  'its messages': (page) => openPanel(page, 'Messages'),
  'its people': (page) => openPanel(page, 'Personnes', 'People'),
  'its options': (page) => openPanel(page, 'Options', 'Options'),
  'its network figures': (page) => openPanel(page, 'Réseau', 'Network'),
};

async function openPanel(page: Page, ...names: readonly string[]): Promise<void> {
  await page.getByRole('button', { name: /^(Plus|More)\b/ }).click();
  await page.getByRole('tab', { name: new RegExp(`^(${names.join('|')})$`) }).click();
}

async function goIn(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^(Entrer dans la réunion|Go into the meeting)$/ }).click();
  await page.locator('.call figure').nth(3).waitFor();
}

async function judge(context: BrowserContext, from: ScriptedServer, path: string, look: Look, go?: (page: Page) => Promise<unknown>): Promise<void> {
  const page = await context.newPage();
  try {
    const faults = watchFaults(page, from.url);
    await page.goto(from.url + path);
    await settle(page);
    await go?.(page);
    if (pictures) {
      const name = `${path.replace(/\W+/g, '_')}-${look.width}-${look.language}-${look.theme}.png`;
      await page.screenshot({ path: join(pictures, name), fullPage: look.width === 1440 });
    }
    expect(faults).toEqual([]);
    expect(await page.evaluate(measureSmallThings)).toEqual([]);
    expect(await axeViolations(page)).toEqual([]);
  } finally {
    await page.close();
  }
}

/** As somebody who has never been here. */
async function judgeFirstVisit(from: ScriptedServer, path: string, look: Look, go?: (page: Page) => Promise<unknown>): Promise<void> {
  const context = await openContext(browser, look);
  try {
    await judge(context, from, path, look, go);
  } finally {
    await context.close();
  }
}

describe.each(looks)('in $language, $theme, $width px wide', (look) => {
  let context: BrowserContext;

  beforeAll(async () => {
    context = await openContext(browser, look);
  });

  afterAll(() => context.close());

  it.each(paths)('%s can be read and used by everyone', (path) => judge(context, server, path, look));
  it.each(firstVisitPaths)('%s can be read and used by everyone, the first time', (path) => judgeFirstVisit(server, path, look));
  it.each(Object.keys(inCall))('%s can be read and used by everyone', (part) =>
    judgeFirstVisit(server, '/meetings/01932b7c-0000-7000-8000-00000000d001', look, async (page) => {
      await goIn(page);
      await inCall[part]?.(page);
    }),
  );
  it.each(outsidePaths)('%s can be read and used by everyone, signed out', (path) => judgeFirstVisit(outside, path, look));
});
