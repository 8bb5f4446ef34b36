import { readFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startBrowser } from './browser';
import { bruno, judge, said, TwoPeople, write } from './fixtures/two-people';
import type { ScriptedAnswer, ScriptedServer } from './scripted-server';

const phone = { language: 'fr', theme: 'light', width: 390 } as const;
const desktop = { language: 'en', theme: 'dark', width: 1440 } as const;

let browser: Browser;
let two: TwoPeople;

beforeAll(async () => {
  browser = await startBrowser();
});

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
        people: 2,
        holders: [{ id: bruno, name: 'Bruno Keller', rank: 0, active: true }],
        deputies: [{ id: 'f0000000-0000-7000-8000-000000000001', name: 'Agnès Lefèvre', rank: 1, active: true }],
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

/** Strategic with Bruno as director, and a communication cell of her own. */
async function fillIn(page: Page, name: string): Promise<void> {
  await page.getByLabel('Name of the crisis').fill(name);
  await page.getByText('Exercise', { exact: true }).click();
  await page.getByLabel('Severity').selectOption('Severe');
  await page.getByRole('checkbox', { name: /^Operational/ }).uncheck();
  const strategic = page.getByRole('group', { name: 'Strategic' });
  await strategic.getByLabel('Add a crisis function').selectOption('Crisis director');
  await strategic.getByText('Bruno Keller', { exact: true }).first().waitFor();
}

/** Whom the server was told to remind, by who wrote at it; null where it was told that nobody is any more. */
function reminded(server: ScriptedServer): readonly (string | null)[] {
  return server.received.flatMap(({ method, path, body }) => {
    if (method !== 'POST' || !path.endsWith('/entries')) return [];
    const { reminder } = body as { readonly reminder?: { readonly personId: string | null } | null };
    return reminder ? [reminder.personId] : [];
  });
}

