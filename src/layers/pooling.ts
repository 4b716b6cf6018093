// Pooling: the largest or the mean of what a window sees, channel by channel. Rows are images of height 1.

import type { Value } from '../graph/graph.ts';
import { averagePool2d, maxPool2d, type Pool } from '../graph/ops/window-folds.ts';
import { Layer } from './layer.ts';
import type { ModelShape } from './symbolic.ts';
import {
  asImages,
  channelsOf,
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
