// A line that is fitted to points by gradient descent: the line on the left, its two weights in the landscape of the loss.

import * as tf from 'lanegrad';
import { short } from '../parts/page.ts';
import type { Palette } from '../parts/palette.ts';
import { Area } from './area.ts';
import { contourImage } from './contours.ts';
import type { Figure } from './figure.ts';

const mostSteps = 150;
const columns = 160;
const xs = Array.from({ length: 24 }, (_, i) => -2 + (4 * i) / 23);
/** On a line, but for what sines of large numbers add. */
const ys = xs.map((x, i) => 0.9 * x + 0.7 + 0.6 * Math.sin(997 * i));

export class LineFit implements Figure {
  readonly pace = 3;
  readonly #points = new Area('line-points', { x: [-2.4, 2.4], y: [-3.4, 4], names: ['x', 'y'] });
  readonly #landscape = new Area('line-loss', {
    x: [-1.6, 2.6],
    y: [-1.6, 2.6],
    names: ['slope', 'intercept'],
  });
  readonly #losses: readonly number[];
  readonly #x = tf.tensor2d(xs, [xs.length, 1]);
  readonly #y = tf.tensor2d(ys, [ys.length, 1]);
  #layer = tf.layers.dense({ units: 1, inputShape: [1] });
  #optimizer = tf.train.sgd(0.1);
  #path: [slope: number, intercept: number][] = [];
  #loss = 0;

  constructor() {
    const { points } = this.#landscape.grid(columns);
    this.#losses = points.map(([slope, intercept]) => lossOf(slope, intercept));
  }

  reset(choices: FormData): void {
    this.#layer = tf.layers.dense({ units: 1, inputShape: [1] });
    this.#layer.apply(this.#x);
    this.#layer.setWeights([tf.tensor2d([[-1.2]]), tf.tensor1d([-1.1])]);
    this.#optimizer = tf.train.sgd(Number(choices.get('rate')));
    this.#path = [];
    this.#look();
  }

  step(): void {
    this.#optimizer.minimize(() => (this.#layer.apply(this.#x) as tf.Tensor).sub(this.#y).square().mean());
    this.#look();
  }

  #look(): void {
    const [slope, intercept] = this.#layer.getWeights().map((weight) => weight.dataSync()[0]);
    this.#path.push([slope, intercept]);
    this.#loss = lossOf(slope, intercept);
  }

  get isDone(): boolean {
    return this.#path.length > mostSteps;
  }

  draw(palette: Palette): void {
    const [slope, intercept] = this.#path.at(-1)!;
    this.#points.clear();
    for (const [i, x] of xs.entries()) {
      this.#points.line('error', [
        [x, ys[i]],
        [x, slope * x + intercept],
      ]);
    }
    this.#points.line(
      'main',
      [-2.4, 2.4].map((x) => [x, slope * x + intercept] as const),
    );
    for (const [i, x] of xs.entries()) this.#points.point('sample', x, ys[i], 4.5);
    this.#points.label = `${xs.length} points and the line y = ${short(slope)} · x + ${short(intercept)}`;

    this.#landscape.paint(contourImage(this.#losses, columns, 16, palette));
    this.#landscape.clear();
    this.#landscape.line('main', this.#path);
    this.#landscape.point('ball', slope, intercept, 7);
    this.#landscape.label = `The loss by slope and intercept: a bowl, with the way of the line's two weights to its bottom`;
  }

  get words(): string {
    const [slope, intercept] = this.#path.at(-1)!;
    return `Step ${this.#path.length - 1}: y = ${short(slope)} · x ${intercept < 0 ? '−' : '+'} ${short(Math.abs(intercept))}, loss ${short(this.#loss)}.`;
  }
}

const lossOf = (slope: number, intercept: number): number =>
  xs.reduce((sum, x, i) => sum + (slope * x + intercept - ys[i]) ** 2, 0) / xs.length;
