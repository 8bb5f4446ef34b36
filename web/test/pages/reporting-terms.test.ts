import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openContext, startBrowser, watchFaults } from './browser';
import { scriptHospital } from './fixtures/hospital';
import { judge } from './fixtures/two-people';
import { type ReceivedRequest, ScriptedServer } from './scripted-server';

let server: ScriptedServer;
let browser: Browser;
let kept: Record<string, unknown> = {};

beforeAll(async () => {
  server = await ScriptedServer.start();
  scriptHospital(server);
  server
    .on('GET /api/v1/settings/reporting-terms', () => ({ body: kept }))
    .on('PUT /api/v1/settings/reporting-terms/*', ({ path, body }: ReceivedRequest) => {
      const terms = body as { readonly submitUrl: string };
      if (terms.submitUrl === 'our page')
        return { status: 400, body: { code: 'invalid-input', title: 'No.', status: 400, fields: { submitUrl: 'out-of-range' } } };
      kept = { ...kept, [path.split('/').at(-1) ?? '']: body };
      return { body };
    })
    .on('DELETE /api/v1/settings/reporting-terms/*', ({ path }: ReceivedRequest) => {
      const regime = path.split('/').at(-1);
      kept = Object.fromEntries(Object.entries(kept).filter(([one]) => one !== regime));
      return { status: 204 };
    });
  browser = await startBrowser();
});

afterAll(() => server.stop());

async function on(language: 'en' | 'fr', doing: (page: Page) => Promise<void>): Promise<void> {
  const context = await openContext(browser, { language, theme: 'light', width: 390 });
  try {
    const page = await context.newPage();
    await page.goto(`${server.url}/settings?tab=reporting`);
    await doing(page);
  } finally {
    await context.close();
  }
}

it('an_administrator_sets_what_the_country_makes_of_a_law_and_goes_back_to_the_unions_text', { timeout: 180_000 }, () =>
  on('en', async (page) => {
    const faults = watchFaults(page, server.url);
    await page.getByText('The Union’s text: 1 month.', { exact: true }).waitFor();
    await page.getByLabel(/^Authority/).fill('ANSSI');
    await page.getByLabel(/^Where reports are submitted/).fill('our page');
    await page.getByLabel('Early warning, from awareness', { exact: true }).fill('0');
    await page.getByRole('button', { name: 'Add a point' }).click();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText(/Give a whole number from 1 to 8.?760\./).waitFor();
    await page.getByText('Say what is asked for, or remove the point.').waitFor();
    expect(kept).toEqual({});
    await page.getByLabel('Early warning, from awareness', { exact: true }).fill('12');
    await page.getByLabel('Point 1', { exact: true }).fill('SIREN number');
    await page.getByLabel('In which report').selectOption('Notification');
    await page.getByLabel('Unit: Final report, from the notification').selectOption('days');
    await page.getByLabel('Final report, from the notification', { exact: true }).fill('45');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Give the whole address of a page').waitFor();
    await page.getByLabel(/^Where reports are submitted/).fill('https://authority.example/nis2');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved. Clocks that are started from now on count by it.').waitFor();
    expect(kept).toEqual({
      nis2: {
        authority: 'ANSSI',
        submitUrl: 'https://authority.example/nis2',
        submitMail: '',
        submitPhone: '',
        citation: '',
        clocks: [
          { step: 'early-warning', from: 'aware', amount: 12, unit: 'hours' },
          { step: 'final', from: 'notification', amount: 45, unit: 'days' },
        ],
        fields: [{ step: 'notification', id: expect.stringMatching(/^[0-9a-f]{12}$/) as string, label: 'SIREN number' }],
      },
    });
    await judge(page, 'terms-en');
    await page.getByRole('group').getByText('GDPR', { exact: true }).click();
    expect(await page.getByLabel(/^Authority/).inputValue()).toBe('');
    await page.getByRole('group').getByText('NIS 2', { exact: true }).click();
    await page.getByRole('button', { name: 'Back to the Union’s text' }).click();
    await judge(page, 'terms-reset-en');
    await page.getByRole('button', { name: 'Remove the national terms' }).click();
    await page.getByText('The Union’s text holds again.').waitFor();
    expect(kept).toEqual({});
    expect(await page.getByLabel('Early warning, from awareness', { exact: true }).inputValue()).toBe('24');
    // The refusal above is one that the page asked for.
    expect(faults.filter((fault) => !fault.includes('400'))).toEqual([]);
  }),
);

it('the_page_is_readable_in_french', () =>
  on('fr', async (page) => {
    await page.getByLabel(/^Autorité/).waitFor();
    // The tab beyond the chosen one shows that it is there.
    const [chosen, next] = [page.getByRole('tab', { name: 'Signalements' }), page.getByRole('tab', { name: 'Jetons d’API' })];
    const ends = async (tab: typeof next): Promise<number> => (await tab.boundingBox())?.x ?? 390;
    expect(await ends(next)).toBeLessThan(360);
    expect(await ends(chosen)).toBeGreaterThan(0);
    await judge(page, 'terms-fr');
  }));
