import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openContext, startBrowser, watchFaults } from './browser';
import { scriptHospital } from './fixtures/hospital';
import { applyingImport, appliedImport, readyImport } from './fixtures/people-imports';
import { ScriptedServer } from './scripted-server';

let server: ScriptedServer;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let faults: string[];

beforeAll(async () => {
  browser = await startBrowser();
});

beforeEach(async () => {
  server = await ScriptedServer.start();
  scriptHospital(server);
  context = await openContext(browser, { language: 'fr', theme: 'light', width: 390 });
  page = await context.newPage();
  faults = watchFaults(page, server.url);
});

afterEach(async () => {
  await context.close();
  await server.stop();
});

const csv = { name: 'personnel.csv', mimeType: 'application/vnd.ms-excel', buffer: Buffer.from('Nom;Prénom\r\nLefèvre;Agnès\r\n') };

describe('an import of people', () => {
  it('is_previewed_then_applied_by_a_press_that_says_how_many_are_taken_out', async () => {
    server.on('POST /api/v1/imports', () => ({ status: 201, body: readyImport }));
    let current = readyImport;
    server.on(`GET /api/v1/imports/${readyImport.id}`, () => ({ body: current }));
    server.on('POST /api/v1/imports/*/apply', () => {
      current = { ...applyingImport, id: readyImport.id };
      return { status: 202, body: current };
    });
    await page.goto(`${server.url}/directory/import`);
    await page.locator('input[type=file]').setInputFiles(csv);
    await page.getByRole('radio', { name: /La liste complète/ }).check();
    await page.getByRole('button', { name: 'Voir ce qui changerait' }).click();

    const hold = page.getByRole('button', { name: 'Appliquer, et retirer 120 personnes' });
    await hold.waitFor();
    const sent = server.received.find((request) => request.method === 'POST' && request.path === '/api/v1/imports');
    expect(sent?.query.get('fullList')).toBe('true');
    expect(sent?.headers['content-type']).toBe('text/csv');
    expect(sent?.body).toContain('Agnès');

    await hold.focus();
    await page.keyboard.down('Enter');
    await page.getByText('3 sur 3').waitFor();
    await page.keyboard.up('Enter');
    expect(server.received.find((request) => request.path.endsWith('/apply'))?.body).toEqual({ confirmedRemovals: 120 });

    current = { ...appliedImport, id: readyImport.id };
    server.hub.publish('people-import.changed', { import: readyImport.id, state: 'applied' });
    await page.getByText('L’import est appliqué').waitFor();
    expect(faults).toEqual([]);
  });

  it('says_line_by_line_why_it_refuses', async () => {
    await page.goto(`${server.url}/directory/import/${readyImport.id}`);
    await page.getByRole('tab', { name: /Refusées/ }).click();
    await page.getByText('Il manque des chiffres à ce numéro.').waitFor();
    await page.getByText('Ligne 5').waitFor();
    // Kept by the server, in no line of the file.
    expect(await page.getByText('Ligne 900').count()).toBe(0);
    await page.getByRole('tab', { name: /Modifiées/ }).click();
    await page.getByText('Responsable technique').waitFor();
    expect(faults).toEqual([]);
  });

  it('of_a_file_that_cannot_be_read_says_where_and_what_to_do', async () => {
    server.on('POST /api/v1/imports', () => ({
      status: 422,
      body: { code: 'import-unreadable', title: 'This file cannot be imported.', status: 422, fields: { file: 'quote-not-closed', line: '12' } },
    }));
    await page.goto(`${server.url}/directory/import`);
    await page.locator('input[type=file]').setInputFiles({ ...csv, name: 'personnel.xlsx' });
    await page.getByText('C’est un classeur de tableur').waitFor();
    await page.locator('input[type=file]').setInputFiles(csv);
    await page.getByRole('button', { name: 'Voir ce qui changerait' }).click();
    await page.getByText('Un guillemet ouvert n’est jamais refermé').waitFor();
    await page.getByText('Ligne 12 du fichier.').waitFor();
    expect(faults).toEqual([]);
  });

  it('begins_from_an_example_made_in_the_browser', async () => {
    await page.goto(`${server.url}/directory/import`);
    const downloading = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Télécharger un exemple' }).click();
    expect((await downloading).suggestedFilename()).toBe('exemple-import.csv');
    expect(faults).toEqual([]);
  });
});
