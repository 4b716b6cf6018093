// Cases of ops that move a window over images: part of op-cases.ts. Sizes straddle lanes (channels), tiles
// (outputs, pixels) and blocks (patches longer than 512).

import type { Op, Value } from '../../src/graph/graph.ts';
import {
  type Convolution,
  conv2d,
  conv2dFilterGradient,
  conv2dInputGradient,
} from '../../src/graph/ops/convolution.ts';
import { relu } from '../../src/graph/ops/elementwise.ts';
import type { Window } from '../../src/graph/ops/window.ts';
import {
  averagePool2d,
  depthwiseConv2d,
  maxPool2d,
  windowFoldOps,
} from '../../src/graph/ops/window-folds.ts';
import type { OpCase } from './op-cases.ts';

interface ConvolutionCase extends Partial<Convolution> {
  readonly x: readonly number[];
  readonly w: readonly number[];
}

const plain: Convolution = { strides: [1, 1], padding: [0, 0, 0, 0], dilation: [1, 1], groups: 1 };

const convolutions: readonly ConvolutionCase[] = [
  { x: [1, 1, 2, 1], w: [1, 2, 1, 1] },
  { x: [2, 5, 4, 1], w: [3, 3, 1, 9] },
  { x: [3, 6, 7, 3], w: [3, 2, 3, 5] },
  { x: [2, 7, 5, 4], w: [3, 3, 4, 8], padding: [1, 1, 1, 1] },
  { x: [1, 4, 4, 5], w: [3, 3, 5, 13], padding: [2, 0, 0, 2] },
  { x: [2, 9, 8, 3], w: [3, 3, 3, 4], strides: [2, 3], padding: [0, 1, 1, 1] },
  { x: [1, 5, 6, 2], w: [2, 1, 2, 3], strides: [3, 2] },
  { x: [1, 9, 9, 2], w: [3, 3, 2, 7], dilation: [2, 3], padding: [2, 2, 3, 3] },
  { x: [1, 9, 8, 2], w: [3, 2, 2, 4], dilation: [2, 1], strides: [2, 3] },
  { x: [2, 5, 5, 6], w: [3, 3, 2, 9], groups: 3, padding: [1, 1, 1, 1] },
  { x: [2, 4, 4, 4], w: [2, 2, 1, 4], groups: 4 },
  { x: [2, 5, 5, 8], w: [3, 1, 4, 4], groups: 2 },
  { x: [2, 5, 5, 8], w: [1, 1, 4, 6], groups: 2 },
  { x: [2, 5, 6, 8], w: [3, 3, 8, 5], padding: [1, 1, 1, 1] },
  { x: [1, 6, 5, 16], w: [3, 3, 16, 3], dilation: [2, 1], padding: [2, 2, 1, 1] },
  { x: [1, 5, 5, 8], w: [2, 4, 8, 9], padding: [0, 1, 3, 0] },
  { x: [1, 3, 3, 24], w: [1, 1, 24, 7], padding: [1, 2, 0, 1] },
  { x: [1, 4, 4, 130], w: [2, 2, 130, 9], padding: [1, 0, 1, 0] },
  { x: [1, 3, 3, 600], w: [1, 2, 600, 3] },
  { x: [1, 1, 3, 2], w: [1, 2, 2, 530] },
  { x: [1, 1, 1, 3], w: [5, 5, 3, 2], padding: [2, 2, 2, 2] },
  { x: [2, 2, 3, 4], w: [1, 1, 4, 3], strides: [2, 2] },
  // In tiles of 2×2: full ones, and at odd edges; channels that do not fill a panel; padding on either side.
  { x: [2, 6, 8, 16], w: [3, 3, 16, 20], padding: [1, 1, 1, 1] },
  { x: [1, 9, 9, 20], w: [3, 3, 20, 16], padding: [1, 1, 1, 1] },
  { x: [2, 8, 6, 16], w: [3, 3, 16, 16] },
  { x: [1, 6, 7, 16], w: [3, 3, 16, 16], padding: [2, 0, 0, 3] },
];

/** Height and width of what a window makes of images. */
const outputSize = (x: readonly number[], kernel: readonly number[], window: Window) =>
  [0, 1].map((axis) => {
    const padded = x[axis + 1] + window.padding[2 * axis] + window.padding[2 * axis + 1];
    return Math.floor((padded - (kernel[axis] - 1) * window.dilation[axis] - 1) / window.strides[axis]) + 1;
  });

