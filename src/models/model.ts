// A network of layers: how they are connected, and what can be done with it.

import type { Value } from '../graph/graph.ts';
import type { SaveHandler, SaveResult } from '../io/artifacts.ts';
import type { JsonObject } from '../io/json.ts';
import { type CallContext, Layer, type LayerOptions, type Masks } from '../layers/layer.ts';
import { withMask } from '../layers/mask.ts';
import type { OutputShape } from '../layers/output-shapes.ts';
import { SymbolicTensor } from '../layers/symbolic.ts';
import { numbered } from '../names.ts';
import { readOptions } from '../options/read-options.ts';
import { nextSeed } from '../random/seed.ts';
import { Trace } from '../state/trace.ts';
import type { Variable } from '../state/variable.ts';
import { toTensor } from '../tensor/convert.ts';
import { scalar } from '../tensor/creation.ts';
import { count, isTaping } from '../tensor/scopes.ts';
import { Tensor } from '../tensor/tensor.ts';
import { Feeds, wholeBatch } from '../training/batch.ts';
import type { Dataset } from '../training/batch-source.ts';
import {
  type CompileArguments,
  readCompileArguments,
  resolveCompileArguments,
} from '../training/compiled.ts';
import { type DataList, listData, readInputs } from '../training/feed.ts';
import {
  evaluateDataset,
  type FitDatasetOptions,
  type FitOptions,
  fit,
  fitDataset,
  fitDatasetOptions,
  fitOptions,
} from '../training/fit.ts';
import type { History } from '../training/history.ts';
import type { Optimizer } from '../training/optimizers.ts';
import { Predictor } from '../training/predictor.ts';
import type { FittedModel } from '../training/trainable.ts';
import { Trainer, type WeightOptions, weightOptions } from '../training/trainer.ts';
import {
  batchOptions,
  type EvaluateDatasetOptions,
  type EvaluateOptions,
  evaluateDatasetOptions,
  evaluateOptions,
  type PredictOptions,
  type SaveOptions,
  saveOptions,
} from './method-options.ts';
import { modelConfig, saveModel, topologyOf, writtenBy } from './save.ts';
import { printSummary } from './summary.ts';
import { applicationsBetween, layersByDepth, type Network, type Topology } from './topology.ts';

export interface ModelOptions extends LayerOptions {
  readonly inputs: SymbolicTensor | readonly SymbolicTensor[];
  readonly outputs: SymbolicTensor | readonly SymbolicTensor[];
}

const asList = <T extends object>(one: T | readonly T[]): readonly T[] =>
  Array.isArray(one) ? one : [one as T];

/** A network of layers. It is a layer too, and can be applied in other models. */
export class Model extends Layer implements FittedModel, Network {
  static readonly className: string = 'Functional';
  /** Set it to end `fit` after the current step. */
  stopTraining = false;
  #topology: Topology | undefined;
  #trainer: Trainer | undefined;
  #isTraining = false;
  #predictor: Predictor | undefined;
  #compileArguments: CompileArguments | undefined;
  #metadata: JsonObject | undefined;

  constructor(options: LayerOptions & Partial<Pick<ModelOptions, 'inputs' | 'outputs'>> = {}) {
    super(options);
    const { inputs, outputs } = options;
    if (inputs && outputs) this.setTopology(asList(inputs), asList(outputs));
  }

  /** Takes other inputs and outputs. What was compiled for the old ones is forgotten. */
  protected setTopology(inputs: readonly SymbolicTensor[], outputs: readonly SymbolicTensor[]): void {
    const applications = applicationsBetween(inputs, outputs);
    const layers = layersByDepth(inputs, outputs, applications);
    this.#topology = { inputs, outputs, applications, layers };
    this.#trainer = undefined;
    this.#predictor = undefined;
    if (!this.isUsed) this.use();
    this.built = true;
  }

