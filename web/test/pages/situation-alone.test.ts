import type { Browser, Page } from 'playwright-core';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { startBrowser } from './browser';
import { judge, TwoPeople } from './fixtures/two-people';

let browser: Browser;
let two: TwoPeople;

beforeAll(async () => {
  browser = await startBrowser();
});

beforeEach(async () => {
  two = await TwoPeople.start(browser);
});

afterEach(() => two.stop());

/** As somebody would on a keyboard. */
async function hold(page: Page, name: RegExp): Promise<void> {
  await page.getByRole('button', { name }).dispatchEvent('click', { detail: 0 });
  await page.getByText('Do you confirm?').waitFor();
  await page.getByRole('button', { name }).click();
}

async function prepareAndSubmit(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Prepare the next report' }).click();
  await page.getByRole('button', { name: 'Begin the report' }).click();
  await page.getByRole('button', { name: 'Submit for approval' }).click();
}

it('a_situation_report_is_published_alone_only_while_nobody_else_could_approve_it_and_says_so', { timeout: 180_000 }, async () => {
  const his = await two.open(two.brunos, { language: 'fr', theme: 'light', width: 390 });
  const hers = await two.open(two.claires, { language: 'en', theme: 'light', width: 1440 });
  await hers.goto(`${two.claires.url}/crises/new`);
  await hers.getByLabel('Name of the crisis').fill('Flood');
  for (const cell of ['Operational', 'Communication']) await hers.getByRole('checkbox', { name: new RegExp(`^${cell}`) }).uncheck();
  await hold(hers, /Open the crisis: you alone/);
  await hers.getByRole('heading', { name: 'Flood', level: 1 }).waitFor();
  const leading = hers.url().split('/').at(-1) ?? '';
  const reports = `${two.claires.url}/crises/${leading}/situation`;
  await hers.goto(reports);
  await prepareAndSubmit(hers);
  await hold(hers, /^Publish.*report no\. 1$/);
  await hers.getByRole('heading', { name: /^Situation report no\. 1/, level: 1 }).waitFor();
  await hers.getByText('Published without approval').waitFor();
  await judge(hers, 'situation-alone-published');

  // Once another administers the crisis, it waits for them.
  await hers.goto(`${two.claires.url}/crises/${leading}`);
  await hers.getByRole('button', { name: 'Add people' }).click();
  await hers.getByLabel('In which cell').selectOption('Strategic');
  await hers.getByRole('dialog').getByLabel('People').fill('Bruno');
  await hers.getByRole('button', { name: /Bruno Keller/ }).click();
  await hers.getByRole('button', { name: 'Add to the crisis' }).click();
  await expect.poll(() => two.rooms.rooms.rooms.get(leading)?.state.roster.size).toBe(2);
  await hers.goto(reports);
  await prepareAndSubmit(hers);
  await hers.getByText('Another person of the crisis must now read and approve it.').waitFor();
  expect(await hers.getByRole('button', { name: /^Publish/ }).count()).toBe(0);
  await his.goto(`${two.brunos.url}/crises/${leading}/situation`);
  await his.getByRole('button', { name: 'Lire et approuver' }).waitFor();
  // Who reads it sees of the first that nobody approved it.
  await his.goto(`${two.brunos.url}/crises/${leading}/situation/1`);
  await his.getByText('Publié sans approbation').waitFor();
  await judge(his, 'situation-alone-read');
});
