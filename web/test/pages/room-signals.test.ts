import type { Browser } from 'playwright-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startBrowser } from './browser';
import { beginWithBruno, judge, said, TwoPeople, write } from './fixtures/two-people';

const phone = { language: 'fr', theme: 'light', width: 390 } as const;
const desktop = { language: 'en', theme: 'dark', width: 1440 } as const;

let browser: Browser;
let people: TwoPeople;

beforeAll(async () => {
  browser = await startBrowser();
});

beforeEach(async () => {
  people = await TwoPeople.start(browser);
});

afterEach(() => people.stop());

describe('what members let each other know', () => {
  it('is_who_types_and_who_has_read_until_somebody_turns_it_off', async () => {
    const his = await people.open(people.brunos, phone);
    const hers = await people.open(people.claires, desktop);
    await beginWithBruno(hers, 'Logistics');
    await write(hers, 'Water in the basement');
    await his.getByRole('link', { name: /Logistics/ }).click();
    await said(his, 'Water in the basement');
    // He has written nothing here yet: his device is known from the directory.
    await hers.getByRole('button', { name: 'Read by 1 of 1' }).click();
    await hers.getByText('Have read it: Bruno Keller.').waitFor();
    await judge(hers, 'room-read');
    const field = his.getByRole('textbox', { name: /Votre message/ });
    await field.pressSequentially('On my');
    await hers.getByText('Bruno Keller is writing…').waitFor();
    await judge(hers, 'room-typing');
    await field.fill('');
    await hers.getByText('Bruno Keller is writing…').waitFor({ state: 'detached' });
    // Whoever looks later is told as well.
    await hers.reload();
    await hers.getByRole('button', { name: 'Read by 1 of 1' }).waitFor();

    await his.getByRole('button', { name: 'Réglages' }).click();
    await his.getByRole('checkbox', { name: /Faire savoir que vous écrivez/ }).uncheck();
    await his.getByRole('checkbox', { name: /Faire savoir ce que vous avez lu/ }).uncheck();
    await judge(his, 'room-signals-fr');
    await his.keyboard.press('Escape');
    const told = (): number => people.brunos.received.filter(({ method, path }) => method !== 'GET' && /(signals|receipt)$/.test(path)).length;
    await hers.reload();
    await said(hers, 'Water in the basement');
    await hers.getByRole('button', { name: /Read by/ }).waitFor({ state: 'detached' });
    const before = told();
    await write(his, 'On my way');
    await said(hers, 'On my way');
    await write(hers, 'Thank you');
    await said(his, 'Thank you');
    expect(told()).toBe(before);
    await his.reload();
    await said(his, 'Thank you');
    await his.getByRole('button', { name: 'Réglages' }).click();
    await expect.poll(() => his.getByRole('checkbox', { name: /Faire savoir que vous écrivez/ }).isChecked()).toBe(false);
    expect(told()).toBe(before);
  });
});
