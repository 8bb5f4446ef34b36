// THIRD-PARTY.md: what Tocsin is built from, and under which licences. `node eng/checks/third-party.mjs` writes it; ./dev verify compares.
import { writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { npmPackages, nugetPackages } from './dependencies.mjs';
import { ROOT } from './tree.mjs';

/** @param {import('./dependencies.mjs').Dependency[]} dependencies */
function table(dependencies) {
  const rows = dependencies.map(({ name, version, licence, shipped }) => `| ${name} | ${version} | ${licence ?? 'unknown'} | ${shipped ? 'product' : 'development'} |`);
  return ['| package | version | licence | for |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

export function thirdPartyDocument() {
  return `# Third-party packages

Tocsin is Apache-2.0. It is built from these packages, read from the lock files; each licence is compatible (\`./dev verify\` fails on one it does not know).
"Product" packages are part of what runs or compile it; "development" ones only build, check and test.
Written by \`node eng/checks/third-party.mjs\`.

## NuGet

${table(nugetPackages())}

## npm

${table(npmPackages())}

The .NET runtime and ASP.NET Core are under the MIT licence.
`;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) writeFileSync(`${ROOT}THIRD-PARTY.md`, thirdPartyDocument());
