import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openContext, pointCameraAt, startBrowser, watchFaults } from './browser';
import { ScriptedHandovers } from './fixtures/device-handovers';
import { ScriptedDirectoryLog, scriptDirectoryLog } from './fixtures/directory-log';
import { scriptHospital } from './fixtures/hospital';
import { ScriptedServer } from './scripted-server';

const look = { language: 'en', theme: 'light', width: 390 } as const;

let browser: Browser;
let server: ScriptedServer;
let log: ScriptedDirectoryLog;
let handovers: ScriptedHandovers;
let contexts: BrowserContext[];
let faults: string[];

beforeAll(async () => {
  browser = await startBrowser();
});

beforeEach(async () => {
  server = await ScriptedServer.start();
  scriptHospital(server);
  [log, handovers] = [new ScriptedDirectoryLog(), new ScriptedHandovers()];
  scriptDirectoryLog(server, log);
  handovers.script(server);
  [contexts, faults] = [[], []];
});

afterEach(async () => {
  for (const context of contexts) await context.close();
  await server.stop();
  expect(faults).toEqual([]);
});

/** A browser of its own, with nothing in it, on the page of devices. */
async function freshBrowser(): Promise<Page> {
  const context = await openContext(browser, look);
  contexts.push(context);
  const page = await context.newPage();
  const seen = watchFaults(page, server.url);
  page.on('close', () => faults.push(...seen));
  await page.goto(`${server.url}/me/devices`);
  return page;
}

/** A device of the person, asking for the new one's code; and a browser that is none, showing it. */
async function oldAndNew(): Promise<{ readonly old: Page; readonly fresh: Page }> {
  const old = await freshBrowser();
  await old.getByText('This device', { exact: true }).waitFor();
  const fresh = await freshBrowser();
  await fresh.getByText('This device does not have your identity').waitFor();
  await fresh.getByRole('button', { name: 'Show the QR code' }).click();
  await fresh.getByRole('img', { name: 'QR code of this device' }).waitFor();
  await old.getByRole('button', { name: 'Add a device' }).click();
  return { old, fresh };
}

async function typeCode(old: Page, fresh: Page): Promise<void> {
  const shown = fresh.getByRole('group', { name: 'Code of the new device' }).locator('code');
  await shown.nth(6).waitFor();
  const groups = await shown.allTextContents();
  expect(groups).toHaveLength(7);
  await old.getByLabel('Code of the new device').fill(groups.join(' ').toLowerCase());
  await old.getByRole('button', { name: 'Continue' }).click();
}

async function codeOn(page: Page): Promise<string> {
  return (await page.getByRole('group', { name: 'Code to compare' }).innerText()).replace(/\s+/g, ' ');
}

async function holdSame(old: Page): Promise<void> {
  await old.getByRole('button', { name: 'It is the same: add' }).hover();
  await old.mouse.down();
  await old.getByText('Confirm on the new device too').waitFor();
  await old.mouse.up();
}

describe('a second device', () => {
  it('is_added_by_the_QR_code_that_it_shows_to_the_camera_of_the_first', async () => {
    const { old, fresh } = await oldAndNew();
    const picture = await fresh.getByRole('img', { name: 'QR code of this device' }).getAttribute('src');
    await pointCameraAt(old, picture ?? '');
    await old.getByRole('button', { name: 'Scan the QR code' }).click();
    await old.getByText('Compare the two screens').waitFor();
    await fresh.getByText('Compare the two screens').waitFor();
    expect(await codeOn(old)).toMatch(/^\d{5} \d{5}$/);
    expect(await codeOn(old)).toBe(await codeOn(fresh));
    expect(log.entries).toHaveLength(2);
    await holdSame(old);
    expect(log.entries).toHaveLength(2);
    await fresh.getByRole('button', { name: 'It is the same code' }).click();
    await fresh.getByText('This device', { exact: true }).waitFor();
    await old.getByText('Your new device is added').waitFor();
    expect(log.entries).toHaveLength(3);
    await expect.poll(() => old.getByText(/Device [0-9A-F]{6}/).count()).toBe(2);
    await expect.poll(() => [...handovers.boxes.values()]).toEqual([{ ended: true }]);
    await fresh.reload();
    await fresh.getByText('This device', { exact: true }).waitFor();
  });

  it('is_not_added_when_somebody_stands_between_and_the_codes_differ', async () => {
    // A server that speaks in the place of the first device: another nonce than the device sent.
    handovers.tamper = (message, bytes) => (message === 'introduction' ? `${bytes.slice(0, -8)}AAAA${bytes.slice(-4)}` : bytes);
    const { old, fresh } = await oldAndNew();
    await typeCode(old, fresh);
    await old.getByText('Compare the two screens').waitFor();
    await fresh.getByText('Compare the two screens').waitFor();
    expect(await codeOn(old)).not.toBe(await codeOn(fresh));
    await fresh.getByRole('button', { name: 'It differs' }).click();
    await fresh.getByText('Nothing was accepted').waitFor();
    await old.getByText('The other device refused').waitFor();
    expect(log.entries).toHaveLength(2);
    await fresh.getByRole('button', { name: 'Begin again' }).click();
    await fresh.getByRole('img', { name: 'QR code of this device' }).waitFor();
  });

  it('is_not_added_with_the_key_of_somebody_else', async () => {
    handovers.tamper = (message, bytes) => (message === 'opening' ? `${bytes.slice(0, 400)}AAAA${bytes.slice(404)}` : bytes);
    const { old, fresh } = await oldAndNew();
    await typeCode(old, fresh);
    await old.getByText('What came is not what the other device sent').waitFor();
    await fresh.getByText('The other device refused').waitFor();
    await expect.poll(() => [...handovers.boxes.values()]).toEqual([{ ended: true }]);
    expect(log.entries).toHaveLength(2);
  });

  it('is_told_of_a_wrong_code_of_one_that_nobody_shows_and_of_one_that_is_too_old', async () => {
    const { old, fresh } = await oldAndNew();
    await old.getByLabel('Code of the new device').fill('1234');
    await old.getByRole('button', { name: 'Continue' }).click();
    await old.getByText('The code has 28 characters').waitFor();
    const shown = [...handovers.boxes.keys()];
    handovers.boxes.clear();
    await typeCode(old, fresh);
    await old.getByText('No device that is signed in to your account shows this code').waitFor();
    for (const commitment of shown) handovers.boxes.set(commitment, {});
    handovers.refusal = 'handover-expired';
    await old.getByRole('button', { name: 'Continue' }).click();
    await old.getByText('The ten minutes are over').waitFor();
    server.hub.publish('device-handover.changed', {});
    await fresh.getByText('The ten minutes are over').waitFor();
  });

  it('lets_the_other_know_when_its_page_is_left', async () => {
    const { old, fresh } = await oldAndNew();
    await typeCode(old, fresh);
    await fresh.getByText('Compare the two screens').waitFor();
    await fresh.getByRole('link', { name: 'Me' }).first().click();
    await old.getByText('The other device refused, or its page was closed').waitFor();
  });
});
