import type { Browser, Page } from 'playwright-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Bytes } from '../../src/e2ee/bytes';
import { parseEntry, signEntry } from '../../src/e2ee/rooms/entry';
import { generateSigningKey, signerOf } from '../../src/e2ee/signature';
import { startBrowser } from './browser';
import { bulletin } from './fixtures/bulletins';
import { judge, TwoPeople } from './fixtures/two-people';

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

/** As somebody would on a keyboard. */
async function hold(page: Page, name: RegExp): Promise<void> {
  await page.getByRole('button', { name }).dispatchEvent('click', { detail: 0 });
  await page.getByText(/^Do you confirm\?$/).waitFor();
  await page.getByRole('button', { name }).click();
}

/** Claire has opened an exercise crisis with Bruno in its strategic cell; he looks away. @property leading Id of the leading room. @property cell Of the cell's. */
async function crisis(): Promise<{ hers: Page; his: Page; leading: string; cell: string }> {
  const his = await people.open(people.brunos, phone);
  const hers = await people.open(people.claires, desktop);
  await hers.goto(`${people.claires.url}/crises/new`);
  await hers.getByLabel('Name of the crisis').fill('Ransomware');
  await hers.getByText('Exercise', { exact: true }).click();
  for (const cell of ['Operational', 'Communication']) await hers.getByRole('checkbox', { name: new RegExp(`^${cell}`) }).uncheck();
  const strategic = hers.getByRole('group', { name: 'Strategic' });
  await strategic.getByLabel('People').fill('Bruno');
  await strategic.getByRole('button', { name: /Bruno Keller/ }).click();
  await hold(hers, /Open the crisis: you and 1 person/);
  await hers.getByRole('button', { name: 'Update the situation' }).waitFor();
  const leading = hers.url().split('/').at(-1) ?? '';
  const cell = [...people.rooms.rooms.rooms.keys()].find((room) => room !== leading) ?? '';
  await his.close();
  return { hers, his, leading, cell };
}

async function update(page: Page, text: string): Promise<void> {
  await page.getByRole('button', { name: 'Update the situation' }).click();
  await page.getByLabel('What changes, and why').fill(text);
  await page.getByRole('button', { name: 'Enter', exact: true }).click();
}

/** As the server would have it: one bit of what was sealed, and nothing of its length. */
function changed(entry: Bytes | undefined): Bytes {
  const copy = Uint8Array.from(entry ?? []);
  copy[copy.length - 100] = (copy[copy.length - 100] ?? 0) ^ 1;
  return copy;
}

