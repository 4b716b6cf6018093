// Cases of ops that find elements, by number, by stride or by rank: part of op-cases.ts.

import type { Value } from '../../src/graph/graph.ts';
import { asFloat, asInt32 } from '../../src/graph/ops/conversion.ts';
import * as e from '../../src/graph/ops/elementwise.ts';
import { gather, gatherND, scatterAdd, scatterND, tensorScatterUpdate } from '../../src/graph/ops/gather.ts';
import { cumprod, cumsum } from '../../src/graph/ops/scans.ts';
import { stopGradient } from '../../src/graph/ops/sources.ts';
import { reverse, stridedSlice, strideOps } from '../../src/graph/ops/strides.ts';
import { topk } from '../../src/graph/ops/top-k.ts';
import type { OpCase } from './op-cases.ts';

const numbers = { range: [0, 3], corners: [0, 1, 2, 3], fixed: [0] } as const;

export const indexCases: readonly OpCase[] = [
  ...[
    { indices: [4], table: [3], axis: 0, batchDims: 0 },
    { indices: [4], table: [2, 3, 5], axis: 1, batchDims: 0 },
    { indices: [2, 4], table: [5, 2, 3], axis: 2, batchDims: 0 },
    { indices: [], table: [2, 3, 5], axis: 1, batchDims: 0 },
    { indices: [2, 4], table: [2, 3], axis: 1, batchDims: 1 },
    { indices: [2, 4], table: [2, 5, 3, 2], axis: 2, batchDims: 1 },
    { indices: [2, 3, 2, 2], table: [2, 3, 3, 6], axis: 2, batchDims: 2 },
  ].flatMap(({ indices, table, axis, batchDims }): OpCase[] => {
    const values = [...table.slice(0, axis), ...indices.slice(batchDims), ...table.slice(axis + 1)];
    return [
      {
        op: 'gather',
        shapes: [indices, table],
        build: (i, t) => gather(t, e.floor(i), axis, batchDims),
        ...numbers,
      },
      {
        op: 'gather',
        shapes: [indices, table],
        build: (i, t) => gather(t, asInt32(i), axis, batchDims),
        ...numbers,
      },
      {
        op: 'scatterAdd',
        shapes: [indices, values],
        build: (i, v) => scatterAdd(asInt32(i), v, 3, axis, batchDims),
        ...numbers,
      },
    ];
  }),
  {
    op: 'gather',
    shapes: [
      [4, 2],
      [3, 3, 5],
    ],
    build: (i, x) => gatherND(x, asInt32(i)),
    ...numbers,
  },
  {
    op: 'gather',
    shapes: [
      [2, 4, 1],
      [3, 3],
    ],
    build: (i, x) => gatherND(x, asInt32(i)),
    ...numbers,
  },
  {
    op: 'scatterAdd',
    shapes: [
      [4, 2],
      [4, 5],
    ],
    build: (i, v) => scatterND(asInt32(i), v, [3, 3, 5]),
    ...numbers,
  },
  { op: 'scatterAdd', shapes: [[9, 1], [9]], build: (i, v) => scatterND(asInt32(i), v, [3]), ...numbers },
  {
    op: 'scatterUpdate',
    shapes: [
      [2, 2],
      [2, 5],
      [3, 3, 5],
    ],
    build: (i, v, x) => stopGradient(tensorScatterUpdate(x, asInt32(i), v)),
    ...numbers,
    fixed: [0, 1, 2],
  },

  ...[undefined, 0, 1, 2, [0, 2]].map((axes) => ({
    op: 'strided',
    shapes: [[3, 4, 5]],
    build: (x: Value) => reverse(x, axes),
  })),
  ...[
    { begin: [0, 1], end: [5, 7], strides: [2, 3] },
    { begin: [-1, -1], end: [0, -9], strides: [-2, -1] },
    { begin: [3], end: [0], strides: [-1] },
  ].map(({ begin, end, strides }) => ({
    op: 'strided',
    shapes: [[5, 7]],
    build: (x: Value) => stridedSlice(x, begin, end, strides),
  })),
  {
    op: 'spread',
    shapes: [[2, 3]],
    build: (x) =>
      x.graph.add(strideOps.spread, [x], { begin: [1, 6], steps: [2, -3], shape: [5, 7] }) as Value,
  },

  ...[0, 1, 2].flatMap((axis) =>
    [false, true].flatMap((exclusive) =>
      [false, true].map((isReverse) => ({
        op: 'cumsum',
        shapes: [[3, 5, 6]],
        build: (x: Value) => cumsum(x, axis, exclusive, isReverse),
      })),
    ),
  ),
  { op: 'cumsum', shapes: [[1030]], build: (x) => cumsum(x) },
  {
    op: 'cumprod',
    shapes: [[3, 5, 6]],
    build: (x) => asFloat(asInt32(e.mul(cumprod(e.floor(x), 1), 8))),
    fixed: [0],
  },
  ...[1, 2, 7].map((k) => ({ op: 'topK', shapes: [[4, 7]], build: (x: Value) => topk(x, k).values })),
  { op: 'topK', shapes: [[1000]], build: (x) => topk(x, 300).values },
];
