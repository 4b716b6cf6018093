// Cases for every op: what builds it, shapes of its inputs, and where its inputs may lie. The same cases
// serve the test of values and that of gradients; sizes straddle a vector, a chunk and a tile.

import type { Value } from '../../src/graph/graph.ts';
import { broadcastTo, sum } from '../../src/graph/ops/broadcasting.ts';
import { binaryCrossEntropy, classCrossEntropy, crossEntropy } from '../../src/graph/ops/cross-entropy.ts';
import { cut } from '../../src/graph/ops/cut.ts';
import * as elementwise from '../../src/graph/ops/elementwise.ts';
import { gather, scatterAdd } from '../../src/graph/ops/gather.ts';
import { matMul } from '../../src/graph/ops/matmul.ts';
import * as movement from '../../src/graph/ops/movement.ts';
import { multiplyAdd, multiplySubtract } from '../../src/graph/ops/multiply-add.ts';
import * as reductions from '../../src/graph/ops/reductions.ts';
import * as softmax from '../../src/graph/ops/softmax.ts';
import * as sources from '../../src/graph/ops/sources.ts';
import { exactCases } from './exact-cases.ts';
import { imageCases } from './image-cases.ts';
import { indexCases } from './index-cases.ts';
import { windowCases } from './window-cases.ts';

export interface OpCase {
  readonly op: string;
  readonly shapes: readonly (readonly number[])[];
  readonly build: (...inputs: Value[]) => Value;
  /** Interval of the inputs; −2 to 2 by default. */
  readonly range?: readonly [number, number];
  /** Values at which the op jumps or bends: inputs keep a distance. */
  readonly corners?: readonly number[];
  /** Inputs that no gradient flows to, by design. */
  readonly fixed?: readonly number[];
  /** What it has the gradient of, by design, where its own is 0 or nothing. */
  readonly smooth?: (...inputs: Value[]) => Value;
}

const e = elementwise;

export function unary(op: string, build: (x: Value) => Value, options: Partial<OpCase> = {}): OpCase[] {
  return [[], [1], [3], [4], [5], [7, 9], [513], [2, 1030]].map((shape) => ({
    op,
    shapes: [shape],
    build,
    ...options,
  }));
}

export function binary(
  op: string,
  build: (a: Value, b: Value) => Value,
  options: Partial<OpCase> = {},
): OpCase[] {
  const pairs = [
    [[5], [5]],
    [[3, 7], [7]],
    [
      [3, 7],
      [3, 1],
    ],
    [[7], [3, 7]],
    [
      [2, 3, 5],
      [3, 1],
    ],
    [
      [2, 3, 5],
      [2, 1, 5],
    ],
    [
      [2, 1, 5],
      [1, 3, 1],
    ],
    [[130, 10], [10]],
    [
      [130, 10],
      [130, 1],
    ],
    [[2, 700], [700]],
    [[4], []],
    [[], [4]],
  ];
  return pairs.map((shapes) => ({ op, shapes, build, ...options }));
}

const positive = { range: [0.2, 3] } as const;

