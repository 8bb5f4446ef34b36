// The arrows of docs/ARCHITECTURE.md: who may know whom. A project or a folder that is not listed here fails, so that a new one is placed on purpose.
import assert from 'node:assert/strict';
import { posix } from 'node:path';
import { test } from 'node:test';
import { filesLike, read } from './tree.mjs';

const PROJECT_ARROWS = {
  'Tocsin.Alerting': [],
  'Tocsin.Alerting.Channels': ['Tocsin.Alerting'],
  'Tocsin.Storage': ['Tocsin.Alerting'],
  'Tocsin.Server': ['Tocsin.Alerting', 'Tocsin.Alerting.Channels', 'Tocsin.Storage'],
};

/** Folders of web/src; each may import from itself and from these. */
const WEB_ARROWS = {
  platform: [],
  transport: ['platform'],
  core: ['transport', 'platform'],
  ui: [],
  features: ['core', 'ui'],
  app: ['features', 'core', 'transport', 'platform', 'ui'],
};

const projects = filesLike(/^src\/.*\.csproj$/).map((path) => ({
  name: posix.basename(path, '.csproj'),
  knows: [...read(path).matchAll(/<ProjectReference Include="([^"]+)"/g)].map(([, to]) => posix.basename(to, '.csproj')),
}));

for (const { name, knows } of projects) {
  test(`${name} knows only what is below it`, () => {
    assert.ok(name in PROJECT_ARROWS, `place ${name} in PROJECT_ARROWS`);
    const wrong = knows.filter((other) => !PROJECT_ARROWS[name].includes(other));
    assert.deepEqual(wrong, []);
  });
}

test('no project of src knows a project of test', () => {
  assert.deepEqual(
    filesLike(/^src\/.*\.csproj$/).filter((path) => /ProjectReference Include="[^"]*\/test\//.test(read(path))),
    [],
  );
});

test('every project is in the solution', () => {
  const solution = read('Tocsin.slnx');
  assert.deepEqual(
    filesLike(/\.csproj$/).filter((path) => !solution.includes(`"${path}"`)),
    [],
  );
});

test('the folders of the web client import only what is below them', () => {
  const wrong = [];
  for (const path of filesLike(/^web\/src\/[^/]+\/.*\.(ts|js|svelte)$/)) {
    if (/\.(test|spec)\.ts$/.test(path)) continue;
    const folder = path.split('/')[2];
    if (!(folder in WEB_ARROWS)) {
      wrong.push(`place ${folder} in WEB_ARROWS`);
      continue;
    }
    for (const to of importsOf(path)) {
      const target = folderOf(path, to);
      if (target && target !== folder && !WEB_ARROWS[folder].includes(target)) wrong.push(`${path} imports ${to}`);
    }
  }
  assert.deepEqual([...new Set(wrong)], []);
});

/** @param {string} path */
function importsOf(path) {
  return [...read(path).matchAll(/(?:\bfrom\s+|\bimport\s+|\bimport\()\s*['"]([^'"]+)['"]/g)].map(([, to]) => to);
}

/** The folder of web/src that an import leads to, or null for a package. @param {string} path @param {string} to */
function folderOf(path, to) {
  const alias = /^(?:\$|@\/|~\/)([a-z0-9]+)\//.exec(to);
  if (alias) return alias[1];
  if (!to.startsWith('.')) return null;
  const target = posix.normalize(posix.join(posix.dirname(path), to));
  return target.startsWith('web/src/') ? target.split('/')[2] : null;
}
