import { defineConfig } from 'vitest/config';

/** Folders whose tests run kernels: they run on both builds. */
const kernelTests = ['assembly', 'graph', 'compiler', 'layers', 'training', 'textbook'];

export default defineConfig({
  test: {
    projects: [
      {
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
