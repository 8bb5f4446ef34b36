import type { Browser } from 'playwright-core';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { openContext, startBrowser, watchFaults } from './browser';
import { director, scriptHospital } from './fixtures/hospital';
import { ScriptedServer } from './scripted-server';

let server: ScriptedServer;
let browser: Browser;

beforeAll(async () => {
  browser = await startBrowser();
});

beforeEach(async () => {
  server = await ScriptedServer.start();
  scriptHospital(server);
  server.on('GET /api/v1/sign-in', { passkeys: true, setUp: true, organisation: director.organisation, demonstration: true });
});

afterEach(() => server.stop());

it('a_card_asked_for_long_after_signing_in_is_made_once_the_person_has_signed_in_again', async () => {
  let fresh = false;
  server
    .on('POST /api/v1/emergency-cards', () =>
      fresh
        ? { body: { id: 'e2', signInName: 'claire.fontaine', codes: ['ABCD-EFGH'], address: 'http://localhost/', qrSvg: '<svg/>', page: '' } }
        : { status: 403, body: { code: 'sign-in-too-old', title: 'No.', status: 403 } },
    )
    .on('POST /api/v1/sign-in/password', () => {
      fresh = true;
      return { body: { ...director, session: '01932b7c-0000-7000-8000-0000000000ff' } };
    });
  const context = await openContext(browser, { language: 'fr', theme: 'light', width: 390 });
  try {
    const page = await context.newPage();
    const faults = watchFaults(page, server.url);
    await page.goto(server.url + '/me');
    await page.getByText('Cartes d’urgence').click();
    await page.getByLabel('Où sera-t-elle gardée').fill('Coffre');
    await page.getByRole('button', { name: 'Créer une carte' }).click();
    const dialog = page.getByRole('dialog', { name: 'Confirmez que c’est bien vous' });
    await dialog.getByText('Mot de passe et code à usage unique').click();
    await dialog.getByLabel('Mot de passe', { exact: true }).fill('le chat dort');
    await dialog.getByLabel('Code à usage unique').fill('123456');
    await dialog.getByRole('button', { name: 'Se connecter', exact: true }).first().click();
    await page.getByText('ABCD-EFGH').waitFor();
    expect(await page.getByRole('dialog').count()).toBe(0);
    const signIn = server.received.find((request) => request.path === '/api/v1/sign-in/password');
    expect(signIn?.body).toEqual({ signInName: 'claire.fontaine', password: 'le chat dort', code: '123456' });
    const made = server.received.filter((request) => request.path === '/api/v1/emergency-cards' && request.method === 'POST');
    expect(made.map((request) => request.body)).toEqual([{ label: 'Coffre' }, { label: 'Coffre' }]);
    expect(faults).toEqual([]);
  } finally {
    await context.close();
  }
});

it('who_would_not_sign_in_again_is_told_that_nothing_was_added', async () => {
  server.on('POST /api/v1/emergency-cards', () => ({ status: 403, body: { code: 'sign-in-too-old', title: 'No.', status: 403 } }));
  const context = await openContext(browser, { language: 'en', theme: 'dark', width: 1440 });
  try {
    const page = await context.newPage();
    await page.goto(server.url + '/me');
    await page.getByText('Emergency cards').click();
    await page.getByRole('button', { name: 'Make a card' }).click();
    await page.getByRole('dialog', { name: 'Confirm that it is you' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByText('Nothing was added').waitFor();
  } finally {
    await context.close();
  }
});
