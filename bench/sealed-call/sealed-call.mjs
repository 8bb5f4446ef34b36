import { once } from 'node:events';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { loadavg } from 'node:os';
import { pathToFileURL } from 'node:url';
import { option } from '../measurer.mjs';
import { median, report } from '../report.mjs';

// The browser's driver and the bundler are those of the web client.
const require = createRequire(new URL('../../web/package.json', import.meta.url));
/** @param {string} name */
const load = (name) => import(pathToFileURL(require.resolve(name)).href);
const [{ chromium }, { build }] = [(await load('playwright-core')).default, await load('vite')];
const seconds = Number(option('--seconds') ?? 10);
const rounds = Number(option('--rounds') ?? 3);

/** @param {string} entry */
async function bundle(entry) {
  const built = await build({
    configFile: false,
    root: new URL('../../web', import.meta.url).pathname,
    logLevel: 'error',
    build: {
      write: false,
      lib: { entry: new URL(entry, import.meta.url).pathname, formats: ['es'], fileName: 'script' },
      rollupOptions: { output: { codeSplitting: false } },
    },
  });
  return built[0].output.map((chunk) => chunk.code ?? '').join('\n');
}

const scripts = { '/page.js': await bundle('in-page.ts'), '/worker.js': await bundle('in-worker.ts') };
const server = createServer((request, response) => {
  const script = scripts[request.url];
  // Isolated, a page has a clock of 5 µs; otherwise one of 100.
  response.setHeader('cross-origin-opener-policy', 'same-origin');
  response.setHeader('cross-origin-embedder-policy', 'require-corp');
  response.setHeader('content-type', script ? 'text/javascript' : 'text/html');
  response.end(script ?? '<!doctype html><body><script type="module" src="/page.js"></script>');
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
    '--autoplay-policy=no-user-gesture-required',
    '--disable-features=WebRtcHideLocalIpsWithMdns',
  ],
});
const processes = await browser.newBrowserCDPSession();

/** Processor time of all renderers, in seconds: the page, its workers, the encoder and the decoder. */
async function rendererTime() {
  const { processInfo } = await processes.send('SystemInfo.getProcessInfo');
  return processInfo.filter(({ type }) => type === 'renderer').reduce((sum, { cpuTime }) => sum + cpuTime, 0);
}

/** One call in a page of its own. @param {boolean} isSealed */
async function run(isSealed) {
  const page = await browser.newPage();
  page.setDefaultTimeout(120_000);
  page.on('pageerror', (error) => console.error(error.message));
  await page.goto(`http://localhost:${server.address().port}/`);
  await page.waitForFunction(() => 'begin' in globalThis);
  await page.evaluate((sealed) => globalThis.begin(sealed), isSealed);
  // The first seconds find the rate.
  await page.evaluate((milliseconds) => globalThis.count(milliseconds), 3000);
  const before = await rendererTime();
  const counted = await page.evaluate((milliseconds) => globalThis.count(milliseconds), seconds * 1000);
  const processor = ((await rendererTime()) - before) * 1e6;
  await page.close();
  if (counted.frames < seconds || counted.decoded < counted.frames / 2)
    throw new Error(`The run is void: ${counted.frames} frames came and ${counted.decoded} were decoded in ${seconds} s.`);
  return { ...counted, processor: processor / counted.frames, size: counted.bytes / counted.frames };
}

try {
  const loadBefore = loadavg()[0];
  const runs = { sealed: [], clear: [] };
  // In turns: what else the machine does meets both.
  for (let round = 0; round < rounds; round++) {
    runs.clear.push(await run(false));
    runs.sealed.push(await run(true));
  }
  /** @param {string} metric @param {string} unit @param {(run: any) => number} of */
  const compare = (metric, unit, of) => {
    const [value, besideValue] = [median(runs.sealed.map(of)), median(runs.clear.map(of))];
    return { metric, value, unit, beside: 'the same call in clear', besideValue, ratio: besideValue / value };
  };
  report(
    'sealed-call',
    {
      browser: browser.version(),
      call: '640x360, 30 pictures a second, VP8, one page sends and receives',
      rounds,
      seconds,
      compared: 'every frame came out with the bytes that went in',
      load: loadBefore,
    },
    [
      compare('renderer_processor_time_per_frame', 'µs', (one) => one.processor),
      compare('sending_transform_p50', 'µs', (one) => one.sending.p50),
      compare('sending_transform_p99', 'µs', (one) => one.sending.p99),
      compare('receiving_transform_p50', 'µs', (one) => one.receiving.p50),
      compare('receiving_transform_p99', 'µs', (one) => one.receiving.p99),
      compare('encoded_to_decoder_p50', 'µs', (one) => one.through.p50),
      compare('encoded_to_decoder_p99', 'µs', (one) => one.through.p99),
      { metric: 'frames_a_second', value: median(runs.sealed.map((one) => one.frames / seconds)), unit: '1/s' },
      { metric: 'frame', value: median(runs.sealed.map((one) => one.size)), unit: 'B' },
    ],
    process.argv,
  );
} finally {
  await browser.close();
  server.close();
}
