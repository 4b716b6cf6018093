import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** Folders whose tests run kernels: they run on both builds. */
const kernelTests = ['assembly', 'graph', 'compiler', 'layers', 'training', 'textbook'];

export default defineConfig({
  test: {
    projects: [
      {
        // The benchmark's scripts import the package by name, from a folder with a package.json of its own.
        resolve: { alias: { lanegrad: fileURLToPath(new URL('src/node.ts', import.meta.url)) } },
        // The build that the runtime picks: relaxed SIMD where there is such a thing.
        test: { name: 'default', include: ['test/**/*.test.ts'] },
      },
      {
        test: {
          name: 'simd',
          include: kernelTests.map((folder) => `test/${folder}/**/*.test.ts`),
          setupFiles: ['test/use-simd.ts'],
        },
      },
    ],
  },
});
