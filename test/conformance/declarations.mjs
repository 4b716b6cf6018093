// TensorFlow.js's declarations on lanegrad: `node test/conformance/declarations.mjs`, behind a build. What the types of
// @tensorflow/tfjs-core say of functions and chained methods is read as if their tensors were lanegrad's; then each of
// lanegrad's must be assignable to it, and take the type arguments that it takes: so that a script in TypeScript compiles
// here as there. What differs is listed with a reason; any other is an error, and so is one of the list that does not.

import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const require = createRequire(import.meta.url);
const lanegrad = await import('../../dist/index.js');
const reference = require('@tensorflow/tfjs-core');
const declarations = dirname(require.resolve('@tensorflow/tfjs-core/dist/index.d.ts'));

/** What differs, by why. */
const differing = {
  'it gives a part of an engine that is another here':
    'backend findBackend engine env memory profile ready test_util.testEpsilon',
  'there are no backends to make here: it gives null': 'findBackendFactory',
  'it may hold texts or complex numbers there': 'fill scalar util.createScalarValue util.inferDtype',
  'only float32, int32 and bool are types of its result': 'oneHot',
  'its result is typed like its first argument here, and like its second there': 'matMul',
  'its result is typed by what expects it, and not by a second type argument': 'slice',
  'its result is typed by what expects it': 'multinomial',
  'its result says more here': 'registerKernel io.withSaveHandler io.withSaveHandlerSync',
  'its argument is said more closely here':
    'image.threshold op serialization.registerClass ' +
    'serialization.getRegisteredName util.distSquared util.swap',
  'the method gives four axes, whatever type it is told': 'Tensor.depthToSpace',
  'the method takes a type of tensors':
    'Tensor.batchToSpaceND Tensor.cumprod Tensor.cumsum Tensor.spaceToBatchND',
};

const namespaces = ['browser', 'fused', 'image', 'io', 'linalg', 'losses', 'math', 'serialization', 'signal'];

/** Names by which scripts call functions that both have: 'add', 'losses.huberLoss'. */
const shared = [
  ...namesIn(reference, lanegrad, ''),
  ...[...namespaces, 'test_util', 'util'].flatMap((space) =>
    namesIn(reference[space], lanegrad[space], `${space}.`),
  ),
];

function namesIn(theirs, ours, prefix) {
  const isFunction = (name) => typeof theirs[name] === 'function' && typeof ours[name] === 'function';
  const isMissing = (name) => ours[name].toString().includes('is not in lanegrad');
  return Object.keys(theirs)
    .filter((name) => isFunction(name) && !isMissing(name) && !/^[A-Z]/.test(name))
    .map((name) => prefix + name);
}

/** Declarations of functions and methods with their type parameters, by name, in the files of a folder. */
function typeParametersIn(folder, pattern) {
  const found = new Map();
  for (const file of filesIn(folder)) {
    for (const [, name, parameters] of readFileSync(file, 'utf8').matchAll(pattern))
      found.set(name, parameters);
  }
  return found;
}

const filesIn = (folder) =>
  readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith('.d.ts'))
    .map((name) => join(folder, name));

/** A type argument for each of the parameters of a declaration: `R extends Rank, D extends DataType`. */
function argumentsFor(parameters) {
  const each = parameters.split(/,(?![^<]*>)/);
  return each.map((parameter) => {
    if (/extends Rank/.test(parameter)) return 'tf.Rank.R2';
    if (/extends DataType|extends NumericDataType/.test(parameter)) return "'float32'";
    if (/Tensor3D \| Tensor4D|Tensor4D \| Tensor5D/.test(parameter)) return 'tf.Tensor4D';
    if (/extends Tensor1D$/.test(parameter)) return 'tf.Tensor1D';
    return 'tf.Tensor2D';
  });
}

