import { type Constraint, getConstraint } from '../constraints/constraints.ts';
import { LanegradError, requireOptions } from '../errors.ts';
import type { Value } from '../graph/graph.ts';
import type { DType } from '../graph/op.ts';
import { div, mul } from '../graph/ops/elementwise.ts';
import { formatShape, type Shape, sizeOf } from '../graph/shape.ts';
import { getInitializer, type Initializer } from '../initializers/initializers.ts';
import type { Description } from '../options/option.ts';
import { readOptions, savedOptions } from '../options/read-options.ts';
import { nextSeed } from '../random/seed.ts';
import { getRegularizer, type Regularizer } from '../regularizers/regularizers.ts';
import type { Trace } from '../state/trace.ts';
import { Variable } from '../state/variable.ts';
import { EagerTrace } from '../tensor/eager-trace.ts';
import { handOut, Tensor, versionOf } from '../tensor/tensor.ts';
import type { ApplyOptions, CallArguments, CallContext, Masks, WeightOptions } from './call-context.ts';
import {
  givenInputShape,
  type LayerOptions,
  type LayerSettings,
  layerOptions,
  reservedName,
  uniqueName,
} from './layer-options.ts';
import { maskOf, unmasked, withMask } from './mask.ts';
import { outputShapes } from './output-shapes.ts';
import { takeRoom } from './room-for-weights.ts';
import { type ModelShape, SymbolicTensor } from './symbolic.ts';
import { setTensor, tensorOf } from './weight-tensors.ts';

export type { ApplyOptions, CallArguments, CallContext, LayerOptions, LayerSettings, Masks, WeightOptions };

/** A layer's class. */
export interface LayerClass<Made extends Layer = Layer> {
  new (options: never): Made;
  readonly className?: string;
  readonly options: Description;
  fromConfig<Of extends Layer>(Class: LayerClass<Of>, config: object): Of;
}

/**
 * A layer: options, weights and a computation that composes graph functions, from which gradients follow.
 *
 * To write your own, extend it: create weights in `build` with `addWeight`, and read them with
 * `this.w.read()` in `call`. See docs/custom-layers.md.
 */
export abstract class Layer<Options extends object = LayerOptions, Given extends object = Options> {
  /** What a layer of this class takes. */
  static readonly options: Description = layerOptions;
  readonly name: string;
  /** The options as they were read, defaults in place of those not given. */
  readonly options: Readonly<Options>;
  /** A penalty on what the layer computes, divided by the batch's size and added to the loss. */
  activityRegularizer: Regularizer | undefined;
  /** Set by the first `apply`; weights exist from then on. */
  built = false;
  /** What its weights' names begin with: its own name, or where it stands inside another layer. */
  weightScope: string;
  /** Whether masked input may come in; its mask is then the output's. False by default. */
  readonly supportsMasking: boolean = false;
  readonly #settings: LayerSettings;
  #trainable: boolean;
  #variables: Variable[] = [];
  #applications = 0;
  /** What the only application made. */
  #made: SymbolicTensor | SymbolicTensor[] | undefined;

