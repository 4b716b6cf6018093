// A slow second implementation of every op, in float64 and plain loops: the oracle of the kernels' values
// and, by finite differences, of the gradient rules.

import type { Value } from '../src/graph/graph.ts';
import { normalQuantile } from '../src/random/normal-quantiles.ts';
import { exactRules } from './interpreter-exact.ts';
import { indexRules } from './interpreter-indices.ts';
import { sampleRules } from './interpreter-sample.ts';
import { at, byIndex, eachIndex, lanes, type Numbers, type Rule } from './interpreter-walks.ts';
import { windowRules } from './interpreter-windows.ts';
import { erf64 } from './reference/vector-math.ts';

const reduction =
  (start: number, fold: (a: number, b: number) => number): Rule =>
  (node, [x]) => {
    const { first, end } = node.attrs as { first: number; end: number };
    const result = new Float64Array(node.size).fill(start);
    const { shape } = node.inputs[0];
    eachIndex(shape, (flat, index) => {
      const target = at(node.shape, [...index.slice(0, first), ...index.slice(end)]);
      result[target] = fold(result[target], x[flat]);
    });
    return result;
  };

const total = reduction(0, (a, b) => a + b);

/** Applies a function to every row along the last axis. */
const rows =
  (apply: (row: number[], ...others: number[][]) => number[]): Rule =>
  (node, inputs) => {
    const columns = node.inputs[0].shape[node.inputs[0].rank - 1];
    const count = node.inputs[0].size / columns;
    const rowOf = (x: Numbers, i: number) => {
      const width = x.length / count;
      return Array.from(x.subarray(i * width, (i + 1) * width));
    };
    const result = Array.from({ length: count }, (_, i) => {
      const [first, ...others] = inputs.map((x) => rowOf(x, i));
      return apply(first, ...others);
    });
    return Float64Array.from(result.flat());
  };

const crossEntropyOf = (row: readonly number[], targets: readonly number[]): number[] => [
  -sumOf(targets.map((t, i) => t * Math.log(row[i] / sumOf(row)))),
];

function softmaxOf(row: readonly number[]): number[] {
  const largest = Math.max(...row);
  const exponentials = row.map((x) => Math.exp(x - largest));
  const sum = exponentials.reduce((a, b) => a + b);
  return exponentials.map((x) => x / sum);
}

const sumOf = (row: readonly number[]) => row.reduce((a, b) => a + b, 0);
const flag = (condition: boolean) => (condition ? 1 : 0);
const copy: Rule = (_, [x]) => x.slice();

const part = byIndex((node, [x], index) => {
  const { begin } = node.attrs as { begin: readonly number[] };
  return x[
    at(
      node.inputs[0].shape,
      index.map((i, axis) => i + begin[axis]),
    )
  ];
});

