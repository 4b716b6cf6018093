// Layers that move or repeat elements and compute nothing.

import type { Value } from '../graph/graph.ts';
import { broadcastTo } from '../graph/ops/movement.ts';
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
