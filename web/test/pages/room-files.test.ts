import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
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
const partLength = 512 * 1024;
const pictures = process.env['SCREENSHOTS'];

let browser: Browser;
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
    server.on('GET /api/v1/people', {
      items: [{ id: bruno, name: 'Bruno Keller', jobTitle: 'Biomédical', siteName: null, active: true }],
      next: null,
    });
    server.on('GET /api/v1/rotas/on-duty', { items: [] });
  }
  rooms.script(claires, director.personId);
  rooms.script(brunos, bruno);
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

async function begin(page: Page, withBruno: boolean): Promise<void> {
  await page.getByRole('button', { name: 'New room' }).click();
  await page.getByLabel('Name of the room').fill('Logistics');
  if (withBruno) {
    await page.getByLabel('People').fill('Bruno');
    await page.getByRole('button', { name: /Bruno Keller/ }).click();
  }
  await page.getByRole('button', { name: 'Begin the room' }).click();
  await page.getByRole('heading', { name: 'Logistics' }).waitFor();
}

/** Can it be read and used by everyone? Pictures for whoever asks for them. */
async function judge(page: Page, name: string): Promise<void> {
  await page.waitForFunction(() => document.fonts.status === 'loaded');
  expect(await page.evaluate(measureSmallThings)).toEqual([]);
  expect(await axeViolations(page)).toEqual([]);
  if (pictures) await page.screenshot({ path: `${pictures}/${name}.png` });
}

function content(length: number): Buffer {
  return Buffer.from(Uint8Array.from({ length }, (_, at) => (at * 31 + (at >> 9)) & 0xff));
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function choose(page: Page, ...files: { name: string; mimeType: string; buffer: Buffer }[]): Promise<void> {
  return page.locator('input[type=file]').setInputFiles(files);
}

async function downloaded(page: Page, name: RegExp): Promise<{ readonly name: string; readonly bytes: Buffer }> {
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name }).click()]);
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}

