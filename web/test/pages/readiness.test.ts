import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startBrowser } from './browser';
import { nothingReady, readiness } from './fixtures/readiness';
import { judge, TwoPeople } from './fixtures/two-people';

const phone = { language: 'fr', theme: 'dark', width: 390 } as const;
const desktop = { language: 'en', theme: 'light', width: 1440 } as const;

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

/** A line by its title. */
function line(page: Page, title: string) {
  return page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: title, exact: true, level: 3 }) });
}

describe('readiness', () => {
  it('says_what_is_urgent_and_leads_from_each_line_to_what_mends_it', { timeout: 240_000 }, async () => {
    two.claires.on('GET /api/v1/readiness', ({ query }: { query: URLSearchParams }) => ({
      body: query.get('months') === '3' ? { ...readiness, months: 3, reach: { ...readiness.reach, verified: 102 } } : readiness,
    }));
    const asked: string[] = [];
    two.claires.on('GET /api/v1/people', ({ query }: { query: URLSearchParams }) => {
      asked.push(query.toString());
      return { body: { items: [], next: null } };
    });
    const page = await two.open(two.claires, desktop);
    await page.goto(`${two.claires.url}/readiness`);
    await page.getByText('1 point is urgent, 8 points are to look at. Begin with: Porte-parole.').waitFor();
    await line(page, 'Porte-parole').getByText('Urgent', { exact: true }).waitFor();
    await line(page, 'Directeur de crise').getByText('day 100%, night 100%').waitFor();
    await line(page, 'Responsable informatique').getByText('4 more gaps').waitFor();
    await line(page, 'Last test of the alert').getByText('90% answered').waitFor();
    await line(page, 'Last test of the alert').getByText('10 points more than the test before').waitFor();
    await line(page, 'SMS').getByText('42 failed').waitFor();
    await page.getByText('You are in no library', { exact: false }).waitFor();
    await judge(page, 'readiness-desktop');

    // Told apart by the months that count: a year is long where people move.
    await page.getByText('3 months', { exact: true }).click();
    await line(page, 'Numbers or addresses verified within 3 months').getByText('Urgent', { exact: true }).waitFor();
    await page.getByText('2 points are urgent, 7 points are to look at.', { exact: false }).waitFor();
    await line(page, 'Numbers or addresses verified within 3 months').getByRole('link', { name: 'See the 1,041 people' }).click();
    await page.getByRole('heading', { name: 'Directory', level: 1 }).waitFor();
    await expect.poll(() => asked.at(-1), { timeout: 60_000 }).toContain('lacking=recent-verification&months=3');

    // On a calm day the page that everybody begins with says the worst of it, and what to do.
    two.claires.on('GET /api/v1/alerts', { items: [], next: null });
    await page.goto(two.claires.url);
    const worst = page.getByRole('region', { name: 'Readiness' });
    // Whoever has an alert to answer is told of nothing else, though no list knows of that alert any more.
    await page.getByRole('heading', { name: 'Answer this alert' }).waitFor();
    await page.getByText('All is calm').waitFor();
    expect(await worst.count()).toBe(0);
    two.claires.on('GET /api/v1/me/alerts', { items: [], next: null });
    await page.reload();
    await worst.getByText('Porte-parole').waitFor();
    await worst.getByText('Urgent', { exact: true }).waitFor();
    await worst.getByRole('link', { name: 'Name holders' }).waitFor();
    await judge(page, 'now-readiness');
    await worst.getByRole('link', { name: 'Readiness', exact: true }).click();
    await page.getByRole('heading', { name: 'Readiness', level: 1 }).waitFor();

    // A plan out of date is seen by this browser alone.
    await page.goto(`${two.claires.url}/plans`);
    await page.getByRole('button', { name: 'Begin a library' }).click();
    await page.getByRole('button', { name: 'Begin the library' }).click();
    await page.getByRole('link', { name: /Ransomware: isolate/ }).waitFor();
    await page.goto(`${two.claires.url}/readiness`);
    await line(page, 'Plans and cards up to date').getByRole('link', { name: 'Open the plans' }).click();
    await page.getByRole('link', { name: /Ransomware: isolate/ }).waitFor();
  });

  it('tells_an_organisation_that_has_nothing_yet_where_to_begin', { timeout: 240_000 }, async () => {
    two.claires.on('GET /api/v1/readiness', nothingReady);
    const page = await two.open(two.claires, phone);
    await page.goto(`${two.claires.url}/readiness`);
    await page.getByText(/^L’annuaire est vide/).waitFor();
    await page.getByRole('link', { name: 'Importer des personnes' }).waitFor();
    await line(page, 'Aucune fonction de crise').getByRole('link', { name: 'Définir les fonctions' }).waitFor();
    await line(page, 'SMS').getByText('À regarder', { exact: true }).waitFor();
    await judge(page, 'readiness-empty');

    two.claires.on('GET /api/v1/readiness', readiness);
    await page.reload();
    await line(page, 'Porte-parole').getByRole('link', { name: 'Désigner des titulaires' }).waitFor();
    await judge(page, 'readiness-phone');
  });
});
