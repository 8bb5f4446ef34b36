import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Role } from '../../src/transport/contract/accounts';
import { openContext, startBrowser, watchFaults, type Look } from './browser';
import { pageOf } from './fixtures/alerts';
import { director, scriptHospital } from './fixtures/hospital';
import { people } from './fixtures/people';
import { ScriptedServer, type ReceivedRequest } from './scripted-server';

let server: ScriptedServer;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let faults: string[];

beforeAll(async () => {
  browser = await startBrowser();
});

beforeEach(async () => {
  server = await ScriptedServer.start();
  scriptHospital(server);
  server.on('GET /api/v1/people', ({ query }: ReceivedRequest) => {
    const search = (query.get('search') ?? '').toLowerCase();
    return { body: pageOf(...people.slice(0, 8).filter((person) => person.name.toLowerCase().includes(search))) };
  });
});

afterEach(async () => {
  await context.close();
  await server.stop();
});

async function openPalette(look: Look, roles: readonly Role[] = director.roles): Promise<void> {
  server.on('GET /api/v1/session', { ...director, roles });
  context = await openContext(browser, look);
  page = await context.newPage();
  faults = watchFaults(page, server.url);
  await page.goto(server.url + '/me');
  await page.locator('main h1').waitFor();
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox').waitFor();
}

const searches = (): string[] =>
  server.received.filter((request) => request.path === '/api/v1/people').map((request) => request.query.get('search') ?? '');

describe('the palette', () => {
  it('finds_people_as_somebody_types_and_opens_one_from_the_keyboard', async () => {
    await openPalette({ language: 'fr', theme: 'light', width: 1440 });
    // However slowly the letters come on a busy machine, no time passes between them.
    await page.clock.install();
    await page.clock.pauseAt(Date.now() + 60_000);
    await page.getByRole('combobox').pressSequentially('gaëlle');
    expect(searches()).toEqual([]);
    await page.clock.resume();
    const found = page.getByRole('option', { name: 'Gaëlle Le Goff' });
    await found.waitFor();
    expect(await found.textContent()).toContain('Infirmière · Site Val-Clair');
    // One pause, one search: not one a letter.
    expect(searches()).toEqual(['gaëlle']);
    expect(await found.getAttribute('aria-selected')).toBe('true');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/directory/people/person-6');
    expect(faults).toEqual([]);
  });

  it('an_answer_that_comes_late_never_replaces_a_newer_one', async () => {
    await openPalette({ language: 'en', theme: 'dark', width: 1440 });
    await page.route('**/api/v1/people?*search=bru*', async (route) => {
      await expect.poll(searches).toContain('hugo');
      await route.continue().catch(() => undefined);
    });
    const input = page.getByRole('combobox');
    const asked = page.waitForRequest((request) => request.url().includes('search=bru'));
    await input.fill('bru');
    await asked;
    await input.fill('hugo');
    await page.getByRole('option', { name: 'Hugo Martin' }).waitFor();
    expect(await page.getByRole('option', { name: 'Bruno Marchal' }).count()).toBe(0);
  });

  it('says_when_people_could_not_be_searched', async () => {
    await openPalette({ language: 'fr', theme: 'light', width: 390 });
    server.on('GET /api/v1/people', () => ({ status: 503, body: { code: 'internal-error', title: 'No.', status: 503 } }));
    await page.getByRole('combobox').fill('agnès');
    await page.getByText('Les personnes n’ont pas pu être cherchées').waitFor();
  });

  it('offers_each_role_only_what_it_may_open', async () => {
    await openPalette({ language: 'fr', theme: 'light', width: 390 }, ['staff']);
    await page.getByRole('combobox').fill('agnès');
    await page.getByText('Rien ne correspond').waitFor();
    expect(searches()).toEqual([]);
    await page.getByRole('combobox').fill('');
    expect(await page.getByRole('dialog').getByRole('option').allTextContents()).toEqual([
      'Formations',
      'En cours',
      'Salons',
      'Réunions',
      'Moi',
      'Crises',
      'Plans',
      'Exercices',
      'Bulletins',
      'Aide',
    ]);
  });
});
