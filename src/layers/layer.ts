import { type Constraint, getConstraint } from '../constraints/constraints.ts';
import { LanegradError, requirePositiveInteger } from '../errors.ts';
import type { Value } from '../graph/graph.ts';
import type { DType } from '../graph/op.ts';
import { div, mul } from '../graph/ops/elementwise.ts';
import { input as graphInput } from '../graph/ops/sources.ts';
import { formatShape, type Shape, sizeOf } from '../graph/shape.ts';
import { getInitializer, type Initializer } from '../initializers/initializers.ts';
import { nextSeed } from '../random/seed.ts';
import { getRegularizer, type Regularizer } from '../regularizers/regularizers.ts';
import { ProgramTrace, type Trace } from '../state/trace.ts';
import { Variable } from '../state/variable.ts';
import { EagerTrace } from '../tensor/eager-trace.ts';
import { handOut, Tensor, TensorGraph, versionOf } from '../tensor/tensor.ts';
import { maskOf, unmasked, withMask } from './mask.ts';
import { takeRoom } from './room-for-weights.ts';
import { type ModelShape, SymbolicTensor } from './symbolic.ts';
import { setTensor, tensorOf } from './weight-tensors.ts';

/** What every layer takes. */
export interface LayerOptions {
  /** By default the class's name and a number, as `dense_1`. */
  readonly name?: string;
  /** Whether `fit` moves its weights; true by default. */
  readonly trainable?: boolean;
  /** Shape of the input without the batch: for the first layer of a sequential model. */
  readonly inputShape?: ModelShape;
  /** The same with the batch. */
  readonly batchInputShape?: ModelShape;
  /** Type of the input: 'float32' by default, or 'uint8' or 'int32'. */
  readonly inputDType?: DType;
  /** Weights to start from, in the order of `getWeights`. */
  readonly weights?: readonly Tensor[];
}

export interface CallContext {
  /** Whether the layer is called for training. */
  readonly training: boolean;
  /** Whether the layer, or a layer or model that it is inside of, is not trainable. */
  readonly isFrozen: boolean;
  /** The mask of each input that has one: [batch, time], 1 where a time step counts and 0 elsewhere. */
  readonly masks: Masks;
}

export type Masks = readonly (Value | undefined)[];

export interface ApplyOptions {
  /** States that a recurrent layer begins with. They may also stand behind its input, in one list. */
  readonly initialState?: SymbolicTensor | Tensor | readonly (SymbolicTensor | Tensor)[];
  /** Whether a layer that is applied to tensors trains: dropout drops, moving averages move. False by default. */
  readonly training?: boolean;
}

const counts = new Map<string, number>();

function uniqueName(className: string): string {
  const stem = className.replace(/(?<=[a-z0-9A-Z])(?=[A-Z][a-z])|(?<=[a-z])(?=[A-Z])/g, '_').toLowerCase();
  counts.set(stem, (counts.get(stem) ?? 0) + 1);
  return `${stem}_${counts.get(stem)}`;
}

/** Keeps numbers that names have already, as those of loaded layers, from being given again. */
function reserve(name: string): void {
  const [, stem, number] = /^(.+)_(\d+)$/.exec(name) ?? [];
  if (stem) counts.set(stem, Math.max(counts.get(stem) ?? 0, Number(number)));
}

/**
 * A layer: options, weights and a `call` that composes graph functions. Gradients follow from `call`.
 *
 * To write your own, extend it: create weights in `build` with `addWeight`, and read them with
 * `this.w.read()` in `call`. See docs/custom-layers.md.
 */
export abstract class Layer<Options extends LayerOptions = LayerOptions> {
  readonly name: string;
  /** The options it was made with, as saved models keep them. */
  readonly options: Readonly<Options>;
  /** A penalty on what the layer computes, divided by the batch's size and added to the loss. */
  activityRegularizer: Regularizer | undefined;
  /** Set by the first `apply`; weights exist from then on. */
  built = false;
  /** What its weights' names begin with: its own name, or where it stands inside another layer. */
  weightScope: string;
  /** Whether masked input may come in; its mask is then the output's. False by default. */
  readonly supportsMasking: boolean = false;
  #trainable: boolean;
  #variables: Variable[] = [];
  #applications = 0;
  /** What the only application made. */
  #made: SymbolicTensor | SymbolicTensor[] | undefined;

  constructor(options: Options = {} as Options) {
    this.options = options;
    this.name = options.name ?? uniqueName(this.className);
    if (options.name) reserve(options.name);
    this.weightScope = this.name;
    this.#trainable = options.trainable ?? true;
  }

  /** The class's name in a saved model. */
  get className(): string {
    return (this.constructor as { className?: string }).className ?? this.constructor.name;
  }

  /** Whether `fit` moves its weights. May be changed at any time. */
  get trainable(): boolean {
    return this.#trainable;
  }

