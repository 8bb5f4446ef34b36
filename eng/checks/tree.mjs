// What the checks of this directory read: the tracked files of the repository, and those about to be.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Paths from the root, with '/'. */
export const FILES = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '--deduplicate'], { cwd: ROOT, encoding: 'utf8', maxBuffer: 1 << 26 })
  .split('\n')
  .filter((path) => path !== '');

const BINARY = /\.(png|jpg|woff2|ico|gz|zip|pdf)$/;

/** @param {RegExp} pattern */
export const filesLike = (pattern) => FILES.filter((path) => pattern.test(path) && !BINARY.test(path));

/** @param {string} path Empty where the file was deleted and the deletion not yet recorded. */
export function read(path) {
  try {
    return readFileSync(ROOT + path, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'EISDIR') return '';
    throw error;
  }
}
