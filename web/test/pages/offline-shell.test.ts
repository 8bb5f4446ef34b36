import { expect, it } from 'vitest';
import { openContext, startBrowser, watchFaults } from './browser';
import { scriptHospital } from './fixtures/hospital';
import { ScriptedServer } from './scripted-server';

it('a_browser_that_was_here_once_opens_pages_that_it_never_saw_while_no_server_answers', async () => {
  const browser = await startBrowser();
  const server = await ScriptedServer.start();
  scriptHospital(server);
  const { url } = server;
  const context = await openContext(browser, { language: 'fr', theme: 'light', width: 390 }, 'allow');
  try {
    const page = await context.newPage();
    const faults = watchFaults(page, url);
    await page.goto(url);
    await page.getByRole('heading', { name: 'En cours', level: 1 }).waitFor();
    // The worker takes the page over once it has every file.
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    await server.stop();
    await page.goto(`${url}/rotas`);
    await page.getByRole('heading', { name: 'Astreintes', level: 1 }).waitFor();
    await page.goto(`${url}/rooms`);
    await page.getByRole('heading', { name: 'Salons', level: 1 }).waitFor();
    expect(faults).toEqual([]);
  } finally {
    await context.close();
    await server.stop();
  }
});