  /** @throws LanegradError while the model has no layers or does not know its input's shape. */
  get topology(): Topology {
    if (this.#topology) return this.#topology;
    throw this.error('has no input shape yet. Give its first layer inputShape, as in inputShape: [784].');
  }

  get inputs(): readonly SymbolicTensor[] {
    return this.topology.inputs;
  }

  get outputs(): readonly SymbolicTensor[] {
    return this.topology.outputs;
  }

  /** Names of the layers that make the outputs; numbered where a layer makes several. */
  get outputNames(): readonly string[] {
    return numbered(this.outputs.map(({ sourceLayer, name }) => sourceLayer?.name ?? name));
  }

  override get output(): SymbolicTensor | SymbolicTensor[] {
    return this.outputs.length === 1 ? this.outputs[0] : [...this.outputs];
  }

  /** Its layers, each once; in the order of TensorFlow.js, those furthest from the outputs first. */
  get layers(): readonly Layer[] {
    return this.topology.layers;
  }

  /** @throws LanegradError when there is no layer of that name or at that place. */
  getLayer(nameOrIndex: string | number): Layer {
    const found =
      typeof nameOrIndex === 'number'
        ? this.layers[nameOrIndex]
        : this.layers.find(({ name }) => name === nameOrIndex);
    if (found) return found;
    throw this.error(
      `has no layer ${JSON.stringify(nameOrIndex)}. It has ${this.layers.map(({ name }) => name).join(', ')}.`,
    );
  }

  override get variables(): readonly Variable[] {
    return [...new Set(this.layers.flatMap((layer) => layer.variables))];
  }

  override get stateVariables(): readonly Variable[] {
    return [...new Set(this.layers.flatMap((layer) => layer.stateVariables))];
  }

  /** Samples of a batch where the inputs say, else 32. */
  get defaultBatchSize(): number {
    return this.inputs[0].shape[0] ?? 32;
  }

  /** @throws LanegradError where a layer that reads an input cannot take these numbers. */
  checkInput(index: number, data: ArrayLike<number>): void {
    const input = this.inputs[index];
    for (const { outboundLayer, inputTensors } of this.topology.applications) {
      if (inputTensors.includes(input)) outboundLayer.checkData(data);
    }
  }

  override get trainableVariables(): readonly Variable[] {
    if (!this.trainable) return [];
    return [...new Set(this.layers.flatMap((layer) => layer.trainableVariables))];
  }

  override get weights(): readonly Variable[] {
    // Of a model that is not trained, too, those come first that its layers would train.
    const first = this.layers.flatMap((layer) => layer.trainableVariables);
    return [...new Set([...first, ...this.layers.flatMap((layer) => layer.weights)])];
  }

  override get trainableParts(): readonly string[] {
    return this.trainable ? [this.name, ...this.layers.flatMap((layer) => layer.trainableParts)] : [];
  }

  override compute(inputs: Value | readonly Value[], { masks }: CallContext): Value | readonly Value[] {
    const values = asList(inputs).map((value, i) => withMask(value, masks[i]));
    const outputs = this.traceOutputs(Trace.current, values);
    return outputs.length === 1 ? outputs[0] : outputs;
  }

  /** None but those that its layers gave the outputs. */
  protected override outputMasks(): Masks {
    return [];
  }

  /** What its layers say, one after the other. */
  override outputsOf(list: readonly SymbolicTensor[]): readonly OutputShape[] {
    const { applications } = this.topology;
    const found = new Map(this.inputs.map((tensor, i) => [tensor, list[i]] as const));
    for (const { outboundLayer, inputTensors, outputTensors } of applications) {
      const made = outboundLayer.outputsOf(inputTensors.map((tensor) => found.get(tensor)!));
      for (const [i, output] of outputTensors.entries()) {
        const { shape, dtype, maskRank } = made[i];
        found.set(output, new SymbolicTensor(dtype, shape, null, [], {}, output.name, 0, maskRank));
      }
    }
    return this.outputs.map((tensor) => found.get(tensor)!);
  }

  /** Traces the layers on values of one batch. */
  traceOutputs(trace: Trace, inputs: readonly Value[]): readonly Value[] {
    return trace.frozenIf(!this.trainable, () => this.#traceLayers(trace, inputs));
  }

  #traceLayers(trace: Trace, inputs: readonly Value[]): readonly Value[] {
    const { applications } = this.topology;
    const values = new Map(this.inputs.map((tensor, i) => [tensor, inputs[i]] as const));
    for (const { outboundLayer, inputTensors, outputTensors } of applications) {
      const needed = inputTensors.map((tensor) => values.get(tensor)!);
      const results = outboundLayer.trace(trace, needed);
      for (const [i, output] of outputTensors.entries()) values.set(output, results[i]);
    }
    return this.outputs.map((tensor) => values.get(tensor)!);
  }

  /**
   * Prints the layers, their output shapes and their numbers of parameters.
   * @param lineLength letters in a line
   * @param positions where the columns end, in letters or as shares of a line
   * @param print `console.log` by default
   */
  summary(
    lineLength?: number | null,
    positions?: readonly number[] | null,
    print: (line: string) => void = console.log,
  ): void {
    printSummary(this, { lineLength, positions }, print);
  }

  /**
   * Configures training. Weights stay as they are.
   * @throws LanegradError for unknown optimizers, losses and metrics.
   */
  compile(args: CompileArguments): void {
    readCompileArguments(args);
    this.#compileArguments = args;
    this.#trainer = undefined;
    // Only a model that knows its shape can resolve metrics; one that does not is resolved on first use.
    if (this.#topology) this.#newTrainer('compile');
  }

  /** @throws LanegradError before `compile`. */
  get optimizer(): Optimizer {
    return this.#requireTrainer('optimizer').compiled.optimizer;
  }

  /** Names of what `evaluate` returns: losses, then metrics. */
  get metricsNames(): readonly string[] {
    return this.#requireTrainer('metricsNames').names;
  }

  /**
   * Trains on arrays.
   * @param x inputs: [samples, …] for each input
   * @param y targets: [samples, …] for each output
   * @throws LanegradError for data that do not fit, and at the first loss that is not finite.
   */
  async fit(x: DataList, y: DataList, options: FitOptions = {}): Promise<History> {
    const trainer = this.#requireTrainer('fit');
    const settings = readOptions('fit', fitOptions, options);
    const { worker, seed } = settings;
    return this.#alone('fit', () =>
      worker
        ? worker.fit(this, x, y, { ...settings, seed: seed ?? nextSeed() })
        : fit(this, trainer, x, y, settings),
    );
  }

  /** Trains on batches as an iterable gives them. */
  async fitDataset(dataset: Dataset, options: FitDatasetOptions = {}): Promise<History> {
    const trainer = this.#requireTrainer('fitDataset');
    const settings = readOptions('fitDataset', fitDatasetOptions, options);
    return this.#alone('fitDataset', () => fitDataset(this, trainer, dataset, settings));
  }

  /** One step on one batch. Resolves to the loss, or to the loss and the metrics. */
  async trainOnBatch(x: DataList, y: DataList, options: WeightOptions = {}): Promise<number | number[]> {
    const trainer = this.#requireTrainer('trainOnBatch');
    const feeds = trainer.feeds('trainOnBatch', x, y, readOptions('trainOnBatch', weightOptions, options));
    const totals = trainer.totals();
    trainer.step(wholeBatch(feeds), totals, () => 'trainOnBatch');
    const values = totals.values();
    return values.length === 1 ? values[0] : values;
  }

  /**
   * The loss over all samples, or the loss and the metrics, as scalars.
   * @param options a number is the batch size
   */
  evaluate(x: DataList, y: DataList, options: EvaluateOptions | number = {}): Tensor | Tensor[] {
    const trainer = this.#requireTrainer('evaluate');
    const given = typeof options === 'number' ? { batchSize: options } : options;
    const { batchSize = this.defaultBatchSize, ...weights } = readOptions('evaluate', evaluateOptions, given);
    const values = trainer.evaluate(trainer.feeds('evaluate', x, y, weights), batchSize).values();
    return values.length === 1 ? scalar(values[0]) : values.map((value) => scalar(value));
  }

  /** As `evaluate`, over batches as an iterable gives them. */
  async evaluateDataset(dataset: Dataset, options: EvaluateDatasetOptions = {}): Promise<Tensor | Tensor[]> {
    const trainer = this.#requireTrainer('evaluateDataset');
    const { batches } = readOptions('evaluateDataset', evaluateDatasetOptions, options);
    const values = (await evaluateDataset(trainer, dataset, batches)).values();
    return values.length === 1 ? scalar(values[0]) : values.map((value) => scalar(value));
  }

  /** What the model computes of its inputs: a tensor for each output. Needs no `compile`. */
  predict(x: DataList, options: PredictOptions = {}): Tensor | Tensor[] {
    const { batchSize = this.defaultBatchSize } = readOptions('predict', batchOptions, options);
    if (isTaping()) return this.#predictOnTape(x);
    const feeds = new Feeds(readInputs(this, 'predict', x));
    this.#predictor ??= new Predictor(this);
    const results = this.#predictor.predict(feeds, batchSize);
    const tensors = results.map(({ data, shape }) => count(new Tensor(data, shape, 'float32')));
    return tensors.length === 1 ? tensors[0] : tensors;
  }

  /** While a function is differentiated, gradients flow through what a model predicts. */
  #predictOnTape(x: DataList): Tensor | Tensor[] {
    const names = this.inputs.map(({ name }) => name);
    return this.apply(listData('predict: x', x, names).map((data) => toTensor('predict', 'x', data)));
  }

