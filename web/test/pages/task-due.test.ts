import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { startBrowser } from './browser';
import { beginWithBruno, bruno, judge, TwoPeople } from './fixtures/two-people';

let browser: Browser;
let people: TwoPeople;

beforeAll(async () => {
  browser = await startBrowser();
});

afterAll(() => browser.close());

beforeEach(async () => {
  people = await TwoPeople.start(browser);
});

afterEach(() => people.stop());

async function giveBruno(page: Page, title: string): Promise<void> {
  await page.getByRole('button', { name: 'Add a task' }).click();
  await page.getByLabel('What is to be done').fill(title);
  await page.getByLabel('Who does it').selectOption('Bruno Keller');
  await page.getByLabel(/^By when/).fill('2020-01-01T08:00');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.locator('article', { hasText: title }).waitFor();
}

it('a_task_that_is_due_stands_on_every_page_of_whose_it_is_until_it_is_done_or_put_off', { timeout: 180_000 }, async () => {
  const his = await people.open(people.brunos, { language: 'fr', theme: 'light', width: 390 });
  const hers = await people.open(people.claires, { language: 'en', theme: 'light', width: 1440 });
  await beginWithBruno(hers, 'Logistics', () => hers.getByRole('radio', { name: /crisis cell/i }).check());
  await hers.getByRole('link', { name: /^Tasks/ }).click();
  await giveBruno(hers, 'Tell the families');
  await giveBruno(hers, 'Order blankets');
  const sent = people.claires.received
    .filter(({ method, path }) => method === 'POST' && path.endsWith('/entries'))
    .map(({ body }) => (body as { readonly reminder: { readonly id: string; readonly personId: string; readonly at: string } | null }).reminder)
    .filter((reminder) => reminder !== null);
  expect(sent.map(({ personId, at }) => [personId, at.slice(0, 4)])).toEqual([
    [bruno, '2020'],
    [bruno, '2020'],
  ]);
  // Nothing of what it is leaves in clear.
  expect(JSON.stringify(people.claires.received)).not.toContain('families');

  await his.getByText('Logistics').waitFor();
  const roomId = new URL(hers.url()).pathname.split('/')[2] ?? '';
  people.brunos.hub.publish('room.task-due', { roomId, told: 1 });
  await his.getByText('2 de vos tâches sont à échéance dans « Logistics »').waitFor();
  await judge(his, 'task-due-fr');
  await his.getByRole('button', { name: 'Plus tard' }).click();
  await his.getByText('2 de vos tâches sont à échéance').waitFor({ state: 'detached' });
  people.brunos.hub.publish('room.task-due', { roomId, told: 2 });
  await his.getByRole('link', { name: 'Mes tâches' }).click();
  await his.getByRole('button', { name: /^Les miennes/, pressed: true }).waitFor();
  await his.getByRole('button', { name: 'Commencer : Tell the families' }).waitFor();

  // On her page, whose task it is not, nothing stands.
  people.claires.hub.publish('room.task-due', { roomId, told: 1 });
  await hers
    .getByRole('link', { name: /^Rooms/ })
    .first()
    .click();
  await hers.getByRole('heading', { name: 'Rooms' }).first().waitFor();
  expect(await hers.getByText('due in “Logistics”').count()).toBe(0);
});
