import { readFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startBrowser } from './browser';
import { judge, TwoPeople } from './fixtures/two-people';

const phone = { language: 'fr', theme: 'light', width: 390 } as const;
const desktop = { language: 'en', theme: 'dark', width: 1440 } as const;

let browser: Browser;
let two: TwoPeople;

beforeAll(async () => {
  browser = await startBrowser();
});

afterAll(() => browser.close());

beforeEach(async () => {
  two = await TwoPeople.start(browser);
});

afterEach(() => two.stop());

/** Now, as the page's own clock on the wall says it. */
const wallClock = (page: Page): Promise<string> =>
  page.evaluate(() => new Date(Date.now() - new Date().getTimezoneOffset() * 60_000).toISOString().slice(0, 16));

describe('trainings', () => {
  it('offer_nothing_to_make_in_a_browser_that_cannot_open_a_room', { timeout: 120_000 }, async () => {
    await two.open(two.claires, desktop);
    const page = await two.visit(`${two.claires.url}/trainings`, phone);
    await page.getByRole('link', { name: 'Mes appareils' }).waitFor();
    expect(await page.getByRole('link', { name: 'Nouvelle formation' }).count()).toBe(0);
    await judge(page, 'trainings-no-device');
  });

  it('are_prepared_confirmed_in_one_tap_corrected_by_the_trainer_and_exported', { timeout: 240_000 }, async () => {
    const brunos = await two.open(two.brunos, phone);
    const page = await two.open(two.claires, desktop);
    await page.goto(`${two.claires.url}/trainings`);
    await page.getByText('No training', { exact: true }).waitFor();
    await page.getByRole('link', { name: 'New training' }).click();
    await page.getByRole('button', { name: 'Make the training' }).click();
    await page.getByText('Give it a title.').waitFor();
    await page.getByLabel('Title of the training').fill('Crisis cell, first hour');
    await page.getByLabel('Day and time').fill(await wallClock(page));
    await page.getByLabel('Place or call').fill('Room 12');
    await page.getByLabel('Who gives it').fill('Claire Fontaine');
    await page.getByLabel('Material').fill('# Bring\n\n- your telephone\n- **your card**');
    await page.getByLabel('People').fill('Bruno');
    await page.getByRole('button', { name: /Bruno Keller/ }).click();
    await judge(page, 'training-new');
    await page.getByRole('button', { name: 'Make the training' }).click();
    await page.getByRole('heading', { name: 'Crisis cell, first hour', level: 1 }).waitFor();
    await page.getByText('your card').waitFor();
    await page.getByText('Not noted yet').waitFor();

    // Who takes part is offered one thing, and it is said once.
    await brunos.goto(`${two.brunos.url}/trainings`);
    await brunos.getByRole('link', { name: /Crisis cell, first hour/ }).click();
    const confirm = brunos.getByRole('button', { name: 'Je suis là' });
    await confirm.waitFor();
    await judge(brunos, 'training-confirm');
    await confirm.click();
    await brunos.getByText('Votre présence est confirmée.').waitFor();
    await confirm.waitFor({ state: 'detached' });
    expect(await brunos.getByRole('button', { name: /^(Absent|Corriger)/ }).count()).toBe(0);

    // A correction stands beside what it corrects.
    await page.getByRole('listitem').getByText('Present', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Correct: Bruno Keller' }).click();
    await page.getByLabel('Why this correction').fill('Left after five minutes');
    await page.getByRole('button', { name: 'Absent: Bruno Keller' }).click();
    await page.getByText('Before: Present, Bruno Keller').waitFor();
    await page.getByText('Left after five minutes', { exact: false }).waitFor();
    await judge(page, 'training-sheet');
    await brunos.getByText(/Noté pour vous\s: Absence\./).waitFor();

    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Export (CSV)' }).click()]);
    const table = await readFile(await file.path(), 'utf8');
    expect(table).toContain('Bruno Keller,Absent,Claire Fontaine,Left after five minutes');

    await page.goto(`${two.claires.url}/trainings`);
    await page.getByRole('heading', { name: 'Who follows trainings' }).waitFor();
    await page.getByText('0 of 1', { exact: true }).waitFor();
    await page.getByText('Present: 0 of 1').waitFor();
    await judge(page, 'trainings');
  });
});
