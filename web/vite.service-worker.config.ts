import { readdirSync, readFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { precompress } from './precompress';

const dist = fileURLToPath(new URL('./dist', import.meta.url));

/** Everything the application's own build wrote: the offline shell is complete after the first visit. */
function builtFiles(): string[] {
  return readdirSync(dist, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => '/' + relative(dist, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((path) => path !== '/service-worker.js' && !/\.(map|br|gz)$/.test(path))
    .map((path) => (path === '/index.html' ? '/' : path))
    .sort();
}

function versionOf(files: string[]): string {
  const hash = createHash('sha256');
  for (const file of files) hash.update(file).update(readFileSync(join(dist, file === '/' ? 'index.html' : file)));
  return hash.digest('hex').slice(0, 16);
}

/** Runs after the application's build: the worker carries the list of its files, and a version that changes when any of them does. */
export default defineConfig(() => {
  const files = builtFiles();
  return {
    publicDir: false as const,
    // Last of all, so that the worker is compressed too.
    plugins: [precompress(dist)],
    define: { PRECACHED_FILES: JSON.stringify(files), PRECACHE_VERSION: JSON.stringify(versionOf(files)) },
    build: {
      target: 'es2022',
      emptyOutDir: false,
      copyPublicDir: false,
      rollupOptions: {
        input: fileURLToPath(new URL('./src/platform/service-worker/worker.ts', import.meta.url)),
        output: { entryFileNames: 'service-worker.js', format: 'iife' as const },
      },
    },
  };
});