describe('files in rooms', () => {
  it('are_sealed_here_and_read_by_members_under_a_harmless_name', async () => {
    const his = await freshBrowser(brunos, phone);
    const hers = await freshBrowser(claires, desktop);
    await begin(hers, true);
    const secret = Buffer.concat([Buffer.from('<script>document.title="run"</script> PLANTED SECRET'), content(2 * partLength)]);
    await choose(hers, { name: '../..\u202egnp.plan.html', mimeType: 'text/html', buffer: secret });
    await hers.getByRole('button', { name: /^Download .*plan\.html/ }).waitFor();
    expect(rooms.files.size).toBe(1);
    for (const { parts } of rooms.files.values()) for (const part of parts.values()) expect(part.includes('PLANTED SECRET')).toBe(false);
    await his.getByRole('link', { name: /Logistics/ }).click();
    const got = await downloaded(his, /^Download .*plan\.html/);
    expect(got.name).toBe('_..gnp.plan.html');
    expect(hashOf(got.bytes)).toBe(hashOf(secret));
    await his.getByText('was downloaded and verified').waitFor();
    await judge(his, 'room-file-phone');
    await judge(hers, 'room-file-desktop');

    // The server gives one part in place of another, as it came from the same person for the same room.
    const [file] = rooms.files.values();
    const [first, second] = [file?.parts.get(0) as Buffer, file?.parts.get(1) as Buffer];
    file?.parts.set(0, second).set(1, first);
    await his.getByRole('button', { name: /^Download/ }).click();
    await his.getByText('This file is not the one that was sent').waitFor();
    await judge(his, 'room-file-damaged');
  });

  it('go_on_after_the_line_and_the_page_were_lost_and_are_in_the_room_once', async () => {
    const hers = await freshBrowser(claires, phone);
    await begin(hers, false);
    const bytes = content(6 * partLength + 7);
    let sent = 0;
    claires.guard = ({ method, path }) =>
      method === 'PUT' && path.includes('/parts/') && ++sent > 3
        ? { status: 503, body: { code: 'unavailable', title: 'Down.', status: 503 } }
        : undefined;
    await choose(hers, { name: 'plan.pdf', mimeType: 'application/pdf', buffer: bytes });
    await hers.getByText('Waiting for the link: plan.pdf').waitFor();
    await judge(hers, 'room-file-waiting');
    const before = new Map([...(([...rooms.files.values()][0]?.parts ?? []) as Iterable<readonly [number, Buffer]>)]);
    expect(before.size).toBe(3);
    await hers.reload();
    await hers.getByText('Waiting for the link: plan.pdf').waitFor();
    claires.guard = () => undefined;
    await hers.getByRole('button', { name: /^Download plan\.pdf/ }).waitFor();
    const got = await downloaded(hers, /^Download plan\.pdf/);
    expect(hashOf(got.bytes)).toBe(hashOf(bytes));
    // What had arrived was not sent again, and the message is there once, also after another reload.
    const twice = claires.received.filter(({ method, path }) => method === 'PUT' && path.endsWith('/parts/0')).length;
    expect(twice).toBe(1);
    await hers.reload();
    await hers.getByRole('button', { name: /^Download plan\.pdf/ }).waitFor();
    expect(await hers.getByRole('button', { name: /^Download plan\.pdf/ }).count()).toBe(1);
    expect(await hers.getByRole('list', { name: 'Files being sent' }).count()).toBe(0);
  });

  it('are_dropped_pasted_shown_small_and_called_back', async () => {
    const hers = await freshBrowser(claires, desktop);
    await begin(hers, false);
    // A picture that the browser itself draws, dropped; and one pasted into the field.
    await hers.evaluate(async () => {
      const canvas = new OffscreenCanvas(800, 400);
      const context = canvas.getContext('2d');
      if (context) [context.fillStyle, context.lineWidth] = ['teal', 4];
      context?.fillRect(0, 0, 800, 400);
      const blob = await canvas.convertToBlob({ type: 'image/png' });
      const give = (name: string): DataTransfer => {
        const data = new DataTransfer();
        data.items.add(new File([blob], name, { type: 'image/png' }));
        return data;
      };
      document.querySelector('.room')?.dispatchEvent(new DragEvent('drop', { dataTransfer: give('dropped.png'), bubbles: true, cancelable: true }));
      document
        .querySelector('textarea')
        ?.dispatchEvent(new ClipboardEvent('paste', { clipboardData: give('pasted.png'), bubbles: true, cancelable: true }));
    });
    for (const name of ['dropped.png', 'pasted.png']) {
      const picture = hers.getByRole('img', { name: `Preview of ${name}` });
      await picture.waitFor();
      const size = await picture.evaluate(async (image: HTMLImageElement) => {
        await image.decode();
        return [image.naturalWidth, image.naturalHeight];
      });
      expect(size).toEqual([320, 160]);
      expect(await picture.getAttribute('src')).toMatch(/^data:image\/webp;base64,/);
    }
    await judge(hers, 'room-pictures');

    claires.guard = ({ method, path }) =>
      method === 'PUT' && path.includes('/parts/') ? { status: 503, body: { code: 'unavailable', title: 'Down.', status: 503 } } : undefined;
    await choose(hers, { name: 'mistake.pdf', mimeType: 'application/pdf', buffer: content(10) });
    await hers.getByRole('button', { name: 'Cancel sending mistake.pdf' }).click();
    await hers.getByText('mistake.pdf').waitFor({ state: 'hidden' });
    await expect.poll(() => rooms.files.size).toBe(2);
    claires.guard = ({ method, path }) =>
      method === 'PUT' && /files\/[^/]+$/.test(path) ? { status: 409, body: { code: 'room-files-full', title: 'Full.', status: 409 } } : undefined;
    await choose(hers, { name: 'refused.pdf', mimeType: 'application/pdf', buffer: content(10) });
    await hers.getByText('The server has used up all the space').waitFor();
    await judge(hers, 'room-file-refused');
    claires.guard = () => undefined;
    await hers.getByRole('button', { name: 'Try again to send refused.pdf' }).click();
    await hers.getByRole('button', { name: /^Download refused\.pdf/ }).waitFor();
  });

  it('are_spoken_and_listened_to_with_the_keyboard', async () => {
    const hers = await freshBrowser(claires, { ...phone, theme: 'dark' });
    await contexts[0]?.grantPermissions(['microphone']);
    await begin(hers, false);
    await hers.getByRole('button', { name: 'Record a voice message' }).press('Enter');
    await hers.getByText(/Recording: 0:(0[2-9]|[1-5]\d) of 5:00/).waitFor();
    await judge(hers, 'room-voice-recording');
    await hers.getByRole('button', { name: 'Send the recording' }).press('Enter');
    const play = hers.getByRole('button', { name: 'Play', exact: true });
    await play.waitFor();
    await judge(hers, 'room-voice');
    await play.press('Enter');
    const slider = hers.getByRole('slider', { name: 'Position in the voice message' });
    await expect.poll(() => slider.getAttribute('aria-valuetext')).toMatch(/^0:0[1-9] of 0:\d\d$/);
    expect(await hers.locator('audio').evaluate((audio: HTMLAudioElement) => audio.currentTime)).toBeGreaterThan(0);
    // What is discarded is sent nowhere.
    await hers.getByRole('button', { name: 'Record a voice message' }).press('Enter');
    await hers.getByText(/Recording: 0:(0[1-9]|[1-5]\d) of 5:00/).waitFor();
    await hers.getByRole('button', { name: 'Discard the recording' }).press('Enter');
    await hers.getByRole('button', { name: 'Record a voice message' }).waitFor();
    expect(rooms.files.size).toBe(1);
  });

  it('go_with_the_room_into_one_archive_that_needs_no_server', async () => {
    const his = await freshBrowser(brunos, phone);
    const hers = await freshBrowser(claires, desktop);
    await begin(hers, true);
    await choose(hers, { name: 'plan.txt', mimeType: 'text/plain', buffer: Buffer.from('PLANTED SECRET') });
    await his.getByRole('link', { name: /Logistics/ }).click();
    await his.getByRole('button', { name: /^Download plan\.txt/ }).waitFor();
    // Who has only read yet is made known to the room first: the archive is signed by a device of it.
    await his.getByRole('button', { name: 'Export', exact: true }).click();
    const dialog = his.getByRole('dialog');
    await dialog.getByText('Whoever has the archive reads everything').waitFor();
    await judge(his, 'room-export');
    const [download] = await Promise.all([his.waitForEvent('download'), dialog.getByRole('button', { name: 'Export', exact: true }).click()]);
    await dialog.getByText('The room is exported.').waitFor();
    expect(download.suggestedFilename()).toBe('Logistics.tocsin-room');
    const archive = await readFile(await download.path());
    // For `tocsin verify`.
    if (pictures) await download.saveAs(`${pictures}/Logistics.tocsin-room`);
    expect(archive.subarray(0, 16).toString()).toBe('tocsin export 1\n');
    expect(archive.includes('PLANTED SECRET')).toBe(false);
    const types: number[] = [];
    for (let at = 16; at < archive.length; at += 5 + archive.readUInt32BE(at + 1)) types.push(archive[at] ?? 0);
    const [room] = rooms.rooms.rooms.values();
    const entries = room?.entries.length ?? 0;
    expect(types).toEqual([1, 2, ...Array.from({ length: entries }, () => 3), 4, 5, 6]);

    // A server that gives other entries than were verified gets no signature for them.
    for (const id of rooms.rooms.rooms.keys()) {
      rooms.rooms.rewrite(id, (kept) => {
        const last = kept.at(-1);
        if (last) last[last.length - 1] = (last[last.length - 1] ?? 0) ^ 1;
      });
    }
    await dialog.getByRole('button', { name: 'Export', exact: true }).click();
    await dialog.getByText('The server no longer gives what this device had verified').waitFor();
  });
});
