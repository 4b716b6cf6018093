// Blocks of images moved to the batch or to the channels, and back.

import type { Value } from '../graph/graph.ts';
import * as arrangement from '../graph/ops/arrangement.ts';
import type { Tensor4D } from '../tensor/types.ts';
import { requirePairs } from './arguments.ts';
import { type Giving, lift, liftAlike } from './lift.ts';

/** Blocks of x's axes 1, 2, … moved to the batch, after zeros around them: each block's place is a batch of its own. */
export const spaceToBatchND = liftAlike(
  'spaceToBatchND',
  ['x', 'blockShape:integers', 'paddings:pairs'],
  (x: Value, blockShape: readonly number[], paddings: readonly (readonly number[])[]) => {
    const { graph, rank, shape } = x;
    const count = blockShape.length;
    if (!blockShape.every((size) => size > 0))
      throw graph.error(`spaceToBatchND: blockShape must be positive; got ${blockShape}.`);
    if (rank < 1 + count)
      throw graph.error(`spaceToBatchND: input rank ${rank} should be > than [blockShape] ${count}.`);
    if (paddings.length !== count) {
      throw graph.error(
        `spaceToBatchND: paddings.shape[0] ${paddings.length} must be equal to [blockShape] ${count}.`,
      );
    }
    requirePairs('spaceToBatchND', x, paddings);
    const sizes = blockShape.map((_, i) => shape[i + 1] + paddings[i][0] + paddings[i][1]);
    if (sizes.some((size, i) => size % blockShape[i] !== 0)) {
      throw graph.error(
        `spaceToBatchND: input spatial dimensions ${shape.slice(1)} with paddings ${paddings} must be divisible by blockShapes ${blockShape}.`,
      );
    }
    return arrangement.spaceToBatchND(x, blockShape, paddings);
  },
);

/** The reverse of `spaceToBatchND`: blocks of the batch become places of x's axes 1, 2, …, which are then cropped. */
export const batchToSpaceND = liftAlike(
  'batchToSpaceND',
  ['x', 'blockShape:integers', 'crops:pairs'],
  (x: Value, blockShape: readonly number[], crops: readonly (readonly number[])[]) => {
    const { graph, rank, shape } = x;
    const count = blockShape.length;
    const batches = blockShape.reduce((product, block) => product * block, 1);
    if (rank < 1 + count) {
      throw graph.error(
        `batchToSpaceND: input rank is ${rank} but should be > than blockShape.length ${count}.`,
      );
    }
    if (crops.length !== count) {
      throw graph.error(
        `batchToSpaceND: crops.length is ${crops.length} but should be equal to blockShape.length  ${count}.`,
      );
    }
    requirePairs('batchToSpaceND', x, crops);
    if (shape[0] % batches !== 0) {
      throw graph.error(
        `batchToSpaceND: input tensor batch is ${shape[0]} but is not divisible by the product of the elements of blockShape ` +
          `${blockShape.join(' * ')} === ${batches}.`,
      );
    }
    return arrangement.batchToSpaceND(x, blockShape, crops);
  },
);

const channelsToBlocks = (x: Value, blockSize: number, dataFormat: 'NHWC' | 'NCHW' = 'NHWC'): Value => {
  const { graph, shape } = x;
  if (!(blockSize > 1)) {
    throw graph.error(`depthToSpace: blockSize should be > 1 for depthToSpace, but was: ${blockSize}.`);
  }
  const depth = shape[dataFormat === 'NHWC' ? 3 : 1];
  if (depth % blockSize ** 2 !== 0) {
    throw graph.error(
      `depthToSpace: Dimension size must be evenly divisible by ${blockSize ** 2} but is ${depth} for depthToSpace with input shape ${shape}.`,
    );
  }
  return arrangement.depthToSpace(x, blockSize, dataFormat);
};

/** Channels of images as blocks of pixels: [batch, h, w, c·b²] becomes [batch, h·b, w·b, c]. */
export const depthToSpace: Giving<Tensor4D, typeof channelsToBlocks> = lift(
  'depthToSpace',
  ['x:float32', 'blockSize:integer', 'dataFormat?:NHWC|NCHW'],
  channelsToBlocks,
);