describe('a server that cheats in a crisis', () => {
  it('by_altering_what_changed_it_is_shown_wherever_the_crisis_is_which_stays_the_exercise_that_it_is', async () => {
    const { hers, his, leading } = await crisis();
    const before = people.entriesOf(leading).length;
    await update(hers, 'Twelve patients are moved');
    await expect.poll(() => people.entriesOf(leading).length).toBeGreaterThan(before);
    people.rooms.rooms.rewrite(leading, (entries) => entries.push(changed(entries.pop())));
    const back = await people.comesBack(his, people.brunos);
    await back.goto(`${people.brunos.url}/crises`);
    await back.getByRole('link', { name: /EXERCICE.*1 entrée refusée ou manquante.*Ransomware/s }).waitFor();
    await judge(back, 'crises-altered');
    await back.getByRole('link', { name: /Ransomware/ }).click();
    const said = back.getByText('EXERCISE · Ransomware · 1 entrée de ce salon a été refusée ou manque');
    await said.waitFor();
    expect(await back.getByText('Twelve patients are moved').count()).toBe(0);
    await judge(back, 'crisis-altered');
    // Everywhere where somebody reads how it stands, and what to do is one press away.
    for (const part of ['catch-up', 'situation', 'stakeholders', 'reporting', 'injects']) {
      await back.goto(`${people.brunos.url}/crises/${leading}/${part}`);
      await said.waitFor();
    }
    await back.getByRole('link', { name: 'Les voir parmi les messages' }).click();
    await back.getByText(/Une entrée refusée.*bad-signature/).waitFor();
  });

  it('by_withholding_a_later_change_of_a_cells_task_is_shown_on_the_page_of_the_crisis_with_the_cells_name', async () => {
    const { hers, his, leading, cell } = await crisis();
    await hers.goto(`${people.claires.url}/rooms/${cell}/tasks`);
    const add = async (title: string): Promise<void> => {
      await hers.getByRole('button', { name: 'Add a task' }).click();
      await hers.getByLabel('What is to be done').fill(title);
      await hers.getByRole('dialog').getByRole('button', { name: 'Add', exact: true }).click();
      await hers.getByRole('article').filter({ hasText: title }).waitFor();
    };
    const written = async (n: number): Promise<void> => expect.poll(() => people.entriesOf(cell).length).toBe(n);
    const before = people.entriesOf(cell).length;
    await add('Call the families');
    await written(before + 1);
    await hers.getByRole('button', { name: 'Begin: Call the families' }).click();
    await written(before + 2);
    await add('Open the canteen');
    await written(before + 3);
    people.rooms.rooms.rewrite(cell, (entries) => entries.splice(before + 1, 1));
    const back = await people.comesBack(his, people.brunos);
    await back.goto(`${people.brunos.url}/crises`);
    await back.getByRole('link', { name: /Le serveur se contredit.*Ransomware/s }).waitFor();
    await back.goto(`${people.brunos.url}/crises/${leading}`);
    await back.getByText(/Strateg.*Ransomware.* · Le serveur raconte deux histoires de ce salon/).waitFor();
    await judge(back, 'crisis-two-stories');
    await back.goto(`${people.brunos.url}/rooms/${cell}/tasks`);
    await back.getByText('Le serveur raconte deux histoires de ce salon').waitFor();
    // What she wrote after it counts for nothing here, and is not shown as if it followed.
    await back.getByRole('article').filter({ hasText: 'Call the families' }).waitFor();
    expect(await back.getByRole('article').filter({ hasText: 'Open the canteen' }).count()).toBe(0);
  });

  it('by_forging_an_approval_of_a_situation_report_lets_nobody_publish_it', async () => {
    const { hers, leading } = await crisis();
    await hers.goto(`${people.claires.url}/crises/${leading}/situation`);
    await hers.getByRole('button', { name: 'Prepare the next report' }).click();
    await hers.getByRole('button', { name: 'Begin the report' }).click();
    await hers.getByRole('button', { name: 'Submit for approval' }).click();
    await hers.getByText('Another person of the crisis must now read and approve it.').waitFor();
    // It cannot seal one: what was sealed is the best that it has. True approvals that are brought from elsewhere are tried in hostile-crisis.test.ts of the unit tests.
    const own = await generateSigningKey().then(signerOf);
    const last = parseEntry(people.entriesOf(leading).at(-1) ?? new Uint8Array());
    const state = people.rooms.rooms.rooms.get(leading)?.state;
    if (!last.ok || !state) throw new Error('the submission is the last entry');
    const { head } = state.heads;
    const { header, payload } = last.value;
    const next = { ...header, id: crypto.getRandomValues(new Uint8Array(16)), seenSeq: head.seq, seenHash: head.hash };
    const forged = await signEntry(own, { ...next, device: crypto.getRandomValues(new Uint8Array(16)), deviceSeq: 1n }, payload);
    people.cheat(leading, (entries) => entries.push(forged, ...entries.slice(-1)));
    await hers.getByText('EXERCISE · Ransomware · 2 entries of this room were refused or are missing').waitFor();
    expect(await hers.getByRole('button', { name: /^Publish/ }).count()).toBe(0);
    await judge(hers, 'situation-forged');
  });
});

