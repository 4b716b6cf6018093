// Files that somebody damaged, or made to do damage: each loads, or ends in a sentence, soon, with little memory.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import * as tf from '../../src/node.ts';
import { RandomStream } from '../../src/random/random-stream.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lanegrad-hostile-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

type Description = Record<string, unknown> & {
  modelTopology: {
    class_name: string;
    config: { layers: { class_name: string; config: Record<string, unknown> }[] };
  };
};

async function networks(): Promise<tf.io.ModelArtifacts[]> {
  const chain = tf.sequential({
    layers: [
      tf.layers.dense({ units: 3, inputShape: [4], kernelRegularizer: 'l2', kernelConstraint: 'nonNeg' }),
      tf.layers.reshape({ targetShape: [3, 1] }),
      tf.layers.bidirectional({ layer: tf.layers.lstm({ units: 2 }) as never }),
      tf.layers.dense({ units: 2, activation: 'softmax' }),
    ],
  });
  const a = tf.input({ shape: [4, 4, 1], name: 'a' });
  const b = tf.input({ shape: [4, 4, 1], name: 'b' });
  const shared = tf.layers.conv2d({ filters: 2, kernelSize: 3, padding: 'same' });
  const both = tf.layers.concatenate().apply([shared.apply(a), shared.apply(b)] as never);
  const outputs = tf.layers.flatten().apply(tf.layers.batchNormalization().apply(both as never) as never);
  const network = tf.model({ inputs: [a, b], outputs: outputs as never });
  const saved: tf.io.ModelArtifacts[] = [];
  for (const model of [chain, network]) {
    model.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
    await model.save({ save: (artifacts) => saved.push(artifacts) }, { includeOptimizer: true });
  }
  return saved;
}

/** Values that stand where others should. */
const strange: readonly unknown[] = [
  ...[null, true, -1, 0, 0.5, 1e9, 1e300, Number.MAX_SAFE_INTEGER],
  ...['', 'constructor', '__proto__', 'Dense', '../..', [], [[]], [null], {}, { a: 1 }, [1e9, 1e9]],
];

/** The same with one value, somewhere in it, replaced, removed or doubled. */
function mutated(value: unknown, random: RandomStream): unknown {
  const places: [Record<string, unknown>, string][] = [];
  const copy = structuredClone(value);
  const visit = (node: unknown) => {
    if (typeof node !== 'object' || node === null) return;
    for (const key of Object.keys(node)) {
      places.push([node as Record<string, unknown>, key]);
      visit((node as Record<string, unknown>)[key]);
    }
  };
  visit(copy);
  const [parent, key] = places[random.below(places.length)];
  const action = random.below(8);
  if (action === 0) delete parent[key];
  else if (action === 1 && Array.isArray(parent)) parent.push(structuredClone(parent[Number(key)]));
  else parent[key] = strange[random.below(strange.length)];
  return copy;
}

test.each([0, 1])('700 changes of description %i', { timeout: 120_000 }, async (which) => {
  const artifacts = (await networks())[which];
  const { weightData, ...described } = artifacts;
  const random = new RandomStream(11, which);
  const raw: string[] = [];
  let refused = 0;
  let slowest = 0;
  for (let i = 0; i < 700; i++) {
    const damaged = mutated(described, random) as Partial<tf.io.ModelArtifacts>;
    const before = performance.now();
    try {
      await tf.loadLayersModel(tf.io.fromMemory({ ...damaged, weightData }));
    } catch (error) {
      refused++;
      const isSentence = error instanceof tf.LanegradError && !error.message.startsWith('internal');
      if (!isSentence) raw.push(`${i}: ${error}`);
    }
    slowest = Math.max(slowest, performance.now() - before);
  }
  expect(raw).toEqual([]);
  expect(refused).toBeGreaterThan(200);
  expect(slowest).toBeLessThan(1000);
  expect(Object.prototype).not.toHaveProperty('a');
});

test('700 changes of the text of model.json', { timeout: 120_000 }, async () => {
  const [{ weightSpecs, weightData, ...rest }] = await networks();
  const weightsManifest = [{ paths: ['weights.bin'], weights: weightSpecs }];
  const text = JSON.stringify({ ...rest, weightsManifest });
  writeFileSync(join(folder, 'weights.bin'), new Uint8Array(weightData as ArrayBuffer));
  const random = new RandomStream(12, 0);
  const raw: string[] = [];
  for (let i = 0; i < 700; i++) {
    const at = random.below(text.length);
    const change = String.fromCharCode(32 + random.below(95));
    writeFileSync(join(folder, 'model.json'), text.slice(0, at) + change + text.slice(at + random.below(3)));
    try {
      await tf.loadLayersModel(`file://${folder}/model.json`);
    } catch (error) {
      if (!(error instanceof tf.LanegradError) || error.message.startsWith('internal'))
        raw.push(`${i}: ${error}`);
    }
  }
  expect(raw).toEqual([]);
});

