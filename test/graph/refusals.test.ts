// What builders of nodes refuse, whoever calls them: layers and losses do without the checks of the public functions.

import { expect, test } from 'vitest';
import { Graph, type Value } from '../../src/graph/graph.ts';
import * as arrangement from '../../src/graph/ops/arrangement.ts';
import * as convolution from '../../src/graph/ops/convolution.ts';
import { binaryCrossEntropy, crossEntropy } from '../../src/graph/ops/cross-entropy.ts';
import * as gathering from '../../src/graph/ops/gather.ts';
import * as images from '../../src/graph/ops/images.ts';
import { gramSchmidt, qr } from '../../src/graph/ops/linear-algebra.ts';
import { matMul } from '../../src/graph/ops/matmul.ts';
import * as movement from '../../src/graph/ops/movement.ts';
import { dot, outerProduct } from '../../src/graph/ops/products.ts';
import { logSoftmax, softmax, softmaxCrossEntropy } from '../../src/graph/ops/softmax.ts';
import { input, reshape } from '../../src/graph/ops/sources.ts';
import * as spatial from '../../src/graph/ops/spatial.ts';
import { norm } from '../../src/graph/ops/statistics.ts';
import { stridedSlice } from '../../src/graph/ops/strides.ts';
import { dilation2d } from '../../src/graph/ops/taps.ts';
import { topk } from '../../src/graph/ops/top-k.ts';
import * as volumes from '../../src/graph/ops/volumes.ts';
import * as folds from '../../src/graph/ops/window-folds.ts';

let graph = new Graph();
let inputs = 0;
const x = (...shape: number[]): Value => input(graph, inputs++, shape);
const pool = { size: [2, 2], strides: [1, 1], padding: [0, 0, 0, 0], dilation: [1, 1] } as const;

type Refused = readonly [() => unknown, string];

