// What scripts of TensorFlow.js say of models and of how layers are connected.

import { describe, expect, test } from 'vitest';
import * as tf from '../../src/index.ts';

const branched = () => {
  const a = tf.input({ shape: [4], name: 'a' });
  const b = tf.layers.input({ shape: [4], name: 'b' });
  const shared = tf.layers.dense({ units: 3, name: 'shared' });
  const sum = tf.layers.add({ name: 'sum' }).apply([shared.apply(a), shared.apply(b)]);
  const outputs = tf.layers.dense({ units: 2, name: 'out' }).apply(sum);
  return tf.model({ inputs: [a, b], outputs, name: 'branched' });
};

test('inputs are layers of a functional model, not of a sequential one', () => {
  const model = branched();
  expect(model.layers.map(({ name }) => name)).toEqual(['a', 'b', 'shared', 'sum', 'out']);
  expect(model.getLayer('a').className).toBe('InputLayer');
  expect(model.getLayer('a').outputShape).toEqual([null, 4]);
  const chain = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2], name: 'only' })] });
  expect(chain.layers.map(({ name }) => name)).toEqual(['only']);
});

test('layers know who reads them', () => {
  const model = branched();
  const [shared, sum] = [model.getLayer('shared'), model.getLayer('sum')];
  expect(shared.inboundNodes.map(({ inboundLayers }) => inboundLayers.map((layer) => layer!.name))).toEqual([
    ['a'],
    ['b'],
  ]);
  expect(shared.outboundNodes.map(({ outboundLayer }) => outboundLayer.name)).toEqual(['sum']);
  expect(sum.inboundNodes[0].inputTensors.map(({ nodeIndex }) => nodeIndex)).toEqual([0, 1]);
  const { sourceLayer, name } = sum.output as tf.SymbolicTensor;
  expect([sourceLayer, name]).toEqual([sum, 'sum/sum']);
});

test('a symbolic tensor can be made of what it is', () => {
  const made = new tf.SymbolicTensor('float32', [null, 3], null, [], {});
  const output = tf.layers.dense({ units: 2 }).apply(made);
  expect(output.shape).toEqual([null, 2]);
});

test('an input layer is applied to nothing', () => {
  expect(() => tf.layers.inputLayer({ inputShape: [2] }).apply()).toThrow(
    'Cannot pass any input to an InputLayer',
  );
  expect(() => tf.layers.inputLayer({ inputShape: [2], batchInputShape: [1, 2] })).toThrow(
    'Only provide the inputShape OR batchInputShape',
  );
  expect(tf.layers.inputLayer({ inputShape: [2], name: 'i' }).getConfig()).toEqual({
    batchInputShape: [null, 2],
    dtype: 'float32',
    sparse: false,
    name: 'i',
  });
});

describe('a summary', () => {
  const linesOf = (model: tf.Model, ...layout: [number?, number[]?]) => {
    const lines: string[] = [];
    model.summary(layout[0], layout[1], (line) => lines.push(line));
    return lines;
  };

  test('says which application of a layer is read', () => {
    const lines = linesOf(branched());
    expect(lines.every((line) => line.length === 115 || /params: \d+$/.test(line))).toBe(true);
    expect(lines[1]).toMatch(/^Layer \(type\) +Input Shape +Output shape +Param # +Receives inputs +$/);
    expect(lines[7]).toMatch(
      /^shared \(Dense\) +\[\[null,4\]\],\[\[null,4\]\] +\[null,3\] +15 +a\[0\]\[0\] +$/,
    );
    expect(lines[8]).toMatch(/^ {92}b\[0\]\[0\] +$/);
    expect(lines[10]).toMatch(/^sum \(Add\) +\[\[null,3\],\[null,3\]\] +\[null,3\] +0 +shared\[0\]\[0\] +$/);
    expect(lines[11]).toMatch(/^ {92}shared\[1\]\[0\] +$/);
  });

  test('has columns where a script wants them', () => {
    const chain = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2], name: 'only' })] });
    const [rule, titles] = linesOf(chain, 40, [0.4, 0.6, 0.8, 1]);
    expect(rule).toBe('_'.repeat(40));
    expect(titles).toBe('Layer (type)    Input S Output  Param # ');
  });
});

