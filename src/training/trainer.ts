// Trains and evaluates a compiled model, one batch or one pass over data at a time.

import type { Profile } from '../compiler/profile.ts';
import type { Block } from '../engine/block.ts';
import { LanegradError } from '../errors.ts';
import { checkLabels } from '../losses/losses.ts';
import { numbered } from '../names.ts';
import type { Optimizer } from '../optimizers/optimizer.ts';
import { RandomState } from '../state/random-state.ts';
import { gradientSlots } from '../state/slots.ts';
import { Tensor } from '../tensor/tensor.ts';
import { FeedBatch, Feeds } from './batch.ts';
import type { Compiled } from './compiled.ts';
import type { Cluster } from './distributed/cluster.ts';
import { PartedStep, type StepResult, type StepSettings } from './distributed/parted-step.ts';
import { eachOwnBatch, firstBatch, type SharedBatches, SharedResults } from './distributed/shared-batches.ts';
import { type DataList, type Feed, listData, readInputs, readTarget } from './feed.ts';
import type { ModelProgram } from './model-program.ts';
import { moveByItself } from './own-step.ts';
import { ProgramCache } from './programs.ts';
import { type SampleWeightOptions, sampleWeights } from './sample-weights.ts';
import { Totals } from './totals.ts';
import type { LossesAndGradients, Traced } from './trace-batch.ts';
import type { Trainable } from './trainable.ts';
import type { TrainerState } from './training-state.ts';

export class Trainer {
  readonly compiled: Compiled;
  /** What its programs are traced of. */
  readonly traced: Traced & { readonly training: LossesAndGradients };
  /** Where steps note what they took, if anybody wants to know. */
  profile: Profile | undefined;
  /** Names of losses and metrics as logs have them. */
  readonly names: readonly string[];
  readonly #model: Trainable;
  readonly #randomState = new RandomState();
  readonly #programs: ProgramCache;
  readonly #gradients = gradientSlots();
  /** Where the weights are. */
  readonly #blocks: ReadonlySet<Block>;
  readonly #parted: PartedStep;
  /** Steps of an optimizer that moves weights itself: each draws other random numbers. */
  #ownSteps = 0;
  /** Batches that were tested: each draws other random numbers. */
  #tested = 0;

