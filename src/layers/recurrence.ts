// The recurrence that simpleRNN, gru and lstm share: a cell's step, repeated over time.

import type { Constraint } from '../constraints/constraints.ts';
import type { Value } from '../graph/graph.ts';
import { add, identity, mul, select } from '../graph/ops/elementwise.ts';
import { matMul } from '../graph/ops/matmul.ts';
import { concat, slice, transpose, zeros } from '../graph/ops/movement.ts';
import { reshape } from '../graph/ops/sources.ts';
import { reverse } from '../graph/ops/strides.ts';
import { formatShape, type Shape } from '../graph/shape.ts';
import { getInitializer, type Initializer } from '../initializers/initializers.ts';
import type { Regularizer } from '../regularizers/regularizers.ts';
import { Trace } from '../state/trace.ts';
import { Variable } from '../state/variable.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { ActivationIdentifier } from './activations.ts';
import { dropoutMask } from './dropout.ts';
import type { CallContext, Masks } from './layer.ts';
import type { ModelShape } from './symbolic.ts';
import { setTensor } from './weight-tensors.ts';
import { Weighted, type WeightedOptions } from './weighted.ts';

export interface RecurrentOptions extends WeightedOptions {
  /** Size of the output and of each state. */
  readonly units: number;
  /** 'tanh' by default. */
  readonly activation?: ActivationIdentifier;
  /** For the kernel that the last output meets; 'orthogonal' by default. */
  readonly recurrentInitializer?: string | Initializer;
  readonly recurrentRegularizer?: string | Regularizer;
  readonly recurrentConstraint?: string | Constraint;
  /** Share of the inputs set to zero while training, the same at all times of a sample; 0 by default. */
  readonly dropout?: number;
  /** The same of what the cell reads of its last output; 0 by default. */
  readonly recurrentDropout?: number;
  /** Whether the output has every time step's, [batch, time, units], or the last, [batch, units], the default. */
  readonly returnSequences?: boolean;
  /** Whether the final states are outputs too; false by default. */
  readonly returnState?: boolean;
  /** Whether time runs from last to first, in the output as well; false by default. */
  readonly goBackwards?: boolean;
  /** Whether a batch begins with the states that the one before it ended with; false by default. */
  readonly stateful?: boolean;
  /** Accepted for scripts that give it: time is always unrolled. */
  readonly unroll?: boolean;
  /** Accepted for scripts that give it: there is one implementation. */
  readonly implementation?: number;
}

/** What a cell does at one time: its input's projection and its states → its new states, the output first. */
export type Step = (projected: Value, states: readonly Value[]) => readonly Value[];

/** A layer of one cell repeated over time: [batch, time, features] → [batch, units]. */
export abstract class Recurrent<
  Options extends RecurrentOptions = RecurrentOptions,
