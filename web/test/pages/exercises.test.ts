import { readFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startBrowser } from './browser';
import { fireBoard } from './fixtures/board';
import { bruno, judge, TwoPeople } from './fixtures/two-people';
import type { ReceivedRequest } from './scripted-server';

const phone = { language: 'fr', theme: 'light', width: 390 } as const;
const desktop = { language: 'en', theme: 'dark', width: 1440 } as const;

let browser: Browser;
let two: TwoPeople;

beforeAll(async () => {
  browser = await startBrowser();
});

afterAll(() => browser.close());

beforeEach(async () => {
  two = await TwoPeople.start(browser);
  two.claires.on('GET /api/v1/functions', {
    items: [
      {
        id: 'f1',
        name: 'Crisis director',
        nameFr: null,
        nameEn: 'Crisis director',
        description: null,
        source: 'manual',
        people: 1,
        holders: [{ id: bruno, name: 'Bruno Keller', rank: 0, active: true }],
        deputies: [],
      },
    ],
    next: null,
  });
});

afterEach(() => two.stop());

/** As somebody would on a keyboard: pressing for a second is not asked of who uses a switch. */
async function hold(page: Page, name: RegExp): Promise<void> {
  const button = page.getByRole('button', { name });
  await button.dispatchEvent('click', { detail: 0 });
  await page.getByText(/^(Do you confirm\?|Confirmez-vous\s\?)$/).waitFor();
  await page.getByRole('button', { name }).click();
}

async function openCrisis(page: Page): Promise<void> {
  await page.goto(`${two.claires.url}/crises/new`);
  await page.getByLabel('Name of the crisis').fill('Monday morning');
  await page.getByText('Exercise', { exact: true }).click();
  for (const cell of [/^Operational/, /^Communication/]) await page.getByRole('checkbox', { name: cell }).uncheck();
  const strategic = page.getByRole('group', { name: 'Strategic' });
  await strategic.getByLabel('Add a crisis function').selectOption('Crisis director');
  await strategic.getByText('Bruno Keller', { exact: true }).first().waitFor();
  await hold(page, /Open the crisis: you and 1 person/);
  await page.getByRole('heading', { name: 'Monday morning', level: 1 }).waitFor();
}

async function beginRoom(page: Page): Promise<void> {
  await page.goto(`${two.claires.url}/exercises`);
  await page.getByRole('button', { name: 'Begin an animators’ room' }).click();
  await page.getByRole('button', { name: 'Begin the room' }).click();
  await page.getByRole('link', { name: /^Ransomware in a hospital/ }).waitFor();
}

