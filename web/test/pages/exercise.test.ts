import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openContext, startBrowser } from './browser';
import { drill, fire, minutesAgo, myFire, pageOf } from './fixtures/alerts';
import { fireBoard } from './fixtures/board';
import { director, scriptHospital } from './fixtures/hospital';
import { meetings } from './fixtures/meetings';
import { ScriptedServer } from './scripted-server';

const running = { ...drill, state: 'active', raisedAt: minutesAgo(3), endedAt: null } as const;
const pages = ['/', '/alerts', '/alerts/raise', '/scenarios', '/directory', '/rotas', '/settings', '/audit', '/me'];

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
  server
    .on('GET /api/v1/alerts', pageOf())
    .on('GET /api/v1/alerts/under-way', { exercise: false, real: false })
    .on('GET /api/v1/me/alerts', pageOf());
  context = await openContext(browser, { language: 'fr', theme: 'light', width: 390 });
  page = await context.newPage();
});

afterEach(async () => {
  await context.close();
  await server.stop();
});

const band = (): ReturnType<Page['getByRole']> => page.getByRole('note').filter({ hasText: 'EXERCICE' });

async function open(path: string): Promise<void> {
  const subscribed = server.hub.subscribedAfter.length;
  await page.goto(server.url + path);
  await page.locator('main h1').waitFor();
  await expect.poll(() => server.hub.subscribedAfter.length).toBeGreaterThan(subscribed);
}

describe('an exercise', () => {
  it('tops_every_page_while_it_runs', async () => {
    server.on('GET /api/v1/alerts/under-way', { exercise: true, real: false });
    for (const path of pages) {
      await open(path);
      await band().waitFor();
      expect(await page.locator('html').getAttribute('data-mode')).toBe('exercise');
      await expect.poll(() => page.title()).toMatch(/^EXERCICE · /);
    }
  });

  it.each(['light', 'dark'] as const)('wears_violet_in_the_%s_theme', async (theme) => {
    await context.close();
    context = await openContext(browser, { language: 'fr', theme, width: 1440 });
    page = await context.newPage();
    server.on('GET /api/v1/alerts/under-way', { exercise: true, real: false });
    await open('/directory');
    await band().waitFor();
    const [accent, exercise] = await page.evaluate(() =>
      ['--accent', '--exercise'].map((name) => getComputedStyle(document.documentElement).getPropertyValue(name)),
    );
    expect(accent).toBe(exercise);
  });

  it('comes_and_goes_live_on_the_page_at_hand', async () => {
    await open('/directory');
    expect(await band().count()).toBe(0);
    server.on('GET /api/v1/alerts/under-way', { exercise: true, real: false });
    server.hub.publish('alert.raised', { alertId: running.id });
    await band().waitFor();
    server.on('GET /api/v1/alerts/under-way', { exercise: false, real: false });
    server.hub.publish('alert.followed-up', { alertId: running.id });
    await band().waitFor({ state: 'detached' });
    expect(await page.locator('html').getAttribute('data-mode')).toBeNull();
  });

  it('is_there_right_after_a_reload_before_the_server_has_said_anything', async () => {
    server.on('GET /api/v1/alerts/under-way', { exercise: true, real: false });
    await open('/rotas');
    await band().waitFor();
    server.on('GET /api/v1/alerts/under-way', () => ({ status: 503, body: { code: 'internal-error', title: 'No.', status: 503 } }));
    await page.reload();
    await page.locator('main h1').waitFor();
    expect(await band().count()).toBe(1);
  });

  it('reaches_who_only_receives_it', async () => {
    server
      .on('GET /api/v1/session', { ...director, roles: ['staff'] })
      .on('GET /api/v1/me/alerts', pageOf({ ...myFire, mode: 'exercise', answers: [] }));
    await open('/me');
    await band().waitFor();
    expect(server.received.some((request) => request.path.startsWith('/api/v1/alerts'))).toBe(false);
  });

  it('tops_the_pages_of_an_administrator_who_is_not_told_of_it_and_leaves_them_live', async () => {
    server.on('GET /api/v1/session', { ...director, roles: ['administrator', 'staff'] });
    await open('/settings');
    expect(await band().count()).toBe(0);
    server.on('GET /api/v1/alerts/under-way', { exercise: true, real: false });
    server.hub.publish('alert.under-way', { mode: 'exercise' });
    await band().waitFor();
    server.on('GET /api/v1/alerts/under-way', { exercise: false, real: false });
    server.hub.publish('alert.under-way', { mode: 'exercise' });
    await band().waitFor({ state: 'detached' });
    expect(server.received.some((request) => request.path === '/api/v1/alerts')).toBe(false);
  });

  it('names_its_meeting_so_that_a_guest_does_not_take_it_for_a_real_one', async () => {
    // Guests get the meeting's name only, and no band: a fire brigade was invited to "Réunion de crise : Incendie".
    server
      .on('GET /api/v1/alerts/*/board', { ...fireBoard, alert: { ...fireBoard.alert, mode: 'exercise' } })
      .on('GET /api/v1/meetings', { items: [] })
      .on('POST /api/v1/meetings', { ...meetings[0], id: 'opened' });
    await open(`/alerts/${fire.id}`);
    await page.getByRole('button', { name: 'Ouvrir la réunion de crise' }).click();
    await page.waitForURL('**/meetings/opened');
    const opened = server.received.find((request) => request.method === 'POST' && request.path === '/api/v1/meetings');
    expect((opened?.body as { title: string }).title).toMatch(/^EXERCICE — Réunion de crise/);
  });

  it('is_never_taken_for_the_real_alert_that_runs_beside_it', async () => {
    server.on('GET /api/v1/alerts', pageOf(running, fire)).on('GET /api/v1/alerts/under-way', { exercise: true, real: true });
    await open('/directory');
    await band().getByText('en même temps qu’une alerte réelle').waitFor();
    expect(await page.locator('html').getAttribute('data-mode')).toBeNull();
    await open(`/alerts/${fire.id}`);
    // Read first at the top of a real alert's page: that it is real, not the word of the exercise.
    await band().getByText('ALERTE RÉELLE').waitFor();
    expect(await band().textContent()).not.toContain('EXERCICE');
    expect(await page.locator('html').getAttribute('data-mode')).toBeNull();
  });
});
