import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openContext, startBrowser, watchFaults } from './browser';
import { minutesAgo, myFire, pageOf } from './fixtures/alerts';
import { fireBoard } from './fixtures/board';
import { scriptHospital } from './fixtures/hospital';
import { judge } from './fixtures/two-people';
import { ScriptedServer, type ReceivedRequest } from './scripted-server';

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
  server.on('GET /api/v1/me/alerts', pageOf());
  server.on('POST /api/v1/me/alerts/*/seen', () => ({ status: 204 }));
  server.on('POST /api/v1/me/alerts/*/answers', () => ({ status: 204 }));
  context = await openContext(browser, { language: 'fr', theme: 'light', width: 390 });
  page = await context.newPage();
  faults = watchFaults(page, server.url);
});

afterEach(async () => {
  await context.close();
  await server.stop();
});

async function openAndWaitForEvents(path: string): Promise<void> {
  await page.goto(server.url + path);
  await page.locator('main h1').waitFor();
  await expect.poll(() => server.hub.subscribedAfter.length).toBeGreaterThan(0);
}

const answer = (): ReceivedRequest | undefined => server.received.find((request) => request.path.endsWith('/answers'));
const wasSeen = (): boolean => server.received.some((request) => request.path.endsWith('/seen'));

describe('one alert', () => {
  it('takes_the_screen_when_it_arrives_and_is_answered_with_one_press', async () => {
    await openAndWaitForEvents('/');
    server.on('GET /api/v1/me/alerts', pageOf({ ...myFire, raisedAt: minutesAgo(0), updatedAt: minutesAgo(0) }));
    server.hub.publish('alert.arrived', { alertId: myFire.id });
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Incendie au bâtiment C').waitFor();
    await dialog.getByRole('button', { name: 'Je suis en sécurité' }).click();
    await dialog.getByText('Votre réponse').first().waitFor();
    // The page shows an answer before the server has it.
    await expect.poll(() => answer()?.body).toMatchObject({ choice: 'safe' });
    expect(answer()?.headers['idempotency-key']).toBeTruthy();
    await expect.poll(wasSeen).toBe(true);
    expect(faults).toEqual([]);
  });

  it('tells_without_red_and_without_the_sound_of_danger_that_it_is_over', async () => {
    await openAndWaitForEvents('/');
    const over = {
      ...myFire,
      state: 'all-clear',
      answers: [],
      revision: 2,
      title: { fr: 'Fin d’alerte : incendie', en: 'All clear: fire' },
    } as const;
    server.on('GET /api/v1/me/alerts', pageOf({ ...over, raisedAt: minutesAgo(5), updatedAt: minutesAgo(0) }));
    server.hub.publish('alert.arrived', { alertId: myFire.id });
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Fin d’alerte', { exact: true }).waitFor();
    expect(await dialog.getByText('Danger vital').count()).toBe(0);
    expect(await dialog.getByRole('button', { name: 'Couper le son' }).count()).toBe(0);
    const [tone, safe, height] = await dialog.evaluate((element) => {
      const style = getComputedStyle(element);
      return [style.getPropertyValue('--tone'), style.getPropertyValue('--safe'), element.getBoundingClientRect().height] as const;
    });
    expect(tone).toBe(safe);
    expect(height).toBeLessThan(844);
  });

  it('is_not_answered_by_a_key_that_was_meant_for_the_page_below', async () => {
    // The first answer had the focus: whoever was typing said "I'm safe" with the next space or return.
    await openAndWaitForEvents('/');
    server.on('GET /api/v1/me/alerts', pageOf({ ...myFire, raisedAt: minutesAgo(0), updatedAt: minutesAgo(0) }));
    server.hub.publish('alert.arrived', { alertId: myFire.id });
    await page.getByRole('dialog').getByText('Incendie au bâtiment C').waitFor();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Space');
    await page.keyboard.press('Tab');
    await page.waitForFunction(() => document.activeElement?.textContent?.includes('Je suis en sécurité'));
    expect(server.received.some((request) => request.path.endsWith('/answers'))).toBe(false);
  });

  it('leaves_the_board_to_whoever_raised_it_and_asks_for_their_own_answer_there', async () => {
    await openAndWaitForEvents(`/alerts/${myFire.id}`);
    const own = { ...myFire, raisedByMe: true, raisedAt: minutesAgo(0), updatedAt: minutesAgo(0) };
    server.on('GET /api/v1/me/alerts', pageOf(own));
    server.hub.publish('alert.arrived', { alertId: myFire.id });
    const banner = page.getByRole('region', { name: 'Vous êtes aussi alerté' });
    await banner.getByRole('button', { name: 'Je suis en sécurité' }).waitFor();
    expect(await page.getByRole('dialog').count()).toBe(0);
    await banner.getByRole('button', { name: 'Je suis en sécurité' }).click();
    await banner.getByText('Votre réponse').first().waitFor();
    await expect.poll(() => answer()?.body).toMatchObject({ choice: 'safe' });
    await expect.poll(wasSeen).toBe(true);
    expect(faults).toEqual([]);
  });

  it('keeps_what_is_being_written_open_under_the_hand', async () => {
    // The message's part closed with the first letter of its text: what had been missing was there.
    await openAndWaitForEvents('/alerts/raise/free');
    await page.getByLabel('Titre').fill('Panne du réseau');
    const body = page.getByRole('textbox', { name: 'Message' });
    await body.pressSequentially('Tout');
    await page.getByText('Choisissez au moins un destinataire.').waitFor();
    expect(await body.isVisible()).toBe(true);
    await body.pressSequentially(' est coupé');
    expect(await body.inputValue()).toBe('Tout est coupé');
    expect(faults).toEqual([]);
  });

  it('is_raised_by_holding_the_button_for_a_second', async () => {
    server.on('POST /api/v1/alerts', () => ({ body: { id: myFire.id, number: 43 } }));
    await openAndWaitForEvents('/alerts/raise/01932b7c-0000-7000-8000-00000000c001');
    await page.getByLabel('Quel bâtiment ?').fill('le bâtiment C');
    const hold = page.getByRole('button', { name: /^Alerter 312 personnes/ });
    await hold.click();
    await page.getByText('Encore un peu').waitFor();
    expect(server.received.some((request) => request.method === 'POST' && request.path === '/api/v1/alerts')).toBe(false);
    await hold.focus();
    await page.keyboard.down('Enter');
    await page.waitForURL(`**/alerts/${myFire.id}`);
    await page.keyboard.up('Enter');
    const raised = server.received.find((request) => request.method === 'POST' && request.path === '/api/v1/alerts');
    expect(raised?.body).toMatchObject({ mode: 'real', variables: { building: 'le bâtiment C' } });
    expect(faults).toEqual([]);
  });

  it('is_shown_to_the_public_only_where_that_is_chosen_read_and_confirmed_and_an_exercise_never_is', async () => {
    server.on('POST /api/v1/alerts', () => ({ body: { id: myFire.id, number: 43 } }));
    server.on('GET /api/v1/alerts/*/board', { ...fireBoard, alert: { ...fireBoard.alert, isPublic: true } });
    await openAndWaitForEvents('/alerts/raise/01932b7c-0000-7000-8000-00000000c001');
    await page.getByLabel('Quel bâtiment ?').fill('le bâtiment C');
    await page.getByText('Pas montrée au public').click();
    const choice = page.getByRole('switch', { name: /Montrer cette alerte au public/ });
    await choice.check();
    await page.getByLabel('Où', { exact: false }).fill('Quartier de la gare');
    await page.getByLabel('Ce que le public doit faire', { exact: false }).fill('Fermez vos fenêtres.');
    const preview = page.getByRole('region', { name: 'Ce que le public lira' });
    await preview.getByText('Quartier de la gare').first().waitFor();
    await preview.getByText('Fermez vos fenêtres.').first().waitFor();
    await judge(page, 'raise-public');

    // An exercise takes it back, and what is real again has it as it was.
    await page.getByText('Exercice', { exact: true }).first().click();
    await page.getByText('Un exercice n’est jamais montré au public d’ici.').waitFor();
    expect(await choice.isDisabled()).toBe(true);
    expect(await page.getByRole('button', { name: /^EXERCICE/ }).textContent()).not.toContain('public');
    await page.getByText('Réelle', { exact: true }).first().click();

    const hold = page.getByRole('button', { name: /et la montrer au public$/ });
    await hold.focus();
    await page.keyboard.down('Enter');
    await page.waitForURL(`**/alerts/${myFire.id}`);
    await page.keyboard.up('Enter');
    const raised = server.received.find((request) => request.method === 'POST' && request.path === '/api/v1/alerts');
    expect(raised?.body).toMatchObject({
      mode: 'real',
      public: { category: 'safety', area: { fr: 'Quartier de la gare' }, instruction: { fr: 'Fermez vos fenêtres.' } },
    });
    await page.getByRole('tab', { name: 'Message' }).click();
    await page.getByText('Montrée au public').waitFor();
    expect(faults).toEqual([]);
  });

  it('says_what_its_board_has_just_sent_and_to_how_many', async () => {
    // The board may look the same for a while after an update: whoever sent it could not tell, and sent it twice.
    server.on('POST /api/v1/alerts/*/updates', () => ({ status: 204 }));
    await openAndWaitForEvents(`/alerts/${myFire.id}`);
    await page.getByRole('button', { name: 'Plus' }).click();
    await page.getByRole('button', { name: 'Mettre à jour' }).click();
    await page.getByRole('button', { name: /^Envoyer la mise à jour/ }).focus();
    await page.keyboard.down('Enter');
    await page.getByText('Mise à jour envoyée à 312 personnes.').waitFor();
    await page.keyboard.up('Enter');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(faults).toEqual([]);
  });

  it('says_that_the_server_is_out_of_reach_and_resumes_where_it_stopped', async () => {
    await openAndWaitForEvents('/');
    server.hub.publish('rota.changed', {});
    const received = server.hub.head;
    await expect.poll(() => server.received.filter((request) => request.path === '/api/v1/rotas/on-duty').length).toBeGreaterThan(1);
    const subscriptions = server.hub.subscribedAfter.length;
    server.hub.breakLines();
    await expect.poll(() => server.hub.subscribedAfter.length).toBeGreaterThan(subscriptions);
    // What this page's own new device made the server tell meanwhile may have come before the line broke, or not.
    expect(server.hub.subscribedAfter[subscriptions]).toBeGreaterThanOrEqual(received);
    expect(server.hub.subscribedAfter[subscriptions]).toBeLessThanOrEqual(server.hub.head);
    expect(faults).toEqual([]);
  });
});
