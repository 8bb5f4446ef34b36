// The part of a benchmark that runs in a program of its own, against the published server: it checks its work and writes its figures to a file.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * What follows an option on the command line.
 * @param {string} name
 */
export function option(name) {
  const at = process.argv.indexOf(name);
  return at === -1 ? undefined : process.argv[at + 1];
}

/**
 * Runs the measurer, which takes the file to write as its last argument. Throws where it fails.
 * @param {string} measurer
 * @param {readonly string[]} settings
 */
export function measureWith(measurer, settings) {
  const directory = mkdtempSync(join(tmpdir(), 'tocsin-bench-'));
  const file = join(directory, 'measured.json');
  try {
    execFileSync(measurer, [...settings, file], { stdio: ['ignore', 'inherit', 'inherit'] });
    return JSON.parse(readFileSync(file, 'utf8'));
  } finally {
    rmSync(directory, { recursive: true });
  }
}
