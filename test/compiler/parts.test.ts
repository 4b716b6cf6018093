// Long sums that kernels take in parts, or in chunks of rows that are joined: by themselves right, and on several
// threads to the bit what one thread computes.

import { afterEach, describe, expect, test } from 'vitest';
import { compilerOptions, Program } from '../../src/compiler/program.ts';
import { engine } from '../../src/engine/engine.ts';
import { teamBounds } from '../../src/engine/team.ts';
import { Graph, type Value } from '../../src/graph/graph.ts';
import { sum } from '../../src/graph/ops/broadcasting.ts';
import { conv2dFilterGradient } from '../../src/graph/ops/convolution.ts';
import { mul } from '../../src/graph/ops/elementwise.ts';
import { mean, variance } from '../../src/graph/ops/reductions.ts';
import { input } from '../../src/graph/ops/sources.ts';
import { windowFoldOps } from '../../src/graph/ops/window-folds.ts';
import type { Shape } from '../../src/graph/shape.ts';
import { RandomStream } from '../../src/random/random-stream.ts';

const defaults = { sharedWork: compilerOptions.sharedWork, program: teamBounds.program };

afterEach(() => {
  compilerOptions.sharedWork = defaults.sharedWork;
  teamBounds.program = defaults.program;
});

interface Case {
  readonly title: string;
  readonly inputs: readonly Shape[];
  readonly build: (...inputs: Value[]) => Value[];
  /** Ops that threads share in place of what one thread does. */
  readonly shared: readonly string[];
}

/** The filters' gradient of a convolution that keeps the size of its images. */
const filterGradient = (images: Shape, outputs: number, groups = 1): Omit<Case, 'title' | 'shared'> => ({
  inputs: [images, [...images.slice(0, 3), outputs]],
  build: (x, dy) => [
    conv2dFilterGradient(x, dy, [3, 3, images[3] / groups, outputs], {
      strides: [1, 1],
      padding: [1, 1, 1, 1],
      dilation: [1, 1],
      groups,
    }),
  ],
});

/** The same of a depthwise one. */
const depthwiseGradient = (images: Shape): Omit<Case, 'title' | 'shared'> => ({
  inputs: [images, images],
  build: (x, dy) => {
    const window = { strides: [1, 1], padding: [1, 1, 1, 1], dilation: [1, 1] } as const;
    const shape = [3, 3, images[3], 1];
    return [x.graph.add(windowFoldOps.depthwiseConv2dFilterGradient, [x, dy], { ...window, shape })];
  },
});

const cases: readonly Case[] = [
  {
    title: "filters' gradient of few pixels",
    ...filterGradient([1, 22, 23, 3], 5),
    shared: [],
  },
  {
    title: "filters' gradient",
    ...filterGradient([3, 22, 23, 3], 5),
    shared: ['conv2dFilterGradientParts', 'sumParts'],
  },
  {
    title: "filters' gradient of groups",
    ...filterGradient([2, 30, 31, 6], 4, 2),
    shared: ['conv2dFilterGradientParts', 'sumParts'],
  },
  {
    title: "filters' gradient in tiles",
    ...filterGradient([2, 47, 46, 16], 20),
    shared: ['conv2dFilterGradientParts', 'sumParts', 'winogradFilterGradient'],
  },
  {
    title: "depthwise filters' gradient of few pixels",
    ...depthwiseGradient([1, 22, 23, 6]),
    shared: [],
  },
  {
    title: "depthwise filters' gradient",
    ...depthwiseGradient([2, 30, 31, 22]),
    shared: ['depthwiseConv2dFilterGradientParts', 'sumParts'],
  },
  {
    title: "depthwise filters' gradient of many pixels",
    ...depthwiseGradient([9, 62, 61, 3]),
    shared: ['depthwiseConv2dFilterGradientParts', 'sumParts'],
  },
  {
    title: 'sum and mean',
    inputs: [
      [1000, 19],
      [2, 515, 3],
    ],
    build: (x, y) => [sum(x, [0]), mean(x, [0]), sum(y, [1]), mean(y, [1])],
    shared: ['sumChunks', 'sumOfChunks', 'meanChunks', 'meanOfChunks'],
  },
  {
    title: 'mean and variance',
    inputs: [
      [9, 11, 13, 18],
      [3, 257, 2],
    ],
    build: (x, y) => [mean(x, [0, 1, 2]), variance(x, [0, 1, 2]), variance(y, [1])],
    shared: ['momentsChunks', 'momentsOfChunks'],
  },
  {
    title: 'sums of products and of what is multiplied',
    inputs: [
      [700, 21],
      [700, 21],
    ],
    build: (a, b) => [sum(mul(a, b), [0]), sum(a, [0])],
    shared: ['pairSumsChunks', 'pairSumsOfChunks'],
  },
  {
    title: 'sums that are not long, of rows, and of many columns',
    inputs: [
      [256, 20],
      [3, 1000],
      [300, 512],
    ],
    build: (x, y, z) => [sum(x, [0]), sum(y, [1]), sum(z, [0])],
    shared: [],
  },
];