function casesOf({ x, w, ...options }: ConvolutionCase): OpCase[] {
  const attrs = { ...plain, ...options };
  const y = [x[0], ...outputSize(x, w, attrs), w[3]];
  return [
    { op: 'conv2d', shapes: [x, w], build: (a: Value, b: Value) => conv2d(a, b, options) },
    { op: 'conv2dInputGradient', shapes: [y, w], build: (a, b) => conv2dInputGradient(a, b, x, attrs) },
    { op: 'conv2dFilterGradient', shapes: [x, y], build: (a, b) => conv2dFilterGradient(a, b, w, attrs) },
  ];
}

interface FoldCase extends Partial<Window> {
  readonly x: readonly number[];
  readonly size: readonly [number, number];
}

const folds: readonly FoldCase[] = [
  { x: [1, 1, 1, 1], size: [1, 1] },
  { x: [2, 5, 4, 3], size: [2, 2], strides: [2, 2] },
  { x: [1, 4, 7, 4], size: [3, 2], strides: [1, 3], padding: [1, 1, 0, 1] },
  { x: [3, 6, 5, 5], size: [2, 3], strides: [1, 1] },
  { x: [1, 5, 6, 9], size: [3, 3], strides: [2, 2], padding: [0, 2, 1, 1] },
  { x: [2, 3, 4, 17], size: [2, 2], strides: [3, 3] },
  { x: [2, 5, 6, 39], size: [3, 2], strides: [1, 1], padding: [1, 1, 0, 1] },
];

function foldCasesOf({ x, size, ...options }: FoldCase): OpCase[] {
  const window: Window = { ...plain, ...options };
  const pool = { strides: window.strides, padding: window.padding, dilation: window.dilation, size };
  const y = [x[0], ...outputSize(x, size, window), x[3]];
  const w = [...size, x[3], 1];
  const add = (op: Op<never>, inputs: Value[], attrs: object) =>
    inputs[0].graph.add(op, inputs, attrs as never);
  return [
    { op: 'maxPool2d', shapes: [x], build: (a: Value) => maxPool2d(a, pool) },
    { op: 'averagePool2d', shapes: [x], build: (a: Value) => averagePool2d(a, pool) },
    {
      op: 'averagePool2dGradient',
      shapes: [y],
      build: (a) => add(windowFoldOps.averagePool2dGradient, [a], { ...pool, shape: x }),
    },
    ...depthwiseCasesOf(x, w, y, window),
  ];
}

function depthwiseCasesOf(
  x: readonly number[],
  w: readonly number[],
  y: readonly number[],
  { strides, padding, dilation }: Window,
): OpCase[] {
  const window = { strides, padding, dilation };
  const add = (op: Op<never>, inputs: Value[], attrs: object) =>
    inputs[0].graph.add(op, inputs, attrs as never);
  return [
    { op: 'depthwiseConv2d', shapes: [x, w], build: (a, b) => depthwiseConv2d(a, b, window) },
    {
      op: 'depthwiseConv2dInputGradient',
      shapes: [y, w],
      build: (a, b) => add(windowFoldOps.depthwiseConv2dInputGradient, [a, b], { ...window, shape: x }),
    },
    {
      op: 'depthwiseConv2dFilterGradient',
      shapes: [x, y],
      build: (a, b) => add(windowFoldOps.depthwiseConv2dFilterGradient, [a, b], { ...window, shape: w }),
    },
  ];
}

export const windowCases: readonly OpCase[] = [
  ...convolutions.flatMap(casesOf),
  // A convolution of single pixels is a matrix product.
  {
    op: 'conv2d',
    shapes: [
      [2, 3, 2, 5],
      [1, 1, 5, 4],
    ],
    build: (x, w) => conv2d(x, w),
  },
  ...folds.flatMap(foldCasesOf),
  ...depthwiseCasesOf([2, 7, 8, 6], [3, 2, 6, 1], [2, 5, 6, 6], {
    ...plain,
    dilation: [2, 3],
    padding: [1, 1, 0, 1],
  }),
  // Windows that see nothing but zeros.
  ...depthwiseCasesOf([1, 3, 4, 5], [2, 2, 5, 1], [1, 4, 8, 5], { ...plain, padding: [2, 0, 2, 3] }),
  {
    op: 'depthwiseConv2d',
    shapes: [
      [1, 4, 3, 3],
      [2, 2, 3, 5],
    ],
    build: (x, w) => depthwiseConv2d(x, w, plain),
  },
  // The pool of a relu is the relu of the pool.
  {
    op: 'maxPool2d',
    shapes: [[2, 4, 6, 3]],
    build: (x) => maxPool2d(relu(x), { ...plain, size: [2, 3] }),
    corners: [0],
  },
];