/** The chained methods that modules add to tensors, as they are declared. */
const methodsIn = (folder) =>
  filesIn(folder).flatMap((file) => {
    const declared = /interface Tensor<[^>]*> \{([\s\S]*)\}\s*\}\s*$/.exec(readFileSync(file, 'utf8'));
    return declared ? [declared[1]] : [];
  });

/** The package's declarations, with lanegrad's types in place of those of the same names. */
function writeDeclarations(folder) {
  cpSync(declarations, join(folder, 'core'), {
    recursive: true,
    filter: (path) => !/\.js$|_test\.d\.ts$/.test(path),
  });
  const given = (file, names, others) =>
    writeFileSync(join(folder, 'core', file), `export { ${names} } from 'lanegrad';\n${others}`);
  const anything = (names) => names.map((name) => `export type ${name}<A = any, B = any> = any;\n`).join('');
  given(
    'tensor.d.ts',
    'Tensor, Variable, TensorBuffer, Scalar, NumericTensor, Tensor1D, Tensor2D, Tensor3D, Tensor4D, Tensor5D, Tensor6D',
    anything([
      'StringTensor',
      'TensorTracker',
      'Backend',
      'DataToGPUOptions',
      'GPUData',
      'DataToGPUWebGLOption',
    ]) +
      anything(['OpHandler', 'TensorData']) +
      'export declare const getGlobalTensorClass: any, setTensorTracker: any, setOpHandler: any, setDeprecationWarningFn: any;',
  );
  const ofNumbers = (rank) =>
    `number[] | boolean[] | number${'[]'.repeat(rank)} | boolean${'[]'.repeat(rank)}`;
  given(
    'types.d.ts',
    'Rank, ShapeMap, ArrayMap, DataTypeMap, DataType, NumericDataType, TypedArray, DataValues, BackendValues, ' +
      'RecursiveArray, ScalarLike, PixelData, TensorLike, upcastType, sumOutType',
    "import type { TypedArray } from 'lanegrad';\n" +
      [1, 2, 3, 4, 5, 6]
        .map((n) => `export type TensorLike${n}D = TypedArray | ${ofNumbers(n)};\n`)
        .join('') +
      'export type FlatVector = TypedArray | boolean[] | number[];\nexport type SingleValueMap = Record<string, number>;\n' +
      anything(['DataTypeFor', 'RegularArray', 'WebGLData', 'WebGPUData', 'ImageOptions', 'ContextOptions']) +
      anything(['DrawOptions', 'WebGLChannels']),
  );
  const handled = [
    'IOHandler',
    'IOHandlerSync',
    'LoadHandler',
    'LoadOptions',
    'ModelArtifacts',
    'ModelArtifactsInfo',
    'ModelJSON',
    'OnProgressCallback',
    'SaveHandler',
    'SaveResult',
  ];
  const stored = ['WeightData', 'WeightGroup', 'WeightsManifestConfig', 'WeightsManifestEntry'];
  writeFileSync(
    join(folder, 'core/io/types.d.ts'),
    "import { io } from 'lanegrad';\n" +
      [...handled, ...stored].map((name) => `export type ${name} = io.${name};\n`).join('') +
      anything(['SaveConfig', 'TrainingConfig', 'ModelStoreManager']) +
      anything(['RequestDetails', 'LoadHandlerSync', 'SaveHandlerSync']),
  );
}

