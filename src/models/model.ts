// A network of layers, and what can be done with it: training, evaluation, prediction, files.

import type { IOHandler, SaveResult, SaveTarget } from '../io/artifacts.ts';
import { oneOrAll } from '../layers/base/applied.ts';
import type { LayerOptions } from '../layers/base/layer.ts';
import type { SymbolicTensor } from '../layers/base/symbolic.ts';
import type { NamedTensor, Optimizer } from '../optimizers/optimizers.ts';
import { readOptions } from '../options/read-options.ts';
import { nextSeed } from '../random/seed.ts';
import { type TensorArgument, toTensor } from '../tensor/convert.ts';
import { scalar } from '../tensor/creation.ts';
import type { LayerVariable } from '../tensor/layer-variable.ts';
import { count } from '../tensor/scopes.ts';
import { isTaping } from '../tensor/tape.ts';
import { modelTrace, Tensor } from '../tensor/tensor.ts';
import type { Scalar } from '../tensor/types.ts';
import { Feeds, wholeBatch } from '../training/batch.ts';
import type { Dataset } from '../training/batch-source.ts';
import type { History } from '../training/callbacks/history.ts';
import {
  type CompileArguments,
  type Compiled,
  readCompileArguments,
  resolveCompileArguments,
} from '../training/compiled.ts';
import { type Cluster, together } from '../training/distributed/cluster.ts';
import { type DataList, type Feed, listData, readInputs } from '../training/feed.ts';
import {
  evaluateDataset,
  type FitDatasetOptions,
  type FitOptions,
  fit,
  fitDataset,
  fitDatasetOptions,
  fitOptions,
} from '../training/fit.ts';
import { Predictor } from '../training/predictor.ts';
import type { FittedModel } from '../training/trainable.ts';
import { Trainer } from '../training/trainer.ts';
import { trainingConfig } from '../training/training-config.ts';
import { Container } from './container.ts';
import { loadWeights } from './load-weights.ts';
import * as methods from './method-options.ts';
import { saveModel } from './save.ts';

/** What `model` takes: where the network begins and ends. */
export interface ModelOptions extends LayerOptions {
  readonly inputs: SymbolicTensor | readonly SymbolicTensor[];
  readonly outputs: SymbolicTensor | readonly SymbolicTensor[];
}

/** Whether what is predicted is part of what is being differentiated, or of another model, whose layer or loss asks. */
const isRecorded = (): boolean => isTaping() || modelTrace() !== undefined;

/** A network of layers that can be trained. It is a layer too, and can be applied in other models. */
export class Model extends Container implements FittedModel {
  static readonly className: string = 'Model';
  /** Set it to end `fit` after the current step. `fit` sets it to false; it is undefined before, which its type does not say. */
  declare stopTraining: boolean;
  /** The history of the latest training, from its beginning; undefined before. */
  history: History | undefined;
  #trainer: Trainer | undefined;
  /** Whether a training is running: it is set by `fit`. */
  isTraining = false;
  #predictor: Predictor | undefined;
  #compileArguments: CompileArguments | undefined;
  /** What was set and is not compiled, as by a class that trains itself. */
  #set: Partial<CompileArguments> = {};
  #wasTrainable: boolean | undefined;
  #compiledToMove: ReadonlySet<LayerVariable> | undefined;

  constructor(options: LayerOptions & Partial<Pick<ModelOptions, 'inputs' | 'outputs'>> = {}) {
    super(options);
    // By who made it, layers or none.
    this.use();
    const { inputs, outputs } = options;
    if (inputs && outputs) {
      this.setWiring([inputs].flat() as SymbolicTensor[], [outputs].flat() as SymbolicTensor[]);
    }
  }

  /** @internal */
  protected override setWiring(inputs: readonly SymbolicTensor[], outputs: readonly SymbolicTensor[]): void {
    super.setWiring(inputs, outputs);
    this.#trainer = undefined;
    this.#predictor = undefined;
    this.#compiledToMove = undefined;
  }

