// The networks that learn digits, and what is asked of them.

import * as tf from 'lanegrad';
import type { Digits } from './digits.ts';

export type Kind = 'dense' | 'convolutions';

const input = { scale: 1 / 255, inputDType: 'uint8' } as const;

export function makeNetwork(kind: Kind): tf.Sequential {
  tf.setSeed(1);
  const small = tf.initializers.randomNormal({ stddev: 0.01 });
  const layers =
    kind === 'dense'
      ? [
          tf.layers.rescaling({ ...input, inputShape: [28, 28] }),
          tf.layers.flatten(),
          // Weights begin so small that a picture shows what was learned, not what there was before.
          tf.layers.dense({ units: 48, activation: 'relu', kernelInitializer: small }),
        ]
      : [
          tf.layers.rescaling({ ...input, inputShape: [28, 28] }),
          tf.layers.reshape({ targetShape: [28, 28, 1] }),
          tf.layers.conv2d({ filters: 12, kernelSize: 5, activation: 'relu' }),
          tf.layers.maxPooling2d({ poolSize: 2 }),
          tf.layers.conv2d({ filters: 24, kernelSize: 3, activation: 'relu' }),
          tf.layers.maxPooling2d({ poolSize: 2 }),
          tf.layers.flatten(),
        ];
  const model = tf.sequential({ layers: [...layers, tf.layers.dense({ units: 10, activation: 'softmax' })] });
  model.compile({
    optimizer: tf.train.adam(2e-3),
    loss: 'sparseCategoricalCrossentropy',
    metrics: ['accuracy'],
  });
  return model;
}

export interface Weights {
  readonly values: ArrayLike<number>;
  /** How many pictures there are, and their side. */
  readonly count: number;
  readonly side: number;
}

/** What each unit, or filter, of the first layer looks at: pictures one in another, [side, side, count]. */
export function firstLayer(model: tf.Sequential): Weights {
  const kernel = model.getWeights()[0];
  const count = kernel.shape[kernel.shape.length - 1];
  return { values: kernel.dataSync(), count, side: Math.sqrt(kernel.size / count) };
}

export interface Mistake {
  readonly index: number;
  readonly truth: number;
  readonly taken: number;
  /** How sure the network was. */
  readonly probability: number;
}

/** Digits that are read at once: it takes a few milliseconds. */
const piece = 50;

/** The digits to test with that are taken for others, found piece by piece. */
export function* mistakesOf(model: tf.Sequential, { images, labels }: Digits): Generator<Mistake[]> {
  const truths = labels.dataSync();
  for (let from = 0; from < truths.length; from += piece) {
    const predicted = (model.predict(images.slice([from], [piece])) as tf.Tensor).dataSync();
    yield Array.from({ length: piece }, (_, i): Mistake => {
      const probabilities = predicted.subarray(i * 10, i * 10 + 10);
      const probability = Math.max(...probabilities);
      const taken = probabilities.indexOf(probability);
      return { index: from + i, truth: truths[from + i], taken, probability };
    }).filter(({ truth, taken }) => truth !== taken);
  }
}

export const read = (model: tf.Sequential, image: Uint8Array): number[] => [
  ...(model.predict(tf.tensor3d(image, [1, 28, 28])) as tf.Tensor).dataSync(),
];
