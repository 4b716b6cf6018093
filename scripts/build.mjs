// Builds the package: WebAssembly (asc), the bundles with it inlined (esbuild), modules and types (tsc).
// `node scripts/build.mjs kernels` stops after the WebAssembly, which is all that most tests need.

import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import asc from 'assemblyscript/asc';
import binaryen from 'assemblyscript/binaryen';
import { escapes, letters, writeBytes } from './bytes-as-text.mjs';
import { documentFunctions, documentLayers } from './document-types.mjs';
import { wordsModule } from './words.mjs';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));

const variants = ['simd', 'relaxed'];

const kernelsFile = (target) => `build/lanegrad.${target.replace('-', '.')}.wasm`;

async function buildKernels() {
  for (const variant of variants.flatMap((variant) => [variant, `${variant}-threads`])) {
    const { error, stderr } = await asc.main(['--config', 'asconfig.json', '--target', variant]);
    const messages = stderr.toString();
    // A warning is a mistake; a note on how the optimizer got on is not.
    if (error || messages.includes('WARNING'))
      throw new Error(`asc, target ${variant}:\n${messages || error.message}`);
    const file = kernelsFile(variant);
    writeFileSync(file, optimizedAgain(readFileSync(file)));
  }
}

/** Once more, with functions that one place calls put into that place: asc does so up to a size that nothing lifts. */
function optimizedAgain(bytes) {
  const { Features } = binaryen;
  const module = binaryen.readBinary(bytes, Features.All);
  // Others, where they are on, would be used.
  const used = ['SIMD128', 'RelaxedSIMD', 'Atomics', 'BulkMemory', 'BulkMemoryOpt'];
  const always = ['MutableGlobals', 'NontrappingFPToInt', 'SignExt'];
  module.setFeatures([...used, ...always].reduce((all, name) => all | Features[name], 0));
  binaryen.setOptimizeLevel(3);
  binaryen.setOneCallerInlineMaxSize(2 ** 32 - 1);
  binaryen.setFastMath(false);
  module.optimize();
  return module.emitBinary();
}

/**
 * The one place where the builds for one thread and for several differ: whether memory is shared.
 * Only the former are inlined; the latter is made from them.
 */
function sharedFlagAt() {
  const places = variants.map((variant) => {
    const [one, several] = [variant, `${variant}-threads`].map((target) => readFileSync(kernelsFile(target)));
    const differing = [...one.keys()].filter((i) => one[i] !== several[i]);
    if (one.length !== several.length || differing.length !== 1 || several[differing[0]] !== 3)
      throw new Error(`${variant}: the builds for one thread and for several differ in more than one byte.`);
    return differing[0];
  });
  if (new Set(places).size > 1) throw new Error(`The variants have that byte at ${places.join(' and ')}.`);
  return places[0];
}

/** Bytes of one variant that lie side by side in the inlined text. */
const stripeBytes = 29500;

/**
 * Writes the TypeScript module that carries the WebAssembly: the builds in stripes that alternate, as text of which
 * nearly every character is a byte. Compression then finds each stripe of one build in that of the other.
 */
function inlineKernels() {
  const builds = variants.map((variant) => readFileSync(kernelsFile(variant)));
  const stripes = [];
  for (let start = 0; start < Math.max(...builds.map(({ length }) => length)); start += stripeBytes) {
    stripes.push(...builds.map((build) => build.subarray(start, start + stripeBytes)));
  }
  const { texts, common } = writeBytes(stripes);
  const lengths = variants.map((variant, i) => `${variant}: ${builds[i].length}`);
  mkdirSync('src/engine/generated', { recursive: true });
  writeFileSync(
    'src/engine/generated/kernels.ts',
    [
      '// Made by scripts/build.mjs: the WebAssembly builds, in stripes that alternate, as text.',
      `export const sharedFlagAt = ${sharedFlagAt()};`,
      `export const byteLengths = { ${lengths.join(', ')} };`,
      `export const common: string = '${common}';`,
      `export const letters: string = '${letters}';`,
      `export const escapes: string = '${escapes}';`,
      `export const stripes: readonly string[] = [\n  '${texts.join("',\n  '")}',\n];\n`,
    ].join('\n'),
  );
}

