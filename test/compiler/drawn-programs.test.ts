// Programs of many operations, drawn by seed: their numbers and gradients are those of plain loops over doubles, however they
// are compiled and whatever is looked at meanwhile.

import { afterEach, describe, expect, test } from 'vitest';
import { compilerOptions } from '../../src/compiler/program.ts';
import * as tf from '../../src/index.ts';
import { Dice } from '../dice.ts';
import type { Doubles } from './drawn/arrays.ts';
import { called, computed, type DrawnProgram, draw, tensorOf } from './drawn/programs.ts';
import { waysToCompile } from './ways-to-compile.ts';

const defaults = { ...compilerOptions };
afterEach(() => {
  Object.assign(compilerOptions, defaults);
});

const sumOf = (numbers: ArrayLike<number>, of: (x: number, i: number) => number): number =>
  Array.from(numbers).reduce((total, x, i) => total + of(x, i), 0);

/** As far as single precision may be off: some roundings of the largest, and many times what rounding each number does. */
function expectNear(got: tf.Tensor, exact: Doubles, single: Doubles): void {
  expect(got.shape).toEqual(exact.shape);
  const most = exact.data.reduce((a, x) => Math.max(a, Math.abs(x)), 0);
  const off = exact.data.reduce((a, x, i) => Math.max(a, Math.abs(x - single.data[i])), 0);
  const distances = Array.from(got.dataSync(), (x, i) => Math.abs(x - exact.data[i]));
  const isNear = distances.every((each) => each <= 1e-6 + 1e-5 * most + 40 * off);
  expect(isNear, `off by ${Math.max(...distances)}`).toBe(true);
}

/** A number of all outputs and all leaves, for each output by coefficients of its own. */
const coefficientsOf = (seed: number, { data }: Doubles): Float64Array => {
  const dice = new Dice(1000 + seed);
  return data.map(() => Math.fround(dice.between(-1, 1)));
};

function lossOf(program: DrawnProgram, seed: number, leaves: readonly Doubles[]): number {
  const outputs = computed(program, leaves).map((each) => {
    const coefficients = coefficientsOf(seed, each);
    return sumOf(each.data, (x, i) => x * coefficients[i]);
  });
  return sumOf([...outputs, ...leaves.map(({ data }) => 0.25 * sumOf(data, (x) => x))], (x) => x);
}

function gradientsOf(program: DrawnProgram, seed: number): tf.Tensor[] {
  const exact = computed(program, program.leaves);
  const loss = (...leaves: tf.Tensor[]): tf.Tensor => {
    const terms = called(program, leaves).map((y, i) =>
      y.mul(tensorOf({ shape: y.shape, data: coefficientsOf(seed, exact[i]) })).sum(),
    );
    return tf.addN([...terms, ...leaves.map((leaf) => leaf.sum().mul(0.25))]);
  };
  return tf.grads(loss)(program.leaves.map(tensorOf));
}

const bitsOf = (tensors: readonly tf.Tensor[]) => tensors.map((each) => [...each.dataSync()]);

describe.each(Array.from({ length: 30 }, (_, i) => [i + 1]))('seed %i', (seed) => {
  const program = draw(seed);
  const { leaves } = program;
  const exact = computed(program, leaves);
  const single = computed(program, leaves, Math.fround);

  test.each([
    ['at the end', () => {}],
    ['meanwhile', (x: tf.Tensor) => void x.dataSync()],
  ])('numbers, looked at %s', (_, look) => {
    for (const [i, y] of called(program, leaves.map(tensorOf), look).entries())
      expectNear(y, exact[i], single[i]);
  });

  test('gradients', () => {
    const dice = new Dice(2000 + seed);
    const [step, directions] = [1e-6, leaves.map(({ data }) => data.map(() => dice.between(-1, 1)))];
    for (const [k, gradient] of gradientsOf(program, seed).entries()) {
      const moved = (by: number) =>
        leaves.map(({ shape, data }, i) =>
          i === k ? { shape, data: data.map((x, place) => x + by * directions[k][place]) } : leaves[i],
        );
      const slope = (lossOf(program, seed, moved(step)) - lossOf(program, seed, moved(-step))) / (2 * step);
      const got = sumOf(gradient.dataSync(), (g, i) => g * directions[k][i]);
      const size = sumOf(gradient.dataSync(), (g, i) => Math.abs(g * directions[k][i]));
      expect(Math.abs(got - slope), `leaf ${k}: ${got}, not ${slope}`).toBeLessThan(1e-4 + 1e-3 * size);
    }
  });

  test('the same bits however it is compiled', () => {
    const [first, ...others] = waysToCompile.map(([way, options]) => {
      Object.assign(compilerOptions, defaults, options);
      return [way, bitsOf([...called(program, leaves.map(tensorOf)), ...gradientsOf(program, seed)])];
    });
    for (const [way, bits] of others) expect([way, bits]).toEqual([way, first[1]]);
  });
});
