import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startBrowser } from './browser';
import { beginWithBruno, judge, TwoPeople } from './fixtures/two-people';

let browser: Browser;
let people: TwoPeople;
let page: string;

beforeAll(async () => {
  browser = await startBrowser();
  page = await readFile(resolve(import.meta.dirname, '../../dist/index.html'), 'utf8');
});

beforeEach(async () => {
  people = await TwoPeople.start(browser);
});

afterEach(() => people.stop());

function bar(of: Page): ReturnType<Page['locator']> {
  return of.getByText(/^(A new version of Tocsin is here|Une nouvelle version de Tocsin est là)$/);
}

describe('a newer client', () => {
  it('on_the_server_is_said_when_the_line_comes_back_and_a_reload_keeps_what_was_begun', async () => {
    await people.open(people.brunos, { language: 'fr', theme: 'dark', width: 390 });
    const hers = await people.open(people.claires, { language: 'en', theme: 'light', width: 390 });
    await beginWithBruno(hers, 'Logistics');
    await hers.getByRole('textbox', { name: /Your message/ }).fill('Half a sentence');
    // A line that breaks says nothing of versions.
    const asked = hers.waitForResponse((response) => response.url().endsWith('/index.html'));
    people.claires.hub.breakLines();
    await asked;
    expect(await bar(hers).count()).toBe(0);

    // The server was replaced meanwhile.
    people.claires.serves('/index.html', page.replace(/src="\/assets\/index-[^"]+"/, 'src="/assets/index-newer.js"'));
    people.claires.hub.breakLines();
    await bar(hers).waitFor();
    expect(await hers.getByRole('textbox', { name: /Your message/ }).inputValue()).toBe('Half a sentence');
    await judge(hers, 'newer-client');
    people.cheat([...people.rooms.rooms.rooms.keys()][0] ?? '', (entries) => entries.push(Uint8Array.from(entries.at(-1) ?? [])));
    await hers.getByText(/repeated\) This page is older than the server/).waitFor();

    people.claires.serves('/index.html', page);
    // Asked for before the press: the page may be there again before the press is answered.
    await Promise.all([hers.waitForEvent('load'), hers.getByRole('button', { name: 'Reload' }).click()]);
    await hers.getByRole('heading', { name: 'Logistics' }).waitFor();
    await expect.poll(() => hers.getByRole('textbox', { name: /Your message/ }).inputValue()).toBe('Half a sentence');
    expect(await bar(hers).count()).toBe(0);
  });

  it('is_said_in_french_in_the_dark', async () => {
    const his = await people.open(people.brunos, { language: 'fr', theme: 'dark', width: 390 });
    people.brunos.serves('/index.html', page.replace(/src="\/assets\/index-[^"]+"/, 'src="/assets/index-newer.js"'));
    people.brunos.hub.breakLines();
    await bar(his).waitFor();
    await judge(his, 'newer-client-fr');
  });
});
