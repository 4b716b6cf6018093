// Trains and evaluates a compiled model, one batch or one pass over data at a time.

import type { Profile } from '../compiler/profile.ts';
import { LanegradError } from '../errors.ts';
import { RandomState } from '../state/random-state.ts';
import { Slots } from '../state/slots.ts';
import { checkLabels } from '../training/losses.ts';
import { type Compiled, requireOutputs } from './compiled.ts';
import { type DataList, Feed, listData, readTarget } from './feed.ts';
import type { Model } from './model.ts';
import { type Feeds, type ModelProgram, ProgramCache, readScalar, runBatch } from './programs.ts';
import { Totals } from './totals.ts';

/** Weights by class number. */
export type ClassWeight = Readonly<Record<number, number>>;

export interface WeightOptions {
  /** What a sample of each class counts for; classes that are not named count 1. */
  readonly classWeight?: ClassWeight | readonly ClassWeight[] | Readonly<Record<string, ClassWeight>>;
  /** What each sample counts for. */
  readonly sampleWeight?: DataList;
}

export class Trainer {
  readonly compiled: Compiled;
  /** Where steps note what they took, if anybody wants to know. */
  profile: Profile | undefined;
  /** Names of losses and metrics as logs have them. */
  readonly names: readonly string[];
  readonly #model: Model;
  readonly #memory = { randomState: new RandomState(), gradients: new Slots([0]) };
  readonly #programs: ProgramCache;

  constructor(model: Model, compiled: Compiled) {
    this.#model = model;
    this.compiled = compiled;
    model.settle();
    compiled.optimizer.attach(model);
    this.#memory.gradients.add(model.variables);
    this.#programs = new ProgramCache(model, compiled, this.#memory);
    this.names = numbered([...this.#lossNames(), ...this.#metricNames()]);
  }

  /** Seeds dropout and other random layers. */
  seed(seed: number): void {
    this.#memory.randomState.seed(seed);
  }

  /** Empty totals for an epoch. */
  totals(): Totals {
    return new Totals(this.names, this.#lossNames().length);
  }

  /** The program for batches of this size and kind; compiled on first use. */
  program(purpose: 'train' | 'evaluate', batch: number, feeds: Feeds): ModelProgram {
    return this.#programs.get(purpose, batch, feeds);
  }

  /**
   * One step on `count` samples.
   * @param program for batches of so many
   * @param where the step, for the error: 'fit: step 3 of epoch 1'
   * @throws LanegradError when the loss is not finite.
   */
  step(
    program: ModelProgram,
    feeds: Feeds,
    order: Uint32Array | undefined,
    start: number,
    count: number,
    totals: Totals,
    where: () => string,
  ): void {
    const { optimizer } = this.compiled;
    this.#memory.randomState.beginStep(optimizer.iterations);
    optimizer.beginStep();
    runBatch(program, feeds, order, start, count, this.profile);
    const loss = readScalar(program.losses[0]);
    if (!Number.isFinite(loss)) {
      throw new LanegradError(
        `${where()}: the loss is ${loss}. Lower the learning rate, clip gradients (clipNorm), or check the data.`,
      );
    }
    totals.add(program, count);
  }

  /** Adds the losses and metrics of one batch to the totals. Weights stay as they are. */
  test(feeds: Feeds, start: number, count: number, totals: Totals): void {
    const program = this.#programs.get('evaluate', count, feeds);
    runBatch(program, feeds, undefined, start, count);
    totals.add(program, count);
  }

  /** Losses and metrics over all samples, in batches. */
  evaluate(feeds: Feeds, batchSize: number): Totals {
    const totals = this.totals();
    const { samples } = feeds.x[0];
    for (let start = 0; start < samples; start += batchSize) {
      this.test(feeds, start, Math.min(batchSize, samples - start), totals);
    }
    return totals;
  }

  /**
   * Reads and checks data.
   * @param where the method, for errors
   * @throws LanegradError for wrong shapes, wrong labels, NaN, and arrays of different lengths.
   */
  feeds(where: string, x: DataList, y: DataList, weights: WeightOptions = {}): Feeds {
    const inputs = this.#model.readInputs(where, x);
    const { samples } = inputs[0];
    const names = this.compiled.outputs.map(({ name }) => name);
    const targets = listData(`${where}: y`, y, names).map((data, i) =>
      readTarget(`${where}: y`, data, samples, this.#model.outputs[i].shape),
    );
    for (const [i, target] of targets.entries()) this.#checkTarget(`${where}: y`, target, i, samples);
    for (const [i, feed] of inputs.entries()) feed.checkFinite(`${where}: ${this.#nameOfInput(i)}`);
    return { x: inputs, y: targets, weights: this.#sampleWeights(where, targets, weights) };
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
    checkLabels(this.compiled.outputs[index].loss, target.data, shape[shape.length - 1] ?? 0, where);
  }

  #sampleWeights(where: string, targets: readonly Feed[], options: WeightOptions): (Feed | undefined)[] {
    const names = this.compiled.outputs.map(({ name }) => name);
    const { sampleWeight, classWeight } = options;
    const bySample =
      sampleWeight === undefined ? undefined : listData(`${where}: sampleWeight`, sampleWeight, names);
    return targets.map((target, i) => {
      const own = bySample && readTarget(`${where}: sampleWeight`, bySample[i], target.samples, [null]);
      if (own && (own.samples !== target.samples || own.sampleSize !== 1)) {
        throw new LanegradError(
          `${where}: sampleWeight must hold a number for each of ${target.samples} samples; got ${own.data.length}.`,
        );
      }
      own?.checkFinite(`${where}: sampleWeight`);
      const classes = classWeight && classWeightOf(classWeight, names, i);
      if (!own && !classes) return undefined;
      const values = Float32Array.from(own?.data ?? new Float32Array(target.samples).fill(1));
      if (classes) weightClasses(values, target, classes);
      return new Feed(values, [], 'float32', target.samples);
    });
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

/** Names of which none is another's: `precision`, `precision_1`. */
export function numbered(names: readonly string[]): string[] {
  return names.map((name, i) => {
    const before = names.slice(0, i).filter((other) => other === name).length;
    return before === 0 ? name : `${name}_${before}`;
  });
}

function classWeightOf(
  given: NonNullable<WeightOptions['classWeight']>,
  names: readonly string[],
  index: number,
): ClassWeight | undefined {
  if (Array.isArray(given)) return given[index];
  const byName = given as Readonly<Record<string, ClassWeight>>;
  if (typeof Object.values(byName)[0] !== 'object') return given as ClassWeight;
  requireOutputs('classWeight', byName, names);
  return byName[names[index]];
}

/** Multiplies each sample's weight by that of its class: its label, or the place of its largest target. */
function weightClasses(values: Float32Array, target: Feed, classes: ClassWeight): void {
  const { data, sampleSize } = target;
  for (let i = 0; i < values.length; i++) {
    let label = data[i];
    if (sampleSize > 1) {
      const row = Array.from(data.subarray(i * sampleSize, (i + 1) * sampleSize));
      label = row.indexOf(Math.max(...row));
    }
    values[i] *= classes[label] ?? 1;
  }
}
