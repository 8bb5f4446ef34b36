import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openContext, pointCameraAt, startBrowser, watchFaults } from './browser';
import { ScriptedDirectoryLog, scriptDirectoryLog } from './fixtures/directory-log';
import { director, scriptHospital } from './fixtures/hospital';
import { personDetail } from './fixtures/people';
import { ScriptedServer } from './scripted-server';

const other = '01932b7c-0000-7000-8000-0000000000b2';
const look = { language: 'en', theme: 'light', width: 390 } as const;

let browser: Browser;
let log: ScriptedDirectoryLog;
/** The same server as two people see it: one directory, each with a session of their own. */
let claires: ScriptedServer;
let brunos: ScriptedServer;
let contexts: BrowserContext[];
let faults: string[];

beforeAll(async () => {
  browser = await startBrowser();
});

beforeEach(async () => {
  log = new ScriptedDirectoryLog();
  [claires, brunos] = [await ScriptedServer.start(), await ScriptedServer.start()];
  for (const server of [claires, brunos]) {
    scriptHospital(server);
    scriptDirectoryLog(server, log);
    // While an alert runs, what can wait is not said.
    server.on('GET /api/v1/alerts/under-way', { exercise: false, real: false });
    server.on('GET /api/v1/people/*', { ...personDetail, hasAccount: true });
  }
  brunos.on('GET /api/v1/session', { ...director, personId: other, account: { ...director.account, id: other, name: 'Bruno' } });
  contexts = [];
  faults = [];
});

afterEach(async () => {
  for (const context of contexts) await context.close();
  await claires.stop();
  await brunos.stop();
  expect(faults).toEqual([]);
});

/** A browser of its own, with nothing in it. */
async function freshBrowser(server: ScriptedServer, path: string): Promise<Page> {
  const context = await openContext(browser, look);
  contexts.push(context);
  const page = await context.newPage();
  const seen = watchFaults(page, server.url);
  page.on('close', () => faults.push(...seen));
  await page.goto(server.url + path);
  return page;
}

async function makeCode(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'Make my recovery code' }).click();
  const printed = page.locator('[data-printed] code');
  await printed.nth(6).waitFor();
  const groups = await printed.allTextContents();
  expect(groups).toHaveLength(7);
  await page.getByLabel('Type the last group').fill('OOPS');
  await page.getByRole('button', { name: 'It is written down' }).click();
  await page.getByText('That is not the last group').waitFor();
  expect(claires.received.some(({ method, path }) => method === 'PUT' && path.includes('identity-backups'))).toBe(false);
  await page.getByLabel('Type the last group').fill(groups.at(-1) ?? '');
  await page.getByRole('button', { name: 'It is written down' }).click();
  await page.getByText('You have a recovery code').waitFor();
  return groups.join('-');
}

async function recover(page: Page, code: string): Promise<void> {
  await page.getByLabel('Recovery code').fill(code.toLowerCase().replaceAll('-', ' '));
  await page.getByRole('button', { name: 'Bring my identity' }).click();
  await page.getByText('This device', { exact: true }).waitFor();
}

async function startAfresh(page: Page): Promise<void> {
  await page.getByText('I have lost everything').click();
  await page.getByRole('button', { name: 'Replace my identity' }).hover();
  await page.mouse.down();
  await page.getByText('This device', { exact: true }).waitFor();
  await page.mouse.up();
}

function devicesOn(page: Page): Promise<number> {
  return page.getByText(/Device [0-9A-F]{6}/).count();
}

async function safetyNumber(page: Page): Promise<string> {
  return (await page.getByRole('group', { name: 'Safety number' }).innerText()).replace(/\s+/g, ' ');
}

