import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ModelArtifacts } from '../../src/io/artifacts.ts';
import * as tf from '../../src/node.ts';
import { platform, setPlatform } from '../../src/platform/platform.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lanegrad-'));
});
afterAll(() => rm(folder, { recursive: true }));

const x = tf.tensor2d(Array.from({ length: 5 }, (_, i) => [Math.sin(i), Math.cos(i), i / 5]));
const values = (model: tf.Model, data: tf.DataList) =>
  [model.predict(data)].flat().map((tensor) => Array.from(tensor.dataSync()));

function chain(): tf.Sequential {
  return tf.sequential({
    name: 'chain',
    layers: [
      tf.layers.dense({
        units: 4,
        activation: 'leaky_relu',
        inputShape: [3],
        kernelInitializer: tf.initializers.heNormal({ seed: 1 }),
        kernelRegularizer: tf.regularizers.l2({ l2: 0.1 }),
        kernelConstraint: tf.constraints.maxNorm({ maxValue: 3 }),
      }),
      tf.layers.dropout({ rate: 0.2 }),
      tf.layers.reshape({ targetShape: [2, 2] }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 2, activation: 'softmax' }),
    ],
  });
}

function network(): tf.Model {
  const [a, b] = [tf.input({ shape: [3], name: 'a' }), tf.input({ shape: [3], name: 'b' })];
  const shared = tf.layers.dense({ units: 4, activation: 'tanh', name: 'shared' });
  const joined = tf.layers.concatenate({ name: 'joined' }).apply([shared.apply(a), shared.apply(b)]);
  const left = tf.layers.dense({ units: 1, name: 'left' }).apply(joined);
  const right = tf.layers.dense({ units: 2, activation: 'softmax', name: 'right' }).apply(joined);
  return tf.model({ inputs: [a, b], outputs: [left, right], name: 'network' });
}

describe.each([
  ['a chain', chain, x],
  ['a network with a shared layer', network, [x, x.reshape([5, 3])]],
] as const)('%s', (name, make, data) => {
  test('comes back with the same layers and bits', async () => {
    const model = make();
    const target = `${folder}/${name}`;
    await model.save(`file://${target}`);
    const loaded = await tf.loadLayersModel(`file://${target}/model.json`);
    expect(values(loaded, data as tf.DataList)).toEqual(values(model, data as tf.DataList));
    expect(loaded.layers.map((layer) => [layer.name, layer.className])).toEqual(
      model.layers.map((layer) => [layer.name, layer.className]),
    );
  });

  test('comes back twice saved', async () => {
    const first: ModelArtifacts[] = [];
    const second: ModelArtifacts[] = [];
    await make().save({ save: async (artifacts) => first.push(artifacts) });
    const loaded = await tf.loadLayersModel({ load: async () => first[0] });
    await loaded.save({ save: async (artifacts) => second.push(artifacts) });
    expect(second).toEqual(first);
  });
});

test('the file is in the layers format of TensorFlow.js', async () => {
  await chain().save(`file://${folder}/format`);
  const description = JSON.parse(await readFile(`${folder}/format/model.json`, 'utf8'));
  expect(description.format).toBe('layers-model');
  expect(description.modelTopology.class_name).toBe('Sequential');
  const [first] = description.modelTopology.config.layers;
  expect(first).toMatchObject({
    class_name: 'Dense',
    config: {
      units: 4,
      batch_input_shape: [null, 3],
      dtype: 'float32',
      trainable: true,
      kernel_initializer: { class_name: 'VarianceScaling' },
      kernel_regularizer: { class_name: 'L1L2', config: { l1: 0, l2: 0.1 } },
      kernel_constraint: { class_name: 'MaxNorm', config: { max_value: 3, axis: 0 } },
    },
  });
  const [{ paths, weights }] = description.weightsManifest;
  expect(paths).toEqual([expect.stringMatching(/^weights-[0-9a-f]{16}\.bin$/)]);
  expect(weights.map(({ shape }: { shape: number[] }) => shape)).toEqual([[3, 4], [4], [4, 2], [2]]);
});

test('words are written as Keras writes them, but not those of the classes of users', async () => {
  class Words extends tf.layers.Layer {
    static readonly className = 'SaysWords';
    override getConfig() {
      return { ...super.getConfig(), said: 'someWords' };
    }
  }
  expect(tf.serialization.registerClass(Words)).toBe(Words);
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({
        ...{ filters: 2, kernelSize: 1, inputShape: [2, 3, 3], dataFormat: 'channelsFirst' },
        ...{ activation: 'hardSigmoid', kernelInitializer: 'leCunUniform' },
      }),
      tf.layers.activation({ activation: 'gelu_new' }),
      new Words(),
    ],
  });
  const { config } = model.toJSON(null, false) as {
    config: { layers: { config: Record<string, unknown> }[] };
  };
  const [conv, activation, words] = config.layers.map((layer) => layer.config);
  expect(conv).toMatchObject({
    data_format: 'channels_first',
    activation: 'hard_sigmoid',
    kernel_initializer: { config: { mode: 'fan_in', distribution: 'uniform' } },
  });
  expect([activation.activation, words.said]).toEqual(['gelu_new', 'someWords']);
  const again = await tf.models.modelFromJSON(JSON.parse(model.toJSON() as string));
  expect(again.layers.map((layer) => layer.getConfig())).toEqual(
    model.layers.map((layer) => layer.getConfig()),
  );
});

