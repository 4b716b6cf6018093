// Runs a model forwards, in batches.

import { sizeOf } from '../graph/shape.ts';
import { FeedBatch, type Feeds } from './batch.ts';
import { ProgramCache } from './programs.ts';
import type { Trainable } from './trainable.ts';

/** One output for all samples. */
export interface Prediction {
  readonly data: Float32Array<ArrayBuffer>;
  /** The number of samples first. */
  readonly shape: readonly number[];
}

export class Predictor {
  readonly #programs: ProgramCache;

  constructor(model: Trainable) {
    model.settle();
    this.#programs = new ProgramCache({ model });
  }

  /** What the model computes of inputs: each of its outputs. */
  predict(feeds: Feeds, batchSize: number): Prediction[] {
    const { samples } = feeds;
    const results: Prediction[] = [];
    const batch = new FeedBatch(feeds, batchSize);
    while (batch.next()) {
      const program = this.#programs.get('predict', batch);
      program.run(batch);
      for (const [i, array] of program.predictions.entries()) {
        const sampleShape = array.shape.slice(1);
        const size = sizeOf(sampleShape);
        results[i] ??= { data: new Float32Array(samples * size), shape: [samples, ...sampleShape] };
        array.readInto(results[i].data, batch.start * size);
      }
    }
    return results;
  }
}
