// localStorage as a page has it, without a page: pages.test.ts does the same in Chromium.

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import * as tf from '../../src/node.ts';

let kept: Map<string, string>;
/** Letters that the store has room for. */
let room: number;

beforeEach(() => {
  kept = new Map();
  room = Number.POSITIVE_INFINITY;
  vi.stubGlobal('localStorage', {
    get length() {
      return kept.size;
    },
    key: (index: number) => [...kept.keys()][index] ?? null,
    getItem: (key: string) => kept.get(key) ?? null,
    removeItem: (key: string) => kept.delete(key),
    setItem(key: string, value: string) {
      const used = [...kept.values()].reduce((sum, { length }) => sum + length, 0);
      if (used + value.length > room) throw new Error('QuotaExceededError');
      kept.set(key, value);
    },
  });
});
afterEach(() => vi.unstubAllGlobals());

const network = (units = 2) =>
  tf.sequential({ layers: [tf.layers.dense({ units, inputShape: [3], name: 'a' })] });
const bits = (model: tf.LayersModel) => model.getWeights().map((weight) => [...weight.dataSync()]);

test('a model comes back as it was, with what the user said of it', async () => {
  const model = network();
  model.setUserDefinedMetadata({ from: 'here' });
  const { modelArtifactsInfo } = await model.save('localstorage://a/b');
  const loaded = await tf.loadLayersModel('localstorage://a/b');
  expect(bits(loaded)).toEqual(bits(model));
  expect(loaded.getUserDefinedMetadata()).toEqual({ from: 'here' });
  expect(modelArtifactsInfo.weightDataBytes).toBe(4 * (3 * 2 + 2));
});

test('models are listed, and nothing else that a page keeps', async () => {
  await network().save('localstorage://a/info');
  kept.set('user/info', '{"name":"Ada"}');
  kept.set('tensorflowjs_models/half/model_topology', '{}');
  const listed = await tf.io.listModels();
  expect(Object.keys(listed)).toEqual(['localstorage://a/info']);
  expect(listed['localstorage://a/info'].weightDataBytes).toBe(32);
});

test('a model that is removed leaves nothing, and others alone', async () => {
  await network().save('localstorage://a');
  await network(1).save('localstorage://b');
  expect((await tf.io.removeModel('localstorage://a')).weightDataBytes).toBe(32);
  expect([...kept.keys()].every((key) => key.startsWith('tensorflowjs_models/b/'))).toBe(true);
  expect(kept.size).toBe(5);
  await expect(tf.io.removeModel('localstorage://a')).rejects.toThrow(
    'removeModel: localStorage has no model named a.',
  );
  await expect(tf.loadLayersModel('localstorage://a')).rejects.toThrow(
    'loadLayersModel: localStorage has no model named a.',
  );
});

test('where there is no room the model of that name stays whole', async () => {
  const model = network();
  await model.save('localstorage://a');
  room = [...kept.values()].reduce((sum, { length }) => sum + length, 0) + 100;
  await expect(network(500).save('localstorage://a')).rejects.toThrow(
    'save: localStorage has no room for a of 8000 bytes of weights. Save to indexeddb:// instead.',
  );
  expect(bits(await tf.loadLayersModel('localstorage://a'))).toEqual(bits(model));
});

test('what is missing or damaged is said', async () => {
  await network().save('localstorage://a');
  const key = (part: string) => `tensorflowjs_models/a/${part}`;
  const failure = () => tf.loadLayersModel('localstorage://a').catch((error: Error) => error.message);
  const weights = kept.get(key('weight_data'))!;
  kept.delete(key('weight_data'));
  expect(await failure()).toBe('loadLayersModel: weight_data of a is missing in localStorage.');
  kept.set(key('weight_data'), '*');
  expect(await failure()).toBe('loadLayersModel: the weights of a are damaged in localStorage.');
  kept.set(key('weight_data'), weights);
  kept.set(key('weight_specs'), '[{');
  expect(await failure()).toBe('loadLayersModel: a is damaged in localStorage.');
});