  /** @internal Its own flag counts as it was when it was compiled: later it is for models that contain it. */
  protected override get isTrained(): boolean {
    return this.#wasTrainable ?? this.trainable;
  }

  /** @internal What was frozen when it was compiled stays so until it is compiled again, as in TensorFlow.js and Keras. */
  override get movedVariables(): readonly LayerVariable[] {
    const moved = super.movedVariables;
    return this.#compiledToMove ? moved.filter((variable) => this.#compiledToMove!.has(variable)) : moved;
  }

  /**
   * Configures training. Weights stay as they are.
   * @throws LanegradError for unknown optimizers, losses and metrics.
   */
  compile(args: CompileArguments): void {
    this.#configure(args);
    if (args.classWeight) console.warn('compile: classWeight does nothing; fit takes it.');
  }

  #configure(args: CompileArguments): void {
    readCompileArguments(args);
    // Only a model that knows its shape can resolve metrics; one that does not is resolved on first use.
    const compiled = this.isConnected ? this.#resolved(args) : undefined;
    const before = [this.#compileArguments, this.#wasTrainable, this.#trainer, this.#compiledToMove] as const;
    this.#compileArguments = args;
    this.#wasTrainable = this.trainable;
    this.#trainer = undefined;
    try {
      if (compiled) this.#newTrainer(compiled);
    } catch (error) {
      // What the optimizer remembers may be of other weights, or find no memory.
      [this.#compileArguments, this.#wasTrainable, this.#trainer, this.#compiledToMove] = before;
      throw error;
    }
  }

  /**
   * The optimizer; undefined before `compile`, by which scripts tell whether a model is compiled. Another that is set is
   * compiled with loss and metrics as they are; classes of one's own that train themselves may set it without `compile`.
   */
  get optimizer(): Optimizer {
    return (
      this.#compileArguments ? this.trainerFor('optimizer').optimizer : this.#set.optimizer
    ) as Optimizer;
  }

  set optimizer(optimizer: Optimizer) {
    this.#reconfigure({ optimizer });
  }

  /** The loss, as `compile` was given it; undefined before. Another that is set is compiled with what else there is. */
  get loss(): CompileArguments['loss'] {
    return (this.#compileArguments ?? this.#set).loss as CompileArguments['loss'];
  }

  set loss(loss: CompileArguments['loss']) {
    this.#reconfigure({ loss });
  }

  /** The metrics, as `compile` was given them; an empty list where it was given none; undefined before. */
  get metrics(): NonNullable<CompileArguments['metrics']> {
    return (this.#compileArguments && (this.#compileArguments.metrics ?? [])) as NonNullable<
      CompileArguments['metrics']
    >;
  }

  #reconfigure(change: Partial<CompileArguments>): void {
    if (this.#compileArguments) this.#configure({ ...this.#compileArguments, ...change });
    else this.#set = { ...this.#set, ...change };
  }

  /** Names of what `evaluate` returns: losses, then metrics. */
  get metricsNames(): string[] {
    return [...this.trainerFor('metricsNames').names];
  }

  /**
   * Trains on arrays.
   * @param x inputs: [samples, …] for each input
   * @param y targets: [samples, …] for each output
   * @throws LanegradError for data that do not fit, and at the first loss that is not finite.
   */
  async fit(x: DataList, y: DataList, options: FitOptions = {}): Promise<History> {
    const trainer = this.trainerFor('fit');
    const settings = readOptions('fit', fitOptions, options);
    const { worker, seed, cluster } = settings;
    if (worker && cluster)
      throw this.error('fit: takes a worker or a cluster, not both. A worker has no other processes.');
    return this.#alone('fit', () =>
      worker
        ? worker.fit(this, x, y, { ...settings, seed: seed ?? nextSeed() })
        : together(cluster, () => fit(this, trainer, x, y, settings)),
    );
  }

  /** Trains on batches as an iterable gives them. */
  async fitDataset(dataset: Dataset, options: FitDatasetOptions = {}): Promise<History> {
    const trainer = this.trainerFor('fitDataset');
    const settings = readOptions('fitDataset', fitDatasetOptions, options);
    return this.#alone('fitDataset', () =>
      together(settings.cluster, () => fitDataset(this, trainer, dataset, settings)),
    );
  }

  /** One step on one batch. Resolves to the loss, or to the loss and the metrics. */
  async trainOnBatch(
    x: DataList,
    y: DataList,
    options: methods.TrainOnBatchOptions = {},
  ): Promise<number | number[]> {
    const trainer = this.trainerFor('trainOnBatch');
    const settings = readOptions('trainOnBatch', methods.trainOnBatchOptions, options);
    const feeds = trainer.feeds('trainOnBatch', x, y, settings);
    const totals = trainer.totals();
    trainer.step(wholeBatch(feeds), totals, () => 'trainOnBatch', settings);
    return oneOrAll(totals.values());
  }

  /**
   * The loss over all samples, or the loss and the metrics, as scalars.
   * @param options a number is the batch size
   */
  evaluate(x: DataList, y: DataList, options: methods.EvaluateOptions | number = {}): Scalar | Scalar[] {
    const trainer = this.trainerFor('evaluate');
    const given = typeof options === 'number' ? { batchSize: options } : options;
    const {
      batchSize = this.defaultBatchSize,
      cluster,
      ...weights
    } = readOptions('evaluate', methods.evaluateOptions, given);
    const feeds = trainer.feeds('evaluate', x, y, weights);
    const values = trainer.evaluate(feeds, batchSize, cluster).values();
    return oneOrAll(values.map((value) => scalar(value)));
  }

  /** As `evaluate`, over batches as an iterable gives them. */
  async evaluateDataset(
    dataset: Dataset,
    options: methods.EvaluateDatasetOptions = {},
  ): Promise<Scalar | Scalar[]> {
    const trainer = this.trainerFor('evaluateDataset');
    const { batches } = readOptions('evaluateDataset', methods.evaluateDatasetOptions, options);
    const values = (await evaluateDataset(trainer, dataset, batches)).values();
    return oneOrAll(values.map((value) => scalar(value)));
  }

  /** What the model computes of its inputs: a tensor for each output. Needs no `compile`. */
  predict(x: DataList, options: methods.PredictOptions = {}): Tensor | Tensor[] {
    this.throwIfDisposed();
    const { batchSize = this.defaultBatchSize, cluster } = readOptions(
      'predict',
      methods.batchOptions,
      options,
    );
    if (isRecorded()) return this.#predictAsPart('predict', x);
    return this.#predictInBatches(readInputs(this, 'predict', x), batchSize, cluster);
  }

  #predictInBatches(inputs: readonly Feed[], batchSize: number, cluster?: Cluster): Tensor | Tensor[] {
    this.#predictor ??= new Predictor(this);
    const results = this.#predictor.predict(new Feeds(inputs), batchSize, cluster);
    const tensors = results.map(({ data, shape }) => count(new Tensor(data, shape, 'float32')));
    return oneOrAll(tensors);
  }

