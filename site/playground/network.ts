// The network of the playground: it is built, trained, and asked what every unit of it does.

import * as tf from 'lanegrad';
import { makePoints } from './data.ts';
import { extent, type Frame, type LayerFrame, type Points, resolution } from './messages.ts';
import { type Feature, features, problemOf, type Settings } from './settings.ts';

type Dense = ReturnType<typeof tf.layers.dense>;

/** Rows from the top, as pictures have them. */
const plane = Array.from({ length: resolution ** 2 }, (_, i) => {
  const step = (2 * extent) / resolution;
  const column = i % resolution;
  const row = Math.floor(i / resolution);
  return [-extent + step * (column + 0.5), extent - step * (row + 0.5)] as const;
});

export const featurePlane = (feature: Feature): Float32Array =>
  Float32Array.from(plane, ([x, y]) => features[feature].of(x, y));

const regularizers = {
  none: () => undefined,
  l1: (rate: number) => tf.regularizers.l1({ l1: rate }),
  l2: (rate: number) => tf.regularizers.l2({ l2: rate }),
};

const makers: Readonly<Record<string, (rate: number) => tf.Optimizer>> = {
  sgd: (rate) => tf.train.sgd(rate),
  momentum: (rate) => tf.train.momentum(rate, 0.9),
  rmsprop: (rate) => tf.train.rmsprop(rate),
  adagrad: (rate) => tf.train.adagrad(rate),
  adam: (rate) => tf.train.adam(rate),
};

/** Samples and what they are to be taken for, as a model reads them. */
class Part {
  readonly x: tf.Tensor;
  readonly y: tf.Tensor;
  readonly size: number;

  constructor(points: Points, from: number, to: number, names: readonly Feature[], isClassified: boolean) {
    this.size = to - from;
    const rows = Array.from({ length: this.size }, (_, i) =>
      names.map((name) => features[name].of(points.x[from + i], points.y[from + i])),
    );
    const values = Array.from(points.value.subarray(from, to), (v) => (isClassified ? Number(v > 0) : v));
    this.x = tf.tensor2d(rows, [this.size, names.length]);
    this.y = tf.tensor2d(values, [this.size, 1]);
  }
}

export class Network {
  readonly points: Points;
  readonly #isClassified: boolean;
  readonly #layers: Dense[];
  readonly #model: tf.LayersModel;
  /** The same layers, with what each of them says. */
  readonly #view: tf.LayersModel;
  readonly #training: Part;
  readonly #test: Part;
  readonly #plane: tf.Tensor;
  #epoch = 0;
  #steps = 0;
  #time = 0;

  constructor(settings: Settings) {
    const { layers, activation, optimizer, learningRate, regularization, regularizationRate, seed } =
      settings;
    tf.setSeed(seed);
    this.#isClassified = problemOf(settings) === 'classification';
    this.points = makePoints(settings);
    const count = this.points.value.length;
    const part = (from: number, to: number) =>
      new Part(this.points, from, to, settings.features, this.#isClassified);
    this.#training = part(0, this.points.training);
    this.#test = part(this.points.training, count);
    this.#plane = tf.tensor2d(
      plane.map(([x, y]) => settings.features.map((name) => features[name].of(x, y))),
      [plane.length, settings.features.length],
    );

    const output = this.#isClassified ? 'sigmoid' : 'linear';
    this.#layers = [...layers, 1].map((units, i) =>
      tf.layers.dense({
        units,
        activation: (i < layers.length ? activation : output) as 'tanh',
        kernelRegularizer: regularizers[regularization](regularizationRate),
      }),
    );
    const input = tf.input({ shape: [settings.features.length] });
    const outputs: tf.SymbolicTensor[] = [];
    for (const layer of this.#layers) {
      outputs.push(layer.apply(outputs.at(-1) ?? input) as tf.SymbolicTensor);
    }
    this.#model = tf.model({ inputs: input, outputs: outputs.at(-1)! });
    this.#view = tf.model({ inputs: input, outputs });
    this.#model.compile({ optimizer: makers[optimizer](learningRate), loss: this.#loss });
  }

  get #loss() {
    return this.#isClassified ? 'binaryCrossentropy' : 'meanSquaredError';
  }

  /** Trains for some epochs, and for more while there is time, in milliseconds. */
  async advance(epochs: number, time: number, { learningRate, batchSize }: Settings): Promise<void> {
    const { x, y, size } = this.#training;
    this.#model.optimizer.learningRate = learningRate;
    const begun = performance.now();
    let done = 0;
    do {
      await this.#model.fit(x, y, { epochs, batchSize, verbose: 0 });
      done += epochs;
    } while (performance.now() - begun < time);
    this.#epoch += done;
    this.#steps = done * Math.ceil(size / batchSize);
    this.#time = performance.now() - begun;
  }

  /** All that is shown of the network as it is now. */
  frame(): Frame {
    const planes = this.#said(this.#plane);
    const gradients = this.#gradients();
    const layers = this.#layers.map((layer, i): LayerFrame => {
      const [kernel, bias] = layer.getWeights().map((weights) => weights.dataSync() as Float32Array);
      const [kernelGradient, biasGradient] = layer.trainableWeights.map(({ name }) => gradients[name]);
      const plane = planes[i].dataSync() as Float32Array;
      return { units: planes[i].shape[1], kernel, bias, kernelGradient, biasGradient, plane };
    });
    const [training, test] = [this.#training, this.#test].map((part) => this.#judge(part));
    return {
      epoch: this.#epoch,
      layers,
      trainingLoss: training.loss,
      testLoss: test.loss,
      trainingAccuracy: training.accuracy,
      testAccuracy: test.accuracy,
      steps: this.#steps,
      time: this.#time,
    };
  }

  /** What each layer says of samples. */
  #said(x: tf.Tensor): tf.Tensor[] {
    return [this.#view.predict(x, { batchSize: x.shape[0] })].flat() as tf.Tensor[];
  }

  /** By all training samples, of the loss without penalties, by the weights' names. */
  #gradients(): Record<string, Float32Array> {
    const { x, y } = this.#training;
    const { grads } = tf.variableGrads(() => this.#lossOf(y, this.#model.apply(x) as tf.Tensor));
    return Object.fromEntries(
      Object.entries(grads).map(([name, gradient]) => [name, gradient.dataSync() as Float32Array]),
    );
  }

  #lossOf(y: tf.Tensor, predicted: tf.Tensor): tf.Tensor {
    return tf.metrics[this.#loss](y, predicted).mean();
  }

  #judge({ x, y }: Part): { loss: number; accuracy: number } {
    const predicted = this.#said(x).at(-1)!;
    const loss = this.#lossOf(y, predicted).dataSync()[0];
    const accuracy = this.#isClassified
      ? tf.metrics.binaryAccuracy(y, predicted).mean().dataSync()[0]
      : Number.NaN;
    return { loss, accuracy };
  }
}