describe('what is asked for and what is there', () => {
  const load = (description: object, weights = new Uint8Array(0)) => {
    const file = join(folder, 'asked');
    mkdirSync(file, { recursive: true });
    writeFileSync(join(file, 'model.json'), JSON.stringify(description));
    writeFileSync(join(file, 'weights.bin'), weights);
    return tf.loadLayersModel(`file://${file}/model.json`);
  };
  const dense = (config: object): Description => ({
    modelTopology: {
      class_name: 'Sequential',
      config: {
        layers: [
          { class_name: 'Dense', config: { units: 1, batch_input_shape: [null, 1], name: 'd', ...config } },
        ],
      },
    },
  });
  const manifest = (shape: readonly number[], paths = ['weights.bin']) => ({
    weightsManifest: [{ paths, weights: [{ name: 'd/kernel', shape, dtype: 'float32' }] }],
  });

  test('three gigabytes of weights in 200 bytes of description', async () => {
    const before = process.memoryUsage().rss;
    const asks = { ...dense({ units: 30_000, batch_input_shape: [null, 25_000] }), ...manifest([1]) };
    await expect(load(asks, new Uint8Array(4))).rejects.toThrow(
      'd/kernel: the model has more weights than its file, or than maxBytes allows; there is no room for 750000000 more.',
    );
    await expect(load(dense({ units: 30_000, batch_input_shape: [null, 25_000] }))).rejects.toThrow(
      'there is no room for 750000000 more.',
    );
    await expect(
      tf.loadLayersModel(tf.io.fromMemory({ modelTopology: dense({ units: 9 }).modelTopology } as never), {
        maxBytes: 8,
      }),
    ).rejects.toThrow('than maxBytes allows');
    const entries = { ...dense({}), ...manifest([25_000, 30_000]) };
    await expect(load(entries)).rejects.toThrow('the weights should be 3000000000 bytes; the file has 0.');
    expect(process.memoryUsage().rss - before).toBeLessThan(2e8);
  });

  test.each([
    '../model.json',
    'a/../../x',
    '/etc/passwd',
    '..\\x',
    'C:x',
    'a/%2e%2E/x',
    'http://x/y',
    'a%2f..%2f..%2fx',
    '',
  ])('weights at %j are outside the folder', async (path) => {
    await expect(load({ ...dense({}), ...manifest([1], [path]) })).rejects.toThrow(
      `names weights outside its folder: ${JSON.stringify(path)}.`,
    );
  });

  test.each([
    ['by its format', { ...dense({}), format: 'graph-model' }],
    ['by its nodes', { modelTopology: { node: [{ name: 'x', op: 'Placeholder' }] } }],
  ])('a graph model, known %s, says what to do', async (_, description) => {
    await expect(load(description as never)).rejects.toThrow(
      /model\.json is a graph model\. lanegrad runs no graph models\. Convert .* load it with tf\.loadLayersModel\.$/,
    );
  });

  test.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])(
    'no class is named %s',
    async (name) => {
      const inside = dense({});
      inside.modelTopology.config.layers[0].class_name = name;
      await expect(load(inside)).rejects.toThrow(`Unknown layer "${name}"`);
      const outside = { modelTopology: { class_name: name, config: {} } };
      await expect(load(outside)).rejects.toThrow(`${name} is no class of models`);
    },
  );

  test('a model that holds itself to no end', async () => {
    let topology: object = dense({}).modelTopology;
    for (let i = 0; i < 20_000; i++) topology = { class_name: 'Sequential', config: { layers: [topology] } };
    const load = () => tf.loadLayersModel(tf.io.fromMemory({ modelTopology: topology as never }));
    await expect(load()).rejects.toThrow(tf.LanegradError);
  });
});

test.skipIf(process.platform === 'win32')('a device in the place of a model, which never ends', async () => {
  await expect(tf.loadLayersModel('file:///dev/zero')).rejects.toThrow(
    new tf.LanegradError('loadLayersModel: /dev/zero cannot be read: it is no file.'),
  );
});

test('a description that is longer than texts can be', async () => {
  writeFileSync(join(folder, 'long.json'), '{}');
  vi.stubGlobal(
    'TextDecoder',
    class {
      decode(): never {
        throw new Error('Cannot create a string longer than 0x1fffffe8 characters');
      }
    },
  );
  const loading = tf.loadLayersModel(`file://${folder}/long.json`);
  await expect(loading).rejects.toThrow(tf.LanegradError);
  await expect(loading).rejects.toThrow(
    'long.json cannot be read: Cannot create a string longer than 0x1fffffe8 characters.',
  );
  vi.unstubAllGlobals();
});
