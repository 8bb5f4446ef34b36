import type { Browser } from 'playwright-core';
import { afterEach, beforeAll, beforeEach, describe, it } from 'vitest';
import { startBrowser } from './browser';
import { beginWithBruno, judge, said, TwoPeople, write } from './fixtures/two-people';

const phone = { language: 'fr', theme: 'dark', width: 390 } as const;
const desktop = { language: 'en', theme: 'light', width: 1440 } as const;

let browser: Browser;
let people: TwoPeople;

beforeAll(async () => {
  browser = await startBrowser();
});

beforeEach(async () => {
  people = await TwoPeople.start(browser);
});

afterEach(() => people.stop());

describe('the settings of a room', () => {
  it('rename_it_and_let_its_only_administrator_leave_it_to_somebody', async () => {
    const his = await people.open(people.brunos, phone);
    const hers = await people.open(people.claires, desktop);
    await beginWithBruno(hers, 'Logistics');
    await his.getByRole('link', { name: /Logistics/ }).click();
    await his.getByRole('heading', { name: 'Logistics' }).waitFor();
    await hers.getByRole('button', { name: 'Settings' }).click();
    await judge(hers, 'room-settings');
    await hers.getByRole('textbox', { name: 'Name of the room' }).fill('Logistics and water');
    await hers.getByRole('button', { name: 'Rename the room' }).click();
    await his.getByRole('heading', { name: 'Logistics and water' }).waitFor();
    await his.getByText('Le salon s’appelle désormais « Logistics and water », par décision de Claire Fontaine.').waitFor();

    // Whoever administers nothing renames nothing.
    await his.getByRole('button', { name: 'Réglages' }).click();
    await his.getByRole('button', { name: 'Quitter le salon' }).waitFor();
    await judge(his, 'room-settings-member-fr');
    await his.getByRole('textbox', { name: 'Nom du salon' }).waitFor({ state: 'detached' });
    await his.keyboard.press('Escape');

    await hers.getByRole('button', { name: 'Leave the room' }).click();
    await hers.getByText('you will read nothing of what follows').waitFor();
    await judge(hers, 'room-leave');
    await hers.getByLabel('Who will administer the room?').selectOption({ label: 'Bruno Keller' });
    await hers.getByRole('button', { name: 'Leave', exact: true }).click();
    await hers.getByText('You are no longer in this room').waitFor();
    await his.getByText('Départ : Claire Fontaine. De nouvelles clés commencent.').waitFor();
    await write(his, 'Alone now');
    await said(his, 'Alone now');
    await judge(his, 'room-left-fr');
    await his.getByRole('button', { name: 'Réglages' }).click();
    await his.getByRole('textbox', { name: 'Nom du salon' }).waitFor();
    await his.getByRole('button', { name: 'Quitter le salon' }).click();
    await his.getByText('Vous êtes la dernière personne de ce salon').waitFor();
    await his.getByRole('button', { name: 'Quitter', exact: true }).click();
    await his.getByText('Vous n’êtes plus dans ce salon').waitFor();
    // What this browser had received stays until it is erased.
    await said(his, 'Alone now');
    await his.getByRole('button', { name: 'Effacer de ce navigateur' }).click();
    await his.getByText('Vous n’êtes dans aucun salon').waitFor();
  });
});
