// Backpropagation by hand: one step of a small network, told number by number as `tf.explainStep` has it.

import * as tf from 'lanegrad';
import { find, makeSvg } from '../parts/page.ts';
import type { Figure } from './figure.ts';

const rate = 1;
const inputs = [0.5, 0.8] as const;
const target = 1;
const rounds = 3;

interface Weight {
  readonly before: number;
  readonly gradient: number;
  readonly after: number;
}

/** What is known of a step: kernels are [inputs][units]. */
interface Numbers {
  readonly hidden: readonly number[];
  readonly hiddenGradient: readonly number[];
  readonly output: number;
  readonly outputGradient: number;
  readonly first: readonly (readonly Weight[])[];
  readonly firstBias: readonly Weight[];
  readonly second: readonly Weight[];
  readonly secondBias: Weight;
  readonly loss: number;
  readonly lossAfter: number;
}

interface Stage {
  /** Names of the units and connections that it is about. */
  readonly about: readonly string[];
  readonly words: (numbers: Numbers) => string;
}

/** Three digits behind the point, with a minus that is as wide as a digit. */
const shown = (value: number): string => value.toFixed(3).replace('-', '−');
const inBrackets = (value: number): string => (value < 0 ? `(${shown(value)})` : shown(value));

const forwards =
  (unit: 0 | 1) =>
  ({ hidden, first, firstBias }: Numbers) => {
    const parts = inputs.map((input, i) => `${inBrackets(first[i][unit].before)} · ${input}`);
    return `Forwards. Hidden unit ${unit + 1} adds up its inputs by their weights, and its bias, and takes the sigmoid: σ(${parts.join(' + ')} + ${inBrackets(firstBias[unit].before)}) = ${shown(hidden[unit])}.`;
  };

const connections = {
  first: ['x1-h1', 'x1-h2', 'x2-h1', 'x2-h2', 'h1', 'h2'],
  second: ['h1-o', 'h2-o', 'o'],
};

const stages: readonly Stage[] = [
  {
    about: ['x1', 'x2'],
    words: () =>
      `The network is given ${inputs.join(' and ')}, and should say ${target}. Numbers on the lines are weights, those above units are biases.`,
  },
  { about: ['x1-h1', 'x2-h1', 'h1'], words: forwards(0) },
  { about: ['x1-h2', 'x2-h2', 'h2'], words: forwards(1) },
  {
    about: connections.second,
    words: ({ hidden, second, secondBias, output }) =>
      `The output does the same with what the hidden units say: σ(${second.map(({ before }, i) => `${inBrackets(before)} · ${shown(hidden[i])}`).join(' + ')} + ${inBrackets(secondBias.before)}) = ${shown(output)}.`,
  },
  {
    about: ['o', 'loss'],
    words: ({ output, loss }) =>
      `The loss is the square of what is missing: (${shown(output)} − ${target})² = ${shown(loss)}.`,
  },
  {
    about: ['o', 'loss'],
    words: ({ output, outputGradient }) =>
      `Backwards. How does the loss change with the output? By 2 · (output − truth) = 2 · (${shown(output)} − ${target}) = ${shown(outputGradient)}: were the output larger, the loss would be smaller.`,
  },
  {
    about: ['o'],
    words: ({ output, outputGradient, secondBias }) =>
      `Through the sigmoid, whose slope is σ · (1 − σ): ${inBrackets(outputGradient)} · ${shown(output)} · ${shown(1 - output)} = ${shown(secondBias.gradient)}. The bias is added as it is, so that this is its gradient.`,
  },
  {
    about: ['h1-o', 'h2-o'],
    words: ({ hidden, second, secondBias }) =>
      `A weight's gradient is that, times what came in through it: ${second.map(({ gradient }, i) => `${inBrackets(secondBias.gradient)} · ${shown(hidden[i])} = ${shown(gradient)}`).join(', and ')}.`,
  },
  {
    about: ['h1-o', 'h2-o', 'h1', 'h2'],
    words: ({ second, secondBias, hiddenGradient }) =>
      `What a hidden unit answers for is that, times the weight between them: ${second.map(({ before }, i) => `${inBrackets(secondBias.gradient)} · ${inBrackets(before)} = ${shown(hiddenGradient[i])}`).join(', and ')}.`,
  },
  {
    about: ['h1', 'h2'],
    words: ({ hidden, hiddenGradient, firstBias }) =>
      `Through their sigmoids again, which gives the gradients of their biases: ${hidden.map((h, i) => `${inBrackets(hiddenGradient[i])} · ${shown(h)} · ${shown(1 - h)} = ${shown(firstBias[i].gradient)}`).join(', and ')}.`,
  },
  {
    about: connections.first,
    words: ({ first, firstBias }) =>
      `And the gradients of the first weights, each times its input. The first unit's: ${inputs.map((input, i) => `${inBrackets(firstBias[0].gradient)} · ${input} = ${shown(first[i][0].gradient)}`).join(', and ')}.`,
  },
  {
    about: [...connections.first, ...connections.second],
    words: ({ second: [{ before, gradient, after }] }) =>
      `Now every weight takes a step against its gradient: weight − rate · gradient, with a rate of ${rate}. The one from hidden unit 1 to the output: ${shown(before)} − ${rate} · ${inBrackets(gradient)} = ${shown(after)}.`,
  },
  {
    about: ['loss'],
    words: ({ loss, lossAfter }) =>
      `With the new weights the loss is ${shown(lossAfter)}: ${(100 * (1 - lossAfter / loss)).toFixed(0)} % less. That was one step of training. The next begins where this one ended.`,
  },
];

