// Runs a model forwards, in batches.

import { sizeOf } from '../graph/shape.ts';
import { RandomState } from '../state/random-state.ts';
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
  readonly #randomState = new RandomState();
  /** Batches that were predicted: each draws other random numbers, in the same order for every new model. */
  #predicted = 0;

  constructor(model: Trainable) {
    model.settle();
    this.#programs = new ProgramCache({ model, randomState: this.#randomState });
  }

  /** What the model computes of inputs: each of its outputs. */
  predict(feeds: Feeds, batchSize: number): Prediction[] {
    const { samples } = feeds;
    const results: Prediction[] = [];
    const batch = new FeedBatch(feeds, batchSize);
    while (batch.next()) {
      const program = this.#programs.get('predict', batch);
      this.#randomState.beginStep(this.#predicted++);
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

  /** Gives its memory back at once. */
  dispose(): void {
    this.#programs.dispose();
    this.#randomState.dispose();
  }
}
