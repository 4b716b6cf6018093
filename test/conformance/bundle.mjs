// One script of all tests of a suite, in which their imports of TensorFlow.js's public API give the subject's.

import { dirname, join, relative, resolve } from 'node:path';
import { build } from 'esbuild';
import { corePath } from './suites.mjs';

const here = import.meta.dirname;

const requireCore = (module) => `require(${JSON.stringify(join(corePath, module))})`;

/** The subject as a module of CommonJS: a name that it lacks is undefined, where a module of ES would not link. */
const subjects = (suite) => ({
  lanegrad: `
    const tf = require(${JSON.stringify(resolve(here, '../../src/node.ts'))});
    module.exports = {
      ...tf,
      // What its module of that name exports.
      ...tf.serialization,
      test_util: ${requireCore('test_util.js')},
      scopes: require(${JSON.stringify(resolve(here, '../../src/tensor/scopes.ts'))}),
      ...${suite.modules ? `require(${JSON.stringify(suite.modules)})` : '{}'},
    };`,
  reference: `
    module.exports = ${requireCore('index.js')};
    ${requireCore('public/chained_ops/register_all_chained_ops.js')};
    ${requireCore('register_all_gradients.js')};
    require('@tensorflow/tfjs-backend-cpu');`,
});

const virtual = (path) => ({ path, namespace: 'conformance' });

/** Where a test's import leads that is not to be followed; undefined for the others. */
function redirectionOf({ path, importer }, { subject, suite }) {
  const module = path.startsWith('.')
    ? relative(suite.folder, resolve(dirname(importer), path)) || 'index'
    : path;
  if (/(^|\/)jasmine_util$/.test(module)) return { path: join(here, 'harness.mjs') };
  if (subject === 'reference') return undefined;
  if (suite.isPublic(module) || module === '@tensorflow/tfjs-core') return virtual('subject');
  // Elsewhere it helps the tests; there it is tested.
  if (module === 'util' && importer.endsWith('/util_test.js')) return virtual('util');
  return undefined;
}

const redirections = (options) => ({
  name: 'redirections',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(\.|@tensorflow\/)/ }, (imported) =>
      imported.namespace === 'file' && options.suite.isOfTests(imported.importer)
        ? redirectionOf(imported, options)
        : undefined,
    );
    onResolve({ filter: /^conformance:subject$/ }, () => virtual('subject'));
    // One copy of the package, whichever way it is imported.
    onResolve({ filter: /^@tensorflow\/tfjs-core(\/dist\/|$)/ }, ({ path }) => {
      const module = path.replace(/^@tensorflow\/tfjs-core(\/dist\/)?/, '').replace(/\.js$/, '');
      return { path: join(corePath, `${module || 'index'}.js`) };
    });
    onLoad({ filter: /^subject$/, namespace: 'conformance' }, () => ({
      contents: subjects(options.suite)[options.subject],
      resolveDir: here,
    }));
    onLoad({ filter: /^util$/, namespace: 'conformance' }, () => ({
      contents: `module.exports = require('conformance:subject').util ?? {};`,
    }));
  },
});

/**
 * Writes the script. It exports `files`, functions by the name of a file that declare its tests, and `harness`.
 * @param subject 'lanegrad', or 'reference' for TensorFlow.js itself
 */
export async function writeBundle({ subject, suite, files, path }) {
  const loaders = files.map((file) => {
    const source = join(suite.folder, file + suite.ending);
    return `${JSON.stringify(file)}: () => require(${JSON.stringify(source)})`;
  });
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
    tsconfigRaw: '{}',
    plugins: [redirections({ subject, suite })],
  });
}
