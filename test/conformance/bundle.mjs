// One script of all of TensorFlow.js's tests, in which their imports of its public API give the subject's.

import { readdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { build } from 'esbuild';

const here = import.meta.dirname;
const core = join(here, 'node_modules/@tensorflow/tfjs-core/dist');

/** Modules of TensorFlow.js, by path below its dist/, that tests import public names from. */
const publicModules =
  /^(index|tensor|serialization|globals|public\/.*|ops\/(ops|scalar|tensor\dd|gather_nd|bitwise_and|ensure_shape)|optimizers\/\w+_?optimizer)$/;

/** Modules that belong to the tests: what they import is redirected as well. */
const testModules = /(_test|image_test_util)\.js$/;

/** The names of the files of tests, as paths below dist/ without '_test.js', in order. */
export const testFiles = () =>
  readdirSync(core, { recursive: true })
    .filter((path) => path.endsWith('_test.js'))
    .map((path) => path.slice(0, -'_test.js'.length))
    .sort();

/** The subject as a module of CommonJS: a name that it lacks is undefined, where a module of ES would not link. */
const subjects = {
  lanegrad: `
    module.exports = {
      ...require(${JSON.stringify(resolve(here, '../../src/node.ts'))}),
      test_util: require(${JSON.stringify(join(core, 'test_util.js'))}),
    };`,
  reference: `
    module.exports = require(${JSON.stringify(join(core, 'index.js'))});
    require(${JSON.stringify(join(core, 'public/chained_ops/register_all_chained_ops.js'))});
    require(${JSON.stringify(join(core, 'register_all_gradients.js'))});
    require('@tensorflow/tfjs-backend-cpu');`,
};

function redirections(subject) {
  const ofSubject = { path: 'subject', namespace: 'conformance' };
  const utilOfSubject = { path: 'util', namespace: 'conformance' };
  const ofPackage = (path) => join(core, path);
  return {
    name: 'redirections',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^\.\.?(\/|$)/ }, ({ path, importer, namespace }) => {
        if (namespace !== 'file' || !testModules.test(importer)) return;
        const name = relative(core, resolve(dirname(importer), path)) || 'index';
        if (name === 'jasmine_util') return { path: join(here, 'harness.mjs') };
        if (subject === 'lanegrad' && publicModules.test(name)) return ofSubject;
        if (name === 'index') return ofSubject;
        // Elsewhere it helps the tests; here it is tested.
        if (subject === 'lanegrad' && name === 'util' && importer.endsWith('/util_test.js'))
          return utilOfSubject;
      });
      onResolve({ filter: /^conformance:subject$/ }, () => ofSubject);
      // One copy of the library, whichever way it is imported.
      onResolve({ filter: /^@tensorflow\/tfjs-core$/ }, () => ({ path: ofPackage('index.js') }));
      onResolve({ filter: /^@tensorflow\/tfjs-core\/dist\// }, ({ path }) => ({
        path: `${ofPackage(path.slice('@tensorflow/tfjs-core/dist/'.length).replace(/\.js$/, ''))}.js`,
      }));
      onLoad({ filter: /^subject$/, namespace: 'conformance' }, () => ({
        contents: subjects[subject],
        resolveDir: here,
      }));
      onLoad({ filter: /^util$/, namespace: 'conformance' }, () => ({
        contents: `module.exports = require('conformance:subject').util ?? {};`,
      }));
    },
  };
}

/**
 * Writes the script. It exports `files`, functions by the name of a file that declare its tests, and `harness`.
 * @param subject 'lanegrad', or 'reference' for TensorFlow.js itself
 */
export async function writeBundle({ subject, files, path }) {
  const loaders = files.map(
    (file) => `${JSON.stringify(file)}: () => require(${JSON.stringify(join(core, `${file}_test.js`))})`,
  );
  await build({
    stdin: {
      contents: `export * as harness from './harness.mjs'; export const files = { ${loaders.join(',\n')} };`,
      resolveDir: here,
    },
    outfile: path,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    mainFields: ['module', 'main'],
    target: 'node20',
    keepNames: true,
    logLevel: 'error',
    define: { 'import.meta.url': '"file:///conformance"' },
    plugins: [redirections(subject)],
  });
}
