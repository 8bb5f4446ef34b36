import type { Browser, Page } from 'playwright-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startBrowser } from './browser';
import { fire } from './fixtures/alerts';
import { fireBoard } from './fixtures/board';
import { judge, TwoPeople } from './fixtures/two-people';

const phone = { language: 'fr', theme: 'light', width: 390 } as const;
const desktop = { language: 'en', theme: 'light', width: 1440 } as const;

let browser: Browser;
let two: TwoPeople;

beforeAll(async () => {
  browser = await startBrowser();
});

beforeEach(async () => {
  two = await TwoPeople.start(browser);
});

afterEach(() => two.stop());

describe('a library of plans', () => {
  it('begun_in_french_has_its_plans_and_cards_in_french_and_nothing_else', { timeout: 180_000 }, async () => {
    const hers = await two.open(two.claires, phone);
    await hers.goto(`${two.claires.url}/plans`);
    await hers.getByRole('button', { name: 'Commencer une bibliothèque' }).click();
    expect(await hers.getByRole('checkbox', { name: 'En français' }).isChecked()).toBe(true);
    expect(await hers.getByRole('checkbox', { name: 'En anglais' }).isChecked()).toBe(false);
    await judge(hers, 'plans-begin-fr');
    await hers.getByRole('button', { name: 'Commencer la bibliothèque' }).click();
    for (const title of [
      /^Directeur de crise.: la première heure/,
      /^Rançongiciel.: isoler sans détruire/,
      /^Réseau et téléphone coupés.: travailler sans/,
      /^Perte d’un bâtiment.: évacuer, compter, reloger/,
      /^Communication.: le premier message/,
      /^Déni de service \(DDoS\)/,
      /^Défaillance d’un fournisseur/,
    ])
      await hers.getByRole('link', { name: title }).waitFor();
    expect(await hers.locator('main .panel a').count()).toBe(14);
    expect(await hers.getByRole('link', { name: /Ransomware|Data leak|Supplier/ }).count()).toBe(0);
    await judge(hers, 'plans-list-fr');
    await hers.getByRole('link', { name: /^Rançongiciel.: isoler/ }).click();
    await hers.getByRole('heading', { name: /^Rançongiciel.: isoler sans détruire$/, level: 1 }).waitFor();
    await judge(hers, 'plans-card-fr');
  });

  it('of_two_who_write_one_card_at_once_keeps_both_says_so_and_is_put_right_by_hand', { timeout: 180_000 }, async () => {
    const his = await two.open(two.brunos, phone);
    const hers = await two.open(two.claires, desktop);
    await hers.goto(`${two.claires.url}/plans`);
    await hers.getByRole('button', { name: 'Begin a library' }).click();
    await hers.getByLabel('People').fill('Bruno');
    await hers.getByRole('button', { name: /Bruno Keller/ }).click();
    await hers.getByRole('button', { name: 'Begin the library' }).click();
    await hers.getByRole('link', { name: /^Ransomware: isolate/ }).waitFor();
    const [library = ''] = two.rooms.rooms.rooms.keys();
    await hers.goto(`${two.claires.url}/rooms/${library}`);
    await hers.getByRole('button', { name: '2 members' }).click();
    await hers.getByRole('button', { name: 'Make Bruno Keller administrator' }).click();
    await hers.getByRole('button', { name: 'Make Bruno Keller an ordinary member' }).waitFor();

    const edit = async (page: Page, url: string, name: string): Promise<void> => {
      await page.goto(`${url}/plans`);
      await page.getByRole('link', { name: /^Ransomware: isolate/ }).click();
      await page.getByRole('link', { name }).click();
    };
    await edit(hers, two.claires.url, 'Edit');
    await edit(his, two.brunos.url, 'Modifier');
    await hers.getByLabel('Text').fill('Unplug the network cable');
    await his.getByLabel('Texte').fill('Débrancher le câble réseau');
    await hers.getByRole('button', { name: 'Keep this version' }).click();
    // He is told while he writes, and keeps what he wrote.
    await his.getByText('Une autre version vient d’être enregistrée').waitFor();
    expect(await his.getByLabel('Texte').inputValue()).toBe('Débrancher le câble réseau');
    await judge(his, 'plans-behind');
    await his.getByRole('button', { name: 'Enregistrer une version' }).click();
    await his.getByText('Deux versions écrites en même temps').first().waitFor();
    await hers.getByText('Two versions written at the same time').first().waitFor();
    await hers.getByText('Bruno Keller did not have the version before this one', { exact: false }).waitFor();
    await judge(hers, 'plans-overlap');
    // Hers is one press away, and what stands then overlaps with nothing.
    await hers.getByRole('link', { name: '3 versions' }).click();
    await hers.locator('del', { hasText: 'Unplug the network cable' }).waitFor();
    await hers.getByRole('button', { name: 'Take version 2 again' }).click();
    await hers.getByRole('link', { name: '4 versions' }).waitFor();
    await his.getByText('Unplug the network cable').waitFor();
    await his.getByText('Deux versions écrites en même temps').waitFor({ state: 'detached' });
    expect(await hers.getByText('Two versions written at the same time').count()).toBe(0);
  });
});

describe('a crisis that is opened from an alert', () => {
  it('begins_with_what_the_alert_says_and_is_shown_to_whoever_would_open_a_second', { timeout: 180_000 }, async () => {
    const drill = { ...fireBoard, alert: { ...fireBoard.alert, mode: 'exercise' as const } };
    two.claires.on('GET /api/v1/alerts/*/board', drill);
    const hers = await two.open(two.claires, desktop);
    await hers.goto(`${two.claires.url}/alerts/${fire.id}`);
    await hers.getByRole('link', { name: 'Open a crisis' }).click();
    const name = hers.getByLabel('Name of the crisis');
    await expect.poll(() => name.inputValue()).toBe('Fire in building C: leave now');
    expect(await hers.getByRole('radio', { name: 'Exercise' }).isChecked()).toBe(true);
    expect(
      await hers
        .getByRole('radio', { name: 'Extreme' })
        .or(hers.getByRole('option', { name: 'Extreme', selected: true }))
        .count(),
    ).toBeGreaterThan(0);
    await judge(hers, 'crisis-from-alert');
    for (const cell of ['Operational', 'Communication']) await hers.getByRole('checkbox', { name: new RegExp(`^${cell}`) }).uncheck();
    const open = hers.getByRole('button', { name: /Open the crisis: you alone/ });
    await open.dispatchEvent('click', { detail: 0 });
    await hers.getByText('Do you confirm?').waitFor();
    await open.click();
    await hers.getByRole('heading', { name: 'Fire in building C: leave now', level: 1 }).waitFor();
    await hers.waitForFunction(() => document.documentElement.dataset['mode'] === 'exercise');
    // Whoever comes to the same alert later is led to it.
    await hers.goto(`${two.claires.url}/crises/new?alert=${fire.id}`);
    await hers.getByRole('link', { name: 'See the crisis' }).waitFor();
    await judge(hers, 'crisis-from-alert-again');
  });
});