test('a model inside of a sequential one has one input and one output', () => {
  const outer = () => tf.sequential({ layers: [tf.layers.dense({ units: 4, inputShape: [4] })] });
  expect(() => outer().add(branched())).toThrow(
    /branched has 2 inputs; .* should have a single input tensor/,
  );
  const [a, b] = [tf.input({ shape: [4] }), tf.layers.dense({ units: 1 })];
  const two = tf.model({ inputs: a, outputs: [b.apply(a), tf.layers.dense({ units: 1 }).apply(a)] });
  for (const model of [outer(), tf.sequential()]) {
    expect(() => model.add(two)).toThrow(/has 2 outputs; .* should have a single output tensor/);
  }
});

test('a model that was disposed of says so', () => {
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] });
  model.dispose();
  expect(() => model.predict(tf.ones([1, 2]))).toThrow(/is already disposed/);
});

test('a model goes through JSON', async () => {
  const model = branched();
  const described = JSON.parse(model.toJSON() as string);
  expect(described.class_name).toBe('Model');
  expect(model.toJSON(null, false)).toEqual(described);
  for (const form of [described, { modelTopology: described }]) {
    const again = await tf.models.modelFromJSON(form);
    expect(again.toJSON()).toBe(model.toJSON());
    expect(again).toBeInstanceOf(tf.LayersModel);
    again.setWeights(model.getWeights());
    const x = [tf.ones([1, 4]), tf.zeros([1, 4])];
    const [a, b] = [again, model].map((each) => (each.predict(x) as tf.Tensor).arraySync());
    expect(a).toEqual(b);
  }
  await expect(tf.models.modelFromJSON({ ...described, weightsManifest: [] })).rejects.toThrow(
    /of \d+ weights are not set/,
  );
  expect(model.getConfig()).toMatchObject({
    name: 'branched',
    inputLayers: [
      ['a', 0, 0],
      ['b', 0, 0],
    ],
  });
});

describe('dispose', () => {
  test('takes the weights that a cell or a layer inside has', () => {
    const lstm = tf.layers.lstm({ units: 2, inputShape: [3, 1] });
    const wrapper = tf.layers.timeDistributed({ layer: tf.layers.dense({ units: 2 }) });
    const model = tf.sequential({ layers: [lstm, tf.layers.repeatVector({ n: 2 }), wrapper] });
    const variables = [...lstm.variables, ...wrapper.variables];
    expect(model.dispose().numDisposedVariables).toBe(5);
    for (const variable of variables) expect(() => variable.range).toThrow('was disposed of');
  });

  test('a model without layers, or without an input yet, has none', () => {
    const late = tf.sequential({ layers: [tf.layers.dense({ units: 1 })] });
    for (const model of [tf.sequential(), late]) {
      expect(model.dispose()).toEqual({ refCountAfterDispose: 0, numDisposedVariables: 0 });
      expect(() => model.dispose()).toThrow('is already disposed');
    }
  });

  test('takes the weights of what is used nowhere else', () => {
    const dense = tf.layers.dense({ units: 2, name: 'd' });
    expect(() => dense.dispose()).toThrow('Cannot dispose Layer d because it has not been built yet.');
    dense.apply(tf.ones([1, 3]));
    expect(dense.dispose()).toEqual({ refCountAfterDispose: 0, numDisposedVariables: 2 });
    expect(() => dense.dispose()).toThrow("Layer 'd' is already disposed");
    expect(() => dense.apply(tf.ones([1, 3]))).toThrow("Layer 'd' is already disposed");
  });

  test('leaves a layer to the other model that it is in', () => {
    const shared = tf.layers.dense({ units: 2, inputShape: [3] });
    const [first, second] = [tf.sequential({ layers: [shared] }), tf.sequential({ layers: [shared] })];
    expect(first.dispose()).toEqual({ refCountAfterDispose: 0, numDisposedVariables: 0 });
    expect((second.predict(tf.ones([1, 3])) as tf.Tensor).shape).toEqual([1, 2]);
    expect(second.dispose()).toEqual({ refCountAfterDispose: 0, numDisposedVariables: 2 });
    expect(() => second.dispose()).toThrow('already disposed');
  });
});