/**
 * What all bundles have in common. No package is asked for at run time, or hands itself out: Papa Parse asks Node for
 * streams, and defines itself for AMD, unless there is no asking and no defining.
 */
const bundle = {
  ...{ bundle: true, format: 'esm', target: 'es2022' },
  define: { require: 'undefined', define: 'undefined' },
};

/** Papa Parse as a module, which stays where it is imported: as it comes it would stand before the kernels (`src/index.ts`). */
const asModules = { papaparse: './dist/modules/packages/papaparse.js' };

/** Builds what pages load. A second minifier gives the names that stand most often the shortest letters: 3 % less, gzipped. */
async function buildSmall(options) {
  const [{ build }, { minify }] = await Promise.all([import('esbuild'), import('rolldown/utils')]);
  const { outputFiles } = await build({
    ...bundle,
    alias: asModules,
    minify: true,
    write: false,
    ...options,
  });
  const [map, { path, text }] = options.sourcemap ? outputFiles : [undefined, ...outputFiles];
  const { code, map: smallMap } = await minify(path, text, {
    compress: { target: bundle.target },
    codegen: { legalComments: 'eof' },
    sourcemap: map !== undefined,
    inputMap: map && JSON.parse(map.text),
  });
  mkdirSync('dist', { recursive: true });
  writeFileSync(path, map ? `${code}\n//# sourceMappingURL=${basename(map.path)}\n` : code);
  if (map) writeFileSync(map.path, JSON.stringify(smallMap));
}

async function buildBundles() {
  const { build } = await import('esbuild');
  // Said first, that it is a module: a parser of tables in it looks as if it were for CommonJS.
  const index = { entryPoints: ['src/index.ts'], banner: { js: 'export{};' } };
  await buildSmall({ ...index, sourcemap: true, outfile: 'dist/index.js' });
  await buildSmall({ ...index, ...asScript, entryPoints: ['src/script.ts'], outfile: 'dist/tf.min.js' });
  // On servers size does not matter, and errors show the line they come from; keys that are numbers are written so.
  const node = { ...bundle, minifySyntax: true, sourcemap: true, platform: 'node' };
  const inNode = { ...node, ...(await oneInNode()), inject: ['scripts/globals-of-node.mjs'] };
  await build({ ...inNode, outfile: 'dist/node.js' });
  const mpi = { entryPoints: ['src/mpi/mpi.ts'], outfile: 'dist/mpi.js', external: ['koffi'] };
  await build({ ...node, ...mpi, plugins: [beside('./node.js')] });
  const pageSide = { entryPoints: ['src/worker/worker.ts'] };
  await buildSmall({ ...pageSide, outfile: 'dist/worker.js', plugins: [beside('./index.js')] });
  await buildSmall({ ...pageSide, outfile: 'dist/node-worker.js', plugins: [beside('./node.js')] });
  // Workers are files of their own, beside the bundles that start them.
  const workers = ['src/worker/training-worker.ts', 'src/engine/thread-worker.ts'];
  for (const worker of workers) {
    await buildSmall({ entryPoints: [worker], outfile: `dist/${basename(worker, '.ts')}.js` });
  }
  await buildSmall({ ...index, outfile: 'dist/workerd.js', plugins: [importKernels('')] });
  await buildSmall({ ...index, outfile: 'dist/edge-light.js', plugins: [importKernels('?module')] });
  // For `require` where it takes no modules, as in Jest. Maps would be larger than all of it.
  const required = { format: 'cjs', sourcemap: false };
  // Itself, and not a copy of its names that nobody could write to.
  const asOne = { footer: { js: 'module.exports = module.exports.default;' } };
  await build({ ...inNode, ...at(inFiles), ...required, ...asOne, outfile: 'dist/node.cjs' });
  const onPages = { ...at(inPages), ...required, inject: ['scripts/globals-of-pages.mjs'] };
  await buildSmall({ ...index, ...onPages, outfile: 'dist/index.cjs' });
  await buildSmall({ ...pageSide, ...onPages, outfile: 'dist/worker.cjs', plugins: [beside('./index.cjs')] });
  const onServers = { ...at(inFiles), ...required, outfile: 'dist/node-worker.cjs' };
  await buildSmall({ ...pageSide, ...onServers, plugins: [beside('./node.cjs')] });
  await buildSmall({ ...required, entryPoints: ['src/plot/index.ts'], outfile: 'dist/plot.cjs' });
}