> extends Weighted<Options> {
  /** How many blocks of `units` columns the kernels have. */
  protected abstract readonly gates: number;
  /** How many states of `units` numbers a cell has, its output among them. */
  protected abstract readonly stateCount: number;
  protected readonly units: number;
  #kernel!: Variable;
  #recurrentKernel!: Variable;
  #bias: Variable | undefined;
  #memory: Variable[] = [];

  constructor(options: Options) {
    super({ ...options, activation: options.activation ?? 'tanh' });
    this.units = this.positiveInteger('units', options.units);
    for (const option of ['dropout', 'recurrentDropout'] as const)
      this.fraction(option, options[option] ?? 0);
  }

  /**
   * The cell's step.
   * @param bias what is added where the last output meets its kernel, if the cell has it
   */
  protected abstract step(recurrentKernel: Value, bias: Value | undefined): Step;

  /** Shape of the bias: the projection's alone, or below it that of the last output's product. */
  protected biasShape(columns: number): Shape {
    return [columns];
  }

  protected biasInitializer(): Initializer {
    return getInitializer(this.options.biasInitializer ?? 'zeros');
  }

  override build(inputShape: ModelShape | readonly ModelShape[]): void {
    const [shape] = Array.isArray(inputShape[0]) ? inputShape : [inputShape as ModelShape];
    const [batch, , features] = shape as ModelShape;
    if ((shape as ModelShape).length !== 3 || features === null) {
      throw this.error(
        `takes input of shape [batch,time,features]; got ${formatShape(shape as ModelShape)}.`,
      );
    }
    const o = this.options;
    const columns = this.gates * this.units;
    this.#kernel = this.addKernel([features, columns]);
    this.#recurrentKernel = this.addKernel(
      [this.units, columns],
      'recurrent',
      'recurrent_kernel',
      'orthogonal',
    );
    if (o.useBias !== false) {
      this.#bias = this.addWeight(
        'bias',
        this.biasShape(columns),
        'float32',
        this.biasInitializer(),
        o.biasRegularizer,
        true,
        o.biasConstraint,
      );
    }
    if (o.stateful) this.#remember(batch);
  }

  override call(
    inputs: Value | readonly Value[],
    { training, masks }: CallContext,
  ): Value | readonly Value[] {
    const [x, ...given] = [inputs].flat() as Value[];
    const { returnSequences, returnState, recurrentDropout = 0 } = this.options;
    const [batch, time] = x.shape;
    const [bias, recurrentBias] = this.#biases();
    const projected = this.#project(x, bias, training);
    const step = this.step(this.#recurrentKernel.read(), recurrentBias);
    const kept =
      training && recurrentDropout > 0 ? dropoutMask([batch, this.units], recurrentDropout) : undefined;

    const counts = masks[0] && this.#inTime(masks[0]);
    let states = this.#initialStates(given, x);
    const outputs: Value[] = [];
    for (let t = 0; t < time; t++) {
      const [h, ...others] = states;
      const now = slice(projected, [t * batch, 0], [batch, -1]);
      const stepped = step(now, [kept ? mul(h, kept) : h, ...others]);
      states = counts ? hold(stepped, states, slice(counts, [t, 0], [1, -1])) : stepped;
      outputs.push(states[0]);
    }
    for (const [i, variable] of this.#memory.entries()) Trace.current.assign(variable, states[i]);
    const output = returnSequences
      ? transpose(reshape(concat(outputs, 0), [time, batch, this.units]), [1, 0, 2])
      : states[0];
    return returnState ? [output, ...states] : output;
  }

  /** A sequence keeps its mask; a last output has none, being that of the last step that counts. */
  protected override computeMask(masks: Masks): Masks {
    return this.options.returnSequences ? [masks[0]] : [];
  }

  override get stateVariables(): readonly Variable[] {
    return this.#memory;
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
    for (const [i, variable] of this.#memory.entries()) setTensor(variable, list[i]);
  }

  #remember(batch: number | null): void {
    if (batch === null) {
      throw this.error(
        'a stateful layer must know the batch size: give the first layer batchInputShape, ' +
          'or the input batchShape, as in [32,10,8].',
      );
    }
    this.#memory = Array.from({ length: this.stateCount }, (_, i) => {
      const shape = [batch, this.units];
      return new Variable({
        name: `${this.name}/state_${i}`,
        shape,
        values: new Float32Array(batch * this.units),
        trainable: false,
      });
    });
  }

  /** What is added to the input's projection, and what to that of the last output. */
  #biases(): (Value | undefined)[] {
    const bias = this.#bias?.read();
    if (bias?.rank !== 2) return [bias];
    return [0, 1].map((row) => slice(bias, [row, 0], [1, -1]));
  }

  /** [batch, time, …] as [time, batch, …], in the order in which time runs. */
  #inTime(x: Value): Value {
    const steps = transpose(x, [1, 0, 2].slice(0, x.rank));
    return this.options.goBackwards ? reverse(steps, 0) : steps;
  }

  /** x·W + b for all times at once: [time·batch, gates·units]. */
  #project(x: Value, bias: Value | undefined, training: boolean): Value {
    const { dropout = 0 } = this.options;
    const [batch, time, features] = x.shape;
    const steps = this.#inTime(x);
    const kept = training && dropout > 0 ? mul(steps, dropoutMask([batch, features], dropout)) : steps;
    const product = matMul(reshape(kept, [time * batch, features]), this.#kernel.read());
    return bias ? add(product, bias) : product;
  }

  #initialStates(given: readonly Value[], x: Value): readonly Value[] {
    const shape = [x.shape[0], this.units];
    if (given.length > 0) {
      this.#checkStates(given);
      return given;
    }
    if (this.#memory.length === 0) {
      return new Array<Value>(this.stateCount).fill(zeros(x.graph, shape));
    }
    const [expected] = this.#memory[0].shape;
    if (expected !== shape[0]) {
      throw this.error(`is stateful for batches of ${expected} samples; got one of ${shape[0]}.`);
    }
    // Copies: the backward pass reads them after the variables have moved on.
    return this.#memory.map((variable) => identity(variable.read()));
  }

  #checkStates(given: readonly Value[]): void {
    const shapes = given.map(({ shape: [, ...sizes] }) => formatShape([null, ...sizes]));
    const expected = formatShape([null, this.units]);
    if (given.length === this.stateCount && shapes.every((shape) => shape === expected)) return;
    throw this.error(
      `initialState must be ${this.stateCount} of shape ${expected}; got ${shapes.join(', ')}.`,
    );
  }
}

/** States after a step of which some samples' does not count: those keep what they had. */
const hold = (stepped: readonly Value[], before: readonly Value[], counts: Value): Value[] =>
  stepped.map((state, i) => select(reshape(counts, [-1, 1]), state, before[i]));
