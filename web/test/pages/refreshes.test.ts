import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startBrowser } from './browser';
import { readiness } from './fixtures/readiness';
import { past, running, waiting } from './fixtures/refreshes';
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

describe('a refresh of contact details', () => {
  it('is_started_from_readiness_after_whom_it_tells_was_seen_and_asked_once_more', { timeout: 240_000 }, async () => {
    let items: unknown[] = [past];
    const started: unknown[] = [];
    two.claires.on('GET /api/v1/readiness', readiness);
    two.claires.on('GET /api/v1/contact-refreshes', () => ({ body: { items, next: null } }));
    two.claires.on('GET /api/v1/contact-refreshes/*/people', { items: waiting, next: null });
    two.claires.on('GET /api/v1/contact-refreshes/*', running);
    two.claires.on('POST /api/v1/contact-refreshes/preview', {
      people: 236,
      byMail: 190,
      bySms: 37,
      untold: 9,
      firstUntold: [{ id: 'person-0', name: 'Hugo Petit' }],
    });
    two.claires.on('POST /api/v1/contact-refreshes', ({ body }: { body: unknown }) => {
      started.push(body);
      items = [running.summary, past];
      return { status: 201, body: running };
    });
    const page = await two.open(two.claires, desktop);
    await page.goto(`${two.claires.url}/readiness?months=3`);
    await page.getByRole('link', { name: 'Start a refresh' }).click();
    await page.getByRole('heading', { name: 'Start a refresh', level: 1 }).waitFor();

    // Whom the figure was about is whom it proposes to ask.
    await expect.poll(() => page.getByLabel('Whom to ask').inputValue(), { timeout: 60_000 }).toBe('unverified');
    await expect.poll(() => page.getByLabel('Verified within').inputValue(), { timeout: 60_000 }).toBe('3');
    await page.getByRole('button', { name: 'Check who will be told' }).press('Enter');
    await page.getByText('190 people by mail', { exact: true }).waitFor();
    await page.getByText('9 people can not be told').waitFor();
    await page.getByRole('link', { name: 'Hugo Petit' }).waitFor();
    await judge(page, 'refresh-start-desktop');

    // Another audience must be looked at again.
    await page.getByLabel('Whom to ask').selectOption('everyone');
    await page.getByRole('button', { name: 'Check who will be told' }).click();
    await page.getByRole('button', { name: 'Write to 227 people' }).click();
    expect(started).toHaveLength(0);
    await page.getByRole('dialog').getByText('227 people will receive a message', { exact: false }).waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Write to 227 people' }).click();
    await page.getByRole('heading', { name: 'Campaign 3', level: 1 }).waitFor();
    expect(started).toMatchObject([
      { audience: { kind: 'everyone' }, title: { fr: 'Confirmez vos coordonnées', en: 'Confirm your contact details' } },
    ]);
    await page.getByText('117 of 236 have answered').waitFor();
    await page.getByRole('link', { name: /Agnès Aubert/ }).waitFor();
    await judge(page, 'refresh-desktop');

    // Readiness shows it while it is under way.
    await page.goto(`${two.claires.url}/readiness`);
    await page.getByText('A refresh of contact details is under way').waitFor();
    await page.getByRole('link', { name: 'See how it goes' }).click();
    await page.getByRole('heading', { name: 'Campaign 3', level: 1 }).waitFor();
  });

  it('is_followed_and_ended_early_on_a_phone_and_answered_by_who_is_signed_in', { timeout: 240_000 }, async () => {
    let now = running;
    let confirmed = false;
    two.claires.on('GET /api/v1/contact-refreshes', () => ({ body: { items: [now.summary, past], next: null } }));
    two.claires.on('GET /api/v1/contact-refreshes/*/people', { items: waiting, next: null });
    two.claires.on('GET /api/v1/contact-refreshes/*', () => ({ body: now }));
    two.claires.on('POST /api/v1/contact-refreshes/*/end', () => {
      now = { ...running, summary: { ...running.summary, endedAt: running.summary.startedAt, endedBy: 'Claire Morel' } };
      return { body: now };
    });
    two.claires.on('GET /api/v1/me/contact-refresh', () => ({
      body: {
        running: { id: running.summary.id, until: running.summary.until, answeredAt: confirmed ? running.summary.startedAt : null },
      },
    }));
    two.claires.on('POST /api/v1/me/contact-refresh/confirm', () => {
      confirmed = true;
      return { body: { running: null } };
    });
    const page = await two.open(two.claires, phone);
    await page.goto(`${two.claires.url}/readiness/refreshes`);
    await page.getByRole('link', { name: /Campagne 3/ }).click();
    await page.getByText('117 sur 236 ont répondu').waitFor();
    await judge(page, 'refresh-phone');
    await page.getByRole('button', { name: 'Arrêter maintenant' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Arrêter maintenant' }).click();
    await page.getByText('Terminée', { exact: true }).waitFor();

    await page.goto(`${two.claires.url}/me`);
    await page.getByRole('button', { name: 'Tout est juste' }).click();
    await page.getByText('Merci : vous avez répondu', { exact: false }).waitFor();
    await judge(page, 'refresh-me-phone');
  });
});
