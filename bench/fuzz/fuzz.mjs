// Runs the tests that hold hostile input against an oracle for as long as it is told, one after the other and behind all other programs. A crash or a difference ends it without a figure.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { option } from '../measurer.mjs';
import { report } from '../report.mjs';

const seconds = option('--seconds') ?? '20';
const keeps = process.argv.includes('--keep');
const projects = ['Tocsin.Media.Wire.Tests', 'Tocsin.Media.Engine.Tests', 'Tocsin.Alerting.Channels.Tests', 'Tocsin.Rooms.Tests'];

/** @typedef {{ statement: string, executions: number, seconds: number, ways: number }} Counted */

/** @param {string} project @param {string} file @returns {Counted[]} */
function run(project, file) {
  const environment = { ...process.env, TOCSIN_FUZZ_SECONDS: seconds, TOCSIN_FUZZ_REPORT: file, ...(keeps ? { TOCSIN_FUZZ_KEEP: '1' } : {}) };
  const program = join('test', project, 'bin', 'Release', 'net10.0', project);
  execFileSync('nice', ['-n', '19', program, '--no-progress', '--parallel', 'none', '--filter-trait', 'Fuzz=Parser'], { stdio: 'inherit', env: environment });
  if (!existsSync(file)) throw new Error(`${project} has no statement of this kind`);
  return readFileSync(file, 'utf8').trim().split('\n').map(readLine);
}

/** @param {string} line @returns {Counted} */
function readLine(line) {
  const [statement, executions, taken, ways] = line.split(' ');
  return { statement, executions: Number(executions), seconds: Number(taken), ways: Number(ways) };
}

const directory = mkdtempSync(join(tmpdir(), 'tocsin-fuzz-'));
try {
  const counted = projects.flatMap((project) => run(project, join(directory, project)));
  const sum = (/** @type {(one: Counted) => number} */ of) => counted.reduce((total, one) => total + of(one), 0);
  report(
    'fuzz',
    { secondsOfEach: Number(seconds), statements: counted, priority: 'nice 19, one thread' },
    [
      ...counted.map(({ statement, executions }) => ({ metric: statement, value: executions, unit: 'executions' })),
      { metric: 'executions', value: sum(({ executions }) => executions), unit: '' },
      { metric: 'time', value: sum((one) => one.seconds) / 60, unit: 'min' },
      { metric: 'crashes_and_differences', value: 0, unit: '', goal: 0, goalIs: 'most' },
    ],
    process.argv,
  );
} finally {
  rmSync(directory, { recursive: true });
}
