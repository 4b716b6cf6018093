// Optimizers side by side on their way down a valley.

import * as tf from 'lanegrad';
import { find, make, short } from '../parts/page.ts';
import type { Palette } from '../parts/palette.ts';
import { Area, type AreaOptions } from './area.ts';
import { contourImage } from './contours.ts';
import type { Figure } from './figure.ts';

const mostSteps = 120;
const columns = 240;

interface Surface extends AreaOptions {
  /** Height of points that are tensors of the same shape; none is below 0. */
  readonly height: (x: tf.Tensor, y: tf.Tensor) => tf.Tensor;
  readonly start: readonly [x: number, y: number];
  readonly goal: readonly [x: number, y: number];
  readonly bands: number;
  /** Factor of all learning rates. */
  readonly rate: number;
}

const surfaces: Readonly<Record<string, Surface>> = {
  valley: {
    x: [-10, 10],
    y: [-5, 5],
    aspect: 2,
    names: ['x', 'y'],
    height: (x, y) => x.square().div(20).add(y.square()),
    start: [-7, 2],
    goal: [0, 0],
    bands: 18,
    rate: 1,
  },
  bend: {
    x: [-2, 2],
    y: [-0.6, 1.4],
    aspect: 2,
    names: ['x', 'y'],
    height: (x, y) => tf.sub(1, x).square().add(y.sub(x.square()).square().mul(10)),
    start: [-1.5, 0.5],
    goal: [1, 1],
    bands: 26,
    rate: 0.018,
  },
};

interface Runner {
  readonly name: string;
  readonly className: string;
  readonly make: (rate: number) => tf.Optimizer;
}

/** With the rates of Saitoh's “Deep Learning from Scratch” for the valley, where it has them. */
const runners: readonly Runner[] = [
  { name: 'SGD', className: 'series-1', make: (rate) => tf.train.sgd(0.95 * rate) },
  { name: 'Momentum', className: 'series-2', make: (rate) => tf.train.momentum(0.1 * rate, 0.9) },
  { name: 'Adagrad', className: 'series-3', make: (rate) => tf.train.adagrad(1.5 * Math.sqrt(rate)) },
  { name: 'RMSProp', className: 'series-4', make: (rate) => tf.train.rmsprop(0.3 * Math.sqrt(rate)) },
  { name: 'Adam', className: 'series-5', make: (rate) => tf.train.adam(0.3 * Math.sqrt(rate)) },
];

interface Run extends Runner {
  readonly place: tf.Variable;
  readonly optimizer: tf.Optimizer;
  readonly path: [x: number, y: number][];
}

export class Optimizers implements Figure {
  readonly pace = 6;
  #surface = surfaces.valley;
  #area = new Area('optimizers-plot', this.#surface);
  #heights: readonly number[] = [];
  #runs: Run[] = [];
  #steps = 0;

  constructor() {
    find('optimizers-keys').append(
      ...runners.map(({ name, className }) => {
        const box = make('input', { type: 'checkbox', name: 'runner', value: name, checked: true });
        return make('label', { className: `check key ${className}` }, box, name);
      }),
    );
  }

  reset(choices: FormData): void {
    this.#surface = surfaces[String(choices.get('surface'))];
    this.#area = new Area('optimizers-plot', this.#surface);
    const { points } = this.#area.grid(columns);
    const [x, y] = [0, 1].map((axis) => tf.tensor1d(points.map((point) => point[axis])));
    this.#heights = [...this.#surface.height(x, y).dataSync()];
    const chosen = choices.getAll('runner');
    for (const { place } of this.#runs) place.dispose();
    this.#runs = runners
      .filter(({ name }) => chosen.includes(name))
      .map((runner) => ({
        ...runner,
        place: tf.variable(tf.tensor1d([...this.#surface.start])),
        optimizer: runner.make(this.#surface.rate),
        path: [[...this.#surface.start]],
      }));
    this.#steps = 0;
  }

  step(): void {
    for (const { place, optimizer, path } of this.#runs) {
      optimizer.minimize(() => this.#heightOf(place), false, [place]);
      path.push([...place.dataSync()] as [number, number]);
    }
    this.#steps++;
  }

  #heightOf(place: tf.Tensor): tf.Tensor {
    const [x, y] = tf.unstack(place);
    return this.#surface.height(x, y);
  }

  get isDone(): boolean {
    return this.#steps >= mostSteps;
  }

  draw(palette: Palette): void {
    this.#area.paint(contourImage(this.#heights, columns, this.#surface.bands, palette));
    this.#area.clear();
    this.#area.point('goal', ...this.#surface.goal, 4);
    for (const { path, className } of this.#runs) {
      this.#area.line(`path ${className}`, path);
      this.#area.point(`ball ${className}`, ...path.at(-1)!, 6);
    }
    this.#area.label = `A landscape from above, and the ways of ${this.#runs.length} optimizers. ${this.words}`;
  }

  get words(): string {
    const heights = this.#runs.map(
      ({ name, place }) => `${name} ${short(this.#heightOf(place).dataSync()[0])}`,
    );
    return `Step ${this.#steps}. Height above the bottom: ${heights.join(', ') || 'nobody is on the way'}.`;
  }
}
