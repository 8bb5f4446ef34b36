import type { Browser, Page } from 'playwright-core';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { startBrowser } from './browser';
import { beginWithBruno, judge, said, TwoPeople, write } from './fixtures/two-people';

let browser: Browser;
let people: TwoPeople;

beforeAll(async () => {
  browser = await startBrowser();
});

beforeEach(async () => {
  people = await TwoPeople.start(browser);
});

afterEach(() => people.stop());

/** What the browser would show, instead of showing it. */
async function listen(page: Page): Promise<() => Promise<string[]>> {
  await page.evaluate(() => {
    const shown: string[] = [];
    Object.assign(window, { shown });
    class Recorded {
      static readonly permission = 'granted';
      onclick = null;
      constructor(title: string, options: NotificationOptions) {
        shown.push(JSON.stringify({ title, ...options }));
      }
    }
    Object.defineProperty(window, 'Notification', { value: Recorded, configurable: true });
    Object.defineProperty(ServiceWorkerContainer.prototype, 'getRegistration', { value: () => Promise.resolve(undefined) });
    Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  });
  return () => page.evaluate(() => [...(window as unknown as { readonly shown: readonly string[] }).shown]);
}

it('a_room_notifies_as_was_chosen_and_tells_neither_text_nor_author', async () => {
  const his = await people.open(people.brunos, { language: 'fr', theme: 'dark', width: 390 });
  const hers = await people.open(people.claires, { language: 'en', theme: 'light', width: 1440 });
  await beginWithBruno(hers, 'Logistics');
  await his.getByRole('link', { name: /Logistics/ }).click();
  await his.getByRole('heading', { name: 'Logistics' }).waitFor();
  const shown = await listen(his);
  await write(hers, 'Water in the basement');
  await expect.poll(shown).toHaveLength(1);
  expect(JSON.parse((await shown())[0] ?? '')).toMatchObject({ title: 'Tocsin', body: 'Nouveau message' });

  await his.getByRole('button', { name: 'Réglages' }).click();
  await his.getByRole('checkbox', { name: /Montrer le nom du salon/ }).check();
  await judge(his, 'room-notifications-fr');
  await write(hers, 'It rises');
  await expect.poll(shown).toHaveLength(2);
  expect(JSON.parse((await shown())[1] ?? '')).toMatchObject({ title: 'Logistics', body: 'Nouveau message' });

  await his.getByLabel('Me prévenir de ce salon').selectOption({ label: 'Quand on me mentionne' });
  await write(hers, 'Not for him');
  await said(his, 'Not for him');
  await write(hers, 'Please come, @Bruno Keller');
  await expect.poll(shown).toHaveLength(3);
  await his.getByLabel('Me prévenir de ce salon').selectOption({ label: 'Jamais' });
  await write(hers, 'Still there, @Bruno Keller?');
  await hers.getByRole('button', { name: 'Priority' }).click();
  await write(hers, 'Leave the basement');
  await expect.poll(shown).toHaveLength(4);
  for (const text of await shown()) expect(text).not.toMatch(/basement|rises|Claire|Keller/);
  // The choice is this browser's, and stays.
  await his.reload();
  await his.getByRole('button', { name: 'Réglages' }).click();
  await expect.poll(() => his.getByLabel('Me prévenir de ce salon').inputValue()).toBe('never');
});