/** A line for everything that is compared, with the name that it is about. */
function comparisons(folder) {
  const chained = methodsIn(join(folder, 'core/public/chained_ops'));
  rmSync(join(folder, 'core/public/chained_ops'), { recursive: true });
  const ops = typeParametersIn(join(folder, 'core'), /declare function (\w+?)_?<([^(]*?)>\(/g);
  const isMethod = ([, name]) => name in lanegrad.Tensor.prototype;
  const methods = chained
    .flatMap((text) => [...text.matchAll(/^\s+(\w+)(?:<([^(]*?)>)?\(/gm)])
    .filter(isMethod);
  writeFileSync(
    join(folder, 'chained.d.ts'),
    "import { Rank, ShapeMap, DataType, NumericDataType, TensorLike, TensorLike1D, TensorLike2D, TensorLike3D, TensorLike4D } from './core/types';\n" +
      "import { Tensor, Scalar, Tensor1D, Tensor2D, Tensor3D, Tensor4D, Tensor5D, Tensor6D } from './core/tensor';\n" +
      "import { ExplicitPadding } from './core/ops/conv_util';\n" +
      `export interface Chained<R extends Rank = Rank> {${chained.join('\n')}}\n`,
  );
  const last = (name) => name.slice(name.lastIndexOf('.') + 1);
  return [
    ...shared.map((name) => [name, `const it: typeof core.${name} = tf.${name};`]),
    // What a script gets that expects no type, where there is none to say either.
    ...shared
      .filter((name) => !ops.has(last(name)))
      .map((name) => [
        name,
        `const it: ReturnType<typeof core.${name}> = given<ReturnType<typeof tf.${name}>>();`,
      ]),
    ...shared
      .filter((name) => ops.has(last(name)) && !/^(fused|util)\./.test(name))
      .map((name) => [name, `const it = tf.${name}<${argumentsFor(ops.get(last(name)))}>;`]),
    ...methods.map(([, name]) => [`Tensor.${name}`, `const it: Chained['${name}'] = tensor.${name};`]),
    ...methods
      .filter(([, , parameters]) => parameters)
      .map(([, name, parameters]) => [
        `Tensor.${name}`,
        `const it = tensor.${name}<${argumentsFor(parameters)}>;`,
      ]),
  ];
}

/** What a script's compiler says, by the name that it is about. */
function problemsIn(folder, compared) {
  const file = join(folder, 'compared.ts');
  const head = [
    "import * as tf from 'lanegrad';",
    "import * as core from './core/index';",
    "import type { Chained } from './chained';",
    'declare const tensor: tf.Tensor;',
    'declare function given<T>(): T;',
  ];
  writeFileSync(file, [...head, ...compared.map(([, line]) => `{ ${line} }`)].join('\n'));
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(root, join(folder, 'node_modules/lanegrad'));
  const compilerOptions = {
    ...{ strict: true, noEmit: true, skipLibCheck: true, types: [] },
    ...{ target: 'es2022', module: 'esnext', moduleResolution: 'bundler', lib: ['es2022', 'dom'] },
    paths: { '@tensorflow/tfjs-core/dist/*': ['./core/*'] },
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['compared.ts'] }));
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  const { stdout } = spawnSync('node', [compiler, '-p', folder, '--pretty', 'false'], { encoding: 'utf8' });
  const problems = new Map();
  for (const [, line, message] of stdout.matchAll(/^.*compared\.ts\((\d+),\d+\): error (.*(?:\n .*)*)/gm)) {
    problems.set(compared[Number(line) - 1 - head.length]?.[0] ?? 'the comparison itself', message);
  }
  return problems;
}

const folder = mkdtempSync(join(tmpdir(), 'lanegrad-declarations-'));
try {
  writeDeclarations(folder);
  const compared = comparisons(folder);
  const problems = problemsIn(folder, compared);
  const listed = new Set(Object.values(differing).flatMap((names) => names.split(' ')));
  const told = [...problems].filter(([name]) => !listed.has(name));
  const stale = [...listed].filter((name) => !problems.has(name));
  for (const [name, message] of told) console.log(`${name}\n      ${message}`);
  if (stale.length > 0) console.log(`Declared alike and listed as differing: ${stale.join(' ')}`);
  const names = new Set(compared.map(([name]) => name));
  console.log(
    `${names.size - problems.size} of ${names.size} functions and methods are declared so that TensorFlow.js's calls compile.`,
  );
  process.exitCode = told.length + stale.length > 0 ? 1 : 0;
} finally {
  rmSync(folder, { recursive: true });
}
