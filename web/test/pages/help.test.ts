import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openContext, startBrowser, watchFaults, type Look } from './browser';
import { judge } from './fixtures/two-people';
import { scriptHospital } from './fixtures/hospital';
import { ScriptedServer } from './scripted-server';

let server: ScriptedServer;
let browser: Browser;
let context: BrowserContext;
let faults: string[];

beforeAll(async () => {
  browser = await startBrowser();
});

beforeEach(async () => {
  server = await ScriptedServer.start();
  scriptHospital(server);
});

afterEach(async () => {
  await context.close();
  await server.stop();
});

async function open(path: string, look: Look, serviceWorkers: 'allow' | 'block' = 'block'): Promise<Page> {
  context = await openContext(browser, look, serviceWorkers);
  const page = await context.newPage();
  faults = watchFaults(page, server.url);
  await page.goto(server.url + path);
  await page.locator('main h1').waitFor();
  return page;
}

const focused = (page: Page): Promise<string | null | undefined> => page.evaluate(() => document.activeElement?.getAttribute('aria-label'));

describe('help in place', () => {
  it('opens_from_the_keyboard_beside_the_title_and_gives_the_focus_back', async () => {
    const page = await open('/crises', { language: 'fr', theme: 'light', width: 390 });
    const button = page.getByRole('button', { name: 'Aide sur cette page' });
    expect(await button.getAttribute('aria-expanded')).toBe('false');
    const box = await button.boundingBox();
    expect(Math.min(box?.width ?? 0, box?.height ?? 0)).toBeGreaterThanOrEqual(44);
    await button.focus();
    await page.keyboard.press('Enter');
    const panel = page.getByRole('region', { name: 'Aide' });
    await panel.getByText('Les crises dont vous faites partie, en cours et closes.').waitFor();
    expect(await button.getAttribute('aria-expanded')).toBe('true');
    expect(await button.getAttribute('aria-controls')).toBe(await panel.getAttribute('id'));
    await judge(page, 'help-in-place');
    await page.keyboard.press('Escape');
    await panel.waitFor({ state: 'detached' });
    expect(await button.getAttribute('aria-expanded')).toBe('false');
    expect(await focused(page)).toBe('Aide sur cette page');
    expect(faults).toEqual([]);
  });

  it('leads_to_the_whole_topic_and_says_another_on_another_page', async () => {
    const page = await open('/readiness', { language: 'en', theme: 'dark', width: 1440 });
    await page.getByRole('button', { name: 'Help with this page' }).click();
    await page.getByText('Would people be told and led tonight?', { exact: true }).waitFor();
    await page.getByRole('link', { name: 'Read all: Readiness' }).click();
    await page.getByRole('heading', { name: 'Readiness', level: 1 }).waitFor();
    await page.getByRole('heading', { name: 'See also' }).waitFor();
    await judge(page, 'help-topic');
    await page.getByRole('link', { name: 'Contact campaigns' }).click();
    await page.getByRole('heading', { name: 'Contact campaigns', level: 1 }).waitFor();
    await page.getByRole('link', { name: 'All of the help' }).click();
    await page.getByRole('heading', { name: 'Conducting a crisis' }).waitFor();
    await judge(page, 'help-list');
    await page.getByLabel('Search the help').fill('hand over');
    await page
      .getByRole('status')
      .getByText(/topics?$/)
      .waitFor();
    await page.getByRole('link', { name: /Handing over/ }).waitFor();
    await page.getByLabel('Search the help').fill('xyzzy');
    await page.getByText('No topic matches').waitFor();
    expect(faults).toEqual([]);
  });

  it('says_of_a_topic_that_is_not_there_where_to_look_and_not_to_try_another_word', async () => {
    const page = await open('/help/nothing', { language: 'fr', theme: 'dark', width: 390 });
    await page.getByText('Il a peut-être changé de nom. Cherchez-le dans la liste.').waitFor();
    expect(await page.getByText('Essayez un autre mot', { exact: false }).count()).toBe(0);
    await judge(page, 'help-missing');
    expect(faults).toEqual([]);
  });

  it('is_found_from_the_palette', async () => {
    const page = await open('/me', { language: 'fr', theme: 'dark', width: 1440 });
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').fill('aide');
    await page.getByRole('option', { name: 'Aide' }).click();
    await page.getByRole('heading', { name: 'Aide', level: 1 }).waitFor();
    expect(faults).toEqual([]);
  });

  it('is_read_while_no_server_answers', async () => {
    const page = await open('/', { language: 'fr', theme: 'light', width: 390 }, 'allow');
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    const { url } = server;
    await server.stop();
    await page.goto(`${url}/help/hand-over`);
    await page.getByRole('heading', { name: 'Passer la relève', level: 1 }).waitFor();
    await page.getByText(/Tant que l’autre n’a pas accepté/).waitFor();
    expect(faults).toEqual([]);
  });
});
