import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openContext, startBrowser } from './browser';
import { ScriptedDirectoryLog, scriptDirectoryLog } from './fixtures/directory-log';
import { scriptHospital } from './fixtures/hospital';
import { ScriptedServer } from './scripted-server';

let browser: Browser;
let server: ScriptedServer;

beforeAll(async () => {
  browser = await startBrowser();
  server = await ScriptedServer.start();
  scriptHospital(server);
  scriptDirectoryLog(server, new ScriptedDirectoryLog());
});

afterAll(async () => {
  await server.stop();
});

describe('what can wait', () => {
  it('is_said_where_nothing_runs_and_not_above_an_alert_that_asks_for_an_answer', async () => {
    const contexts: BrowserContext[] = [];
    const notice = async (real: boolean): Promise<boolean> => {
      server.on('GET /api/v1/alerts/under-way', { exercise: false, real });
      const context = await openContext(browser, { language: 'en', theme: 'light', width: 390 });
      contexts.push(context);
      const page = await context.newPage();
      const toldWhatRuns = page.waitForResponse('**/api/v1/alerts/under-way');
      await page.goto(server.url);
      await toldWhatRuns;
      await page.getByRole('heading', { name: 'Now', level: 1 }).waitFor();
      // On the page about oneself it is said in any case: by then this device knows what it is.
      await page.getByRole('link', { name: 'Me', exact: true }).click();
      await page.locator('.identity-notices .banner').first().waitFor();
      await page.getByRole('link', { name: 'Now', exact: true }).click();
      await page.getByRole('heading', { name: 'Now', level: 1 }).waitFor();
      return (await page.locator('.identity-notices .banner').count()) > 0;
    };
    expect([await notice(false), await notice(true)]).toEqual([true, false]);
    for (const context of contexts) await context.close();
  });
});
