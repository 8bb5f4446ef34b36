// How every benchmark says what it measured: a table for people, and with --json FILE an object for programs.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';

/**
 * One figure. `ratio` is ours to the other's, oriented so that more is better; `goal` applies to the ratio, or to the value where nothing stands beside.
 * @typedef {object} Result
 * @property {string} metric
 * @property {number} value
 * @property {string} unit
 * @property {number} [goal]
 * @property {'most' | 'least'} [goalIs] Whether a value may be at most or must be at least the goal.
 * @property {string} [beside]
 * @property {number} [besideValue]
 * @property {number} [ratio]
 */

/**
 * @param {string} bench
 * @param {Record<string, unknown>} settings What the figures hold for.
 * @param {Result[]} results
 * @param {string[]} commandLine
 */
export function report(bench, settings, results, commandLine) {
  const measured = results.map((result) => ({ ...result, met: isMet(result) }));
  console.table(
    measured.map(({ metric, value, unit, beside, besideValue, ratio, goal, met }) => ({
      metric,
      value: `${round(value)} ${unit}`,
      beside: beside ? `${beside}: ${round(besideValue ?? 0)} ${unit}` : '',
      ratio: ratio === undefined ? '' : round(ratio),
      goal: goal ?? '',
      met: goal === undefined ? '' : met ? 'yes' : 'NO',
    })),
  );
  const file = jsonFile(commandLine);
  if (!file) return;
  const results_ = measured.map(({ besideValue, goalIs: _, ...rest }) => ({ ...rest, ...(besideValue === undefined ? {} : { beside_value: besideValue }) }));
  writeFileSync(file, `${JSON.stringify({ bench, machine: machine(), commit: commit(), settings, results: results_ }, null, 2)}\n`);
}

/** @param {Result} result */
function isMet({ value, ratio, goal, goalIs = 'least' }) {
  if (goal === undefined) return undefined;
  if (ratio !== undefined) return ratio >= goal;
  return goalIs === 'most' ? value <= goal : value >= goal;
}

/** @param {string[]} commandLine */
function jsonFile(commandLine) {
  const at = commandLine.indexOf('--json');
  return at === -1 ? undefined : commandLine[at + 1];
}

function machine() {
  const [{ model }] = cpus();
  return `${cpus().length} x ${model}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform} ${process.arch}`;
}

function commit() {
  return execFileSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8' }).trim();
}

/** Three significant digits are more than a shared machine repeats. @param {number} value */
function round(value) {
  return Number(value.toPrecision(3));
}

/** @param {number[]} values */
export function median(values) {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)];
}
