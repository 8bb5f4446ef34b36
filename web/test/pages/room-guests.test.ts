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
    expect(link).toMatch(`${people.claires.url}/guest#`);
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

  it('whose_time_is_over_are_shown_so_where_members_are_and_beside_what_they_wrote', async () => {
    const bruno = await people.open(people.brunos, phone);
    const hers = await people.open(people.claires, desktop);
    await beginWithBruno(hers, 'Cold rooms');
    // Inside, Claire reaches the server by another name than the one that somebody outside finds.
    guests.page = 'https://crisis.val-clair.example/guest';
    await hers.getByRole('button', { name: '2 members' }).click();
    await hers.getByLabel('For', { exact: true }).selectOption('5');
    await hers.getByRole('button', { name: 'Make a link' }).click();
    const link = await hers.getByRole('textbox', { name: 'Link to hand over' }).inputValue();
    expect(link).toMatch(/^https:\/\/crisis\.val-clair\.example\/guest#[\w-]{66}$/);
    await hers.keyboard.press('Escape');
    const inès = await follow(link, phone);
    await ask(inès, 'Inès Garnier');
    await hers.getByRole('button', { name: 'Let Inès Garnier in' }).click();
    await inès.getByRole('heading', { name: 'Cold rooms' }).waitFor();
    await write(inès, 'Bonjour');
    await said(hers, 'Bonjour');
    await hers.getByRole('button', { name: '3 members' }).waitFor();
    expect(await hers.getByText('no longer here').count()).toBe(0);

    // Members tell each other what they have read. The guest tells nobody, is not waited for, and is shown nothing of it.
    await bruno.getByRole('link', { name: /Cold rooms/ }).click();
    await said(bruno, 'Bonjour');
    await write(hers, 'Who is there');
    await said(inès, 'Who is there');
    await hers.getByRole('button', { name: 'Read by 1 of 1' }).click();
    await hers.getByText('Have read it: Bruno Keller.').waitFor();
    expect(await hers.getByText(/Not yet, or do not tell/).count()).toBe(0);
    await inès.getByRole('textbox', { name: /Votre message/ }).fill('Moi');
    expect(await inès.getByText(/Lu par|écrit…/).count()).toBe(0);
    expect(await hers.getByText(/is writing|are writing/).count()).toBe(0);

    // The server takes what is written next after the link's time.
    people.rooms.rooms.now = Date.now() + 48 * 3_600_000;
    await write(hers, 'Only among us');
    await said(hers, 'Only among us');
    await hers.getByRole('button', { name: '2 members' }).waitFor();
    await hers.locator('article', { hasText: 'Bonjour' }).getByText('no longer here').waitFor();
    expect(await hers.getByText(/Also read by/).count()).toBe(0);
    await inès.getByText('Votre accès a pris fin').first().waitFor();
    expect(await inès.getByText('Only among us').count()).toBe(0);
    await judge(hers, 'guest-former-author');
    await hers.getByRole('button', { name: '2 members' }).click();
    await hers.getByRole('heading', { name: 'Guests who are no longer here' }).waitFor();
    await hers.getByText(/Time was up/).waitFor();
    await judge(hers, 'guest-former');

    // Bruno, who looks only now, sees the same.
    const his = await people.comesBack(bruno, people.brunos);
    await his.getByRole('link', { name: /Cold rooms/ }).click();
    await his.locator('article', { hasText: 'Bonjour' }).getByText('n’est plus là').waitFor();
    await his.getByRole('button', { name: '2 membres' }).click();
    await his.getByText(/Accès arrivé à son terme/).waitFor();
    expect(await his.getByRole('button', { name: /Retirer Inès/ }).count()).toBe(0);
    await judge(his, 'guest-former-fr');

    await hers.getByRole('button', { name: 'Remove Inès Garnier (guest)' }).click();
    await hers.getByRole('button', { name: 'Remove', exact: true }).click();
    await hers
      .locator('li', { hasText: 'Inès Garnier (guest)' })
      .getByText(/^Removed/)
      .waitFor();
    expect(await hers.getByRole('button', { name: 'Remove Inès Garnier (guest)' }).count()).toBe(0);
  });
});
