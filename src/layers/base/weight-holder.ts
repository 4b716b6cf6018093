// What a layer keeps: weights, and states from batch to batch.

import { type Constraint, getConstraint } from '../../constraints/constraints.ts';
import { LanegradError, shown } from '../../errors.ts';
import type { Value } from '../../graph/graph.ts';
import { formatShape, type Shape, sizeOf } from '../../graph/shape.ts';
import { getInitializer, type Initializer, valuesLater } from '../../initializers/initializers.ts';
import { requireArgument } from '../../options/arguments.ts';
import { nextSeed } from '../../random/seed.ts';
import { getRegularizer, type Regularizer } from '../../regularizers/regularizers.ts';
import { Weights } from '../../state/weights.ts';
import { givenTensor } from '../../tensor/convert.ts';
import type { DataType } from '../../tensor/data-type.ts';
import { LayerVariable } from '../../tensor/layer-variable.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { Scalar } from '../../tensor/types.ts';
import { takeRoom } from './room-for-weights.ts';
import { showWeight } from './weight-attributes.ts';
import type { WeightOptions } from './weight-options.ts';

/** What `dispose` did. */
export interface DisposeResult {
  /** In how many places it still stands. */
  readonly refCountAfterDispose: number;
  /** How many weights went. */
  readonly numDisposedVariables: number;
}

/** What is added to the loss: a scalar, computed anew at every step. */
export type RegularizerFn = () => Value;

let holders = 0;

/** A layer as far as it holds weights. */
export abstract class WeightHolder {
  readonly name: string;
  /** A number that no other layer has. */
  readonly id = holders++;
  /** @internal What its weights' names begin with: its own name, or where it stands inside another layer. */
  weightScope: string;
  /** Set by the first `apply`; weights exist from then on. */
  built = false;
  /** The weights of its own that may be trained. Classes of one's own may add weights of layers inside. */
  _trainableWeights: LayerVariable[] = [];
  /** The weights of its own that are never trained. */
  _nonTrainableWeights: LayerVariable[] = [];
  #trainable = true;
  readonly #losses: RegularizerFn[] = [];
  #uses = 0;
  /** Models that have it and were not disposed of. */
  #models = 0;
  #isDisposed = false;

  constructor(name: string) {
    this.name = name;
    this.weightScope = name;
  }

  /** Whether `fit` moves its weights. May be changed at any time; the flag of the model that is compiled counts as it was then. */
  get trainable(): boolean {
    return this.#trainable;
  }

  set trainable(trainable: boolean) {
    this.#trainable = trainable;
    if (this.built) this.freezeWeights(!trainable);
  }

  /** @internal Layers inside of it. */
  protected get innerLayers(): readonly WeightHolder[] {
    return [];
  }

  /** @internal Tells weights, those of layers inside included, whether steps of loops of one's own leave them alone. */
  protected freezeWeights(isFrozen: boolean): void {
    for (const variable of this.#own) variable.isFrozen = isFrozen;
    for (const layer of this.innerLayers) layer.freezeWeights(isFrozen || !layer.trainable);
  }

  /** @internal Whether it has weights beside those of layers inside. */
  protected get hasOwnWeights(): boolean {
    return this.#own.length > 0;
  }

  get #own(): readonly LayerVariable[] {
    return this.#requireWeights([...this._trainableWeights, ...this._nonTrainableWeights]);
  }