  /** Gradients flow through what a model predicts, and it is part of the model whose loss or layer asks for it. */
  #predictAsPart(where: string, x: DataList): Tensor | Tensor[] {
    const names = this.inputs.map(({ name }) => name);
    const tensors = listData(`${where}: x`, x, names).map((data, i) =>
      toTensor(where, 'x', this.prepare(data, i)),
    );
    return this.applyAtOnce(tensors, { training: false });
  }

  /** As `predict`, with all samples in one batch. */
  predictOnBatch(x: DataList): Tensor | Tensor[] {
    this.throwIfDisposed();
    if (isRecorded()) return this.#predictAsPart('predictOnBatch', x);
    const inputs = readInputs(this, 'predictOnBatch', x);
    return this.#predictInBatches(inputs, inputs[0].samples);
  }

  /**
   * Saves layers and weights in TensorFlow.js's layers format.
   * @param target 'file://folder', 'localstorage://name', 'indexeddb://name', 'downloads://name', 'https://…', or an
   * object with `save`
   * @returns sizes of what was saved; of an object what its `save` returns
   * @throws LanegradError for other addresses. What cannot be saved of its training, as a loss that is a function, is a
   * warning.
   */
  async save<Result = SaveResult>(
    target: string | SaveTarget<Result> | IOHandler,
    options: methods.SaveOptions = {},
  ): Promise<Result> {
    const { includeOptimizer, trainableOnly } = readOptions('save', methods.saveOptions, options);
    const args = includeOptimizer ? this.#compileArguments : undefined;
    if (includeOptimizer && !args)
      console.warn(`${this.name}: saved without an optimizer: it is not compiled.`);
    const training = args && { args, optimizer: this.optimizer };
    return saveModel(this, target, training, trainableOnly ? this.trainableVariables : this.weights);
  }

  /** @internal How it is trained, as files have it. @throws LanegradError for what they cannot tell. */
  getTrainingConfig(): object | undefined {
    return trainingConfig(this, this.optimizer);
  }

  /**
   * Copies of the weights that `save` writes, with their names.
   * @param options of `save`, of which `trainableOnly` counts
   */
  getNamedWeights(options: methods.SaveOptions | null = {}): NamedTensor[] {
    const { trainableOnly } = readOptions('getNamedWeights', methods.saveOptions, options ?? {});
    const named = trainableOnly ? this.trainableVariables : this.weights;
    return named.map((variable) => ({ name: variable.originalName, tensor: variable.copy() }));
  }

  /**
   * Sets weights by their names.
   * @param weights tensors, or nested arrays, by the names that the model's weights have; also `layer/0`, `layer/1`, …, as
   * Keras 3 numbers the weights of a layer
   * @param strict whether there must be every weight and no other; true by default
   */
  loadWeights(weights: Readonly<Record<string, TensorArgument>>, strict = true): void {
    loadWeights(this, weights, strict);
  }

  /** @internal Disposes of its layers, where they stand in no other model, and of what was compiled for them. */
  protected override disposeWeights(): number {
    const weights = super.disposeWeights();
    for (const user of [this.#trainer, this.#predictor]) user?.dispose();
    this.#trainer = undefined;
    this.#predictor = undefined;
    return weights;
  }

  /** The program of one training step on a batch of these data, as text. */
  printProgram(x: DataList, y: DataList): string {
    const trainer = this.trainerFor('printProgram');
    const batch = wholeBatch(trainer.feeds('printProgram', x, y));
    return trainer.program('train', batch).program.toString();
  }

  /** Runs a training, unless one is running. */
  async #alone(method: string, train: () => Promise<History>): Promise<History> {
    if (this.isTraining)
      throw this.error(
        `${method}: the model is being trained. Await that first. Cannot start training because another fit() call is ongoing.`,
      );
    this.isTraining = true;
    try {
      return await train();
    } finally {
      this.isTraining = false;
    }
  }

  /**
   * @internal What trains it, for functions that look at a training from outside, such as `explainStep`.
   * @param method which asks, for the error
   * @throws LanegradError before `compile`.
   */
  trainerFor(method: string): Trainer {
    this.throwIfDisposed();
    if (this.#trainer) return this.#trainer;
    if (!this.#compileArguments) {
      throw this.error(
        `${method} needs a compiled model. Call model.compile({ optimizer, loss }) first. You must compile a model before; it needs to be compiled before use.`,
      );
    }
    return this.#newTrainer(this.#resolved(this.#compileArguments));
  }

  #resolved(args: CompileArguments): Compiled {
    return resolveCompileArguments(args, this.outputs, this.outputNames);
  }

  #newTrainer(compiled: Compiled): Trainer {
    this.#compiledToMove = new Set(super.movedVariables);
    this.#trainer = new Trainer(this, compiled);
    return this.#trainer;
  }
}

declare module '../training/callbacks/callback.ts' {
  interface CallbackModels {
    model: Model;
  }
}
