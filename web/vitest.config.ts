import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      {
        plugins: [svelte()],
        resolve: { conditions: ['browser'] },
        test: { name: 'unit', include: ['test/unit/**/*.test.ts'], environment: 'happy-dom', setupFiles: ['test/unit/setup.ts'] },
      },
      {
        // What is sealed and signed, with the WebCrypto of Node: no page is needed.
        test: { name: 'e2ee', include: ['test/e2ee/**/*.test.ts'], environment: 'node', testTimeout: 60_000 },
      },
      {
        // Real pages in a real Chromium, over the built application, against a scripted server.
        test: {
          name: 'pages',
          include: ['test/pages/**/*.test.ts'],
          environment: 'node',
          testTimeout: 60_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
