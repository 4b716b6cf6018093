// The window that convolutions and pooling move over images [batch, height, width, channels].

import { WindowWord } from '../../../assembly/words.ts';
import type { Emitter, Value } from '../graph.ts';
import { formatShape, type Shape } from '../shape.ts';
import { wordsOf } from '../words.ts';

export interface Window {
  readonly strides: readonly [height: number, width: number];
  /** Pixels of zeros around the image. */
  readonly padding: readonly [top: number, bottom: number, left: number, right: number];
  readonly dilation: readonly [height: number, width: number];
}

/** From the first to the last element that a window sees along an axis. */
export const reachOf = (kernel: number, dilation: number): number => (kernel - 1) * dilation + 1;

/** How often a window fits along an axis. @param size paddings included */
export const outputSize = (size: number, reach: number, stride: number): number =>
  Math.floor((size - reach) / stride) + 1;

/** The window that moves mirrored filters over gradients of outputs, for those of the input, where strides are 1. */
export function mirrored<W extends Window>(window: W, kernel: readonly number[]): W {
  const { padding, dilation } = window;
  const around = ([0, 0, 1, 1] as const).map(
    (axis, side) => reachOf(kernel[axis], dilation[axis]) - 1 - padding[side],
  );
  return { ...window, padding: around as unknown as Window['padding'] };
}

/** So much around an axis that there are ⌈size / stride⌉ outputs, the odd one behind it. */
export function samePadding(
  size: number,
  reach: number,
  stride: number,
): readonly [before: number, after: number] {
  const total = Math.max((Math.ceil(size / stride) - 1) * stride + reach - size, 0);
  return [Math.floor(total / 2), Math.ceil(total / 2)];
}

/** Height and width of what a window over x gives. @throws LanegradError when the window does not fit. */
export function windowOutput(
  name: string,
  x: Value,
  kernel: readonly number[],
  { strides, padding, dilation }: Window,
): [height: number, width: number] {
  const sizes = [0, 1].map((axis) => {
    const padded = x.shape[axis + 1] + padding[2 * axis] + padding[2 * axis + 1];
    return outputSize(padded, reachOf(kernel[axis], dilation[axis]), strides[axis]);
  });
  if (sizes.some((size) => size < 1)) {
    throw x.graph.error(
      `${name}: a window of ${formatShape(kernel.slice(0, 2))}${spread(dilation)} does not fit into an image of ` +
        `${formatShape(x.shape.slice(1, 3))}${surrounded(padding)}: nothing would be left.`,
    );
  }
  return sizes as [number, number];
}

const spread = (dilation: readonly number[]) =>
  dilation.some((rate) => rate > 1) ? ` with dilation ${formatShape(dilation)}` : '';
const surrounded = (padding: readonly number[]) =>
  padding.some((count) => count > 0) ? ` with padding ${formatShape(padding)}` : '';

/** @throws LanegradError unless x is a batch of images. */
export function checkImages(name: string, { graph, shape }: Value): void {
  if (shape.length !== 4) {
    throw graph.error(`${name}: takes images [batch, height, width, channels]; got ${formatShape(shape)}.`);
  }
}

/** The record that the kernels read: `Window` in assembly/window.ts. */
export function windowTable(
  emitter: Emitter,
  x: Shape,
  y: Shape,
  kernel: readonly number[],
  { strides, padding: [top, , left], dilation }: Window,
): number {
  const [batch, height, width, channels] = x;
  const [, outHeight, outWidth] = y;
  const [kernelHeight, kernelWidth] = kernel;
  const [strideY, strideX] = strides;
  const [dilationY, dilationX] = dilation;
  return emitter.table(
    wordsOf<WindowWord>({
      [WindowWord.batch]: batch,
      [WindowWord.height]: height,
      [WindowWord.width]: width,
      [WindowWord.channels]: channels,
      [WindowWord.outHeight]: outHeight,
      [WindowWord.outWidth]: outWidth,
      [WindowWord.kernelHeight]: kernelHeight,
      [WindowWord.kernelWidth]: kernelWidth,
      [WindowWord.strideY]: strideY,
      [WindowWord.strideX]: strideX,
      [WindowWord.top]: top,
      [WindowWord.left]: left,
      [WindowWord.dilationY]: dilationY,
      [WindowWord.dilationX]: dilationX,
    }),
  );
}
