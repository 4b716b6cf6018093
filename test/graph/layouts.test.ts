// The same said in two ways gives the same: channels first or last, one of a batch or a batch of one, rows or images of
// one row, axes counted from the front or from the end.

import { describe, expect, test } from 'vitest';
import { Graph, type Value } from '../../src/graph/graph.ts';
import { depthToSpace, split, stack, unstack } from '../../src/graph/ops/arrangement.ts';
import { sum } from '../../src/graph/ops/broadcasting.ts';
import { gather } from '../../src/graph/ops/gather.ts';
import * as images from '../../src/graph/ops/images.ts';
import { concat, transpose } from '../../src/graph/ops/movement.ts';
import { cumsum } from '../../src/graph/ops/scans.ts';
import { input, reshape } from '../../src/graph/ops/sources.ts';
import * as spatial from '../../src/graph/ops/spatial.ts';
import { logSumExp, moments, norm } from '../../src/graph/ops/statistics.ts';
import { reverse } from '../../src/graph/ops/strides.ts';
import { dilation2d } from '../../src/graph/ops/taps.ts';
import * as volumes from '../../src/graph/ops/volumes.ts';
import type { Shape } from '../../src/graph/shape.ts';
import { RandomStream } from '../../src/random/random-stream.ts';
import { tensor } from '../../src/tensor/creation.ts';
import { compute } from '../compute.ts';

type Built = (...values: Value[]) => Value;
type Pads = readonly (readonly [number, number])[];

/** What both give for the same numbers is the same to the bit. */
function expectSame(shapes: readonly Shape[], one: Built, other: Built): void {
  const random = new RandomStream(3, 1);
  const tensors = shapes.map((shape) => {
    const size = shape.reduce((a, b) => a * b, 1);
    return tensor(
      Array.from({ length: size }, () => 2 * random.uniform() - 1),
      [...shape],
    );
  });
  const [got, expected] = compute(tensors, (...values) => [one(...values), other(...values)]);
  expect(got.shape).toEqual(expected.shape);
  expect(Array.from(got.dataSync())).toEqual(Array.from(expected.dataSync()));
  expect(new Set(got.dataSync()).size).toBeGreaterThan(1);
}

/** Of [batch, channels, …], and the other way round. */
const last = (x: Value) => transpose(x, [0, ...x.shape.slice(2).map((_, axis) => axis + 2), 1]);
const first = (x: Value) => transpose(x, [0, x.rank - 1, ...x.shape.slice(2).map((_, axis) => axis + 1)]);

describe('channels first', () => {
  const flat: Pads = [
    [0, 0],
    [1, 2],
    [0, 0],
  ];
  const image: Pads = [
    [0, 0],
    [1, 0],
    [0, 2],
    [0, 0],
  ];
  const volume: Pads = [
    [0, 0],
    [1, 0],
    [0, 2],
    [1, 1],
    [0, 0],
  ];
  /** The same paddings where channels come before what they are of. */
  const moved = (pads: Pads): Pads => [pads[0], pads[pads.length - 1], ...pads.slice(1, -1)];
  const cases: Readonly<
    Record<string, readonly [readonly Shape[], (pads: (of: Pads) => Pads, isFirst: boolean) => Built]>
  > = {
    conv1d: [
      [
        [2, 3, 6],
        [3, 3, 4],
      ],
      (pads, isFirst) => (x, w) => spatial.conv1d(x, w, 2, pads(flat), isFirst ? 'NCW' : 'NWC', 1),
    ],
    conv2d: [
      [
        [2, 3, 6, 5],
        [3, 2, 3, 4],
      ],
      (pads, isFirst) => (x, w) => spatial.conv2d(x, w, [2, 1], pads(image), isFirst ? 'NCHW' : 'NHWC'),
    ],
    depthwiseConv2d: [
      [
        [2, 3, 6, 5],
        [3, 2, 3, 2],
      ],
      (pads, isFirst) => (x, w) => spatial.depthwiseConv2d(x, w, 1, pads(image), isFirst ? 'NCHW' : 'NHWC'),
    ],
    conv3d: [
      [
        [2, 3, 4, 6, 5],
        [2, 3, 2, 3, 4],
      ],
      (pads, isFirst) => (x, w) => volumes.conv3d(x, w, 1, pads(volume), isFirst ? 'NCDHW' : 'NDHWC'),
    ],
    maxPool3d: [
      [[2, 3, 4, 6, 5]],
      (pads, isFirst) => (x) =>
        volumes.maxPool3d(x, 2, 1, pads(volume), 'floor', isFirst ? 'NCDHW' : 'NDHWC'),
    ],
    avgPool3d: [
      [[2, 3, 4, 6, 5]],
      (pads, isFirst) => (x) => volumes.avgPool3d(x, 2, 2, pads(volume), 'ceil', isFirst ? 'NCDHW' : 'NDHWC'),
    ],
    depthToSpace: [[[2, 8, 2, 3]], (_, isFirst) => (x) => depthToSpace(x, 2, isFirst ? 'NCHW' : 'NHWC')],
  };

  test.each(Object.entries(cases))('%s', (_, [shapes, build]) => {
    const [asFirst, asLast] = [build(moved, true), build((pads) => pads, false)];
    expectSame(shapes, asFirst, (x, ...others) => first(asLast(last(x), ...others)));
  });

  test('separableConv2d', () => {
    const shapes = [
      [2, 3, 6, 5],
      [3, 2, 3, 2],
      [1, 1, 6, 4],
    ];
    expectSame(
      shapes,
      (x, w, p) => spatial.separableConv2d(x, w, p, 1, 'same', [1, 2], 'NCHW'),
      (x, w, p) => first(spatial.separableConv2d(last(x), w, p, 1, 'same', [1, 2])),
    );
  });
});

