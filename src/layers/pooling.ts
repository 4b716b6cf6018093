// Pooling: the largest or the mean of what a window sees, or of all there is, channel by channel. Rows are images of
// height 1.

import type { Value } from '../graph/graph.ts';
import { div, maximum, mul } from '../graph/ops/elementwise.ts';
import { max, mean, sum } from '../graph/ops/reductions.ts';
import { reshape } from '../graph/ops/sources.ts';
import { averagePool2d, maxPool2d, type Pool } from '../graph/ops/window-folds.ts';
import { formatShape } from '../graph/shape.ts';
import { type CallContext, Layer, type LayerOptions, type Masks } from './layer.ts';
import type { ModelShape } from './symbolic.ts';
import {
  asImages,
  channelsOf,
  checkDataFormat,
  checkWindowOptions,
  fromImages,
  paddingOf,
  perAxis,
  type WindowOptions,
  type WindowRank,
} from './window-options.ts';

export interface PoolingOptions extends WindowOptions {
  /** Size of the window, for all axes or for each; 2 by default. */
  readonly poolSize?: number | readonly number[];
  /** Pixels between two windows; poolSize by default. */
  readonly strides?: number | readonly number[] | null;
}

abstract class Pooling extends Layer<PoolingOptions> {
  readonly #pool: (x: Value, pool: Pool) => Value;
  readonly #rank: WindowRank;
  readonly #size: readonly [number, number];
  readonly #strides: readonly [number, number];

  constructor(options: PoolingOptions, rank: WindowRank, pool: (x: Value, pool: Pool) => Value) {
    super(options);
    this.#pool = pool;
    this.#rank = rank;
    const size = options.poolSize ?? 2;
    this.#size = perAxis(this, 'poolSize', size, rank);
    this.#strides = perAxis(this, 'strides', options.strides ?? size, rank);
    checkWindowOptions(this, rank);
  }

  override build(inputShape: ModelShape): void {
    channelsOf(this, inputShape, this.#rank);
  }

  override call(input: Value): Value {
    const x = asImages(input);
    const padding = paddingOf(this.options.padding, x.shape.slice(1), this.#size, this.#strides);
    const pool: Pool = { size: this.#size, strides: this.#strides, padding, dilation: [1, 1] };
    return fromImages(this.#pool(x, pool), this.#rank);
  }
}

/** The largest of every window of rows: [batch, length, channels] → [batch, length', channels]. */
export class MaxPooling1D extends Pooling {
  static readonly className = 'MaxPooling1D';

  constructor(options: PoolingOptions = {}) {
    super(options, 1, maxPool2d);
  }
}

/** The largest of every window of images: [batch, height, width, channels] → [batch, height', width', channels]. */
export class MaxPooling2D extends Pooling {
  static readonly className = 'MaxPooling2D';

  constructor(options: PoolingOptions = {}) {
    super(options, 2, maxPool2d);
  }
}

/** The mean of every window of rows, padding not counted: [batch, length, channels] → [batch, length', channels]. */
export class AveragePooling1D extends Pooling {
  static readonly className = 'AveragePooling1D';

  constructor(options: PoolingOptions = {}) {
    super(options, 1, averagePool2d);
  }
}

/**
 * The mean of every window of images, padding not counted:
 * [batch, height, width, channels] → [batch, height', width', channels].
 */
export class AveragePooling2D extends Pooling {
  static readonly className = 'AveragePooling2D';

  constructor(options: PoolingOptions = {}) {
    super(options, 2, averagePool2d);
  }
}

export interface GlobalPoolingOptions extends LayerOptions {
  /** 'channelsLast', the only one there is. */
  readonly dataFormat?: 'channelsLast';
}

/** Folds all positions of each channel: [batch, …, channels] → [batch, channels]. */
abstract class GlobalPooling extends Layer<GlobalPoolingOptions> {
  protected readonly axes: readonly number[];
  readonly #fold: (x: Value, axes: readonly number[]) => Value;

  constructor(
    options: GlobalPoolingOptions,
    rank: WindowRank,
    fold: (x: Value, axes: readonly number[]) => Value,
  ) {
    super(options);
    this.axes = rank === 1 ? [1] : [1, 2];
    this.#fold = fold;
    checkDataFormat(this, options.dataFormat);
  }

  override build(inputShape: ModelShape): void {
    const rank = this.axes.length + 2;
    if (inputShape.length === rank) return;
    throw this.error(`takes input of rank ${rank}; got ${formatShape(inputShape)}.`);
  }

  override call(x: Value, _context: CallContext): Value {
    return this.#fold(x, this.axes);
  }
}

/** The largest over time: [batch, time, channels] → [batch, channels]. */
export class GlobalMaxPooling1D extends GlobalPooling {
  static readonly className = 'GlobalMaxPooling1D';

  constructor(options: GlobalPoolingOptions = {}) {
    super(options, 1, max);
  }
}

/** The largest over each image: [batch, height, width, channels] → [batch, channels]. */
export class GlobalMaxPooling2D extends GlobalPooling {
  static readonly className = 'GlobalMaxPooling2D';

  constructor(options: GlobalPoolingOptions = {}) {
    super(options, 2, max);
  }
}

/** The mean over time, over the steps that count where there is a mask: [batch, time, channels] → [batch, channels]. */
export class GlobalAveragePooling1D extends GlobalPooling {
  static readonly className = 'GlobalAveragePooling1D';
  override readonly supportsMasking = true;

  constructor(options: GlobalPoolingOptions = {}) {
    super(options, 1, mean);
  }

  override call(x: Value, context: CallContext): Value {
    const [mask] = context.masks;
    if (!mask) return super.call(x, context);
    const counts = reshape(mask, [...mask.shape, 1]);
    return div(sum(mul(x, counts), 1), maximum(sum(counts, 1), 1));
  }

  /** None: there are no time steps any more. */
  protected override computeMask(): Masks {
    return [];
  }
}

/** The mean over each image: [batch, height, width, channels] → [batch, channels]. */
export class GlobalAveragePooling2D extends GlobalPooling {
  static readonly className = 'GlobalAveragePooling2D';

  constructor(options: GlobalPoolingOptions = {}) {
    super(options, 2, mean);
  }
}
