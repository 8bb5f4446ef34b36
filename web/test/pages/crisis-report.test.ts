import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Bulletin, BulletinSummary } from '../../src/transport/contract/bulletins';
import { startBrowser } from './browser';
import { fire } from './fixtures/alerts';
import { fireBoard } from './fixtures/board';
import { bulletin, bulletinSummaries } from './fixtures/bulletins';
import { fillCrisis, hold } from './fixtures/filled-crisis';
import { joined } from './fixtures/meetings';
import { judge, TwoPeople } from './fixtures/two-people';
import { director } from './fixtures/hospital';

const pictures = process.env['SCREENSHOTS'];
const meetingId = '01932b7c-0000-7000-8000-00000000d009';

let browser: Browser;
let two: TwoPeople;

beforeAll(async () => {
  browser = await startBrowser();
  two = await TwoPeople.start(browser);
});

afterAll(() => two.stop());

/** The whole length of a page in both widths, for whoever asks for pictures. */
async function whole(page: Page, name: string): Promise<void> {
  if (!pictures) return;
  const size = page.viewportSize();
  for (const width of [390, 1440]) {
    await page.setViewportSize({ width, height: 900 });
    await page.screenshot({ path: join(pictures, `${name}-whole-${width}.png`), fullPage: true });
  }
  if (size) await page.setViewportSize(size);
}

/** Words on paper whose ink is not dark enough to be read on white, but for the mark behind the text. */
function paleInk(): string[] {
  const pale: string[] = [];
  for (const element of document.querySelectorAll('body *')) {
    const hasText = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim());
    if (!hasText || !element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) || element.closest('.watermark, .visually-hidden'))
      continue;
    const { color } = getComputedStyle(element);
    const parts = color.match(/[\d.]+/g)?.map(Number) ?? [];
    const [red = 0, green = 0, blue = 0] = parts.slice(0, 3).map((part) => (part / 255) ** 2.2);
    if (0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.18) pale.push(`${color}: ${element.textContent?.trim().slice(0, 40) ?? ''}`);
  }
  return pale;
}

const key = (byte: number): string => Buffer.alloc(32, byte).toString('base64');