  set trainable(trainable: boolean) {
    this.#trainable = trainable;
  }

  /** Makes the weights. Called once, with the shape of the first input. */
  build(_inputShape: ModelShape | readonly ModelShape[]): void {}

  /** Checks data that go straight into the layer. @throws LanegradError where it cannot take them. */
  checkData(_data: ArrayLike<number>): void {}

  /** The layer's computation on values of one batch. */
  abstract call(inputs: Value | readonly Value[], context: CallContext): Value | readonly Value[];

  /**
   * Masks of the outputs, given those of the inputs.
   * @throws LanegradError where there are some and the layer does not support masking.
   */
  protected computeMask(masks: Masks, _inputs: readonly Value[]): Masks {
    const given = masks.filter((mask) => mask !== undefined);
    if (given.length === 0) return [];
    if (this.supportsMasking) return [given.reduce((a, b) => mul(a, b))];
    throw this.error('does not support masking; its input is masked.');
  }

  /** Its weights, those of layers inside it included. */
  get variables(): readonly Variable[] {
    return this.#variables;
  }

  get trainableVariables(): readonly Variable[] {
    return this.trainable ? this.variables.filter((variable) => variable.trainable) : [];
  }

  /** Names of the layers, this one or inside of it, and of the weights that are trained. */
  get trainableParts(): readonly string[] {
    return [...(this.trainable ? [this.name] : []), ...this.trainableVariables.map(({ name }) => name)];
  }

  /** What the layer remembers from batch to batch. It is no weight: it is not saved, nor counted. */
  get stateVariables(): readonly Variable[] {
    return [];
  }

  /** Forgets what the layer remembers from batch to batch. */
  resetStates(): void {
    for (const variable of this.stateVariables) variable.write(new Float32Array(sizeOf(variable.shape)));
  }

  /** Copies of the weights. */
  getWeights(): Tensor[] {
    return this.variables.map(tensorOf);
  }

  /** @throws LanegradError when there are more or fewer tensors than weights, or one of another shape. */
  setWeights(weights: readonly Tensor[]): void {
    if (weights.length !== this.variables.length) {
      throw this.error(`setWeights takes ${this.variables.length} tensors; got ${weights.length}.`);
    }
    for (const [i, variable] of this.variables.entries()) setTensor(variable, weights[i]);
  }

  /** How many numbers its weights are. */
  countParams(): number {
    return this.variables.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  }

  /**
   * Makes a weight. To be called in `build`.
   * @param shape without a batch
   * @param dtype 'float32', the only one there is
   * @param initializer a name or an initializer; 'zeros' by default
   */
  addWeight(
    name: string,
    shape: Shape,
    _dtype: 'float32' = 'float32',
    initializer: string | Initializer = 'zeros',
    regularizer?: string | Regularizer,
    trainable = true,
    constraint?: string | Constraint,
  ): Variable {
    if (shape.some((size) => !Number.isInteger(size) || size <= 0)) {
      throw this.error(`weight ${name} must have positive integer sizes; got shape ${formatShape(shape)}.`);
    }
    takeRoom(`${this.weightScope}/${name}`, sizeOf(shape));
    const variable = new Variable({
      name: `${this.weightScope}/${name}`,
      shape,
      values: getInitializer(initializer).values(shape, nextSeed()),
      trainable,
      // Saved models may have null for none.
      regularizer: regularizer ? getRegularizer(regularizer) : undefined,
      constraint: constraint ? getConstraint(constraint) : undefined,
    });
    this.#variables.push(variable);
    return variable;
  }

  /**
   * Applies the layer to symbolic tensors: the way to build functional models. A layer with several outputs
   * returns a list.
   */
  apply(inputs: SymbolicTensor, options?: ApplyOptions): SymbolicTensor;
  apply(inputs: readonly SymbolicTensor[], options?: ApplyOptions): SymbolicTensor;
  /** Calls the layer on tensors at once. Gradients flow through it. */
  apply(inputs: Tensor | readonly Tensor[], options?: ApplyOptions): Tensor;
  apply(
    inputs: SymbolicTensor | Tensor | readonly (SymbolicTensor | Tensor)[],
    options: ApplyOptions = {},
  ): SymbolicTensor | SymbolicTensor[] | Tensor | Tensor[] {
    const list = [inputs, options?.initialState ?? []].flat() as readonly (SymbolicTensor | Tensor)[];
    if (list.length > 0 && list.every((each) => each instanceof Tensor)) {
      return this.#applyAtOnce(list as readonly Tensor[], options?.training ?? false);
    }
    if (list.length > 0 && list.every((each) => each instanceof SymbolicTensor)) {
      return this.#applySymbolically(list as readonly SymbolicTensor[]);
    }
    throw this.error('apply takes what input() or apply() return, or tensors; not both.');
  }

