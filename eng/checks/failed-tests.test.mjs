// What ./dev test says at its end of tests that failed (eng/dev/failed-tests.mjs).
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { failedTestsOf, linesFor } from '../dev/failed-tests.mjs';

function failedTestsIn(name, text) {
  const directory = mkdtempSync(join(tmpdir(), 'tocsin-reports-'));
  try {
    writeFileSync(join(directory, name), text);
    return failedTestsOf(join(directory, name));
  } finally {
    rmSync(directory, { recursive: true });
  }
}

test('an xunit report gives failed tests, skipped ones and what broke outside a test', () => {
  const xml = `<assemblies><assembly name="X" total="4"><errors><error type="assembly-cleanup"><failure exception-type="E"><message>left a process</message></failure></error></errors>
<collection><test name="N.C.Passes" result="Pass" time="1" /><test name="N.C.Writes" result="Pass" time="1"><output>said &lt;failure&gt;</output></test>
<test name="N.C.Reads(text: &quot;a&amp;b&quot;)" result="Fail" time="1"><traits /><failure exception-type="E"><message><![CDATA[Assert.Equal() Failure\\nExpected: 1\\r\\nActual: 2]]></message><stack-trace><![CDATA[at X]]></stack-trace></failure></test>
<test name="N.C.Waits" result="Skip" time="0"><reason><![CDATA[not today]]></reason></test></collection></assembly></assemblies>`;

  assert.deepEqual(failedTestsIn('Some.Tests.xml', xml), [
    { name: 'Some.Tests: assembly-cleanup', message: 'left a process' },
    { name: 'N.C.Reads(text: "a&b")', message: 'Assert.Equal() Failure\nExpected: 1\nActual: 2' },
    { name: 'N.C.Waits', message: 'not today' },
  ]);
});

test('a vitest report gives failed tests, and files that could not be loaded', () => {
  const report = {
    testResults: [
      { name: '/a/broken.test.ts', status: 'failed', message: 'cannot find x', assertionResults: [] },
      { name: '/a/b.test.ts', status: 'failed', message: '', assertionResults: [{ fullName: 'page opens', status: 'failed', failureMessages: ['expected 1\n  at b.ts'] }, { fullName: 'page closes', status: 'passed', failureMessages: [] }] },
    ],
  };

  assert.deepEqual(failedTestsIn('web.json', JSON.stringify(report)), [
    { name: 'broken.test.ts', message: 'cannot find x' },
    { name: 'page opens', message: 'expected 1\n  at b.ts' },
  ]);
});

test("node's own reporter is read: subtests by their path, no parent that failed for its children only", () => {
  const suite = `import { describe, test } from 'node:test';
import assert from 'node:assert';
test('parent', async (t) => { await t.test('child', () => assert.deepEqual({ a: 1 }, { a: 2 })); await t.test('sound child', () => {}); });
describe('suite', () => { test('inside #1', () => { throw new Error("isn't there") }); });
test('not today', { skip: true }, () => {});
test('sound', () => {});`;
  const directory = mkdtempSync(join(tmpdir(), 'tocsin-reports-'));
  try {
    writeFileSync(join(directory, 'a.test.mjs'), suite);
    // Below another runner, node --test would write for that runner and not for us.
    const { NODE_TEST_CONTEXT: _, ...environment } = process.env;
    const { stdout } = spawnSync(process.execPath, ['--test', '--test-reporter=tap', 'a.test.mjs'], { cwd: directory, encoding: 'utf8', env: environment });
    const failed = failedTestsIn('lab.tap', stdout);
    assert.deepEqual(
      failed.map(({ name }) => name),
      ['parent > child', 'suite > inside #1', 'not today'],
    );
    assert.match(failed[0].message, /^Expected values to be loosely deep-equal:\n[^]*a: 2\n\}$/);
    assert.match(failed[1].message, /^isn.+t there$/);
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test('a report that is missing or cut short gives nothing, since its project is complained of already', () => {
  assert.deepEqual(failedTestsOf('/nowhere/at/all.xml'), []);
  assert.deepEqual(failedTestsIn('web.json', '{"testRe'), []);
  assert.deepEqual(failedTestsIn('a.xml', '<assemblies><assembly><test name="N" result="Fail"><failu'), []);
});

test('few failures are told at length, many in one line each, and never in more than a screen', () => {
  const failures = (count) => Array.from({ length: count }, (_, number) => ({ name: `Test ${number}`, message: `first${number}\n\n  second\nthird\nfourth` }));

  assert.deepEqual(linesFor([]), []);
  assert.deepEqual(linesFor(failures(1)), ['  Test 0', '      first0', '        second', '      third']);
  assert.equal(linesFor(failures(20)).length, 20);
  assert.equal(linesFor(failures(20))[19], '  Test 19: first19');
  assert.equal(linesFor(failures(500)).length, 20);
  assert.equal(linesFor(failures(500)).at(-1), '  and 481 more');
  assert.equal(linesFor([{ name: 'x'.repeat(1000), message: '' }])[0].length, 240);
});
