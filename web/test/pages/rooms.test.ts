import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openContext, startBrowser, watchFaults, type Look } from './browser';
import { ScriptedDirectoryLog, scriptDirectoryLog } from './fixtures/directory-log';
import { director, scriptHospital } from './fixtures/hospital';
import { ScriptedRooms } from './fixtures/rooms';
import { axeViolations, measureSmallThings } from './readable';
import { ScriptedServer } from './scripted-server';

const bruno = '01932b7c-0000-7000-8000-0000000000b2';
const phone = { language: 'en', theme: 'light', width: 390 } as const;
const desktop = { language: 'en', theme: 'dark', width: 1440 } as const;
/** Where to leave pictures for a person to judge; none are made without it. */
const pictures = process.env['SCREENSHOTS'];

let browser: Browser;
/** The same server as two people see it: one directory, the same rooms, each with a session of their own. */
let claires: ScriptedServer;
let brunos: ScriptedServer;
let rooms: ScriptedRooms;
let contexts: BrowserContext[];
let faults: string[];

beforeAll(async () => {
  browser = await startBrowser();
});

beforeEach(async () => {
  const log = new ScriptedDirectoryLog();
  rooms = new ScriptedRooms();
  [claires, brunos] = [await ScriptedServer.start(), await ScriptedServer.start()];
  for (const server of [claires, brunos]) {
    scriptHospital(server);
    scriptDirectoryLog(server, log);
    server
      .on('GET /api/v1/people', {
        items: [{ id: bruno, name: 'Bruno Keller', jobTitle: 'Biomédical', siteName: null, active: true }],
        next: null,
      })
      .on('GET /api/v1/rotas/on-duty', {
        items: [
          { rotaId: 'r1', rotaName: 'Night', personId: bruno, name: 'Bruno Keller', functionName: null, phone: null, until: '2026-11-23T08:00:00Z' },
        ],
      });
  }
  rooms.script(claires, director.personId);
  rooms.script(brunos, bruno);
  // Staff: may not search the directory.
  brunos.on('GET /api/v1/session', {
    ...director,
    personId: bruno,
    roles: ['staff'],
    account: { ...director.account, id: bruno, name: 'Bruno Keller' },
  });
  contexts = [];
  faults = [];
});

afterEach(async () => {
  for (const context of contexts) await context.close();
  await claires.stop();
  await brunos.stop();
  expect(faults).toEqual([]);
});

async function freshBrowser(server: ScriptedServer, look: Look): Promise<Page> {
  const context = await openContext(browser, look);
  contexts.push(context);
  const page = await context.newPage();
  const seen = watchFaults(page, server.url);
  page.on('close', () => faults.push(...seen));
  await page.goto(`${server.url}/rooms`);
  await page.getByText(look.language === 'en' ? 'You are in no room' : 'Vous n’êtes dans aucun salon').waitFor();
  return page;
}

async function begin(page: Page, name: string, withBruno = false): Promise<void> {
  await page.getByRole('button', { name: 'New room' }).click();
  await page.getByLabel('Name of the room').fill(name);
  if (withBruno) {
    await page.getByLabel('People').fill('Bruno');
    await page.getByRole('button', { name: /Bruno Keller/ }).click();
  }
  await page.getByRole('button', { name: 'Begin the room' }).click();
  await page.getByRole('heading', { name }).waitFor();
}

/** With Bruno. */
async function beginCell(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: 'New room' }).click();
  await page.getByRole('radio', { name: /crisis cell/i }).check();
  await page.getByLabel('Name of the room').fill(name);
  await page.getByLabel('People').fill('Bruno');
  await page.getByRole('button', { name: /^Bruno Keller/ }).click();
  await page.getByRole('button', { name: 'Begin the room' }).click();
  await page.getByRole('heading', { name }).waitFor();
}

async function write(page: Page, text: string): Promise<void> {
  const field = page.getByRole('textbox', { name: /Your message|Votre message/ });
  await field.fill(text);
  // On glass there is a button; with a keyboard, Enter sends.
  if (page.viewportSize()?.width === 390) await page.getByRole('button', { name: /^(Send|Save|Envoyer)$/ }).click();
  else await field.press('Enter');
}

