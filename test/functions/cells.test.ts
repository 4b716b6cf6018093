// Recurrent cells as functions, against their formulas in float64.

import { expect, test } from 'vitest';
import * as tf from '../../src/index.ts';

const [batch, inputs, units] = [2, 3, 2];

/** Numbers between −1 and 1, others for each seed. */
const numbers = (seed: number, ...shape: number[]) =>
  tf.randomUniform(shape, -1, 1, 'float32', seed) as tf.Tensor2D;

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

/** The gates of one sample are those of its row of [data, h]·kernel + bias: input, new input, forget, output. */
function stepOf(forgetBias: number, kernel: tf.Tensor2D, bias: tf.Tensor1D) {
  const [weights, biases] = [kernel.arraySync(), bias.arraySync()];
  return (data: number[], c: number[], h: number[]) => {
    const row = [...data, ...h];
    const gates = biases.map((b, column) => row.reduce((sum, x, i) => sum + x * weights[i][column], b));
    const gate = (which: number, unit: number) => gates[which * units + unit];
    const newC = c.map(
      (before, unit) =>
        before * sigmoid(gate(2, unit) + forgetBias) + sigmoid(gate(0, unit)) * Math.tanh(gate(1, unit)),
    );
    return { c: newC, h: newC.map((now, unit) => Math.tanh(now) * sigmoid(gate(3, unit))) };
  };
}

function expectClose(got: tf.Tensor, expected: readonly number[][]): void {
  expect(got.shape).toEqual([batch, units]);
  for (const [i, value] of expected.flat().entries()) expect(got.dataSync()[i]).toBeCloseTo(value, 6);
}

/** A cell of random weights, as a function of tensors and in float64. */
function cellOf(seed: number, size: number) {
  const kernel = numbers(seed, size + units, 4 * units);
  const bias = numbers(seed + 1, 4 * units) as tf.Tensor as tf.Tensor1D;
  const cell = (data: tf.Tensor2D, c: tf.Tensor2D, h: tf.Tensor2D) =>
    tf.basicLSTMCell(0.5, kernel, bias, data, c, h);
  return { cell, step: stepOf(0.5, kernel, bias) };
}

test('basicLSTMCell', () => {
  const { cell, step } = cellOf(1, inputs);
  const [data, c, h] = [numbers(3, batch, inputs), numbers(4, batch, units), numbers(5, batch, units)];
  const [newC, newH] = cell(data, c, h);
  const rows = [data, c, h].map((each) => each.arraySync());
  const expected = rows[0].map((row, i) => step(row, rows[1][i], rows[2][i]));
  expectClose(
    newC,
    expected.map((each) => each.c),
  );
  expectClose(
    newH,
    expected.map((each) => each.h),
  );
});

test('multiRNNCell hands the output of each cell to the next', () => {
  const [first, second] = [cellOf(1, inputs), cellOf(6, units)];
  const data = numbers(3, batch, inputs);
  const [c, h] = [
    [numbers(8, batch, units), numbers(9, batch, units)],
    [numbers(10, batch, units), numbers(11, batch, units)],
  ];
  const [newC, newH] = tf.multiRNNCell([first.cell, second.cell], data, c, h);
  const [c0, c1, h0, h1] = [...c, ...h].map((each) => each.arraySync());
  const below = data.arraySync().map((row, i) => first.step(row, c0[i], h0[i]));
  const above = below.map((each, i) => second.step(each.h, c1[i], h1[i]));
  expect([newC.length, newH.length]).toEqual([2, 2]);
  for (const [i, layer] of [below, above].entries()) {
    expectClose(
      newC[i],
      layer.map((each) => each.c),
    );
    expectClose(
      newH[i],
      layer.map((each) => each.h),
    );
  }
});
