import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openContext, startBrowser, watchFaults, type Look } from './browser';
import { scriptHospital } from './fixtures/hospital';
import { contactPoints } from './fixtures/people';
import { ScriptedServer } from './scripted-server';

let server: ScriptedServer;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let faults: string[];
let standing: string;
let triesLeft: number;
let points: readonly object[];

const path = '/api/v1/me/contact-points/c2';
const refusal = (status: number, code: string) => ({ status, body: { code, title: 'No.', status } });

beforeAll(async () => {
  browser = await startBrowser();
});

beforeEach(async () => {
  server = await ScriptedServer.start();
  scriptHospital(server);
  standing = 'none';
  triesLeft = 5;
  points = contactPoints;
  const view = () => ({
    standing,
    expiresAt: standing === 'none' ? null : new Date(Date.now() + 600_000).toISOString(),
    triesLeft: standing === 'none' ? 0 : triesLeft,
    failure: null,
  });
  server
    .on('GET /api/v1/me/contact-points', () => ({ body: points }))
    .on(`GET ${path}/code`, () => ({ body: view() }))
    .on(`POST ${path}/code`, () => {
      standing = 'sent';
      return { status: 202, body: view() };
    });
});

afterEach(async () => {
  await context.close();
  await server.stop();
});

async function open(look: Look): Promise<Locator> {
  context = await openContext(browser, look);
  page = await context.newPage();
  faults = watchFaults(page, server.url);
  await page.goto(`${server.url}/me`);
  await page.getByRole('button', { name: look.language === 'fr' ? /^Vérifier a\.lefevre/ : /^Verify a\.lefevre/ }).click();
  return page.getByRole('dialog', { name: look.language === 'fr' ? 'Vérifier' : 'Verify' });
}

const phone: Look = { language: 'fr', theme: 'light', width: 390 };
const desk: Look = { language: 'en', theme: 'dark', width: 1440 };

describe('a contact point is verified by a code', () => {
  it('is_asked_for_typed_and_done_on_a_phone_and_nothing_is_wider_than_it', async () => {
    server.on(`POST ${path}/verify`, () => {
      points = contactPoints.map((point) => ({ ...point, verifiedAt: new Date().toISOString() }));
      return { body: points[1] };
    });
    const dialog = await open(phone);
    await dialog.getByText('a.lefevre@valclair.example').waitFor();
    expect(await dialog.getByLabel('Code reçu').count()).toBe(0);
    await dialog.getByRole('button', { name: 'Envoyer le code' }).click();
    const field = dialog.getByLabel('Code reçu');
    await field.waitFor();
    expect(await field.getAttribute('inputmode')).toBe('numeric');
    expect(await field.getAttribute('autocomplete')).toBe('one-time-code');
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    await field.fill('123 456');
    await dialog.getByRole('button', { name: 'Vérifier le code' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(server.received.find((request) => request.path === `${path}/verify`)?.body).toEqual({ code: '123 456' });
    // Once the list has been read again.
    await page.getByText('À vérifier').waitFor({ state: 'detached' });
    expect(faults).toEqual([]);
  });

  it('is_done_with_the_keyboard_alone', async () => {
    server.on(`POST ${path}/verify`, () => ({ body: contactPoints[1] }));
    const dialog = await open(desk);
    await dialog.getByRole('button', { name: 'Send the code' }).focus();
    await page.keyboard.press('Enter');
    const field = dialog.getByLabel('Code received');
    await field.waitFor();
    await page.waitForFunction(() => document.activeElement?.getAttribute('autocomplete') === 'one-time-code');
    await page.keyboard.type('654321');
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    expect(server.received.find((request) => request.path === `${path}/verify`)?.body).toEqual({ code: '654321' });
    expect(faults).toEqual([]);
  });

  it('a_code_too_short_is_told_before_anything_is_sent', async () => {
    standing = 'sent';
    const dialog = await open(phone);
    await dialog.getByLabel('Code reçu').fill('123');
    await page.keyboard.press('Enter');
    await dialog.getByText('Le code a six chiffres.').waitFor();
    expect(server.received.some((request) => request.path === `${path}/verify`)).toBe(false);
  });

  it('a_wrong_code_says_how_many_tries_are_left_and_the_field_is_ready_again', async () => {
    standing = 'sent';
    server.on(`POST ${path}/verify`, () => {
      triesLeft -= 1;
      return refusal(400, 'contact-code-wrong');
    });
    const dialog = await open(phone);
    const field = dialog.getByLabel('Code reçu');
    await field.fill('000000');
    await page.keyboard.press('Enter');
    await dialog.getByText('Il reste 4 essais.').waitFor();
    expect(await field.getAttribute('aria-invalid')).toBe('true');
    expect(await field.inputValue()).toBe('');
    expect(await field.evaluate((element) => element === document.activeElement)).toBe(true);
  });

  it('the_fifth_wrong_code_ends_it_and_another_can_be_asked_for', async () => {
    standing = 'sent';
    server.on(`POST ${path}/verify`, () => {
      standing = 'spent';
      return refusal(409, 'contact-code-spent');
    });
    const dialog = await open(desk);
    await dialog.getByLabel('Code received').fill('000000');
    await page.keyboard.press('Enter');
    await dialog.getByText('Five codes were wrong').waitFor();
    await dialog.getByRole('button', { name: 'Send the code' }).click();
    await dialog.getByLabel('Code received').waitFor();
  });

  it('a_code_that_is_too_old_says_so_and_offers_another', async () => {
    standing = 'sent';
    server.on(`POST ${path}/verify`, () => {
      standing = 'expired';
      return refusal(409, 'contact-code-expired');
    });
    const dialog = await open(phone);
    await dialog.getByLabel('Code reçu').fill('123456');
    await page.keyboard.press('Enter');
    await dialog.getByText('Ce code est trop ancien').waitFor();
    await dialog.getByRole('button', { name: 'Envoyer le code' }).waitFor();
  });

  it('asked_for_too_often_it_says_how_long_to_wait_and_the_code_sent_before_can_still_be_typed', async () => {
    standing = 'sent';
    server.on(`POST ${path}/code`, () => ({ ...refusal(429, 'contact-code-too-many'), headers: { 'Retry-After': '150' } }));
    const dialog = await open(phone);
    await dialog.getByRole('button', { name: 'Envoyer un autre code' }).click();
    await dialog.getByText('réessayez dans 3 minutes').waitFor();
    expect(await dialog.getByLabel('Code reçu').count()).toBe(1);
  });

  it('a_carrier_that_took_none_is_told_with_what_to_do', async () => {
    standing = 'failed';
    const dialog = await open(desk);
    await dialog.getByText('could not be handed over').waitFor();
    await dialog.getByRole('button', { name: 'Send the code' }).waitFor();
  });

  it('an_app_and_a_verified_one_are_not_offered_a_code', async () => {
    points = [{ ...contactPoints[0] }, { ...contactPoints[0], id: 'c3', kind: 'app', verifiedAt: null }, ...contactPoints.slice(1)];
    await open(phone);
    expect(await page.locator('button', { hasText: /^\s*Vérifier\s*$/ }).count()).toBe(1);
  });
});
