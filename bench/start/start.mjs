import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { median, report } from '../report.mjs';

const ROUNDS = 7;

/** What a server that has just answered still allocates for a moment is not what it holds when idle. */
const SETTLE_MS = 10_000;

/** Between looks at whether the first alert is rehearsed. */
const READY_LOOK_MS = 20;

const MEBIBYTE = 2 ** 20;

const directory = resolve(process.argv[2]);

/**
 * Starts the program on a data directory; the time is from the start of the process to the last byte of the page.
 * @param {string} data
 */
async function start(data) {
  const began = performance.now();
  const server = spawn(join(directory, 'tocsin'), ['serve', '--port', '0', '--data', data], { stdio: ['ignore', 'pipe', 'ignore'], cwd: data });
  for await (const line of createInterface({ input: server.stdout })) {
    const address = /^Tocsin listens at (\S+)$/.exec(line)?.[1];
    if (!address) continue;
    const page = await (await fetch(address)).text();
    if (!page.includes('<script')) throw new Error('what came is not the page');
    const milliseconds = performance.now() - began;
    const processor = processorMilliseconds(server.pid);
    return { server, milliseconds, processor, answerAfter: () => answerAfter(address, began), readyAfter: () => readyAfter(address, began) };
  }
  throw new Error('the server ended');
}

/** Until the server answers what needs its database and its endpoints; here, that nobody is signed in. @param {string} address @param {number} began */
async function answerAfter(address, began) {
  const answer = await fetch(new URL('/api/v1/session', address));
  if (answer.status !== 401) throw new Error(`a stranger was answered with ${answer.status}`);
  await answer.arrayBuffer();
  return performance.now() - began;
}

/** @param {string} address @param {number} began */
async function readyAfter(address, began) {
  while (!(await fetch(new URL('/health/ready', address))).ok) await new Promise((done) => setTimeout(done, READY_LOOK_MS));
  return performance.now() - began;
}

/** @param {import('node:child_process').ChildProcess} server */
async function stop(server) {
  server.kill('SIGTERM');
  await once(server, 'exit');
}

/** Processor time so far, which other programs on the machine disturb less than the clock. @param {number | undefined} processId */
function processorMilliseconds(processId) {
  // proc(5): fields 14 and 15 in ticks of 10 ms; the second field, in brackets, may hold spaces.
  const fields = readFileSync(`/proc/${processId}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** Memory that is the process's alone and its share of what is mapped by several. @param {number | undefined} processId */
function proportionalMebibytes(processId) {
  const [, kibibytes] = /^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${processId}/smaps_rollup`, 'utf8')) ?? [];
  return Number(kibibytes) / 1024;
}

const first = [];
const again = [];
const processor = [];
const answer = [];
const ready = [];
let idle = 0;
for (let round = 0; round < ROUNDS; round += 1) {
  const data = mkdtempSync(join(tmpdir(), 'tocsin-bench-'));
  const fresh = await start(data);
  first.push(fresh.milliseconds);
  await stop(fresh.server);
  const known = await start(data);
  again.push(known.milliseconds);
  processor.push(known.processor);
  answer.push(await known.answerAfter());
  ready.push(await known.readyAfter());
  if (round === ROUNDS - 1) {
    await new Promise((done) => setTimeout(done, SETTLE_MS));
    idle = proportionalMebibytes(known.server.pid);
  }
  await stop(known.server);
  rmSync(data, { recursive: true });
}
const size = Number(execFileSync('du', ['-sb', directory], { encoding: 'utf8' }).split('\t')[0]) / MEBIBYTE;

report(
  'start',
  { rounds: ROUNDS, figures: 'median', database: 'sqlite', files: 'in the page cache', load: loadavg()[0] },
  [
    { metric: 'start_to_first_page', value: median(again), unit: 'ms', goal: 1000, goalIs: 'most' },
    { metric: 'start_processor_time', value: median(processor), unit: 'ms' },
    { metric: 'start_to_first_answer_of_the_api', value: median(answer), unit: 'ms' },
    { metric: 'start_to_ready_for_a_fast_first_alert', value: median(ready), unit: 'ms' },
    { metric: 'first_start_to_first_page', value: median(first), unit: 'ms' },
    { metric: 'idle_memory', value: idle, unit: 'MiB', goal: 150, goalIs: 'most' },
    { metric: 'published_size', value: size, unit: 'MiB', goal: 150, goalIs: 'most' },
  ],
  process.argv,
);
