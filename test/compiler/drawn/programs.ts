// Programs that are drawn: how they are made, what tensors make of them, and what they are in plain loops.

import * as tf from '../../../src/index.ts';
import { Dice } from '../../dice.ts';
import { broadcast, type Doubles, filled, lanes } from './arrays.ts';
import { type Operation, operations } from './operations.ts';

/** One operation on arrays by their numbers: first the leaves, then what the steps before it made. */
interface Step {
  readonly operation: Operation;
  readonly of: readonly number[];
  readonly drawn: unknown;
}

export interface DrawnProgram {
  readonly leaves: readonly Doubles[];
  readonly steps: readonly Step[];
  /** Numbers of what is looked at. */
  readonly outputs: readonly number[];
  /** How often all is done, the first leaf being each time what the last step made; once where it is no loop. */
  readonly times: number;
}

/** Sizes on both sides of what vectors, tiles and panels hold. */
const sizes = [1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 13, 16, 17, 33];
const [mostElements, largest] = [5000, 50];

const isTame = ({ data, shape }: Doubles): boolean =>
  data.length <= mostElements && shape.length <= 5 && data.every((x) => Math.abs(x) < largest);

/** A program of a seed. */
export function draw(seed: number): DrawnProgram {
  const dice = new Dice(seed);
  const chosen = [0, 1, 2].map(() => dice.among(sizes));
  const ranks = [2, dice.below(4), 1 + dice.below(3), 2];
  const leaves = ranks.map((rank) =>
    filled(
      Array.from({ length: rank }, () => dice.among(chosen)),
      () => Math.fround(dice.between(-1.5, 1.5)),
    ),
  );
  const arrays = [...leaves];
  const steps: Step[] = [];
  const add = (operation: Operation, of: readonly number[]): boolean => {
    const operands = of.map((i) => arrays[i]);
    const drawn = operation.draw(
      dice,
      operands.map(({ shape }) => shape),
    );
    const made = drawn === undefined ? undefined : operation.plain(operands, drawn);
    if (!made || !isTame(made)) return false;
    steps.push({ operation, of, drawn });
    arrays.push(made);
    return true;
  };
  /** What was made last is read more often. */
  const any = (): number => Math.max(dice.below(arrays.length), dice.below(arrays.length));
  for (let tries = 0; steps.length < 14 && tries < 200; tries++) {
    const operation = dice.among(operations);
    add(operation, Array.from({ length: operation.arity }, any));
  }
  if (dice.chance(0.3)) {
    const fits = ({ shape }: Doubles) => `${broadcast(shape, leaves[0].shape)}` === `${leaves[0].shape}`;
    add(next, [0, arrays.findLastIndex(fits)]);
    return { leaves, steps, outputs: [arrays.length - 1], times: dice.among([2, 16, 19]) };
  }
  const read = new Set(steps.flatMap(({ of }) => of));
  const isOutput = (i: number) => i >= leaves.length && (!read.has(i) || dice.chance(0.2));
  return { leaves, steps, outputs: [...arrays.keys()].filter(isOutput), times: 1 };
}

/** What a loop goes on with: of a state, and what fits to it, the next. */
const next: Operation = {
  arity: 2,
  draw: () => true,
  call: (x, y) => x.add(y).tanh(),
  plain: lanes((x, y) => Math.tanh(x + y)),
};

/** @param round what is done to each number that is computed */
export function computed(
  { steps, outputs, times }: DrawnProgram,
  leaves: readonly Doubles[],
  round = (x: number) => x,
): Doubles[] {
  let arrays: Doubles[] = [];
  for (let i = 0; i < times; i++) {
    arrays = i === 0 ? [...leaves] : [arrays[outputs[0]], ...leaves.slice(1)];
    for (const { operation, of, drawn } of steps) {
      const { shape, data } = operation.plain(
        of.map((k) => arrays[k]),
        drawn,
      );
      arrays.push({ shape, data: data.map(round) });
    }
  }
  return outputs.map((i) => arrays[i]);
}

/** @param look called with each tensor when it is made */
export function called(
  { steps, outputs, times }: DrawnProgram,
  leaves: readonly tf.Tensor[],
  look: (x: tf.Tensor) => void = () => {},
): tf.Tensor[] {
  let tensors: tf.Tensor[] = [];
  for (let i = 0; i < times; i++) {
    tensors = i === 0 ? [...leaves] : [tensors[outputs[0]], ...leaves.slice(1)];
    for (const { operation, of, drawn } of steps) {
      const made = operation.call(tensors[of[0]], tensors[of[1]], drawn);
      look(made);
      tensors.push(made);
    }
  }
  return outputs.map((i) => tensors[i]);
}

export const tensorOf = ({ shape, data }: Doubles): tf.Tensor =>
  tf.tensor(Float32Array.from(data), [...shape], 'float32');