  #requireWeights(list: readonly LayerVariable[]): readonly LayerVariable[] {
    if (Array.isArray(list) && list.every((each) => each instanceof LayerVariable)) return list;
    throw this.error(`trainableWeights takes a list of weights of layers; got ${shown(list)}.`);
  }

  /** The weights in a list that it does not have yet. */
  #others(weights: readonly LayerVariable[]): readonly LayerVariable[] {
    const own = new Set(this.variables);
    return this.#requireWeights(weights).filter((weight) => !own.has(weight));
  }

  /** Its weights, those of layers inside it included. */
  get variables(): readonly LayerVariable[] {
    return [...new Set([...this.#own, ...this.innerLayers.flatMap((layer) => layer.variables)])];
  }

  get trainableVariables(): readonly LayerVariable[] {
    if (!this.trainable) return [];
    const own = this._trainableWeights.filter((variable) => variable.trainable);
    return [...new Set([...own, ...this.innerLayers.flatMap((layer) => layer.trainableVariables)])];
  }

  /** Its weights: those that `fit` moves, then those that it does not. */
  get weights(): LayerVariable[] {
    return [...this.trainableWeights, ...this.nonTrainableWeights];
  }

  /**
   * The weights that `fit` moves. A class of one's own may set them, to have weights of layers that are none of its
   * attributes, too; those that it has, and are not named, stay.
   */
  get trainableWeights(): LayerVariable[] {
    return this.trainableVariables as LayerVariable[];
  }

  set trainableWeights(weights: readonly LayerVariable[]) {
    this._trainableWeights.push(...this.#others(weights));
  }

  /** The weights that `fit` does not move. May be set as `trainableWeights`. */
  get nonTrainableWeights(): LayerVariable[] {
    const moved = new Set(this.trainableVariables);
    return this.variables.filter((variable) => !moved.has(variable));
  }

  set nonTrainableWeights(weights: readonly LayerVariable[]) {
    this._nonTrainableWeights.push(...this.#others(weights));
  }

  /** @internal Names of the layers, this one or inside of it, and of the weights that are trained. */
  get trainableNames(): readonly string[] {
    if (!this.trainable) return [];
    const own = this._trainableWeights.filter((variable) => variable.trainable).map(({ name }) => name);
    return [this.name, ...own, ...this.innerLayers.flatMap((layer) => layer.trainableNames)];
  }

  /** What the layer remembers from batch to batch. It is no weight: it is not saved, nor counted. */
  get stateVariables(): readonly Weights[] {
    return [];
  }

  /** Whether the layer remembers something from batch to batch. */
  get stateful(): boolean {
    return false;
  }

  /** Forgets what the layer remembers from batch to batch. */
  resetStates(): void {
    for (const variable of this.stateVariables) variable.write(new Float32Array(sizeOf(variable.shape)));
  }

  /**
   * Copies of the weights, those that are trained first. Where variables are asked for, as by `variableGrads`, they stand
   * for the weights.
   * @param trainableOnly whether of these alone
   */
  getWeights(trainableOnly = false): Tensor[] {
    return (trainableOnly ? this.trainableVariables : this.weights).map((variable) => variable.copy());
  }

  /**
   * @param weights in the order of `getWeights`
   * @throws LanegradError when there are more or fewer tensors than weights, or one of another shape.
   */
  setWeights(weights: readonly Tensor[]): void {
    const own = this.weights;
    if (!Array.isArray(weights))
      throw this.error(`setWeights takes a list of tensors; got ${shown(weights)}.`);
    if (weights.length !== own.length) {
      throw this.error(`setWeights takes ${own.length} tensors; got ${weights.length}.`);
    }
    const writes = own.map((variable, i) => variable.writing(weights[i]));
    for (const write of writes) write();
  }

  /** What it adds to a model's loss, layers inside of it included: its regularizers, and what `addLoss` was given. */
  get losses(): readonly RegularizerFn[] {
    return [...new Set([...this.#losses, ...this.innerLayers.flatMap((layer) => layer.losses)])];
  }

  /**
   * Adds to the loss of every model that the layer stands in, as its regularizers do.
   * @param losses called where a step is traced, each must give a scalar, computed of weights by `read()`
   * @throws LanegradError for what is no function
   */
  addLoss(losses: RegularizerFn | readonly RegularizerFn[]): void {
    for (const loss of [losses].flat()) {
      requireArgument(`${this.name}: addLoss: losses`, 'function', loss);
      this.#losses.push(() => givenTensor(`${this.name}: what addLoss was given`, loss(), []));
    }
  }

  /** What each of `losses` is now. */
  calculateLosses(): Scalar[] {
    return this.losses.map((loss) => loss() as Scalar);
  }

  /** How many numbers its weights are. */
  countParams(): number {
    return this.variables.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  }

  /**
   * Makes a weight. To be called in `build`.
   * @param shape without a batch
   * @param dtype 'float32', the only one there is; any by its type, for what TensorFlow.js's scripts pass on
   * @param initializer a name or an initializer; 'zeros' by default
   */
  addWeight(
    name: string,
    shape: Shape,
    dtype?: DataType | null,
    initializer?: string | Initializer | null,
    regularizer?: string | Regularizer | null,
    trainable?: boolean | null,
    constraint?: string | Constraint | null,
  ): LayerVariable {
    if ((dtype ?? 'float32') !== 'float32')
      throw this.error(`addWeight: weights are float32, not ${shown(dtype)}.`);
    return this.makeWeight(name, shape, {
      initializer: getInitializer(initializer ?? 'zeros'),
      regularizer: regularizer ? getRegularizer(regularizer) : undefined,
      constraint: constraint ? getConstraint(constraint) : undefined,
      trainable: trainable ?? true,
    });
  }

  /** @internal Makes a weight. @param shape without a batch */
  protected makeWeight(name: string, shape: Shape, options: WeightOptions = {}): LayerVariable {
    requireArgument(`${this.name}: addWeight: name`, 'text', name);
    requireArgument(`${this.name}: the shape of weight ${name}`, 'list', shape);
    if (shape.some((size) => !Number.isInteger(size) || size <= 0)) {
      throw this.error(`weight ${name} must have positive integer sizes; got shape ${formatShape(shape)}.`);
    }
    const { initializer = getInitializer('zeros'), regularizer, constraint, trainable } = options;
    const full = `${this.weightScope}/${name}`;
    if (this.#own.some((variable) => variable.name === full)) {
      throw this.error(`Duplicate weight name ${name}: every weight of a layer has another.`);
    }
    takeRoom(full, shape);
    const values = initialValues(full, shape, initializer, nextSeed());
    const variable = new LayerVariable({ name: full, shape, values, trainable, constraint });
    (variable.trainable ? this._trainableWeights : this._nonTrainableWeights).push(variable);
    if (regularizer) {
      const cost = () => regularizer.apply(variable.read());
      this.#losses.push(() => givenTensor(`${full}: the regularizer`, cost(), []));
    }
    showWeight(this, name, variable);
    return variable;
  }

  /** @internal Notes that it stands in a model, or that tensors went through it. */
  protected use(): void {
    this.throwIfDisposed();
    this.#uses++;
  }

  /** @internal Whether it stands in a model, or tensors went through it. */
  protected get isUsed(): boolean {
    return this.#uses > 0;
  }

  /**
   * Says that it is used in one place less; what is used nowhere any more has no weights. Nobody has to call this:
   * what is unreachable is freed.
   * @throws LanegradError where it was not built, not used, or disposed of.
   */
  dispose(): DisposeResult {
    this.throwIfDisposed();
    if (!this.isUsed) {
      const missing = this.built ? 'used' : 'built';
      throw this.error(`Cannot dispose Layer ${this.name} because it has not been ${missing} yet.`);
    }
    this.#uses--;
    this.#isDisposed = !this.isUsed;
    const numDisposedVariables = this.#isDisposed ? this.disposeWeights() : 0;
    return { refCountAfterDispose: this.#uses, numDisposedVariables };
  }

  /** @internal Notes that a model has it. */
  joinModel(): void {
    this.#models++;
  }

  /** @internal Notes that a model has it no more. */
  leaveModel(): void {
    this.#models--;
  }

  /** @internal As `dispose`, for a model that had it: its last use stays while another model has it. @returns how many weights went */
  disposeWithModel(): number {
    this.leaveModel();
    const isNeeded = this.#models > 0 && this.#uses === 1;
    return isNeeded ? 0 : this.dispose().numDisposedVariables;
  }

  /** @internal Takes the weights' numbers away; whoever asks for them is told. @returns how many weights there were */
  protected disposeWeights(): number {
    const { variables } = this;
    for (const variable of [...variables, ...this.stateVariables]) variable.dispose();
    return variables.length;
  }

  /** @internal What an error calls it. */
  protected get kindOfHolder(): string {
    return 'Layer';
  }

  /** @internal @throws LanegradError where it was disposed of. */
  throwIfDisposed(): void {
    if (this.#isDisposed) throw this.error(`${this.kindOfHolder} '${this.name}' is already disposed.`);
  }

  /** @internal Gives weights and states that have none yet their place in linear memory, side by side. */
  settle(): void {
    Weights.settle(this.variables, `${this.name}'s weights`);
    Weights.settle(this.stateVariables, `${this.name}'s states`);
  }

  /** An error that begins with the layer's name. */
  error(message: string): LanegradError {
    return new LanegradError(`${this.name}: ${message}`);
  }
}

/** What a weight begins with, or what makes it. @throws LanegradError for an initializer of one's own that gives something else. */
function initialValues(
  name: string,
  shape: Shape,
  initializer: Initializer,
  seed: number,
): Float32Array | (() => Float32Array) {
  const later = valuesLater(initializer);
  if (later) return later(shape, seed);
  const values: unknown = initializer.values(shape, seed);
  if (values instanceof Float32Array && values.length === sizeOf(shape)) return values;
  throw new LanegradError(
    `${name}: the initializer must give ${sizeOf(shape)} numbers in a Float32Array; got ${shown(values)}.`,
  );
}
