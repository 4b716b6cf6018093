// Names of TensorFlow.js that lanegrad lacks, and what scripts ask of them without calling them.

import { describe, expect, test, vi } from 'vitest';
import * as tf from '../../src/node.ts';

const itsOwn = 'is not in lanegrad. It computes in WebAssembly only, with kernels of its own.';

const { copyRegisteredKernels, getGradient, getKernel, getKernelsForBackend, registerGradient } = tf;
const { removeBackend, setPlatform, unregisterGradient, unregisterKernel } = tf;

test.each(
  Object.entries({
    ...{ copyRegisteredKernels, getGradient, getKernel, getKernelsForBackend, registerGradient },
    ...{ removeBackend, setPlatform, unregisterGradient, unregisterKernel },
  }),
)('%s says that kernels are its own', (name, call) => {
  expect(call).toThrow(`tf.${name} ${itsOwn}`);
});

test('what kernels are made with says the same, wherever it is looked for', () => {
  const calls = {
    getReductionAxes: tf.broadcast_util.getReductionAxes,
    prepareAndValidate: tf.gather_util.prepareAndValidate,
    whereImpl: tf.kernel_impls.whereImpl,
    validateInput: tf.scatter_util.validateInput,
    parseSliceParams: tf.slice_util.parseSliceParams,
  };
  for (const [name, call] of Object.entries(calls)) {
    expect(call).toThrow(`tf.backend_util.${name} ${itsOwn}`);
  }
});

test('what gives promises in TensorFlow.js is rejected', async () => {
  const { getMetaGraphsFromSavedModel, loadSavedModel } = tf.node;
  const calls = {
    ...{ loadGraphModel: tf.loadGraphModel },
    ...{
      'node.loadSavedModel': loadSavedModel,
      'node.getMetaGraphsFromSavedModel': getMetaGraphsFromSavedModel,
    },
  };
  for (const [name, call] of Object.entries(calls)) {
    await expect(call('a')).rejects.toThrow(
      new RegExp(`^tf\\.${name} is not in lanegrad\\. (It|lanegrad) r.* model`),
    );
  }
  expect(() => tf.node.getNumOfSavedModels()).toThrow('tf.node.getNumOfSavedModels is not in lanegrad.');
});

test('operations of graph models cannot be registered', () => {
  expect(() => tf.registerOp()).toThrow('tf.registerOp is not in lanegrad. lanegrad runs no graph models.');
});

test('nothing is a graph model; things that are may be asked', () => {
  expect(tf.sequential() instanceof tf.GraphModel).toBe(false);
  expect(tf.env() instanceof tf.Environment).toBe(true);
});

test("a backend of one's own has no factory, one of TensorFlow.js none that could be given", () => {
  expect(tf.findBackendFactory('mine')).toBeNull();
  expect(() => tf.findBackendFactory('webgl')).toThrow(`tf.findBackendFactory ${itsOwn}`);
});

describe('registering', () => {
  test("scripts of TensorFlow.js's backends can be loaded: nothing of them is used", async () => {
    const Base = tf.KernelBackend as unknown as new () => object;
    class Backend extends Base {}
    const factory = vi.fn(() => new Backend());
    expect(tf.registerBackend('wasm', factory, 2)).toBe(false);
    expect(tf.registerKernel({ backendName: 'webgpu', kernelName: 'Add' } as object)).toBe(false);
    expect(await tf.setBackend('wasm')).toBe(true);
    expect(factory).not.toHaveBeenCalled();
    expect(factory).toThrow(`tf.KernelBackend ${itsOwn}`);
  });

  test.each([undefined, 'mine', {}, { backendName: 'cpu' }])('of %o is refused', (given) => {
    expect(() => tf.registerBackend(given)).toThrow(`tf.registerBackend ${itsOwn}`);
    expect(() => tf.registerKernel(given)).toThrow(`tf.registerKernel ${itsOwn}`);
  });
});
