// Runs a model forwards, in batches.

import type { ProgramArray } from '../compiler/program-array.ts';
import { sizeOf } from '../graph/shape.ts';
import { RandomState } from '../state/random-state.ts';
import { FeedBatch, type Feeds } from './batch.ts';
import type { Cluster } from './distributed/cluster.ts';
import {
  batchesOf,
  eachOwnBatch,
  firstBatch,
  gatherBySample,
  type SharedBatches,
} from './distributed/shared-batches.ts';
import { ProgramCache } from './programs.ts';
import type { Trainable } from './trainable.ts';

/** One output for all samples. */
interface Prediction {
  readonly data: Float32Array<ArrayBuffer>;
  /** The number of samples first. */
  readonly shape: readonly number[];
}

export class Predictor {
  readonly #programs: ProgramCache;
  readonly #randomState = new RandomState();
  /** Batches that were predicted: each draws other random numbers, in the same order for every new model. */
  #predicted = 0;

  constructor(model: Trainable) {
    model.settle();
    this.#programs = new ProgramCache({ model, randomState: this.#randomState });
  }

  /** What the model computes of inputs: each of its outputs. @param cluster whose ranks share the batches out */
  predict(feeds: Feeds, batchSize: number, cluster?: Cluster): Prediction[] {
    if (cluster) return this.#predictTogether({ cluster, feeds, batchSize });
    const results: Prediction[] = [];
    const batch = new FeedBatch(feeds, batchSize);
    while (batch.next()) this.#predictBatch(batch, this.#predicted++, results);
    return results;
  }

  #predictTogether(shared: SharedBatches): Prediction[] {
    const { predictions } = this.#programs.get('predict', firstBatch(shared));
    const results = predictions.map((array) => emptyPrediction(array, shared.feeds));
    eachOwnBatch(shared, (batch, number) => this.#predictBatch(batch, this.#predicted + number, results));
    this.#predicted += batchesOf(shared);
    for (const { data, shape } of results) gatherBySample(shared, data, sizeOf(shape.slice(1)));
    return results;
  }

  #predictBatch(batch: FeedBatch, number: number, results: Prediction[]): void {
    const program = this.#programs.get('predict', batch);
    program.beginStep(number);
    program.run(batch);
    for (const [i, array] of program.predictions.entries()) {
      results[i] ??= emptyPrediction(array, batch.feeds);
      array.readInto(results[i].data, batch.start * sizeOf(array.shape.slice(1)));
    }
  }

  /** Gives its memory back at once. */
  dispose(): void {
    this.#programs.dispose();
    this.#randomState.dispose();
  }
}

/** Room for one output of all samples. @param array that of a batch */
function emptyPrediction({ shape }: Pick<ProgramArray, 'shape'>, { samples }: Feeds): Prediction {
  const sampleShape = shape.slice(1);
  return { data: new Float32Array(samples * sizeOf(sampleShape)), shape: [samples, ...sampleShape] };
}
