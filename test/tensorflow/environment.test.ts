// What scripts say beside their training: flags, backends, clocks, versions, and names that there are not.

import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, test, vi } from 'vitest';
import * as tf from '../../src/node.ts';
import { bundleInternals } from '../bundled.ts';

afterEach(() => tf.env().reset());

describe('flags', () => {
  test('those of other machines are kept, and change nothing', () => {
    tf.env().set('WEBGL_DELETE_TEXTURE_THRESHOLD', 0);
    tf.env().setFlags({ WASM_HAS_SIMD_SUPPORT: true, CPU_HANDOFF_SIZE_THRESHOLD: 128 });
    expect(tf.env().get('WEBGL_DELETE_TEXTURE_THRESHOLD')).toBe(0);
    expect(tf.env().getBool('WASM_HAS_SIMD_SUPPORT')).toBe(true);
    expect(tf.env().getNumber('CPU_HANDOFF_SIZE_THRESHOLD')).toBe(128);
    expect(tf.env().getBool('WEBGL_RENDER_FLOAT32_CAPABLE')).toBe(false);
    expect(tf.add(1, 2).dataSync()[0]).toBe(3);
  });

  test('that nobody set are off, as in TensorFlow.js, but for that of warnings', () => {
    const isOff = ['DEBUG', 'PROD', 'IS_TEST', 'WRAP_TO_IMAGEBITMAP', 'USE_SETTIMEOUTCUSTOM', 'HAS_WEBGL'];
    for (const flag of isOff) expect(tf.env().get(flag), flag).toBe(false);
    expect(tf.env().get('DEPRECATION_WARNINGS_ENABLED')).toBe(true);
  });

  test('say where the script runs', async () => {
    expect(tf.env().getBool('IS_NODE')).toBe(true);
    expect(await tf.env().getAsync('IS_BROWSER')).toBe(false);
    expect(tf.env().platformName).toBe('node');
  });

  test.each(['document', 'WorkerGlobalScope'])('a browser is where there is a %s', (name) => {
    vi.stubGlobal(name, {});
    expect(tf.env().getBool('IS_BROWSER')).toBe(true);
    vi.unstubAllGlobals();
  });

  test('a thread of Node is no browser', async () => {
    const bundle = JSON.stringify(await bundleInternals());
    const script = `import(${bundle}).then(({ env }) =>
      require('node:worker_threads').parentPort.postMessage(env().getBool('IS_BROWSER')))`;
    expect(await once(new Worker(script, { eval: true }), 'message')).toEqual([false]);
  });

  test('may be a script’s own; others are misspelt', () => {
    tf.env().registerFlag('MINE', () => 5);
    expect(tf.env().getNumber('MINE')).toBe(5);
    tf.env().set('MINE', 6);
    expect(tf.env().features).toMatchObject({ MINE: 6 });
    expect(() => tf.env().get('DEBGU')).toThrow('env().get: there is no flag DEBGU. Did you mean DEBUG?');
    expect(() => tf.env().set('QWERTYUIOP', 1)).toThrow('Flags of your own begin with registerFlag.');
  });

  test('modes, and warnings that can be silenced', () => {
    tf.enableProdMode();
    tf.enableDebugMode();
    expect([tf.env().getBool('PROD'), tf.env().getBool('DEBUG')]).toEqual([true, true]);
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    tf.deprecationWarn('Old.');
    tf.disableDeprecationWarnings();
    tf.deprecationWarn('Older.');
    expect(warn.mock.calls).toEqual([
      ['Old. You can disable deprecation warnings with tf.disableDeprecationWarnings().'],
      ['TensorFlow.js deprecation warnings have been disabled.'],
    ]);
    warn.mockRestore();
  });
});

