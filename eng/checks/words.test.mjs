// Words that have no place in the tree: hosts of package registries (a lock file that names one ties every clone to it), and paths of somebody's machine.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { filesLike, read } from './tree.mjs';

// Put together here, so that this file does not find itself.
const NOWHERE = [
  ['registry', 'npmjs', 'org'].join('.'),
  ['registry', 'yarnpkg', 'com'].join('.'),
  ['api', 'nuget', 'org'].join('.'),
  ['', 'work', ''].join('/'),
  ['', 'root', ''].join('/'),
];

for (const word of NOWHERE) {
  test(`no file says ${word}`, () => {
    assert.deepEqual(
      filesLike(/./).filter((path) => read(path).includes(word)),
      [],
    );
  });
}

test('every npm package is pinned to one version', () => {
  const loose = [];
  for (const path of filesLike(/package\.json$/)) {
    const { dependencies = {}, devDependencies = {} } = JSON.parse(read(path));
    for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) {
      if (!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)) loose.push(`${path}: ${name} ${version}`);
    }
  }
  assert.deepEqual(loose, []);
});
