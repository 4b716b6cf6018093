// Denormals are a hundred times slower than other numbers, and WebAssembly cannot flush them: kernels that could
// feed them to the rest of a step do not. (The optimizers' slots: test/optimizers/optimizers.test.ts.)

import { expect, test } from 'vitest';
import { ops } from '../../src/graph/ops/index.ts';
import { logSoftmax, softmax } from '../../src/graph/ops/softmax.ts';
import { tensor1d, tensor2d } from '../../src/tensor/creation.ts';
import { compute } from '../compute.ts';

const logits = tensor2d([
  [0, -80, -86.5, -90, -120],
  [3, 3, -100, -200, -1e4],
]);
const isDenormal = (x: number) => x !== 0 && Math.abs(x) < 1.2e-38;

test('softmax gives zeros in their place, and all else as it was', () => {
  const [p, logs] = compute([logits], (x) => [softmax(x), logSoftmax(x)]).map((y) =>
    Array.from(y.dataSync()),
  );
  expect(p.filter(isDenormal)).toEqual([]);
  expect(p[1]).toBeGreaterThan(0);
  expect(p.slice(2, 5)).toEqual([0, 0, 0]);
  expect(p.slice(5)).toEqual([0.5, 0.5, 0, 0, 0]);
  expect(logs.slice(1, 5)).toEqual([-80, -86.5, -90, -120]);
});

test('softmax of NaN is NaN', () => {
  const [p] = compute([tensor2d([[1, Number.NaN, 2]])], (x) => [softmax(x)]);
  expect(Array.from(p.dataSync())).toEqual([Number.NaN, Number.NaN, Number.NaN]);
});

test('the gradient of cross-entropy is cut to zero below 1e-20', () => {
  const targets = tensor2d([
    [1, 0, 0, 0, 0],
    [0.5, 0.5, 0, 0, 0],
  ]);
  const [dx] = compute([logits, targets, tensor1d([1, 1])], (x, t, dy) => [
    x.graph.add(ops.softmaxCrossEntropyGradient, [x, t, dy], {}),
  ]);
  // e^−80 = 1.8e-35 is cut; a difference of 1e-8 is not.
  expect(Array.from(dx.dataSync())).toEqual(new Array(10).fill(0));
  const [kept] = compute([tensor2d([[0, -18]]), tensor2d([[1, 0]]), tensor1d([1])], (x, t, dy) => [
    x.graph.add(ops.softmaxCrossEntropyGradient, [x, t, dy], {}),
  ]);
  expect(kept.dataSync()[1]).toBeCloseTo(Math.exp(-18), 13);
});
