import { beforeEach, describe, expect, it, vi } from 'vitest';

const origin = 'https://tocsin.example';

/** Who has the application in their browser gets its shell for its pages, and from the server what is the server's. */
describe('offline shell', () => {
  let shown: string[];

  beforeEach(() => {
    shown = [];
    vi.stubGlobal('PRECACHED_FILES', ['/', '/icon-192.png']);
    vi.stubGlobal('PRECACHE_VERSION', 'test');
    vi.stubGlobal('location', { origin });
    vi.stubGlobal('caches', { open: () => Promise.resolve({ match: (path: string) => Promise.resolve({ path }) }) });
  });

  async function visit(path: string, request: Partial<Request> = {}): Promise<void> {
    const { handleFetch } = await import('../../../src/platform/service-worker/offline-shell');
    const answers: (Response | Promise<Response>)[] = [];
    handleFetch({
      request: { method: 'GET', mode: 'navigate', url: path.startsWith('/') ? origin + path : path, ...request },
      respondWith: (answer: Response | Promise<Response>) => answers.push(answer),
    } as unknown as FetchEvent);
    shown.push(...(await Promise.all(answers)).map((answer) => (answer as unknown as { readonly path: string }).path));
  }

  it('opens_the_pages_of_the_application', async () => {
    for (const path of ['/', '/rooms/1', '/alerts?state=active', '/publications', '/account']) await visit(path);
    expect(shown).toEqual(['/', '/', '/', '/', '/']);
  });

  it('gives_pages_that_run_since_before_an_update_the_parts_of_their_own_version', async () => {
    const kept = new Set(['tocsin-shell-first', 'other', 'tocsin-shell-before', 'tocsin-shell-test']);
    vi.stubGlobal('caches', {
      keys: () => Promise.resolve([...kept]),
      delete: (name: string) => Promise.resolve(kept.delete(name)),
      match: (path: string) => Promise.resolve({ path: `before:${path}` }),
    });
    const { removeOldShells } = await import('../../../src/platform/service-worker/offline-shell');
    await removeOldShells();
    expect([...kept]).toEqual(['other', 'tocsin-shell-before', 'tocsin-shell-test']);
    await visit('/assets/RoomPage-old.js', { mode: 'cors' });
    expect(shown).toEqual(['before:/assets/RoomPage-old.js']);
  });

  it('leaves_alone_what_the_server_answers_by_itself', async () => {
    for (const path of [
      '/public',
      '/public/',
      '/public/fr.html',
      '/a/TOKEN',
      '/api/v1/public-page/export.zip',
      '/metrics',
      '/health',
      'https://elsewhere.example/',
    ])
      await visit(path);
    await visit('/', { method: 'POST' });
    await visit('/rooms/1.json', { mode: 'cors' });
    expect(shown).toEqual([]);
  });
});
