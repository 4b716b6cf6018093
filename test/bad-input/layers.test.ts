// Every layer, built by hand with shapes that it may not be made for: it takes them or says a sentence.

import { expect, test } from 'vitest';
import * as tf from '../../src/node.ts';
import { fault } from './malformed.ts';

const dense = () => tf.layers.dense({ units: 2 });
const cell = () => tf.layers.lstmCell({ units: 2 });
const filters = { filters: 2, kernelSize: 2 };

/** What layers need; all others take nothing. */
const options: Readonly<Record<string, () => object>> = {
  activation: () => ({ activation: 'relu' }),
  bidirectional: () => ({ layer: tf.layers.gru({ units: 2 }) }),
  categoryEncoding: () => ({ numTokens: 4 }),
  centerCrop: () => ({ height: 2, width: 2 }),
  convLstm2d: () => filters,
  convLstm2dCell: () => filters,
  cropping2D: () => ({ cropping: 1 }),
  discretization: () => ({ binBoundaries: [0, 1] }),
  depthwiseConv2d: () => ({ kernelSize: 2 }),
  dot: () => ({ axes: 1 }),
  dropout: () => ({ rate: 0.5 }),
  alphaDropout: () => ({ rate: 0.5 }),
  spatialDropout1d: () => ({ rate: 0.5 }),
  spatialDropout2d: () => ({ rate: 0.5 }),
  gaussianDropout: () => ({ rate: 0.5 }),
  gaussianNoise: () => ({ stddev: 1 }),
  embedding: () => ({ inputDim: 5, outputDim: 2 }),
  hashing: () => ({ numBins: 3 }),
  inputLayer: () => ({ inputShape: [3] }),
  integerLookup: () => ({ vocabulary: [1, 2] }),
  stringLookup: () => ({ vocabulary: ['a', 'b'] }),
  maxout: () => ({ units: 2, pieces: 3 }),
  permute: () => ({ dims: [2, 1] }),
  randomRotation: () => ({ factor: 0.2 }),
  randomTranslation: () => ({ heightFactor: 0.2, widthFactor: 0.2 }),
  randomZoom: () => ({ heightFactor: 0.2 }),
  randomHeight: () => ({ factor: 0.2 }),
  randomWidth: () => ({ factor: 0.2 }),
  repeatVector: () => ({ n: 2 }),
  rescaling: () => ({ scale: 2 }),
  reshape: () => ({ targetShape: [3] }),
  resizing: () => ({ height: 2, width: 2 }),
  rnn: () => ({ cell: cell() }),
  stackedRNNCells: () => ({ cells: [cell()] }),
  timeDistributed: () => ({ layer: dense() }),
};

/** Options that serve whoever has none of their own: one of them is needed, or none. */
const guesses = [{}, { units: 2 }, filters, { filters: 2, kernelSize: [2, 2, 2] }];

/** Not layers, or not to be made. */
const others = ['Layer', 'RNN', 'RNNCell', 'input'];

function made(name: string): tf.Layer {
  const factory = tf.layers[name as keyof typeof tf.layers] as unknown as (options: object) => tf.Layer;
  if (options[name]) return factory(options[name]());
  for (const guess of guesses) {
    try {
      return factory(guess);
    } catch {}
  }
  throw new Error(`${name} needs options.`);
}

const factories = new Map(
  Object.entries(tf.layers).flatMap(([name, factory]) => (others.includes(name) ? [] : [[factory, name]])),
);

const shapes: readonly (readonly (number | null)[])[] = [0, 1, 2, 3, 4, 5, 6].flatMap((rank) =>
  [null, 0, 1, 3].map((size) => [null, ...new Array(rank).fill(size)].slice(0, rank)),
);
const given = [...shapes, ...shapes.map((shape) => [shape, shape]), []];

test.each([...factories.values()])('%s', async (name) => {
  const faults: string[] = [];
  for (const inputShape of given) {
    for (const act of ['build', 'computeOutputShape'] as const) {
      const found = await fault(() => made(name)[act](inputShape as never));
      if (found) faults.push(`${act} ${JSON.stringify(inputShape)}: ${found}`);
    }
  }
  expect(faults).toEqual([]);
});