/** From which stage on a number is there. */
const since = {
  hidden: [1, 2],
  output: 3,
  loss: 4,
  outputGradient: 5,
  secondBias: 6,
  second: 7,
  hiddenGradient: 8,
  firstBias: 9,
  first: 10,
  after: 11,
} as const;

type Point = readonly [x: number, y: number];

const places: Readonly<Record<string, Point>> = {
  x1: [70, 100],
  x2: [70, 260],
  h1: [330, 100],
  h2: [330, 260],
  o: [560, 180],
  loss: [690, 180],
};
/** How far along a connection its numbers stand, so that none covers another. */
const along: Readonly<Record<string, number>> = { 'x1-h2': 0.27, 'x2-h1': 0.27 };

export class ByHand implements Figure {
  readonly pace = 150;
  readonly #svg = makeSvg('svg', { viewBox: '0 0 760 350', role: 'img' });
  #model = tf.sequential();
  #numbers!: Numbers;
  #stage = 0;
  #round = 0;

  constructor() {
    const holder = find('by-hand-network');
    holder.replaceChildren(this.#svg);
    // On a phone it is wider than the page: keys scroll it.
    holder.tabIndex = 0;
  }

  reset(): void {
    this.#model = tf.sequential({
      layers: [
        tf.layers.dense({ units: 2, activation: 'sigmoid', inputShape: [2] }),
        tf.layers.dense({ units: 1, activation: 'sigmoid' }),
      ],
    });
    this.#model.setWeights([
      tf.tensor2d([
        [0.4, -0.6],
        [0.9, 0.2],
      ]),
      tf.tensor1d([0.1, -0.3]),
      tf.tensor2d([[-0.7], [0.5]]),
      tf.tensor1d([0.2]),
    ]);
    this.#model.compile({ optimizer: tf.train.sgd(rate), loss: 'meanSquaredError' });
    this.#stage = 0;
    this.#round = 1;
    this.#numbers = this.#explain();
  }

  step(): void {
    this.#stage++;
    if (this.#stage < stages.length) return;
    this.#stage = 0;
    this.#round++;
    this.#numbers = this.#explain();
  }

  #explain(): Numbers {
    const step = tf.explainStep(this.#model, tf.tensor2d([[...inputs]]), tf.tensor2d([[target]]));
    const [hidden, output] = step.layers;
    const flat = (tensor: tf.Tensor) => [...tensor.dataSync()];
    const [[first, firstBias], [second, secondBias]] = [hidden, output].map(({ weights }) =>
      weights.map(({ before, gradient, after }) => {
        const [was, slope, is] = [before, gradient!, after].map(flat);
        return was.map((value, i): Weight => ({ before: value, gradient: slope[i], after: is[i] }));
      }),
    );
    return {
      hidden: flat(hidden.outputs[0]),
      hiddenGradient: flat(hidden.outputGradients[0]!),
      output: flat(output.outputs[0])[0],
      outputGradient: flat(output.outputGradients[0]!)[0],
      first: [first.slice(0, 2), first.slice(2)],
      firstBias,
      second,
      secondBias: secondBias[0],
      loss: step.loss,
      lossAfter: step.lossAfter,
    };
  }

  get isDone(): boolean {
    return this.#round === rounds && this.#stage === stages.length - 1;
  }

  draw(): void {
    const { hidden, hiddenGradient, output, outputGradient, first, firstBias, second, secondBias, loss } =
      this.#numbers;
    this.#svg.replaceChildren();
    for (const i of [0, 1] as const) {
      for (const j of [0, 1] as const) this.#connection(`x${i + 1}-h${j + 1}`, first[i][j], since.first);
    }
    for (const i of [0, 1] as const) this.#connection(`h${i + 1}-o`, second[i], since.second);
    this.#connection('o-loss');
    for (const [i, input] of inputs.entries()) this.#unit(`x${i + 1}`, String(input));
    for (const i of [0, 1] as const) {
      this.#unit(`h${i + 1}`, this.#from(since.hidden[i], hidden[i]));
      this.#bias(`h${i + 1}`, firstBias[i], since.firstBias);
      this.#below(`h${i + 1}`, this.#from(since.hiddenGradient, hiddenGradient[i]));
    }
    this.#unit('o', this.#from(since.output, output));
    this.#bias('o', secondBias, since.secondBias);
    this.#below('o', this.#from(since.outputGradient, outputGradient));
    this.#unit(
      'loss',
      this.#from(since.loss, this.#stage === stages.length - 1 ? this.#numbers.lossAfter : loss),
    );
    this.#text('loss', places.loss[0], places.loss[1] - 40, 'name');
    this.#svg.setAttribute(
      'aria-label',
      `A network of two inputs, two hidden units and an output. ${this.words}`,
    );
  }

  get words(): string {
    return `Step ${this.#round}, part ${this.#stage + 1} of ${stages.length}. ${stages[this.#stage].words(this.#numbers)}`;
  }

  readonly #from = (stage: number, value: number): string => (this.#stage >= stage ? shown(value) : '');
  readonly #isLit = (name: string): boolean => stages[this.#stage].about.includes(name);

  #connection(name: string, weight?: Weight, gradientSince = 0): void {
    const [from, to] = name.split('-').map((each) => places[each]);
    const line = { x1: from[0], y1: from[1], x2: to[0], y2: to[1] };
    this.#svg.append(makeSvg('line', { ...line, class: this.#isLit(name) ? 'lit' : '' }));
    if (!weight) return;
    const share = along[name] ?? 0.5;
    const [x, y] = [0, 1].map((axis) => from[axis] + (to[axis] - from[axis]) * share);
    this.#weight(weight, x, y - 6, gradientSince);
  }

  #bias(name: string, weight: Weight, gradientSince: number): void {
    this.#weight(weight, places[name][0], places[name][1] - 52, gradientSince);
  }

  /** A weight, and its gradient below it once it is known. */
  #weight({ before, gradient, after }: Weight, x: number, y: number, gradientSince: number): void {
    const isMoved = this.#stage >= since.after;
    this.#text(shown(isMoved ? after : before), x, y, isMoved ? 'weight moved' : 'weight');
    this.#text(this.#from(gradientSince, gradient), x, y + 17, 'gradient');
  }

  #unit(name: string, value: string): void {
    const [x, y] = places[name];
    this.#svg.append(makeSvg('circle', { cx: x, cy: y, r: 29, class: this.#isLit(name) ? 'lit' : '' }));
    this.#text(value, x, y + 5, 'value');
  }

  #below(name: string, value: string): void {
    this.#text(value, places[name][0], places[name][1] + 47, 'gradient');
  }

  #text(content: string, x: number, y: number, className: string): void {
    const text = makeSvg('text', { x, y, class: className, 'text-anchor': 'middle' });
    text.textContent = content;
    this.#svg.append(text);
  }
}
