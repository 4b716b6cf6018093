import type { Value } from '../graph/graph.ts';
import { greaterEqual, mul } from '../graph/ops/elementwise.ts';
import type { Shape } from '../graph/shape.ts';
import { Trace } from '../state/trace.ts';
import { type CallContext, Layer, type LayerOptions } from './layer.ts';

export interface DropoutOptions extends LayerOptions {
  /** Share of the inputs set to zero while training, from 0 to below 1. */
  readonly rate: number;
  /** Axes of size 1 here share one mask. By default every element has its own. */
  readonly noiseShape?: readonly (number | null)[];
  /** Fixes the masks whatever the seed of `fit`. */
  readonly seed?: number;
}

/** While training, zeroes a share `rate` of its inputs and scales the rest by 1/(1 − rate). */
export class Dropout extends Layer<DropoutOptions> {
  static readonly className = 'Dropout';
  override readonly supportsMasking = true;

  constructor(options: DropoutOptions) {
    super(options);
    this.fraction('rate', options.rate);
  }

  override call(x: Value, { training }: CallContext): Value {
    const { rate, noiseShape, seed } = this.options;
    if (!training || rate === 0) return x;
    const shape = x.shape.map((size, axis) => noiseShape?.[axis] ?? size);
    return mul(x, dropoutMask(shape, rate, seed));
  }
}

/** Zero for a share `rate` of its elements, 1/(1 − rate) for the rest; drawn anew in every step. */
export const dropoutMask = (shape: Shape, rate: number, seed?: number): Value =>
  mul(greaterEqual(Trace.current.randomUniform(shape, seed), rate), 1 / (1 - rate));
