import 'fake-indexeddb/auto';
import { beforeEach, describe, expect, it, vi } from 'vitest';

const origin = 'https://tocsin.example';
const [room, other] = ['01932b7c-0000-7000-8000-000000000001', '01932b7c-0000-7000-8000-000000000002'];

interface Shown {
  readonly title: string;
  readonly tag: string;
  readonly renotify: boolean;
  readonly requireInteraction: boolean;
  readonly data: { readonly link: string | null; readonly seq?: number };
}

/** Stands in for the `clients` of a service worker's scope: the windows that are open, and what was done with them. */
class StandInClients {
  readonly windows: { readonly url: string; readonly visibilityState: string; readonly focus: () => Promise<void> }[] = [];
  readonly done: string[] = [];

  open(path: string, visibilityState = 'hidden'): void {
    const url = `${origin}${path}`;
    this.windows.push({ url, visibilityState, focus: () => Promise.resolve(void this.done.push(`focus ${path}`)) });
  }

  matchAll(): Promise<readonly object[]> {
    return Promise.resolve(this.windows);
  }

  openWindow(url: string): Promise<null> {
    this.done.push(`open ${url.slice(origin.length)}`);
    return Promise.resolve(null);
  }

  claim(): Promise<void> {
    return Promise.resolve();
  }
}

/** Stands in for the scope in which a browser runs the worker: it keeps what listens, and what is shown. */
class StandInScope {
  readonly location = { origin };
  readonly navigator = { language: 'en-GB' };
  readonly clients = new StandInClients();
  shown: Shown[] = [];
  private readonly listeners = new Map<string, (event: object) => void>();
  readonly registration = {
    showNotification: (title: string, options: Omit<Shown, 'title'>): Promise<void> => {
      // As browsers do: what has the same tag is replaced.
      this.shown = [...this.shown.filter(({ tag }) => tag !== options.tag), { ...options, title }];
      return Promise.resolve();
    },
    getNotifications: ({ tag }: { readonly tag: string }): Promise<readonly Shown[]> => this.asked(tag),
  };
  asked = (tag: string): Promise<readonly Shown[]> => Promise.resolve(this.shown.filter((one) => one.tag === tag));

  addEventListener(kind: string, listener: (event: object) => void): void {
    this.listeners.set(kind, listener);
  }

  /** Until all that the worker asked the browser to wait for is done. */
  async dispatch(kind: string, event: object): Promise<void> {
    let waited: Promise<unknown> = Promise.resolve();
    this.listeners.get(kind)?.({ ...event, waitUntil: (until: Promise<unknown>) => void (waited = until) });
    await waited;
  }

  push(data: object | string): Promise<void> {
    const text = typeof data === 'string' ? data : JSON.stringify(data);
    return this.dispatch('push', { data: { json: () => JSON.parse(text) as unknown, text: () => text } });
  }

  async press(title: string): Promise<void> {
    const pressed = this.shown.find((one) => one.title === title);
    if (pressed === undefined) throw new Error(`nobody sees ${title}`);
    const close = (): void => void (this.shown = this.shown.filter((one) => one !== pressed));
    await this.dispatch('notificationclick', { action: '', notification: { data: pressed.data, close } });
  }

  titles(): string[] {
    return this.shown.map(({ title }) => title).sort();
  }
}

let scope: StandInScope;

beforeEach(async () => {
  scope = new StandInScope();
  vi.stubGlobal('self', scope);
  vi.stubGlobal('PRECACHED_FILES', []);
  vi.stubGlobal('PRECACHE_VERSION', 'test');
  vi.resetModules();
  await import('../../../src/platform/service-worker/worker');
});

