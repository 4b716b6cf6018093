// What a layer is: options, weights, what it computes, and how it is applied.

import { got } from '../../errors.ts';
import type { DType, Value } from '../../graph/graph.ts';
import { div } from '../../graph/ops/elementwise.ts';
import { classNameOf } from '../../names.ts';
import type { ConfigDict } from '../../options/kinds.ts';
import type { Description } from '../../options/option.ts';
import { readOptions, savedOptions } from '../../options/read-options.ts';
import type { Regularizer } from '../../regularizers/regularizers.ts';
import { Trace } from '../../state/trace.ts';
import { givenTensor, liftInto } from '../../tensor/convert.ts';
import { EagerTrace } from '../../tensor/eager-trace.ts';
import { handOut, recorder, Tensor, versionOf } from '../../tensor/tensor.ts';
import { Applied, isList, oneOrAll } from './applied.ts';
import type { ApplyOptions, CallArguments, CallContext, GivenContext, Masks } from './call-context.ts';
import { describesItself, nameOf, type Restorable } from './class-names.ts';
import { checkInputSpec, type InputSpecs, warnOfOtherShape } from './input-spec.ts';
import {
  givenInputShape,
  givenInputType,
  type LayerOptions,
  type LayerSettings,
  layerOptions,
} from './layer-options.ts';
import {
  bothMasks,
  fittingMask,
  givenMasks,
  listed,
  loseMask,
  type MaskList,
  maskOf,
  unmasked,
  withMask,
} from './mask.ts';
import { showOptions } from './option-attributes.ts';
import { outputShapes, toldShapes } from './output-shapes.ts';
import { type FromOutside, preparedInputs } from './outside.ts';
import {
  type Applicable,
  type Computed,
  type Foreseen,
  type ModelShape,
  type OneOrMore,
  requireShapes,
  SymbolicTensor,
  shapesIn,
  takenOf,
} from './symbolic.ts';

export type { ApplyOptions, CallArguments, CallContext, LayerOptions, LayerSettings, Masks };

/** A layer's class. */
export interface LayerClass<Made extends Layer = Layer> extends Restorable<Made> {
  readonly className?: string;
  readonly options: Description;
  fromConfig(Class: Restorable<Made>, config: object): Made;
}

/**
 * A layer: options, weights and a computation that composes graph functions, from which gradients follow.
 *
 * To write your own, extend it: create weights in `build` with `addWeight`, and read them with
 * `this.w.read()` in `call`. See docs/custom-layers.md.
 */
export abstract class Layer<
  Options extends object = LayerOptions,
  // `object`, so that options of one's own need have none of these.
  Given extends object & LayerOptions = Options,
