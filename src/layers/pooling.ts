// Pooling: the largest or the mean of what a window sees, or of all there is, channel by channel. Rows are images of
// height 1.

import type { Value } from '../graph/graph.ts';
import { sum } from '../graph/ops/broadcasting.ts';
import { div, maximum, mul } from '../graph/ops/elementwise.ts';
import { max, mean } from '../graph/ops/reductions.ts';
import { reshape } from '../graph/ops/sources.ts';
import { avgPool3d, maxPool3d } from '../graph/ops/volumes.ts';
import { averagePool2d, maxPool2d, type Pool } from '../graph/ops/window-folds.ts';
import { formatShape } from '../graph/shape.ts';
import { flag } from '../options/kinds.ts';
import { describe, type OptionsOf, optional, type SettingsOf } from '../options/option.ts';
import { type CallContext, Layer, type Masks } from './base/layer.ts';
import type { ModelShape } from './base/symbolic.ts';
import { ChannelLayer } from './channel-layer.ts';
import {
  asImages,
  fromChannelsLast,
  fromImages,
  imageOptions,
  padding,
  paddingOf,
  perImage,
  perRow,
  perVolume,
  type WindowRank,
  withChannelsLast,
} from './window-options.ts';

const pooling2dOptions = /* @__PURE__ */ describe(imageOptions, {
  /** Size of the window, for all axes or for each; 2 by default. */
  poolSize: optional(perImage, 2),
  /** Pixels between two windows: poolSize where that is given, else 2 by default. */
  strides: optional(perImage, 2),
  /** 'valid' by default: no padding. 'same': windows reach beyond the input, to ⌈size / stride⌉ outputs. */
  padding: optional(padding, 'valid'),
});

const pooling1dOptions = /* @__PURE__ */ describe(pooling2dOptions, {
  /** Size of the window; 2 by default. */
  poolSize: optional(perRow, 2),
  /** Elements between two windows: poolSize where that is given, else 2 by default. */
  strides: optional(perRow, 2),
});

export interface PoolingOptions extends OptionsOf<typeof pooling2dOptions> {}
type PoolingSettings = SettingsOf<typeof pooling2dOptions>;

/** Windows lie side by side where strides are not given. */
const withStrides = <Given extends PoolingOptions | Pooling3DOptions>(options?: Given) =>
  ({ ...options, strides: options?.strides ?? options?.poolSize }) as Given;

abstract class Pooling extends ChannelLayer<PoolingSettings, PoolingOptions> {
  protected abstract override readonly rank: WindowRank;
  protected abstract readonly pool: (x: Value, pool: Pool) => Value;

  constructor(options?: PoolingOptions) {
    super(withStrides(options));
  }

  protected override change(input: Value): Value {
    const { poolSize: size, strides, padding } = this.options;
    const x = asImages(input);
    const edges = paddingOf(padding, x.shape.slice(1), size, strides);
    return fromImages(this.pool(x, { size, strides, padding: edges, dilation: [1, 1] }), this.rank);
  }
}

/** The largest of every window of rows: [batch, length, channels] → [batch, length', channels]. */
export class MaxPooling1D extends Pooling {
  static readonly className = 'MaxPooling1D';
  static override readonly options = pooling1dOptions;
  protected override readonly rank = 1;
  protected override readonly pool = maxPool2d;
}

/** The largest of every window of images: [batch, height, width, channels] → [batch, height', width', channels]. */
export class MaxPooling2D extends Pooling {
  static readonly className = 'MaxPooling2D';
  static override readonly options = pooling2dOptions;
  protected override readonly rank = 2;
  protected override readonly pool = maxPool2d;
}

/** The mean of every window of rows, padding not counted: [batch, length, channels] → [batch, length', channels]. */
export class AveragePooling1D extends Pooling {
  static readonly className = 'AveragePooling1D';
  static override readonly options = pooling1dOptions;
  protected override readonly rank = 1;
  protected override readonly pool = averagePool2d;
}

/**
 * The mean of every window of images, padding not counted:
 * [batch, height, width, channels] → [batch, height', width', channels].
 */
export class AveragePooling2D extends Pooling {
  static readonly className = 'AveragePooling2D';
  static override readonly options = pooling2dOptions;
  protected override readonly rank = 2;
  protected override readonly pool = averagePool2d;
}

