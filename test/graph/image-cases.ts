// Cases of images that are read between their pixels: part of op-cases.ts.

import { FillMode } from '../../assembly/opcodes.ts';
import type { Value } from '../../src/graph/graph.ts';
import { integerConstant } from '../../src/graph/ops/conversion.ts';
import { add, floor, mul } from '../../src/graph/ops/elementwise.ts';
import {
  cropAndResize,
  resizeBilinear,
  resizeNearestNeighbor,
  transformImages,
} from '../../src/graph/ops/images.ts';
import { slice } from '../../src/graph/ops/movement.ts';
import { sampleOp, sampleTaps } from '../../src/graph/ops/sample.ts';
import { stopGradient } from '../../src/graph/ops/sources.ts';
import type { OpCase } from './op-cases.ts';

const fillModes = ['reflect', 'wrap', 'constant', 'nearest'] as const;

/** Numbers of images of three: one is read twice, one is not there. */
const numbersOf = ({ graph }: Value) => integerConstant(graph, [2, 0, 3, 2], [4]);

/** Numbers from −2 to 6 as parts. */
const asShare = (x: Value) => mul(add(x, 2), 1 / 8);

const throughMaps = fillModes.flatMap((fillMode) =>
  (['bilinear', 'nearest'] as const).flatMap((interpolation) =>
    [false, true].map((isGrid): OpCase => {
      const column = (maps: Value, i: number) => slice(stopGradient(maps), [0, i], [-1, 1]);
      const factor = (maps: Value, i: number) => (isGrid ? 0 : column(maps, i));
      return {
        op: 'sample',
        shapes: [
          [3, 4, 5, 2],
          [3, 6],
        ],
        build: (x, maps) => {
          const [a, c, e, f] = [0, 2, 4, 5].map((i) => column(maps, i));
          const map = [a, factor(maps, 1), c, factor(maps, 3), e, f] as const;
          return transformImages(x, map, interpolation, fillMode, 0.5);
        },
        range: [-1, 1],
        fixed: [1],
      };
    }),
  ),
);

/** Places that lie on one another, apart and outside; shares that are inputs. */
const atTaps = [1, 3, 6].flatMap((channels) =>
  fillModes.flatMap((fillMode) =>
    [true, false].flatMap((isGrid): OpCase[] => {
      const sampling = {
        fillMode: FillMode[fillMode],
        fill: Array.from({ length: channels }, (_, i) => 0.5 - i),
      };
      const [rows, columns] = isGrid
        ? [
            [4, 2, 1],
            [4, 1, 3],
          ]
        : [
            [4, 2, 3],
            [4, 2, 3],
          ];
      const places = { range: [-2, 6], corners: [-2, -1, 0, 1, 2, 3, 4, 5, 6] } as const;
      return [
        {
          op: 'sample',
          shapes: [[3, 4, 5, channels], rows, columns, rows, columns],
          build: (x, y0, x0, down, right) =>
            sampleTaps(x, [floor(y0), floor(x0)], [down, right].map(asShare), sampling, numbersOf(x)),
          ...places,
          fixed: [1, 2],
        },
        {
          op: 'sample',
          shapes: [[4, 2, 3, channels], rows, columns, rows, columns],
          build: (dy, y0, x0, down, right) => {
            const seen = sampleTaps(
              dy,
              [floor(y0), floor(x0)],
              [down, right].map(asShare),
              sampling,
              numbersOf(dy),
            );
            const [, ...given] = seen.inputs;
            const attrs = { ...sampling, shape: [3, 4, 5, channels] };
            return dy.graph.add(sampleOp, [dy, ...given], attrs) as Value;
          },
          ...places,
          fixed: [1, 2],
        },
      ];
    }),
  ),
);

export const imageCases: readonly OpCase[] = [
  ...throughMaps,
  ...atTaps,
  ...[1, 2, 3, 4, 5, 9].flatMap((channels): OpCase[] => [
    { op: 'sample', shapes: [[2, 3, 5, channels]], build: (x) => resizeBilinear(x, [5, 7]) },
    { op: 'sample', shapes: [[2, 5, 3, channels]], build: (x) => resizeBilinear(x, [4, 7], false, true) },
    { op: 'sample', shapes: [[2, 3, 5, channels]], build: (x) => resizeNearestNeighbor(x, [7, 4], true) },
  ]),
  ...[
    [3, 4],
    [1, 2],
  ].map(
    (size): OpCase => ({
      op: 'sample',
      shapes: [
        [3, 4, 5, 2],
        [4, 4],
      ],
      build: (x, boxes) => cropAndResize(x, boxes, numbersOf(x), size as [number, number], 'bilinear', -1),
      range: [0.05, 0.95],
    }),
  ),
];