describe('one of a batch', () => {
  const cases: Readonly<Record<string, readonly [readonly Shape[], Built]>> = {
    conv1d: [
      [
        [6, 2],
        [3, 2, 3],
      ],
      (x, w) => spatial.conv1d(x, w, 1, 'same'),
    ],
    conv2d: [
      [
        [5, 4, 2],
        [3, 2, 2, 3],
      ],
      (x, w) => spatial.conv2d(x, w, 1, 'same'),
    ],
    depthwiseConv2d: [
      [
        [5, 4, 2],
        [3, 2, 2, 3],
      ],
      (x, w) => spatial.depthwiseConv2d(x, w, 1, 'same'),
    ],
    conv3d: [
      [
        [4, 5, 4, 2],
        [2, 3, 2, 2, 3],
      ],
      (x, w) => volumes.conv3d(x, w, 1, 'same'),
    ],
    maxPool: [[[5, 4, 2]], (x) => spatial.maxPool(x, 2, 1, 'same')],
    avgPool: [[[5, 4, 2]], (x) => spatial.avgPool(x, 2, 1, 'same')],
    maxPool3d: [[[4, 5, 4, 2]], (x) => volumes.maxPool3d(x, 2, 1, 'same')],
    avgPool3d: [[[4, 5, 4, 2]], (x) => volumes.avgPool3d(x, 2, 1, 'same')],
    dilation2d: [
      [
        [5, 4, 2],
        [2, 2, 2],
      ],
      (x, w) => dilation2d(x, w, 1, 'same'),
    ],
    resizeBilinear: [[[5, 4, 2]], (x) => images.resizeBilinear(x, [3, 7])],
    resizeNearestNeighbor: [[[5, 4, 2]], (x) => images.resizeNearestNeighbor(x, [3, 7])],
  };

  test.each(Object.entries(cases))('%s', (_, [shapes, build]) => {
    expectSame(shapes, build, (x, ...others) => {
      const y = build(reshape(x, [1, ...x.shape]), ...others);
      return reshape(y, y.shape.slice(1));
    });
  });

  test.each([
    [
      'conv2dTranspose',
      [
        [3, 4, 3],
        [2, 2, 2, 3],
      ],
      spatial.conv2dTranspose,
      [6, 8, 2],
    ],
    [
      'conv3dTranspose',
      [
        [2, 3, 4, 3],
        [2, 2, 2, 2, 3],
      ],
      volumes.conv3dTranspose,
      [4, 6, 8, 2],
    ],
  ] as const)('%s', (_, shapes, build, to) => {
    expectSame(
      shapes,
      (x, w) => build(x, w, to, 2, 'same'),
      (x, w) => reshape(build(reshape(x, [1, ...x.shape]), w, [1, ...to], 2, 'same'), to),
    );
  });
});

