import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: resolve(import.meta.dirname, '../..'),
    // Of the examples and of what models are saved to, those of runtimes that `npm test` does without.
    include: [
      'test/{runtimes,bundlers,site}/**/*.test.ts',
      'test/examples/{browser,command-line,edge-worker}.test.ts',
      'test/io/pages.test.ts',
    ],
    env: { LANEGRAD_RUNTIMES: 'all' },
    // Browsers and bundlers take the machine's cores for themselves.
    fileParallelism: false,
    // An emulated processor takes half a minute where nothing else runs.
    testTimeout: 180_000,
    hookTimeout: 120_000,
  },
});
