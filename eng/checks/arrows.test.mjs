// The arrows of docs/ARCHITECTURE.md: which project may know which. One that is not listed here fails, so that a new one is placed on purpose.
// Those of the web client are a test of its own.
import assert from 'node:assert/strict';
import { posix } from 'node:path';
import { test } from 'node:test';
import { filesLike, read } from './tree.mjs';

const PROJECT_ARROWS = {
  'Tocsin.Media.Wire': [],
  'Tocsin.Media.Engine': ['Tocsin.Media.Wire'],
  'Tocsin.Media.Forwarding': ['Tocsin.Media.Wire', 'Tocsin.Media.Engine'],
  'Tocsin.Media.Host': ['Tocsin.Media.Wire', 'Tocsin.Media.Engine', 'Tocsin.Media.Forwarding'],
  'Tocsin.Alerting': [],
  'Tocsin.Alerting.Channels': ['Tocsin.Alerting'],
  'Tocsin.Rooms': [],
  'Tocsin.Storage': ['Tocsin.Alerting'],
  'Tocsin.Server': ['Tocsin.Alerting', 'Tocsin.Alerting.Channels', 'Tocsin.Rooms', 'Tocsin.Storage', 'Tocsin.Media.Host'],
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
