import type { Browser, CDPSession, Page, Worker } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { startBrowser } from './browser';
import { beginWithBruno, TwoPeople } from './fixtures/two-people';

let browser: Browser;
let people: TwoPeople;

beforeAll(async () => {
  browser = await startBrowser('whole');
});

afterAll(() => browser.close());

beforeEach(async () => {
  people = await TwoPeople.start(browser);
});

afterEach(() => people.stop());

interface Shown {
  readonly title: string;
  readonly body: string;
  readonly tag: string;
  readonly lang: string;
  readonly requireInteraction: boolean;
}

/** The service worker of the built client in a real Chromium, to which the browser hands pushes as it would those of a push service that it has decrypted. */
class Pushes {
  private constructor(
    private readonly worker: Worker,
    private readonly line: CDPSession,
    private readonly registration: string,
    private readonly origin: string,
  ) {}

  static async to(page: Page): Promise<Pushes> {
    const context = page.context();
    await context.grantPermissions(['notifications']);
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    const worker = context.serviceWorkers().find((one) => one.url().startsWith(new URL(page.url()).origin));
    if (worker === undefined) throw new Error('no service worker');
    // From a page of its own: no page of ours need be open.
    const line = await context.newCDPSession(await context.newPage());
    const found = new Promise<string>((resolve) =>
      line.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
        const [first] = registrations;
        if (first !== undefined) resolve(first.registrationId);
      }),
    );
    await line.send('ServiceWorker.enable');
    await worker.evaluate(countShown);
    return new Pushes(worker, line, await found, new URL(page.url()).origin);
  }

  async send(data: string | object): Promise<void> {
    const { registration: registrationId, origin } = this;
    await this.line.send('ServiceWorker.deliverPushMessage', {
      origin,
      registrationId,
      data: typeof data === 'string' ? data : JSON.stringify(data),
    });
  }

  /**
   * Returns once the worker has shown what this push is of. Chromium takes a notification that is asked for between its record and its display for one that was put away, and forgets it:
   * nobody may ask for notifications before.
   */
  async show(data: string | object): Promise<void> {
    const before = await this.worker.evaluate(shownSoFar);
    await this.send(data);
    await expect.poll(() => this.worker.evaluate(shownSoFar)).toBeGreaterThan(before);
  }

  shown(): Promise<Shown[]> {
    return this.worker.evaluate(async () => {
      const { registration } = globalThis as unknown as ServiceWorkerGlobalScope;
      return (await registration.getNotifications()).map(({ title, body, tag, lang, requireInteraction }) => ({
        title,
        body,
        tag,
        lang,
        requireInteraction,
      }));
    });
  }

  /** While no page of ours is open, which would write it anew. */
  async damageKept(): Promise<void> {
    expect(await this.worker.evaluate(keptBytes, true)).toBeGreaterThan(0);
  }

  keptBytes(): Promise<number> {
    return this.worker.evaluate(keptBytes, false);
  }

  async titles(): Promise<string[]> {
    return (await this.shown()).map(({ title }) => title).sort();
  }
}

type CountingScope = ServiceWorkerGlobalScope & { shownSoFar: number };

function countShown(): void {
  const scope = globalThis as unknown as CountingScope;
  const { registration } = scope;
  const show = registration.showNotification.bind(registration);
  scope.shownSoFar = 0;
  registration.showNotification = async (...notification) => {
    await show(...notification);
    scope.shownSoFar++;
  };
}

function shownSoFar(): number {
  return (globalThis as unknown as CountingScope).shownSoFar;
}

/** What pages leave for the worker, sealed. */
async function keptBytes(damage: boolean): Promise<number> {
  const open = indexedDB.open('tocsin');
  const database = await new Promise<IDBDatabase>((resolve) => (open.onsuccess = () => resolve(open.result)));
  const store = database.transaction('devices', 'readwrite').objectStore('devices');
  const done = <Value>(request: IDBRequest<Value>): Promise<Value> => new Promise((resolve) => (request.onsuccess = () => resolve(request.result)));
  const name = (await done(store.getAllKeys())).find((one) => String(one).endsWith('/sealed/room-push'));
  const { length } = name === undefined ? [] : ((await done(store.get(name))) as Uint8Array);
  if (damage && name !== undefined) await done(store.put(new Uint8Array(length), name));
  database.close();
  return length;
}

it('a_push_of_a_room_shows_its_name_where_that_was_chosen_and_nothing_else_ever', { timeout: 180_000 }, async () => {
  const his = await people.open(people.brunos, { language: 'fr', theme: 'dark', width: 390 }, 'allow');
  const hers = await people.open(people.claires, { language: 'en', theme: 'light', width: 1440 });
  await beginWithBruno(hers, 'Logistics');
  await his.getByRole('link', { name: /Logistics/ }).click();
  await his.getByRole('heading', { name: 'Logistics' }).waitFor();
  const room = his.url();
  const roomId = new URL(room).pathname.split('/')[2] ?? '';
  const tag = `room-${roomId}`;
  const pushes = await Pushes.to(his);

  // Whoever looks at a page of ours is told there; the second push shows that the first was seen to.
  await pushes.send({ roomId, seq: 8, kind: 'message' });
  await his.goto('about:blank');
  await pushes.show({ roomId, seq: 9, kind: 'message' });
  await expect.poll(() => pushes.shown()).toEqual([{ title: 'Du nouveau dans Tocsin', body: '', tag, lang: 'fr', requireInteraction: false }]);

  await his.goto(room);
  await his.getByRole('button', { name: 'Réglages' }).click();
  const nameless = await pushes.keptBytes();
  await his.getByRole('checkbox', { name: /Montrer le nom du salon/ }).check();
  await expect.poll(() => pushes.keptBytes()).toBeGreaterThan(nameless);
  await his.goto('about:blank');
  await pushes.show({ roomId, seq: 10, kind: 'priority' });
  await expect.poll(() => pushes.shown()).toEqual([{ title: 'Nouveau message dans Logistics', body: '', tag, lang: 'fr', requireInteraction: true }]);

  // What is kept for the worker cannot be opened any more: it says only that there is something.
  await pushes.damageKept();
  await pushes.show({ roomId, seq: 11, kind: 'message' });
  await expect.poll(() => pushes.titles()).toEqual(['Du nouveau dans Tocsin']);

  // Another room is another notification; an alert is what it was, and what cannot be read is shown as an alert.
  await pushes.show({ roomId: '01932b7c-0000-7000-8000-00000000ffff', seq: 1, kind: 'admission' });
  await expect.poll(() => pushes.titles()).toHaveLength(2);
  await pushes.show({ title: 'Incendie', body: 'Évacuez.', severity: 'extreme', language: 'fr', roomId: 'not a room' });
  await expect.poll(() => pushes.titles()).toContain('Incendie');
  await pushes.show('not JSON');
  await expect.poll(() => pushes.titles()).toContain('Tocsin');
});
