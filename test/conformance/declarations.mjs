// TensorFlow.js's declarations on lanegrad: `node test/conformance/declarations.mjs`, behind a build. What the types of
// @tensorflow/tfjs-core say of functions and chained methods is read as if their tensors were lanegrad's; then each of
// lanegrad's must be assignable to it, and take the type arguments that it takes: so that a script in TypeScript compiles
// here as there. What differs is listed with a reason; any other is an error, and so is one of the list that does not.

import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import * as lanegrad from '../../dist/index.js';

const root = join(import.meta.dirname, '../..');
const require = createRequire(import.meta.url);
const reference = require('@tensorflow/tfjs-core');
const declarations = dirname(require.resolve('@tensorflow/tfjs-core/dist/index.d.ts'));

/** What differs, by why. */
const differing = {
  'it gives a part of an engine that is another here':
    'backend findBackend engine env memory profile train ready test_util.testEpsilon',
  'it may hold texts or complex numbers there': 'fill scalar util.createScalarValue util.inferDtype',
  'only float32, int32 and bool are types of its result': 'oneHot',
  'its result is typed like its first argument here, and like its second there': 'matMul',
  'its result is typed by what expects it, and not by a second type argument':
    'losses.absoluteDifference losses.computeWeightedLoss losses.cosineDistance losses.hingeLoss losses.huberLoss ' +
    'losses.logLoss losses.meanSquaredError losses.sigmoidCrossEntropy losses.softmaxCrossEntropy slice',
  'its argument is said more closely here':
    'image.threshold io.getModelArtifactsForJSON io.getModelArtifactsForJSONSync op serialization.registerClass ' +
    'serialization.getRegisteredName util.distSquared util.swap',
  'a response is what the platform has': 'util.fetch',
  'the method takes a type of tensors': 'Tensor.broadcastTo Tensor.cumprod Tensor.cumsum',
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
  const isMissing = (name) => ours[name].toString().includes('missing(');
  return Object.keys(theirs)
    .filter((name) => isFunction(name) && !isMissing(name) && !/^[A-Z]/.test(name))
    .map((name) => prefix + name);
}