describe('a server that lies about a bulletin', () => {
  const [latest, before] = bulletin.versions;
  if (latest === undefined || before === undefined) throw new Error('two versions');
  const address = `/bulletins/${bulletin.id}/desk`;

  it('gets_no_publication_by_approvals_of_an_earlier_text_and_none_of_a_text_that_it_exchanged', async () => {
    const shown = (versions: typeof bulletin.versions): object => ({ ...bulletin, versions });
    people.claires.on('GET /api/v1/bulletins/*', shown([{ ...latest, approvals: latest.approvals.slice(1) }, before]));
    const page = await people.visit(`${people.claires.url}${address}`, phone);
    await page.getByText('Le serveur donne cette version pour approuvée, avec 1 approbation sur 2').waitFor();
    const publish = page.getByRole('button', { name: /^Publier/ });
    expect(await publish.count()).toBe(0);
    await page.getByText(/^Les communiqués ne sont pas signés/).waitFor();
    await judge(page, 'bulletin-unapproved');

    people.claires.on('GET /api/v1/bulletins/*', bulletin);
    const changes = (): void => people.claires.hub.publish('bulletin.changed', { bulletinId: bulletin.id });
    const english = await people.visit(`${people.claires.url}${address}`, desktop);
    const send = english.getByRole('button', { name: /^Publish to/ });
    await send.waitFor();
    const exchanged = { ...latest, draft: { ...latest.draft, body: { ...latest.draft.body, en: 'Everybody goes home.' } } };
    people.claires.on('GET /api/v1/bulletins/*', shown([exchanged, before]));
    changes();
    await english.getByText('Version 2 says something else than when you read it').waitFor();
    await english.getByText('It can not be approved or published from this page.').waitFor();
    expect(await send.count()).toBe(0);
    await judge(english, 'bulletin-exchanged');
  });

  it('has_nothing_approved_that_was_not_read_and_is_found_out_by_who_comes_back', async () => {
    const undecided = { ...bulletin, mayApprove: true, mayPublish: false, versions: [{ ...latest, approvals: [] }, before] };
    const other = (en: string): object => ({
      ...undecided,
      versions: [{ ...latest, approvals: [], version: 3, draft: { ...latest.draft, body: { ...latest.draft.body, en } } }, latest, before],
      version: 3,
    });
    people.claires.on('GET /api/v1/bulletins/*', undecided).on('POST /api/v1/bulletins/*/approvals', undecided);
    const page = await people.visit(`${people.claires.url}${address}`, desktop);
    const approve = page.getByRole('button', { name: 'Approve this version' });
    const fingerprint = page.getByText(/^[\dA-F]{4}( [\dA-F]{4}){3}$/);
    await fingerprint.waitFor();
    const first = await fingerprint.textContent();
    await judge(page, 'bulletin-approve');
    const asked = (): number => people.claires.received.filter(({ method, path }) => method === 'POST' && path.endsWith('/approvals')).length;

    // Another text came while she read: the press was not for that one.
    people.claires.on('GET /api/v1/bulletins/*', other('Everybody goes home.'));
    await approve.click();
    await page.getByText('The text changed while you were reading').waitFor();
    await page.getByText('Everybody goes home.').first().waitFor();
    expect(asked()).toBe(0);
    await expect.poll(() => fingerprint.textContent()).not.toBe(first);
    await judge(page, 'bulletin-changed-meanwhile');
    await approve.click();
    await expect.poll(asked).toBe(1);
    await page.getByText('The text changed while you were reading').waitFor({ state: 'detached' });

    // The server remembers what it was asked to forget; so does her browser, also after it was closed.
    people.claires.on('GET /api/v1/bulletins/*', other('Nobody goes home.'));
    await page.reload();
    await page.getByText('Version 3 says something else than what you approved').waitFor();
    expect(await approve.count()).toBe(0);
    await judge(page, 'bulletin-another');
  });
});