describe('an exercise', () => {
  it('is_written_or_imported_run_received_by_players_observed_and_learned_from', async () => {
    const his = await two.open(two.brunos, phone);
    const hers = await two.open(two.claires, desktop);
    await openCrisis(hers);
    await hers.goto(`${two.claires.url}/exercises`);
    await hers.getByText('No animators’ room').waitFor();
    await judge(hers, 'exercises-none');
    await beginRoom(hers);
    await judge(hers, 'exercises-list');

    // A new one is refused until it is whole, then filled from a spreadsheet whose wrong lines say why.
    await hers.getByRole('link', { name: 'New exercise' }).click();
    await hers.getByRole('button', { name: 'Keep this version' }).click();
    await hers.getByText('Something is missing').waitFor();
    await hers.getByLabel('Title of the exercise').fill('Short drill');
    await judge(hers, 'exercises-editor');
    await hers.getByRole('button', { name: 'Import a table' }).click();
    const table = [
      'Numéro;Nature;Titre;Déclencheur;Référence;Minutes;De;Texte;Réaction attendue;Minutes attendues;Objectifs',
      '1;objectif;Isoler',
      "1;SMS;Premier signe;heure;;1;SOC;'=Rien ne va;Couper;2;1",
      '2;appel;Puis un appel;après stimulus;1;600;;;;;1',
      '3;pigeon;Refusé',
    ].join('\r\n');
    await hers.getByLabel('File', { exact: true }).setInputFiles({ name: 'x.csv', mimeType: 'text/csv', buffer: Buffer.from(table, 'latin1') });
    await hers.getByText('Line 5: unknown kind (pigeon)').waitFor();
    await judge(hers, 'exercises-import');
    await hers.getByRole('button', { name: 'Take 2 injects' }).click();
    await hers.getByText('1. Premier signe').waitFor();
    // What is sent for real can ask for answers, as any alert does.
    await hers.getByText('1. Premier signe').click();
    const answers = hers.getByRole('group', { name: 'Answers asked for' });
    await answers.getByRole('checkbox', { name: "I'm coming" }).check();
    await answers.getByRole('checkbox', { name: 'Not available' }).check();
    await judge(hers, 'exercises-answers');
    await hers.getByRole('button', { name: 'Keep this version' }).click();
    await hers.getByRole('heading', { name: 'Short drill', level: 1 }).waitFor();
    await hers.getByText('=Rien ne va', { exact: true }).waitFor();
    await hers.getByText("Answers asked for: I'm coming, Not available").waitFor();
    await judge(hers, 'exercises-script');
    const [download] = await Promise.all([hers.waitForEvent('download'), hers.getByRole('button', { name: 'Export to a spreadsheet' }).click()]);
    expect(await readFile(await download.path(), 'utf8')).toContain(",'=Rien ne va,");

    await hers.goto(`${two.claires.url}/exercises`);
    // It is prepared and started: what is due leaves by itself.
    await hers.getByRole('link', { name: /^Ransomware in a hospital/ }).click();
    await hers.getByRole('button', { name: 'Prepare this exercise' }).click();
    expect(await hers.getByLabel('Crisis of the players').inputValue()).not.toBe('');
    await judge(hers, 'exercises-prepare');
    const raised: ReceivedRequest[] = [];
    two.claires.on('POST /api/v1/alerts', (request) => {
      raised.push(request);
      return { body: { id: '01932b7c-0000-7000-8000-00000000a001', number: 43 } };
    });
    await hers.getByRole('checkbox', { name: /^Also send SMS and mails for real/ }).check();
    await hers.getByRole('button', { name: 'Go to the cockpit' }).click();
    await hers.waitForFunction(() => document.documentElement.dataset['mode'] === 'exercise');
    await hers.getByRole('button', { name: 'Skip: A photo of the ransom note' }).click();
    await hers.getByRole('button', { name: 'Take back: A photo of the ransom note' }).waitFor();
    await hers.getByRole('button', { name: 'Start the exercise' }).click();
    await hers.getByRole('button', { name: 'Reaction seen: The emergency department calls' }).waitFor();
    await hers.getByText('With the players').waitFor();
    await hers.getByRole('button', { name: 'Pause' }).click();
    await hers.getByText('Paused', { exact: true }).waitFor();

    // The player has it in the crisis, under a band that says what it is.
    await his.goto(`${two.brunos.url}/crises`);
    await his.getByRole('link', { name: /Monday morning/ }).click();
    await his.getByText('The emergency department calls').first().waitFor();
    await his.waitForFunction(() => document.documentElement.dataset['mode'] === 'exercise');
    await judge(his, 'exercises-player-crisis');
    await his.getByRole('link', { name: '1 stimulus' }).click();
    await his.getByRole('article', { name: 'Stimulus d’exercice : The emergency department calls' }).getByText('EXERCICE').waitFor();
    await judge(his, 'exercises-player');
    await his.goto(`${two.brunos.url}/exercises`);
    await his.getByText('Aucune salle d’animation').waitFor();

    // A page that is loaded anew goes on where the exercise stands: it jumps, sends by hand, adds. It stands still but for the moment in which what is due leaves.
    await hers.reload();
    await hers.getByRole('button', { name: 'Take back: A photo of the ransom note' }).waitFor();
    await hers.getByRole('button', { name: 'Jump to the next inject' }).click();
    await hers.getByRole('timer').getByText('T+04:00').waitFor();
    await hers.getByRole('button', { name: 'Resume the exercise' }).click();
    await hers.getByRole('button', { name: 'Reaction seen: IT offers to switch everything off' }).waitFor();
    await hers.getByRole('button', { name: 'Pause' }).click();
    await hers.getByRole('button', { name: 'Resume the exercise' }).waitFor();
    await hers.getByRole('button', { name: 'Send now: The staff representative asks for instructions' }).click();
    await hers.getByRole('button', { name: 'Reaction seen: The staff representative asks for instructions' }).waitFor();
    // A mail leaves as an alert, too: an exercise, to the player and to nobody else.
    await expect.poll(() => raised.length).toBe(1);
    expect(raised[0]?.body).toMatchObject({
      mode: 'exercise',
      title: { en: 'The staff representative asks for instructions' },
      audience: { include: { everyone: false, people: [bruno], groups: [] } },
      plan: { steps: [{ channels: ['email'] }] },
      answers: [{ key: 'received', meaning: 'other', label: { fr: 'Bien reçu', en: 'Received' } }],
    });
    expect(raised[0]?.headers['idempotency-key']).toMatch(/^[0-9a-f-]{36}$/);
    await hers.getByRole('button', { name: 'Add an inject' }).click();
    await hers.getByLabel('Title of the inject').fill('The lift is stuck');
    await hers.getByRole('button', { name: 'Add to the timeline' }).click();
    await hers.getByRole('button', { name: /^Show all/ }).click();
    await hers.getByRole('button', { name: 'Send now: The lift is stuck' }).click();
    await hers.getByRole('button', { name: 'Reaction seen: The emergency department calls' }).click();
    await hers.getByText(/^Reaction after/).waitFor();
    await hers.getByLabel('Objective', { exact: true }).selectOption('1. Gather the cell and open the log within 5 minutes');
    await hers.getByText('Met', { exact: true }).click();
    await hers.getByLabel('What you see').fill('Log opened at once');
    await hers.getByRole('button', { name: 'Note it' }).click();
    await hers.getByText('1 observation noted').waitFor();
    await judge(hers, 'exercises-cockpit');
    await his.goto(`${two.brunos.url}/crises`);
    await his.getByRole('link', { name: /Monday morning/ }).click();
    await his.getByText('The lift is stuck').first().waitFor();

    // How the alert stood is kept once it has ended, and stays as it was whatever the alert says later.
    // One without the mark of an exercise is none, whatever the room says: nothing of it is taken up.
    two.claires.on('GET /api/v1/alerts/*/board', { ...fireBoard, alert: { ...fireBoard.alert, mode: 'real', recipients: 312 } });
    const answered = (seconds: number): unknown => ({ answeredAt: new Date(Date.parse(fireBoard.alert.raisedAt) + 1000 * seconds).toISOString() });
    two.claires.on('GET /api/v1/alerts/*/recipients', { items: [answered(65), answered(130)], next: null });
    await hers.getByRole('button', { name: 'End the exercise' }).click();
    await hers.getByLabel('Conclusion').fill('Quick to gather, slow to tell staff.');
    await hold(hers, /End the exercise for everybody/);
    await hers.getByRole('heading', { name: /^Lessons learned/ }).waitFor();
    await hers.getByText('Log opened at once').waitFor();
    await hers.getByText('This alert is no exercise').waitFor();
    expect(await hers.getByRole('link', { name: /^See the exercise alert/ }).count()).toBe(0);
    expect(await hers.getByRole('list', { name: /^In figures: The staff/ }).count()).toBe(0);
    await judge(hers, 'exercises-report-real');
    two.claires.on('GET /api/v1/alerts/*/board', { ...fireBoard, alert: { ...fireBoard.alert, mode: 'exercise', recipients: 312 } });
    await hers.reload();
    const figures = hers.getByRole('list', { name: 'In figures: The staff representative asks for instructions' });
    await figures.getByText('312', { exact: true }).waitFor();
    await figures.getByText('236', { exact: true }).waitFor();
    await figures.getByText('01:05', { exact: true }).first().waitFor();
    two.claires.on('GET /api/v1/alerts/*/board', () => ({ status: 403, body: { code: 'forbidden', title: 'No.', status: 403 } }));
    await hers.getByLabel('New action').fill('Print the phone list');
    await hers.getByRole('button', { name: 'Add', exact: true }).click();
    await hers.getByRole('button', { name: 'Make it a task: Print the phone list' }).click();
    await hers.getByText('It is a task').waitFor();
    expect(await hers.getByRole('link', { name: /^See the exercise alert and its answers/ }).getAttribute('href')).toBe(
      '/alerts/01932b7c-0000-7000-8000-00000000a001',
    );
    expect(raised).toHaveLength(1);
    await hers.reload();
    await figures.getByText('312', { exact: true }).waitFor();
    await judge(hers, 'exercises-report');
    await hers.emulateMedia({ media: 'print' });
    expect((await hers.pdf({ format: 'A4' })).subarray(0, 5).toString()).toBe('%PDF-');
    await hers.emulateMedia({ media: 'screen' });
    await hers.goto(`${two.claires.url}/exercises`);
    await hers.getByRole('link', { name: /Ended/ }).waitFor();
    await judge(hers, 'exercises-list-over');
  });
});