function messages(page: Page): Promise<string[]> {
  return page.locator('[role=log] article .text').allInnerTexts();
}

async function openActions(page: Page, message: string): Promise<void> {
  await page.getByRole('button', { name: new RegExp(`^(Actions on|Actions sur).*${message}`) }).click();
}

/** Can it be read and used by everyone? Pictures for whoever asks for them, in both themes and widths. */
async function judge(page: Page, name: string): Promise<void> {
  await page.waitForFunction(() => !document.querySelector('.skeleton') && document.fonts.status === 'loaded');
  expect(await page.evaluate(measureSmallThings)).toEqual([]);
  expect(await axeViolations(page)).toEqual([]);
  if (!pictures) return;
  const size = page.viewportSize();
  for (const width of [390, 1440])
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.setViewportSize({ width, height: width === 390 ? 844 : 900 });
      await page.emulateMedia({ colorScheme });
      await page.screenshot({ path: join(pictures, `${name}-${width}-${colorScheme}.png`) });
    }
  if (size) await page.setViewportSize(size);
}

function said(page: Page, text: string): Promise<void> {
  const words = page.locator('[role=log] article p.text');
  return words.filter({ hasText: new RegExp(`^\\s*${text}\\s*$`) }).waitFor();
}

describe('rooms', () => {
  it('are_written_in_by_two_kept_over_a_reload_and_closed_to_who_was_removed', async () => {
    const his = await freshBrowser(brunos, phone);
    const hers = await freshBrowser(claires, desktop);
    await judge(hers, 'rooms-none');
    await hers.getByRole('button', { name: 'New room' }).click();
    await judge(hers, 'rooms-new');
    await hers.keyboard.press('Escape');
    await begin(hers, 'Logistics', true);
    await hers.getByText('Room begun by you, with: Bruno Keller.').waitFor();
    await hers.getByText('Only the 2 people in this room can read it.').waitFor();
    await judge(hers, 'room-empty');
    await write(hers, 'Water in the basement');
    await said(hers, 'Water in the basement');

    await his.getByText('1 unread', { exact: true }).waitFor();
    await his.getByRole('link', { name: /Rooms.*1 unread message/ }).waitFor();
    await judge(his, 'rooms-list');
    await his.getByRole('link', { name: /Logistics/ }).click();
    await said(his, 'Water in the basement');
    await his.getByText('New messages').waitFor();
    await write(his, 'On my way');
    await said(hers, 'On my way');
    await his.getByRole('link', { name: 'Rooms', exact: true }).first().waitFor();

    await hers.getByRole('button', { name: 'Priority' }).click();
    await write(hers, 'Stay out of the lift');
    await hers.getByText('Missing: Bruno Keller.').waitFor();
    await his.getByRole('button', { name: 'I have read it' }).click();
    await hers.getByText('Read and confirmed by 1 of 1.').waitFor();
    await openActions(his, 'On my way');
    await judge(his, 'room-actions');
    await his.getByRole('button', { name: 'Edit' }).click();
    await write(his, 'With you in ten minutes');
    await said(hers, 'With you in ten minutes');
    await openActions(hers, 'With you');
    await hers.getByRole('button', { name: 'Pin', exact: true }).click();
    await his.getByText('Pinned messages').waitFor();
    await openActions(hers, 'With you');
    await hers.getByRole('button', { name: 'Reply' }).click();
    await write(hers, 'Thank you');
    await said(his, 'Thank you');
    await his
      .getByRole('log')
      .getByRole('link', { name: /Bruno Keller With you/ })
      .waitFor();
    await openActions(hers, 'Water');
    await hers.getByRole('button', { name: 'Delete' }).click();
    await hers.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await his.getByText('Message deleted', { exact: true }).waitFor();
    await judge(his, 'room-phone');
    await judge(hers, 'room-desktop');

    // Found by its words, here and from the list of all rooms; the message is gone to.
    await hers.getByRole('button', { name: 'Search', exact: true }).click();
    await hers.getByLabel('Search the messages').fill('TEN with');
    await hers.getByText('1 message found').waitFor();
    await judge(hers, 'room-search');
    await hers
      .getByRole('dialog')
      .getByRole('link', { name: /With you in ten/ })
      .click();
    await hers.waitForFunction(() => document.activeElement?.closest('article.sought') !== null);
    await hers.getByRole('link', { name: 'Rooms' }).first().click();
    await hers.getByLabel('Search the messages').fill('lift');
    await hers.getByRole('link', { name: /Stay out of the lift/ }).click();
    await hers.getByRole('heading', { name: 'Logistics' }).waitFor();

    await his.reload();
    await said(his, 'With you in ten minutes');
    await said(his, 'Thank you');

    await hers.getByRole('button', { name: '2 members' }).click();
    await hers.getByRole('button', { name: 'Make Bruno Keller administrator' }).click();
    await hers.getByRole('button', { name: 'Make Bruno Keller an ordinary member' }).click();
    await hers.getByRole('button', { name: 'Make Bruno Keller administrator' }).waitFor();
    await hers.getByRole('button', { name: 'Remove Bruno Keller' }).click();
    await hers.getByText('New keys begin for those who stay').waitFor();
    await judge(hers, 'room-remove');
    await hers.getByRole('alert').getByRole('button', { name: 'Remove' }).click();
    await hers.getByRole('button', { name: 'Close' }).click();
    await hers.getByRole('button', { name: '1 member' }).waitFor();
    await write(hers, 'Only for those who stay');
    await said(hers, 'Only for those who stay');
    // He is told where he would write, which on a phone is what he sees.
    await his.getByText('You are no longer in this room').waitFor();
    expect(await his.getByText('You are no longer in this room').evaluate((told) => told.getBoundingClientRect().bottom < window.innerHeight)).toBe(
      true,
    );
    await his.reload();
    await his.getByText('You are no longer in this room').waitFor();
    await said(his, 'Thank you');
    await judge(his, 'room-gone');
    expect(await his.getByText('Only for those who stay').count()).toBe(0);
    expect(await his.getByRole('textbox', { name: /Your message/ }).count()).toBe(0);
    await his.getByRole('link', { name: 'Rooms' }).first().click();
    await his.getByRole('link', { name: /Logistics.*You are no longer in this room/ }).click();
    await his.getByRole('button', { name: 'Erase from this browser' }).click();
    await his.getByText('You are in no room').waitFor();
  });

  it('a_page_stays_under_the_finger_and_shows_what_a_press_opened', async () => {
    const his = await freshBrowser(brunos, phone);
    await begin(his, 'Logistics');
    for (const n of Array.from({ length: 14 }, (_, at) => at + 1)) await write(his, `Lorry ${n} has left`);
    await said(his, 'Lorry 14 has left');
    const settled = (): Promise<number> =>
      his.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(Math.round(window.scrollY))))));
    await his.waitForFunction(() => window.innerHeight + window.scrollY > document.documentElement.scrollHeight - 2);
    const end = await settled();

    // Far from the end, and near it again: nothing moves by itself.
    await his.evaluate((top) => window.scrollTo({ top }), end - 400);
    await his.getByRole('button', { name: 'Go to the end' }).waitFor();
    await his.evaluate((top) => window.scrollTo({ top }), end - 100);
    await his.getByRole('button', { name: 'Go to the end' }).waitFor({ state: 'detached' });
    expect(await settled()).toBe(end - 100);
    // What is opened under the last message is not behind where one writes.
    await openActions(his, 'Lorry 14');
    await settled();
    const foot = await his.locator('.foot').evaluate((one) => one.getBoundingClientRect().top);
    const last = await his.getByRole('button', { name: 'Delete', exact: true }).evaluate((one) => one.getBoundingClientRect().bottom);
    expect(last).toBeLessThanOrEqual(foot);
    await openActions(his, 'Lorry 14');

    // What is new is seen.
    await write(his, 'All lorries have left');
    await said(his, 'All lorries have left');
    await his.waitForFunction(() => window.innerHeight + window.scrollY > document.documentElement.scrollHeight - 2);
  });

  it('a_cell_keeps_a_log_of_signed_lines_that_are_corrected_and_never_erased', async () => {
    const his = await freshBrowser(brunos, { ...phone, language: 'fr' });
    const hers = await freshBrowser(claires, desktop);
    await beginCell(hers, 'Strategic cell');
    await hers.getByRole('link', { name: 'Log' }).click();
    await hers.getByText('The log is empty').waitFor();
    await judge(hers, 'log-none');

    await hers.getByRole('button', { name: 'Enter a line' }).click();
    await hers.getByRole('button', { name: 'Enter', exact: true }).click();
    await hers.getByText('Write what is to be remembered.').waitFor();
    await judge(hers, 'log-write');
    await hers.getByLabel('What to remember').fill('Power cut in building C');
    await hers.getByLabel('When it happened').fill('2026-11-22T02:14');
    await hers.getByLabel(/^Source/).fill('Technical desk');
    await hers.getByLabel('Reliability').selectOption('unverified');
    await hers.getByRole('button', { name: 'Enter', exact: true }).click();
    await hers.getByText('Power cut in building C').waitFor();
    await hers.getByRole('button', { name: 'Enter a line' }).click();
    await hers.getByText('Decision', { exact: true }).last().click();
    await hers.getByLabel('What to remember').fill('Move intensive care to building A');
    await hers.getByLabel('When it happened').fill('2026-11-22T02:30');
    // By keyboard alone, too.
    await hers.getByLabel('What to remember').press('Control+Enter');
    await hers.getByText('Move intensive care').waitFor();

    // He talks and sees it there; what he writes goes into the log in one tap.
    await his.getByRole('link', { name: /Strategic cell/ }).click();
    await his
      .getByText(/Main courante, par .+ \(Décision\).*Move intensive care/)
      .first()
      .waitFor();
    await write(his, 'Groupe électrogène en marche');
    await said(his, 'Groupe électrogène en marche');
    await openActions(his, 'Groupe');
    await his.getByRole('button', { name: 'Inscrire à la main courante' }).click();
    await his.getByRole('link', { name: 'À la main courante, nº 3' }).click();
    // Led to the line itself, wherever it stands among the others.
    await his.waitForFunction(() => /^line-/.test(document.activeElement?.id ?? ''));
    expect(await his.locator('article:focus').innerText()).toContain('Groupe électrogène en marche');
    const line = his.locator('article', { hasText: 'Power cut in building C' });
    await line.getByRole('button', { name: 'Corriger la ligne nº 1' }).click();
    await his.getByLabel('Ce qui est à retenir').fill('Power cut in buildings C and D');
    await his.getByRole('button', { name: 'Corriger', exact: true }).last().click();
    await his.getByText('Dites pourquoi la ligne est corrigée.').waitFor();
    await judge(his, 'log-correct');
    await his.getByLabel('Pourquoi cette correction').fill('Le bâtiment D aussi');
    await his.getByRole('button', { name: 'Corriger', exact: true }).last().click();

    const corrected = hers.locator('article', { hasText: 'Power cut in buildings C and D' });
    await corrected.getByText('Corrected by Bruno Keller').waitFor();
    await corrected.getByText('What the line said before').click();
    await corrected.locator('s', { hasText: 'Power cut in building C' }).waitFor();
    await corrected.getByText('Reason: Le bâtiment D aussi').waitFor();
    await judge(hers, 'log-desktop');
    await judge(his, 'log-phone');
    await hers.getByText('From the beginning').click();
    expect((await hers.locator('article p.text').first().innerText()).trim()).toBe('Power cut in buildings C and D');
    await hers.getByRole('button', { name: /^Decision/ }).click();
    await hers.getByText('1 of 3 lines.').waitFor();
    await hers.getByLabel('Search the log').fill('nothing like it');
    await hers.getByText('0 of 3 lines.').waitFor();

    await his.reload();
    await his.getByText('Power cut in buildings C and D').waitFor();
  });

  it('tasks_go_from_one_to_the_other_over_a_board_and_end_with_who_did_what', async () => {
    const his = await freshBrowser(brunos, { ...phone, language: 'fr' });
    const hers = await freshBrowser(claires, desktop);
    await beginCell(hers, 'Operational cell');
    await hers.getByRole('link', { name: /^Tasks/ }).click();
    await hers.getByText('No task').waitFor();
    await judge(hers, 'tasks-none');
    await hers.getByRole('button', { name: 'Add a task' }).click();
    await hers.getByRole('button', { name: 'Add', exact: true }).click();
    await hers.getByText('Say what is to be done.').waitFor();
    await hers.getByLabel('What is to be done').fill('Tell the families');
    await hers.getByLabel('Who does it').selectOption('Bruno Keller');
    await hers.getByLabel(/^By when/).fill('2020-01-01T08:00');
    await hers.getByLabel('Urgent').check();
    await hers.getByLabel(/^Points to tick off/).fill('Ward A\n\nWard B\n');
    await judge(hers, 'tasks-add');
    await hers.getByRole('button', { name: 'Add', exact: true }).click();
    const card = hers.locator('article', { hasText: 'Tell the families' });
    await card.getByText('Overdue').waitFor();
    await hers.getByText('1 task is overdue.').waitFor();

    await his.getByRole('link', { name: /Operational cell/ }).click();
    await his.getByText(/Nouvelle tâche, par .+Tell the families/).waitFor();
    await write(his, 'Il manque un interprète');
    await openActions(his, 'Il manque');
    await his.getByRole('button', { name: 'En faire une tâche' }).click();
    await his.getByRole('link', { name: 'Tâche nº 2, À faire' }).click();
    await his.getByRole('button', { name: 'Commencer : Tell the families' }).click();
    await his.getByText('Déplacé : Tell the families').waitFor();
    // What moves it back is not behind the button under the thumb.
    const isWholeInSight = await his.getByRole('button', { name: 'Rétablir' }).evaluate((one) => {
      const { left, right, top, bottom } = one.getBoundingClientRect();
      const middle = (left + right) / 2;
      return [top + 2, bottom - 2].every((y) => one.contains(document.elementFromPoint(middle, y)));
    });
    expect(isWholeInSight).toBe(true);
    await his.getByRole('group').getByText('En cours (1)').click();
    await his.getByRole('button', { name: /^Tell the families/ }).click();
    await his.getByLabel('Ward A').check();
    await his.getByLabel('Un point de plus').fill('Ward C');
    await his.getByRole('button', { name: 'Ajouter le point' }).click();
    await his.getByLabel('Ward C').waitFor();
    await his.getByLabel('Commentaire').fill('Deux familles injoignables');
    await his.getByRole('button', { name: 'Commenter' }).click();
    await his.getByRole('dialog').getByText('Deux familles injoignables').waitFor();
    await judge(his, 'tasks-one');
    await his.getByRole('button', { name: 'Fermer' }).click();
    await judge(his, 'tasks-phone');

    const underWay = hers.getByRole('region', { name: 'Under way' });
    await underWay.getByText('1 of 3 done').waitFor();
    // With the mouse, and what was moved can be moved back.
    await underWay.locator('article').dragTo(hers.getByRole('region', { name: 'Done' }));
    await hers.getByRole('region', { name: 'Done' }).getByText('Tell the families').waitFor();
    await hers.getByRole('button', { name: 'Undo' }).click();
    await underWay.getByText('Tell the families').waitFor();
    await hers.getByRole('button', { name: 'Finish: Tell the families' }).click();
    await hers.getByRole('region', { name: 'Done' }).getByText('Tell the families').waitFor();
    await judge(hers, 'tasks-desktop');
    await hers.getByRole('button', { name: /^Mine/ }).click();
    await hers.getByText('Nothing here').nth(2).waitFor();
    await hers.getByRole('button', { name: /^Mine/ }).click();
    await hers.getByRole('button', { name: /^Tell the families/ }).click();
    await hers.getByText('Comment by Bruno Keller').waitFor();
    await hers.getByText('Done (by you).').last().waitFor();
    await hers.getByLabel('What is to be done').fill('Tell all families');
    await hers.getByRole('button', { name: 'Save' }).click();
    await hers.getByLabel('State').selectOption('Given up');
    await hers.getByText('Called: Tell all families (by you).').waitFor();
    await his.reload();
    await his.getByRole('group').getByText('Terminé (1)').click();
    await his.getByRole('region', { name: 'Terminé' }).getByText('Tell all families').waitFor();
    await his.getByText('Abandonné', { exact: true }).waitFor();
  });

  it('what_is_written_without_a_server_waits_over_a_reload_and_leaves_in_order', async () => {
    const hers = await freshBrowser(claires, { ...phone, theme: 'dark' });
    await begin(hers, 'Alone');
    claires.guard = ({ path }) => (path.includes('/rooms') ? { status: 503, body: { code: 'unavailable', title: 'Down.', status: 503 } } : undefined);
    await write(hers, 'First');
    await write(hers, 'Second');
    await hers.getByText('Waiting to be sent').nth(1).waitFor();
    await hers.getByText('What you write stays here').waitFor();
    await judge(hers, 'room-waiting');
    await hers.reload();
    await hers.getByText('Waiting to be sent').nth(1).waitFor();
    // Also from another page than the room's.
    await hers.getByRole('link', { name: 'Rooms' }).first().click();
    claires.guard = () => undefined;
    claires.hub.breakLines();
    await hers.getByRole('link', { name: /Alone.*Second/ }).click();
    await said(hers, 'Second');
    await hers.getByText('Waiting to be sent').waitFor({ state: 'hidden' });
    expect(await messages(hers)).toEqual(['First', 'Second']);
  });

  it('what_is_refused_for_good_is_shown_with_what_to_do_and_holds_nothing_back', async () => {
    const hers = await freshBrowser(claires, phone);
    await begin(hers, 'Alone');
    let refused = 0;
    claires.guard = ({ method, path }) =>
      method === 'POST' && path.endsWith('/entries') && refused++ < 1
        ? { status: 413, body: { code: 'too-large', title: 'Too large.', status: 413 } }
        : undefined;
    await write(hers, 'Refused');
    await hers.getByText('This was not sent').waitFor();
    await write(hers, 'Goes on');
    await said(hers, 'Goes on');
    await judge(hers, 'room-refused');
    await hers.getByRole('button', { name: 'Try again' }).click();
    await said(hers, 'Refused');
    expect(await messages(hers)).toEqual(['Goes on', 'Refused']);
    refused = 0;
    await write(hers, 'Never mind');
    await hers.getByRole('button', { name: 'Discard' }).click();
    await hers.getByText('This was not sent').waitFor({ state: 'hidden' });
    expect(await messages(hers)).toEqual(['Goes on', 'Refused']);
  });

  it('begun_again_after_a_failure_is_one_room', async () => {
    const hers = await freshBrowser(claires, phone);
    let lost = 0;
    claires.lose = ({ method, path }) => method === 'POST' && path.endsWith('/entries') && lost++ < 1;
    await hers.getByRole('button', { name: 'New room' }).click();
    await hers.getByLabel('Name of the room').fill('Logistics');
    await hers.getByRole('button', { name: 'Begin the room' }).click();
    await hers.getByRole('dialog').getByRole('alert').waitFor();
    await judge(hers, 'rooms-new-failed');
    await hers.getByRole('button', { name: 'Begin the room' }).click();
    await hers.getByRole('heading', { name: 'Logistics' }).waitFor();
    expect(rooms.rooms.rooms.size).toBe(1);
  });

  it('between_two_and_crisis_cells_mention_people_and_ask_for_confirmation_on_every_page', async () => {
    const his = await freshBrowser(brunos, { ...phone, language: 'fr' });
    const hers = await freshBrowser(claires, desktop);
    await hers.getByRole('button', { name: 'New room' }).click();
    await hers.getByRole('radio', { name: /A conversation between two/ }).check();
    await hers.getByLabel('With whom').fill('Bruno');
    await hers.getByRole('button', { name: /Bruno Keller/ }).click();
    await hers.getByRole('button', { name: 'Begin the room' }).click();
    await hers.getByRole('heading', { name: 'Bruno Keller' }).waitFor();
    await his.getByRole('link', { name: /Claire Fontaine/ }).waitFor();
    // Asked for once more it is the same conversation.
    await hers.getByRole('link', { name: 'Rooms' }).first().click();
    await hers.getByRole('button', { name: 'New room' }).click();
    await hers.getByRole('radio', { name: /A conversation between two/ }).check();
    await hers.getByLabel('With whom').fill('Bruno');
    await hers
      .getByRole('list', { name: 'Results' })
      .getByRole('button', { name: /Bruno Keller/ })
      .click();
    await hers.getByRole('button', { name: 'Begin the room' }).click();
    await hers.getByRole('heading', { name: 'Bruno Keller' }).waitFor();
    expect(rooms.rooms.rooms.size).toBe(1);

    await hers.getByRole('link', { name: 'Rooms' }).first().click();
    await hers.getByRole('button', { name: 'New room' }).click();
    await hers.getByRole('radio', { name: /A crisis cell/ }).check();
    await hers.getByLabel('Name of the room').fill('Cellule A');
    await hers.getByRole('button', { name: 'Add the person on duty' }).click();
    await judge(hers, 'rooms-new-cell');
    await hers.getByRole('button', { name: 'Begin the room' }).click();
    await hers.getByRole('heading', { name: 'Cellule A' }).waitFor();
    const field = hers.getByRole('textbox', { name: /Your message/ });
    await field.pressSequentially('Who opens the gate, @kel');
    await hers.getByRole('group', { name: 'Mention' }).getByRole('button', { name: '@Bruno Keller' }).waitFor();
    await judge(hers, 'room-mention');
    await hers.keyboard.press('Tab');
    await hers.keyboard.press('Enter');
    expect(await field.inputValue()).toBe('Who opens the gate, @Bruno Keller ');
    await field.press('Enter');
    await his.getByText('Vous êtes mentionné 1 fois').waitFor();
    await hers.getByRole('button', { name: 'Priority' }).click();
    await write(hers, 'Leave building C');
    // On whichever page he is.
    await his.getByRole('link', { name: /Moi/ }).click();
    await his.getByText('Message prioritaire de Claire Fontaine dans Cellule A').waitFor();
    await judge(his, 'priority-notice');
    await his.reload();
    await his.getByRole('alert').getByRole('link', { name: 'Ouvrir le salon' }).click();
    await his.getByRole('heading', { name: 'Cellule A' }).waitFor();
    await his.getByText('Prioritaire', { exact: true }).first().waitFor();
    await judge(his, 'room-fr');
    await his.getByRole('button', { name: 'J’ai lu' }).click();
    await hers.getByText('Read and confirmed by 1 of 1.').waitFor();
    await his.getByRole('link', { name: /Moi/ }).click();
    await his.getByRole('heading', { name: 'Bruno Keller' }).waitFor();
    expect(await his.getByText('Message prioritaire').count()).toBe(0);
    // All of a crisis cell administer it.
    await his
      .getByRole('link', { name: /Salons/ })
      .first()
      .click();
    await judge(his, 'rooms-list-fr');
    await his.getByRole('link', { name: /Cellule A/ }).click();
    await his.getByRole('button', { name: '2 membres' }).click();
    await his.getByRole('button', { name: 'Retirer Claire Fontaine' }).waitFor();
    await judge(his, 'room-members-fr');
    // He may not search the directory: here he makes sure of her all the same.
    await his.getByRole('button', { name: 'Vérifier l’identité de Claire Fontaine' }).click();
    const isFocused = (element: Element): boolean => document.activeElement === element;
    expect(await his.getByRole('button', { name: 'Retour aux membres' }).evaluate(isFocused)).toBe(true);
    await his.getByRole('button', { name: 'Vérifier l’identité', exact: true }).click();
    await his.getByRole('group', { name: 'Numéro de sécurité' }).waitFor();
    await judge(his, 'room-member-identity-fr');
    await his.getByRole('button', { name: 'Les numéros sont identiques' }).click();
    await his.getByText('Vous avez vérifié l’identité de Claire Fontaine').waitFor();
    await his.getByRole('button', { name: 'Retour aux membres' }).click();
    await his.getByRole('listitem').filter({ hasText: 'Claire Fontaine' }).getByText('Vérifié', { exact: true }).waitFor();
    expect(await his.getByRole('button', { name: 'Vérifier l’identité de Claire Fontaine' }).evaluate(isFocused)).toBe(true);
    await judge(his, 'room-members-verified-fr');
  });

  it('are_read_when_they_are_looked_at_and_not_before', async () => {
    const his = await freshBrowser(brunos, phone);
    const hers = await freshBrowser(claires, phone);
    await begin(hers, 'Logistics', true);
    await his.getByRole('link', { name: /Logistics/ }).click();
    await his.getByRole('heading', { name: 'Logistics' }).waitFor();
    const written = (): number => [...rooms.rooms.rooms.values()][0]?.entries.length ?? 0;
    const readUpTo = (): number => {
      const marker = brunos.received.findLast(({ method, path }) => method === 'PUT' && path.endsWith('/read-marker'));
      return (marker?.body as { readonly seq: number } | undefined)?.seq ?? 0;
    };
    await expect.poll(() => written() - readUpTo()).toBe(0);
    const before = readUpTo();
    const look = (visibilityState: 'visible' | 'hidden'): Promise<void> =>
      his.evaluate((state) => {
        Object.defineProperty(document, 'visibilityState', { value: state, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'));
      }, visibilityState);
    await look('hidden');
    await write(hers, 'Water in the basement');
    await said(his, 'Water in the basement');
    expect(readUpTo()).toBe(before);
    await look('visible');
    await expect.poll(readUpTo).toBe(written());
    await his.getByText('New messages').waitFor();
  });

  it('are_used_without_a_mouse', async () => {
    const hers = await freshBrowser(claires, { ...desktop, theme: 'light' });
    await begin(hers, 'Logistics', true);
    const field = hers.getByRole('textbox', { name: /Your message/ });
    await field.focus();
    for (const text of ['one', 'two', 'three']) {
      await hers.keyboard.type(text);
      await hers.keyboard.press('Enter');
      await said(hers, text);
    }
    // All messages are one stop of the Tab key; arrows go from one to the next.
    await hers.keyboard.press('Shift+Tab');
    const focused = (): Promise<string | null> => hers.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? null);
    expect(await focused()).toContain('three');
    await hers.keyboard.press('ArrowUp');
    expect(await focused()).toContain('two');
    await hers.keyboard.press('Enter');
    await hers.keyboard.press('Tab');
    await hers.keyboard.press('Enter');
    await hers.getByText('In reply to Claire Fontaine').waitFor();
    await hers.keyboard.type('four');
    await hers.keyboard.press('Enter');
    await said(hers, 'four');
    await hers.getByRole('log').getByRole('link', { name: /two/ }).waitFor();
    // What is being edited is left with Escape, and what was being written is still there.
    await hers.keyboard.type('draft');
    await openActions(hers, 'one');
    await hers.getByRole('button', { name: 'Edit' }).press('Enter');
    await hers.waitForFunction(() => (document.activeElement as HTMLTextAreaElement | null)?.value === 'one');
    await hers.keyboard.press('Escape');
    expect(await field.inputValue()).toBe('draft');
    await hers.getByRole('heading', { name: 'Logistics' }).focus();
    await hers.keyboard.press('g');
    await hers.keyboard.press('s');
    await hers.getByRole('heading', { name: 'Rooms' }).waitFor();
  });

  it('say_plainly_whom_staff_can_add_what_is_missing_and_what_failed', async () => {
    const his = await freshBrowser(brunos, phone);
    await his.getByRole('button', { name: 'New room' }).click();
    await his.getByText('You share a room with nobody yet').waitFor();
    await judge(his, 'rooms-new-staff');
    await his.goto(`${brunos.url}/rooms/01932b7c-0000-7000-8000-00000000e001`);
    await his.getByText('There is no such room').waitFor();
    await judge(his, 'room-missing');
    brunos.guard = ({ path }) =>
      path === '/api/v1/rooms' ? { status: 500, body: { code: 'internal-error', title: 'Broken.', status: 500 } } : undefined;
    await his.goto(`${brunos.url}/rooms`);
    await his.getByRole('alert').getByRole('button', { name: 'Try again' }).waitFor();
    await judge(his, 'rooms-failed');
    brunos.guard = () => undefined;
    await his.getByRole('button', { name: 'Try again' }).click();
    await his.getByText('You are in no room').waitFor();
  });
});
