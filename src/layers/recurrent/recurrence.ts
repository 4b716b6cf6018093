// Recurrent layers: a cell's step, repeated over time.

import { shown } from '../../errors.ts';
import type { Value } from '../../graph/graph.ts';
import { zeros } from '../../graph/ops/broadcasting.ts';
import { identity } from '../../graph/ops/elementwise.ts';
import { transpose } from '../../graph/ops/movement.ts';
import { reverse } from '../../graph/ops/strides.ts';
import { formatShape, type Shape, sameShape, sizeOf } from '../../graph/shape.ts';
import { flag, positiveInteger } from '../../options/kinds.ts';
import { describe, type OptionsOf, optional, type SettingsOf } from '../../options/option.ts';
import { Trace } from '../../state/trace.ts';
import { zeros as zerosOf } from '../../tensor/creation.ts';
import { LayerVariable } from '../../tensor/layer-variable.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { type CallContext, Layer, type Masks } from '../base/layer.ts';
import { layerOptions, unsaved } from '../base/layer-options.ts';
import { type ModelShape, shapesIn } from '../base/symbolic.ts';
import { loopOptions, type Repetition, repeated, unrolled } from './repetition.ts';
import type { RNNCell } from './rnn-cell.ts';

export const recurrenceOptions = {
  /** Whether the output has every time step's, [batch, time, units]; false by default: it is the last, [batch, units]. */
  returnSequences: optional(flag, false),
  /** Whether the final states are outputs too; false by default. */
  returnState: optional(flag, false),
  /** Whether time runs from last to first, in the output as well; false by default. */
  goBackwards: optional(flag, false),
  /** Whether a batch begins with the states that the one before it ended with; false by default. */
  stateful: optional(flag, false),
  /** Accepted for scripts that give it: a step is traced once, or for each time, as it pays. */
  unroll: optional(flag),
  /** Number of features, in place of inputShape, for the first layer of a sequential model. */
  inputDim: optional(unsaved(positiveInteger)),
  /** Number of time steps, to go with inputDim; open by default. */
  inputLength: optional(unsaved(positiveInteger)),
};

const allOptions = /* @__PURE__ */ describe(layerOptions, recurrenceOptions);
export type RecurrenceSettings = SettingsOf<typeof allOptions>;
export interface RecurrenceOptions extends OptionsOf<typeof allOptions> {}

/** A layer of one cell repeated over time: [batch, time, …] → [batch, …]. */
export abstract class Recurrent<
  Options extends RecurrenceSettings = RecurrenceSettings,
  Given extends object = RecurrenceOptions,