const data = (inputs: readonly Shape[]): Float32Array[] =>
  inputs.map((shape, stream) => {
    const random = new RandomStream(11, stream);
    return Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.normal());
  });

/** What a case's outputs are, and the ops of the program. */
function run({ inputs, build }: Case) {
  const graph = new Graph();
  const values = inputs.map((shape, i) => input(graph, i, shape));
  const outputs = build(...values);
  const program = new Program(outputs, [], { inputs: values });
  for (const [i, given] of data(inputs).entries()) engine().write(program.addressOf(values[i]), given);
  program.run();
  const results = outputs.map((value) => engine().readFloats(program.addressOf(value), value.size).slice());
  const ops = [...program.toString().matchAll(/^ *\d+ (\w+)/gm)].map(([, op]) => op);
  return { results, ops };
}

const sharedOps = /Parts$|Chunks$/;

const isAlone = engine().threads === 1;
const reason = isAlone ? ' (left out: there is one thread here)' : '';

describe.skipIf(isAlone)(`on several threads${reason}`, () => {
  test.each(cases)('$title', (each) => {
    compilerOptions.sharedWork = 0;
    teamBounds.program = 0;
    const shared = run(each);
    teamBounds.program = Number.POSITIVE_INFINITY;
    const alone = run(each);
    expect(new Set(shared.ops.filter((op) => sharedOps.test(op)))).toEqual(
      new Set(each.shared.filter((op) => sharedOps.test(op))),
    );
    expect(shared.ops).toEqual(expect.arrayContaining([...each.shared]));
    expect(alone.ops.filter((op) => sharedOps.test(op))).toEqual([]);
    expect(shared.results).toEqual(alone.results);
  });
});

/** dw of a convolution with padding of one pixel, in float64. */
function exactFilterGradient({ inputs: [images, gradients] }: Case, groups: number): number[] {
  const [x, dy] = data([images, gradients]);
  const [batch, height, width, channels] = images;
  const outputs = gradients[3];
  const [depth, n] = [channels / groups, outputs / groups];
  const dw = new Float64Array(9 * depth * outputs);
  for (let image = 0; image < batch; image++) {
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        for (let tap = 0; tap < 9; tap++) {
          const [r, c] = [row + Math.floor(tap / 3) - 1, column + (tap % 3) - 1];
          if (r < 0 || c < 0 || r >= height || c >= width) continue;
          const seen = ((image * height + r) * width + c) * channels;
          const at = ((image * height + row) * width + column) * outputs;
          for (let output = 0; output < outputs; output++) {
            const group = Math.floor(output / n);
            for (let channel = 0; channel < depth; channel++) {
              dw[(tap * depth + channel) * outputs + output] +=
                x[seen + group * depth + channel] * dy[at + output];
            }
          }
        }
      }
    }
  }
  return Array.from(dw);
}

test.each([
  { ...cases[1], groups: 1 },
  { ...cases[2], groups: 2 },
  { ...cases[3], groups: 1 },
  { ...cases[5], groups: 22 },
  { ...cases[6], groups: 3 },
])('$title: the numbers of float64', ({ groups, ...each }) => {
  const [dw] = run(each).results;
  const exact = exactFilterGradient(each, groups);
  const size = Math.hypot(...exact) / Math.sqrt(exact.length);
  expect(dw.length).toBe(exact.length);
  // Some 30 roundings of a number of the usual size.
  for (const [i, x] of exact.entries()) expect(Math.abs(dw[i] - x) / size).toBeLessThan(2e-6);
});