  constructor(options: Given = {} as Given) {
    const Class = this.constructor as LayerClass;
    const { name } = requireOptions(this.className, options as LayerOptions);
    this.name = name ? reservedName(this.className, name) : uniqueName(this.className);
    // A class that does not describe its options itself, as those of users, may have any.
    const isOpen = !Object.hasOwn(Class, 'options');
    const settings = readOptions(this.name, Class.options, options, { isOpen });
    this.options = settings as Readonly<Options>;
    this.#settings = settings as LayerSettings;
    this.weightScope = this.name;
    this.#trainable = this.#settings.trainable;
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

  /** The shape of its input with the batch, where its options say. */
  get batchInputShape(): ModelShape | undefined {
    return givenInputShape(this.#settings);
  }

  /** The type of its input, where its options say. */
  get inputDType(): DType | undefined {
    return this.#settings.inputDType ?? this.#settings.dtype;
  }

  /** Its options as saved models have them, from which `fromConfig` makes another one. */
  getConfig(): Record<string, unknown> {
    const { options } = this.constructor as LayerClass;
    const { batchInputShape, inputDType: dtype } = this;
    return {
      name: this.name,
      ...savedOptions(this.name, options, this.options),
      trainable: this.trainable,
      ...(batchInputShape && { batchInputShape }),
      ...(dtype && { dtype }),
    };
  }

  /**
   * A layer of a class with the options that `getConfig` told.
   * @param config what files have beside, and the class does not know, is left out
   */
  static fromConfig<Made extends Layer>(Class: LayerClass<Made>, config: object): Made {
    const isOpen = !Object.hasOwn(Class, 'options');
    const known = Object.entries(config).filter(([name]) => isOpen || Object.hasOwn(Class.options, name));
    return new Class(Object.fromEntries(known) as never);
  }

  /** Another layer with its options and some others, but weights of its own. */
  copy(changes: Readonly<Record<string, unknown>>): this {
    const Class = this.constructor as unknown as LayerClass<this>;
    if (!Object.hasOwn(Class, 'options')) return Class.fromConfig(Class, { ...this.getConfig(), ...changes });
    const copied = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(copied);
      return value instanceof Layer ? value.copy({ name: value.name }) : value;
    };
    const options = Object.entries(this.options).map(([option, value]) => [option, copied(value)]);
    const given = {
      ...Object.fromEntries(options),
      weights: undefined,
      trainable: this.trainable,
      ...changes,
    };
    return new Class(given as never);
  }

  /** What a built-in layer computes of the values of one batch. */
  compute(inputs: Value | readonly Value[], _context: CallContext): Value | readonly Value[] {
    return inputs;
  }

  /**
   * The layer's computation on values of one batch, to be overridden.
   * @param inputs a list, also where there is one
   */
  call(inputs: Value | readonly Value[], args: CallArguments): Value | readonly Value[] {
    return this.compute(isList(inputs) && inputs.length === 1 ? inputs[0] : inputs, args);
  }

  /** There are no hooks. TensorFlow.js has classes call this. */
  protected invokeCallHook(_inputs: unknown, _args: unknown): void {}

  /**
   * Masks of the outputs, given those of the inputs: what built-in layers do with them.
   * @throws LanegradError where there are some and the layer does not support masking.
   */
  protected outputMasks(masks: Masks, _inputs: readonly Value[]): Masks {
    const given = masks.filter((mask) => mask !== undefined);
    if (given.length === 0) return [];
    if (this.supportsMasking) return [given.reduce((a, b) => mul(a, b))];
    // Where `call` was given the mask, it is for `call` to read, as in TensorFlow.js.
    if (this.#hasOwnCall) return [];
    throw this.error('does not support masking; its input is masked.');
  }

  /**
   * The mask of the output, or of each in a list, to be overridden; the input's by default, where the layer supports
   * masking.
   * @param inputs a list, also where there is one
   * @param mask the mask of the input; a list where there are several inputs
   */
  computeMask(inputs: readonly Value[], mask: Value | undefined | Masks): Value | undefined | null | Masks {
    return this.outputMasks(inputs.length === 1 ? [mask as Value | undefined] : (mask as Masks), inputs);
  }

  get #hasOwnCall(): boolean {
    return this.call !== Layer.prototype.call;
  }

  /** Its weights, those of layers inside it included. */
  get variables(): readonly Variable[] {
    return this.#variables;
  }

  get trainableVariables(): readonly Variable[] {
    return this.trainable ? this.variables.filter((variable) => variable.trainable) : [];
  }

  /** Its weights as TensorFlow.js lists them: those that are trained first. */
  get weights(): readonly Variable[] {
    return [...new Set([...this.trainableVariables, ...this.variables])];
  }

  get trainableWeights(): readonly Variable[] {
    return this.trainableVariables;
  }

  get nonTrainableWeights(): readonly Variable[] {
    const trainable = new Set(this.trainableVariables);
    return this.weights.filter((variable) => !trainable.has(variable));
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

  /** Copies of the weights, those that are trained first. @param trainableOnly whether of these alone */
  getWeights(trainableOnly = false): Tensor[] {
    return (trainableOnly ? this.trainableVariables : this.weights).map(tensorOf);
  }

  /**
   * @param weights in the order of `getWeights`
   * @throws LanegradError when there are more or fewer tensors than weights, or one of another shape.
   */
  setWeights(weights: readonly Tensor[]): void {
    const own = this.weights;
    if (weights.length !== own.length) {
      throw this.error(`setWeights takes ${own.length} tensors; got ${weights.length}.`);
    }
    for (const [i, variable] of own.entries()) setTensor(variable, weights[i]);
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
    _dtype?: 'float32' | null,
    initializer?: string | Initializer | null,
    regularizer?: string | Regularizer | null,
    trainable?: boolean | null,
    constraint?: string | Constraint | null,
  ): Variable {
    return this.makeWeight(name, shape, {
      initializer: getInitializer(initializer ?? 'zeros'),
      regularizer: regularizer ? getRegularizer(regularizer) : undefined,
      constraint: constraint ? getConstraint(constraint) : undefined,
      trainable: trainable ?? true,
    });
  }

  /** Makes a weight. @param shape without a batch */
  protected makeWeight(name: string, shape: Shape, options: WeightOptions = {}): Variable {
    if (shape.some((size) => !Number.isInteger(size) || size <= 0)) {
      throw this.error(`weight ${name} must have positive integer sizes; got shape ${formatShape(shape)}.`);
    }
    const { initializer = getInitializer('zeros'), regularizer, constraint, trainable } = options;
    const full = `${this.weightScope}/${name}`;
    takeRoom(full, sizeOf(shape));
    const values = initializer.values(shape, nextSeed());
    const variable = new Variable({ name: full, shape, values, trainable, regularizer, constraint });
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
    const outputs = outputShapes(list, (trace, values) => this.trace(trace, values)).map(
      ({ shape, maskRank }, index) => {
        const name = index === 0 ? this.name : `${this.name}:${index}`;
        const source = { layer: this as Layer, inputs: list, index };
        return new SymbolicTensor(shape, 'float32', name, source, maskRank);
      },
    );
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
    if (this.#settings.weights) this.setWeights(this.#settings.weights);
  }

  /** Calls the layer as part of a trace, under its name, hands masks on, and notes its activity penalty. */
  trace(trace: Trace, inputs: readonly Value[]): readonly Value[] {
    return trace.graph.within(this.name, () => {
      const values = inputs.map(unmasked);
      const masks = inputs.map(maskOf);
      const result = trace.frozenIf(!this.trainable, () => this.#run(values, masks, trace));
      const outputs: readonly Value[] = isList(result) ? result : [result];
      if (this.activityRegularizer) {
        for (const output of outputs) {
          trace.penalize(div(this.activityRegularizer.apply(output), output.shape[0]));
        }
      }
      const made = this.computeMask(values, values.length === 1 ? masks[0] : masks);
      const outputMasks = (Array.isArray(made) ? made : [made ?? undefined]) as Masks;
      return outputs.map((output, i) => withMask(output, outputMasks[i]));
    });
  }

  /** A class's own `call` where it has one, on a list; what built-in layers compute otherwise. */
  #run(values: readonly Value[], masks: Masks, { training, isFrozen }: Trace): Value | readonly Value[] {
    const isOne = values.length === 1;
    const context = { training, isFrozen, masks };
    return this.#hasOwnCall
      ? this.call(values, { ...context, mask: isOne ? masks[0] : masks })
      : this.compute(isOne ? values[0] : values, context);
  }

  /** An error that begins with the layer's name. */
  error(message: string): LanegradError {
    return new LanegradError(`${this.name}: ${message}`);
  }
}

function isList(result: Value | readonly Value[]): result is readonly Value[] {
  return Array.isArray(result);
}
