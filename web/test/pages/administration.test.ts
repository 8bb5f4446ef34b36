import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openContext, startBrowser } from './browser';
import type { TestMessage } from '../../src/transport/contract/settings';
import { accountViews, apiTokens, testMessages } from './fixtures/settings';
import { scriptHospital } from './fixtures/hospital';
import { judge } from './fixtures/two-people';
import { ScriptedServer } from './scripted-server';

let server: ScriptedServer;
let browser: Browser;

beforeAll(async () => {
  server = await ScriptedServer.start();
  scriptHospital(server);
  server
    .on('PUT /api/v1/settings', { organisationName: 'Clinique', defaultLanguage: 'fr', timeZone: 'Indian/Reunion' })
    .on('POST /api/v1/api-tokens', { apiToken: { ...apiTokens[0], id: 't3', name: 'Fire panel' }, token: 'tcn_shown-once' })
    .on('DELETE /api/v1/api-tokens/*', () => ({ status: 204 }))
    .on('POST /api/v1/accounts', {
      account: accountViews[1],
      invitation: {
        id: 'i1',
        address: 'http://localhost/setup#shown-once',
        qrSvg: '<svg xmlns="http://www.w3.org/2000/svg"/>',
        expiresAt: '2099-01-01T00:00:00Z',
      },
    })
    .on('DELETE /api/v1/invitations/*', () => ({ status: 204 }))
    .on('DELETE /api/v1/accounts/*/sessions/*', () => ({ status: 204 }))
    .on('DELETE /api/v1/accounts/*/emergency-cards/*', () => ({ status: 204 }))
    .on('PUT /api/v1/groups/*', () => ({ status: 204 }))
    .on('DELETE /api/v1/groups/*', () => ({ status: 204 }))
    .on('PUT /api/v1/accounts/*/roles', () => ({ status: 204 }))
    .on('POST /api/v1/accounts/*/disable', () => ({ status: 409, body: { code: 'last-administrator', title: 'No.', status: 409 } }))
    .on('POST /api/v1/audit/export', { seq: 1 });
  browser = await startBrowser();
});

afterAll(async () => {
  await server.stop();
});

async function on(path: string, doing: (page: Page) => Promise<void>): Promise<void> {
  const context = await openContext(browser, { language: 'en', theme: 'light', width: 390 });
  try {
    const page = await context.newPage();
    await page.goto(server.url + path);
    await doing(page);
  } finally {
    await context.close();
  }
}

/** What can't be undone is held, until it is seen to be done: how long a second is to a busy page nobody knows. */
async function hold(page: Page, button: Locator, until: () => Promise<unknown>): Promise<void> {
  await button.hover();
  await page.mouse.down();
  await until();
  await page.mouse.up();
}

function sent(method: string, path: RegExp): unknown {
  return server.received.find((request) => request.method === method && path.test(request.path))?.body;
}

it('the_organisation_is_renamed_and_gets_another_time_zone', () =>
  on('/settings', async (page) => {
    await page.getByRole('textbox').fill('Clinique');
    await page.getByLabel('Time zone').fill('Indian/Reunion');
    await page.getByText(/It is \d\d:\d\d there now\./).waitFor();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved.').waitFor();
    expect(sent('PUT', /settings$/)).toEqual({ organisationName: 'Clinique', defaultLanguage: 'fr', timeZone: 'Indian/Reunion' });
  }));

