import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../main.js', import.meta.url));

test('the lab says where it listens, answers there, and ends when its input does', async () => {
  const lab = spawn(process.execPath, [MAIN, '--end-with-input'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = await once(createInterface({ input: lab.stdout }), 'line');
  const ready = JSON.parse(line);
  assert.equal(ready.ready, true);
  const state = await (await fetch(new URL('/api/state', ready.page))).json();
  assert.equal(state.demonstration, true);
  assert.deepEqual(
    state.carriers.map(({ kind, address }) => [kind, address]),
    [
      ['sms', ready.sms],
      ['mail', ready.mail],
      ['push', ready.push],
    ],
  );
  const exit = once(lab, 'exit');
  lab.stdin.end();
  assert.deepEqual(await exit, [0, null]);
});