> extends Layer<Options, Given> {
  abstract readonly cell: RNNCell;
  declare readonly returnSequences: boolean;
  declare readonly returnState: boolean;
  declare readonly goBackwards: boolean;
  #memory: LayerVariable[] = [];

  override get batchInputShape(): ModelShape | undefined {
    const { inputDim, inputLength = null, batchSize = null } = this.options;
    return super.batchInputShape ?? (inputDim ? [batchSize, inputLength, inputDim] : undefined);
  }

  /** @internal */
  override buildFor(inputShape: ModelShape | readonly ModelShape[]): void {
    const [shape] = shapesIn(inputShape);
    this.checkInput(shape);
    const [batch, , ...sizes] = shape;
    this.cell.weightScope = this.weightScope;
    this.cell.ensureBuilt([batch, ...sizes]);
    if (this.options.stateful) this.#remember([batch, ...sizes]);
  }

  /** Behind the sequence may stand states to begin with, which are checked where they are read. */
  protected override checkShapes(): void {}

  /** @throws LanegradError for a shape that the cell cannot read. */
  protected checkInput(shape: ModelShape): void {
    if (shape.length === 3 && shape[2] !== null) return;
    throw this.error(`takes input of shape [batch,time,features]; got ${formatShape(shape)}.`);
  }

  protected override get innerLayers(): readonly RNNCell[] {
    return [this.cell];
  }

  override compute(inputs: Value | readonly Value[], context: CallContext): Value | readonly Value[] {
    const [x, ...given] = [inputs].flat() as Value[];
    const { returnSequences, returnState } = this.options;
    const [batch, time, ...sizes] = x.shape;
    const run = this.cell.begin(context, [batch, ...sizes]);
    const mask = context.masks[0];
    const repetition: Repetition = {
      step: (now, states) => run.step(now, states),
      times: time,
      projected: run.project(this.#inTime(x)),
      counts: mask && this.#inTime(mask),
      states: this.#initialStates(given, x),
      returnSequences,
    };
    const { output, states } = this.#isLoop(time)
      ? (repeated(repetition) ?? unrolled(repetition))
      : unrolled(repetition);
    for (const [i, variable] of this.#memory.entries()) Trace.current.assign(variable, states[i]);
    const result = returnSequences ? timeAndBatchSwapped(output) : output;
    return returnState ? [result, ...states] : result;
  }

  /** Whether so many steps are traced as one that is repeated. */
  #isLoop(time: number): boolean {
    const { hasLoops, isForShapes } = Trace.current;
    return hasLoops && !isForShapes && this.cell.isRepeated && time >= loopOptions.minTimes;
  }

  /** Whether a batch begins with the states that the one before it ended with. */
  override get stateful(): boolean {
    return this.options.stateful;
  }

  /** A sequence keeps its mask, in the order of its steps; a last output has none. */
  protected override outputMasks([mask]: Masks): Masks {
    const { returnSequences, goBackwards } = this.options;
    if (!returnSequences || !mask) return [];
    return [goBackwards ? reverse(mask, 1) : mask];
  }

  override get stateVariables(): readonly LayerVariable[] {
    return this.#memory;
  }

  /**
   * Copies of the states that the next batch begins with, as `resetStates` takes them; none where the layer is not
   * stateful, or not built.
   */
  get states(): Tensor[] {
    return this.#memory.map((variable) => variable.copy());
  }

  set states(states: readonly Tensor[]) {
    this.resetStates(states);
  }

  /** The same as `states`. */
  getStates(): Tensor[] {
    return this.states;
  }

  /**
   * Sets the states that the next batch begins with.
   * @param states zeros by default
   * @throws LanegradError when the layer is not stateful, and for other states than it has.
   */
  override resetStates(states?: Tensor | readonly Tensor[]): void {
    if (!this.options.stateful)
      throw this.error('resetStates needs a stateful layer: give it stateful: true.');
    if (states === undefined) {
      super.resetStates();
      return;
    }
    const list = [states].flat() as Tensor[];
    if (list.length !== this.#memory.length) {
      throw this.error(`resetStates takes ${this.#memory.length} states; got ${list.length}.`);
    }
    for (const [i, variable] of this.#memory.entries()) variable.write(list[i]);
  }

  /** Zeros for each state, for inputs [batch, time, …]. */
  getInitialState(inputs: Tensor): Tensor[] {
    if (!Array.isArray(inputs?.shape))
      throw this.error(`getInitialState takes a tensor; got ${shown(inputs)}.`);
    const [batch, , ...sizes] = inputs.shape;
    return this.cell.stateShapes([batch, ...sizes]).map((shape) => zerosOf(shape));
  }

  #remember([batch, ...sizes]: ModelShape): void {
    if (batch === null || sizes.includes(null)) {
      throw this.error(
        'a stateful layer needs to know its batch size: give the first layer batchInputShape, ' +
          'or the input batchShape, as in [32,10,8].',
      );
    }
    this.#memory = this.cell.stateShapes([batch, ...(sizes as number[])]).map((shape, i) => {
      const values = new Float32Array(sizeOf(shape));
      return new LayerVariable({ name: `${this.name}/state_${i}`, shape, values, trainable: false });
    });
  }

  /** [batch, time, …] as [time, batch, …], in the order in which time runs. */
  #inTime(x: Value): Value {
    const steps = timeAndBatchSwapped(x);
    return this.options.goBackwards ? reverse(steps, 0) : steps;
  }

  #initialStates(given: readonly Value[], x: Value): readonly Value[] {
    const [batch, , ...sizes] = x.shape;
    const shapes = this.cell.stateShapes([batch, ...sizes]);
    if (given.length > 0) {
      this.#checkStates(given, shapes);
      return given;
    }
    if (this.#memory.length === 0) return shapes.map((shape) => zeros(x.graph, shape));
    const [expected] = this.#memory[0].shape;
    if (expected !== batch) {
      throw this.error(`is stateful for batches of ${expected} samples; got one of ${batch}.`);
    }
    // Copies: the backward pass reads them after the variables have moved on.
    return this.#memory.map((variable) => identity(variable.read()));
  }

  #checkStates(given: readonly Value[], shapes: readonly Shape[]): void {
    if (given.length === shapes.length && given.every(({ shape }, i) => sameShape(shape, shapes[i]))) return;
    const [expected, got] = [shapes, given.map(({ shape }) => shape)].map((each) =>
      each.map(([, ...sizes]) => formatShape([null, ...sizes])),
    );
    throw this.error(
      `initialState must be ${shapes.length} of shape ${[...new Set(expected)].join(', ')}; got ${got.join(', ')}. ` +
        'An initialState was passed that is not compatible with the cell.',
    );
  }
}

function timeAndBatchSwapped(x: Value): Value {
  return transpose(x, [1, 0, ...x.shape.map((_, axis) => axis).slice(2)]);
}
