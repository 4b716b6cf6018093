// Layers that make images larger or smaller: [batch, height, width, channels].

import type { Value } from '../graph/graph.ts';
import { add, mul } from '../graph/ops/elementwise.ts';
import { broadcastTo, concat, pad, slice } from '../graph/ops/movement.ts';
import { reshape } from '../graph/ops/sources.ts';
import { formatShape } from '../graph/shape.ts';
import { Layer, type LayerOptions } from './layer.ts';
import type { ModelShape } from './symbolic.ts';
import { channelsOf, checkDataFormat } from './window-options.ts';

/** Pixels at an image's edges: for all four, for [vertical, horizontal], or as [[top, bottom], [left, right]]. */
type Edges = number | readonly [number, number] | readonly (readonly [number, number])[];
type EdgePairs = readonly [readonly [number, number], readonly [number, number]];

export interface ImageOptions extends LayerOptions {
  /** 'channelsLast', the only one there is. */
  readonly dataFormat?: 'channelsLast';
}

/** A layer on images [batch, height, width, channels]. */
abstract class ImageLayer<Options extends ImageOptions> extends Layer<Options> {
  constructor(options: Options) {
    super(options);
    checkDataFormat(this, options.dataFormat);
  }

  override build(inputShape: ModelShape): void {
    channelsOf(this, inputShape, 2);
  }

  /** An option as pairs for height and width. @throws LanegradError unless all are non-negative integers. */
  protected edges(option: string, value: Edges): EdgePairs {
    const pairs = (typeof value === 'number' ? [value, value] : value).map((one) =>
      typeof one === 'number' ? [one, one] : one,
    );
    const isPair = (pair: readonly number[]) =>
      pair.length === 2 && pair.every((n) => Number.isInteger(n) && n >= 0);
    if (pairs.length === 2 && pairs.every(isPair)) return pairs as unknown as EdgePairs;
    throw this.error(
      `${option} must be a non-negative integer, two, or two pairs of them; got ${JSON.stringify(value)}.`,
    );
  }
}

export interface ZeroPadding2DOptions extends ImageOptions {
  /** 1 by default. */
  readonly padding?: Edges;
}

/** Images with zeros around them: [batch, height, width, channels]. */
export class ZeroPadding2D extends ImageLayer<ZeroPadding2DOptions> {
  static readonly className = 'ZeroPadding2D';
  readonly #padding: EdgePairs;

  constructor(options: ZeroPadding2DOptions = {}) {
    super(options);
    this.#padding = this.edges('padding', options.padding ?? 1);
  }

  override call(x: Value): Value {
    return pad(x, [[0, 0], ...this.#padding, [0, 0]]);
  }
}

export interface Cropping2DOptions extends ImageOptions {
  readonly cropping: Edges;
}

/** Images without their edges: [batch, height, width, channels]. */
export class Cropping2D extends ImageLayer<Cropping2DOptions> {
  static readonly className = 'Cropping2D';
  readonly #cropping: EdgePairs;

  constructor(options: Cropping2DOptions) {
    super(options);
    this.#cropping = this.edges('cropping', options.cropping);
  }

  override build(inputShape: ModelShape): void {
    super.build(inputShape);
    const left = this.#cropping.map(([before, after], i) => (inputShape[i + 1] ?? Infinity) - before - after);
    if (left.some((size) => size <= 0)) {
      throw this.error(
        `cropping ${JSON.stringify(this.options.cropping)} leaves nothing of ${formatShape(inputShape)}.`,
      );
    }
  }

  override call(x: Value): Value {
    const [[top, bottom], [left, right]] = this.#cropping;
    const [batch, height, width, channels] = x.shape;
    return slice(x, [0, top, left, 0], [batch, height - top - bottom, width - left - right, channels]);
  }
}

export interface UpSampling2DOptions extends ImageOptions {
  /** How many rows and columns a pixel becomes; [2, 2] by default. */
  readonly size?: readonly [number, number];
  /** 'nearest' by default. */
  readonly interpolation?: 'nearest' | 'bilinear';
}

/** Larger images: [batch, height, width, channels] → [batch, height·size[0], width·size[1], channels]. */
export class UpSampling2D extends ImageLayer<UpSampling2DOptions> {
  static readonly className = 'UpSampling2D';

  constructor(options: UpSampling2DOptions = {}) {
    super(options);
    const { size = [2, 2], interpolation = 'nearest' } = options;
    if (!Array.isArray(size) || size.length !== 2) {
      throw this.error(`size must be two positive integers; got ${JSON.stringify(size)}.`);
    }
    for (const factor of size) this.positiveInteger('size', factor);
    if (!['nearest', 'bilinear'].includes(interpolation)) {
      throw this.error(`interpolation must be 'nearest' or 'bilinear'; got '${interpolation}'.`);
    }
  }

  override call(x: Value): Value {
    const { size = [2, 2], interpolation = 'nearest' } = this.options;
    const enlarge = interpolation === 'nearest' ? repeat : interpolate;
    return enlarge(enlarge(x, 1, size[0]), 2, size[1]);
  }
}

/** Each element `factor` times along an axis. */
function repeat(x: Value, axis: number, factor: number): Value {
  const [before, after] = [x.shape.slice(0, axis + 1), x.shape.slice(axis + 1)];
  const copies = broadcastTo(reshape(x, [...before, 1, ...after]), [...before, factor, ...after]);
  return reshape(copies, [...x.shape.slice(0, axis), x.shape[axis] * factor, ...after]);
}

/**
 * Linear interpolation along an axis with pixels' centres aligned, as TensorFlow 2 has it: copy k of pixel i lies
 * at i + (2k + 1 − factor) / (2·factor), between pixels i − 1 and i or i and i + 1. Edges repeat.
 */
function interpolate(x: Value, axis: number, factor: number): Value {
  const size = x.shape[axis];
  const part = (begin: number, length: number) =>
    slice(
      x,
      x.shape.map((_, i) => (i === axis ? begin : 0)),
      x.shape.map((whole, i) => (i === axis ? length : whole)),
    );
  const earlier = size === 1 ? x : concat([part(0, 1), part(0, size - 1)], axis);
  const later = size === 1 ? x : concat([part(1, size - 1), part(size - 1, 1)], axis);
  const [before, after] = [x.shape.slice(0, axis + 1), x.shape.slice(axis + 1)];
  const copies = Array.from({ length: factor }, (_, k) => {
    const distance = (2 * k + 1 - factor) / (2 * factor);
    const weight = Math.abs(distance);
    const copy = add(mul(x, 1 - weight), mul(distance < 0 ? earlier : later, weight));
    return reshape(copy, [...before, 1, ...after]);
  });
  return reshape(concat(copies, axis + 1), [...x.shape.slice(0, axis), size * factor, ...after]);
}