  #applyAtOnce(tensors: readonly Tensor[], training: boolean): Tensor | Tensor[] {
    const shapes = tensors.map(({ shape }) => shape);
    this.ensureBuilt(shapes.length === 1 ? shapes[0] : shapes);
    this.settle();
    const trace = new EagerTrace(training);
    const outputs = trace.run(() => this.trace(trace, tensors.map(versionOf)));
    const made = outputs.map((output) => handOut(unmasked(output) as Tensor, tensors));
    return made.length === 1 ? made[0] : made;
  }

  /** Gives weights and states that have none yet their place in linear memory, side by side. */
  settle(): void {
    Variable.settle(this.variables, `${this.name}'s weights`);
    Variable.settle(this.stateVariables, `${this.name}'s states`);
  }

  #applySymbolically(list: readonly SymbolicTensor[]): SymbolicTensor | SymbolicTensor[] {
    const shapes = list.map((tensor) => tensor.shape);
    this.ensureBuilt(shapes.length === 1 ? shapes[0] : shapes);
    const outputs = this.#outputShapes(list).map(({ shape, maskRank }, index) => {
      const name = index === 0 ? this.name : `${this.name}:${index}`;
      const source = { layer: this as Layer, inputs: list, index };
      return new SymbolicTensor(shape, 'float32', name, source, maskRank);
    });
    const made = outputs.length === 1 ? outputs[0] : outputs;
    this.#made = this.#applications++ === 0 ? made : undefined;
    return made;
  }

  /**
   * What the layer's application made, to end another model with: `tf.model({ inputs, outputs: layer.output })`.
   * @throws LanegradError where the layer was not applied, or several times.
   */
  get output(): SymbolicTensor | SymbolicTensor[] {
    if (this.#made) return this.#made;
    throw this.error(
      `was applied ${this.#applications} times; only what one application made is its output.`,
    );
  }

  /** Builds the layer if it is not. */
  ensureBuilt(inputShape: ModelShape | readonly ModelShape[]): void {
    if (this.built) return;
    this.build(inputShape);
    this.built = true;
    if (this.options.weights) this.setWeights(this.options.weights);
  }

  /** Calls the layer as part of a trace, under its name, hands masks on, and notes its activity penalty. */
  trace(trace: Trace, inputs: readonly Value[]): readonly Value[] {
    return trace.graph.within(this.name, () => {
      const values = inputs.map(unmasked);
      const masks = inputs.map(maskOf);
      const result = trace.frozenIf(!this.trainable, () => {
        const { training, isFrozen } = trace;
        return this.call(values.length === 1 ? values[0] : values, { training, isFrozen, masks });
      });
      const outputs: readonly Value[] = isList(result) ? result : [result];
      if (this.activityRegularizer) {
        for (const output of outputs) {
          trace.penalize(div(this.activityRegularizer.apply(output), output.shape[0]));
        }
      }
      const outputMasks = this.computeMask(masks, values);
      return outputs.map((output, i) => withMask(output, outputMasks[i]));
    });
  }

  /**
   * Shapes of the outputs, found by tracing `call` with batches of two sizes: an axis that follows the
   * batch (or another open axis) is open in the result. Masked inputs have a mask while this is done.
   */
  #outputShapes(inputs: readonly SymbolicTensor[]): { shape: ModelShape; maskRank: number }[] {
    const traceWith = (open: number): readonly Value[] => {
      const graph = new TensorGraph();
      const values = inputs.map(({ shape, dtype, maskRank }, i) => {
        const sizes = shape.map((size) => size ?? open);
        const value = graphInput(graph, i, sizes, dtype);
        return maskRank === 0 ? value : withMask(value, graphInput(graph, i, sizes.slice(0, maskRank)));
      });
      const trace = new ProgramTrace(graph);
      return trace.run(() => this.trace(trace, values));
    };
    const [two, three] = [traceWith(2), traceWith(3)];
    return two.map((output, i) => ({
      shape: output.shape.map((size, axis) => (size === three[i].shape[axis] ? size : null)),
      maskRank: maskOf(output)?.rank ?? 0,
    }));
  }

  /** An error that begins with the layer's name. */
  error(message: string): LanegradError {
    return new LanegradError(`${this.name}: ${message}`);
  }

  /** `value`, where it is from 0 to below 1. */
  protected fraction(option: string, value: number): number {
    if (value >= 0 && value < 1) return value;
    throw this.error(`${option} must be at least 0 and less than 1; got ${value}.`);
  }

  /** `value`, where it is a positive integer. */
  protected positiveInteger(option: string, value: number): number {
    requirePositiveInteger(this.name, option, value);
    return value;
  }
}

function isList(result: Value | readonly Value[]): result is readonly Value[] {
  return Array.isArray(result);
}
