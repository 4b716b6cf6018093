// `tf.browser`: between pixels and tensors.

import { isObject, LanegradError, shown } from '../errors.ts';
import { readAs, share } from '../options/kinds.ts';
import {
  type Canvas,
  type Context2D,
  findPageGlobal,
  type ImagePixels,
  pageGlobal,
} from '../platform/page.ts';
import { toTensor } from '../tensor/convert.ts';
import type { TensorLike } from '../tensor/nested-array.ts';
import { count } from '../tensor/scopes.ts';
import { formatShape } from '../tensor/shape.ts';
import { Tensor } from '../tensor/tensor.ts';
import type { Tensor3D } from '../tensor/types.ts';

/**
 * Pixels: an `ImageData` or an object like one; or, in a page, an image, a video or a frame of one, a canvas or a bitmap.
 */
export type PixelSource =
  | ImagePixels
  | { readonly width: number; readonly height: number }
  | { readonly displayWidth: number; readonly displayHeight: number };

/** Where what is drawn says its size: videos, frames of them, and others. */
interface Drawable {
  readonly videoWidth?: number;
  readonly videoHeight?: number;
  readonly displayWidth?: number;
  readonly displayHeight?: number;
  readonly width?: number;
  readonly height?: number;
}

/** What a canvas is asked for, so that reading from it is quick. */
const forReading = { willReadFrequently: true };

/**
 * Pixels as an int32 tensor [height, width, channels] of numbers from 0 to 255.
 * @param numChannels 1 takes red alone, 3 (the default) leaves out opacity, 4 takes all
 * @throws LanegradError for what has no pixels, and where the runtime cannot draw what is no `ImageData`.
 */
export function fromPixels(pixels: PixelSource, numChannels = 3): Tensor3D {
  if (!Number.isInteger(numChannels) || numChannels < 1 || numChannels > 4) {
    throw new LanegradError(
      `browser.fromPixels: numChannels must be 1, 2, 3 or 4; got ${shown(numChannels)}. Cannot construct Tensor with more than 4 channels from pixels.`,
    );
  }
  const { data, width, height } = pixelsOf(pixels);
  const values = new Int32Array(width * height * numChannels);
  // Channel by channel, which is twice as fast as pixel by pixel.
  for (let channel = 0; channel < numChannels; channel++)
    for (let at = channel, from = channel; at < values.length; at += numChannels, from += 4)
      values[at] = data[from];
  return count(new Tensor(values, [height, width, numChannels], 'int32'));
}

/** `fromPixels`, as a promise. */
export const fromPixelsAsync = async (pixels: PixelSource, numChannels = 3): Promise<Tensor3D> =>
  fromPixels(pixels, numChannels);

function pixelsOf(source: PixelSource): ImagePixels {
  if (!isObject(source)) {
    throw new LanegradError(
      `browser.fromPixels: pixels passed to tf.browser.fromPixels() can not be ${shown(source)}.`,
    );
  }
  if ('data' in source) return checked(source);
  const given: Drawable = source;
  const width = given.videoWidth ?? given.displayWidth ?? given.width;
  const height = given.videoHeight ?? given.displayHeight ?? given.height;
  if (typeof width !== 'number' || typeof height !== 'number') throw noPicture(source);
  if (!(width > 0 && height > 0)) {
    throw new LanegradError(
      `browser.fromPixels: expected a picture that has pixels; got ${width} × ${height}. Wait until it is loaded.`,
    );
  }
  const own = 'getContext' in source ? (source as Canvas).getContext('2d') : null;
  if (own) return { data: own.getImageData(0, 0, width, height).data, width, height };
  const context = drawing('browser.fromPixels', width, height);
  try {
    context.drawImage(source, 0, 0, width, height);
  } catch (cause) {
    throw cause instanceof TypeError ? noPicture(source) : cause;
  }
  return context.getImageData(0, 0, width, height);
}

const noPicture = (source: object): LanegradError =>
  new LanegradError(
    'browser.fromPixels: pixels must be either an HTMLVideoElement, HTMLImageElement, canvas, ImageBitmap, ' +
      `VideoFrame or ImageData, but was ${shown(source).replace(/^an? /, '')}.`,
  );

