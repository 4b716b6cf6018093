// Layers that make images larger or smaller: [batch, height, width, channels].

import type { Value } from '../graph/graph.ts';
import { broadcastTo } from '../graph/ops/broadcasting.ts';
import { add, mul } from '../graph/ops/elementwise.ts';
import { concat, pad, slice } from '../graph/ops/movement.ts';
import { reshape } from '../graph/ops/sources.ts';
import { formatShape } from '../graph/shape.ts';
import { oneOf } from '../options/kinds.ts';
import {
  describe,
  type Kind,
  type OptionsOf,
  optional,
  required,
  type SettingsOf,
} from '../options/option.ts';
import type { ModelShape } from './base/symbolic.ts';
import { ChannelLayer } from './channel-layer.ts';
import { imageOptions, perImage } from './window-options.ts';

type EdgePairs = readonly [readonly [number, number], readonly [number, number]];
/** Pixels at an image's edges: for all four, for [vertical, horizontal], or as [[top, bottom], [left, right]]. */
type Edges = number | readonly [number, number] | EdgePairs;

const edges: Kind<Edges, EdgePairs> = {
  expected: 'a non-negative integer, two, or two pairs of them',
  read(given) {
    const list: readonly unknown[] = Array.isArray(given) ? given : [given, given];
    const pairs = list.map((one) => (Array.isArray(one) ? one : [one, one]));
    const isPair = (pair: readonly unknown[]) =>
      pair.length === 2 && pair.every((n) => Number.isSafeInteger(n) && (n as number) >= 0);
    return pairs.length === 2 && pairs.every(isPair) ? (pairs as unknown as EdgePairs) : undefined;
  },
};

/** A layer on images [batch, height, width, channels], or with channels first. */
abstract class ImageLayer<
  Options extends SettingsOf<typeof imageOptions>,
  Given extends object,
> extends ChannelLayer<Options, Given> {
  protected override readonly rank = 2;
}

const zeroPaddingOptions = /* @__PURE__ */ describe(imageOptions, {
  /** Pixels added: on all sides, as [vertical, horizontal] or as [[top, bottom], [left, right]]; 1 by default. */
  padding: optional(edges, 1),
});

export interface ZeroPadding2DOptions extends OptionsOf<typeof zeroPaddingOptions> {}

/** Images with zeros around them: [batch, height, width, channels]. */
export class ZeroPadding2D extends ImageLayer<SettingsOf<typeof zeroPaddingOptions>, ZeroPadding2DOptions> {
  static readonly className = 'ZeroPadding2D';
  static override readonly options = zeroPaddingOptions;

  protected override change(x: Value): Value {
    return pad(x, [[0, 0], ...this.options.padding, [0, 0]]);
  }
}

const croppingOptions = /* @__PURE__ */ describe(imageOptions, {
  /** Pixels cut off: on all sides, as [vertical, horizontal] or as [[top, bottom], [left, right]]. */
  cropping: required(edges),
});

export interface Cropping2DOptions extends OptionsOf<typeof croppingOptions> {}

/** Images without their edges: [batch, height, width, channels]. */
export class Cropping2D extends ImageLayer<SettingsOf<typeof croppingOptions>, Cropping2DOptions> {
  static readonly className = 'Cropping2D';
  static override readonly options = croppingOptions;

  /** @internal */
  override buildFor(inputShape: ModelShape): void {
    super.buildFor(inputShape);
    const { cropping, dataFormat } = this.options;
    const first = dataFormat === 'channelsFirst' ? 2 : 1;
    const left = cropping.map(([before, after], i) => (inputShape[i + first] ?? Infinity) - before - after);
    if (left.some((size) => size <= 0)) {
      throw this.error(`cropping ${JSON.stringify(cropping)} leaves nothing of ${formatShape(inputShape)}.`);
    }
  }

  protected override change(x: Value): Value {
    const [[top, bottom], [left, right]] = this.options.cropping;
    const [batch, height, width, channels] = x.shape;
    return slice(x, [0, top, left, 0], [batch, height - top - bottom, width - left - right, channels]);
  }
}

const upSamplingOptions = /* @__PURE__ */ describe(imageOptions, {
  /** How many rows and columns a pixel becomes; [2, 2] by default. */
  size: optional(perImage, [2, 2]),
  /** 'nearest' by default. */
  interpolation: optional(oneOf('nearest', 'bilinear'), 'nearest'),
});

export interface UpSampling2DOptions extends OptionsOf<typeof upSamplingOptions> {}

/** Larger images: [batch, height, width, channels] → [batch, height·size[0], width·size[1], channels]. */
export class UpSampling2D extends ImageLayer<SettingsOf<typeof upSamplingOptions>, UpSampling2DOptions> {
  static readonly className = 'UpSampling2D';
  static override readonly options = upSamplingOptions;

  protected override change(x: Value): Value {
    const { size, interpolation } = this.options;
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