export const opCases: readonly OpCase[] = [
  ...unary('identity', (x) => e.identity(x)),
  ...unary('neg', e.neg),
  ...unary('abs', e.abs, { corners: [0] }),
  ...unary('sign', e.sign, { corners: [0] }),
  ...unary('step', e.step, { corners: [0] }),
  ...unary('floor', e.floor, { corners: [-2, -1, 0, 1, 2] }),
  ...unary('square', e.square),
  ...unary('sqrt', e.sqrt, positive),
  ...unary('reciprocal', e.reciprocal, positive),
  ...unary('exp', e.exp),
  ...unary('expm1', e.expm1),
  ...unary('log', e.log, positive),
  ...unary('log1p', e.log1p, positive),
  ...unary('tanh', e.tanh),
  ...unary('sigmoid', e.sigmoid),
  ...unary('softplus', e.softplus),
  ...unary('erf', e.erf),
  ...unary('relu', e.relu, { corners: [0] }),
  ...binary('add', e.add),
  ...binary('sub', e.sub),
  ...binary('mul', e.mul),
  ...binary('div', e.div, positive),
  ...binary('max', e.maximum),
  ...binary('min', e.minimum),
  ...binary('pow', e.pow, positive),
  ...binary('greater', e.greater),
  ...binary('greaterEqual', e.greaterEqual),
  ...binary('equal', e.equal),
  { op: 'select', shapes: [[3, 5], [5], [3, 1]], build: e.select, corners: [0] },
  { op: 'cut', shapes: [[3, 5], [5]], build: (x, least) => cut(x, e.abs(least)), corners: [0] },
  { op: 'multiplyAdd', shapes: [[3, 5], [5], [3, 1]], build: multiplyAdd },
  { op: 'multiplyAdd', shapes: [[515], [], [515]], build: multiplyAdd },
  { op: 'multiplySubtract', shapes: [[3, 5], [5], [3, 1]], build: multiplySubtract },
  { op: 'multiplySubtract', shapes: [[515], [515], []], build: multiplySubtract },
  { op: 'select', shapes: [[515], [515], []], build: (c, a, b) => e.select(e.step(c), a, b), corners: [0] },

  { op: 'reshape', shapes: [[3, 4]], build: (x) => sources.reshape(x, [2, -1]) },
  {
    op: 'stopGradient',
    shapes: [[3]],
    build: (x) => e.mul(sources.stopGradient(e.step(x)), x),
    corners: [0],
  },
  { op: 'broadcastTo', shapes: [[3, 1]], build: (x) => broadcastTo(x, [2, 3, 5]) },
  { op: 'expand', shapes: [[2, 1, 5]], build: (x) => broadcastTo(x, [2, 3, 5]) },
  { op: 'transpose', shapes: [[3, 5]], build: (x) => movement.transpose(x) },
  { op: 'transpose', shapes: [[2, 3, 4, 5]], build: (x) => movement.transpose(x, [2, 0, 3, 1]) },
  { op: 'slice', shapes: [[5, 7]], build: (x) => movement.slice(x, [1, 2], [3, -1]) },
  ...[
    [
      [0, 0],
      [2, 7],
    ],
    [
      [3, 0],
      [2, 7],
    ],
    [
      [4, 2],
      [1, 3],
    ],
  ].map(([begin, size]) => ({
    op: 'view',
    shapes: [[5, 7]],
    // Of an array in memory, and of one that a map has yet to write.
    build: (x: Value) => e.mul(movement.slice(x, begin, size), movement.slice(e.square(x), begin, size)),
  })),
  {
    op: 'pad',
    shapes: [[3, 4]],
    build: (x) =>
      movement.pad(x, [
        [1, 0],
        [2, 3],
      ]),
  },
  {
    op: 'concat',
    shapes: [
      [2, 3],
      [2, 1],
      [2, 5],
    ],
    build: (...parts) => movement.concat(parts, 1),
  },
  {
    op: 'concat',
    shapes: [
      [2, 3],
      [4, 3],
    ],
    build: (...parts) => movement.concat(parts, 0),
  },

  ...[undefined, 0, 1, 2, [0, 1], [1, 2], [0, 2], -1].flatMap((axes) => [
    { op: 'sum', shapes: [[3, 5, 18]], build: (x: Value) => sum(x, axes) },
    { op: 'mean', shapes: [[3, 5, 18]], build: (x: Value) => reductions.mean(x, axes) },
    { op: 'variance', shapes: [[3, 5, 18]], build: (x: Value) => reductions.variance(x, axes) },
    { op: 'reduceMax', shapes: [[3, 5, 18]], build: (x: Value) => reductions.max(x, axes) },
    { op: 'reduceMin', shapes: [[3, 5, 18]], build: (x: Value) => reductions.min(x, axes, true) },
    { op: 'prod', shapes: [[3, 5, 4]], build: (x: Value) => reductions.prod(x, axes) },
  ]),
  { op: 'sum', shapes: [[2, 2500]], build: (x) => sum(x, 1) },
  { op: 'sum', shapes: [[130, 35]], build: (x) => sum(x, 0) },
  { op: 'mean', shapes: [[2, 2500]], build: (x) => reductions.mean(x, 1) },
  { op: 'mean', shapes: [[300, 35]], build: (x) => reductions.mean(x, 0) },
  { op: 'variance', shapes: [[2, 2500]], build: (x) => reductions.variance(x, 1) },
  { op: 'variance', shapes: [[300, 35]], build: (x) => reductions.variance(x, 0) },
  ...[
    [[1], [1, 1]],
    [
      [3, 2],
      [5, 7],
    ],
    [[20], [3, 16]],
    [
      [2, 9],
      [6, 33],
    ],
  ].flatMap(([ids, table]): OpCase[] => {
    const whole = { range: [0, table[0]], corners: [0, 1, 2, 3, 4, 5, 6], fixed: [0] } as const;
    const values = [...ids, table[1]];
    return [
      { op: 'gather', shapes: [ids, table], build: (i, t) => gather(t, e.floor(i)), ...whole },
      {
        op: 'scatterAdd',
        shapes: [ids, values],
        build: (i, v) => scatterAdd(e.floor(i), v, table[0]),
        ...whole,
      },
    ];
  }),
  ...[
    [1, 1, 1],
    [2, 3, 4],
    [5, 7, 9],
    [6, 8, 8],
    [7, 9, 13],
    [13, 5, 17],
    [25, 3, 3],
    [3, 600, 9],
    [31, 820, 20],
    // Rows one at a time, in blocks of their depth; few products; slabs and copied columns of unequal size.
    [1, 820, 70],
    [9, 1201, 3],
    [2, 9, 33],
    [40, 8, 40],
    [59, 450, 24],
    [29, 9, 261],
  ].flatMap(([m, k, n]) =>
    [false, true].flatMap((ta) =>
      [false, true].map((tb) => ({
        op: 'matMul',
        shapes: [ta ? [k, m] : [m, k], tb ? [n, k] : [k, n]],
        build: (a: Value, b: Value) => matMul(a, b, ta, tb),
      })),
    ),
  ),

  // Axes before the last two: equal, broadcast either way, one matrix for all.
  ...[
    { a: [3], b: [3], m: 5, k: 4, n: 9 },
    { a: [2], b: [1], m: 13, k: 3, n: 17 },
    { a: [], b: [4], m: 7, k: 5, n: 3 },
    { a: [2, 3], b: [], m: 4, k: 6, n: 10 },
    { a: [2, 1], b: [3], m: 2, k: 3, n: 4 },
    { a: [1], b: [1], m: 14, k: 2, n: 9 },
  ].flatMap(({ a, b, m, k, n }) =>
    [false, true].flatMap((ta) =>
      [false, true].map((tb) => ({
        op: 'matMul',
        shapes: [
          [...a, ...(ta ? [k, m] : [m, k])],
          [...b, ...(tb ? [n, k] : [k, n])],
        ],
        build: (x: Value, y: Value) => matMul(x, y, ta, tb),
      })),
    ),
  ),

  ...[1, 3, 4, 10, 33].flatMap((columns) => [
    { op: 'softmax', shapes: [[5, columns]], build: softmax.softmax },
    { op: 'logSoftmax', shapes: [[5, columns]], build: softmax.logSoftmax },
    {
      op: 'softmaxCrossEntropy',
      shapes: [
        [5, columns],
        [5, columns],
      ],
      build: softmax.softmaxCrossEntropy,
      range: [0.1, 1] as const,
    },
  ]),
  { op: 'softmax', shapes: [[2, 4, 3]], build: softmax.softmax },
  { op: 'logSoftmax', shapes: [[2, 4, 3]], build: softmax.logSoftmax },
  ...Object.entries({ crossEntropy, classCrossEntropy }).flatMap(([op, build]) =>
    [1, 3, 10].map((columns) => ({
      op,
      shapes: [
        [5, columns],
        [5, columns],
      ],
      build: (y: Value, t: Value) => build(t, y),
      range: [0.1, 0.9] as const,
    })),
  ),
  {
    op: 'binaryCrossEntropy',
    shapes: [
      [5, 7],
      [5, 7],
    ],
    build: (y: Value, t: Value) => binaryCrossEntropy(t, y),
    range: [0.1, 0.9] as const,
  },
  // Few columns: the last gradient is a sum of terms that cancel each other where there are many.
  ...[1, 3, 10].map((columns) => ({
    op: 'softmaxCrossEntropyGradient',
    shapes: [[5, columns], [5, columns], [5]],
    build: (x: Value, t: Value, dy: Value) =>
      x.graph.add(softmax.softmaxOps.softmaxCrossEntropyGradient, [x, t, dy], {}) as Value,
    range: [0.1, 1] as const,
  })),

  ...exactCases,
  ...imageCases,
  ...indexCases,
  ...windowCases,
];