const refused: readonly Refused[] = [
  [() => arrangement.stack([x(2), x(3)]), 'stack: shapes [2] and [3] differ; expected one shape.'],
  [() => arrangement.split(x(4), [1, 2], 0), 'split: an axis of 4 cannot be split into [1,2].'],
  [() => arrangement.split(x(4), [1.5, 2.5], 0), 'split: an axis of 4 cannot be split into [1.5,2.5].'],
  [() => arrangement.split(x(4), [5, -1], 0), 'split: an axis of 4 cannot be split into [5,-1].'],
  [() => arrangement.tile(x(2, 3), [1]), 'tile: takes a count for each axis of [2,3]; got [1].'],
  [() => arrangement.tile(x(2, 3), [1, -1]), 'tile: takes a count for each axis of [2,3]; got [1,-1].'],
  [() => arrangement.tile(x(2, 3), [1.5, 1]), 'tile: takes a count for each axis of [2,3]; got [1.5,1].'],
  [
    () => arrangement.mirrorPad(x(3), [[3, 0]], 'reflect'),
    'mirrorPad: an axis of 3 cannot be mirrored by 3 and 0.',
  ],
  [
    () => arrangement.mirrorPad(x(3), [[0, 3]], 'reflect'),
    'mirrorPad: an axis of 3 cannot be mirrored by 0 and 3.',
  ],
  [
    () => arrangement.mirrorPad(x(3), [[4, 0]], 'symmetric'),
    'mirrorPad: an axis of 3 cannot be mirrored by 4 and 0.',
  ],
  [
    () =>
      arrangement.spaceToBatchND(
        x(1, 4, 3),
        [2, 2],
        [
          [0, 0],
          [0, 0],
        ],
      ),
    'spaceToBatchND: [1,4,3], padded, has no whole blocks of [2,2].',
  ],
  [
    () =>
      arrangement.spaceToBatchND(
        x(1, 4),
        [2, 1],
        [
          [0, 0],
          [0, 0],
        ],
      ),
    'pad: takes two non-negative integers for each axis of [1,4]',
  ],
  [
    () =>
      arrangement.batchToSpaceND(
        x(3, 3, 2),
        [2, 2],
        [
          [0, 0],
          [0, 0],
        ],
      ),
    'batchToSpaceND: [3,3,2] has no batches for blocks of [2,2].',
  ],
  [
    () =>
      arrangement.batchToSpaceND(
        x(4, 3),
        [2, 2],
        [
          [0, 0],
          [0, 0],
        ],
      ),
    'batchToSpaceND: [4,3] has no batches for blocks of [2,2].',
  ],
  [
    () => arrangement.depthToSpace(x(1, 1, 1, 6), 2),
    'depthToSpace: the channels of [1,1,1,6] are no multiple of 2².',
  ],
  [
    () => arrangement.depthToSpace(x(1, 1, 1, 4, 2), 2),
    'depthToSpace: the channels of [1,1,1,4,2] are no multiple of 2².',
  ],
  [() => arrangement.bandPart(x(3), 0, 0), 'bandPart: takes matrices; got [3].'],
  [
    () =>
      movement.pad(x(2, 2), [
        [0, 1],
        [0, -1],
      ]),
    'pad: takes two non-negative integers for each axis of [2,2]; got [[0,1],[0,-1]].',
  ],
  [
    () =>
      movement.pad(x(2, 2), [
        [0, 1],
        [0.5, 0],
      ]),
    'pad: takes two non-negative integers for each axis of [2,2]; got [[0,1],[0.5,0]].',
  ],
  [
    () => movement.pad(x(2, 2), [[0, 1]]),
    'pad: takes two non-negative integers for each axis of [2,2]; got [[0,1]].',
  ],
  [() => movement.slice(x(2, 3), [0, 1], [2, 3]), 'slice: from [0,1] with size [2,3] leaves [2,3].'],
  [() => movement.slice(x(2, 3), [-1, 0], [1, 1]), 'slice: from [-1,0] with size [1,1] leaves [2,3].'],
  [() => movement.slice(x(2, 3), [0, 0.5], [1, 1]), 'slice: from [0,0.5] with size [1,1] leaves [2,3].'],
  [() => movement.transpose(x(2, 3), [0, 0]), 'transpose: [0,0] is no permutation of the 2 axes of [2,3].'],
  [() => movement.transpose(x(2, 3), [0]), 'transpose: [0] is no permutation of the 2 axes of [2,3].'],
  [() => movement.concat([x(2, 3), x(2, 4)], 0), 'concat: shapes [2,3], [2,4] differ outside axis 0.'],
  [() => movement.concat([x(2, 3), x(2)], 0), 'concat: shapes [2,3], [2] differ outside axis 0.'],
  [() => reshape(x(2, 3), [4, -1]), 'reshape: [2,3] has 6 elements and cannot become [4,-1].'],
  [() => reshape(x(2, 3), [5]), 'reshape: [2,3] has 6 elements and cannot become [5].'],
  [
    () => convolution.conv2d(x(3, 3, 2), x(1, 1, 2, 1)),
    'conv2d: takes images [batch, height, width, channels]; got [3,3,2].',
  ],
  [
    () => convolution.conv2d(x(1, 3, 3, 2), x(1, 1, 2)),
    'conv2d: filters [1,1,2] in 1 groups do not fit 2 channels; they are [height, width, channels / groups, outputs].',
  ],
  [
    () => convolution.conv2d(x(1, 3, 3, 4), x(1, 1, 2, 3), { groups: 2 }),
    'conv2d: filters [1,1,2,3] in 2 groups do not fit 4 channels',
  ],
  [
    () => convolution.conv2d(x(1, 2, 3, 1), x(2, 2, 1, 1), { dilation: [2, 1] }),
    'conv2d: a window of [2,2] with dilation [2,1] does not fit into an image of [2,3]: nothing would be left.',
  ],
  [
    () => convolution.conv2d(x(1, 2, 1, 1), x(3, 3, 1, 1), { padding: [1, 0, 0, 0] }),
    'conv2d: a window of [3,3] does not fit into an image of [2,1] with padding [1,0,0,0]: nothing would be left.',
  ],
  [
    () => folds.maxPool2d(x(3, 3, 2), pool),
    'maxPool2d: takes images [batch, height, width, channels]; got [3,3,2].',
  ],
  [
    () => folds.averagePool2d(x(3, 3, 2), pool),
    'averagePool2d: takes images [batch, height, width, channels]; got [3,3,2].',
  ],
  [
    () => folds.depthwiseConv2d(x(3, 3, 2), x(1, 1, 2, 1), pool),
    'depthwiseConv2d: takes images [batch, height, width, channels]; got [3,3,2].',
  ],
  [
    () => folds.depthwiseConv2d(x(1, 3, 3, 2), x(1, 1, 3, 1), pool),
    'depthwiseConv2d: filters [1,1,3,1] do not fit 2 channels; they are [height, width, channels, multiplier].',
  ],
  [
    () => spatial.conv2d(x(3, 3), x(1, 1, 1, 1), 1, 'same'),
    'conv2d: takes 4 axes, or 3 for one of a batch; got [3,3].',
  ],
  [
    () => spatial.conv2d(x(1, 3, 3, 2), x(1, 1, 2, 1), [1, 0], 'same'),
    'conv2d: windows, strides and dilations are positive integers, one for each of 2 axes; got [1,1], [1,0] and [1,1].',
  ],
  [
    () => spatial.conv2d(x(1, 3, 3, 2), x(1, 1, 2, 1), [0, 1], 'same'),
    'conv2d: windows, strides and dilations are positive integers, one for each of 2 axes; got [1,1], [0,1] and [1,1].',
  ],
  ...[
    'all',
    -1,
    0.5,
    [
      [0, 0],
      [1, 1],
      [0, 0],
    ],
    [
      [0, 0],
      [1, 1],
      [1, -1],
      [0, 0],
    ],
    [[0, 0], [1], [1, 1], [0, 0]],
  ].map(
    (pad): Refused => [
      () => spatial.conv2d(x(1, 3, 3, 2), x(1, 1, 2, 1), 1, pad as 'same'),
      `conv2d: pad must be 'valid', 'same', a number, or [before, after] for every axis; got ${JSON.stringify(pad)}.`,
    ],
  ),
  [
    () => volumes.maxPool3d(x(1, 1, 2, 2, 1), [2, 1, 1], 1, 'valid'),
    'a window of depth 2 does not fit into [1,2,2].',
  ],
  [
    () => volumes.conv3d(x(1, 2, 2, 2, 3), x(1, 1, 1, 2, 1), 1, 'valid'),
    'conv3d: filters [1,1,1,2,1] do not fit 3 channels, which must be their axis 3 of 5.',
  ],
  [
    () => volumes.conv3dTranspose(x(1, 2, 2, 2, 3), x(1, 1, 1, 3, 2), [1, 2, 2, 2, 3], 1, 'same'),
    'conv3dTranspose: filters [1,1,1,3,2] do not fit 3 channels, which must be their axis 4 of 5.',
  ],
  [
    () => dilation2d(x(1, 3, 3, 2), x(2, 2, 3), 1, 'valid'),
    'dilation2d: a filter [2,2,3] does not fit images [1,3,3,2]; it is [height, width, channels].',
  ],
  [
    () => dilation2d(x(1, 3, 3, 2), x(2, 2, 2, 1), 1, 'valid'),
    'dilation2d: a filter [2,2,2,1] does not fit images [1,3,3,2]',
  ],
  [
    () => images.resizeBilinear(x(3, 3), [1, 1]),
    'resizeBilinear: takes 4 axes, or 3 for one of a batch; got [3,3].',
  ],
  [
    () => images.flipLeftRight(x(3, 3, 1)),
    'flipLeftRight: takes images [batch, height, width, channels]; got [3,3,1].',
  ],
  [
    () => images.transform(x(2, 2, 1), x(1, 8)),
    'transform: takes images [batch, height, width, channels]; got [2,2,1].',
  ],
  [
    () => images.rgbToGrayscale(x(3)),
    'Error in rgbToGrayscale: images must be at least rank 2, but got rank 1.',
  ],
  [
    () => images.grayscaleToRGB(x(2, 2, 3)),
    'Error in grayscaleToRGB: last dimension of a grayscale image should be size 1, but got size 3.',
  ],
  [
    () => images.rgbToGrayscale(x(3, 2)),
    'Error in rgbToGrayscale: last dimension of an RGB image should be size 3, but got size 2.',
  ],
  [
    () => gathering.gather(x(2, 3), x(3, 1), 1, 1),
    'gather: the first 1 axes of [2,3] and of indices [3,1] must be the same, before axis 1.',
  ],
  [
    () => gathering.gather(x(2, 3), x(2, 1), 0, 1),
    'gather: the first 1 axes of [2,3] and of indices [2,1] must be the same, before axis 0.',
  ],
  [() => gathering.scatterAdd(x(2), x(2), -1), 'there are no -1 slices to add to; give 0 or more.'],
  [
    () => gathering.gatherND(x(2, 3), x(4, 3)),
    'gatherND: indices [4,3] have 3 numbers each; [2,3] has 2 axes.',
  ],
  [
    () => gathering.scatterND(x(4, 1), x(4, 2), [2, 3]),
    'scatterND: updates must be [4,3] for indices [4,1] and shape [2,3]; got [4,2].',
  ],
  [
    () => gathering.unsortedSegmentSum(x(2, 3), x(3), 1),
    'unsortedSegmentSum: takes a segment for each of the slices of [2,3]; got [3].',
  ],
  [
    () => gathering.unsortedSegmentSum(x(2, 3), x(2, 1), 1),
    'unsortedSegmentSum: takes a segment for each of the slices of [2,3]; got [2,1].',
  ],
  [
    () => stridedSlice(x(3), [0], [3], [0]),
    'stridedSlice: [0] to [3] by [0] does not fit [3]; expected at most 1 entries',
  ],
  [
    () => stridedSlice(x(3, 3), [0, 0], [3, 3], [1, 0]),
    'stridedSlice: [0,0] to [3,3] by [1,0] does not fit [3,3]',
  ],
  [() => stridedSlice(x(3), [0, 0], [3, 1]), 'stridedSlice: [0,0] to [3,1] by [1,1] does not fit [3]'],
  ...[3, -4].map(
    (at): Refused => [
      () => stridedSlice(x(3), [at], [4], [1], { shrinkAxisMask: 1 }),
      `stridedSlice: there is no element ${at} of an axis of 3.`,
    ],
  ),
  [() => topk(x(), 1), 'topk: topk() expects the input to be of rank 1 or higher; got k 1 for [].'],
  [() => topk(x(3), -1), "topk: 'k' passed to topk() must be >= 0, an integer; got k -1 for [3]."],
  [() => topk(x(3), 4), "topk: 'k' passed to topk() must be <= the last dimension (3); got k 4 for [3]."],
  [() => matMul(x(3), x(3, 4)), 'matMul'],
  [() => matMul(x(2, 3), x(2, 4)), 'matMul'],
  [() => matMul(x(2, 2, 3), x(3, 3, 4)), 'matMul'],
  [() => dot(x(3), x(2)), 'dot'],
  [() => dot(x(1, 2, 3), x(3)), 'dot'],
  [() => outerProduct(x(2, 1), x(3)), 'outerProduct'],
  ...[() => gramSchmidt([x(2), x(2), x(2)]), () => gramSchmidt(x(3, 2))].map(
    (refused): Refused => [
      refused,
      'gramSchmidt: Number of vectors (3) exceeds number of dimensions (2): they cannot be independent.',
    ],
  ),
  [() => qr(x(3)), 'qr() requires input tensor to have a rank >= 2, but got rank 1.'],
  [() => norm(x(2, 3), 3), 'norm: there is no norm 3 over all elements'],
  [() => norm(x(2, 3), 'fro'), 'norm: there is no norm fro over all elements'],
  [() => norm(x(1, 2, 3), 1, [0, 1, 2]), 'norm: there is no norm 1 over 3 axes'],
  [() => norm(x(2, 3), 2, [0, 1]), 'norm: there is no norm 2 over 2 axes'],
  [() => softmax(x()), 'softmax: takes at least one axis; got a scalar.'],
  [() => softmaxCrossEntropy(x(), x()), 'softmaxCrossEntropy: takes at least one axis; got a scalar.'],
  [() => logSoftmax(x()), 'logSoftmax: takes at least one axis; got a scalar.'],
  [() => softmaxCrossEntropy(x(2, 3), x(2, 4)), 'broadcastTo: [2,4] does not b'],
  [
    () => crossEntropy(x(2, 3), x(2, 4)),
    'crossEntropy: predictions [2,4] and targets [2,3] must have one shape.',
  ],
  [
    () => binaryCrossEntropy(x(3), x(2)),
    'binaryCrossEntropy: predictions [2] and targets [3] must have one shape.',
  ],
];

test.each(refused.map(([build, sentence], i) => [`${i}: ${sentence}`, build, sentence] as const))(
  '%s',
  (_, build, sentence) => {
    graph = new Graph();
    inputs = 0;
    expect(() => graph.within('hidden', build)).toThrow(`hidden: ${sentence}`);
  },
);
