import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { startBrowser } from './browser';
import { beginWithBruno, judge, TwoPeople } from './fixtures/two-people';

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

it('whoever_may_not_read_the_directory_compares_a_changed_identity_with_somebody_they_share_a_room_with', async () => {
  const his = await people.open(people.brunos, { language: 'fr', theme: 'dark', width: 390 });
  const hers = await people.open(people.claires, { language: 'en', theme: 'light', width: 1440 });
  await beginWithBruno(hers, 'Cold rooms');
  await his.getByRole('link', { name: /Cold rooms/ }).waitFor();

  // Claire has lost her devices and begins anew.
  const lost = await people.visit(`${people.claires.url}/me/devices`, { language: 'en', theme: 'light', width: 1440 });
  await lost.getByText('I have lost everything').click();
  await lost.getByRole('button', { name: 'Replace my identity' }).hover();
  await lost.mouse.down();
  await lost.getByText('This device', { exact: true }).waitFor();
  await lost.mouse.up();
  people.brunos.hub.publish('directory-log.grown', { number: people.log.entries.length });

  await his.getByText('L’identité d’une personne a changé').waitFor();
  await his.getByRole('button', { name: 'Vérifier Claire Fontaine' }).click();
  const dialog = his.getByRole('dialog', { name: 'Identité de Claire Fontaine' });
  const number = dialog.getByRole('group', { name: 'Numéro de sécurité' });
  await number.waitFor();
  expect((await number.innerText()).replace(/\s/g, '')).toMatch(/^\d{60}$/);
  await dialog.getByRole('img').first().waitFor();
  await judge(his, 'compare-identity-fr');
  await dialog.getByRole('button', { name: 'Les numéros sont identiques' }).click();
  await dialog.getByText(/^Vous avez vérifié l’identité de Claire Fontaine/).waitFor();
  await his.keyboard.press('Escape');
  await his.getByText('L’identité d’une personne a changé').waitFor({ state: 'hidden' });
});
