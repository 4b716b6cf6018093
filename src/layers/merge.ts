// Layers of several inputs.

import type { Value } from '../graph/graph.ts';
import { broadcastTo, ones } from '../graph/ops/broadcasting.ts';
import { add, div, maximum, minimum, mul, sub } from '../graph/ops/elementwise.ts';
import { concat } from '../graph/ops/movement.ts';
import { reshape } from '../graph/ops/sources.ts';
import { broadcastShapes, formatShape, fromFront, normalizeAxis, type Shape } from '../graph/shape.ts';
import { integer } from '../options/kinds.ts';
import { describe, type OptionsOf, optional, type SettingsOf } from '../options/option.ts';
import { Layer, type Masks } from './base/layer.ts';
import { type LayerOptions, type LayerSettings, layerOptions } from './base/layer-options.ts';
import { alongFirst } from './base/mask.ts';
import type { ModelShape } from './base/symbolic.ts';

/** A layer of a list of inputs. */
export abstract class Merge<
  Options extends LayerSettings = LayerSettings,
  Given extends object = LayerOptions,
> extends Layer<Options, Given> {
  override supportsMasking = true;

  protected override checkShapes(shapes: readonly ModelShape[]): void {
    if (shapes.length > 1) return;
    throw this.error(
      'takes a list of at least two inputs. It should be called on a list of at least 2 inputs. Got 1 input.',
    );
  }
}

/** A layer that works element by element. Inputs of lower rank get axes of size 1 behind the batch. */
abstract class ElementwiseMerge extends Merge {
  /** Two values, or the result so far and the next value, as one. */
  protected abstract merge(a: Value, b: Value): Value;

  protected override checkShapes(shapes: readonly ModelShape[]): void {
    super.checkShapes(shapes);
    const known = shapes.map(([, ...sizes]) => sizes.map((size) => size ?? 1));
    if (known.reduce<Shape | undefined>((a, b) => a && broadcastShapes(a, b), [])) return;
    throw this.error(
      `Operands could not be broadcast together with shapes ${shapes.map(formatShape).join(', ')}.`,
    );
  }

  override compute(inputs: readonly Value[]): Value {
    const rank = Math.max(...inputs.map((input) => input.rank));
    const aligned = inputs.map((input) => {
      const [batch, ...sizes] = input.shape;
      return reshape(input, [batch, ...new Array<number>(rank - input.rank).fill(1), ...sizes]);
    });
    return aligned.reduce((a, b) => this.merge(a, b));
  }

  /** A step counts where it does in all inputs; the mask of one with fewer axes is for a single step. */
  protected override outputMasks(masks: Masks, inputs: readonly Value[]): Masks {
    const rank = Math.max(...inputs.map((input) => input.rank));
    return super.outputMasks(
      masks.map((mask, i) => (inputs[i].rank === rank ? mask : undefined)),
      inputs,
    );
  }
}

/** The sum of its inputs, element by element. */
export class Add extends ElementwiseMerge {
  static readonly className = 'Add';
  static override readonly options = layerOptions;

  protected override merge(a: Value, b: Value): Value {
    return add(a, b);
  }
}

/** The product of its inputs, element by element. */
export class Multiply extends ElementwiseMerge {
  static readonly className = 'Multiply';
  static override readonly options = layerOptions;

  protected override merge(a: Value, b: Value): Value {
    return mul(a, b);
  }
}

/** The mean of its inputs, element by element. */
export class Average extends ElementwiseMerge {
  static readonly className = 'Average';
  static override readonly options = layerOptions;

  protected override merge(a: Value, b: Value): Value {
    return add(a, b);
  }

  override compute(inputs: readonly Value[]): Value {
    return div(super.compute(inputs), inputs.length);
  }
}

/** The largest of its inputs, element by element. */
export class Maximum extends ElementwiseMerge {
  static readonly className = 'Maximum';
  static override readonly options = layerOptions;

  protected override merge(a: Value, b: Value): Value {
    return maximum(a, b);
  }
}

/** The smallest of its inputs, element by element. */
export class Minimum extends ElementwiseMerge {
  static readonly className = 'Minimum';
  static override readonly options = layerOptions;

  protected override merge(a: Value, b: Value): Value {
    return minimum(a, b);
  }
}

/** The first of two inputs minus the second, element by element. */
export class Subtract extends ElementwiseMerge {
  static readonly className = 'Subtract';
  static override readonly options = layerOptions;

  protected override checkShapes(shapes: readonly ModelShape[]): void {
    super.checkShapes(shapes);
    if (shapes.length !== 2) throw this.error(`takes two inputs; got ${shapes.length}.`);
  }

  protected override merge(a: Value, b: Value): Value {
    return sub(a, b);
  }
}

const concatenateOptions = /* @__PURE__ */ describe(layerOptions, {
  /** −1 by default. */
  axis: optional(integer, -1),
});

export interface ConcatenateOptions extends OptionsOf<typeof concatenateOptions> {}

/** Its inputs joined along an axis; they must agree along the others. */
export class Concatenate extends Merge<SettingsOf<typeof concatenateOptions>, ConcatenateOptions> {
  static readonly className = 'Concatenate';
  static override readonly options = concatenateOptions;

  protected override checkShapes(shapes: readonly ModelShape[]): void {
    super.checkShapes(shapes);
    const rank = shapes[0].length;
    const { axis } = this.options;
    if (axis < -rank || axis >= rank) {
      throw this.error(`axis must be from ${-rank} to ${rank - 1} for inputs of rank ${rank}; got ${axis}.`);
    }
    const joined = fromFront(axis, rank);
    const fits = shapes.every(
      (shape) => shape.length === rank && shape.every((size, i) => i === joined || size === shapes[0][i]),
    );
    if (!fits) {
      throw this.error(
        `inputs must agree outside axis ${axis}; got shapes ${shapes.map(formatShape).join(', ')}. ` +
          'It requires inputs with matching shapes except for the axis along which they are joined.',
      );
    }
  }

  override compute(inputs: readonly Value[]): Value {
    return concat(inputs, this.options.axis);
  }

  /** Joined along time, masks are joined too; joined along another axis, a step counts where all do. */
  protected override outputMasks(masks: Masks, inputs: readonly Value[]): Masks {
    const rank = Math.max(...masks.map((mask) => mask?.rank ?? 0));
    const axis = normalizeAxis(this.name, this.options.axis, inputs[0].rank);
    if (axis >= rank) return super.outputMasks(masks, inputs);
    return [
      concat(
        inputs.map(({ shape, graph }, i) => {
          const [mask, sizes] = [masks[i], shape.slice(0, rank)];
          return mask ? broadcastTo(alongFirst(mask, rank), sizes) : ones(graph, sizes);
        }),
        axis,
      ),
    ];
  }
}