test('a chain with one layer twice comes back as a model of one such layer', async () => {
  const shared = tf.layers.dense({ units: 3, inputShape: [3] });
  const model = tf.sequential({ layers: [shared, shared] });
  await model.save(`file://${folder}/shared`);
  const loaded = await tf.loadLayersModel(`file://${folder}/shared/model.json`);
  expect(values(loaded, x)).toEqual(values(model, x));
  expect(loaded.getWeights()).toHaveLength(2);
});

test('two inner models with layers of one name', async () => {
  const input = tf.input({ shape: [3] });
  const inner = (name: string) =>
    tf.sequential({ name, layers: [tf.layers.dense({ units: 2, name: 'd', inputShape: [3] })] });
  const outputs = tf.layers
    .concatenate()
    .apply(['a', 'b'].map((name) => inner(name).apply(input) as tf.SymbolicTensor));
  const model = tf.model({ inputs: input, outputs });
  await model.save(`file://${folder}/twins`);
  const loaded = await tf.loadLayersModel(`file://${folder}/twins/model.json`);
  expect(values(loaded, x)).toEqual(values(model, x));
});

test('layers made after loading have names of their own', async () => {
  const made = tf.layers.dense({ units: 2, name: 'dense_7041', inputShape: [3] });
  await tf.sequential({ layers: [made] }).save(`file://${folder}/numbered`);
  await tf.loadLayersModel(`file://${folder}/numbered/model.json`);
  expect(tf.layers.dense({ units: 1 }).name).toBe('dense_7042');
});

test('what is saved are the weights of when save was called', async () => {
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, useBias: false, inputShape: [1] })] });
  model.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
  await model.trainOnBatch(tf.ones([1, 1]), tf.ones([1, 1]));
  const saved: number[] = [];
  const target = tf.io.withSaveHandler(async ({ weightData }: ModelArtifacts) => {
    saved.push(new Float32Array(weightData as ArrayBuffer)[0]);
    return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' as const } };
  });
  const saves = [3, 4, 5].map((weight) => {
    model.setWeights([tf.tensor2d([[weight]])]);
    return model.save(target, { includeOptimizer: true });
  });
  model.dispose();
  await Promise.all(saves);
  expect(saved).toEqual([3, 4, 5]);
});

test('from a server', async () => {
  const model = chain();
  await model.save(`file://${folder}/served`);
  const server = createServer(async (request, response) => {
    try {
      response.end(await readFile(`${folder}${request.url?.split('?')[0]}`));
    } catch {
      response.writeHead(404, 'Not Found').end();
    }
  });
  await new Promise<void>((listening) => server.listen(0, listening));
  try {
    const origin = `http://localhost:${(server.address() as { port: number }).port}`;
    for (const query of ['', '?path=a/b']) {
      const loaded = await tf.loadLayersModel(`${origin}/served/model.json${query}`);
      expect(values(loaded, x)).toEqual(values(model, x));
    }
    await expect(tf.loadLayersModel(`${origin}/missing/model.json`)).rejects.toThrow(
      `loadLayersModel: ${origin}/missing/model.json answered 404 Not Found.`,
    );
  } finally {
    server.close();
  }
});

test('a model that is saved anew while it is loaded comes back as one of the two, whole', async () => {
  const path = join(folder, 'replaced');
  const dense = (units: number) =>
    tf.sequential({ layers: [tf.layers.dense({ units, inputShape: [2], name: 'a' })] });
  const [first, second] = [dense(1), dense(3)];
  await first.save(`file://${path}`);
  const before = platform;
  let isReplaced = false;
  setPlatform({
    ...before,
    async readFile(file) {
      const bytes = await before.readFile!(file);
      if (!isReplaced) {
        isReplaced = true;
        await second.save(`file://${path}`);
      }
      return bytes;
    },
  });
  try {
    const loaded = await tf.loadLayersModel(`file://${path}/model.json`);
    const bits = (model: tf.LayersModel) => model.getWeights().map((each) => [...each.dataSync()]);
    expect(bits(loaded)).toEqual(bits(second));
  } finally {
    setPlatform(before);
  }
});

test('a layer that is cut out', () => {
  const model = chain();
  const features = tf.model({ inputs: model.inputs, outputs: model.layers[2].output });
  expect((features.predict(x) as tf.Tensor).shape).toEqual([5, 2, 2]);
  expect(() => tf.layers.dense({ units: 1, name: 'unused' }).output).toThrow(
    'unused: was applied 0 times; only what one application made is its output.',
  );
});

