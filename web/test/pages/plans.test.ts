import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startBrowser } from './browser';
import { bruno, judge, TwoPeople } from './fixtures/two-people';
import type { ScriptedAnswer } from './scripted-server';

const phone = { language: 'fr', theme: 'light', width: 390 } as const;
const desktop = { language: 'en', theme: 'light', width: 1440 } as const;

let browser: Browser;
let two: TwoPeople;

beforeAll(async () => {
  browser = await startBrowser();
});

afterAll(() => browser.close());

beforeEach(async () => {
  two = await TwoPeople.start(browser);
  two.claires.on('GET /api/v1/functions', {
    items: [
      {
        id: 'f1',
        name: 'Crisis director',
        nameFr: 'Directeur de crise',
        nameEn: 'Crisis director',
        description: null,
        source: 'manual',
        people: 2,
        holders: [{ id: bruno, name: 'Bruno Keller', rank: 0, active: true }],
        deputies: [{ id: 'f0000000-0000-7000-8000-000000000001', name: 'Agnès Lefèvre', rank: 1, active: true }],
      },
    ],
    next: null,
  });
});

afterEach(() => two.stop());

/** As somebody would on a keyboard: pressing for a second is not asked of who uses a switch. */
async function hold(page: Page, name: RegExp): Promise<void> {
  const button = page.getByRole('button', { name });
  await button.dispatchEvent('click', { detail: 0 });
  await page.getByText(/^(Do you confirm\?|Confirmez-vous\s\?)$/).waitFor();
  await page.getByRole('button', { name }).click();
}

async function beginLibrary(page: Page): Promise<void> {
  await page.goto(`${two.claires.url}/plans`);
  await page.getByText('No library of plans').waitFor();
  await page.getByRole('button', { name: 'Begin a library' }).click();
  await page.getByRole('button', { name: 'Begin the library' }).click();
  await page.getByRole('link', { name: /Ransomware: isolate/ }).waitFor();
}

