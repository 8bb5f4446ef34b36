import { readFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startBrowser } from './browser';
import { ScriptedGuests } from './fixtures/room-guests';
import { beginWithBruno, judge, said, TwoPeople, write } from './fixtures/two-people';
import { ScriptedServer } from './scripted-server';

const phone = { language: 'fr', theme: 'dark', width: 390 } as const;
const desktop = { language: 'en', theme: 'light', width: 1440 } as const;

let browser: Browser;
let people: TwoPeople;
let guests: ScriptedGuests;
const visited: ScriptedServer[] = [];

beforeAll(async () => {
  browser = await startBrowser();
});

beforeEach(async () => {
  people = await TwoPeople.start(browser);
  guests = new ScriptedGuests(people.rooms);
  for (const server of [people.claires, people.brunos]) guests.scriptMember(server);
});

afterEach(async () => {
  await people.stop();
  for (const server of visited.splice(0)) await server.stop();
});

/** Somebody from outside follows a link, in a browser of their own. */
async function follow(link: string, look: typeof phone | typeof desktop): Promise<Page> {
  const server = await ScriptedServer.start();
  visited.push(server);
  guests.scriptGuest(server);
  return people.visit(`${server.url}/guest${new URL(link).hash}`, look);
}

async function ask(page: Page, name: string): Promise<string> {
  await page.getByRole('textbox', { name: /Your name|Votre nom/ }).fill(name);
  await page.getByRole('button', { name: /Ask to come in|Demander à entrer/ }).click();
  await page.getByText(/Somebody in the room decides|Une personne du salon décide/).waitFor();
  return (await page.locator('.code strong').innerText()).trim();
}

function give(page: Page, name: string, content: string): Promise<void> {
  return page.locator('input[type=file]').setInputFiles([{ name, mimeType: 'application/pdf', buffer: Buffer.from(content) }]);
}

async function taken(page: Page, name: RegExp): Promise<string> {
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name }).click()]);
  return readFile(await download.path(), 'utf8');
}

describe('guests of a room', () => {
  it('are_let_in_by_a_link_and_a_code_read_and_write_and_are_out_when_they_are_removed_or_leave', async () => {
    // Whoever has never opened Tocsin has no identity to add.
    await people.open(people.brunos, phone);
    const hers = await people.open(people.claires, desktop);
    await beginWithBruno(hers, 'Cold rooms');
    await write(hers, 'Before anybody came');
    await said(hers, 'Before anybody came');
    await hers.getByRole('button', { name: '2 members' }).click();
    await hers.getByLabel('For', { exact: true }).selectOption('5');
    await hers.getByRole('button', { name: 'Make a link' }).click();
    const link = await hers.getByRole('textbox', { name: 'Link to hand over' }).inputValue();
    await hers.getByText(/For 5\smore people/).waitFor();
    await judge(hers, 'guest-links');
    await hers.keyboard.press('Escape');

    const inès = await follow(link, phone);
    await inès.getByRole('heading', { name: 'Vous êtes invité dans un salon' }).waitFor();
    await judge(inès, 'guest-asks-fr');
    const code = await ask(inès, 'Inès Garnier');
    await judge(inès, 'guest-waits-fr');
    await hers.getByText('Inès Garnier asks to come in as a guest').waitFor();
    expect((await hers.locator('.code strong').innerText()).trim()).toBe(code);
    await judge(hers, 'guest-is-asked-for');
    await hers.getByRole('button', { name: 'Let Inès Garnier in' }).click();

    // From here on, and nothing of before.
    await inès.getByRole('heading', { name: 'Cold rooms' }).waitFor();
    await hers.getByText('Let in by you as a guest: Inès Garnier (guest).').waitFor();
    await write(hers, 'Welcome');
    await said(inès, 'Welcome');
    await write(inès, 'Bonjour');
    await said(hers, 'Bonjour');
    expect(await inès.getByText('Before anybody came').count()).toBe(0);
    await hers.locator('article', { hasText: 'Bonjour' }).getByText('Inès Garnier (guest)').waitFor();
    await hers.getByText('Also read by: Inès Garnier (guest)').waitFor();
    await judge(hers, 'guest-in-the-room');
    await judge(inès, 'guest-room-fr');

    // Files go both ways.
    await give(inès, 'certificat.pdf', 'of the supplier');
    expect(await taken(hers, /^Download certificat\.pdf/)).toBe('of the supplier');
    await give(hers, 'plan.pdf', 'of the hospital');
    expect(await taken(inès, /^Télécharger plan\.pdf/)).toBe('of the hospital');

    // Opened again it is the same guest, with what was read.
    await inès.reload();
    await said(inès, 'Welcome');

    await hers.getByRole('button', { name: '3 members' }).click();
    await hers.getByRole('button', { name: 'Remove Inès Garnier (guest)' }).click();
    await hers.getByText('the guest’s access ends at once').waitFor();
    await judge(hers, 'guest-removal');
    await hers.getByRole('button', { name: 'Remove', exact: true }).click();
    await inès.getByText('Votre accès a pris fin').waitFor();
    await judge(inès, 'guest-ended-fr');
    await inès.getByRole('button', { name: 'L’effacer ici' }).click();
    await inès.getByText('Il ne reste rien du salon ici').waitFor();
    await hers.keyboard.press('Escape');

    // Refused, somebody may ask again; let in, they may leave, and nothing stays.
    const paul = await follow(link, desktop);
    await ask(paul, 'Paul Morel');
    await hers.getByText('Paul Morel asks to come in as a guest').waitFor();
    await hers.getByRole('button', { name: 'Refuse' }).click();
    await paul.getByText('You were not let in').waitFor();
    await paul.getByRole('button', { name: 'Ask again' }).click();
    await ask(paul, 'Paul Morel');
    await hers.getByRole('button', { name: 'Let Paul Morel in' }).click();
    await paul.getByRole('heading', { name: 'Cold rooms' }).waitFor();
    await judge(paul, 'guest-room-empty');
    await paul.getByRole('button', { name: 'Leave', exact: true }).click();
    await paul.getByText('You cannot come back by this link').waitFor();
    await judge(paul, 'guest-leaves');
    await paul.getByRole('button', { name: 'Leave and erase' }).click();
    await paul.getByText('Nothing of the room is left here').waitFor();
    await hers.getByText('Left: Paul Morel (guest). New keys begin.').waitFor();

    const late = await follow(`${link.slice(0, -1)}`, desktop);
    await late.getByText('This link is not valid any more').waitFor();
  });
});