export const rules: Record<string, Rule> = {
  reshape: copy,
  stopGradient: copy,
  fromUint8: copy,
  fromInt32: copy,
  fromBool: copy,
  identity: copy,
  constant: (node) => {
    const { data } = node.attrs as { data: ArrayLike<number> };
    return Float64Array.from(node.dtype === 'int32' ? data : Float32Array.from(data));
  },

  neg: lanes((x) => -x),
  abs: lanes(Math.abs),
  sign: lanes(Math.sign),
  step: lanes((x) => flag(x > 0)),
  floor: lanes(Math.floor),
  square: lanes((x) => x * x),
  sqrt: lanes(Math.sqrt),
  reciprocal: lanes((x) => 1 / x),
  exp: lanes(Math.exp),
  expm1: lanes(Math.expm1),
  log: lanes(Math.log),
  log1p: lanes(Math.log1p),
  tanh: lanes(Math.tanh),
  sigmoid: lanes((x) => 1 / (1 + Math.exp(-x))),
  softplus: lanes((x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))),
  erf: lanes(erf64),
  normalQuantile: lanes(normalQuantile),
  relu: lanes((x) => Math.max(x, 0)),

  add: lanes((a, b) => a + b),
  sub: lanes((a, b) => a - b),
  mul: lanes((a, b) => a * b),
  div: lanes((a, b) => a / b),
  max: lanes(Math.max),
  min: lanes(Math.min),
  pow: lanes(Math.pow),
  greater: lanes((a, b) => flag(a > b)),
  greaterEqual: lanes((a, b) => flag(a >= b)),
  equal: lanes((a, b) => flag(a === b)),
  cut: lanes((x, least) => (Math.abs(x) < least ? 0 : x)),
  multiplyAdd: lanes((a, b, c) => a * b + c),
  multiplySubtract: lanes((a, b, c) => c - a * b),
  select: lanes((chosen, a, b) => (chosen !== 0 ? a : b)),
  broadcastTo: lanes((x) => x),
  expand: lanes((x) => x),

  transpose: byIndex((node, [x], index) => {
    const { permutation } = node.attrs as { permutation: readonly number[] };
    return x[
      at(
        node.inputs[0].shape,
        permutation.map((_, axis) => index[permutation.indexOf(axis)]),
      )
    ];
  }),
  slice: part,
  view: part,
  pad: byIndex((node, [x], index) => {
    const { before, value } = node.attrs as { before: readonly number[]; value: number };
    const { shape } = node.inputs[0];
    const source = index.map((i, axis) => i - before[axis]);
    return source.every((i, axis) => i >= 0 && i < shape[axis]) ? x[at(shape, source)] : value;
  }),
  concat: byIndex((node, inputs, index) => {
    const { axis } = node.attrs as { axis: number };
    let place = index[axis];
    let part = 0;
    while (place >= node.inputs[part].shape[axis]) place -= node.inputs[part++].shape[axis];
    return inputs[part][
      at(
        node.inputs[part].shape,
        index.map((i, a) => (a === axis ? place : i)),
      )
    ];
  }),

  sum: total,
  variance: (node, [x]) => {
    const { first, end } = node.attrs as { first: number; end: number };
    const { shape } = node.inputs[0];
    const kept = shape.map((size, axis) => (axis >= first && axis < end ? 1 : size));
    const mean = (values: Numbers) => total(node, [values]).map((sum) => (sum * node.size) / x.length);
    const means = mean(x);
    const squares = new Float64Array(x.length);
    eachIndex(shape, (flat, index) => {
      squares[flat] =
        (x[flat] -
          means[
            at(
              kept,
              index.map((i, axis) => Math.min(i, kept[axis] - 1)),
            )
          ]) **
        2;
    });
    return mean(squares);
  },
  mean: (node, inputs) => total(node, inputs).map((sum) => (sum * node.size) / node.inputs[0].size),
  reduceMax: reduction(-Infinity, Math.max),
  reduceMin: reduction(Infinity, Math.min),
  prod: reduction(1, (a, b) => a * b),
  sumInt32: total,
  reduceMaxInt32: reduction(-Infinity, Math.max),
  reduceMinInt32: reduction(Infinity, Math.min),
  prodInt32: reduction(1, Math.imul),
  matMul: byIndex((node, [a, b], index) => {
    const { transposeA, transposeB } = node.attrs as { transposeA: boolean; transposeB: boolean };
    const [shapeA, shapeB] = node.inputs.map(({ shape }) => shape);
    const [i, j] = index.slice(-2);
    const depth = shapeA[shapeA.length - (transposeA ? 2 : 1)];
    // A batch of one matrix goes with any.
    const batchOf = (shape: readonly number[]) => (shape.length === 2 ? [] : [shape[0] === 1 ? 0 : index[0]]);
    const [batchA, batchB] = [batchOf(shapeA), batchOf(shapeB)];
    let left = at(shapeA, [...batchA, ...(transposeA ? [0, i] : [i, 0])]);
    let right = at(shapeB, [...batchB, ...(transposeB ? [j, 0] : [0, j])]);
    const leftStep = transposeA ? shapeA.at(-1)! : 1;
    const rightStep = transposeB ? 1 : shapeB.at(-1)!;
    let sum = 0;
    for (let k = 0; k < depth; k++) {
      sum += a[left] * b[right];
      left += leftStep;
      right += rightStep;
    }
    return sum;
  }),

  softmax: rows(softmaxOf),
  logSoftmax: rows((row) => softmaxOf(row).map(Math.log)),
  softmaxCrossEntropy: rows((row, targets) => {
    const logs = softmaxOf(row).map(Math.log);
    return [-sumOf(targets.map((t, i) => (t === 0 ? 0 : t * logs[i])))];
  }),
  softmaxCrossEntropyGradient: rows((row, targets, [dy]) =>
    softmaxOf(row).map((p, i) => (p * sumOf(targets) - targets[i]) * dy),
  ),
  crossEntropy: rows(crossEntropyOf),
  classCrossEntropy: rows(crossEntropyOf),
  binaryCrossEntropy: lanes((y, t) => -t * Math.log(y) - (1 - t) * Math.log(1 - y)),
  ...exactRules,
  ...indexRules,
  ...windowRules,
  ...sampleRules,
};

/** Computes nodes in float64. `given` holds the values of inputs and parameters. */
export function interpret(outputs: readonly Value[], given: ReadonlyMap<Value, Numbers>): Numbers[] {
  const results = new Map(given);
  const compute = (node: Value): Numbers => {
    const known = results.get(node);
    if (known) return known;
    const rule = rules[node.op.name];
    if (!rule) throw new Error(`the interpreter does not know ${node.op.name}`);
    const result = rule(node, node.inputs.map(compute));
    results.set(node, result);
    return result;
  };
  return outputs.map(compute);
}
