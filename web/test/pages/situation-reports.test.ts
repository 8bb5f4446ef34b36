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

/** One section of the report under way. */
function section(page: Page, heading: string): Locator {
  return page.getByRole('region', { name: heading, exact: true });
}

const people = 'People: injured, evacuated, waiting';
const means = 'Means and relief';

describe('situation reports', () => {
  let his: Page;
  let hers: Page;
  let crisis: string;
  let hisCrisis: string;

  it('are_begun_from_what_the_crisis_knows_and_written_by_two', async () => {
    his = await two.open(two.brunos, phone);
    hers = await two.open(two.claires, desktop);
    await hers.goto(`${two.claires.url}/crises/new`);
    await hers.getByLabel('Name of the crisis').fill('Ransomware');
    await hers.getByText('Exercise', { exact: true }).click();
    for (const cell of ['Operational', 'Communication']) await hers.getByRole('checkbox', { name: new RegExp(`^${cell}`) }).uncheck();
    const strategic = hers.getByRole('group', { name: 'Strategic' });
    await strategic.getByLabel('People').fill('Bruno');
    await strategic.getByRole('button', { name: /Bruno Keller/ }).click();
    await hold(hers, /Open the crisis: you and 1 person/);
    await hers.getByRole('button', { name: 'Update the situation' }).click();
    await hers.getByLabel('What changes, and why').fill('Network is *cut off* from the Internet.');
    await hers.getByRole('button', { name: 'Enter', exact: true }).click();
    crisis = hers.url();
    hisCrisis = crisis.replace(two.claires.url, two.brunos.url);

    await hers.getByRole('link', { name: 'Situation reports' }).click();
    await hers.getByText('No report has been published').waitFor();
    await judge(hers, 'situation-none');
    await hers.getByRole('button', { name: 'Set the rhythm' }).click();
    await hers.getByRole('dialog').getByRole('button', { name: 'Set the rhythm' }).click();
    await hers.getByText('Next situation report due at').waitFor();
    await hers.getByRole('button', { name: 'Prepare the next report' }).click();
    await hers.getByText('Standard template: no plan is followed').waitFor();
    await judge(hers, 'situation-begin');
    await hers.getByRole('button', { name: 'Begin the report' }).click();

    // What the crisis knows stands in it, as words; what it does not know is theirs to write.
    await section(hers, 'Facts since the last report')
      .getByText(/EXERCISE · Network is \*cut off\* from the Internet\. \(Ransomware\)/)
      .waitFor();
    await section(hers, 'In brief').getByText('Severity: Severe. Status: Assessing.').waitFor();
    await section(hers, people).getByText('Nothing to report').waitFor();

    // Both write the same section: he sees hers while he writes, keeps his own, and everybody sees that it does not know hers.
    await his.goto(`${hisCrisis}/situation`);
    await section(his, people)
      .getByRole('button', { name: `Modifier : ${people}` })
      .click();
    await his.getByRole('dialog').getByLabel('Texte').fill('- Deux blessés légers');
    await section(hers, people)
      .getByRole('button', { name: `Edit: ${people}` })
      .click();
    await judge(hers, 'situation-section');
    await hers.getByRole('dialog').getByRole('button', { name: 'Decisions' }).click();
    await hers.getByRole('dialog').getByText('Nothing new to add.').waitFor();
    await hers.getByRole('dialog').getByLabel('Text', { exact: false }).last().fill('- 12 evacuated');
    await hers.getByRole('button', { name: 'Save the section' }).click();
    await his.getByText(/vient de modifier cette rubrique/).waitFor();
    await judge(his, 'situation-behind');
    await his.getByRole('button', { name: 'Enregistrer la rubrique' }).click();
    await section(hers, people).getByText('Two people wrote at the same time').waitFor();
    await judge(hers, 'situation-overlap');
    await section(hers, people)
      .getByRole('button', { name: `Take version 2 again: ${people}` })
      .click();
    await section(his, people)
      .getByRole('listitem')
      .filter({ hasText: /^12 evacuated$/ })
      .waitFor();
  });

  it('are_approved_word_by_word_by_the_other_and_published_so', async () => {
    // She submits it. While he reads, she submits another: the press that he is about to make is not for that one.
    await hers.getByRole('button', { name: 'Submit for approval' }).click();
    await hers.getByText('Another person of the crisis must now read and approve it.').waitFor();
    expect(await hers.getByRole('button', { name: /^Publish/ }).count()).toBe(0);
    await his.getByRole('button', { name: 'Lire et approuver' }).click();
    await his.getByRole('button', { name: 'J’ai tout lu : j’approuve ce texte' }).waitFor();
    await judge(his, 'situation-approve');
    await section(hers, means)
      .getByRole('button', { name: `Edit: ${means}` })
      .click();
    await hers.getByRole('dialog').getByLabel('Text', { exact: false }).last().fill('Relief at 20:00');
    await hers.getByRole('button', { name: 'Save the section' }).click();
    await hers.getByText(`Changed since: ${means}`).waitFor();
    await judge(hers, 'situation-changed');
    await hers.getByRole('button', { name: 'Submit the new text' }).click();
    await his.getByText('Un autre texte vient d’être soumis').waitFor();
    expect(await his.getByRole('button', { name: 'J’ai tout lu : j’approuve ce texte' }).count()).toBe(0);
    await his.keyboard.press('Escape');
    await his.getByRole('button', { name: 'Lire et approuver' }).click();
    await his.getByRole('dialog').getByText('Relief at 20:00').waitFor();
    await his.getByRole('button', { name: 'J’ai tout lu : j’approuve ce texte' }).click();
    await hers.getByText('Approved by Bruno Keller').waitFor();

    // What is written after the approval is not published with it.
    await section(hers, means)
      .getByRole('button', { name: `Edit: ${means}` })
      .click();
    await hers.getByRole('dialog').getByLabel('Text', { exact: false }).last().fill('Relief at 20:00\nCanteen is open');
    await hers.getByRole('button', { name: 'Save the section' }).click();
    await his.getByText(`Modifié depuis : ${means}`).waitFor();
    await judge(his, 'situation-publish');
    await hold(his, /^Publier pour 2 personnes : point n° 1$/);
    await his.getByRole('heading', { name: /^Point de situation n° 1/, level: 1 }).waitFor();
    await his.getByText(`Écrit trop tard pour ce point : ${means}`).waitFor();
    expect(await his.getByRole('main').getByText('Canteen is open').count()).toBe(0);
    await judge(his, 'situation-report-phone');
  });

  it('follow_each_other_at_a_rhythm_and_are_compared_and_printed', async () => {
    // The next one begins with what people wrote, and has the facts since.
    await hers.getByRole('link', { name: /^Situation report no\. 1/ }).waitFor();
    await hers.getByRole('button', { name: 'Prepare the next report' }).click();
    await hers.getByRole('button', { name: 'Begin the report' }).click();
    await section(hers, means).getByText('Canteen is open').waitFor();
    await section(hers, 'Facts since the last report').getByText('Nothing to report').waitFor();
    await hers.getByRole('button', { name: 'Submit for approval' }).click();
    await his.goto(`${hisCrisis}/situation`);
    await his.getByRole('button', { name: 'Lire et approuver' }).click();
    await his.getByRole('button', { name: 'J’ai tout lu : j’approuve ce texte' }).click();
    await hold(hers, /^Publish to 2 people: report no\. 2$/);
    await hers.getByRole('heading', { name: /^Situation report no\. 2/, level: 1 }).waitFor();
    await hers.locator('ins').filter({ hasText: 'Canteen is open' }).waitFor();
    await hers.locator('del').filter({ hasText: 'Network is' }).waitFor();
    await judge(hers, 'situation-report');
    await hers.emulateMedia({ media: 'print' });
    await hers.getByRole('img', { name: 'QR code of this page' }).waitFor();
    expect(await hers.locator('ins').first().isVisible()).toBe(false);
    await hers.emulateMedia({ media: 'screen' });

    // Both are in the record: in the log, in the cell's messages, and on the page of who comes midway.
    await his.goto(`${hisCrisis}/catch-up`);
    await his.getByRole('link', { name: /^Point de situation n° 2/ }).waitFor();
    await judge(his, 'situation-catch-up');
    await hers.goto(crisis);
    await hers.getByRole('link', { name: /^Situation report no\. 2/ }).waitFor();
    await hers.getByRole('link', { name: 'Log', exact: true }).click();
    await hers.getByText('EXERCICE · Point de situation n° 1 publié, approuvé par Bruno Keller.').waitFor();
    await hers.goBack();
    await hers.getByRole('link', { name: 'Open the cell Strategic' }).click();
    await hers
      .getByText(/^EXERCISE · Situation report no\. 2 ·/)
      .first()
      .waitFor();

    // Three hours later nobody has written the third.
    await hers.context().addInitScript(() => {
      const now = Date.now.bind(Date);
      Date.now = () => now() + 3 * 3_600_000;
    });
    await hers.goto(crisis);
    await hers.getByText(/^Overdue by/).waitFor();
    await judge(hers, 'situation-overdue');
    await hers.getByRole('link', { name: 'Crises' }).first().click();
    await hers.getByText('Situation report overdue').waitFor();
    await judge(hers, 'situation-card');

    // A server that hands the last publication in once more makes no third report of it, and is not believed in silence.
    await hers.goto(`${crisis}/situation`);
    await hers.getByRole('link', { name: /^Situation report no\. 2/ }).waitFor();
    two.cheat(crisis.split('/').at(-1) ?? '', (entries) => entries.push(...entries.slice(-1)));
    await hers.getByText('1 entry of this room was refused or is missing').waitFor();
    expect(await hers.getByRole('link', { name: /^Situation report no\./ }).count()).toBe(2);
  });
});