test('batches of anything that has an iterator as TensorFlow.js has them', async () => {
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] });
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  const dataset = {
    async iterator() {
      let left = 3;
      const value = { xs: tf.ones([4, 2]), ys: tf.ones([4, 1]) };
      return {
        next: async () => (left-- > 0 ? { done: false, value } : { done: true as const, value: undefined }),
      };
    },
  };
  let batches = 0;
  await model.fitDataset(dataset, { epochs: 2, verbose: 0, callbacks: { onBatchEnd: () => void batches++ } });
  expect(batches).toBe(6);
});

test('a layer is found by its name or its place', () => {
  const model = branched();
  expect(model.getLayer(null, 2)).toBe(model.getLayer('shared'));
  expect(model.inputNames).toEqual(['a', 'b']);
  expect(() => model.getLayer()).toThrow('Provide either a layer name or layer index');
  expect(() => model.getLayer(undefined, 9)).toThrow('layer at index 9, but model only has 5 layer(s)');
});

test('numbers are samples where a sample is an array of one', async () => {
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  const x = tf.tensor1d([1, 2, 3]);
  expect((model.predict(x) as tf.Tensor).arraySync()).toEqual(
    (model.predict(x.reshape([3, 1])) as tf.Tensor).arraySync(),
  );
  await model.fit(x, x, { epochs: 1, verbose: 0, validationData: [x, x] });
  const [flat, deep] = [x, x.reshape([3, 1])].map((each) =>
    (model.evaluate(each, each) as tf.Tensor).dataSync(),
  );
  expect(flat).toEqual(deep);
});

test('a model tells whether it was compiled, and with which loss', () => {
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
  expect([model.optimizer, model.loss]).toEqual([undefined, undefined]);
  const optimizer = tf.train.sgd(0.1);
  model.compile({ optimizer, loss: 'meanSquaredError' });
  expect([model.optimizer, model.loss]).toEqual([optimizer, 'meanSquaredError']);
});

test('optimizer and loss of a model may be set, and count from the next training on', async () => {
  const model = tf.sequential({
    layers: [tf.layers.dense({ units: 1, inputShape: [1], kernelInitializer: 'zeros' })],
  });
  const one = tf.ones([1, 1]);
  const weights = () => model.getWeights().map((weight) => weight.dataSync()[0]);
  model.compile({ loss: 'meanSquaredError', optimizer: tf.train.sgd(0) });
  await model.fit(one, one, { verbose: 0 });
  const optimizer = tf.train.sgd(0.5);
  model.optimizer = optimizer;
  await model.fit(one, one, { verbose: 0 });
  // The gradient of (0 − 1)² is −2.
  expect([model.optimizer, ...weights()]).toEqual([optimizer, 1, 1]);
  model.loss = 'meanAbsoluteError';
  expect(model.optimizer).toBe(optimizer);
  await model.fit(one, one, { verbose: 0 });
  expect([model.loss, ...weights()]).toEqual(['meanAbsoluteError', 0.5, 0.5]);
});

test('what is set of a model that is not compiled stays until it is', () => {
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
  model.loss = 'meanSquaredError';
  expect([model.loss, model.optimizer]).toEqual(['meanSquaredError', undefined]);
});

test('a class that trains itself may set an optimizer without compiling', () => {
  class Own extends tf.LayersModel {
    override compile(): void {
      this.optimizer = tf.train.adam(0.1);
    }
  }
  const input = tf.input({ shape: [1] });
  const model = new Own({ inputs: [input], outputs: [tf.layers.dense({ units: 1 }).apply(input)] });
  expect(model.optimizer).toBeUndefined();
  model.compile();
  expect(model.optimizer.getClassName()).toBe('Adam');
});

test('options that ml5 and gpt-tfjs leave, and TensorFlow.js does not look at, are no errors', () => {
  expect(tf.layers.dense({ type: 'dense', units: 1, inputShape: [1] }).getConfig()).not.toHaveProperty(
    'type',
  );
  const x = tf.tensor2d([[1, 2]]);
  const dropped = tf.layers.dropout({ rate: undefined }).apply(x, { training: true });
  expect(dropped.arraySync()).toEqual([[1, 2]]);
});

