// XOR: what a network says of the plane, and where its two hidden units put the four points.

import * as tf from 'lanegrad';
import { short } from '../parts/page.ts';
import type { Palette } from '../parts/palette.ts';
import { planeImage } from '../parts/plane.ts';
import { Area } from './area.ts';
import type { Figure } from './figure.ts';

const mostSteps = 250;
const columns = 56;
const corners = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
] as const;
const answers = [0, 1, 1, 0];

export class Xor implements Figure {
  readonly pace = 2;
  readonly #plane = new Area('xor-plane', { x: [-0.35, 1.35], y: [-0.35, 1.35], names: ['x₁', 'x₂'] });
  readonly #hidden = new Area('xor-hidden', { x: [-1.2, 1.2], y: [-1.2, 1.2], names: ['unit 1', 'unit 2'] });
  readonly #points = {
    plane: tf.tensor2d(this.#plane.grid(columns).points),
    hidden: this.#hidden.grid(columns).points,
  };
  readonly #x = tf.tensor2d(corners.map((corner) => [...corner]));
  readonly #y = tf.tensor2d(answers, [4, 1]);
  #seed = 4;
  #layers: ReturnType<typeof tf.layers.dense>[] = [];
  #model = tf.sequential();
  #steps = 0;

  reset(choices: FormData): void {
    this.#seed = Number(choices.get('seed'));
    tf.setSeed(this.#seed);
    this.#layers = [
      tf.layers.dense({ units: 2, activation: 'tanh', inputShape: [2] }),
      tf.layers.dense({ units: 1, activation: 'sigmoid' }),
    ];
    this.#model = tf.sequential({ layers: this.#layers });
    this.#model.compile({ optimizer: tf.train.adam(0.05), loss: 'binaryCrossentropy' });
    this.#steps = 0;
  }

  step(): void {
    // All of it is done when it returns: only what `fit` waits for makes it a promise.
    void this.#model.trainOnBatch(this.#x, this.#y);
    this.#steps++;
  }

  get isDone(): boolean {
    return this.#steps >= mostSteps;
  }

  draw(palette: Palette): void {
    const said = (this.#model.predict(this.#points.plane) as tf.Tensor).dataSync();
    this.#plane.paint(imageOf(said, palette));
    this.#plane.clear();
    for (const [i, [x, y]] of corners.entries()) this.#plane.point(answers[i] ? 'plus' : 'minus', x, y, 10);
    this.#plane.label = `The plane in the colours of what the network says: ${this.#table()}`;

    const [w1, w2, bias] = this.#layers[1].getWeights().flatMap((weights) => [...weights.dataSync()]);
    const output = this.#points.hidden.map(([a, b]) => 1 / (1 + Math.exp(-(w1 * a + w2 * b + bias))));
    this.#hidden.paint(imageOf(output, palette));
    this.#hidden.clear();
    const places = this.#places();
    for (const [i, [x, y]] of places.entries()) this.#hidden.point(answers[i] ? 'plus' : 'minus', x, y, 10);
    const where = places.map((place, i) => `${corners[i].join(', ')} lies at ${place.map(short).join(', ')}`);
    this.#hidden.label = `The four points as the hidden units see them: ${where.join('; ')}`;
  }

  /** Where the hidden units put the four points. */
  #places(): [number, number][] {
    return (this.#layers[0].apply(this.#x) as tf.Tensor).arraySync() as [number, number][];
  }

  #table(): string {
    const said = (this.#model.predict(this.#x) as tf.Tensor).dataSync();
    return corners.map((corner, i) => `${corner.join(' xor ')} is ${said[i].toFixed(2)}`).join(', ');
  }

  get words(): string {
    return `Step ${this.#steps}: ${this.#table()}.`;
  }
}

/** Shares of 0 to 1 in the colours of −1 to 1. */
const imageOf = (shares: ArrayLike<number>, palette: Palette): ImageData =>
  planeImage(
    { values: Array.from(shares, (v) => 2 * v - 1), offset: 0, stride: 1, resolution: columns, scale: 1 },
    palette,
  );
