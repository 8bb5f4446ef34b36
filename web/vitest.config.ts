import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';
import { limits } from './test/limits.ts';

const patience = {
  testTimeout: limits.test,
  hookTimeout: limits.hook,
  expect: { poll: { timeout: limits.event } },
} as const;

export default defineConfig({
  test: {
    // One file for each core: by itself it would leave one core of two to nobody.
    maxWorkers: '100%',
    projects: [
      {
        plugins: [svelte()],
        resolve: { conditions: ['browser'] },
        test: { ...patience, name: 'unit', include: ['test/unit/**/*.test.ts'], environment: 'happy-dom', setupFiles: ['test/unit/setup.ts'] },
      },
      {
        // What is sealed and signed, with the WebCrypto of Node: no page is needed.
        test: { ...patience, name: 'e2ee', include: ['test/e2ee/**/*.test.ts'], environment: 'node' },
      },
      {
        // Real pages in a real Chromium, over the built application, against a scripted server.
        // The files that one worker runs share its Chromium: each test has a profile of its own in it.
        test: { ...patience, name: 'pages', include: ['test/pages/**/*.test.ts'], environment: 'node', isolate: false },
      },
    ],
  },
});