> extends Applied {
  /** What a layer of this class takes. */
  static readonly options: Description = layerOptions;
  /** The options as they were read, defaults in place of those not given. */
  readonly options: Readonly<Options>;
  /** A penalty on what the layer computes, divided by the batch's size and added to the loss. */
  activityRegularizer: Regularizer | undefined;
  /** Whether masked input may come in; its mask is then the output's. False by default. */
  supportsMasking: boolean = false;
  /** What its inputs must be, where a class says so: one for each. */
  inputSpec: InputSpecs = null;
  readonly #settings: LayerSettings;
  readonly #given: object;

  constructor(options: Given = {} as Given) {
    super(nameOf(new.target as unknown as LayerClass, options));
    const Class = this.constructor as LayerClass;
    showOptions(Class);
    // A class that does not describe its options, as users' classes, may have any.
    const isOpen = !describesItself(Class);
    const settings = readOptions(this.name, Class.options, options, { isOpen });
    this.options = settings as Readonly<Options>;
    this.#settings = settings as LayerSettings;
    this.#given = options;
    this.trainable = this.#settings.trainable;
  }

  /** The class's name in a saved model. */
  get className(): string {
    return classNameOf(this.constructor);
  }

  /** The same, as TensorFlow.js's layers say it. */
  getClassName(): string {
    return this.className;
  }

  /** The type of its input where the shape is given; undefined elsewhere. */
  get dtype(): DType | undefined {
    return this.inputDType ?? (this.batchInputShape && 'float32');
  }

  /**
   * Makes the weights. Called once, with the shape of the first input.
   * @throws LanegradError for shapes that the layer cannot take
   */
  build(inputShape: ModelShape | readonly ModelShape[]): void {
    const shapes = requireShapes(`${this.name}: build: inputShape`, inputShape);
    this.checkShapes(shapes);
    this.buildFor(oneOrAll(shapes));
    this.built = true;
  }

  /** @internal Makes what the layer has: weights, and what follows of the shape of its input. */
  buildFor(_inputShape: ModelShape | readonly ModelShape[]): void {}

  /** @internal Checks data that go straight into the layer. @throws LanegradError where it cannot take them. */
  checkData(_data: ArrayLike<number>): void {}

  /** Whether it makes numbers of what comes from outside, before anything is computed. */
  get prepares(): boolean {
    return false;
  }

  /**
   * What came from outside as numbers.
   * @param _input which of several inputs it came for
   * @throws LanegradError where the layer cannot take it.
   */
  prepare(given: FromOutside, _input: number): FromOutside {
    return given;
  }

  /** The shape of its input with the batch, where its options say. */
  get batchInputShape(): ModelShape | undefined {
    return givenInputShape(this.#settings);
  }

  /** The type of its input, where its options say. */
  get inputDType(): DType | undefined {
    return givenInputType(this.#settings);
  }

  /** Its options as saved models have them, from which `fromConfig` makes another one. */
  getConfig(): ConfigDict {
    const { options } = this.constructor as LayerClass;
    const { batchInputShape, dtype } = this;
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
  static fromConfig<Made extends Layer>(Class: Restorable<Made>, config: object): Made {
    const { options } = Class as LayerClass<Made>;
    const isOpen = !describesItself(Class);
    const known = Object.entries(config).filter(([name]) => isOpen || Object.hasOwn(options, name));
    return new Class(Object.fromEntries(known) as never);
  }

  /** @internal Another layer with its options and some others, but weights of its own. */
  copy(changes: Readonly<Record<string, unknown>>): this {
    const Class = this.constructor as unknown as LayerClass<this>;
    if (!describesItself(Class)) return Class.fromConfig(Class, { ...this.getConfig(), ...changes });
    const copied = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(copied);
      return value instanceof Layer ? value.copy({ name: value.name }) : value;
    };
    const given = Object.entries(this.#given).map(([option, value]) => [option, copied(value)]);
    const others = { weights: undefined, trainable: this.trainable, ...changes };
    return new Class({ ...Object.fromEntries(given), ...others } as never);
  }

  /** What a built-in layer computes of the values of one batch. */
  compute(inputs: Value | readonly Value[], _context: CallContext): Value | readonly Value[] {
    return inputs;
  }

  /**
   * The layer's computation on values of one batch, to be overridden. That of a model gives a list, also of one.
   * @param inputs a list, also where there is one; but what `apply` was given, where that was a tensor and no list
   */
  call(inputs: Value | readonly Value[], args: Partial<CallArguments>): Value | readonly Value[] {
    const isWhole = this.isNetwork || !this.#hasOwnCall;
    const made = !Trace.running && isWhole && this.apply(inputs as Tensor[], args as ApplyOptions);
    if (made) return this.isNetwork ? ([made].flat() as Tensor[]) : made;
    // A script that calls it itself may say less.
    const context = { training: false, isFrozen: false, masks: [], ...args };
    return this.compute(isList(inputs) && inputs.length === 1 ? inputs[0] : inputs, context);
  }

  /** There are no hooks. TensorFlow.js has classes call this. */
  protected invokeCallHook(_inputs: unknown, _args: unknown): void {}

  /**
   * From the masks of the inputs to the masks of the outputs, as built-in layers have them.
   * @throws LanegradError where the layer does not support masking, unless it computes: then the mask ends there.
   */
  protected outputMasks(masks: Masks, _inputs: readonly Value[]): Masks {
    const given = masks.filter((mask) => mask !== undefined);
    if (given.length === 0) return [];
    if (this.supportsMasking) return [given.reduce(bothMasks)];
    // Where `call` was given the mask, it is for `call` to read, as in TensorFlow.js.
    if (!this.#hasOwnCall) loseMask(this);
    return [];
  }

  /**
   * The mask of the output, or of each in a list, to be overridden; the input's by default, where the layer supports
   * masking.
   * @param inputs a list, also where there is one
   * @param mask the mask of the input; a list where there are several inputs
   * @returns null where there is none
   */
  computeMask(inputs: Value | readonly Value[], mask?: Value | null | MaskList): Value | null | MaskList {
    const made = this.outputMasks(givenMasks(this, mask), [inputs].flat() as Value[]);
    return made.length > 1 ? made : (made[0] ?? null);
  }

  /** @internal Whether it is made of other layers, so that it computes as part of a trace only. */
  protected get isNetwork(): boolean {
    return false;
  }

  /** Of a class of one's own, the layers that are its attributes: their weights are its own too. */
  protected override get innerLayers(): readonly Layer[] {
    const attributes = this.#hasOwnCall ? Object.values(this).flat() : [];
    return attributes.filter((each) => each instanceof Layer);
  }

  get #hasOwnCall(): boolean {
    return this.call !== Layer.prototype.call;
  }

  /**
   * Applies the layer to symbolic tensors: the way to build functional models. A layer with several outputs returns a
   * list: `layer.apply(x) as SymbolicTensor[]`.
   */
  apply<Result = SymbolicTensor>(inputs: OneOrMore<SymbolicTensor>, options?: ApplyOptions): Result;
  /** Calls the layer on tensors at once. Gradients flow through it. */
  apply<Result = Tensor>(inputs: OneOrMore<Tensor>, options?: ApplyOptions): Result;
  /** Either of these. */
  apply(inputs: Applicable, options?: ApplyOptions): Computed;
  apply(inputs: Applicable, options: ApplyOptions = {}): Computed {
    const given = this.prepares ? preparedInputs(this, inputs) : inputs;
    const list = [given, options?.initialState ?? []].flat() as readonly (SymbolicTensor | Tensor)[];
    if (list.length > 0 && list.every((each) => each instanceof Tensor)) {
      return this.applyAtOnce(list as readonly Tensor[], options ?? {}, given instanceof Tensor);
    }
    if (list.length > 0 && list.every((each) => each instanceof SymbolicTensor)) {
      return this.#applySymbolically(list as SymbolicTensor[], options ?? {});
    }
    throw this.error(`apply takes what input() or apply() return, or tensors; not both; ${got(inputs)}`);
  }

  /** @internal What the layer computes of tensors. @param isAlone whether of one that is in no list */
  protected applyAtOnce(
    tensors: readonly Tensor[],
    options: ApplyOptions,
    isAlone = false,
  ): Tensor | Tensor[] {
    this.#ensureFits(tensors);
    if (!this.isUsed) this.use();
    const { training, mask, ...beside } = options;
    const outer = Trace.running;
    if (!outer?.isForShapes) this.settle();
    const trace = outer ?? new EagerTrace(false);
    const lift = (tensor: Tensor) =>
      trace.graph === recorder ? versionOf(tensor) : liftInto(trace.graph, tensor);
    const given = { beside, isAlone, masks: listed(mask).map((each) => each && lift(each as Tensor)) };
    const call = () => this.trace(trace, tensors.map(lift), given);
    const outputs = trace.trainingAs(training, () => (outer ? call() : trace.run(call)));
    // Inside of another layer's call they are of its trace, with their masks.
    if (outer) return oneOrAll(outputs as readonly Tensor[]);
    return oneOrAll(outputs.map((output) => handOut(unmasked(output) as Tensor, tensors)));
  }

  #applySymbolically(list: SymbolicTensor[], options: ApplyOptions): SymbolicTensor | SymbolicTensor[] {
    this.#ensureFits(list);
    warnOfOtherShape(this, list[0].shape);
    const { taken, kept } = takenOf(list, options);
    return oneOrAll(this.madeOf(list, this.outputsOf(taken), kept));
  }

  /** Builds the layer if it is not. @throws LanegradError for inputs that are not what its `inputSpec` says */
  #ensureFits(inputs: readonly (Tensor | SymbolicTensor)[]): void {
    checkInputSpec(this, inputs);
    this.ensureBuilt(oneOrAll(inputs.map(({ shape }) => shape)));
    // `build` may have said more.
    checkInputSpec(this, inputs);
  }

  /** @internal What the layer will make: as its class says, where that has a `computeOutputShape` of its own, or found by tracing. */
  outputsOf(list: readonly Foreseen[]): readonly Foreseen[] {
    if (this.computeOutputShape === Layer.prototype.computeOutputShape) return this.foresee(list);
    // Layers inside of it are built where it is called.
    if (this.innerLayers.some((layer) => !layer.built)) this.foresee(list);
    return toldShapes(this as Layer, list);
  }

  /** @internal What it makes, found by tracing. */
  protected foresee(list: readonly Foreseen[]): readonly Foreseen[] {
    return outputShapes(list, (trace, values) => this.trace(trace, values));
  }

  /** The shape that it makes of an input of a shape, or of several. A layer that has no weights yet stays without. */
  computeOutputShape(inputShape: ModelShape | readonly ModelShape[]): ModelShape | ModelShape[] {
    const shapes = requireShapes(`${this.name}: computeOutputShape: inputShape`, inputShape);
    const layer = this.built ? this : this.copy({ name: this.name });
    layer.ensureBuilt(oneOrAll(shapes));
    const dtype = this.inputDType ?? 'float32';
    const inputs = shapes.map((shape) => ({ shape, dtype, maskRank: 0 }));
    return oneOrAll(layer.foresee(inputs).map(({ shape }) => shape));
  }

  /** @internal @throws LanegradError for inputs that the layer cannot take: several, unless it says otherwise. */
  protected checkShapes(shapes: readonly ModelShape[]): void {
    if (shapes.length > 1 && !this.#hasOwnCall) throw this.error(`takes one input; got ${shapes.length}.`);
  }

  /** @internal Builds the layer if it is not. @throws LanegradError for inputs that it cannot take */
  ensureBuilt(inputShape: ModelShape | readonly ModelShape[]): void {
    this.checkShapes(shapesIn(inputShape));
    if (this.built) return;
    Trace.suspended(() => {
      // A built-in one that has weights was built by hand.
      if (!this.hasOwnWeights || !describesItself(this.constructor)) this.build(inputShape);
      this.built = true;
      if (!this.trainable) this.freezeWeights(true);
      if (this.#settings.weights) this.setWeights(this.#settings.weights);
    });
  }

  /** @internal Calls the layer as part of a trace, under its name, hands masks on, and notes its activity penalty. */
  trace(trace: Trace, inputs: readonly Value[], given: GivenContext = {}): readonly Value[] {
    return trace.graph.withinLayer(this.name, () => {
      const values = inputs.map(unmasked);
      const masks = inputs.map((input, i) => maskOf(input) ?? given.masks?.[i]);
      const result = trace.frozenIf(!this.trainable, () => this.#run(values, masks, trace, given));
      // What a class computes of nothing but its own tensors is a constant of the model.
      const outputs = (isList(result) && result.length > 0 ? result : [result]).map((each) =>
        liftInto(trace.graph, givenTensor('call', each) as Tensor),
      );
      const { activityRegularizer } = this;
      if (activityRegularizer) {
        for (const output of outputs) {
          const penalty = givenTensor('the activityRegularizer', activityRegularizer.apply(output));
          trace.penalize(div(penalty, output.shape[0]));
        }
      }
      const outputMasks = this.masksOf(values, masks);
      return outputs.map((output, i) => withMask(output, fittingMask(this, outputMasks[i], output)));
    });
  }

  /** @internal The masks of the outputs. @param masks by default those that the inputs have */
  masksOf(inputs: readonly Value[], masks: Masks = inputs.map(maskOf)): readonly (Value | undefined)[] {
    const made = this.computeMask(inputs.map(unmasked), masks.length === 1 ? masks[0] : masks);
    return listed(made).map((mask) => mask && givenTensor('computeMask', mask));
  }

  /** A class's own `call` where it has one, on a list, unless it is applied to a tensor; what built-in layers compute otherwise. */
  #run(
    values: readonly Value[],
    masks: Masks,
    { training, isFrozen }: Trace,
    { beside, isAlone }: GivenContext,
  ): Value | readonly Value[] {
    const isOne = values.length === 1;
    const context = { training, isFrozen, masks };
    const mask = isOne ? masks[0] : masks;
    return this.#hasOwnCall
      ? this.call(isOne && isAlone ? values[0] : values, { ...beside, ...context, mask })
      : this.compute(isOne ? values[0] : values, { ...context, beside });
  }
}

declare module './symbolic.ts' {
  interface SourceLayer extends Layer {}
}