function checked(pixels: ImagePixels): ImagePixels {
  const { data, width, height } = pixels;
  if (data?.length === 4 * width * height) return pixels;
  throw new LanegradError(
    `browser.fromPixels: ${width} × ${height} pixels are ${4 * width * height} bytes; data has ${data?.length}.`,
  );
}

/** A canvas that is not on the page. */
function drawing(where: string, width: number, height: number): Context2D {
  const instead = 'Decode the picture yourself, and give { data, width, height }.';
  const Offscreen = findPageGlobal('OffscreenCanvas');
  if (Offscreen) return new Offscreen(width, height).getContext('2d', forReading)!;
  const canvas = pageGlobal(where, 'document', instead).createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  return canvas.getContext('2d', forReading)!;
}

/**
 * A tensor [height, width] or [height, width, 1, 3 or 4] as bytes: red, green, blue and opacity of each pixel. float32
 * numbers are from 0 to 1, int32 ones from 0 to 255.
 * @param canvas what they are drawn on too
 * @throws LanegradError for other shapes, and numbers out of range.
 */
export async function toPixels(image: Tensor | TensorLike, canvas?: Canvas): Promise<Uint8ClampedArray> {
  const { bytes, width, height } = bytesOf(image);
  if (canvas) put(canvas, bytes, width, height);
  return bytes;
}

/** How a tensor is drawn. */
export interface DrawOptions {
  /** The opacity of pixels that say none of their own, from 0 to 1; by default 1. */
  readonly imageOptions?: { readonly alpha?: number };
}

/** Draws a tensor on a canvas: see `toPixels`. */
export function draw(image: Tensor | TensorLike, canvas: Canvas, options?: DrawOptions): void {
  const alpha = readAs(share, 'browser.draw: alpha', options?.imageOptions?.alpha ?? 1);
  const { bytes, width, height } = bytesOf(image, Math.round(255 * alpha));
  put(canvas, bytes, width, height);
}

function put(canvas: Canvas, bytes: Uint8ClampedArray, width: number, height: number): void {
  const Pixels = pageGlobal('browser.toPixels', 'ImageData', 'Leave out the canvas, and take the bytes.');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d');
  if (!context) throw new LanegradError('browser.toPixels: the canvas draws in another way than 2d.');
  context.putImageData(new Pixels(bytes, width, height), 0, 0);
}

function bytesOf(
  image: Tensor | TensorLike,
  opacity = 255,
): { bytes: Uint8ClampedArray; width: number; height: number } {
  const given = image instanceof Tensor ? image : toTensor('browser.toPixels', 'img', image, 'int32');
  const { shape, dtype } = given;
  if (dtype === 'bool') {
    throw new LanegradError(
      'browser.toPixels: Unsupported type for toPixels: bool. Cast it to float32 or int32.',
    );
  }
  const [height, width, depth = 1] = shape;
  if (shape.length !== 2 && shape.length !== 3) {
    throw new LanegradError(
      `browser.toPixels: toPixels only supports rank 2 or 3 tensors, got rank ${shape.length}: ${formatShape(shape)}.`,
    );
  }
  if (depth > 4 || depth === 2 || depth === 0) {
    throw new LanegradError(
      `browser.toPixels: toPixels only supports depth of size 1, 3 or 4 but got ${depth}.`,
    );
  }
  const [most, scale] = dtype === 'float32' ? [1, 255] : [255, 1];
  const values = given.computed();
  checkRange(values, most, dtype);
  const bytes = new Uint8ClampedArray(4 * width * height).fill(opacity);
  for (let pixel = 0; pixel < width * height; pixel++) {
    for (let channel = 0; channel < Math.max(depth, 3); channel++) {
      const value = values[pixel * depth + (depth === 1 ? 0 : channel)];
      bytes[4 * pixel + channel] = Math.round(value * scale);
    }
  }
  return { bytes, width, height };
}

function checkRange(values: ArrayLike<number>, most: number, dtype: string): void {
  // By place: asked of each number by a function, or by an iterator, this took as long as all else.
  for (let i = 0; i < values.length; i++) {
    if (values[i] >= 0 && values[i] <= most) continue;
    throw new LanegradError(
      `browser.toPixels: Tensor values for a ${dtype} Tensor must be in the range [0 - ${most}] but encountered ${values[i]}.`,
    );
  }
}
