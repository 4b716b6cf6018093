// Layers that move or repeat elements and compute nothing.

import type { Value } from '../graph/graph.ts';
import { broadcastTo } from '../graph/ops/broadcasting.ts';
import { transpose } from '../graph/ops/movement.ts';
import { reshape } from '../graph/ops/sources.ts';
import { formatShape } from '../graph/shape.ts';
import { positiveInteger } from '../options/kinds.ts';
import { describe, type Kind, type OptionsOf, required, type SettingsOf } from '../options/option.ts';
import { Layer } from './base/layer.ts';
import { layerOptions } from './base/layer-options.ts';
import type { ModelShape } from './base/symbolic.ts';

const repeatVectorOptions = /* @__PURE__ */ describe(layerOptions, {
  /** How many times. */
  n: required(positiveInteger),
});

export interface RepeatVectorOptions extends OptionsOf<typeof repeatVectorOptions> {}

/** Each sample n times, one after the other: [batch, features] → [batch, n, features]. */
export class RepeatVector extends Layer<SettingsOf<typeof repeatVectorOptions>, RepeatVectorOptions> {
  static readonly className = 'RepeatVector';
  static override readonly options = repeatVectorOptions;

  /** @internal */
  override buildFor(inputShape: ModelShape): void {
    if (inputShape.length === 2) return;
    throw this.error(`takes input of shape [batch,features]; got ${formatShape(inputShape)}.`);
  }

  override compute(x: Value): Value {
    const [batch, features] = x.shape;
    return broadcastTo(reshape(x, [batch, 1, features]), [batch, this.options.n, features]);
  }
}

/** Every axis from 1 up once. */
const order: Kind<readonly number[]> = {
  expected: 'a list that holds each axis from 1 up once',
  read: (given) => (Array.isArray(given) && given.every((_, i) => given.includes(i + 1)) ? given : undefined),
};

const permuteOptions = /* @__PURE__ */ describe(layerOptions, {
  /** Which axis of a sample comes first, second, …; axes count from 1. */
  dims: required(order),
});

export interface PermuteOptions extends OptionsOf<typeof permuteOptions> {}

/** The axes of each sample in another order. */
export class Permute extends Layer<SettingsOf<typeof permuteOptions>, PermuteOptions> {
  static readonly className = 'Permute';
  static override readonly options = permuteOptions;

  /** @internal */
  override buildFor(inputShape: ModelShape): void {
    const { dims } = this.options;
    if (inputShape.length === dims.length + 1) return;
    throw this.error(
      `dims lists ${dims.length} axes; input ${formatShape(inputShape)} has ${inputShape.length - 1}.`,
    );
  }

  override compute(x: Value): Value {
    return transpose(x, [0, ...this.options.dims]);
  }
}