  /** As `predict`, with all samples in one batch. */
  predictOnBatch(x: DataList): Tensor | Tensor[] {
    return this.predict(x, { batchSize: readInputs(this, 'predictOnBatch', x)[0].samples });
  }

  /**
   * Saves layers and weights in TensorFlow.js's layers format.
   * @param target 'file://folder', 'localstorage://name', 'indexeddb://name', 'downloads://name', 'https://…', or an
   * object with `save`
   * @returns sizes of what was saved; of an object what its `save` returns
   * @throws LanegradError where the optimizer is wanted too but the model is not compiled, or its loss is a function.
   */
  async save<Result = SaveResult>(
    target: string | SaveHandler<Result>,
    options: SaveOptions = {},
  ): Promise<Result> {
    const { includeOptimizer, trainableOnly } = readOptions('save', saveOptions, options);
    const optimizer = includeOptimizer ? this.#requireTrainer('save').compiled.optimizer : undefined;
    const training = optimizer && { args: this.#compileArguments!, optimizer };
    return saveModel(this, target, training, trainableOnly ? this.trainableVariables : this.weights);
  }

  /** Its layers and how they are connected, from which `modelFromJSON` makes another one. @param asText false for an object */
  toJSON(_unused?: unknown, asText = true): string | JsonObject {
    const described = { ...topologyOf(this), ...writtenBy };
    return asText ? JSON.stringify(described) : described;
  }

  /** Its layers and how they are connected. */
  override getConfig(): Record<string, unknown> {
    return modelConfig(this);
  }

  /** What the user said of the model: it is saved with it, and comes back. */
  get userDefinedMetadata(): JsonObject | undefined {
    return this.#metadata;
  }

  /** @param metadata plain JSON, to be saved with the model */
  setUserDefinedMetadata(metadata: JsonObject): void {
    this.#metadata = metadata;
  }

  /** What the user said of the model. */
  getUserDefinedMetadata(): JsonObject | undefined {
    return this.#metadata;
  }

  /** Disposes of its layers, where it stands in no other model. */
  protected override disposeWeights(): number {
    return this.layers.reduce((sum, layer) => sum + layer.dispose().numDisposedVariables, 0);
  }

  /** The program of one training step on a batch of these data, as text. */
  printProgram(x: DataList, y: DataList): string {
    const trainer = this.#requireTrainer('printProgram');
    const batch = wholeBatch(trainer.feeds('printProgram', x, y));
    return trainer.program('train', batch).program.toString();
  }

  /** Runs a training, unless one is running. */
  async #alone(method: string, train: () => Promise<History>): Promise<History> {
    if (this.#isTraining) throw this.error(`${method}: the model is being trained. Await that first.`);
    this.#isTraining = true;
    try {
      return await train();
    } finally {
      this.#isTraining = false;
    }
  }

  #requireTrainer(method: string): Trainer {
    return this.#trainer ?? this.#newTrainer(method);
  }

  #newTrainer(method: string): Trainer {
    if (!this.#compileArguments) {
      throw this.error(`${method} needs a compiled model. Call model.compile({ optimizer, loss }) first.`);
    }
    const compiled = resolveCompileArguments(this.#compileArguments, this.outputs, this.outputNames);
    this.#trainer = new Trainer(this, compiled);
    return this.#trainer;
  }
}