it('a_channel_is_tried_by_a_message_to_oneself_and_what_became_of_it_is_shown', () =>
  on('/settings?tab=channels', async (page) => {
    await page.getByText(/Last test by Claire Fontaine/).waitFor();
    await page.getByText(/c••••@hopital\.example · failed \(Carrier unavailable\)/).waitFor();
    await page.getByText('No test message yet: send one to yourself.').waitFor();
    // Neither the application nor what is not configured can be tried.
    expect(await page.getByRole('button', { name: /^Send me a test/ }).count()).toBe(2);
    server.on('POST /api/v1/test-messages', () => ({ status: 409, body: { code: 'test-message-no-address', title: 'No.', status: 409 } }));
    await page.getByRole('button', { name: 'Send me a test: SMS' }).click();
    await page.getByText('You have no contact point for this channel', { exact: false }).waitFor();
    await page.getByRole('link', { name: 'See my contact details' }).waitFor();
    await judge(page, 'settings-channels');
    const sms: TestMessage = {
      id: 8,
      channel: 'sms',
      by: 'Claire Fontaine',
      to: '•••• 44',
      at: new Date().toISOString(),
      standing: 'waiting',
      endedAt: null,
      failure: null,
    };
    server.on('POST /api/v1/test-messages', () => ({ status: 202, body: sms }));
    server.on('GET /api/v1/test-messages', { items: [{ ...sms, standing: 'delivered', endedAt: sms.at }, ...testMessages] });
    await page.getByRole('button', { name: 'Send me a test: SMS' }).click();
    await page.getByText(/•••• 44 · arrived/).waitFor();
    expect(sent('POST', /test-messages$/)).toEqual({ channel: 'sms' });
  }));

it('the_secret_of_a_new_token_is_shown_and_a_token_is_revoked_by_holding', () =>
  on('/settings?tab=tokens', async (page) => {
    await page.getByLabel('Which software will use it?').fill('Fire panel');
    await page.getByLabel('Raise alerts').check();
    await page.getByRole('button', { name: 'Make the token' }).click();
    expect(await page.getByLabel('Token for Fire panel', { exact: true }).inputValue()).toBe('tcn_shown-once');
    expect(sent('POST', /api-tokens$/)).toEqual({ name: 'Fire panel', scopes: ['alerts:raise'], expiresAt: null });
    await page.getByRole('button', { name: 'Revoke the token Supervision' }).click();
    const dialog = page.getByRole('dialog');
    await hold(page, dialog.getByRole('button', { name: 'Revoke the token Supervision' }), () => dialog.waitFor({ state: 'hidden' }));
    expect(server.received.some((request) => request.method === 'DELETE' && request.path === '/api/v1/api-tokens/t2')).toBe(true);
  }));

it('a_dialog_that_was_just_left_opens_again_at_once', () =>
  on('/settings?tab=tokens', async (page) => {
    const opener = page.getByRole('button', { name: 'Revoke the token Supervision' }).first();
    await opener.click();
    const dialog = page.getByRole('dialog');
    await dialog.waitFor();
    // Within one task, so that the browser has not yet told of the end.
    await opener.evaluate((button: HTMLElement) => {
      document.querySelector<HTMLDialogElement>('dialog[open]')?.requestClose();
      button.click();
    });
    await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
    expect(await dialog.isVisible()).toBe(true);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
  }));

it('a_person_of_the_directory_is_invited_with_a_link_shown_once', () =>
  on('/settings/accounts/new', async (page) => {
    await page.getByLabel('Who?').fill('Agn');
    await page.getByRole('button', { name: /Agnès/ }).first().click();
    await page.getByLabel('Auditor').check();
    await page.getByRole('button', { name: 'Make the invitation link' }).click();
    expect(await page.getByLabel('Link for Driss Haddad', { exact: true }).inputValue()).toContain('#shown-once');
    expect(sent('POST', /accounts$/)).toEqual({ personId: 'person-0', signInName: 'agnes.lefevre', roles: ['auditor'] });
  }));

it('roles_are_changed_and_the_last_administrator_can_not_be_disabled', () =>
  on(`/settings/accounts/${accountViews[0]?.id}`, async (page) => {
    await page.getByLabel('Auditor').check();
    await page.getByRole('button', { name: 'Save the roles' }).click();
    await page.getByText('The roles are changed').waitFor();
    expect(sent('PUT', /roles$/)).toEqual({ roles: ['administrator', 'crisis-director', 'staff', 'auditor'] });
    await page.getByText('Disable the account', { exact: true }).click();
    const refused = page.getByRole('alert').getByText('At least one administrator must remain.');
    await hold(page, page.getByRole('button', { name: 'Disable the account of Claire Fontaine' }), () => refused.waitFor());
  }));

