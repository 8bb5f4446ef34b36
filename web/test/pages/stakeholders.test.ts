import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBrowser } from './browser';
import { judge, TwoPeople } from './fixtures/two-people';

const phone = { language: 'fr', theme: 'light', width: 390 } as const;
const desktop = { language: 'en', theme: 'dark', width: 1440 } as const;

let browser: Browser;
let two: TwoPeople;

beforeAll(async () => {
  browser = await startBrowser();
  two = await TwoPeople.start(browser);
});

afterAll(() => two.stop());

/** As somebody would on a keyboard: pressing for a second is not asked of who uses a switch. */
async function hold(page: Page, name: RegExp): Promise<void> {
  await page.getByRole('button', { name }).dispatchEvent('click', { detail: 0 });
  await page.getByText(/^(Do you confirm\?|Confirmez-vous\s\?)$/).waitFor();
  await page.getByRole('button', { name }).click();
}

function card(page: Page, name: string): Locator {
  return page.getByRole('article', { name, exact: true });
}

/** Names of those that are followed, from the first. */
function order(page: Page): Promise<string[]> {
  return page.getByRole('article').getByRole('heading', { level: 2 }).allInnerTexts();
}

describe('stakeholders', () => {
  it('are_added_called_corrected_and_let_go_by_two_who_see_what_is_due', async () => {
    const his = await two.open(two.brunos, phone);
    const hers = await two.open(two.claires, desktop);
    await hers.goto(`${two.claires.url}/crises/new`);
    await hers.getByLabel('Name of the crisis').fill('Ransomware');
    await hers.getByText('Exercise', { exact: true }).click();
    for (const cell of ['Operational', 'Communication']) await hers.getByRole('checkbox', { name: new RegExp(`^${cell}`) }).uncheck();
    const strategic = hers.getByRole('group', { name: 'Strategic' });
    await strategic.getByLabel('People').fill('Bruno');
    await strategic.getByRole('button', { name: /Bruno Keller/ }).click();
    await hold(hers, /Open the crisis: you and 1 person/);
    await hers.getByRole('link', { name: 'Stakeholders' }).click();
    await hers.getByText('No stakeholder').waitFor();
    await judge(hers, 'stakeholders-none');

    // She adds one that should have been called long ago; he, on his phone and wearing the exercise, one that waits for its turn.
    await hers.getByRole('button', { name: 'Add a stakeholder' }).click();
    const adding = hers.getByRole('dialog');
    await adding.getByRole('button', { name: 'Add', exact: true }).click();
    await adding.getByText('Give the stakeholder a name.').waitFor();
    await adding.getByLabel('Name').fill('Prefecture');
    await adding.getByLabel('Why they matter', { exact: false }).fill('A report every two hours');
    await adding.getByLabel('How to reach them', { exact: false }).fill('Duty desk: +33 1 99 00 00 00\ncellule@prefecture.example\nRing twice');
    await adding.getByLabel('Who of us sees to them').selectOption('Bruno Keller');
    await adding.getByLabel('Rhythm of contacts').selectOption('Every 2 h');
    await adding.getByLabel('Next contact by', { exact: false }).fill('2020-01-01T08:00');
    await judge(hers, 'stakeholders-add');
    await adding.getByRole('button', { name: 'Add', exact: true }).click();
    await card(hers, 'Prefecture')
      .getByText(/^Overdue by/)
      .waitFor();
    await card(hers, 'Prefecture').getByText('On our side: Bruno Keller').waitFor();
    const links = await card(hers, 'Prefecture')
      .locator('a')
      .evaluateAll((all) => all.map((one) => one.getAttribute('href')));
    expect(links).toEqual(['tel:+33199000000', 'mailto:cellule@prefecture.example']);

    await his.goto(`${hers.url().replace(two.claires.url, two.brunos.url).replace('/stakeholders', '')}`);
    // Whoever takes over is told whom to contact again.
    await his.getByRole('button', { name: 'Passer la relève' }).click();
    expect(await his.getByLabel('Ce qui reste ouvert').inputValue()).toMatch(/^Recontacter Prefecture avant le 1 janv\. 2020 0?8:00$/);
    await his.keyboard.press('Escape');
    await his.getByRole('link', { name: /^1 partie prenante à recontacter en retard$/ }).click();
    await his.waitForFunction(() => document.documentElement.dataset['mode'] === 'exercise');
    await card(his, 'Prefecture').waitFor();
    await his.getByRole('button', { name: 'Ajouter une partie prenante' }).click();
    const sheet = his.getByRole('dialog');
    await sheet.getByLabel('Nom').fill('Radio Vallée');
    await sheet.getByLabel('Nature').selectOption('Presse');
    await sheet.getByRole('button', { name: 'Ajouter', exact: true }).click();
    await card(his, 'Radio Vallée').getByText('Aucun contact prévu').waitFor();
    expect(await order(his)).toEqual(['Prefecture', 'Radio Vallée']);
    // At its end nothing lies half under the bar at the bottom.
    await his.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight));
    await judge(his, 'stakeholders-phone');

    // He calls: the next one is suggested by the rhythm, and the call stands in the log.
    await his.getByRole('button', { name: 'Noter un contact : Prefecture' }).click();
    await sheet.getByRole('button', { name: 'Noter le contact' }).click();
    await sheet.getByText('Dites en quelques mots ce qui a été dit.').waitFor();
    await sheet.getByLabel('Ce qui a été dit').fill('Deux sites arrêtés');
    await sheet.getByLabel('Ce qui a été promis', { exact: false }).fill('Chiffres à 18 h');
    await sheet.getByLabel('Avec qui', { exact: false }).fill('Mme Durand');
    expect(await sheet.getByLabel('Prochain contact pour', { exact: false }).inputValue()).not.toBe('');
    await judge(his, 'stakeholders-contact');
    await sheet.getByRole('button', { name: 'Noter le contact' }).click();
    await card(hers, 'Prefecture').getByText('Deux sites arrêtés').waitFor();
    await card(hers, 'Prefecture').getByText('Promised: Chiffres à 18 h').waitFor();
    await card(hers, 'Prefecture')
      .getByText(/in 1 h 59 min|in 2 h 0 min/)
      .waitFor();
    expect(await hers.getByText('1 stakeholder overdue').count()).toBe(0);

    // She corrects it, with the keyboard: both versions stay, and the log is corrected with it.
    await hers.getByRole('button', { name: 'Contacts: Prefecture' }).press('Enter');
    await hers.getByRole('button', { name: 'Correct the contact with Mme Durand' }).press('Enter');
    await hers.getByRole('dialog').getByLabel('What was said').fill('Three sites are down');
    await hers.getByRole('dialog').getByLabel('Why this correction').fill('The third was found later');
    await hers.keyboard.press('Enter');
    await hers.getByRole('button', { name: 'Contacts: Prefecture' }).press('Enter');
    await hers.getByText('What was recorded before').press('Enter');
    await hers.getByRole('dialog').locator('s').filter({ hasText: 'Deux sites arrêtés' }).waitFor();
    await judge(hers, 'stakeholders-history');
    await hers.getByRole('link', { name: 'See it in the log' }).click();
    const line = hers.locator('article').filter({ hasText: 'Three sites are down' });
    await line.getByText(/^EXERCISE · Call made · Prefecture \(Mme Durand\): Three sites are down/).waitFor();
    await line.getByText('Reason: The third was found later', { exact: false }).waitFor({ state: 'attached' });
    await line.getByRole('link', { name: 'See the contact' }).click();
    await hers.getByRole('dialog', { name: 'Contacts: Prefecture' }).waitFor();
    await hers.keyboard.press('Escape');

    // He narrows the list, then lets the radio go, takes that back, and lets it go for good: nothing of it is lost.
    await his.getByRole('button', { name: /^Presse/ }).click();
    await his.getByText('1 sur 2 affichée').waitFor();
    expect(await order(his)).toEqual(['Radio Vallée']);
    await his.getByRole('button', { name: 'Modifier : Radio Vallée' }).click();
    await sheet.getByRole('button', { name: 'Ne plus suivre' }).click();
    await his.getByText('Radio Vallée n’est plus suivie').waitFor();
    await his.getByRole('button', { name: 'Rétablir' }).click();
    await card(his, 'Radio Vallée').waitFor();
    await his.getByRole('button', { name: 'Modifier : Radio Vallée' }).click();
    await sheet.getByRole('button', { name: 'Ne plus suivre' }).click();
    await his.getByText('1 partie prenante n’est plus suivie').click();
    await his.getByRole('button', { name: 'Suivre à nouveau : Radio Vallée' }).waitFor();
    await judge(his, 'stakeholders-over');

    // Three hours later the next call is overdue, on every page that tells of the crisis.
    await hers.context().addInitScript(() => {
      const now = Date.now.bind(Date);
      Date.now = () => now() + 3 * 3_600_000;
    });
    await hers.goto(hers.url().replace(/\/stakeholders.*$/, ''));
    await hers.getByRole('link', { name: '1 stakeholder overdue' }).waitFor();
    await judge(hers, 'stakeholders-crisis');
    await hers.getByRole('link', { name: 'Catch up' }).click();
    await hers.getByRole('heading', { name: 'Whom to contact again' }).waitFor();
    await hers.getByRole('link', { name: /^Prefecture Authority Overdue by/ }).click();
    await hers.getByText('1 stakeholder overdue').waitFor();
    await judge(hers, 'stakeholders-desktop');
  });
});
