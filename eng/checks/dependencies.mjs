// Every package that the lock files name, with its licence.
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { filesLike, read } from './tree.mjs';

/** @typedef {{ name: string, version: string, licence: string | null, shipped: boolean }} Dependency */

/** Packages whose description has no licence expression; each read by hand in the package itself. */
const READ_BY_HAND = JSON.parse(read('eng/checks/licences-read-by-hand.json'));

const SHIPPED_PROJECT = /^src\//;

/** @returns {Dependency[]} Sorted by name; shipped if anything under src/ needs it. */
export function nugetPackages() {
  /** @type {Map<string, Dependency>} */
  const found = new Map();
  for (const path of filesLike(/packages\.lock\.json$/)) {
    for (const packages of Object.values(JSON.parse(read(path)).dependencies)) {
      for (const [name, { type, resolved }] of Object.entries(packages)) {
        if (type === 'Project' || !resolved) continue;
        const key = `${name} ${resolved}`;
        const shipped = SHIPPED_PROJECT.test(path) || (found.get(key)?.shipped ?? false);
        found.set(key, { name, version: resolved, licence: nugetLicence(name, resolved), shipped });
      }
    }
  }
  return sorted(found.values());
}

/** @param {string} name @param {string} version */
function nugetLicence(name, version) {
  const store = process.env.NUGET_PACKAGES ?? `${homedir()}/.nuget/packages`;
  const path = `${store}/${name.toLowerCase()}/${version.toLowerCase()}/${name.toLowerCase()}.nuspec`;
  const expression = existsSync(path) ? /<license type="expression">([^<]+)</.exec(readFileSync(path, 'utf8'))?.[1] : undefined;
  return expression ?? READ_BY_HAND.nuget[name] ?? null;
}

/** Compiled into the web client, though npm knows them as tools of its build. */
const IN_THE_BUNDLE = new Set(['svelte', '@fontsource/atkinson-hyperlegible']);

/** @returns {Dependency[]} Sorted by name; shipped unless the lock file calls it a tool of development. Those of the lab only serve demonstrations and tests. */
export function npmPackages() {
  /** @type {Map<string, Dependency>} */
  const found = new Map();
  for (const path of filesLike(/package-lock\.json$/)) {
    for (const [place, entry] of Object.entries(JSON.parse(read(path)).packages)) {
      if (!place.includes('node_modules/')) continue;
      const name = place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length);
      const key = `${name} ${entry.version}`;
      const shipped = (path.startsWith('web/') && (!entry.dev || IN_THE_BUNDLE.has(name))) || (found.get(key)?.shipped ?? false);
      found.set(key, { name, version: entry.version, licence: entry.license ?? READ_BY_HAND.npm[name] ?? null, shipped });
    }
  }
  return sorted(found.values());
}

/** @param {Iterable<Dependency>} dependencies */
function sorted(dependencies) {
  return [...dependencies].sort((one, other) => (one.name < other.name ? -1 : one.name > other.name ? 1 : one.version < other.version ? -1 : 1));
}