/** The entry of Node's builds: the names of `src/node.ts`, of the copy that the process has already if it has one. */
async function oneInNode() {
  const { build } = await import('esbuild');
  const entry = { ...bundle, entryPoints: ['src/node.ts'], platform: 'node', write: false, metafile: true };
  const { metafile } = await build(entry);
  const [{ exports }] = Object.values(metafile.outputs);
  const contents = [
    "import * as own from './node.ts';",
    "import { oneLibrary } from './one-library.ts';",
    'const library = oneLibrary(own);',
    `export const { ${exports.join(', ')} } = library;`,
    'export default library;',
  ];
  return {
    stdin: { contents: contents.join('\n'), resolveDir: 'src', sourcefile: 'one-in-node.ts', loader: 'ts' },
  };
}

/** Has a bundle that is no module know its own address, for the workers that it starts. */
const at = (address) => ({
  // Strict mode is said first, or not at all.
  banner: { js: `'use strict';var lanegradScript=${address};` },
  define: { ...bundle.define, 'import.meta.url': 'lanegradScript' },
});

const inFiles = "require('node:url').pathToFileURL(__filename).href";
const inPages = "typeof document==='object'&&document.currentScript?document.currentScript.src:''";

/** For <script>: it is a module of CommonJS or AMD where the page has these, and else defines `tf`. */
const asScript = {
  ...{ ...at(inPages), format: 'cjs' },
  banner: { js: `(()=>{${at(inPages).banner.js}const tf=(module=>{` },
  footer: {
    js:
      'return module.exports.default})({});' +
      "if(typeof exports==='object'&&typeof module==='object')module.exports=tf;" +
      "else if(typeof define==='function'&&define.amd)define([],()=>tf);" +
      'else globalThis.tf=tf})();',
  },
};

/** Has a bundle use the index that its page or script has, in place of one of its own. */
const beside = (path) => ({
  name: 'beside-index',
  setup({ onResolve }) {
    onResolve({ filter: /\/index\.ts$/ }, () => ({ path, external: true }));
  },
});

/**
 * Has a bundle import the kernels as compiled modules in place of carrying their bytes.
 * @param suffix what the host wants behind the file's name
 */
const importKernels = (suffix) => ({
  name: 'import-kernels',
  setup({ onResolve }) {
    onResolve({ filter: /\/kernels\.ts$/ }, ({ path, resolveDir }) =>
      path.includes('generated') ? undefined : { path: join(resolveDir, dirname(path), 'kernels-edge.ts') },
    );
    onResolve({ filter: /\.wasm$/ }, ({ path }) => ({
      path: `../build/${basename(path)}${suffix}`,
      external: true,
    }));
  },
});

/** Packages that modules import and that are no dependencies of lanegrad: their code goes beside the modules. */
async function inlinePackages(folder) {
  const { build } = await import('esbuild');
  const named = /(from )'((?!\.|@assemblyscript\/)[^']+)'/g;
  const modules = readdirSync(join(folder, 'src'), { recursive: true })
    .filter((path) => path.endsWith('.js'))
    .map((path) => join(folder, 'src', path))
    .map((path) => ({ path, text: readFileSync(path, 'utf8') }))
    .filter(({ text }) => text.match(named));
  const packages = new Set(
    modules.flatMap(({ text }) => [...text.matchAll(named)].map(([, , name]) => name)),
  );
  const outdir = join(folder, 'packages');
  const entryPoints = [...packages].map((name) => ({ in: name, out: basename(name) }));
  await build({ ...bundle, minify: true, splitting: true, entryPoints, outdir });
  for (const { path, text } of modules) {
    const toPackage = (_, from, name) =>
      `${from}'${relative(dirname(path), join(outdir, `${basename(name)}.js`))}'`;
    writeFileSync(path, text.replace(named, toPackage));
  }
}

