import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';

const script = readFileSync(resolve(import.meta.dirname, '../../../../src/Server/Tocsin.Server/Features/AnswerPage/Assets/answer.js'), 'utf8');

/** The script of recipients' personal pages, which they get without any of the client: what becomes of an answer. */
describe('answer page', () => {
  let stored: Map<string, string>;
  let posted: string[];
  let went: string[];
  let respond: () => Promise<{ type?: string; status: number }>;
  let tick: () => void;

  beforeEach(() => {
    stored = new Map();
    [posted, went] = [[], []];
    respond = () => Promise.resolve({ type: 'opaqueredirect', status: 0 });
    document.body.innerHTML = '';
  });

  function open({ isOver = false, storesNothing = false } = {}): void {
    const form =
      '<form data-kept="kept" data-position="p" data-no-position="n"><input type="hidden" name="id" value="1"><input type="hidden" name="lang" value="fr">' +
      '<button name="choice" value="safe">Safe</button><button type="button" id="position" hidden></button></form>';
    document.body.innerHTML = `<div id="status" role="status"></div>${isOver ? '' : form}`;
    const refuse = (): never => {
      throw new Error('SecurityError');
    };
    const storage = storesNothing
      ? { getItem: refuse, setItem: refuse, removeItem: refuse }
      : {
          getItem: (key: string) => stored.get(key) ?? null,
          setItem: (key: string, text: string) => stored.set(key, text),
          removeItem: (key: string) => stored.delete(key),
        };
    const place = { pathname: '/a/TOKEN', replace: (to: string) => went.push(to) };
    const fetching = (_path: string, { body }: { body: URLSearchParams }): ReturnType<typeof respond> => {
      posted.push(body.get('choice') ?? '');
      return respond();
    };
    const parameters = ['localStorage', 'location', 'fetch', 'navigator', 'addEventListener', 'setInterval'];

    const run = new Function(...parameters, script) as (...values: unknown[]) => void;
    run(
      storage,
      place,
      fetching,
      {},
      () => undefined,
      (again: () => void) => (tick = again),
    );
  }

  async function answer(): Promise<void> {
    const form = document.querySelector('form');
    form?.dispatchEvent(new SubmitEvent('submit', { cancelable: true, submitter: form.querySelector('button') }));
    await settled();
  }

  /** Everything here is answered at once: some turns of the microtask queue. */
  async function settled(): Promise<void> {
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
  }

  const status = (): string => document.getElementById('status')?.textContent ?? '';

  it('an_answer_leaves_also_where_the_browser_stores_nothing_and_waits_as_long_as_the_page_is_open', async () => {
    open({ storesNothing: true });
    respond = () => Promise.reject(new TypeError('no network'));
    await answer();
    expect([posted, went, status()]).toEqual([['safe'], [], 'kept']);
    respond = () => Promise.resolve({ type: 'opaqueredirect', status: 0 });
    tick();
    await settled();
    expect([posted, went]).toEqual([['safe', 'safe'], ['/a/TOKEN?lang=fr']]);
    tick();
    expect(posted).toHaveLength(2);
  });

  it.each([200, 403, 408, 500, 503])('an_answer_that_something_in_between_met_with_%d_is_kept_and_sent_again', async (code) => {
    open();
    respond = () => Promise.resolve({ type: 'basic', status: code });
    await answer();
    expect([stored.size, went, status()]).toEqual([1, [], 'kept']);
  });

  it.each([
    [400, '&notice=Refused'],
    [404, ''],
    [429, '&notice=TooMany'],
  ])('an_answer_that_the_server_refused_with_%d_is_said_to_be', async (code, notice) => {
    open();
    respond = () => Promise.resolve({ type: 'basic', status: code });
    await answer();
    expect([stored.size, went]).toEqual([0, [`/a/TOKEN?lang=fr${notice}`]]);
  });

  it('an_answer_that_was_kept_leaves_when_the_page_is_opened_again_also_where_the_alert_is_over', async () => {
    for (const isOver of [false, true]) {
      stored.set('tocsin-answer:/a/TOKEN', JSON.stringify({ id: '1', choice: 'need-help', lang: 'fr' }));
      open({ isOver });
      await settled();
      expect(stored.size).toBe(0);
    }
    expect(posted).toEqual(['need-help', 'need-help']);
  });

  it('what_storage_holds_and_cannot_be_read_stands_in_nobodys_way', async () => {
    stored.set('tocsin-answer:/a/TOKEN', '{');
    open();
    await answer();
    expect(posted).toEqual(['safe']);
  });
});