test('what a layer says of itself', () => {
  const dense = tf.layers.dense({ units: 1, inputShape: [2] });
  expect([dense.getClassName(), dense.dtype, dense.stateful]).toEqual(['Dense', 'float32', false]);
  const rnn = tf.layers.simpleRNN({ units: 1, stateful: true, batchInputShape: [2, 3, 4] });
  expect(rnn.stateful).toBe(true);
  expect(tf.sequential({ layers: [rnn] }).stateful).toBe(true);
  expect(tf.sequential({ layers: [rnn, tf.layers.dense({ units: 1 })] }).stateful).toBe(true);
  const masks = tf.layers
    .add()
    .computeMask([tf.ones([2, 3]), tf.ones([2, 3])], [tf.tensor([1, 0]), tf.tensor([1, 1])]);
  expect((masks as tf.Tensor).arraySync()).toEqual([1, 0]);
  expect(dense.computeMask(tf.ones([1, 2]), null)).toBeNull();
});

test('a layer that was built for another size says so', () => {
  const dense = tf.layers.dense({ units: 1, name: 'd' });
  dense.apply(tf.input({ shape: [3] }));
  expect(() => dense.apply(tf.input({ shape: [4] }))).toThrow('incompatible with layer d: expected axis -1');
});

test('two weights of a layer have two names', () => {
  class Twins extends tf.Layer {
    override build() {
      this.addWeight('w', [1]);
      this.addWeight('w', [2]);
    }
  }
  expect(() => new Twins().apply(tf.ones([1, 1]))).toThrow('Duplicate weight name w');
});

test('batches of a dataset leave the books once they are used', async () => {
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] });
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  const kept: tf.Tensor[] = [];
  const batches = function* () {
    for (let i = 0; i < 3; i++) {
      kept.push(tf.ones([4, 2]));
      yield { xs: kept.at(-1)!, ys: tf.ones([4, 1]) };
    }
  };
  await model.fitDataset(batches, { epochs: 1, verbose: 0 });
  const before = tf.memory().numTensors;
  await model.fitDataset(batches, { epochs: 1, verbose: 0 });
  expect(tf.memory().numTensors).toBe(before);
  tf.dispose(await model.evaluateDataset(batches));
  expect(tf.memory().numTensors).toBe(before);
  expect(kept[0].dataSync()[0]).toBe(1);
});

test('a custom callback is made of functions', async () => {
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  const epochs: number[] = [];
  class Counting extends tf.CustomCallback {
    constructor() {
      super({ onEpochEnd: (epoch) => void epochs.push(epoch) });
    }
  }
  await model.fit(tf.ones([2, 1]), tf.ones([2, 1]), { epochs: 2, verbose: 0, callbacks: new Counting() });
  expect(epochs).toEqual([0, 1]);
});

describe('execute', () => {
  const x = [tf.ones([1, 4]), tf.zeros([1, 4])] as const;

  test('gives what layers inside of a model compute', () => {
    const model = branched();
    expect(model.inputLayers.concat(model.outputLayers).map(({ name }) => name)).toEqual(['a', 'b', 'out']);
    const [sum, out] = model.execute(x, ['sum', 'out/out']) as tf.Tensor[];
    expect(sum.shape).toEqual([1, 3]);
    expect(out.arraySync()).toEqual((model.predict([...x]) as tf.Tensor).arraySync());
    const one = model.execute({ b: x[1], a: x[0] }, 'sum') as tf.Tensor;
    expect(one.arraySync()).toEqual(sum.arraySync());
  });

  test('says what is missing', () => {
    const model = branched();
    expect(() => model.execute(x, [])).toThrow('empty Array');
    expect(() => model.execute(x, 'none')).toThrow('Cannot find SymbolicTensors for output name "none"');
    expect(() => model.execute({ a: x[0] }, 'sum')).toThrow("No value is provided for the model's input b");
    expect(() => model.execute(x[0], 'sum')).toThrow('inputs provided (1) does not match');
  });
});

