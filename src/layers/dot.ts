// `dot`: products of two inputs, summed along an axis.

import type { Value } from '../graph/graph.ts';
import { sum } from '../graph/ops/broadcasting.ts';
import { div, maximum, sqrt, square } from '../graph/ops/elementwise.ts';
import { matMul } from '../graph/ops/matmul.ts';
import { transpose } from '../graph/ops/movement.ts';
import { reshape } from '../graph/ops/sources.ts';
import { formatShape, fromFront, sizeOf } from '../graph/shape.ts';
import { flag, integer } from '../options/kinds.ts';
import {
  describe,
  type Kind,
  type OptionsOf,
  optional,
  required,
  type SettingsOf,
} from '../options/option.ts';
import type { Masks } from './base/layer.ts';
import { layerOptions } from './base/layer-options.ts';
import type { ModelShape } from './base/symbolic.ts';
import { Merge } from './merge.ts';

const axes: Kind<number | readonly [number, number], number | readonly [number, number]> = {
  expected: 'an integer, or two of them',
  read(given) {
    if (!Array.isArray(given)) return integer.read(given);
    return given.length === 2 && given.every(Number.isInteger) ? (given as [number, number]) : undefined;
  },
};

const dotOptions = /* @__PURE__ */ describe(layerOptions, {
  /** The axis of each input to sum along, or one for both; axes count from the batch, 0, or from the end, −1. */
  axes: required(axes),
  /** Whether inputs are divided by their length along these axes: the cosine of their angle. False by default. */
  normalize: optional(flag, false),
});

export interface DotOptions extends OptionsOf<typeof dotOptions> {}

/**
 * Σ of the products of two inputs along an axis of each, sample by sample: [batch, …a, n, …b] and
 * [batch, …c, n, …d] → [batch, …a, …b, …c, …d]; [batch, 1] where no axis is left.
 */
export class Dot extends Merge<SettingsOf<typeof dotOptions>, DotOptions> {
  static readonly className = 'Dot';
  static override readonly options = dotOptions;

  protected override checkShapes(shapes: readonly ModelShape[]): void {
    super.checkShapes(shapes);
    if (shapes.length !== 2)
      throw this.error(`should be called on a list of exactly 2 inputs; got ${shapes.length}.`);
    const [a, b] = this.#axes(shapes);
    if (shapes[0][a] === shapes[1][b]) return;
    throw this.error(
      `inputs must agree along axes ${a} and ${b}; got shapes ${shapes.map(formatShape).join(', ')}. ` +
        `Dimension incompatibility: ${shapes[0][a]} !== ${shapes[1][b]}`,
    );
  }

  override compute([a, b]: readonly Value[]): Value {
    const [axisA, axisB] = this.#axes([a.shape, b.shape]);
    const left = this.#asRows(a, axisA);
    const right = this.#asRows(b, axisB);
    const others = [a, b].flatMap(({ shape }, i) =>
      shape.filter((_, axis) => axis > 0 && axis !== [axisA, axisB][i]),
    );
    return reshape(matMul(left, right, false, true), [a.shape[0], ...(others.length > 0 ? others : [1])]);
  }

  /** None: what comes out has other axes. */
  protected override outputMasks(): Masks {
    return [];
  }

  /** [batch, rows, n]: the axis last, all others but the batch as one. */
  #asRows(x: Value, axis: number): Value {
    const others = x.shape.map((_, i) => i).filter((i) => i > 0 && i !== axis);
    const count = sizeOf(others.map((each) => x.shape[each]));
    const rows = reshape(transpose(x, [0, ...others, axis]), [x.shape[0], count, x.shape[axis]]);
    if (!this.options.normalize) return rows;
    // TensorFlow.js divides by no less than its epsilon, too.
    return div(rows, sqrt(maximum(sum(square(rows), -1, true), 1e-7)));
  }

  #axes(shapes: readonly (readonly unknown[])[]): number[] {
    const { axes } = this.options;
    return (typeof axes === 'number' ? [axes, axes] : axes).map((axis, i) => {
      const rank = shapes[i].length;
      const known = fromFront(axis, rank);
      if (Number.isInteger(known) && known > 0 && known < rank) return known;
      throw this.error(`axes must be from 1 to ${rank - 1} for an input of rank ${rank}; got ${axis}.`);
    });
  }
}