describe('errors', () => {
  test('a file that is cut short', async () => {
    await chain().save(`file://${folder}/short`);
    const [name] = (await readdir(`${folder}/short`)).filter((each) => each.endsWith('.bin'));
    const path = `${folder}/short/${name}`;
    await writeFile(path, (await readFile(path)).subarray(0, 80));
    await expect(tf.loadLayersModel(`file://${folder}/short/model.json`)).rejects.toThrow(
      'loadLayersModel: the weights should be 104 bytes; the file has 80.',
    );
  });

  test('a layer that lanegrad does not have', async () => {
    const artifacts: ModelArtifacts[] = [];
    await chain().save({ save: async (made) => artifacts.push(made) });
    const text = JSON.stringify(artifacts[0].modelTopology).replace('"Flatten"', '"Flattten"');
    const load = async () => ({ ...artifacts[0], modelTopology: JSON.parse(text) });
    await expect(tf.loadLayersModel({ load })).rejects.toThrow(
      'Unknown layer "Flattten". Did you mean "Flatten"?',
    );
    const ofHub = JSON.parse(text.replace('"Flattten"', '"KerasLayer"'));
    await expect(tf.loadLayersModel({ load: async () => ({ modelTopology: ofHub }) })).rejects.toThrow(
      /^Unknown layer "KerasLayer"\. Make yours known by tf\.serialization\.registerClass\.$/,
    );
  });

  test('a description that was left a text', async () => {
    const modelTopology = chain().toJSON() as never;
    await expect(tf.loadLayersModel({ load: async () => ({ modelTopology }) })).rejects.toThrow(
      /is damaged: a layer is '\{"class_name":"Sequential","config".{10,40}…' where an object should be\.$/,
    );
  });

  test('an activation that is a function', async () => {
    const model = tf.sequential({
      layers: [tf.layers.dense({ units: 1, inputShape: [2], activation: (v) => tf.mul(v, 2), name: 'own' })],
    });
    await expect(model.save({ save: async () => undefined })).rejects.toThrow(
      'own: activation: a function cannot be saved. Give it by name.',
    );
  });

  test('addresses', async () => {
    await expect(chain().save('models/x')).rejects.toThrow(
      'save: expected an address such as file://models/mnist; got "models/x".',
    );
    await expect(tf.loadLayersModel('models/x')).rejects.toThrow(
      /^loadLayersModel: expected an address such as/,
    );
  });
});

describe('a layer that stands in two places inside is refused', () => {
  const shared = () => tf.layers.dense({ units: 2, inputShape: [2], name: 'shared' });
  const nowhere = { save: async () => undefined };

  test('in two models', async () => {
    const layer = shared();
    const [a, b] = ['a', 'b'].map((name) => tf.sequential({ name, layers: [layer] }));
    const model = tf.sequential({ name: 'both', layers: [a, b] });
    await expect(model.save(nowhere)).rejects.toThrow(
      'its layer shared stands in a and in b, and would be two layers once it is loaded. ' +
        'Save the parts by themselves, or weights alone.',
    );
  });

  test('in a model and beside it, and in a wrapper', async () => {
    const layer = shared();
    const inner = tf.sequential({ name: 'inner', layers: [layer] });
    const x = tf.input({ shape: [2] });
    const beside = tf.model({
      name: 'outer',
      inputs: x,
      outputs: layer.apply(inner.apply(x)) as tf.SymbolicTensor,
    });
    await expect(beside.save(nowhere)).rejects.toThrow('its layer shared stands in');
    const wrapped = tf.sequential({
      layers: [tf.layers.timeDistributed({ layer, inputShape: [3, 2], name: 'steps' }), layer],
    });
    await expect(wrapped.save(nowhere)).rejects.toThrow('its layer shared stands in steps and in');
    expect(() => wrapped.toJSON()).toThrow('its layer shared stands in');
  });

  test('one without weights is saved, and with it a model of the inputs of its parts', async () => {
    const x = tf.input({ shape: [2] });
    const squash = tf.layers.activation({ activation: 'tanh' });
    const encoder = tf.model({ inputs: x, outputs: squash.apply(shared().apply(x)) as tf.SymbolicTensor });
    const decoder = tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [2] }), squash] });
    const model = tf.model({
      inputs: encoder.inputs,
      outputs: decoder.apply(encoder.apply(x) as tf.SymbolicTensor) as tf.SymbolicTensor,
    });
    let artifacts: tf.io.ModelArtifacts | undefined;
    await model.save({ save: async (made) => (artifacts = made) });
    const loaded = await tf.loadLayersModel(tf.io.fromMemory(artifacts as tf.io.ModelArtifacts));
    const probe = tf.tensor([[1, -2]]);
    expect((loaded.predict(probe) as tf.Tensor).arraySync()).toEqual(
      (model.predict(probe) as tf.Tensor).arraySync(),
    );
  });

  test('one that is applied twice in one model is saved', async () => {
    const inner = tf.sequential({ layers: [shared()] });
    const x = tf.input({ shape: [2] });
    const model = tf.model({ inputs: x, outputs: inner.apply(inner.apply(x)) as tf.SymbolicTensor });
    await expect(model.save({ save: async () => 'saved' })).resolves.toBe('saved');
  });
});