describe('a crisis', () => {
  it('is_opened_seen_by_another_handed_over_caught_up_with_and_closed', async () => {
    const his = await two.open(two.brunos, phone);
    const hers = await two.open(two.claires, desktop);
    await hers.getByRole('link', { name: 'Crises' }).first().click();
    await hers.getByText('No crisis').waitFor();
    await judge(hers, 'crises-none');
    await hers.getByRole('link', { name: 'Open a crisis' }).click();
    await hold(hers, /^Open the crisis: you alone/);
    await hers.getByText('Give the crisis a name.').waitFor();
    await fillIn(hers, 'Ransomware');
    await hers.getByText(/No device ready for encryption yet.*Agnès Lefèvre/).waitFor();
    await judge(hers, 'crises-new');
    await hold(hers, /Open the crisis: you and 1 person/);

    await hers.getByRole('heading', { name: 'Ransomware', level: 1 }).waitFor();
    await hers.getByText('EXERCISE · Crisis opened: Ransomware. Severity: Severe. Cells: Strategic, Communication.').first().waitFor();
    await hers.getByText('Led by Claire', { exact: false }).first().waitFor();
    expect(two.rooms.rooms.rooms.size).toBe(3);
    await judge(hers, 'crisis-opened');

    // He sees it on his phone, in violet, and goes to his cell.
    await his.getByRole('link', { name: 'Crises' }).first().click();
    await his.getByRole('link', { name: /Ransomware/ }).waitFor();
    await judge(his, 'crises-list');
    await his.getByRole('link', { name: 'En cours' }).first().click();
    await his.getByRole('heading', { name: 'Crise en cours' }).waitFor();
    await judge(his, 'now-crisis');
    await his.getByRole('link', { name: /Ransomware/ }).click();
    await his.getByText('Vous n’êtes pas dans cette cellule').waitFor();
    await his.waitForFunction(() => document.documentElement.dataset['mode'] === 'exercise');
    const cell = his.getByRole('link', { name: 'Ouvrir la cellule Strategic' });
    await cell.click();
    await write(his, 'Serveurs coupés');
    await said(his, 'Serveurs coupés');
    // The cell wears the exercise as well, and leads back.
    await his.waitForFunction(() => document.documentElement.dataset['mode'] === 'exercise');
    await his.getByRole('link', { name: 'La crise' }).click();
    await his.getByRole('link', { name: 'Main courante de la cellule Strategic' }).click();
    await his.getByRole('button', { name: 'Inscrire une ligne' }).click();
    await his.getByText('Décision', { exact: true }).last().click();
    await his.getByLabel('Ce qui est à retenir').fill('Ne pas payer la rançon');
    await his.getByRole('button', { name: 'Inscrire', exact: true }).click();
    await hers.getByRole('link', { name: /Ne pas payer la rançon/ }).waitFor();

    // She gives him a task that is late already, and says how it stands.
    await hers.getByRole('link', { name: 'Tasks of the cell Strategic' }).click();
    await hers.getByRole('button', { name: 'Add a task' }).click();
    await hers.getByLabel('What is to be done').fill('Call the insurer');
    await hers.getByLabel('Who does it').selectOption('Bruno Keller');
    await hers.getByLabel(/^By when/).fill('2020-01-01T08:00');
    await hers.getByRole('button', { name: 'Add', exact: true }).click();
    await hers.getByText('Call the insurer').first().waitFor();
    await hers.goBack();
    await hers.getByText('1 overdue task').first().waitFor();
    await hers.getByRole('button', { name: 'Update the situation' }).click();
    await hers.getByRole('button', { name: 'Enter', exact: true }).click();
    await hers.getByText('Change the status or the severity, or say what changes.').waitFor();
    await hers.getByLabel('Status').selectOption('Responding');
    await hers.getByLabel('What changes, and why').fill('Network is cut off from the Internet.');
    await judge(hers, 'crisis-change');
    await hers.getByRole('button', { name: 'Enter', exact: true }).click();
    await his.goBack();
    await his.getByText('Réponse en cours', { exact: true }).first().waitFor();
    await his.getByText('EXERCISE · Status: Responding. Network is cut off from the Internet.').waitFor();

    // Her shift ends: he takes over once he says so.
    await hers.getByRole('button', { name: 'Hand over' }).click();
    await hers.getByLabel('To whom').selectOption('Bruno Keller');
    await hers.getByLabel('How things stand').fill('Backups are safe. Waiting for the regulator.');
    expect(await hers.getByLabel('What is still open').inputValue()).toBe('Call the insurer');
    await judge(hers, 'crisis-hand-over');
    await hers.getByRole('dialog').getByRole('button', { name: 'Hand over' }).click();
    await hers.getByText(/who has not taken over yet/).waitFor();
    await his.getByRole('button', { name: /^Prendre la relève de Claire/ }).click();
    await his.getByRole('dialog').getByText('Backups are safe. Waiting for the regulator.').waitFor();
    await judge(his, 'crisis-take-over');
    await his.getByRole('button', { name: 'Je prends la relève' }).click();
    await hers.getByText('Led by Bruno Keller').first().waitFor();
    await hers.getByText(/Taken over by Bruno Keller/).waitFor();
    await judge(hers, 'crisis-desktop');
    await judge(his, 'crisis-phone');

    // On a phone the report comes before what can be left out of it, and printing is under the thumb.
    await his.getByRole('link', { name: 'Rapport à imprimer' }).click();
    await his.getByText('13 sur 13').waitFor();
    const print = await his.getByRole('button', { name: 'Imprimer' }).boundingBox();
    expect(print?.y ?? 0).toBeGreaterThan(600);
    const sections = his.getByRole('group', { name: 'Rubriques à inclure' });
    expect(await sections.isVisible()).toBe(false);
    await his.getByText('Rubriques à inclure', { exact: true }).click();
    await sections.getByRole('button', { name: 'Tâches', pressed: true }).click();
    await his.getByText('12 sur 13').waitFor();
    await judge(his, 'crisis-report-sections');
    await his.goBack();

    await his.getByRole('link', { name: 'Rattraper' }).click();
    await his.getByRole('heading', { name: /Rattraper/, level: 1 }).waitFor();
    await his
      .getByRole('link', { name: /Ne pas payer la rançon/ })
      .first()
      .waitFor();
    await his.getByRole('link', { name: /Call the insurer/ }).waitFor();
    await judge(his, 'crisis-catch-up');
    await his.goBack();

    // What changed the crisis stands in the log of its room, each once.
    await hers.getByRole('link', { name: 'Log', exact: true }).click();
    await hers.getByText('No. 4').waitFor();
    expect(await hers.locator('article p.text').count()).toBe(4);
    await hers.goBack();

    await his.getByRole('button', { name: 'Clore la crise' }).click();
    await his.getByText('1 tâche est encore ouverte : son rappel s’arrête.').waitFor();
    await his.getByLabel('La fin d’alerte est envoyée').check();
    await his.getByLabel('Comment la crise se termine').fill('Services rétablis.');
    await judge(his, 'crisis-close');
    await hold(his, /^Clore la crise pour 2 personnes/);
    await hers.getByText('Closed by Bruno Keller').waitFor();
    // Nobody is reminded any more of what stays open, until it goes on.
    await expect.poll(() => reminded(two.brunos)).toEqual([null]);
    await hers.getByText(/La fin d’alerte est envoyée/).waitFor();
    await judge(hers, 'crisis-closed');
    // Its log offers no further line, and says where to open it again.
    await hers.getByRole('link', { name: 'Log', exact: true }).first().click();
    await hers.getByText('The crisis is closed', { exact: true }).waitFor();
    expect(await hers.getByRole('button', { name: 'Enter a line' }).count()).toBe(0);
    await judge(hers, 'crisis-closed-log');
    await hers.getByRole('link', { name: 'Open the crisis again…' }).click();
    await hers.getByRole('button', { name: 'Open the crisis again' }).click();
    await hers.getByLabel('Why open it again').fill('A second site is hit.');
    await hers.getByRole('dialog').getByRole('button', { name: 'Open the crisis again' }).click();
    await his.getByText('EXERCISE · Crisis opened again: A second site is hit.').waitFor();
    await expect.poll(() => reminded(two.claires)).toEqual([bruno, bruno]);

    // All its rooms in one archive, which `tocsin verify` reads.
    await his.getByRole('button', { name: 'Exporter la crise' }).click();
    const dialog = his.getByRole('dialog');
    await dialog.getByText('Qui a l’archive lit tout').waitFor();
    await judge(his, 'crisis-export');
    const [download] = await Promise.all([his.waitForEvent('download'), dialog.getByRole('button', { name: 'Exporter', exact: true }).click()]);
    await dialog.getByText('La crise est exportée.').waitFor();
    expect(download.suggestedFilename()).toBe('Ransomware.tocsin-crisis');
    const archive = await readFile(await download.path());
    if (process.env['SCREENSHOTS'] !== undefined) await download.saveAs(`${process.env['SCREENSHOTS']}/crisis.tocsin-crisis`);
    expect(archive.subarray(0, 16).toString()).toBe('tocsin crisis 1\n');
    // The rooms are sealed; the report for people, which follows them, is in clear.
    const report = archive.indexOf('report.html');
    expect(archive.subarray(0, report).includes('Services rétablis.')).toBe(false);
    expect(archive.subarray(report).includes('Services rétablis.')).toBe(true);
    await dialog.getByRole('button', { name: 'Fermer' }).click();

    // All of it is there after a reload, and without a server.
    await his.reload();
    await his.getByText('EXERCISE · Crisis opened again: A second site is hit.').waitFor();
  });

  it('whose_opening_is_cut_short_is_continued_and_not_doubled', async () => {
    await two.open(two.brunos, phone);
    const hers = await two.open(two.claires, desktop);
    await hers.goto(`${two.claires.url}/crises/new`);
    await fillIn(hers, 'Flood');
    // The line breaks while the second of three rooms is being filled.
    let left = 9;
    two.claires.guard = ({ method, path }): ScriptedAnswer | undefined =>
      method !== 'POST' || !path.endsWith('/entries') || left-- > 0
        ? undefined
        : { status: 503, body: { code: 'unavailable', title: 'Unavailable', status: 503 } };
    await hold(hers, /Open the crisis: you and 1 person/);
    await hers.getByText('An opening was interrupted: Flood').waitFor();
    await judge(hers, 'crises-interrupted');
    left = Infinity;
    // The browser was closed meanwhile, and the list says what is unfinished.
    await hers.goto(`${two.claires.url}/crises`);
    await hers.getByRole('link', { name: 'Go on opening' }).click();
    await hers.getByRole('button', { name: 'Go on opening' }).click();
    await hers.getByRole('heading', { name: 'Flood', level: 1 }).waitFor();
    expect(two.rooms.rooms.rooms.size).toBe(3);
    await hers.getByRole('link', { name: 'Messages', exact: true }).first().waitFor();
    expect(await hers.getByText('Crisis opened: Flood', { exact: false }).count()).toBe(1);
    expect(await hers.getByRole('link', { name: /^Open the cell/ }).count()).toBe(2);
  });

  it('takes_in_people_and_cells_while_it_is_under_way', async () => {
    const his = await two.open(two.brunos, { ...phone, language: 'en' });
    const hers = await two.open(two.claires, { ...desktop, language: 'en', theme: 'light' });
    await hers.goto(`${two.claires.url}/crises/new`);
    await hers.getByLabel('Name of the crisis').fill('Power cut');
    await hers.getByText('Real', { exact: true }).click();
    for (const cell of ['Operational', 'Communication']) await hers.getByRole('checkbox', { name: new RegExp(`^${cell}`) }).uncheck();
    await hold(hers, /^Open the crisis: you alone/);
    await hers.getByRole('heading', { name: 'Power cut', level: 1 }).waitFor();
    expect(await hers.evaluate(() => document.documentElement.dataset['mode'])).toBeUndefined();
    await hers.getByRole('button', { name: 'Add people' }).click();
    await hers.getByLabel('In which cell').selectOption('Strategic');
    await hers.getByRole('dialog').getByLabel('People').fill('Bruno');
    await hers.getByRole('button', { name: /Bruno Keller/ }).click();
    await hers.getByRole('button', { name: 'Add to the crisis' }).click();
    await his.goto(`${two.brunos.url}/crises`);
    await his.getByRole('link', { name: /Power cut/ }).click();
    await his.getByRole('link', { name: 'Open the cell Strategic' }).waitFor();
    // Whoever comes midway reads it from the beginning.
    await his.getByText(/Crisis opened: Power cut/).waitFor();
    await his.getByRole('button', { name: 'Open another cell' }).click();
    await his.getByRole('button', { name: 'Open the cell', exact: true }).click();
    await his.getByText('Give the cell a name.').waitFor();
    await his.getByLabel('Name of the cell').fill('Generators');
    await judge(his, 'crisis-add-cell');
    await his.getByRole('button', { name: 'Open the cell', exact: true }).click();
    await his.getByRole('link', { name: 'Open the cell Generators' }).waitFor();
    await hers.getByText('You are not in this cell').waitFor();
    await hers.getByText('Cell opened: Generators.').waitFor();
  });

  it('counts_what_it_owes_to_authorities_and_records_what_was_submitted', { timeout: 180_000 }, async () => {
    const his = await two.open(two.brunos, phone);
    const hers = await two.open(two.claires, desktop);
    two.claires.on('GET /api/v1/settings/reporting-terms', {
      gdpr: {
        authority: 'Autorité nationale',
        submitUrl: 'https://authority.example/report',
        submitMail: 'breach@authority.example',
        submitPhone: '+33 1 23 45 67 89',
        citation: 'Loi nationale, art. 7',
        clocks: [],
        fields: [{ step: 'notification', id: 'a1', label: 'Numéro SIREN' }],
      },
    });
    await hers.goto(`${two.claires.url}/crises/new`);
    await fillIn(hers, 'Data leak');
    await hold(hers, /Open the crisis: you and 1 person/);
    await hers.getByRole('heading', { name: 'Data leak', level: 1 }).waitFor();
    await hers.getByRole('link', { name: 'Reports to authorities' }).click();
    await hers.getByText('No report is owed so far').waitFor();
    await judge(hers, 'reporting-none');

    // Two laws: the clock with the least time is the one that the crisis shows.
    await hers.getByRole('button', { name: 'Start the clocks' }).click();
    const dialog = hers.getByRole('dialog');
    await dialog.getByLabel('Aware since').fill('2999-01-01T00:00');
    await dialog.getByRole('button', { name: 'Start the clocks' }).click();
    await dialog.getByText('Give the day and the time, not in the future.').waitFor();
    await judge(hers, 'reporting-start');
    await dialog.getByLabel('Aware since').fill('2020-01-01T08:00');
    await dialog.getByRole('button', { name: 'Start the clocks' }).click();
    await hers.getByRole('heading', { name: 'NIS 2: significant incident' }).waitFor();
    await hers.getByRole('button', { name: 'Add another law' }).click();
    await dialog.getByRole('radio', { name: /^GDPR/ }).check();
    // What an administrator has set for the country is there, and stays with this clock.
    expect(await dialog.getByLabel('Which authority').inputValue()).toBe('Autorité nationale');
    await dialog.getByText('The national terms that an administrator has set hold.').last().waitFor();
    await dialog.getByRole('button', { name: 'Start the clocks' }).click();
    await hers.getByRole('heading', { name: 'GDPR: personal data breach' }).waitFor();
    await hers.getByRole('link', { name: 'https://authority.example/report' }).waitFor();
    two.claires.on('GET /api/v1/settings/reporting-terms', {});
    await hers.reload();
    await hers.getByText('With the national terms that held when this clock was started.').waitFor();
    await hers.getByText('Text: Regulation (EU) 2016/679, art. 33; Loi nationale, art. 7').waitFor();

    await his.goto(`${two.brunos.url}/crises`);
    await his.getByRole('link', { name: /Data leak/ }).click();
    await his.getByText('Alerte précoce due à National CSIRT').waitFor();
    await judge(his, 'reporting-on-crisis');
    await his.getByRole('link', { name: 'Déclarations' }).first().click();
    await his.getByText('RGPD : violation de données personnelles').waitFor();
    await judge(his, 'reporting-phone');

    // He prepares it; what the crisis knows stands there already.
    await his.getByRole('button', { name: 'Préparer : Alerte précoce' }).click();
    const question = his.getByRole('dialog');
    expect(await question.getByLabel('Ce qui s’est passé').inputValue()).toContain('Data leak');
    await question.getByLabel('Acte illicite ou malveillant suspecté').fill('Oui');
    await judge(his, 'reporting-prepare');
    // A slip closes nothing: not Escape, however often, nor the cross.
    const cross = question.getByRole('button', { name: 'Fermer', exact: true });
    for (const slip of [(): Promise<void> => his.keyboard.press('Escape'), (): Promise<void> => cross.click()]) {
      await slip();
      await question.getByText('Ce que vous avez écrit ici n’est pas enregistré.').waitFor();
      await judge(his, 'reporting-not-saved');
      await his.keyboard.press('Escape');
      await question.getByRole('button', { name: 'Continuer à écrire' }).click();
      expect(await question.getByLabel('Acte illicite ou malveillant suspecté').inputValue()).toBe('Oui');
    }
    await his.keyboard.press('Escape');
    await question.getByRole('button', { name: 'Fermer sans enregistrer' }).click();
    await question.waitFor({ state: 'detached' });
    // What nobody typed in goes without a word.
    await his.getByRole('button', { name: 'Préparer : Alerte précoce' }).click();
    await his.keyboard.press('Escape');
    await question.getByRole('button', { name: 'Enregistrer' }).waitFor({ state: 'detached' });
    await his.getByRole('button', { name: 'Préparer : Alerte précoce' }).click();
    expect(await question.getByLabel('Acte illicite ou malveillant suspecté').inputValue()).toBe('');
    await question.getByLabel('Acte illicite ou malveillant suspecté').fill('Oui');
    await question.getByRole('button', { name: 'Enregistrer' }).click();
    const warning = hers.getByRole('listitem').filter({ has: hers.getByRole('heading', { name: 'Early warning' }) });
    await warning.getByText('1 point to fill in').waitFor();

    await hers.getByRole('button', { name: 'Submitted: Early warning' }).click();
    await dialog.getByText('1 point was not filled in here.').waitFor();
    await dialog.getByLabel('What the authority calls it').fill('INC-7');
    await judge(hers, 'reporting-submit');
    await dialog.getByRole('button', { name: 'Note the submission' }).click();
    await warning.getByText('After its time').waitFor();
    await his.getByText(/référence INC-7/).waitFor();
    await hers.getByRole('button', { name: 'The authority asks for it' }).click();
    await dialog.getByRole('button', { name: 'Note the request' }).click();
    await hers.getByText('Asked for, no time given').waitFor();
    await judge(hers, 'reporting-desktop');

    const gdpr = hers.getByRole('region', { name: 'GDPR: personal data breach' });
    await gdpr.getByRole('button', { name: 'Nothing is owed' }).click();
    await dialog.getByLabel('Why nothing is owed').fill('Only test data.');
    await dialog.getByRole('button', { name: 'Stop the clocks' }).click();
    await gdpr.getByText('Stopped: nothing is owed').waitFor();

    await hers.getByRole('link', { name: 'Data leak' }).first().click();
    await hers.getByRole('link', { name: 'Log', exact: true }).click();
    await hers.getByText('EXERCISE · Submitted to National CSIRT: Early warning (NIS 2: significant incident), reference INC-7.').waitFor();
    await hers.getByText(/GDPR: personal data breach: nothing is owed to Autorité nationale\. Only test data\./).waitFor();
  });
});