it('the_audit_trail_is_checked_and_exported', () =>
  on('/audit', async (page) => {
    await page.getByText('Integrity of the trail').click();
    await page.getByRole('button', { name: 'Check now' }).click();
    expect(await page.getByLabel('Fingerprint of the trail', { exact: true }).inputValue()).toBe('b1'.repeat(32));
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export the trail' }).click();
    expect((await download).suggestedFilename()).toBe('tocsin-audit.jsonl');
  }));

it('somebody_new_is_invited_with_a_name_and_a_language', () =>
  on('/settings/accounts/new', async (page) => {
    await page.getByText('Somebody new').click();
    await page.getByLabel('Given name').fill('Élodie');
    await page.getByLabel('Family name').fill('Le Goff');
    expect(await page.getByLabel('Sign-in name').inputValue()).toBe('elodie.le.goff');
    await page.getByLabel('Language of messages').selectOption('fr');
    await page.getByRole('button', { name: 'Make the invitation link' }).click();
    await page.getByRole('img', { name: 'QR code' }).waitFor();
    expect(server.received.findLast((request) => request.method === 'POST' && request.path === '/api/v1/accounts')?.body).toEqual({
      givenName: 'Élodie',
      familyName: 'Le Goff',
      language: 'fr',
      signInName: 'elodie.le.goff',
      roles: [],
    });
  }));

it('an_invitation_that_waits_is_withdrawn', () =>
  on('/settings?tab=accounts', async (page) => {
    await page.getByText('1 invitation link waiting').click();
    await page.getByRole('button', { name: 'Withdraw the link of Gaëlle Le Goff' }).click();
    await expect.poll(() => sent('DELETE', /\/invitations\/i1$/)).toBeDefined();
  }));

it('one_device_of_somebody_is_signed_out_and_one_card_revoked', () =>
  on(`/settings/accounts/${accountViews[1]?.id ?? ''}`, async (page) => {
    await page.getByText('Signed-in devices').click();
    await page.getByRole('button', { name: 'Sign out Chrome, Android' }).click();
    await page.getByText('The device is signed out.').waitFor();
    expect(sent('DELETE', /\/sessions\/x2$/)).toBeDefined();
    await page.getByText('Emergency cards').click();
    await page.getByRole('button', { name: 'Revoke the card' }).click();
    await expect.poll(() => sent('DELETE', /\/emergency-cards\/e1$/)).toBeDefined();
  }));

it('the_chosen_tab_is_in_view_on_a_phone', () =>
  on('/settings?tab=tokens', async (page) => {
    const tab = page.getByRole('tab', { selected: true });
    await tab.waitFor();
    await expect
      .poll(async () => {
        const box = await tab.boundingBox();
        return box !== null && box.x >= 0 && box.x + box.width <= 390;
      })
      .toBe(true);
  }));

it('a_group_that_is_renamed_keeps_the_reference_by_which_an_import_knows_it', () =>
  on('/directory/groups/g1', async (page) => {
    await page.getByRole('button', { name: 'Change', exact: true }).first().click();
    await page.getByLabel('Name').fill('Night shift');
    await page.getByRole('button', { name: 'Save' }).click();
    await expect.poll(() => sent('PUT', /groups\/g1$/)).toMatchObject({ name: 'Night shift', externalId: 'grp-1' });
  }));

it('a_group_is_deleted_by_holding_and_not_by_a_tap', () =>
  on('/directory/groups/g1', async (page) => {
    await page.getByRole('button', { name: 'Change', exact: true }).first().click();
    const remove = page.getByRole('button', { name: 'Delete' });
    await remove.click();
    await page.getByText('keep pressing for one full second').waitFor();
    expect(sent('DELETE', /groups\/g1$/)).toBeUndefined();
    const deleted = (): boolean => server.received.some((request) => request.method === 'DELETE' && request.path.endsWith('/groups/g1'));
    await hold(page, remove, () => expect.poll(deleted).toBe(true));
  }));
