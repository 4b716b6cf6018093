import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { nodePlatform } from './src/platform/node.ts';

/** Files of tests that run kernels: they run on both builds, and on several threads where Node has them. */
const kernelTests = [
  'assembly',
  'graph',
  'compiler',
  'layers',
  'losses',
  'metrics',
  'optimizers',
  'training',
  'textbook',
].map((folder) => `test/${folder}/**/*.test.ts`);

/** No test asserts a time: this only ends what hangs, on the slowest machine too. */
const testTimeout = 60_000;

/** Ranks are threads that have kernels of their own choice. */
const exclude = ['test/training/distributed/ranks.test.ts'];

const projectOnKernels = (name: string) => ({
  test: { name, testTimeout, include: kernelTests, exclude, setupFiles: [`test/use-${name}.ts`] },
});

export default defineConfig({
  test: {
    // Vitest leaves a core to itself, which is half of a machine of two.
    maxWorkers: '100%',
    projects: [
      {
        // The benchmark's scripts import the package by name, from a folder with a package.json of its own.
        resolve: { alias: { lanegrad: fileURLToPath(new URL('src/node.ts', import.meta.url)) } },
        // The build that the runtime picks: relaxed SIMD where there is such a thing.
        test: { name: 'default', testTimeout, include: ['test/**/*.test.ts'] },
      },
      projectOnKernels('simd'),
      ...(nodePlatform.hasThreads ? [projectOnKernels('threads')] : []),
    ],
  },
});
