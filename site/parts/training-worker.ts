// The worker that pages train in by `fit`: one for a page, made when it is first needed.

import { TrainingWorker } from 'lanegrad/worker';

let worker: TrainingWorker | undefined;

/** The build puts the worker's script a folder above pages and what they share. */
export function trainingWorker(): TrainingWorker {
  worker ??= new TrainingWorker(
    new Worker(new URL('../training-worker.js', import.meta.url), { type: 'module' }) as never,
  );
  return worker;
}