  /** Makes the optimizer ready for the model's weights, which it settles. */
  constructor(model: Trainable, compiled: Compiled) {
    this.#model = model;
    this.compiled = compiled;
    model.settle();
    compiled.optimizer.attach(model);
    const gradients = this.#gradients;
    gradients.add(model.variables);
    this.#blocks = new Set(model.variables.map(({ block }) => block));
    this.traced = { model, randomState: this.#randomState, training: { compiled, gradients } };
    this.#programs = new ProgramCache(this.traced);
    this.#parted = new PartedStep(this.traced, () => this.#programs.dispose());
    this.names = numbered([...this.#lossNames(), ...this.#metricNames()]);
  }

  /** What it knows beside the weights, of which programs and data know nothing. */
  async getState(): Promise<TrainerState> {
    const { optimizer } = this;
    const { givenLearningRate } = optimizer;
    const [{ tensor: steps }, ...slots] = await optimizer.getWeights(this.#model.variables);
    return {
      tested: this.#tested,
      steps: steps.dataSync()[0],
      learningRate: typeof givenLearningRate === 'number' ? givenLearningRate : undefined,
      remembered: slots.map(({ tensor }) => tensor.dataSync() as Float32Array),
      layerStates: this.#model.stateVariables.map((variable) => variable.values()),
    };
  }

  /** Goes on from what another one knew. */
  async setState(state: TrainerState): Promise<void> {
    const { optimizer } = this;
    const known = await optimizer.getWeights(this.#model.variables);
    const numbers = [Int32Array.of(state.steps), ...state.remembered];
    await optimizer.setWeights(
      known.map(({ name, tensor }, i) => ({
        name,
        tensor: new Tensor(numbers[i], tensor.shape, tensor.dtype),
      })),
      this.#model.variables,
    );
    if (state.learningRate !== undefined) optimizer.learningRate = state.learningRate;
    for (const [i, variable] of this.#model.stateVariables.entries()) variable.write(state.layerStates[i]);
    this.#tested = state.tested;
  }

  /** The optimizer. Others may have it too: what is asked of it now is asked for this model. */
  get optimizer(): Optimizer {
    const { optimizer } = this.compiled;
    optimizer.turnTo(this.#model);
    return optimizer;
  }

  /** Gives its memory back at once, and the optimizer's of weights that are gone. */
  dispose(): void {
    this.#programs.dispose();
    this.#parted.dispose();
    this.#randomState.dispose();
    this.#gradients.drop(this.#blocks);
    this.compiled.optimizer.forget(this.#blocks);
  }

  /** Seeds dropout and other random layers. */
  seed(seed: number): void {
    this.#randomState.seed(seed);
  }

  /** Empty totals for an epoch. */
  totals(): Totals {
    return new Totals(
      this.names,
      this.compiled.outputs.flatMap(({ metrics }) => metrics),
    );
  }

  /** The program for a batch; compiled on first use. */
  program(purpose: 'train' | 'evaluate', batch: FeedBatch): ModelProgram {
    return this.#programs.get(purpose, batch);
  }

  /**
   * One step on a batch.
   * @param totals what its losses and metrics are added to
   * @param where the step, for the error: 'fit: step 3 of epoch 1'
   * @returns what it cost, in multiply-adds
   * @throws LanegradError when the loss is not finite; weights are as they were then.
   */
  step(batch: FeedBatch, totals: Totals, where: () => string, options: StepSettings = {}): number {
    if (this.compiled.optimizer.movesItself) return this.#ownStep(batch, totals, where, options);
    const result = this.#countedStep(batch, where, options);
    totals.add(result, batch.count);
    return result.work;
  }

  #countedStep(batch: FeedBatch, where: () => string, options: StepSettings): StepResult {
    const { optimizer } = this;
    const { iterations } = optimizer;
    optimizer.beginStep();
    try {
      const result = this.#run(batch, iterations, options);
      requireFinite(result.losses[0].at(0), where);
      return result;
    } catch (error) {
      optimizer.takeBackStep();
      throw error;
    }
  }

  /** A step of an optimizer that counts steps as it likes. */
  #ownStep(batch: FeedBatch, totals: Totals, where: () => string, options: StepSettings): number {
    const { optimizer } = this;
    if (isParted(options)) {
      throw new LanegradError(
        `${optimizer.className} has applyGradients of its own, which takes no steps in parts, by microBatches or cluster.`,
      );
    }
    const program = this.#runWhole(batch, this.#ownSteps++);
    requireFinite(program.losses[0].at(0), where);
    // What a run computed is read before a script computes something else.
    totals.add(program, batch.count);
    moveByItself(optimizer, program.moved, this.#gradients);
    return program.work;
  }

  #run(batch: FeedBatch, step: number, settings: StepSettings): StepResult {
    return isParted(settings)
      ? this.#parted.run(batch, step, settings, this.profile)
      : this.#runWhole(batch, step);
  }

  #runWhole(batch: FeedBatch, step: number): ModelProgram {
    const program = this.#programs.get('train', batch);
    program.beginStep(step);
    program.run(batch, this.profile);
    return program;
  }

  /** Runs what may read everything that the optimizer remembers, where ranks have split it. */
  lent(work: () => Promise<void>): Promise<void> {
    return this.#parted.lent(work);
  }

  /** To be called when ranks have ended: each remembers everything again. */
  unite(): void {
    this.#parted.unite();
  }

  /** Adds the losses and metrics of one batch to the totals. Weights stay as they are. @returns what it cost, in multiply-adds */
  test(batch: FeedBatch, totals: Totals): number {
    const program = this.#programs.get('evaluate', batch);
    program.beginStep(this.#tested++);
    program.run(batch);
    totals.add(program, batch.count);
    return program.work;
  }

  /** Losses and metrics over all samples, in batches. @param cluster whose ranks share them out */
  evaluate(feeds: Feeds, batchSize: number, cluster?: Cluster): Totals {
    if (cluster) return this.#evaluateTogether({ cluster, feeds, batchSize });
    const totals = this.totals();
    const batch = new FeedBatch(feeds, batchSize);
    while (batch.next()) this.test(batch, totals);
    return totals;
  }

  #evaluateTogether(shared: SharedBatches): Totals {
    const totals = this.totals();
    const results = new SharedResults(shared, this.#programs.get('evaluate', firstBatch(shared)));
    eachOwnBatch(shared, (batch, number) => {
      const program = this.#programs.get('evaluate', batch);
      program.beginStep(this.#tested + number);
      program.run(batch);
      results.take(program, number);
    });
    results.gather();
    for (const { result, count } of results.each()) {
      totals.add(result, count);
      this.#tested++;
    }
    return totals;
  }

  /**
   * Reads and checks data.
   * @param where the method, for errors
   * @throws LanegradError for wrong shapes, wrong labels, NaN, and arrays of different lengths.
   */
  feeds(where: string, x: DataList, y: DataList, weights: SampleWeightOptions = {}): Feeds {
    const inputs = readInputs(this.#model, where, x);
    const { samples } = inputs[0];
    const names = this.compiled.outputs.map(({ name }) => name);
    const shapes = this.#model.outputs.map(({ shape }) => shape);
    const targets = listData(`${where}: y`, y, names).map((data, i) =>
      readTarget(`${where}: y`, data, samples, shapes[i]),
    );
    for (const [i, target] of targets.entries()) this.#checkTarget(`${where}: y`, target, i, samples);
    for (const [i, feed] of inputs.entries()) feed.checkFinite(`${where}: ${this.#nameOfInput(i)}`);
    const weighted = sampleWeights(where, weights, { names, shapes, targets });
    const { movedNames, losses: costs } = this.#model;
    return new Feeds(inputs, targets, weighted, [...movedNames, `${costs.length} costs`]);
  }

  #nameOfInput(index: number): string {
    return this.#model.inputs.length === 1 ? 'x' : `x ${this.#model.inputs[index].name}`;
  }

  #checkTarget(where: string, target: Feed, index: number, samples: number): void {
    if (target.samples !== samples) {
      throw new LanegradError(`${where}: ${target.samples} targets for ${samples} samples.`);
    }
    target.checkFinite(where);
    const { shape } = this.#model.outputs[index];
    checkLabels(this.compiled.outputs[index].loss, target, shape[shape.length - 1] ?? 0, where);
  }

  #lossNames(): string[] {
    const { outputs } = this.compiled;
    return ['loss', ...(outputs.length > 1 ? outputs.map(({ name }) => `${name}_loss`) : [])];
  }

  #metricNames(): string[] {
    const { outputs } = this.compiled;
    const prefix = (name: string) => (outputs.length > 1 ? `${name}_` : '');
    return outputs.flatMap(({ name, metrics }) => metrics.map((metric) => prefix(name) + metric.name));
  }
}

const isParted = ({ microBatches, cluster }: StepSettings): boolean =>
  microBatches !== undefined || cluster !== undefined;

/** @throws LanegradError where a loss is not finite: the program that computed it has changed nothing then. */
function requireFinite(loss: number, where: () => string): void {
  if (Number.isFinite(loss)) return;
  throw new LanegradError(
    `${where()}: the loss is ${loss}. Lower the learning rate, clip gradients (clipNorm), or check the data.`,
  );
}