describe('a whole crisis', () => {
  let hers: Page;
  let his: Page;
  let crisis: string;

  it('keeps_who_was_in_its_calls_also_a_guest', async () => {
    his = await two.open(two.brunos, { language: 'fr', theme: 'light', width: 390 });
    hers = await two.open(two.claires, { language: 'en', theme: 'dark', width: 1440 });
    // The alert is slow to come: what was typed and chosen meanwhile stays, and the rest is said by it.
    let answer = (): void => undefined;
    const asked = new Promise<void>((done) => (answer = done));
    two.claires.on('GET /api/v1/alerts/*/board', async () => {
      await asked;
      return { body: fireBoard };
    });
    two.claires.on('GET /api/v1/alerts/*/export.csv', () => ({ body: new Uint8Array([65]) }));
    two.claires.on('GET /api/v1/alerts/*/export.pdf', () => ({ body: new Uint8Array([66]) }));
    await hers.goto(`${two.claires.url}/crises/new?alert=${fire.id}`);
    await hers.getByLabel('Name of the crisis').fill('Ransomware');
    await hers.getByText('Exercise', { exact: true }).click();
    answer();
    await hers.getByRole('option', { name: 'Extreme', selected: true }).waitFor({ state: 'attached' });
    expect(await hers.getByLabel('Name of the crisis').inputValue()).toBe('Ransomware');
    expect(await hers.getByRole('radio', { name: 'Exercise' }).isChecked()).toBe(true);
    for (const cell of ['Operational', 'Communication']) await hers.getByRole('checkbox', { name: new RegExp(`^${cell}`) }).uncheck();
    const strategic = hers.getByRole('group', { name: 'Strategic' });
    await strategic.getByLabel('People').fill('Bruno');
    await strategic.getByRole('button', { name: /Bruno Keller/ }).click();
    await hold(hers, /Open the crisis: you and 1 person/);
    await hers.getByRole('button', { name: 'Update the situation' }).waitFor();
    crisis = hers.url();
    const roomId = crisis.split('/').at(-1) ?? '';

    two.claires.on('GET /api/v1/meetings/*', {
      id: meetingId,
      title: 'Call of a room',
      alertId: null,
      roomId,
      openTo: 'invited',
      isLocked: false,
      hasWaitingRoom: false,
      openedBy: 'Claire Fontaine',
      openedAt: '2026-11-22T08:30:00Z',
      endedAt: null,
      isHost: true,
      participantCount: 1,
    });
    two.claires.on('GET /api/v1/meetings/router', joined.routerRtpCapabilities);
    const [me, driss, emma, guest] = joined.participants;
    if (!me || !driss || !emma || !guest) throw new Error('no call of four');
    two.claires.hub.joined = {
      ...joined,
      meeting: { ...joined.meeting, id: meetingId, alertId: null },
      participants: [
        { ...me, personId: director.personId, deviceKey: key(1) },
        { ...guest, name: 'Lieutenant Moreau <b>', deviceKey: key(2) },
      ],
      waiting: [],
    };
    await hers.goto(`${two.claires.url}/meetings/${meetingId}`);
    await hers.getByText('Call of a crisis: when you come and go is kept, encrypted, in its record.').waitFor();
    await judge(hers, 'attendance-before');
    await hers.getByRole('button', { name: 'Go into the meeting' }).click();
    await hers.getByRole('button', { name: 'Leave the meeting' }).click();
    await hers.getByRole('button', { name: 'Join again' }).waitFor();

    await hers.goto(`${crisis}/catch-up`);
    const calls = hers.getByRole('region', { name: 'Calls' });
    await calls.getByText('Claire Fontaine', { exact: true }).waitFor();
    await calls.getByText('Lieutenant Moreau <b>, guest; host: Claire Fontaine').waitFor();
    await judge(hers, 'attendance-catch-up');
    await hers.goto(`${two.claires.url}/rooms/${roomId}/log`);
    await hers.getByRole('region', { name: 'Calls' }).getByText('2 people').waitFor();
    await judge(hers, 'attendance-log');
    await his.goto(`${crisis.replace(two.claires.url, two.brunos.url)}/catch-up`);
    await his.getByRole('region', { name: 'Appels' }).getByText('Lieutenant Moreau <b>, personne invitée ; hôte : Claire Fontaine').waitFor();
  });

  it('has_bulletins_that_are_begun_from_it_or_linked', async () => {
    const written: Bulletin = { ...bulletin, mode: 'exercise', endedAt: null };
    const summaries: BulletinSummary[] = bulletinSummaries.flatMap((one) => [
      { ...one, mode: 'exercise' },
      { ...one, id: '01932b7c-0000-7000-8000-00000000b009', number: 5, mode: 'exercise', publishedAt: null, state: 'draft' },
    ]);
    two.claires.on('POST /api/v1/bulletins', written);
    two.claires.on('GET /api/v1/bulletins', { items: summaries, next: null });
    two.claires.on('GET /api/v1/bulletins/*', written);
    await hers.goto(crisis);
    await hers.getByRole('link', { name: 'Write a bulletin' }).click();
    await hers.getByLabel('Title').first().fill('Le réseau est coupé');
    await hers.getByRole('button', { name: 'Save the draft' }).click();
    await hers.waitForURL('**/desk');
    await hers.goto(crisis);
    const bulletins = hers.getByRole('region', { name: 'Bulletins' });
    await bulletins.getByRole('link', { name: /^Bulletin no\./ }).waitFor();
    await bulletins.getByRole('button', { name: 'Link an existing bulletin' }).click();
    await judge(hers, 'crisis-bulletins-link');
    await hers.getByRole('dialog').getByRole('button', { name: 'Link to the crisis' }).click();
    await expect.poll(() => bulletins.getByRole('link', { name: /^Bulletin no\./ }).count()).toBe(2);
    await judge(hers, 'crisis-bulletins');
    await his.getByRole('region', { name: 'Bulletins' }).getByText('2 bulletins que votre compte ne peut pas lire').waitFor();
  });

  it('takes_a_whole_night', { timeout: 300_000 }, () => fillCrisis(hers, his, crisis, crisis.replace(two.claires.url, two.brunos.url)));

  it('is_one_report_for_people_to_print', async () => {
    await hers.getByRole('button', { name: 'Update the situation' }).click();
    await hers.getByLabel('What changes, and why').fill('Network is <i>cut off</i> from the Internet.');
    await hers.getByRole('button', { name: 'Enter', exact: true }).click();
    await hers.getByRole('link', { name: 'Report to print' }).click();
    const main = hers.getByRole('main');
    for (const section of ['In brief', 'Timeline', 'Calls and attendance', 'Bulletins', 'Origin and proof'])
      await main.getByRole('heading', { name: section, exact: true }).waitFor();
    await main.getByRole('cell', { name: /Lieutenant Moreau <b>, guest/ }).waitFor();
    await main.getByRole('cell', { name: /Fact · EXERCISE · Network is <i>cut off<\/i>/ }).waitFor();
    await main
      .getByRole('heading', { name: /^Bulletin no\. \d+/ })
      .first()
      .waitFor();
    expect(await main.getByRole('cell', { name: /^[0-9a-f]{64}$/ }).count()).toBeGreaterThan(1);
    // What was corrected stands with what it said before, and each part has its own.
    for (const words of [
      /Fact · Power cut in buildings C and D[^]*Building D as well[^]*Power cut in building C/,
      /Three sites are down[^]*Figures at 18:00[^]*The third was found later[^]*Two sites are down/,
      /INC-7/,
      /Backups are safe\. Waiting for the regulator\./,
      /^Plan of the building/,
    ])
      await main.getByRole('cell', { name: words }).first().waitFor();
    await main.getByRole('heading', { name: 'Situation report no. 1' }).waitFor();
    await main.getByRole('heading', { name: 'Fire in building C: leave now' }).waitFor();
    await judge(hers, 'crisis-report');
    await whole(hers, 'crisis-report');

    // What is not chosen is not printed.
    await main.getByRole('button', { name: 'Tasks', pressed: true }).click();
    expect(await main.getByRole('heading', { name: 'Tasks', exact: true }).count()).toBe(0);
    await main.getByRole('button', { name: 'Include everything' }).click();
    await hers.emulateMedia({ media: 'print' });
    expect(await main.getByRole('group', { name: 'Sections to include' }).isVisible()).toBe(false);
    expect(await hers.locator('.watermark').isVisible()).toBe(true);
    const rules = await hers.evaluate(() => document.adoptedStyleSheets.flatMap((sheet) => [...sheet.cssRules].map(({ cssText }) => cssText)).join());
    expect(rules).toContain('EXERCISE');
    expect(rules).toContain('counter(page)');
    // Paper is white, whatever the theme of the screen: nothing is printed in the light ink of a dark one.
    for (const colorScheme of ['light', 'dark'] as const) {
      await hers.emulateMedia({ media: 'print', colorScheme });
      expect(await hers.evaluate(paleInk)).toEqual([]);
    }
    const pdf = await hers.pdf({ preferCSSPageSize: true });
    if (pictures) {
      const { writeFile } = await import('node:fs/promises');
      await writeFile(join(pictures, 'crisis-report.pdf'), pdf);
      await hers.setViewportSize({ width: 794, height: 1123 });
      await hers.screenshot({ path: join(pictures, 'crisis-report-print.png'), fullPage: true });
    }
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    expect(pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0).toBeGreaterThan(1);
    await hers.emulateMedia({ media: 'screen' });

    const french = his;
    await french.goto(`${crisis.replace(two.claires.url, two.brunos.url)}/report`);
    await french.getByRole('heading', { name: 'Chronologie' }).waitFor();
    await judge(french, 'crisis-report-fr');
    await whole(french, 'crisis-report-fr');
  });

  it('takes_its_report_into_the_archive_where_it_opens_without_a_server', async () => {
    await hers.goto(crisis);
    await hers.getByRole('button', { name: 'Export the crisis' }).click();
    const dialog = hers.getByRole('dialog');
    const [download] = await Promise.all([hers.waitForEvent('download'), dialog.getByRole('button', { name: 'Export', exact: true }).click()]);
    await dialog.getByText('The crisis is exported.').waitFor();
    const archive = (await readFile(await download.path())).toString('utf8');
    if (pictures) await download.saveAs(join(pictures, 'report.tocsin-crisis'));
    const html = archive.slice(archive.indexOf('<!doctype html>'), archive.indexOf('</html>') + '</html>'.length);
    const context = await browser.newContext({ offline: true, javaScriptEnabled: false });
    const page = await context.newPage();
    await page.setContent(html);
    await page.getByRole('heading', { name: 'Report of the crisis “Ransomware”' }).waitFor();
    expect(await page.locator('td', { hasText: 'Lieutenant Moreau <b>, guest' }).count()).toBe(1);
    expect(await page.locator('.mark').textContent()).toBe('EXERCISE');
    const pdf = await page.pdf({ preferCSSPageSize: true });
    expect(pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0).toBeGreaterThan(1);
    if (pictures) {
      const { writeFile } = await import('node:fs/promises');
      await writeFile(join(pictures, 'report.html'), html);
      await writeFile(join(pictures, 'report.pdf'), pdf);
      await page.screenshot({ path: join(pictures, 'crisis-report-file.png'), fullPage: true });
    }
    await context.close();
  });
});