describe('backends', () => {
  test('any name of TensorFlow.js’s will do', async () => {
    expect(tf.getBackend()).toBe('wasm');
    for (const name of ['cpu', 'webgl', 'tensorflow', 'wasm']) {
      expect(await tf.setBackend(name)).toBe(true);
      expect(tf.getBackend()).toBe(name);
      expect(tf.engine().backendName).toBe(name);
    }
    await expect(tf.setBackend('wbgl')).rejects.toThrow('there is no backend "wbgl". Did you mean "webgl"?');
    expect(tf.findBackend('cpu')).toBe(tf.backend());
    expect(tf.findBackend('none')).toBeNull();
    expect(tf.engine().backendNames()).toEqual([tf.getBackend()]);
    const ranked = Object.entries(tf.engine().registryFactory).map(([name, { priority }]) => [
      name,
      priority,
    ]);
    expect(ranked).toEqual([[tf.getBackend(), 1]]);
    expect(tf.engine().registryFactory[tf.getBackend()].factory()).toBe(tf.backend());
    expect([tf.backend().epsilon(), tf.backend().floatPrecision()]).toEqual([1e-7, 32]);
  });

  test('the engine opens and closes scopes', () => {
    const before = tf.memory().numTensors;
    tf.engine().startScope();
    const inside = tf.tensor1d([1]);
    const kept = tf.engine().keep(tf.tensor1d([2]));
    tf.engine().endScope();
    expect([inside.isDisposed, kept.isDisposed]).toEqual([true, false]);
    kept.dispose();
    expect(tf.engine().memory().numTensors).toBe(before);
    expect(tf.engine().tidy(() => 5)).toBe(5);
  });

  test('the engine times functions and tells what they make; of kernels it says that there are none', async () => {
    const double = () => tf.tensor1d([1, 2]).mul(2);
    expect(Object.keys(await tf.engine().time(double))).toEqual(Object.keys(await tf.time(double)));
    expect((await tf.engine().profile(double)).newTensors).toBe(2);
    expect(() => tf.engine().runKernel('Abs', { x: tf.scalar(-1) })).toThrow(
      'tf.engine().runKernel is not in lanegrad. Call the function itself.',
    );
  });

  test('the engine has the variables of gradients by name, those of layers too', () => {
    const own = tf.variable(tf.scalar(2), true, 'of a script');
    const dense = tf.layers.dense({ units: 1, inputShape: [1], kernelInitializer: 'ones' });
    const model = tf.sequential({ layers: [dense] });
    const { grads } = tf.variableGrads(() => (model.apply(tf.ones([1, 1])) as tf.Tensor).mul(own).sum());
    // Weight decay as an optimizer of a script's own does it, beside its gradients.
    for (const name of Object.keys(grads)) {
      const variable = tf.engine().registeredVariables[name];
      variable.assign(variable.mul(0.5));
    }
    expect([own.arraySync(), dense.getWeights()[0].arraySync()]).toEqual([1, [[0.5]]]);
    own.dispose();
    expect(tf.engine().registeredVariables).not.toHaveProperty(['of a script']);
  });

  test('the engine disposes of variables, and tells what it counts', () => {
    const { numTensors } = tf.engine().state;
    const variables = [tf.variable(tf.scalar(1), true, 'one'), tf.variable(tf.scalar(2), false, 'two')];
    expect(tf.engine().state).toMatchObject({
      numTensors: tf.memory().numTensors,
      numBytes: tf.memory().numBytes,
      registeredVariables: { one: variables[0], two: variables[1] },
    });
    expect(tf.engine().state.numTensors).toBeGreaterThan(numTensors);
    tf.engine().disposeVariables();
    expect(variables.map(({ isDisposed }) => isDisposed)).toEqual([true, true]);
    expect(tf.engine().state.registeredVariables).not.toHaveProperty('one');
  });
});

describe('clocks', () => {
  test('time what a function does and what is computed of it', async () => {
    const { wallMs, kernelMs } = await tf.time(() => tf.matMul(tf.ones([64, 64]), tf.ones([64, 64])));
    expect(wallMs).toBeGreaterThan(0);
    expect(kernelMs).toBe(wallMs);
    const waited = await tf.time(() => new Promise((resolve) => setTimeout(resolve, 20)));
    expect(waited.wallMs).toBeGreaterThan(15);
  });

  test('look at all that a function returns, but for what it has disposed of', async () => {
    const look = vi.spyOn(tf.Tensor.prototype, 'dataSync');
    const [one, two, gone] = [1, 2, 3].map((value) => tf.add(tf.scalar(value), 1));
    gone.dispose();
    for (const ask of [tf.time, tf.profile]) {
      look.mockClear();
      await ask(() => ({ one, more: [two, gone] }));
      expect(look.mock.contexts).toEqual([one, two]);
    }
    look.mockRestore();
  });

  test('count what a function leaves behind', async () => {
    const { result, newTensors, newBytes, peakBytes } = await tf.profile(() => tf.square(tf.ones([10])));
    expect(result.dataSync()[9]).toBe(1);
    expect([newTensors, newBytes]).toEqual([2, 80]);
    expect(peakBytes).toBeGreaterThanOrEqual(80);
  });
});

test('the version is the package’s', () => {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  expect(tf.version).toMatchObject({ lanegrad: version, tfjs: '4.22.0', 'tfjs-core': tf.version_core });
});

test.each<[string, () => unknown, string]>([
  [
    'graph models',
    tf.loadGraphModelSync,
    'tf.loadGraphModelSync is not in lanegrad. lanegrad runs no graph models. Convert',
  ],
  ['complex numbers', tf.complex, 'tf.complex is not in lanegrad. There are no complex numbers'],
  ['Fourier transforms', tf.spectral.rfft, 'tf.spectral.rfft is not in lanegrad.'],
  ['short-time ones', tf.signal.stft, 'tf.signal.stft is not in lanegrad.'],
  ['texts', tf.string.stringSplit, 'tf.string.stringSplit is not in lanegrad. There are no tensors of texts'],
  [
    'sparse tensors',
    tf.sparse.sparseReshape,
    'tf.sparse.sparseReshape is not in lanegrad. There are no sparse',
  ],
  ['backends', tf.registerBackend, 'tf.registerBackend is not in lanegrad. It computes in WebAssembly only'],
  [
    'images',
    tf.node.decodeImage,
    'tf.node.decodeImage is not in lanegrad. It neither reads nor writes image files. Decode with',
  ],
  [
    'images that are written',
    tf.node.encodePng,
    'tf.node.encodePng is not in lanegrad. It neither reads nor writes image files. Give the bytes',
  ],
])('%s say what to use instead', (_, call, message) => {
  expect(call).toThrow(message);
});

test('tfjs-node has a version too', () => {
  expect(tf.version['tfjs-node']).toBe(tf.version.tfjs);
});
