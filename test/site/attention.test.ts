// The layers of the site's small GPT, against plain arithmetic.

import * as tf from 'lanegrad';
import { expect, test } from 'vitest';
import { CausalAttention, Positions } from '../../site/text/layers.ts';

const [batch, steps, size, heads] = [2, 5, 6, 3];
const headSize = size / heads;

const x = (shift = 0) =>
  Array.from({ length: batch }, (_, b) =>
    Array.from({ length: steps }, (_, t) =>
      Array.from({ length: size }, (_, i) => Math.sin(shift + 7 * b + 3 * t + i)),
    ),
  );

/** What a layer says of its input, of all its outputs. */
function said(layer: tf.Layer, values: number[][][]): tf.Tensor[] {
  const input = tf.input({ shape: [steps, size] });
  const outputs = [layer.apply(input)].flat() as tf.SymbolicTensor[];
  return [tf.model({ inputs: input, outputs }).predict(tf.tensor3d(values))].flat() as tf.Tensor[];
}

const product = (row: readonly number[], matrix: readonly (readonly number[])[]) =>
  matrix[0].map((_, j) => row.reduce((sum, value, i) => sum + value * matrix[i][j], 0));

test('attention is softmax(Q·Kᵀ / √d)·V over what came before, in heads', () => {
  tf.setSeed(3);
  const layer = new CausalAttention({ heads });
  const [learned, looks] = said(layer, x());
  expect(looks.shape).toEqual([batch, heads, steps, steps]);
  const [asked, projection] = layer.getWeights().map((weights) => weights.arraySync() as number[][]);
  const looked = looks.arraySync() as number[][][][];
  for (const [b, rows] of x().entries()) {
    const parts = rows.map((row) => product(row, asked));
    for (let t = 0; t < steps; t++) {
      const sides: number[] = [];
      for (let h = 0; h < heads; h++) {
        const part = (at: number, which: number) =>
          parts[at].slice(which * size + h * headSize, which * size + (h + 1) * headSize);
        const scores = Array.from({ length: t + 1 }, (_, s) =>
          Math.exp(part(t, 0).reduce((sum, q, i) => sum + q * part(s, 1)[i], 0) / Math.sqrt(headSize)),
        );
        const total = scores.reduce((sum, score) => sum + score, 0);
        for (let s = 0; s < steps; s++) {
          expect(looked[b][h][t][s]).toBeCloseTo(s <= t ? scores[s] / total : 0, 5);
        }
        for (let i = 0; i < headSize; i++) {
          sides.push(scores.reduce((sum, score, s) => sum + (score / total) * part(s, 2)[i], 0));
        }
      }
      const expected = product(sides, projection);
      const got = (learned.arraySync() as number[][][])[b][t];
      for (const [i, value] of expected.entries()) expect(got[i]).toBeCloseTo(value, 5);
    }
  }
});

test('what comes later changes nothing', () => {
  tf.setSeed(3);
  const layer = new CausalAttention({ heads });
  const before = said(layer, x())[0].arraySync() as number[][][];
  const changed = x().map((rows) => rows.map((row, t) => (t < 3 ? row : row.map((value) => value + 1))));
  const after = said(layer, changed)[0].arraySync() as number[][][];
  expect(after.map((rows) => rows.slice(0, 3))).toEqual(before.map((rows) => rows.slice(0, 3)));
  expect(after[0][3]).not.toEqual(before[0][3]);
});

test('places are added', () => {
  const layer = new Positions({});
  const got = said(layer, x())[0].arraySync() as number[][][];
  const places = layer.getWeights()[0].arraySync() as number[][];
  expect(places).toHaveLength(steps);
  for (const [b, rows] of x().entries()) {
    for (const [t, row] of rows.entries()) {
      for (const [i, value] of row.entries()) expect(got[b][t][i]).toBeCloseTo(value + places[t][i], 6);
    }
  }
});
