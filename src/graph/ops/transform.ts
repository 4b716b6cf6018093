// Images through affine maps: what random rotations, shifts and zooms do.

import { FillMode, Interpolation } from '../../../assembly/opcodes.ts';
import { Opcode, TransformWord } from '../../../assembly/words.ts';
import type { Emitter, Op, Value } from '../graph.ts';
import { bitsOf } from '../words.ts';
import { asFloat } from './conversion.ts';

/** What is read outside of an image: the edge mirrored, the other side, `fillValue`, or the edge. */
export type FillModeName = keyof typeof FillMode;
export type InterpolationName = keyof typeof Interpolation;

export interface TransformAttrs {
  readonly fillMode: FillModeName;
  readonly fillValue: number;
  readonly interpolation: InterpolationName;
}

function emitTransform(
  opcode: Opcode.transform | Opcode.transformGradient,
  [images, maps, seen]: readonly Value[],
  node: Value,
  emitter: Emitter,
): void {
  const { fillMode, fillValue, interpolation } = node.attrs as TransformAttrs;
  const [batch, height, width, channels] = node.shape;
  emitter.command(opcode, {
    [TransformWord.images]: emitter.address(images),
    [TransformWord.maps]: emitter.address(maps),
    [TransformWord.seen]: emitter.address(seen),
    [TransformWord.batch]: batch,
    [TransformWord.height]: height,
    [TransformWord.width]: width,
    [TransformWord.channels]: channels,
    [TransformWord.fillMode]: FillMode[fillMode],
    [TransformWord.interpolation]: Interpolation[interpolation],
    [TransformWord.fillValue]: bitsOf(fillValue),
  });
}

/** Multiply-adds that a pixel costs in time. */
const work = (node: Value) => 16 * node.size;

const transformGradientOp: Op<TransformAttrs> = {
  name: 'transformGradient',
  kind: 'kernel',
  work,
  shape: ([dy]) => dy.shape,
  // The map is linear in the images but for what the fill value adds.
  gradient: (d, { inputs: [, maps], attrs }) => [
    transformImages(d, maps, { ...attrs, fillValue: 0 }),
    undefined,
  ],
  emit: (node, emitter) => {
    const [dy, maps] = node.inputs;
    emitTransform(Opcode.transformGradient, [node, maps, dy], node, emitter);
  },
};

/** y[pixel] = x[map(pixel)]. No gradient flows to the maps. */
const transformOp: Op<TransformAttrs> = {
  name: 'transform',
  kind: 'kernel',
  work,
  shape: ([x]) => x.shape,
  gradient: (dy, { inputs: [, maps], attrs }) => [
    dy.graph.add(transformGradientOp, [dy, maps], attrs),
    undefined,
  ],
  emit: (node, emitter) => {
    const [x, maps] = node.inputs;
    emitTransform(Opcode.transform, [x, maps, node], node, emitter);
  },
};

/** @internal */
export const transformOps = { transform: transformOp, transformGradient: transformGradientOp };

/**
 * Images [batch, height, width, channels] as seen through a map each: maps [batch, 6] hold a, b, c, d, e, f, and
 * pixel (x, y) of the result is the image's at (a·x + b·y + c, d·x + e·y + f).
 */
export const transformImages = (images: Value, maps: Value, attrs: TransformAttrs): Value =>
  images.graph.add(transformOp, [asFloat(images), maps], attrs);