test('weights in several buffers are those of one', () => {
  const parts = [Uint8Array.of(1, 2).buffer, Uint8Array.of(3).buffer];
  const joined = tf.io.CompositeArrayBuffer.join(parts);
  expect([...new Uint8Array(joined)]).toEqual([1, 2, 3]);
  const composite = new tf.io.CompositeArrayBuffer(parts);
  expect([composite.byteLength, ...new Uint8Array(composite.slice(1, 3))]).toEqual([3, 2, 3]);
});

test('a wrapper is stateful where the layer inside is', () => {
  const layer = (stateful: boolean) => tf.layers.lstm({ units: 1, stateful });
  expect(tf.layers.bidirectional({ layer: layer(true) }).stateful).toBe(true);
  expect(tf.layers.bidirectional({ layer: layer(false) }).stateful).toBe(false);
});

test('an initializer that was not called is a sentence, and a shape with a hole is open there', () => {
  const kernelInitializer = tf.initializers.zeros as unknown as tf.Initializer;
  expect(() => tf.layers.dense({ units: 1, kernelInitializer })).toThrow(
    /kernelInitializer must be the .*initializer.*; got a function/,
  );
  expect(tf.layers.dense({ units: 1, inputShape: 2 }).batchInputShape).toEqual([null, 2]);
  const open = tf.layers.dense({ units: 1, inputShape: new Array(1) });
  expect(open.batchInputShape).toEqual([null, null]);
});

test('a model is made of what getConfig told', () => {
  const chain = tf.sequential({
    layers: [tf.layers.dense({ units: 2, inputShape: [3] }), tf.layers.dropout({ rate: 0.5 })],
  });
  for (const model of [branched(), chain]) {
    const again: tf.Model = tf.LayersModel.fromConfig(tf.LayersModel, model.getConfig());
    expect(again).toBeInstanceOf(model.constructor);
    expect(again).toBeInstanceOf(tf.LayersModel);
    expect(again.getConfig()).toEqual(model.getConfig());
    const Class = model.constructor as typeof tf.LayersModel;
    expect(Class.fromConfig(Class as never, model.getConfig())).toBeInstanceOf(Class);
  }
  const again = tf.Sequential.fromConfig(tf.Sequential, chain.getConfig()) as tf.Sequential;
  again.setWeights(chain.getWeights());
  const [a, b] = [chain, again].map((each) => (each.predict(tf.ones([1, 3])) as tf.Tensor).arraySync());
  expect(b).toEqual(a);
  expect([branched().getClassName(), again.getClassName()]).toEqual(['Model', 'Sequential']);
  expect(() => tf.Sequential.fromConfig(tf.Sequential, 3 as never)).toThrow('fromConfig: takes its options');
});

test('a batch size that nothing remembers is no limit', async () => {
  const layers = [tf.layers.dense({ units: 1, batchInputShape: [4, 2], kernelInitializer: 'ones' })];
  const model = tf.sequential({ layers });
  expect((model.predict(tf.ones([6, 2])) as tf.Tensor).arraySync()).toEqual(new Array(6).fill([2]));
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  expect(await model.trainOnBatch(tf.ones([3, 2]), tf.ones([3, 1]))).toBe(1);
  const { params } = await model.fit(tf.ones([6, 2]), tf.ones([6, 1]), { verbose: 0 });
  expect(params.batchSize).toBe(4);
});

test('a model is built as its layers are connected; build may be called all the same', () => {
  const chain = tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [3] })] });
  const weights = chain.getWeights();
  for (const model of [chain, branched()]) {
    model.build();
    expect(model.built).toBe(true);
  }
  chain.build([null, 3]);
  expect(chain.getWeights().map((each) => each.arraySync())).toEqual(weights.map((each) => each.arraySync()));
  expect(() => tf.sequential().build()).toThrow('has no input shape yet. Give its first layer inputShape');
});

test('what getWeights gives has a name, and sets the weights', () => {
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2], name: 'last' })] });
  const weights = model.getWeights() as tf.Variable[];
  expect(weights.map(({ name }) => name)).toEqual(['last/kernel', 'last/bias']);
  for (const each of weights) each.assign(tf.ones(each.shape));
  expect(model.getWeights().map((each) => each.arraySync())).toEqual([[[1], [1]], [1]]);
  expect(weights[1].arraySync()).toEqual([0]);
  expect(() => weights[1].assign(tf.ones([2]))).toThrow('[2]');
});
