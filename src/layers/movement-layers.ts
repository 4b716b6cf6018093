// Layers that move or repeat elements and compute nothing.

import type { Value } from '../graph/graph.ts';
import { broadcastTo, transpose } from '../graph/ops/movement.ts';
import { reshape } from '../graph/ops/sources.ts';
import { formatShape } from '../graph/shape.ts';
import { Layer, type LayerOptions } from './layer.ts';
import type { ModelShape } from './symbolic.ts';

export interface RepeatVectorOptions extends LayerOptions {
  /** How many times. */
  readonly n: number;
}

/** Each sample n times, one after the other: [batch, features] → [batch, n, features]. */
export class RepeatVector extends Layer<RepeatVectorOptions> {
  static readonly className = 'RepeatVector';

  constructor(options: RepeatVectorOptions) {
    super(options);
    this.positiveInteger('n', options.n);
  }

  override build(inputShape: ModelShape): void {
    if (inputShape.length === 2) return;
    throw this.error(`takes input of shape [batch,features]; got ${formatShape(inputShape)}.`);
  }

  override call(x: Value): Value {
    const [batch, features] = x.shape;
    return broadcastTo(reshape(x, [batch, 1, features]), [batch, this.options.n, features]);
  }
}

export interface PermuteOptions extends LayerOptions {
  /** Which axis of a sample comes first, second, …; axes count from 1. */
  readonly dims: readonly number[];
}

/** The axes of each sample in another order. */
export class Permute extends Layer<PermuteOptions> {
  static readonly className = 'Permute';

  constructor(options: PermuteOptions) {
    super(options);
    const { dims } = options;
    const isOrder = Array.isArray(dims) && dims.every((_, i) => dims.includes(i + 1));
    if (!isOrder) throw this.error(`dims must hold each axis from 1 up once; got ${JSON.stringify(dims)}.`);
  }

  override build(inputShape: ModelShape): void {
    const { dims } = this.options;
    if (inputShape.length === dims.length + 1) return;
    throw this.error(
      `dims lists ${dims.length} axes; input ${formatShape(inputShape)} has ${inputShape.length - 1}.`,
    );
  }

  override call(x: Value): Value {
    return transpose(x, [0, ...this.options.dims]);
  }
}
