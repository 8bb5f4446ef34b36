import { once } from 'node:events';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { report } from '../report.mjs';

// The browser's driver and the bundler are those of the web client.
const require = createRequire(new URL('../../web/package.json', import.meta.url));
/** @param {string} name */
const load = (name) => import(pathToFileURL(require.resolve(name)).href);
const [{ chromium }, { build }] = [(await load('playwright-core')).default, await load('vite')];
const sizes = [10, 50, 200];

const built = await build({
  configFile: false,
  root: new URL('../../web', import.meta.url).pathname,
  logLevel: 'error',
  build: { write: false, lib: { entry: new URL('in-page.ts', import.meta.url).pathname, formats: ['es'], fileName: 'page' }, rollupOptions: { output: { codeSplitting: false } } },
});
const script = built[0].output.map((chunk) => chunk.code ?? '').join('\n');
const server = createServer((request, response) => {
  response.setHeader('content-type', request.url === '/page.js' ? 'text/javascript' : 'text/html');
  response.end(request.url === '/page.js' ? script : '<!doctype html><script type="module" src="/page.js"></script>');
});
await once(server.listen(0, '127.0.0.1'), 'listening');
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
try {
  const page = await browser.newPage();
  page.on('pageerror', (error) => console.error(error.message));
  await page.goto(`http://localhost:${server.address().port}/`);
  await page.waitForFunction(() => 'measure' in globalThis);
  /** @type {import('./in-page').Figures[]} */
  const figures = await page.evaluate((wanted) => globalThis.measure(wanted), sizes);
  report(
    'mls',
    { browser: browser.version(), suite: 'X-Wing, HKDF-SHA512, AES-256-GCM, Ed25519', group: 'everybody came in by an external commit, which makes the largest messages' },
    figures.flatMap((one) => [
      { metric: `join_${one.size}`, value: one.join, unit: 'ms', ...(one.size === 200 ? { goal: 2000, goalIs: 'most' } : {}) },
      { metric: `follow_join_${one.size}`, value: one.followJoin, unit: 'ms' },
      { metric: `take_out_${one.size}`, value: one.leave, unit: 'ms' },
      { metric: `follow_take_out_${one.size}`, value: one.followLeave, unit: 'ms' },
      { metric: `epoch_keys_${one.size}`, value: one.keys, unit: 'ms' },
      { metric: `group_info_${one.size}`, value: one.groupInfo / 1000, unit: 'kB' },
      { metric: `join_commit_${one.size}`, value: one.joinCommit / 1000, unit: 'kB' },
      { metric: `take_out_commit_${one.size}`, value: one.leaveCommit / 1000, unit: 'kB' },
    ]),
    process.argv,
  );
} finally {
  await browser.close();
  server.close();
}
