import type { Browser } from 'playwright-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parseEntry } from '../../src/e2ee/rooms/entry';
import { startBrowser } from './browser';
import { judge, said, TwoPeople, write } from './fixtures/two-people';

let browser: Browser;
let people: TwoPeople;

beforeAll(async () => {
  browser = await startBrowser();
});

beforeEach(async () => {
  people = await TwoPeople.start(browser);
});

afterEach(() => people.stop());

describe('keys of a room that were lost with the browser that began them', () => {
  it.each([{ language: 'fr' }, { language: 'en' }] as const)('are_begun_anew_by_who_administers_it_in_$language', async ({ language }) => {
    const say = (french: string, english: string): string => (language === 'fr' ? french : english);
    const his = await people.open(people.brunos, { language, theme: 'light', width: 390 });
    const hers = await people.open(people.claires, { language: 'en', theme: 'light', width: 1440 });
    // The entry that has the keys never leaves her browser.
    people.claires.guard = ({ method, path, body }) => {
      if (method !== 'POST' || !path.endsWith('/entries')) return undefined;
      const entry = parseEntry(new Uint8Array(Buffer.from((body as { readonly entry: string }).entry, 'base64')));
      return entry.ok && entry.value.header.class !== 'membership'
        ? { status: 503, body: { code: 'unavailable', title: 'Down.', status: 503 } }
        : undefined;
    };
    await hers.getByRole('button', { name: 'New room' }).click();
    await hers.getByRole('radio', { name: /crisis cell/i }).check();
    await hers.getByLabel('Name of the room').fill('Cell');
    await hers.getByLabel('People').fill('Bruno');
    await hers.getByRole('button', { name: /^Bruno Keller/ }).click();
    await hers.getByRole('button', { name: 'Begin the room' }).click();
    await expect.poll(() => people.rooms.rooms.rooms.size).toBe(1);
    await hers.close();

    await his.getByRole('link', { name: say('Salon sans nom', 'Room without a name') }).click();
    await his.getByText(say('La clé de ce salon n’est pas encore arrivée', 'The key of this room has not reached this device yet')).waitFor();
    await write(his, say('Qui m’entend ?', 'Who can hear me?'));
    await his.getByText(say('En attente d’envoi', 'Waiting to be sent')).waitFor();
    await judge(his, `room-keyless-${language}`);
    await his.getByRole('button', { name: say('Commencer de nouvelles clés', 'Begin new keys') }).click();
    await said(his, say('Qui m’entend \\?', 'Who can hear me\\?'));
    expect(await his.getByText(say('La clé de ce salon n’est pas encore', 'The key of this room has not')).count()).toBe(0);
  });
});
