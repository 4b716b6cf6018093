// Arrays that are moved about before something is computed of them.

import { Program } from '../../src/compiler/program.ts';
import { engine } from '../../src/engine/engine.ts';
import { Graph, type Value } from '../../src/graph/graph.ts';
import { broadcastTo } from '../../src/graph/ops/broadcasting.ts';
import { add } from '../../src/graph/ops/elementwise.ts';
import { slice, transpose } from '../../src/graph/ops/movement.ts';
import { input, reshape } from '../../src/graph/ops/sources.ts';
import { reverse, strided } from '../../src/graph/ops/strides.ts';
import type { Shape } from '../../src/graph/shape.ts';
import { RandomStream } from '../../src/random/random-stream.ts';

export interface Filled {
  readonly shape: Shape;
  readonly numbers: Float32Array;
}

export const filled = (shape: Shape, seed: number): Filled => ({
  shape,
  numbers: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(i * i + seed)),
});

/** What is built of arrays, and the program that computes it. */
export function run(
  arrays: readonly Filled[],
  build: (...inputs: Value[]) => Value,
): Filled & { text: string } {
  const graph = new Graph();
  const inputs = arrays.map(({ shape }, i) => input(graph, i, shape));
  const output = build(...inputs);
  const program = new Program([output], [], { inputs });
  for (const [i, value] of inputs.entries()) engine().write(program.addressOf(value), arrays[i].numbers);
  program.run();
  const numbers = Float32Array.from(engine().readFloats(program.addressOf(output), output.size));
  const text = program.toString();
  program.dispose();
  return { shape: output.shape, numbers, text };
}

/** Commands that copy, in the text of a program. */
export const copies = /\b(transpose|slice|strided|expand|concat)\b/;

export type Move = (x: Value) => Value;

export const asIs: Move = (x) => x;

/** An array that is moved some times, and what it is then. */
interface Moved {
  readonly array: Filled;
  readonly move: Move;
  readonly result: Filled;
}

/** Arrays moved in ways that a number chooses. */
export class RandomMoves {
  readonly #random: RandomStream;

  constructor(seed: number) {
    this.#random = new RandomStream(7, seed);
  }

  readonly below = (n: number): number => this.#random.below(n);

  readonly order = (count: number): number[] => {
    const all = Uint32Array.from({ length: count }, (_, i) => i);
    this.#random.shuffle(all);
    return [...all];
  };

  readonly moved = (): Moved => {
    const { below } = this;
    const array = filled(
      Array.from({ length: 2 + below(2) }, () => [1, 2, 3, 8, 12, 17][below(6)]),
      below(9),
    );
    let [result, move]: [Filled, Move] = [array, asIs];
    for (let count = 1 + below(4); count > 0; count--) {
      const next = this.#moves[below(this.#moves.length)](result.shape);
      if (!next) continue;
      const before = move;
      move = (x) => next(before(x));
      result = run([result], (x) => add(next(x), 0));
    }
    return { array, move, result };
  };

  /** What moves an array of a shape, if it can be moved like that. */
  readonly #moves: readonly ((shape: Shape) => Move | undefined)[] = [
    (shape) => {
      const permutation = this.order(shape.length);
      return (x) => transpose(x, permutation);
    },
    (shape) => {
      const begin = shape.map((size) => this.below(Math.min(size, 3)));
      const size = shape.map((all, axis) => 1 + this.below(all - begin[axis]));
      return (x) => slice(x, begin, size);
    },
    (shape) => {
      const steps = shape.map(() => 1 + this.below(2));
      const begin = shape.map(() => 0);
      const size = shape.map((all, axis) => Math.ceil(all / steps[axis]));
      return (x) => strided(x, begin, steps, size);
    },
    (shape) => {
      const axis = this.below(shape.length);
      return (x) => reverse(x, [axis]);
    },
    (shape) => (shape.length < 4 ? (x) => broadcastTo(x, [2, ...shape]) : undefined),
    (shape) => {
      const axis = shape.findIndex((size) => size > 2 && size % 2 === 0);
      if (axis < 0 || shape.length > 3) return undefined;
      return (x) => reshape(x, [...shape.slice(0, axis), 2, shape[axis] / 2, ...shape.slice(axis + 1)]);
    },
    ([first, second, ...others]) =>
      others.length > 0 ? (x) => reshape(x, [first * second, ...others]) : undefined,
  ];
}
