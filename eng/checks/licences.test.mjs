// Every dependency has a licence that goes with Apache-2.0, and is listed in THIRD-PARTY.md.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { npmPackages, nugetPackages } from './dependencies.mjs';
import { thirdPartyDocument } from './third-party.mjs';
import { read } from './tree.mjs';

/** SPDX identifiers. "blessing" is SQLite's own dedication to the public domain. */
const COMPATIBLE = new Set([
  'Apache-2.0', 'MIT', 'MIT-0', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD', 'Zlib', 'PostgreSQL', 'BlueOak-1.0.0', 'CC0-1.0', 'Unlicense', 'OFL-1.1', 'Python-2.0', 'blessing',
]);

/** Their terms bind whoever passes them on; we only use them to build, check and test. */
const FOR_DEVELOPMENT_ONLY = new Set(['MPL-2.0', 'CC-BY-4.0']);

/**
 * "(MIT OR GPL-2.0)" is fine if one side is, "Apache-2.0 AND blessing" if both are.
 * @param {string | null} expression
 * @param {boolean} shipped
 */
function isCompatible(expression, shipped) {
  if (expression === null) return false;
  const known = (licence) => COMPATIBLE.has(licence) || (!shipped && FOR_DEVELOPMENT_ONLY.has(licence));
  return expression
    .replace(/[()]/g, '')
    .split(' OR ')
    .some((side) => side.split(' AND ').every((licence) => known(licence.trim())));
}

for (const [kind, list] of [
  ['NuGet', nugetPackages()],
  ['npm', npmPackages()],
]) {
  test(`every ${kind} package has a licence that goes with Apache-2.0`, () => {
    const wrong = list.filter(({ licence, shipped }) => !isCompatible(licence, shipped));
    assert.deepEqual(wrong, []);
  });
}

test('a licence outside the list is refused, and one side of a choice is enough', () => {
  assert.ok(!isCompatible('GPL-3.0-only', false));
  assert.ok(!isCompatible(null, false));
  assert.ok(!isCompatible('MPL-2.0', true));
  assert.ok(!isCompatible('MIT AND GPL-2.0-only', true));
  assert.ok(isCompatible('(GPL-2.0-only OR MIT)', true));
});

test('THIRD-PARTY.md is what the lock files say', () => {
  const written = new Set(read('THIRD-PARTY.md').split('\n'));
  const due = thirdPartyDocument().split('\n');
  const missing = due.filter((line) => !written.has(line));
  const stale = [...written].filter((line) => !due.includes(line));
  assert.deepEqual({ missing, stale }, { missing: [], stale: [] }, 'run: node eng/checks/third-party.mjs');
});