describe('plans and action cards', () => {
  it('are_begun_from_a_starter_set_read_by_who_has_a_part_in_them_and_kept_without_a_server', { timeout: 240_000 }, async () => {
    const his = await two.open(two.brunos, phone);
    const hers = await two.open(two.claires, desktop);
    await hers.goto(`${two.claires.url}/plans`);
    await hers.getByText('No library of plans').waitFor();
    await judge(hers, 'plans-none');
    await beginLibrary(hers);
    // Who holds a function of the plans is offered by name, and who has no device is named.
    await hers.getByText(/people have a part in these plans/).waitFor();
    await hers.getByText(/No device ready for encryption yet.*Agnès Lefèvre/).waitFor();
    await judge(hers, 'plans-list');
    await hers.getByRole('button', { name: 'Add this person' }).click();
    await hers.getByText('Read by 2 people').waitFor();

    await his.goto(`${two.brunos.url}/plans`);
    await his.getByRole('link', { name: /^Ransomware: isolate/ }).click();
    await his.getByRole('heading', { name: 'Ransomware: isolate without destroying', level: 1 }).waitFor();
    expect(await his.getByRole('link', { name: 'Modifier' }).count()).toBe(0);
    await judge(his, 'plans-card-phone');
    // The server is gone: what was read is still there after a reload.
    two.brunos.guard = ({ path }): ScriptedAnswer | undefined =>
      path.includes('/rooms') ? { status: 503, body: { code: 'unavailable', title: 'Unavailable', status: 503 } } : undefined;
    await his.reload();
    await his.getByText('Do not pay, do not answer the attacker', { exact: false }).waitFor();
  });

  it('have_versions_whose_differences_are_shown_and_are_printed_with_their_code', { timeout: 240_000 }, async () => {
    const hers = await two.open(two.claires, desktop);
    await beginLibrary(hers);
    await hers.getByRole('link', { name: /^Ransomware: isolate/ }).click();
    await hers.getByRole('link', { name: 'Edit' }).click();
    await hers.getByLabel('Text').fill('# Now\n- [ ] Unplug **{{machine}}**\n<img src=x onerror=alert(1)>\n> Do not reboot');
    await hers.getByRole('region', { name: 'Preview' }).getByText('<img src=x onerror=alert(1)>').waitFor();
    await hers.getByLabel('Valid until').fill('2020-01-01');
    await hers.getByLabel(/^What changes, and why/).fill('Shorter');
    await judge(hers, 'plans-editor');
    await hers.getByRole('button', { name: 'Keep this version' }).click();
    await hers.getByText('Expired on 1 January 2020').first().waitFor();
    await hers.getByText('To fill in', { exact: true }).first().click();
    await hers.getByLabel('machine').fill('the switch in B2');
    await hers.getByText('Unplug the switch in B2').waitFor();
    await judge(hers, 'plans-card-expired');
    await hers.emulateMedia({ media: 'print' });
    await hers.getByRole('img', { name: 'QR code of this page' }).waitFor();
    const pdf = await hers.pdf({ format: 'A4' });
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    await hers.emulateMedia({ media: 'screen' });
    expect(await hers.getByRole('img', { name: 'QR code of this page' }).isVisible()).toBe(false);

    await hers.getByRole('link', { name: '2 versions' }).click();
    await hers.getByText('Shorter').waitFor();
    await hers.locator('ins', { hasText: 'Do not reboot' }).waitFor();
    await hers.locator('del', { hasText: 'Isolate backups' }).waitFor();
    await judge(hers, 'plans-versions');
    await hers.getByRole('button', { name: 'Take version 1 again' }).click();
    await hers.getByRole('link', { name: '3 versions' }).waitFor();
    await hers.getByText('Isolate backups', { exact: false }).waitFor();
  });

  it('open_a_crisis_with_cells_people_tasks_and_cards_whose_lines_become_tasks', { timeout: 240_000 }, async () => {
    await two.open(two.brunos, phone);
    const hers = await two.open(two.claires, desktop);
    await beginLibrary(hers);
    await hers.getByRole('link', { name: 'Ransomware Version 1', exact: false }).first().click();
    await hers.getByText('Nobody named').first().waitFor();
    await judge(hers, 'plans-plan');
    await hers.getByRole('link', { name: 'Open a crisis with this plan' }).click();
    await hers.getByText('2 functions of the plan have nobody').first().waitFor();
    expect(await hers.getByLabel('Name of the crisis').inputValue()).toBe('Ransomware');
    await hers.getByText('Exercise', { exact: true }).click();
    // What is optional is folded away: the cells come first.
    await hers.getByText('To fill in', { exact: true }).click();
    await hers.getByLabel(/^crisis room/).fill('Room 12');
    await judge(hers, 'plans-crisis-new');
    await hold(hers, /Open the crisis: you and 1 person/);
    await hers.getByRole('heading', { name: 'Ransomware', level: 1 }).waitFor({ timeout: 60_000 });
    expect(two.rooms.rooms.rooms.size).toBe(6);
    await hers.getByText('Plan followed').waitFor();
    await judge(hers, 'plans-crisis-opened');
    await hers.getByRole('link', { name: /^Crisis director: the first hour/ }).click();
    await hers.getByText('Gather the cells in Room 12', { exact: false }).waitFor();
    // A card of an exercise is taken for nothing else.
    await hers.waitForFunction(() => document.documentElement.dataset['mode'] === 'exercise');
    await hers.getByRole('button', { name: /^Make it a task: Gather the cells/ }).click();
    // Another of its lines is a first task of the plan already, and is shown as that.
    await hers.getByText('Task no. 3', { exact: true }).waitFor();
    await hers.getByText('Task no. 7', { exact: true }).waitFor();
    await hers.getByRole('button', { name: 'The whole card as one task' }).click();
    await hers.getByRole('button', { name: 'The card is a task' }).waitFor();
    await judge(hers, 'plans-card-in-crisis');
    await hers.getByRole('link', { name: 'The crisis' }).click();
    await hers.getByRole('link', { name: 'Tasks of the cell Technical cell' }).click();
    await hers.getByText('Isolate the network without switching machines off').first().waitFor();
  });

  it('give_the_situation_reports_of_a_crisis_that_was_opened_from_them_their_own_template', { timeout: 240_000 }, async () => {
    await two.open(two.brunos, phone);
    const hers = await two.open(two.claires, desktop);
    await beginLibrary(hers);
    await hers.getByRole('link', { name: 'Ransomware Version 1', exact: false }).first().click();
    await hers.getByRole('link', { name: 'Edit', exact: true }).click();
    const template = '# Report\n## What burns\n{{facts}}\n## Who holds {{crisis room}}\n{{severity}}\n## Fuel left in the tanks\n';
    await hers.getByLabel('Situation report template').fill(template);
    await hers.getByLabel(/^What changes, and why/).fill('Our own report');
    await hers.getByRole('button', { name: 'Keep this version' }).click();
    await hers.getByRole('link', { name: 'Open a crisis with this plan' }).click();
    await hers.getByText('Exercise', { exact: true }).click();
    await hers.getByText('To fill in', { exact: true }).click();
    await hers.getByLabel(/^crisis room/).fill('Room 12');
    await hold(hers, /Open the crisis: you and 1 person/);
    await hers.getByRole('heading', { name: 'Ransomware', level: 1 }).waitFor({ timeout: 60_000 });
    await hers.getByRole('link', { name: 'Situation reports' }).click();
    await hers.getByRole('button', { name: 'Prepare the next report' }).click();
    await hers.getByText('Template of the plan “Ransomware”').waitFor();
    await hers.getByRole('button', { name: 'Begin the report' }).click();
    await hers
      .getByRole('region', { name: 'What burns' })
      .getByText(/Crisis opened: Ransomware/)
      .waitFor();
    await hers
      .getByRole('region', { name: 'Who holds Room 12' })
      .getByText(/^Severe$|^Extreme$|^Advisory$|^Information$/)
      .waitFor();
    // Its sections and no others.
    expect(await hers.getByRole('region', { name: 'Report no. 1 in preparation' }).getByRole('heading', { level: 3 }).allTextContents()).toEqual([
      'What burns',
      'Who holds Room 12',
      'Fuel left in the tanks',
    ]);
    await judge(hers, 'plans-situation');
  });
});
