import type { Browser } from 'playwright-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
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

describe('threads and history', () => {
  it('answers_are_read_and_written_by_themselves_and_in_the_room', async () => {
    const his = await people.open(people.brunos, phone);
    const hers = await people.open(people.claires, desktop);
    await beginWithBruno(hers, 'Logistics');
    await write(hers, 'Who opens the gate');
    await write(hers, 'Water in the basement');
    await his.getByRole('link', { name: /Logistics/ }).click();
    await said(his, 'Water in the basement');
    await his.getByRole('button', { name: /^Actions sur.*gate/ }).click();
    await his.getByRole('button', { name: 'Répondre' }).click();
    await write(his, 'I do');
    await hers.getByRole('link', { name: /1 reply.*Bruno Keller/ }).click();
    await hers.getByRole('heading', { name: 'Thread of 1 reply' }).waitFor();
    expect(await hers.locator('article p.text').allInnerTexts()).toEqual(['Who opens the gate', 'I do']);
    await write(hers, 'Thank you');
    await said(hers, 'Thank you');
    await hers.getByRole('heading', { name: 'Thread of 2 replies' }).waitFor();
    await judge(hers, 'room-thread');
    await his.getByRole('link', { name: /2 réponses/ }).click();
    await his.getByRole('heading', { name: 'Fil de 2 réponses' }).waitFor();
    await judge(his, 'room-thread-fr');
    await his.reload();
    await his.getByRole('heading', { name: 'Fil de 2 réponses' }).waitFor();
    await his.getByRole('link', { name: 'Tout le salon' }).click();
    await said(his, 'Water in the basement');
    await judge(his, 'room-threads-fr');
  });

  it('who_is_added_to_a_room_without_history_reads_from_then_on', async () => {
    const his = await people.open(people.brunos, phone);
    const hers = await people.open(people.claires, desktop);
    await hers.getByRole('button', { name: 'New room' }).click();
    await hers.getByLabel('Name of the room').fill('Logistics');
    await hers.getByRole('radio', { name: /What is said once they are here/ }).check();
    await judge(hers, 'room-new-history');
    await hers.getByRole('button', { name: 'Begin the room' }).click();
    await hers.getByRole('heading', { name: 'Logistics' }).waitFor();
    await write(hers, 'Before you came');
    await said(hers, 'Before you came');
    await hers.getByRole('button', { name: '1 member' }).click();
    await hers.getByText('Whoever is added reads this room from then on').waitFor();
    await hers.getByLabel('People').fill('Bruno');
    await hers
      .getByRole('dialog')
      .getByRole('button', { name: /Bruno Keller/ })
      .click();
    await hers.getByRole('button', { name: 'Add to the room' }).click();
    await his.getByRole('link', { name: /Logistics/ }).click();
    await his.getByText('Ce qui s’est dit avant votre arrivée n’est pas lisible').waitFor();
    await hers.getByRole('button', { name: 'Close' }).click();
    await write(hers, 'Now you are here');
    await said(his, 'Now you are here');
    expect(await his.getByText('Before you came').count()).toBe(0);
    await judge(his, 'room-without-history-fr');
  });
});
