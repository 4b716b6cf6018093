// Tensors that are computed late, of variables that scripts and optimizers move meanwhile, in an order that is drawn: they are
// what they were when they were asked for, whenever somebody looks.

import { expect, test } from 'vitest';
import * as tf from '../../src/index.ts';
import { Dice } from '../dice.ts';

/** A tensor, or what a variable holds, and the same in plain numbers. */
interface Known {
  readonly tensor: tf.Tensor;
  readonly numbers: readonly number[];
}

interface Held extends Known {
  readonly tensor: tf.Variable;
  numbers: readonly number[];
  velocity: readonly number[];
}

const [rate, kept] = [0.1, 0.9];

class Script {
  readonly #dice: Dice;
  readonly #size: number;
  readonly #variables: Held[] = [];
  readonly #tensors: Known[] = [];
  readonly #optimizer = tf.train.momentum(rate, kept);

  constructor(seed: number) {
    this.#dice = new Dice(seed);
    this.#size = this.#dice.among([1, 4, 7, 33]);
    for (let i = 0; i < 3; i++) this.#hold(this.#fresh());
  }

  run(): void {
    const events = [this.#compute, this.#compute, this.#assign, this.#step, this.#differentiate];
    for (let i = 0; i < 40; i++) {
      this.#dice.among([...events, this.#look, this.#forget, () => this.#hold(this.#any())]).call(this);
    }
  }

  lookAtAll(): void {
    for (const known of this.#dice.shuffled([...this.#tensors, ...this.#variables])) expectKnown(known);
  }

  end(): void {
    tf.dispose([...this.#tensors, ...this.#variables].map(({ tensor }) => tensor));
  }

  #fresh(): Known {
    const numbers = Array.from({ length: this.#size }, () => Math.fround(this.#dice.between(-1, 1)));
    return { tensor: tf.tensor1d(numbers), numbers };
  }

  #any(): Known {
    return this.#dice.among([...this.#variables, ...this.#tensors]);
  }

  #hold({ tensor, numbers }: Known): void {
    if (this.#variables.length > 5) return;
    this.#variables.push({ tensor: tf.variable(tensor), numbers, velocity: numbers.map(() => 0) });
  }

  #compute(): void {
    const [a, b] = [this.#any(), this.#any()];
    const cut = this.#dice.below(this.#size);
    const { tensor: x, numbers } = a;
    const made = this.#dice.among<() => Known>([
      () => ({ tensor: x.mul(-0.5).add(1), numbers: numbers.map((each) => 1 - each / 2) }),
      () => ({ tensor: x.tanh(), numbers: numbers.map(Math.tanh) }),
      () => ({ tensor: x.clone(), numbers }),
      () => ({ tensor: x.reverse(), numbers: numbers.toReversed() }),
      () => ({
        tensor: tf.tidy(() => x.mul(3).sub(x)).tanh(),
        numbers: numbers.map((each) => Math.tanh(2 * each)),
      }),
      () => ({
        tensor: tf.concat([x.slice(cut), x.slice(0, cut)]),
        numbers: [...numbers.slice(cut), ...numbers.slice(0, cut)],
      }),
      () => ({
        tensor: x.sub(b.tensor).mul(0.5),
        numbers: numbers.map((each, i) => (each - b.numbers[i]) / 2),
      }),
    ]);
    this.#tensors.push(made());
  }

  #assign(): void {
    const held = this.#dice.among(this.#variables);
    const { tensor, numbers } = this.#dice.chance(0.5) ? this.#any() : this.#fresh();
    held.tensor.assign(tensor);
    held.numbers = numbers;
  }

  /** A loss of some variables, and of a tensor that is no more than a number to it; beside it their gradients. */
  #loss() {
    const moved = this.#variables.filter((_, i) => i === 0 || this.#dice.chance(0.6));
    const { tensor, numbers } = this.#dice.among([...this.#tensors, this.#fresh()]);
    const loss = (): tf.Scalar =>
      tf.addN(moved.map(({ tensor: v }) => v.sub(tensor).square().mean())).asScalar();
    const gradients = moved.map((each) => each.numbers.map((x, i) => (2 * (x - numbers[i])) / this.#size));
    return { moved, variables: moved.map((each) => each.tensor), loss, gradients };
  }

  #step(): void {
    const { moved, variables, loss, gradients } = this.#loss();
    this.#optimizer.minimize(loss, false, variables);
    for (const [k, held] of moved.entries()) {
      held.velocity = held.velocity.map((v, i) => kept * v + gradients[k][i]);
      held.numbers = held.numbers.map((x, i) => x - rate * held.velocity[i]);
    }
  }

  #differentiate(): void {
    const { variables, loss, gradients } = this.#loss();
    const { grads } = tf.variableGrads(loss, variables);
    for (const [k, { name }] of variables.entries())
      this.#tensors.push({ tensor: grads[name], numbers: gradients[k] });
  }

  #look(): void {
    expectKnown(this.#any());
  }

  #forget(): void {
    const [known] = this.#tensors.splice(this.#dice.below(this.#tensors.length + 1), 1);
    known?.tensor.dispose();
  }
}

function expectKnown({ tensor, numbers }: Known): void {
  const got = tensor.dataSync();
  expect(got.length).toBe(numbers.length);
  for (const [i, x] of numbers.entries()) expect(Math.abs(got[i] - x)).toBeLessThan(1e-4);
}

test.each(Array.from({ length: 60 }, (_, i) => [i + 1]))('seed %i', (seed) => {
  const script = new Script(seed);
  script.run();
  script.lookAtAll();
  script.end();
});
