import type { Browser, Page } from 'playwright-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { accountOf, fromBase64, toBase64 } from '../../src/core/devices/account-bytes';
import { RoomSession } from '../../src/core/rooms/room-session';
import type { RoomContent } from '../../src/core/rooms/room-content';
import { MemoryDirectoryLog } from '../unit/core/devices/memory';
import { browserOn } from '../unit/core/rooms/memory-rooms';
import { startBrowser } from './browser';
import { director } from './fixtures/hospital';
import { judge, TwoPeople } from './fixtures/two-people';

let browser: Browser;
let people: TwoPeople;

beforeAll(async () => {
  browser = await startBrowser();
});

beforeEach(async () => {
  people = await TwoPeople.start(browser);
});

afterEach(() => people.stop());

/** A cell's room in which somebody else has written all this. @returns Its id. */
async function cellWith(contents: readonly RoomContent[]): Promise<string> {
  const log = new MemoryDirectoryLog();
  for (const entry of people.log.entries) await log.append(fromBase64(entry) ?? new Uint8Array());
  const before = people.log.entries.length;
  const writer = await browserOn(log, people.rooms.rooms);
  for (const entry of log.entries.slice(before)) people.log.append(toBase64(entry));
  await writer.directory.sync();
  const nonce = crypto.getRandomValues(new Uint8Array(16));
  const session = await RoomSession.open(writer, await RoomSession.idOf(writer, nonce));
  await session.begin({ nonce, members: [{ account: accountOf(director.personId), role: 'administrator' }], contents });
  return session.id;
}

async function open(width: 390 | 1440): Promise<Page> {
  const page = await people.open(people.claires, { language: width === 390 ? 'fr' : 'en', theme: 'light', width });
  await expect.poll(() => people.log.entries.length).toBeGreaterThan(0);
  return page;
}

describe('what is long', () => {
  it('a_log_is_drawn_as_far_as_somebody_reads_and_whole_on_paper_and_is_searched_in_all_of_it', async () => {
    const page = await open(1440);
    const count = 130;
    const at = (minute: number): string => new Date(Date.UTC(2026, 10, 20, 6, minute)).toISOString();
    const id = await cellWith(
      Array.from({ length: count }, (_, each) => ({
        kind: 'log-entry' as const,
        statement: { type: 'fact' as const, text: `Éntry ${each + 1} of ward C${each === 0 ? ', élargi' : ''}`, at: at(each) },
      })),
    );
    await page.goto(`${people.claires.url}/rooms/${id}/log`);
    const lines = page.getByRole('article');
    await lines.filter({ hasText: `Éntry ${count} of` }).waitFor();
    expect(await lines.count()).toBeLessThan(count);
    await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
    expect(await lines.count()).toBe(count);
    // Also what was not drawn is found, without accents.
    await page.getByRole('searchbox').fill('ELARGI entry');
    await page.getByText('1 of 130 lines.').waitFor();
    await lines.filter({ hasText: 'Éntry 1 of' }).first().waitFor();
    await page.getByRole('searchbox').fill('');
    await lines.filter({ hasText: `Éntry ${count} of` }).waitFor();
    expect(await lines.count()).toBeLessThan(count);
    await expect
      .poll(async () => {
        await lines.last().scrollIntoViewIfNeeded();
        return lines.count();
      })
      .toBe(count);
    await lines.filter({ hasText: 'Éntry 1 of' }).first().waitFor();
  });

  it('a_board_of_tasks_counts_all_and_draws_more_when_somebody_asks_with_a_keyboard', async () => {
    const page = await open(390);
    const id = await cellWith(
      Array.from({ length: 90 }, (_, each) => ({
        kind: 'task' as const,
        task: { title: `Tâche ${each + 1}`, state: 'to-do' as const, owner: null, due: null, urgent: false },
      })),
    );
    await page.goto(`${people.claires.url}/rooms/${id}/tasks`);
    await page.getByRole('article').first().waitFor();
    expect(await page.getByText('À faire (90)').count()).toBeGreaterThan(0);
    expect(await page.getByRole('article').count()).toBeLessThan(90);
    await judge(page, 'tasks-long');
    await expect
      .poll(async () => {
        const more = page.getByRole('button', { name: /^Montrer/ });
        if ((await more.count()) > 0) await more.press('Enter').catch(() => undefined);
        return page.getByRole('article').count();
      })
      .toBe(90);
    await page.getByRole('article').filter({ hasText: 'Tâche 90' }).waitFor();
  });
});
