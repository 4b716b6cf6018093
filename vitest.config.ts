import { fileURLToPath } from 'node:url';
import { configDefaults, defineConfig } from 'vitest/config';
import { nodePlatform } from './src/platform/node.ts';

const testsIn = (...rooms: string[]) => rooms.map((room) => `test/${room}/**/*.test.ts`);

/** Files of tests that run kernels: they run on both builds, and on several threads where Node has them. */
const kernelTests = testsIn(
  'assembly',
  'graph',
  'compiler',
  'layers',
  'losses',
  'metrics',
  'optimizers',
  'training',
  'textbook',
);

/** No test asserts a time: this only ends what hangs, on the slowest machine too. */
const testTimeout = 60_000;

/** Ranks are threads that have kernels of their own choice. */
const exclude = ['test/training/distributed/ranks.test.ts'];

/** Files of tests of numbers share processes, which load the library once: most of a short file's time is that. */
const isolate = false;
const shared = [...kernelTests, ...testsIn('functions', 'initializers', 'models', 'state', 'tensor')];

const projectOnKernels = (name: string) => ({
  test: { name, isolate, testTimeout, include: kernelTests, exclude, setupFiles: [`test/use-${name}.ts`] },
});

export default defineConfig({
  test: {
    // Vitest leaves a core to itself, which is half of a machine of two.
    maxWorkers: '100%',
    projects: [
      // The build that the runtime picks: relaxed SIMD where there is such a thing.
      { test: { name: 'default', isolate, testTimeout, include: shared } },
      {
        // The benchmark's scripts import the package by name, from a folder with a package.json of its own.
        resolve: { alias: { lanegrad: fileURLToPath(new URL('src/node.ts', import.meta.url)) } },
        // What starts kernels in ways of its own, replaces globals, or watches a process has one for each file.
        test: {
          name: 'alone',
          testTimeout,
          include: ['test/**/*.test.ts'],
          exclude: [...configDefaults.exclude, ...shared],
        },
      },
      projectOnKernels('simd'),
      ...(nodePlatform.hasThreads ? [projectOnKernels('threads')] : []),
    ],
  },
});
