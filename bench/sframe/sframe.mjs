import { once } from 'node:events';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { loadavg } from 'node:os';
import { pathToFileURL } from 'node:url';
import { report } from '../report.mjs';

// The browser's driver and the bundler are those of the web client.
const require = createRequire(new URL('../../web/package.json', import.meta.url));
/** @param {string} name */
const load = (name) => import(pathToFileURL(require.resolve(name)).href);
const [{ chromium }, { build }] = [(await load('playwright-core')).default, await load('vite')];
const sizes = [1_000, 10_000, 50_000];

const built = await build({
  configFile: false,
  root: new URL('../../web', import.meta.url).pathname,
  logLevel: 'error',
  build: {
    write: false,
    lib: { entry: new URL('in-worker.ts', import.meta.url).pathname, formats: ['es'], fileName: 'worker' },
    rollupOptions: { output: { codeSplitting: false } },
  },
});
const script = built[0].output.map((chunk) => chunk.code ?? '').join('\n');
const server = createServer((request, response) => {
  // Isolated, a page has a clock of 5 µs; otherwise one of 100.
  response.setHeader('cross-origin-opener-policy', 'same-origin');
  response.setHeader('cross-origin-embedder-policy', 'require-corp');
  response.setHeader('content-type', request.url === '/worker.js' ? 'text/javascript' : 'text/html');
  response.end(request.url === '/worker.js' ? script : '<!doctype html>');
});
await once(server.listen(0, '127.0.0.1'), 'listening');
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
});
try {
  const loadBefore = loadavg()[0];
  const page = await browser.newPage();
  page.setDefaultTimeout(300_000);
  await page.goto(`http://localhost:${server.address().port}/`);
  /** @type {{ figures?: import('./in-worker').Figures[], failure?: string }} */
  const answer = await page.evaluate(
    (wanted) =>
      new Promise((resolve, reject) => {
        if (!globalThis.crossOriginIsolated) reject(new Error('the clock is too coarse'));
        const worker = new Worker('/worker.js', { type: 'module' });
        worker.onmessage = ({ data }) => resolve(data);
        worker.onerror = ({ message }) => reject(new Error(message));
        worker.postMessage(wanted);
      }),
    sizes,
  );
  if (!answer.figures) throw new Error(answer.failure);
  const limit = `AES-256-GCM of Chromium ${browser.version()}`;
  /** @param {string} metric @param {number} value @param {number} bare */
  const beside = (metric, value, bare) => ({ metric, value, unit: 'µs', beside: limit, besideValue: bare, ratio: bare / value });
  report(
    'sframe',
    {
      browser: browser.version(),
      suite: 'AES-256-GCM, SHA-512',
      frames: '1,500 of each size, one at a time, each opened and compared',
      load: loadBefore,
    },
    answer.figures.flatMap(({ size, seal, open, bareSeal, bareOpen, overhead }) => [
      beside(`seal_${size}_bytes_p50`, seal.p50, bareSeal.p50),
      beside(`seal_${size}_bytes_p99`, seal.p99, bareSeal.p99),
      beside(`open_${size}_bytes_p50`, open.p50, bareOpen.p50),
      beside(`open_${size}_bytes_p99`, open.p99, bareOpen.p99),
      { metric: `overhead_${size}_bytes`, value: overhead, unit: 'B' },
    ]),
    process.argv,
  );
} finally {
  await browser.close();
  server.close();
}