/**
 * Has the types say what compilers from TypeScript 4.7 on can read: the modules beside them, no word of what is a type
 * alone, typed arrays without the kind of their buffer, and by itself what keeps a place from being inferred from.
 */
function readableByOlderCompilers(folder) {
  for (const path of readdirSync(folder, { recursive: true })) {
    if (!path.endsWith('.d.ts')) continue;
    const file = join(folder, path);
    const text = readFileSync(file, 'utf8')
      .replace(/(['"]\.[^'"]*)\.ts(?=['"])/g, '$1.js')
      .replace(/^export type \*/gm, 'export *')
      .replace(/^(?:import|export) \{[^}]*\}/gm, (names) => names.replace(/\btype /g, ''))
      .replace(/(\w+Array)<ArrayBuffer(Like)?>/g, '$1')
      .replace(/\bNoInfer<(\w+)>/g, '[$1][$1 extends unknown ? 0 : never]');
    writeFileSync(file, text);
  }
}

/** The types, and the sources as modules: bundlers keep of these what a script uses. */
function buildModules() {
  execFileSync('node', ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], {
    stdio: 'inherit',
  });
  documentLayers('dist/modules/src');
  documentFunctions('dist/modules/src');
  readableByOlderCompilers('dist/modules');
  // Of the kernels as files: what a host makes of them is what `init` takes as `module`.
  writeFileSync('dist/kernels.d.ts', 'declare const module: object;\nexport default module;\n');
  // TypeScript complains of modules in CommonJS, and then knows their types.
  for (const module of ['index', 'plot/index', 'worker/worker']) {
    const types = `// @ts-ignore\nexport * from './modules/src/${module}.js';\n`;
    writeFileSync(`dist/${module.split('/')[0]}.d.cts`, types);
  }
  const modules = './modules/src/index.js';
  const ofNode = `export * from '${modules}';\nimport * as tf from '${modules}';\nexport default tf;\n`;
  writeFileSync('dist/node.d.ts', ofNode);
}

/**
 * Writes the numbers of enums where modules name them, as bundlers of TypeScript do. What is left are objects without
 * the way back from number to name, for the few places that look members up.
 */
async function inlineEnums(folder) {
  const table = {};
  for (const file of ['opcodes.js', 'words.js'].map((name) => join(folder, 'assembly', name))) {
    const enums = Object.entries(await import(pathToFileURL(resolve(file)))).map(([name, members]) => {
      const numbers = Object.entries(members).filter(([, value]) => typeof value === 'number');
      return [name, Object.fromEntries(numbers)];
    });
    writeFileSync(
      file,
      enums.map(([name, members]) => `export const ${name} = ${JSON.stringify(members)};\n`).join(''),
    );
    Object.assign(table, Object.fromEntries(enums));
  }
  const member = `\\b(${Object.keys(table).join('|')})\\.(\\w+)\\b`;
  // As a computed key first: engines are far slower with `[1]: x` than with `1: x`.
  const named = new RegExp(`\\[${member}\\](?=:)|${member}`, 'g');
  for (const path of readdirSync(join(folder, 'src'), { recursive: true })) {
    const module = join(folder, 'src', path);
    if (!module.endsWith('.js') || module.includes('generated')) continue;
    const text = readFileSync(module, 'utf8');
    writeFileSync(
      module,
      text.replace(named, (found, keyOf, key, name, member) => table[keyOf ?? name][key ?? member] ?? found),
    );
  }
}

writeFileSync('assembly/words.ts', wordsModule('assembly'));
await buildKernels();
inlineKernels();
if (process.argv[2] !== 'kernels') {
  rmSync('dist', { recursive: true, force: true });
  buildModules();
  await inlineEnums('dist/modules');
  await inlinePackages('dist/modules');
  await buildBundles();
}