describe('rows', () => {
  test.each([
    [
      'a number',
      2,
      [
        [0, 0],
        [0, 0],
        [2, 2],
        [0, 0],
      ],
    ],
    [
      'both sides',
      [
        [0, 0],
        [2, 1],
        [0, 0],
      ],
      [
        [0, 0],
        [0, 0],
        [2, 1],
        [0, 0],
      ],
    ],
    ['same', 'same', 'same'],
  ] as const)('are images of one row: padding by %s', (_, pad, wide) => {
    expectSame(
      [
        [2, 7, 2],
        [3, 2, 4],
      ],
      (x, w) => spatial.conv1d(x, w, 2, pad),
      (x, w) => {
        const y = spatial.conv2d(reshape(x, [2, 1, 7, 2]), reshape(w, [1, 3, 2, 4]), [1, 2], wide);
        return reshape(y, [y.shape[0], ...y.shape.slice(2)]);
      },
    );
  });

  test('have their dilation', () => {
    expectSame(
      [
        [2, 9, 2],
        [3, 2, 4],
      ],
      (x, w) => spatial.conv1d(x, w, 1, 'valid', 'NWC', 3),
      (x, w) => {
        const y = spatial.conv2d(
          reshape(x, [2, 1, 9, 2]),
          reshape(w, [1, 3, 2, 4]),
          1,
          'valid',
          'NHWC',
          [1, 3],
        );
        return reshape(y, [y.shape[0], ...y.shape.slice(2)]);
      },
    );
  });
});

describe('axes from the end are those from the front', () => {
  const cases: Readonly<Record<string, readonly [(x: Value) => unknown, (x: Value) => unknown]>> = {
    sum: [(x) => sum(x, [-1, 0]), (x) => sum(x, [2, 0])],
    'norm of matrices': [(x) => norm(x, 1, [-1, -3]), (x) => norm(x, 1, [2, 0])],
    'norm of transposed matrices': [(x) => norm(x, 1, [-3, -1]), (x) => norm(x, 1, [0, 2])],
    'norm of vectors': [(x) => norm(x, 1, -2), (x) => norm(x, 1, 1)],
    moments: [(x) => moments(x, [-2]).variance, (x) => moments(x, [1]).variance],
    logSumExp: [(x) => logSumExp(x, -3), (x) => logSumExp(x, 0)],
    cumsum: [(x) => cumsum(x, -2), (x) => cumsum(x, 1)],
    reverse: [(x) => reverse(x, [-2]), (x) => reverse(x, [1])],
    concat: [(x) => concat([x, x], -2), (x) => concat([x, x], 1)],
    stack: [(x) => stack([x, x], -2), (x) => stack([x, x], 2)],
    unstack: [(x) => unstack(x, -2)[1], (x) => unstack(x, 1)[1]],
    split: [(x) => split(x, [1, -1], -2)[1], (x) => split(x, [1, 2], 1)[1]],
    gather: [(x) => gather(x, sum(x), -2), (x) => gather(x, sum(x), 1)],
  };

  test.each(Object.entries(cases))('%s', (_, [fromEnd, fromFront]) => {
    const x = input(new Graph(), 0, [2, 3, 4]);
    expect(fromEnd(x)).toBe(fromFront(x));
  });
});

describe('axes that are left out', () => {
  const cases: Readonly<Record<string, readonly [(x: Value) => unknown, (x: Value) => unknown]>> = {
    'split goes along the first': [(x) => split(x, 2)[1], (x) => split(x, 2, 0)[1]],
    'stack makes a first': [(x) => stack([x, x]), (x) => stack([x, x], 0)],
    'unstack takes the first': [(x) => unstack(x)[1], (x) => unstack(x, 0)[1]],
    'cumsum goes along the first': [(x) => cumsum(x), (x) => cumsum(x, 0, false, false)],
    'reverse turns all': [(x) => reverse(x), (x) => reverse(x, [0, 1, 2])],
    'gather goes along the first': [(x) => gather(x, sum(x)), (x) => gather(x, sum(x), 0)],
  };

  test.each(Object.entries(cases))('%s', (_, [leftOut, given]) => {
    const x = input(new Graph(), 0, [2, 3, 4]);
    expect(leftOut(x)).toBe(given(x));
  });
});
