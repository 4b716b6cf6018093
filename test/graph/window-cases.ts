// Cases of ops that move a window over images: part of op-cases.ts. Sizes straddle lanes (channels), tiles
// (outputs, pixels) and blocks (patches longer than 512).

import type { Value } from '../../src/graph/graph.ts';
import {
  type Convolution,
  conv2d,
  conv2dFilterGradient,
  conv2dInputGradient,
} from '../../src/graph/ops/convolution.ts';
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
  { x: [1, 4, 4, 130], w: [2, 2, 130, 9], padding: [1, 0, 1, 0] },
  { x: [1, 3, 3, 600], w: [1, 2, 600, 3] },
  { x: [1, 1, 3, 2], w: [1, 2, 2, 530] },
  { x: [1, 1, 1, 3], w: [5, 5, 3, 2], padding: [2, 2, 2, 2] },
  { x: [2, 2, 3, 4], w: [1, 1, 4, 3], strides: [2, 2] },
];

function casesOf({ x, w, ...options }: ConvolutionCase): OpCase[] {
  const attrs = { ...plain, ...options };
  const size = [0, 1].map((axis) => {
    const padded = x[axis + 1] + attrs.padding[2 * axis] + attrs.padding[2 * axis + 1];
    return Math.floor((padded - (w[axis] - 1) * attrs.dilation[axis] - 1) / attrs.strides[axis]) + 1;
  });
  const y = [x[0], ...size, w[3]];
  return [
    { op: 'conv2d', shapes: [x, w], build: (a: Value, b: Value) => conv2d(a, b, options) },
    { op: 'conv2dInputGradient', shapes: [y, w], build: (a, b) => conv2dInputGradient(a, b, x, attrs) },
    { op: 'conv2dFilterGradient', shapes: [x, y], build: (a, b) => conv2dFilterGradient(a, b, w, attrs) },
  ];
}

export const windowCases: readonly OpCase[] = [
  ...convolutions.flatMap(casesOf),
  // A convolution of single pixels is a matrix product.
  {
    op: 'matMul',
    shapes: [
      [2, 3, 2, 5],
      [1, 1, 5, 4],
    ],
    build: (x, w) => conv2d(x, w),
  },
];
