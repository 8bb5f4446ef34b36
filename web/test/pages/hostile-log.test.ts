import type { Browser, Page } from 'playwright-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Bytes } from '../../src/e2ee/bytes';
import { parseEntry, signEntry } from '../../src/e2ee/rooms/entry';
import { generateSigningKey, signerOf } from '../../src/e2ee/signature';
import { startBrowser } from './browser';
import { beginWithBruno, judge, TwoPeople } from './fixtures/two-people';

const phone = { language: 'fr', theme: 'light', width: 390 } as const;
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

/** Claire, who reads English, has begun a crisis cell with Bruno, who reads French and looks away. */
async function cell(): Promise<{ hers: Page; his: Page; room: string }> {
  const his = await people.open(people.brunos, phone);
  const hers = await people.open(people.claires, desktop);
  await beginWithBruno(hers, 'Cell', () => hers.getByRole('radio', { name: /crisis cell/i }).check());
  const [room = ''] = people.rooms.rooms.rooms.keys();
  await his.close();
  return { hers, his, room };
}

/** Bruno comes back, and opens a part of the cell: the log, or the tasks. */
async function comesBackTo(his: Page, part: 'Main courante' | RegExp): Promise<Page> {
  const page = await people.comesBack(his, people.brunos);
  await page.getByRole('link', { name: /^Cell/ }).click();
  await page.getByRole('link', { name: part }).click();
  return page;
}

async function openLog(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Log' }).click();
  await page.getByText('The log is empty').waitFor();
}

