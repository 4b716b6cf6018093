// What users of the built package get, in bytes: scripts bundled with what they use of it, everything, the kernels.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { rolldown } from 'rolldown';

const root = fileURLToPath(new URL('..', import.meta.url));
const file = (path) => readFileSync(join(root, path));

/** The script that README begins with. */
export const readmeScript = () =>
  file('README.md')
    .toString()
    .match(/```js\n(.*?)```/s)[1];

async function byEsbuild(path) {
  const bundle = { bundle: true, minify: true, format: 'esm', write: false };
  const { outputFiles } = await build({ entryPoints: [join(root, path)], ...bundle });
  return outputFiles[0].contents;
}

/** By the bundler of Vite. It finds what a script uses of `tf.layers`, as Rollup does; esbuild keeps all of it. */
export async function byRolldown(script) {
  const entry = 'readme.js';
  const bundle = await rolldown({
    input: entry,
    resolve: { alias: { lanegrad: join(root, 'dist/modules/src/index.js') } },
    plugins: [
      {
        name: 'script',
        resolveId: (id) => (id === entry ? id : undefined),
        load: (id) => (id === entry ? script : undefined),
      },
    ],
  });
  // Marks of purity go, as they do where Vite builds.
  const { output } = await bundle.generate({ format: 'esm', minify: true, comments: { annotation: false } });
  await bundle.close();
  return output[0].code;
}

const kilobytes = (n) => n * 1024;
/**
 * What a size is meant to be at most, gzipped. Neither is reached: every bundle has all methods of tensors, as no bundler
 * sees which of them a script calls.
 */
export const goals = { "README's script": kilobytes(70), everything: kilobytes(130) };
/**
 * The most that a size may be until its goal is reached: a little more than what it was when scripts in all the spellings
 * that TensorFlow.js takes, pages of every kind, several copies of the library and models of Keras 3 had been seen to, bundlers
 * left out what no method leads to, and products of large matrices and of ten columns had kernels of their own.
 */
export const limits = { "README's script": kilobytes(141.5), everything: kilobytes(212) };

/** @returns {Promise<{ name: string, bytes: number, gzipped: number }[]>} */
export async function sizes() {
  const contents = {
    "README's script": await byRolldown(readmeScript()),
    'a script of dense layers': await byEsbuild('test/package/dense-networks.js'),
    'the core': await byEsbuild('test/package/core.js'),
    everything: file('dist/index.js'),
    'kernels, relaxed SIMD': file('build/lanegrad.relaxed.wasm'),
    'kernels, baseline SIMD': file('build/lanegrad.simd.wasm'),
  };
  return Object.entries(contents).map(([name, content]) => ({
    name,
    bytes: Buffer.byteLength(content),
    gzipped: gzipSync(content, { level: 9 }).length,
  }));
}