describe('devices', () => {
  it('are_made_at_the_first_sign_in_recovered_by_the_code_in_a_fresh_browser_listed_and_revoked', async () => {
    const first = await freshBrowser(claires, '/');
    await first.getByText('This device is ready for encryption').waitFor();
    await first.goto(`${claires.url}/me/devices`);
    const code = await makeCode(first);
    expect(log.entries).toHaveLength(2);

    const second = await freshBrowser(claires, '/me/devices');
    await second.getByText('This device does not have your identity').waitFor();
    await second.getByLabel('Recovery code').fill(code.slice(1));
    await second.getByRole('button', { name: 'Bring my identity' }).click();
    await second.getByText('The code has 28 characters').waitFor();
    await recover(second, code);
    expect(log.entries).toHaveLength(3);
    await expect.poll(() => devicesOn(second)).toBe(2);

    await first.getByRole('button', { name: /^Remove Chrome/ }).click();
    await first
      .getByRole('dialog')
      .getByRole('button', { name: /^Remove/ })
      .hover();
    await first.mouse.down();
    await first.getByText(/will read nothing new/).waitFor({ state: 'hidden' });
    await first.mouse.up();
    await second.getByText('This device was taken off the list').waitFor();
    await expect.poll(() => devicesOn(first)).toBe(1);
  });

  it('have_names_that_their_owner_changes_and_the_server_can_not_read', async () => {
    const first = await freshBrowser(claires, '/me/devices');
    const code = await makeCode(first);
    await first.getByText('Chrome, Linux').waitFor();
    const second = await freshBrowser(claires, '/me/devices');
    await recover(second, code);
    await expect.poll(() => first.getByText('Chrome, Linux').count()).toBe(2);
    await second.getByRole('button', { name: 'Rename Chrome, Linux' }).last().click();
    await second.getByLabel('Name of the device').fill('On-call phone');
    await second.getByRole('button', { name: 'Save' }).click();
    await first.getByText('On-call phone').waitFor();
    const sent = claires.received.filter(({ path }) => path.includes('device-names')).map(({ body }) => JSON.stringify(body));
    expect(sent.some((body) => Buffer.from((JSON.parse(body || '{}') as { sealed?: string }).sealed ?? '', 'base64').includes('On-call'))).toBe(
      false,
    );
  });

  it('are_forgotten_on_a_shared_computer_and_stay_on_ones_own', async () => {
    claires.on('DELETE /api/v1/session', () => ({ status: 204 }));
    const first = await freshBrowser(claires, '/me/devices');
    await first.getByText('This device', { exact: true }).waitFor();
    await first.goto(`${claires.url}/me`);
    await first.getByRole('button', { name: 'Sign out', exact: true }).click();
    await first.getByText('Your identity is nowhere else').waitFor();
    await first.getByRole('link', { name: 'Make my recovery code' }).click();
    const code = await makeCode(first);
    await first.goto(`${claires.url}/me`);
    await first.getByRole('button', { name: 'Sign out', exact: true }).click();
    const signOut = first.getByRole('button', { name: 'Sign me out', exact: true });
    await signOut.waitFor();
    expect(await first.getByText('Your identity is nowhere else').count()).toBe(0);
    await signOut.click();
    await first.getByRole('heading', { name: 'Sign in' }).waitFor();
    await first.goto(`${claires.url}/me/devices`);
    await first.getByText('This device', { exact: true }).waitFor();

    await first.goto(`${claires.url}/me`);
    await first.getByRole('button', { name: 'Sign out', exact: true }).click();
    await first.getByRole('button', { name: 'Erase everything and sign me out' }).hover();
    await first.mouse.down();
    await first.getByRole('heading', { name: 'Sign in' }).waitFor();
    await first.mouse.up();
    expect(log.entries).toHaveLength(3);
    const left = await first.evaluate(
      () =>
        new Promise<number>((done, failed) => {
          const request = indexedDB.open('tocsin');
          request.onerror = () => failed(request.error ?? new Error('no database'));
          request.onsuccess = () => {
            const keys = request.result.transaction('devices').objectStore('devices').getAllKeys();
            keys.onsuccess = () => done(keys.result.length);
          };
        }),
    );
    expect(left).toBe(0);
    await first.goto(`${claires.url}/me/devices`);
    await first.getByText('This device does not have your identity').waitFor();
    await recover(first, code);
  });

  it('whose_identity_was_replaced_show_that_to_contacts_until_they_compare_the_number', async () => {
    const claire = await freshBrowser(claires, '/');
    await claire.getByText('This device is ready for encryption').waitFor();
    const bruno = await freshBrowser(brunos, `/directory/people/${director.personId}`);
    await bruno.getByRole('button', { name: 'Verify the identity' }).click();
    const before = await safetyNumber(bruno);
    await claire.goto(`${claires.url}/directory/people/${other}`);
    await claire.getByRole('button', { name: 'Verify the identity' }).click();
    expect(await safetyNumber(claire)).toBe(before);
    await bruno.getByRole('button', { name: 'The numbers are the same' }).click();
    await bruno.getByText(/^You have verified the identity of/).waitFor();

    const lost = await freshBrowser(claires, '/me/devices');
    await startAfresh(lost);
    brunos.hub.publish('directory-log.grown', { number: log.entries.length });
    await bruno.getByText(/^The identity of Agnès .* has changed$/).waitFor();
    await bruno.getByText('The identity of one person has changed').waitFor();
    await expect.poll(() => safetyNumber(bruno)).not.toBe(before);
    await bruno.getByRole('button', { name: 'The numbers are the same' }).click();
    await bruno.getByText(/^You have verified the identity of/).waitFor();
    await bruno.getByText('The identity of one person has changed').waitFor({ state: 'hidden' });

    await claire.goto(claires.url);
    await claire.getByText('Your identity was replaced from another device').waitFor();
  });

  it('verify_each_other_by_the_codes_that_their_owners_scan_and_keep_the_result', async () => {
    const claire = await freshBrowser(claires, '/');
    await claire.getByText('This device is ready for encryption').waitFor();
    const bruno = await freshBrowser(brunos, `/directory/people/${director.personId}`);
    await bruno.getByRole('button', { name: 'Verify the identity' }).click();
    // Only now: before, he had no identity that she could find.
    await claire.goto(`${claires.url}/directory/people/${other}`);
    await claire.getByRole('button', { name: 'Verify the identity' }).click();
    const codeOf = async (page: Page): Promise<string> => (await page.getByRole('img', { name: /^QR code for/ }).getAttribute('src')) ?? '';

    await pointCameraAt(bruno, await codeOf(bruno));
    await bruno.getByRole('button', { name: 'Scan their code' }).click();
    await bruno.getByText('This code is about somebody else').waitFor();
    expect(await bruno.getByText(/^You have verified the identity of/).count()).toBe(0);

    await pointCameraAt(bruno, await codeOf(claire));
    await bruno.getByRole('button', { name: 'Scan their code' }).click();
    await bruno.getByText('It is the same identity').waitFor();
    await bruno.reload();
    await bruno.getByText(/^You have verified the identity of/).waitFor();
    await bruno.getByText('Verified', { exact: true }).waitFor();
    // Also where there is only the name.
    brunos.on('GET /api/v1/people', { items: [{ ...personDetail.person, id: director.personId }, personDetail.person], next: null });
    await bruno.goto(`${brunos.url}/directory`);
    await bruno.getByText('Verified', { exact: true }).waitFor();
    expect(await bruno.getByText('Verified', { exact: true }).count()).toBe(1);
    await bruno.goto(`${brunos.url}/directory/people/${director.personId}`);

    // Scanned by one, verified by one: the other has yet to look.
    expect(await claire.getByText(/^You have verified the identity of/).count()).toBe(0);
    await bruno.getByRole('button', { name: 'Show my code' }).click();
    await pointCameraAt(claire, await codeOf(bruno));
    await claire.getByRole('button', { name: 'Scan their code' }).click();
    await claire.getByText('It is the same identity').waitFor();
  });

  it('show_by_the_scanned_code_that_the_server_tells_two_people_of_different_identities', async () => {
    const claire = await freshBrowser(claires, '/');
    await claire.getByText('This device is ready for encryption').waitFor();
    // To Bruno the server shows another Claire.
    const forgery = new ScriptedDirectoryLog();
    const mallory = await ScriptedServer.start();
    scriptHospital(mallory);
    scriptDirectoryLog(mallory, forgery);
    mallory.on('GET /api/v1/alerts/under-way', { exercise: false, real: false });
    const forger = await freshBrowser(mallory, '/');
    await forger.getByText('This device is ready for encryption').waitFor();
    scriptDirectoryLog(brunos, forgery);
    const bruno = await freshBrowser(brunos, `/directory/people/${director.personId}`);
    await bruno.getByRole('button', { name: 'Verify the identity' }).click();
    // And to Claire the true Bruno, so that she has a code to show.
    for (const entry of forgery.entries.slice(2)) log.append(entry);
    await claire.goto(`${claires.url}/directory/people/${other}`);
    await claire.getByRole('button', { name: 'Verify the identity' }).click();
    await pointCameraAt(bruno, (await claire.getByRole('img', { name: /^QR code for/ }).getAttribute('src')) ?? '');
    await bruno.getByRole('button', { name: 'Scan their code' }).click();
    await bruno.getByText('It is not the same identity').waitFor();
    expect(await bruno.getByText(/^You have verified the identity of/).count()).toBe(0);
    await forger.close();
    await mallory.stop();
  });

  it('show_a_server_that_forks_the_log_on_every_page_also_after_a_reload', async () => {
    const claire = await freshBrowser(claires, '/');
    await claire.getByText('This device is ready for encryption').waitFor();
    const bruno = await freshBrowser(brunos, '/');
    await bruno.getByText('This device is ready for encryption').waitFor();
    const kept = log.entries.slice(2);
    log.forget(0);
    for (const entry of [...kept, ...kept]) log.append(entry);
    await bruno.goto(`${brunos.url}/alerts`);
    await bruno.getByText('The server tells two different stories').waitFor();
    await bruno.goto(`${brunos.url}/me`);
    await bruno.getByText('The server tells two different stories').waitFor();
  });

  it('show_a_server_that_publishes_what_nobody_signed', async () => {
    const claire = await freshBrowser(claires, '/');
    await claire.getByText('This device is ready for encryption').waitFor();
    const forged = Buffer.from(log.entries[0] ?? '', 'base64');
    // Another sealing key in the middle of a true identity: what a server would do to read along.
    forged.fill(7, 100, 132);
    log.append(forged.toString('base64'));
    claires.hub.publish('directory-log.grown', { number: log.entries.length });
    await claire.getByText('The server has published an identity that nobody signed').waitFor();
  });

  it('are_recovered_by_the_passkey_that_sealed_the_backup', async () => {
    const first = await freshBrowser(claires, '/me/devices');
    const authenticator = await first.context().newCDPSession(first);
    await authenticator.send('WebAuthn.enable');
    const { authenticatorId } = await authenticator.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        ctap2Version: 'ctap2_1',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        hasPrf: true,
        isUserVerified: true,
      },
    });
    expect(authenticatorId).not.toBe('');
    // A passkey as signing in makes it.
    await first.evaluate(() =>
      navigator.credentials.create({
        publicKey: {
          challenge: new Uint8Array(32),
          rp: { name: 'Tocsin' },
          user: { id: new Uint8Array(16), name: 'claire', displayName: 'Claire' },
          pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
          authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
          extensions: { prf: {} },
        },
      }),
    );
    await first.getByRole('button', { name: 'Protect with my passkey' }).click();
    await first.getByText('Your passkey opens your identity on a new device').waitFor();
    // All that this browser had is gone; the authenticator is not.
    await first.evaluate(async () => {
      for (const { name } of await indexedDB.databases()) if (name) indexedDB.deleteDatabase(name);
    });
    await first.reload();
    await first.getByText('This device does not have your identity').waitFor();
    await first.getByRole('button', { name: 'Use my passkey' }).click();
    await first.getByText('This device', { exact: true }).waitFor();
    expect(log.entries).toHaveLength(3);
  });
});
