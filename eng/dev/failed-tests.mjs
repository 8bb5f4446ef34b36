// Prints the names of the tests that failed and how each message begins, from the reports given: xUnit XML, vitest JSON, TAP of node --test.
// Few enough lines to stand in what a log's reader sees of its end, however many tests failed; the reports have the rest.
import { readFileSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { pathToFileURL } from 'node:url';

// What is seen of a log's end is some thirty lines; totals and durations need the others.
const LINES = 20;
const LINES_OF_ONE_TEST = 4;
const LINE_LENGTH = 240;

const READERS = { '.xml': readXunit, '.json': readVitest, '.tap': readTap };

/**
 * @typedef {{ name: string, message: string }} FailedTest
 * @param {string} path Of a report; its extension tells its kind.
 * @returns {FailedTest[]} None where the report is missing or was cut short: its project has been complained of already.
 */
export function failedTestsOf(path) {
  try {
    return READERS[extname(path)](readFileSync(path, 'utf8'), basename(path, extname(path)));
  } catch (error) {
    if (error.code === 'ENOENT' || error instanceof SyntaxError) return [];
    throw error;
  }
}

/**
 * @param {FailedTest[]} tests
 * @returns {string[]}
 */
export function linesFor(tests) {
  const shown = tests.length > LINES ? tests.slice(0, LINES - 1) : tests;
  const each = Math.min(LINES_OF_ONE_TEST, Math.floor(LINES / Math.max(shown.length, 1)));
  const lines = shown.flatMap(({ name, message }) => {
    const said = message.split('\n').map((line) => line.trimEnd()).filter((line) => line.trim() !== '');
    return each === 1 ? [`  ${[name, ...said.slice(0, 1)].join(': ')}`] : [`  ${name}`, ...said.slice(0, each - 1).map((line) => `      ${line}`)];
  });
  if (shown.length < tests.length) lines.push(`  and ${tests.length - shown.length} more`);
  return lines.map((line) => (line.length > LINE_LENGTH ? `${line.slice(0, LINE_LENGTH - 1)}…` : line));
}

/** @param {string} xml An <assemblies> document: <test name result="Fail"> with a <failure><message>, and <error> for what broke outside a test. */
function readXunit(xml, project) {
  const failed = [];
  for (const [, kind, attributes, content] of xml.matchAll(/<(test|error)\s([^>]*[^>/])>(.*?)<\/\1>/gs)) {
    const value = (name) => plain(new RegExp(`(?:^|\\s)${name}="([^"]*)"`).exec(attributes)?.[1] ?? '');
    if (kind === 'test' && value('result') === 'Pass') continue;
    const message = /<(?:message|reason)>(.*?)<\/(?:message|reason)>/s.exec(content)?.[1] ?? '';
    failed.push({ name: value('name') || `${project}: ${value('type')}`, message: plain(message) });
  }
  return failed;
}

const ENTITIES = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };

/** Text of an XML attribute or element. xUnit writes control characters as \xNN and line ends inside CDATA as \r\n or \n, escaped. */
function plain(text) {
  return text
    .replaceAll(/<!\[CDATA\[|\]\]>/g, '')
    .replaceAll(/&(?:#(\d+)|#x([0-9a-fA-F]+)|(\w+));/g, (whole, decimal, hex, name) =>
      decimal ? String.fromCodePoint(Number(decimal)) : hex ? String.fromCodePoint(parseInt(hex, 16)) : (ENTITIES[name] ?? whole),
    )
    .replaceAll(/\\r\\n|\\n/g, '\n')
    .replaceAll('\r', '');
}

function readVitest(json) {
  return JSON.parse(json).testResults.flatMap((file) => {
    const tests = file.assertionResults.filter((test) => test.status !== 'passed').map((test) => ({ name: test.fullName, message: (test.failureMessages ?? []).join('\n') || test.status }));
    // A file that could not be loaded has no tests to name.
    return file.status === 'failed' && file.assertionResults.length === 0 ? [{ name: basename(file.name), message: file.message ?? '' }] : tests;
  });
}

/** A subtest's lines are indented by four and come before its parent's, whose failure says nothing more. */
function readTap(tap) {
  const failed = [];
  const names = [];
  for (const [, indent, subtest, result, directive, details] of tap.matchAll(/^( *)(?:# Subtest: (.*)|(not ok|ok) \d+ - .*?( # (?:SKIP|TODO).*)?\n\1 {2}---\n([^]*?)\n\1 {2}\.\.\.)$/gm)) {
    const depth = indent.length / 4;
    if (subtest !== undefined) names.splice(depth, names.length, subtest.replaceAll('\\#', '#'));
    else if (directive) failed.push({ name: names.slice(0, depth + 1).join(' > '), message: 'skipped' });
    else if (result === 'not ok' && !details.includes("failureType: 'subtestsFailed'")) failed.push({ name: names.slice(0, depth + 1).join(' > '), message: errorIn(details) });
  }
  return failed;
}

/** @param {string} yaml Where "error" is a quoted line, or a block of lines indented below it. */
function errorIn(yaml) {
  const [, key, value] = /^( *)error: (.*)$/m.exec(yaml) ?? [];
  if (value === undefined) return '';
  if (!value.startsWith('|')) return value.replace(/^(['"])(.*)\1$/, '$2');
  const below = yaml.slice(yaml.indexOf(`${key}error: `)).split('\n').slice(1);
  const end = below.findIndex((line) => line.trim() !== '' && !line.startsWith(`${key}  `));
  return (end < 0 ? below : below.slice(0, end)).map((line) => line.trim()).join('\n');
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  for (const line of linesFor(process.argv.slice(2).flatMap(failedTestsOf))) console.log(line);
}