describe('the service worker', () => {
  it('opens_the_room_of_which_the_push_was_that_somebody_presses_on', async () => {
    scope.clients.open('/rooms');
    scope.clients.open(`/rooms/${other}`);
    await scope.push({ roomId: room, seq: 4, kind: 'message' });
    await scope.press('New activity in Tocsin');
    expect(scope.clients.done).toEqual([`open /rooms/${room}`]);
    scope.clients.open(`/rooms/${room}?message=3`);
    await scope.push({ roomId: room, seq: 5, kind: 'message' });
    await scope.press('New activity in Tocsin');
    expect(scope.clients.done).toEqual([`open /rooms/${room}`, `focus /rooms/${room}?message=3`]);
    expect(scope.shown).toEqual([]);
  });

  it('opens_ones_own_tasks_of_the_room_of_the_reminder_that_somebody_presses_on_and_leaves_its_other_pages_alone', async () => {
    // Somebody writes in the room, or looks at another's tasks: neither page is gone to.
    scope.clients.open(`/rooms/${room}`);
    scope.clients.open(`/rooms/${other}/tasks?mine`);
    await scope.push({ roomId: room, seq: 0, kind: 'task' });
    await scope.press('A task of yours is due');
    expect(scope.clients.done).toEqual([`open /rooms/${room}/tasks?mine`]);
    scope.clients.open(`/rooms/${room}/tasks?mine`);
    await scope.push({ roomId: room, seq: 0, kind: 'task' });
    await scope.press('A task of yours is due');
    expect(scope.clients.done.at(-1)).toBe(`focus /rooms/${room}/tasks?mine`);
    expect(scope.shown).toEqual([]);
  });

  it('keeps_a_reminder_beside_what_is_written_in_its_room_until_somebody_acts_on_it', async () => {
    await scope.push({ roomId: room, seq: 0, kind: 'task' });
    await scope.push({ roomId: room, seq: 4, kind: 'message' });
    // Told again half an hour later: it is heard again, and is one all the same.
    await scope.push({ roomId: room, seq: 0, kind: 'task' });
    expect(scope.shown.map(({ title, requireInteraction, renotify }) => [title, requireInteraction, renotify])).toEqual([
      ['New activity in Tocsin', false, true],
      ['A task of yours is due', true, true],
    ]);
    await scope.press('New activity in Tocsin');
    expect(scope.titles()).toEqual(['A task of yours is due']);
    await scope.push({ alertId: other, title: 'Incendie', severity: 'extreme' });
    await scope.press('A task of yours is due');
    expect(scope.clients.done).toEqual([`open /rooms/${room}`, `open /rooms/${room}/tasks?mine`]);
    expect(scope.titles()).toEqual(['Incendie']);
  });

  it('shows_an_alert_whoever_looks_at_what_and_a_room_only_to_who_looks_at_none_of_our_pages', async () => {
    scope.clients.open(`/rooms/${other}`, 'visible');
    await scope.push({ roomId: room, seq: 4, kind: 'priority' });
    await scope.push({ alertId: other, title: 'Incendie', severity: 'extreme' });
    expect(scope.titles()).toEqual(['Incendie']);
  });

  it('takes_for_an_alert_what_is_no_push_of_a_room_whatever_else_it_says', async () => {
    await scope.push({ alertId: other, title: 'Incendie', roomId: 'not a room', seq: 1 });
    await scope.push({ alertId: room, title: 'Panne du réseau', roomId: room });
    await scope.push('not JSON');
    expect(scope.titles()).toEqual(['Incendie', 'Panne du réseau', 'Tocsin']);
    expect(scope.shown.map(({ tag }) => tag)).toEqual([`alert-${other}`, `alert-${room}`, 'tocsin']);
  });

  it('shows_an_alert_before_what_a_room_tells_and_neither_takes_the_place_of_the_other', async () => {
    // What a room tells looks first which notifications there are: here the browser is long in saying so.
    let answer: (shown: readonly Shown[]) => void = () => undefined;
    let isAsked: () => void = () => undefined;
    const asked = new Promise<void>((resolve) => (isAsked = resolve));
    const first = scope.push({ alertId: other, title: 'Incendie', severity: 'extreme' });
    scope.asked = () => (isAsked(), new Promise((resolve) => (answer = resolve)));
    const told = scope.push({ roomId: room, seq: 4, kind: 'message' });
    await first;
    expect(scope.titles()).toEqual(['Incendie']);
    await asked;
    answer([]);
    await told;
    expect(scope.titles()).toEqual(['Incendie', 'New activity in Tocsin']);
    expect(scope.shown.map(({ requireInteraction }) => requireInteraction)).toEqual([true, false]);
  });
});
