// Layers of several inputs.

import type { Value } from '../graph/graph.ts';
import { add, div, maximum, minimum, mul, sub } from '../graph/ops/elementwise.ts';
import { broadcastTo, concat } from '../graph/ops/movement.ts';
import { constant } from '../graph/ops/sources.ts';
import { formatShape, normalizeAxis } from '../graph/shape.ts';
import { Layer, type LayerOptions, type Masks } from './layer.ts';
import type { ModelShape } from './symbolic.ts';

export abstract class Merge<Options extends LayerOptions = LayerOptions> extends Layer<Options> {
  override readonly supportsMasking = true;

  override build(inputShape: ModelShape | readonly ModelShape[]): void {
    const shapes = Array.isArray(inputShape[0]) ? (inputShape as readonly ModelShape[]) : [];
    if (shapes.length < 2) throw this.error('takes a list of at least two inputs.');
    this.checkShapes(shapes);
  }

  protected checkShapes(_shapes: readonly ModelShape[]): void {}
}

/** The sum of its inputs, element by element. */
export class Add extends Merge {
  static readonly className = 'Add';

  override call(inputs: readonly Value[]): Value {
    return inputs.reduce((a, b) => add(a, b));
  }
}

/** The product of its inputs, element by element. */
export class Multiply extends Merge {
  static readonly className = 'Multiply';

  override call(inputs: readonly Value[]): Value {
    return inputs.reduce((a, b) => mul(a, b));
  }
}

/** The mean of its inputs, element by element. */
export class Average extends Merge {
  static readonly className = 'Average';

  override call(inputs: readonly Value[]): Value {
    return div(
      inputs.reduce((a, b) => add(a, b)),
      inputs.length,
    );
  }
}

/** The largest of its inputs, element by element. */
export class Maximum extends Merge {
  static readonly className = 'Maximum';

  override call(inputs: readonly Value[]): Value {
    return inputs.reduce((a, b) => maximum(a, b));
  }
}

/** The smallest of its inputs, element by element. */
export class Minimum extends Merge {
  static readonly className = 'Minimum';

  override call(inputs: readonly Value[]): Value {
    return inputs.reduce((a, b) => minimum(a, b));
  }
}

/** The first of two inputs minus the second, element by element. */
export class Subtract extends Merge {
  static readonly className = 'Subtract';

  protected override checkShapes(shapes: readonly ModelShape[]): void {
    if (shapes.length !== 2) throw this.error(`takes two inputs; got ${shapes.length}.`);
  }

  override call([a, b]: readonly Value[]): Value {
    return sub(a, b);
  }
}

export interface ConcatenateOptions extends LayerOptions {
  /** −1 by default. */
  readonly axis?: number;
}

/** Its inputs joined along an axis; they must agree along the others. */
export class Concatenate extends Merge<ConcatenateOptions> {
  static readonly className = 'Concatenate';

  protected override checkShapes(shapes: readonly ModelShape[]): void {
    const rank = shapes[0].length;
    const { axis = -1 } = this.options;
    if (axis < -rank || axis >= rank) {
      throw this.error(`axis must be from ${-rank} to ${rank - 1} for inputs of rank ${rank}; got ${axis}.`);
    }
    const joined = axis < 0 ? axis + rank : axis;
    const fits = shapes.every(
      (shape) => shape.length === rank && shape.every((size, i) => i === joined || size === shapes[0][i]),
    );
    if (!fits) {
      throw this.error(
        `inputs must agree outside axis ${axis}; got shapes ${shapes.map(formatShape).join(', ')}.`,
      );
    }
  }

  override call(inputs: readonly Value[]): Value {
    return concat(inputs, this.options.axis ?? -1);
  }

  /** Joined along time, masks are joined too; joined along another axis, a step counts where all do. */
  protected override computeMask(masks: Masks, inputs: readonly Value[]): Masks {
    const first = masks.find((mask) => mask !== undefined);
    const axis = normalizeAxis(this.name, this.options.axis ?? -1, inputs[0].rank);
    if (!first || axis >= first.rank) return super.computeMask(masks, inputs);
    const ones = ({ graph, shape }: Value) => broadcastTo(constant(graph, [1]), shape.slice(0, first.rank));
    return [
      concat(
        masks.map((mask, i) => mask ?? ones(inputs[i])),
        axis,
      ),
    ];
  }
}