/** Returns once the server has it: until then it stands apart, as being sent. */
async function enter(page: Page, text: string, kind: 'Fact' | 'Decision' = 'Fact'): Promise<void> {
  await page.getByRole('button', { name: 'Enter a line' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText(kind, { exact: true }).click();
  await dialog.getByLabel('What to remember').fill(text);
  await dialog.getByRole('button', { name: 'Enter', exact: true }).click();
  await line(page, text).waitFor();
}

async function correct(page: Page, text: string, by: string): Promise<void> {
  await line(page, text)
    .getByRole('button', { name: /^Correct line/ })
    .click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('What to remember').fill(by);
  await dialog.getByLabel('Why this correction').fill('Counted again');
  await dialog.getByRole('button', { name: 'Correct', exact: true }).click();
  await line(page, by).waitFor();
}

function line(page: Page, text: string): ReturnType<Page['locator']> {
  return page.getByRole('article').filter({ has: page.locator('p.text').getByText(text, { exact: true }) });
}

function problem(page: Page): Promise<void> {
  return page.getByText('Le serveur raconte deux histoires de ce salon').waitFor();
}

/** As the server would have it: one bit of what was sealed, and nothing of its length. */
function changed(entry: Bytes | undefined): Bytes {
  const copy = Uint8Array.from(entry ?? []);
  copy[copy.length - 100] = (copy[copy.length - 100] ?? 0) ^ 1;
  return copy;
}

describe('a server that cheats in a log or with tasks', () => {
  it('by_altering_a_line_is_shown_on_the_page_of_the_log_where_the_line_is_not', async () => {
    const { hers, his, room } = await cell();
    await openLog(hers);
    await enter(hers, 'Twelve patients on the way');
    people.rooms.rooms.rewrite(room, (entries) => entries.push(changed(entries.pop())));
    const back = await comesBackTo(his, 'Main courante');
    await back.getByText('1 entrée de ce salon a été refusée ou manque').waitFor();
    await back.getByText(/Une entrée refusée.*bad-signature/).waitFor();
    expect(await line(back, 'Twelve patients on the way').count()).toBe(0);
    await judge(back, 'log-altered');
    // What she writes upon the line as she knows it does not follow from what he was shown.
    await enter(hers, 'They are twelve');
    await problem(back);
    expect(await line(back, 'They are twelve').count()).toBe(0);
    await judge(back, 'log-two-stories');
  });

  it('by_inventing_a_decision_is_refused_in_everybodys_log', async () => {
    const { hers, his, room } = await cell();
    await openLog(hers);
    await enter(hers, 'Keep the emergency room open', 'Decision');
    const own = await generateSigningKey().then(signerOf);
    const last = parseEntry(people.entriesOf(room).at(-1) ?? new Uint8Array());
    const state = people.rooms.rooms.rooms.get(room)?.state;
    if (!last.ok || !state) throw new Error('the line is the last entry');
    const { header, payload } = last.value;
    const next = { ...header, id: crypto.getRandomValues(new Uint8Array(16)), seenSeq: state.heads.head.seq, seenHash: state.heads.head.hash };
    // By a device of its own, and in the name of Claire's: what was sealed is the best that it has, a decision taken before.
    const strangers = await signEntry(own, { ...next, device: crypto.getRandomValues(new Uint8Array(16)) }, payload);
    const hersToo = await signEntry(own, { ...next, deviceSeq: header.deviceSeq + 1n }, payload);
    people.cheat(room, (entries) => entries.push(strangers, hersToo));
    await hers.getByText('2 entries of this room were refused or are missing').waitFor();
    const back = await comesBackTo(his, 'Main courante');
    await back.getByText(/Une entrée refusée.*unknown-device/).waitFor();
    await back.getByText(/Une entrée refusée.*bad-signature/).waitFor();
    for (const page of [hers, back]) expect(await page.getByRole('article').count()).toBe(1);
    await judge(hers, 'log-invented');
    await back.getByRole('link', { name: 'Les voir parmi les messages' }).click();
    await back.getByText(/Une entrée refusée.*bad-signature/).waitFor();
  });

  it('by_leaving_a_correction_out_is_shown_on_the_page_of_the_log', async () => {
    const { hers, his, room } = await cell();
    await openLog(hers);
    await enter(hers, 'Ten beds');
    await correct(hers, 'Ten beds', 'Eight beds');
    await enter(hers, 'Ward C is full');
    const honest = [...people.entriesOf(room)];
    people.rooms.rooms.rewrite(room, (entries) => entries.splice(entries.length - 2, 1));
    const back = await comesBackTo(his, 'Main courante');
    await problem(back);
    await line(back, 'Ten beds').waitFor();
    // Not forgotten with the page, nor once the server tells the truth again.
    people.cheat(room, (entries) => entries.splice(0, entries.length, ...honest));
    await back.reload();
    await problem(back);
    // Who had read it keeps it.
    await hers.reload();
    await line(hers, 'Eight beds').waitFor();
  });

  it('by_putting_two_corrections_in_another_order_is_shown_on_the_page_of_the_log', async () => {
    const { hers, his, room } = await cell();
    await openLog(hers);
    await enter(hers, 'Ten beds');
    await correct(hers, 'Ten beds', 'Eight beds');
    await correct(hers, 'Eight beds', 'Nine beds');
    people.rooms.rooms.rewrite(room, (entries) => entries.push(...entries.splice(entries.length - 2, 1)));
    const back = await comesBackTo(his, 'Main courante');
    await problem(back);
    // The one that came too early was written upon what he was not shown: it counts for nothing.
    expect(await line(back, 'Nine beds').count()).toBe(0);
    await judge(back, 'log-reordered');
  });

  it('by_repeating_the_change_of_a_task_moves_no_task', async () => {
    const { hers, his, room } = await cell();
    await hers.getByRole('link', { name: /^Tasks/ }).click();
    await hers.getByRole('button', { name: 'Add a task' }).click();
    await hers.getByLabel('What is to be done').fill('Call the families');
    await hers.getByRole('dialog').getByRole('button', { name: 'Add', exact: true }).click();
    const column = (page: Page, name: string): ReturnType<Page['locator']> =>
      page.getByRole('region', { name, exact: true }).getByRole('article').filter({ hasText: 'Call the families' });
    await column(hers, 'To do').waitFor();
    await hers.getByRole('button', { name: 'Begin: Call the families' }).click();
    await column(hers, 'Under way').waitFor();
    const begun = people.entriesOf(room).at(-1);
    await hers.getByRole('button', { name: 'Undo' }).click();
    await column(hers, 'To do').waitFor();
    people.cheat(room, (entries) => entries.push(Uint8Array.from(begun ?? [])));
    await hers.getByText('1 entry of this room was refused or is missing').waitFor();
    const back = await comesBackTo(his, /^Tâches/);
    await back.getByText(/Une entrée refusée.*repeated/).waitFor();
    await column(back, 'À faire').waitFor();
    expect(await column(hers, 'Under way').count()).toBe(0);
    await judge(back, 'tasks-repeated');
  });
});
