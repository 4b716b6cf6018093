// How large gradients are in each of ten layers, and how what the layers say is spread.

import * as tf from 'lanegrad';
import { find, make, short, superscript } from '../parts/page.ts';
import type { Figure } from './figure.ts';

const depth = 10;
const units = 32;
const samples = 128;
const mostSteps = 60;
const bins = 18;
/** Lengths of gradients that bars show, as powers of ten. */
const [least, most] = [-12, 2];

const initializers: Readonly<Record<string, () => tf.Initializer>> = {
  small: () => tf.initializers.randomNormal({ stddev: 0.01 }),
  one: () => tf.initializers.randomNormal({ stddev: 1 }),
  glorot: () => tf.initializers.glorotNormal(),
  he: () => tf.initializers.heNormal(),
};

interface Row {
  readonly bar: HTMLElement;
  readonly number: HTMLElement;
  readonly spread: HTMLElement;
}

export class Vanishing implements Figure {
  readonly pace = 4;
  readonly #rows: readonly Row[];
  readonly #x: tf.Tensor;
  readonly #y: tf.Tensor;
  #model = tf.sequential();
  /** Of each layer: the length of its weights' gradient, and its outputs for all samples. */
  #seen: { readonly length: number; readonly outputs: ArrayLike<number> }[] = [];
  #steps = 0;
  #loss = 0;
  #range: readonly [number, number] = [-1, 1];

  constructor() {
    tf.setSeed(2);
    this.#x = tf.randomNormal([samples, units]);
    this.#y = this.#x.slice([0, 0], [-1, 2]).sum(1, true).sin();
    this.#rows = Array.from({ length: depth }, (_, i) => {
      const row = {
        bar: make('i', { className: 'bar' }),
        number: make('td', { className: 'number' }),
        spread: make('td', { className: 'spread', aria: { hidden: 'true' } }),
      };
      row.spread.append(...Array.from({ length: bins }, () => make('i')));
      const heading = make('th', { textContent: `Layer ${i + 1}`, scope: 'row' });
      const cell = make('td', { className: 'bars', aria: { hidden: 'true' } }, row.bar);
      find('vanishing-rows').append(make('tr', {}, heading, cell, row.number, row.spread));
      return row;
    });
  }

  reset(choices: FormData): void {
    const activation = String(choices.get('activation')) as 'tanh';
    const kernelInitializer = initializers[String(choices.get('initializer'))]();
    this.#range = { tanh: [-1, 1], sigmoid: [0, 1], relu: [0, 3] }[activation as string] as [number, number];
    tf.setSeed(5);
    const hidden = Array.from({ length: depth }, (_, i) =>
      tf.layers.dense({ units, activation, kernelInitializer, ...(i === 0 && { inputShape: [units] }) }),
    );
    this.#model = tf.sequential({ layers: [...hidden, tf.layers.dense({ units: 1 })] });
    this.#model.compile({ optimizer: tf.train.adam(1e-3), loss: 'meanSquaredError' });
    this.#steps = 0;
    this.#look();
  }

  step(): void {
    this.#look();
    this.#steps++;
  }

  /** Takes a step, and keeps what was seen before it. */
  #look(): void {
    const step = tf.explainStep(this.#model, this.#x, this.#y);
    this.#loss = step.loss;
    this.#seen = step.layers.slice(0, depth).map(({ outputs, weights }) => ({
      length: weights[0].gradient!.norm().dataSync()[0],
      outputs: outputs[0].dataSync(),
    }));
  }

  get isDone(): boolean {
    return this.#steps >= mostSteps;
  }

  draw(): void {
    for (const [i, { bar, number, spread }] of this.#rows.entries()) {
      const { length, outputs } = this.#seen[i];
      const share = (Math.log10(Math.max(length, 1e-30)) - least) / (most - least);
      bar.style.setProperty('--share', Math.max(0, Math.min(1, share)).toFixed(3));
      bar.classList.toggle('faint', length < 1e-5);
      number.textContent = length > 0 ? power(length) : '0';
      const counts = countsOf(outputs, this.#range);
      const largest = Math.max(...counts);
      for (const [j, each] of [...spread.children].entries()) {
        (each as HTMLElement).style.setProperty('--share', (counts[j] / largest).toFixed(3));
      }
    }
  }

  get words(): string {
    const [first, last] = [this.#seen[0].length, this.#seen.at(-1)!.length];
    const ratio = last / first;
    const compared =
      ratio > 30
        ? `the last layer's gradient is ${short(ratio)} times as long as the first's: the first hardly learns`
        : ratio < 1 / 30
          ? `the first layer's gradient is ${short(1 / ratio)} times as long as the last's`
          : 'all layers learn';
    return `Step ${this.#steps}, loss ${short(this.#loss)}: ${compared}.`;
  }
}

/** As 1.4 · 10⁻⁷. */
function power(value: number): string {
  const [digits, exponent] = value.toExponential(1).split('e');
  return `${digits} · 10${superscript(Number(exponent))}`;
}

/** How many values are in each of the bins of a range; what is beyond counts to the ends. */
function countsOf(values: ArrayLike<number>, [from, to]: readonly [number, number]): number[] {
  const counts = new Array<number>(bins).fill(0);
  for (let i = 0; i < values.length; i++) {
    const bin = Math.floor(((values[i] - from) / (to - from)) * bins);
    counts[Math.max(0, Math.min(bins - 1, bin))]++;
  }
  return counts;
}
