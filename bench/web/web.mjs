import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, statSync } from 'node:fs';
import { get } from 'node:http';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { brotliDecompressSync } from 'node:zlib';
import { report } from '../report.mjs';

const KILOBYTE = 1000;
const measurer = 'bench/alert/bin/Release/net10.0/Tocsin.Bench.Alert';
const program = option('--program') ?? 'artifacts/tocsin/tocsin';
const web = resolve(option('--web') ?? 'artifacts/tocsin/web');

/** @param {string} name */
function option(name) {
  const at = process.argv.indexOf(name);
  return at === -1 ? undefined : process.argv[at + 1];
}

/** @typedef {{ sent: number, plain: number }} Weight Octets that come over the connection, headers included, for a browser that takes brotli; and those of the text itself. */

/** @param {URL} url @returns {Promise<Weight & { text: string }>} */
async function fetchRaw(url) {
  // A connection of its own, so that what it carried is this answer and nothing else.
  const [response] = await once(get(url, { agent: false, headers: { 'accept-encoding': 'gzip, deflate, br' } }), 'response');
  if (response.statusCode !== 200) throw new Error(`${url.pathname} answers ${response.statusCode}`);
  const chunks = [];
  for await (const chunk of response) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  const plain = response.headers['content-encoding'] === 'br' ? brotliDecompressSync(body) : body;
  return { sent: response.socket.bytesRead, plain: plain.length, text: plain.toString('utf8') };
}

/** A page with the scripts and styles that it names: what must come before it can be used. @param {URL} address */
async function pageWeight(address) {
  const page = await fetchRaw(address);
  const named = [...page.text.matchAll(/<(?:script|link)\b[^>]*?\b(?:src|href)="?([^"\s>]+\.(?:js|css))/g)].map((match) => new URL(match[1], address));
  if (named.length === 0) throw new Error(`${address.pathname} names no script or style`);
  const resources = await Promise.all(named.map(fetchRaw));
  return sumOf([page, ...resources]);
}

/** Everything that the application consists of. @param {URL} origin */
async function wholeWeight(origin) {
  const files = readdirSync(web, { recursive: true, encoding: 'utf8' }).filter((file) => statSync(join(web, file)).isFile() && !/\.(br|gz|map)$/.test(file));
  const resources = [];
  for (const file of files) resources.push(await fetchRaw(new URL(file, origin)));
  return sumOf(resources);
}

/** @param {Weight[]} weights @returns {Weight} in kilobytes */
function sumOf(weights) {
  const sum = weights.reduce((so, weight) => ({ sent: so.sent + weight.sent, plain: so.plain + weight.plain }), { sent: 0, plain: 0 });
  return { sent: sum.sent / KILOBYTE, plain: sum.plain / KILOBYTE };
}

const server = spawn(measurer, ['answer-page', '2', program, web], { stdio: ['pipe', 'pipe', 'inherit'] });
try {
  const [line] = await once(createInterface({ input: server.stdout }), 'line');
  const link = new URL(line);
  const answerPage = await pageWeight(link);
  const application = await pageWeight(new URL('/', link));
  const whole = await wholeWeight(new URL('/', link));
  report(
    'web',
    { figures: 'octets on the connection, HTTP headers included; beside them those of the plain text', answerPage: 'page, script and style of a French alert with four answers', offline: 'shown by the tests of the web client' },
    [
      { metric: 'answer_page', value: answerPage.sent, unit: 'kB', goal: 30, goalIs: 'most' },
      { metric: 'answer_page_plain', value: answerPage.plain, unit: 'kB' },
      { metric: 'application_first_load', value: application.sent, unit: 'kB', goal: 250, goalIs: 'most' },
      { metric: 'application_first_load_plain', value: application.plain, unit: 'kB' },
      { metric: 'application_whole', value: whole.sent, unit: 'kB' },
    ],
    process.argv,
  );
} finally {
  server.stdin.end();
  await once(server, 'exit');
}
