// What a recurrent layer repeats: a layer of one time step.

import { shown } from '../../errors.ts';
import type { Value } from '../../graph/graph.ts';
import { reshape } from '../../graph/ops/sources.ts';
import type { Shape } from '../../graph/shape.ts';
import { positiveInteger } from '../../options/kinds.ts';
import { Trace } from '../../state/trace.ts';
import { type CallContext, Layer } from '../base/layer.ts';
import type { LayerOptions } from '../base/layer-options.ts';
import { unmasked } from '../base/mask.ts';
import { type ModelShape, shapesIn } from '../base/symbolic.ts';

/** A cell at work on one batch. */
export interface CellRun {
  /**
   * What can be done for all times at once, before the first.
   * @param x [time, batch, …]
   * @returns [time·batch, …]
   */
  project(x: Value): Value;
  /** @param x what was projected, of one time. @returns the output, then the new states */
  step(x: Value, states: readonly Value[]): readonly Value[];
}

/**
 * The computation of one time step: `call([x, …states])` gives the output and the new states. To write your own,
 * extend it and give it to `tf.layers.rnn`.
 */
export abstract class RNNCell<
  Options extends object = LayerOptions,
  Given extends object = Options,
> extends Layer<Options, Given> {
  /** How many numbers each state has for a sample. */
  abstract readonly stateSize: number | number[];

  /**
   * Shapes of the states.
   * @param x shape of one time step's input, the batch included
   * @throws LanegradError where a class of one's own has a `stateSize` that is none
   */
  stateShapes(x: Shape): Shape[] {
    const sizes = [this.stateSize].flat() as number[];
    const isGiven = sizes.length > 0 && sizes.every((size) => positiveInteger.read(size));
    if (isGiven) return sizes.map((size) => [x[0], size]);
    throw this.error(
      `stateSize must be a positive integer, or a list of such; got ${shown(this.stateSize)}.`,
    );
  }

  /** Whether a step is the same at all times, so that it may be traced once. A cell of one's own is called for each. */
  get isRepeated(): boolean {
    return false;
  }

  /** Begins with a batch. @param _x shape of one time step's input, the batch included */
  begin(_context: CallContext, _x: Shape): CellRun {
    if (this.call === Layer.prototype.call)
      throw this.error('a cell must say by call what it computes: the output, and the new states.');
    return {
      project: (x) => reshape(x, [x.shape[0] * x.shape[1], ...x.shape.slice(2)]),
      step: (x, states) => this.trace(Trace.current, [x, ...states]).map(unmasked),
    };
  }

  /** Behind the input stand states. */
  protected override checkShapes(): void {}

  /** @internal It is built for its input alone. */
  override ensureBuilt(inputShape: ModelShape | readonly ModelShape[]): void {
    super.ensureBuilt(shapesIn(inputShape)[0]);
  }

  /** One time step, for a cell that stands alone. */
  override compute(inputs: Value | readonly Value[], context: CallContext): Value | readonly Value[] {
    const [x, ...states] = [inputs].flat() as Value[];
    const needed = this.stateShapes(x.shape).length;
    if (states.length !== needed) {
      throw this.error(`takes an input and ${needed} state${needed > 1 ? 's' : ''}; got ${states.length}.`);
    }
    const run = this.begin(context, x.shape);
    return run.step(run.project(reshape(x, [1, ...x.shape])), states);
  }
}
