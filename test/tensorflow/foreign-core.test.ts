// Cores of TensorFlow.js beside lanegrad: a stand-in for their engine, and the real core where it is installed.

import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import * as tf from '../../src/node.ts';
import { lendToCores } from '../../src/tensorflow/foreign-core.ts';

const globals = globalThis as { _tfengine?: ReturnType<typeof bareEngine> };

/** An engine as a core makes it, without a backend, in which nothing but the names of backends works. */
function bareEngine() {
  const backends: string[] = [];
  const none = (name: string) =>
    vi.fn((..._: unknown[]): unknown => {
      if (backends.length === 0) throw new Error('No backend found in registry.');
      return name;
    });
  return {
    backends,
    backendNames: () => backends,
    runKernel: none('runKernel'),
    makeTensor: none('makeTensor'),
    startScope: none('startScope'),
    endScope: none('endScope'),
    keep: none('keep'),
  };
}

const numbersOf = (result: unknown) => [...(result as tf.Tensor).dataSync()];

afterEach(() => {
  delete globals._tfengine;
});

describe('an engine without a backend', () => {
  beforeEach(() => {
    globals._tfengine = bareEngine();
    lendToCores(tf);
  });

  test('runs kernels as functions, attributes in the order of arguments', () => {
    const { runKernel } = globals._tfengine!;
    const [a, b] = [tf.tensor([1, 5]), tf.tensor([3, 4])];
    expect(numbersOf(runKernel('Maximum', { a, b }))).toEqual([3, 5]);
    expect(numbersOf(runKernel('Multiply', { a, b }))).toEqual([3, 20]);
    const sum = runKernel('Sum', { x: tf.ones([2, 3]) }, { axis: [1], keepDims: true }) as tf.Tensor;
    expect(sum.shape).toEqual([2, 1]);
    expect(numbersOf(sum)).toEqual([3, 3]);
    const indices = tf.tensor([1], [1], 'int32');
    const hot = runKernel('OneHot', { indices }, { dtype: 'int32', depth: 3, onValue: 5, offValue: -1 });
    expect(numbersOf(hot)).toEqual([-1, 5, -1]);
  });

  test('takes lists, and gives them', () => {
    const { runKernel } = globals._tfengine!;
    const [a, b] = [tf.tensor([1, 5]), tf.tensor([3, 4])];
    expect(numbersOf(runKernel('Pack', [a, b], { axis: 1 }))).toEqual([1, 3, 5, 4]);
    const parts = runKernel('Unpack', { value: a }, { axis: 0 }) as tf.Tensor[];
    expect(parts.map(numbersOf)).toEqual([[1], [5]]);
    const [values, places] = runKernel('TopK', { x: a }, { k: 1, sorted: true }) as tf.Tensor[];
    expect([values, places].map(numbersOf)).toEqual([[5], [1]]);
  });

  test('says which kernel it is not lent', () => {
    const { runKernel } = globals._tfengine!;
    const why = /asked for the kernel CropAndResize, which lanegrad does not lend\. Load a backend/;
    expect(() => runKernel('CropAndResize', {})).toThrow(why);
    expect(() => runKernel('CropAndResize', {})).toThrow(tf.LanegradError);
    // What is no function of lanegrad's is no kernel either.
    expect(() => runKernel('Layers', {})).toThrow('the kernel Layers');
  });

  test('makes tensors that are lanegrad’s, and keeps its books', () => {
    const engine = globals._tfengine!;
    const before = tf.memory().numTensors;
    engine.startScope('of the core');
    const zero = engine.makeTensor(new Float32Array([0]), [], 'float32') as tf.Tensor;
    const kept = engine.keep(tf.scalar(7)) as tf.Tensor;
    const sameAsZero = tf.tensor([0, 1]).equal(zero);
    engine.endScope(sameAsZero);
    expect(numbersOf(sameAsZero)).toEqual([1, 0]);
    expect([zero.isDisposed, kept.isDisposed]).toEqual([true, false]);
    expect(tf.memory().numTensors).toBe(before + 2);
    tf.dispose([sameAsZero, kept]);
  });

  test('is as it was once it has a backend', () => {
    const engine = globals._tfengine!;
    engine.backends.push('cpu');
    for (const name of ['runKernel', 'makeTensor', 'startScope', 'endScope', 'keep'] as const)
      expect(engine[name]('an argument')).toBe(name);
  });
});

test('an engine that comes later is lent the same, and its place is an ordinary one again', () => {
  lendToCores(tf);
  expect(globals._tfengine).toBeUndefined();
  const engine = bareEngine();
  globals._tfengine = engine;
  const ordinary = { value: engine, configurable: true, enumerable: true, writable: true };
  expect(Object.getOwnPropertyDescriptor(globals, '_tfengine')).toEqual(ordinary);
  expect(numbersOf(engine.runKernel('Neg', { x: tf.tensor([1, -2]) }))).toEqual([-1, 2]);
});

const conformance = resolve(import.meta.dirname, '../conformance');
const isInstalled = existsSync(resolve(conformance, 'node_modules/@tensorflow/tfjs-core'));
const why = isInstalled ? '' : ' (left out: npm run test:conformance installs it)';

test.skipIf(!isInstalled)(`functions of TensorFlow.js's core give lanegrad's tensors${why}`, () => {
  lendToCores(tf);
  const core = createRequire(import.meta.url)(
    resolve(conformance, 'node_modules/@tensorflow/tfjs-core'),
  ) as typeof tf;
  const results = [core, tf].map((library) => {
    const image = library.reshape(library.range(0, 32), [1, 4, 4, 2]);
    const [a, b] = library.unstack(library.reshape(library.range(1, 13), [2, 2, 3]));
    const indices = library.tensor1d([2, 0], 'int32');
    return library.tidy(() => [
      ...[library.maximum(a, 3), library.mul(a, b), library.div(a, b), library.equal(a, indices.min())],
      ...[library.max(a, 1, true), library.mean(a, 0), library.argMax(b, -1), library.cast(a, 'bool')],
      ...[library.concat([a, b], 1), library.stack([a, b], 1), ...library.split(a, [1, 2], 1)],
      ...[
        library.gather(a, indices, 1),
        library.oneHot(indices, 3, 5, -1),
        library.pad(
          a,
          [
            [1, 0],
            [0, 2],
          ],
          7,
        ),
      ],
      ...[library.matMul(a, b, false, true), library.where(library.greater(a, 2), a, b), library.clone(a)],
      library.batchNorm(image, [0.1, 0.2], [1, 2], [3, 4], [5, 6], 0.01),
      library.depthwiseConv2d(image, library.ones([3, 3, 2, 2]) as tf.Tensor4D, 1, 'same'),
      library.localResponseNormalization(image as tf.Tensor4D, 2, 1, 0.5, 0.7),
      library.topk(a, 2).indices,
    ]);
  });
  expect(results[0].every((result) => result instanceof tf.Tensor)).toBe(true);
  const [ofCore, own] = results.map((list) =>
    list.map((each) => ({ shape: each.shape, numbers: numbersOf(each) })),
  );
  expect(ofCore).toEqual(own);
});