const pooling3dOptions = /* @__PURE__ */ describe(pooling2dOptions, {
  /** Size of the window, for all axes or for each; 2 by default. */
  poolSize: optional(perVolume, 2),
  /** Voxels between two windows: poolSize where that is given, else 2 by default. */
  strides: optional(perVolume, 2),
});

export interface Pooling3DOptions extends OptionsOf<typeof pooling3dOptions> {}

abstract class VolumePooling extends ChannelLayer<SettingsOf<typeof pooling3dOptions>, Pooling3DOptions> {
  protected override readonly rank = 3;
  protected abstract readonly pool: typeof maxPool3d;

  constructor(options?: Pooling3DOptions) {
    super(withStrides(options));
  }

  protected override change(x: Value): Value {
    const { poolSize, strides, padding } = this.options;
    return this.pool(x, poolSize, strides, padding);
  }
}

/** The largest of every window of volumes: [batch, depth, height, width, channels] → [batch, d', h', w', channels]. */
export class MaxPooling3D extends VolumePooling {
  static readonly className = 'MaxPooling3D';
  static override readonly options = pooling3dOptions;
  protected override readonly pool = maxPool3d;
}

/**
 * The mean of every window of volumes, padding not counted:
 * [batch, depth, height, width, channels] → [batch, d', h', w', channels].
 */
export class AveragePooling3D extends VolumePooling {
  static readonly className = 'AveragePooling3D';
  static override readonly options = pooling3dOptions;
  protected override readonly pool = avgPool3d;
}

const globalOptions = /* @__PURE__ */ describe(imageOptions, {
  /** Whether the axes that are folded stay, of size 1, as in Keras. False by default. */
  keepdims: optional(flag, false),
});

export interface GlobalPoolingOptions extends OptionsOf<typeof globalOptions> {}

/** Folds all positions of each channel: [batch, …, channels] → [batch, channels]. */
abstract class GlobalPooling extends Layer<SettingsOf<typeof globalOptions>, GlobalPoolingOptions> {
  protected abstract readonly axes: readonly number[];
  protected abstract readonly fold: (x: Value, axes: readonly number[]) => Value;

  /** @internal */
  override buildFor(inputShape: ModelShape): void {
    const rank = this.axes.length + 2;
    if (inputShape.length === rank) return;
    throw this.error(`takes input of rank ${rank}; got ${formatShape(inputShape)}.`);
  }

  override compute(x: Value, context: CallContext): Value {
    const { dataFormat, keepdims } = this.options;
    const folded = this.foldAll(withChannelsLast(x, dataFormat), context);
    if (!keepdims) return folded;
    const [batch, channels] = folded.shape;
    return fromChannelsLast(reshape(folded, [batch, ...this.axes.map(() => 1), channels]), dataFormat);
  }

  protected foldAll(x: Value, _context: CallContext): Value {
    return this.fold(x, this.axes);
  }
}

/** The largest over time: [batch, time, channels] → [batch, channels]. */
export class GlobalMaxPooling1D extends GlobalPooling {
  static readonly className = 'GlobalMaxPooling1D';
  static override readonly options = globalOptions;
  protected override readonly axes = [1];
  protected override readonly fold = max;
}

/** The largest over each image: [batch, height, width, channels] → [batch, channels]. */
export class GlobalMaxPooling2D extends GlobalPooling {
  static readonly className = 'GlobalMaxPooling2D';
  static override readonly options = globalOptions;
  protected override readonly axes = [1, 2];
  protected override readonly fold = max;
}

/** The mean over time, over the steps that count where there is a mask: [batch, time, channels] → [batch, channels]. */
export class GlobalAveragePooling1D extends GlobalPooling {
  static readonly className = 'GlobalAveragePooling1D';
  static override readonly options = globalOptions;
  override supportsMasking = true;
  protected override readonly axes = [1];
  protected override readonly fold = mean;

  protected override foldAll(x: Value, context: CallContext): Value {
    const [mask] = context.masks;
    if (!mask) return super.foldAll(x, context);
    const counts = reshape(mask, [...mask.shape, 1]);
    return div(sum(mul(x, counts), 1), maximum(sum(counts, 1), 1));
  }

  /** None: there are no time steps any more. */
  protected override outputMasks(): Masks {
    return [];
  }
}

/** The mean over each image: [batch, height, width, channels] → [batch, channels]. */
export class GlobalAveragePooling2D extends GlobalPooling {
  static readonly className = 'GlobalAveragePooling2D';
  static override readonly options = globalOptions;
  protected override readonly axes = [1, 2];
  protected override readonly fold = mean;
}
