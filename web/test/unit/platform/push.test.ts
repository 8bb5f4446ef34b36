import { beforeEach, describe, expect, it, vi } from 'vitest';
import { openPushed, showAlert } from '../../../src/platform/service-worker/push';

interface Window {
  readonly url: string;
  readonly focus: () => Promise<void>;
  readonly navigate: (url: string) => Promise<object | null>;
}

const origin = 'https://tocsin.example';
const [first, second] = ['01932b7c-0000-7000-8000-000000000001', '01932b7c-0000-7000-8000-000000000002'];

describe('pushes of alerts', () => {
  let shown: { title: string; tag: string | undefined }[];
  let windows: Window[];
  let done: string[];

  beforeEach(() => {
    [shown, windows, done] = [[], [], []];
    vi.stubGlobal('self', {
      location: { origin },
      registration: {
        showNotification: (title: string, { tag }: NotificationOptions) => {
          // As browsers do: what has the same tag is replaced.
          shown = [...shown.filter((one) => one.tag !== tag), { title, tag }];
          return Promise.resolve();
        },
      },
      clients: {
        matchAll: () => Promise.resolve(windows),
        openWindow: (url: string) => Promise.resolve(done.push(`open ${url}`)),
      },
    });
  });

  function push(data: object | string): Promise<void> {
    const text = typeof data === 'string' ? data : JSON.stringify(data);
    return showAlert({ json: () => JSON.parse(text) as unknown, text: () => text } as PushMessageData);
  }

  function press(link: string | null, action = ''): Promise<void> {
    return openPushed({ close: () => undefined, data: { link } } as unknown as Notification, action);
  }

  function page(url: string, isOurs = true): void {
    windows.push({
      url,
      focus: () => Promise.resolve(void done.push(`focus ${url}`)),
      navigate: (to) => (isOurs ? Promise.resolve((done.push(`navigate ${to}`), {})) : Promise.reject(new TypeError('of another service worker'))),
    });
  }

  it('of_two_alerts_both_are_seen_and_what_comes_later_of_one_replaces_that_one_alone', async () => {
    await push({ alertId: first, title: 'Incendie' });
    await push({ alertId: second, title: 'Panne du réseau' });
    await push({ alertId: first, title: 'Incendie : sortez par le nord' });
    expect(shown.map(({ title }) => title)).toEqual(['Panne du réseau', 'Incendie : sortez par le nord']);
    await push('not JSON');
    await push('null');
    expect(shown.map(({ title }) => title)).toEqual(['Panne du réseau', 'Incendie : sortez par le nord', 'Tocsin']);
  });

  it('a_press_brings_the_open_page_of_the_alert_to_the_front_whatever_its_query_says', async () => {
    page(`${origin}/rooms/1`);
    page(`${origin}/a/TOKEN?lang=fr`);
    await press(`${origin}/a/TOKEN`);
    expect(done).toEqual([`focus ${origin}/a/TOKEN?lang=fr`]);
  });

  it('a_press_on_what_a_room_told_brings_that_room_to_the_front_and_no_other', async () => {
    page(`${origin}/rooms/${second}`);
    page(`${origin}/rooms/${first}/tasks`);
    await press(`/rooms/${first}`);
    page(`${origin}/rooms/${first}?message=7#last`);
    await press(`/rooms/${first}`);
    // A task that is due has a page of its own.
    await press(`/rooms/${first}/tasks?mine`);
    expect(done).toEqual([`open ${origin}/rooms/${first}`, `focus ${origin}/rooms/${first}?message=7#last`, `focus ${origin}/rooms/${first}/tasks`]);
  });

  it('a_press_leaves_pages_of_something_else_alone', async () => {
    page(`${origin}/meetings/1`);
    page('https://elsewhere.example/a/TOKEN');
    await press(`${origin}/a/TOKEN`);
    await press(null);
    expect(done).toEqual([`open ${origin}/a/TOKEN`, `open ${origin}/`]);
  });

  it('a_press_on_an_answer_leads_to_its_button', async () => {
    await press(`${origin}/a/TOKEN`, 'safe');
    page(`${origin}/a/TOKEN?lang=fr`);
    await press(`${origin}/a/TOKEN`, 'safe');
    expect(done).toEqual([`open ${origin}/a/TOKEN#answer-safe`, `navigate ${origin}/a/TOKEN?lang=fr#answer-safe`, `focus ${origin}/a/TOKEN?lang=fr`]);
    [windows, done] = [[], []];
    page(`${origin}/a/TOKEN?lang=fr`, false);
    await press(`${origin}/a/TOKEN`, 'safe');
    expect(done).toEqual([`open ${origin}/a/TOKEN#answer-safe`]);
  });
});
