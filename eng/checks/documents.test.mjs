// What the documents name exists: files, links, types and commands. A document that no longer tells the truth is a defect.
import assert from 'node:assert/strict';
import { posix } from 'node:path';
import { test } from 'node:test';
import { FILES, filesLike, read } from './tree.mjs';

const DOCUMENTS = filesLike(/^(docs\/.*|[^/]+|lab\/[^/]+|deploy\/.*|bench\/.*)\.md$/).filter((path) => path !== 'THIRD-PARTY.md');
const FOLDERS = new Set(FILES.flatMap((path) => path.split('/').map((_, depth, parts) => parts.slice(0, depth).join('/'))));
const SOURCES = filesLike(/\.(cs|ts|js|mjs|svelte|sql|sh)$/).filter((path) => !path.startsWith('eng/checks/')).map(read).join('\n');
const WORDS_OF_SOURCES = new Set(SOURCES.match(/[A-Za-z_][A-Za-z0-9_]*/g));
const DEV_COMMANDS = filesLike(/^eng\/dev\/.*\.sh$/).map((path) => posix.basename(path, '.sh'));

/** Inline code only: a fenced block is an example. @param {string} path */
function codeSpans(path) {
  const text = read(path).replace(/^ *```[\s\S]*?^ *```/gm, '');
  return [...text.matchAll(/`([^`\n]+)`/g)].map(([, code]) => code);
}

/** @param {string} document @param {string} path */
function exists(document, path) {
  const bare = path.replace(/#.*$/, '').replace(/\/$/, '');
  const candidates = [bare, posix.normalize(posix.join(posix.dirname(document), bare))];
  return candidates.some((candidate) => candidate === '.' || FILES.includes(candidate) || FOLDERS.has(candidate));
}

/** What a code span claims to exist, or null where it claims nothing that can be looked up. @param {string} document @param {string} code */
function findFault(document, code) {
  const command = /^\.\/dev ([a-z]+)/.exec(code);
  if (command) return DEV_COMMANDS.includes(command[1]) ? null : 'no such command of ./dev';
  const tocsin = /^tocsin ([a-z]+)(?: ([a-z][a-z-]*))?/.exec(code);
  if (tocsin) return tocsin.slice(1).every((name) => !name || SOURCES.includes(`"${name}"`)) ? null : 'no such command of tocsin';
  // A path of ours begins with a folder of ours; anything else with a slash is an address, a type of media, a choice.
  if (/^[\w.-]+(\/[\w.-]+)*\/?$/.test(code) && code.includes('/')) {
    return FOLDERS.has(code.split('/')[0]) && !exists(document, code) ? 'no such file' : null;
  }
  // NNNN stands for any number.
  if (!code.includes('NNNN') && /^[\w-]+\.(md|sh|cs|ts|js|json|csproj|slnx|service|txt)$/.test(code)) {
    return FILES.some((path) => posix.basename(path) === code) || SOURCES.includes(code) ? null : 'no such file';
  }
  // Two capitals at least: `PostgresServer`, `IAlertChannel.SendAsync`; a single word may be prose.
  const type = /^(?=.*[a-z])([A-Z][a-z0-9]*[A-Z]\w*)(?:\.(\w+))?(?:\(.*\)|<.*>)?$/.exec(code);
  if (type) return type.slice(1).every((name) => !name || WORDS_OF_SOURCES.has(name)) ? null : 'no such name in the sources';
  return null;
}

for (const document of DOCUMENTS) {
  test(`what ${document} names exists`, () => {
    const faults = codeSpans(document).flatMap((code) => {
      const fault = findFault(document, code);
      return fault ? [`\`${code}\`: ${fault}`] : [];
    });
    assert.deepEqual(faults, []);
  });

  test(`the links of ${document} lead somewhere`, () => {
    const links = [...read(document).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link);
    assert.deepEqual(
      links.filter((link) => !/^(https?:|mailto:|#)/.test(link) && !exists(document, link)),
      [],
    );
  });
}

test('docs/operations/configuration.md has every key', () => {
  const [, options] = /class TocsinOptions\n\{([\s\S]*?)\n\}/.exec(read('src/Server/Tocsin.Server/Hosting/TocsinOptions.cs')) ?? [];
  const keys = [...options.matchAll(/public \S+ (\w+) \{ get/g)].map(([, name]) => name[0].toLowerCase() + name.slice(1));
  const documented = codeSpans('docs/operations/configuration.md').map((code) => code.split('.')[0]);
  assert.ok(keys.length > 5);
  assert.deepEqual(
    keys.filter((key) => !documented.includes(key)),
    [],
  );
});

test('a name that does not exist is found out', () => {
  assert.equal(findFault('README.md', './dev fly'), 'no such command of ./dev');
  assert.equal(findFault('README.md', 'eng/no-such-file'), 'no such file');
  assert.equal(findFault('README.md', 'NoSuch' + 'TypeAnywhere'), 'no such name in the sources');
  assert.equal(findFault('README.md', 'PostgresServer.StartAsync'), null);
});
