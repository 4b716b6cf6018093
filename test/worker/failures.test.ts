// A training worker that fails: its error is told by `fit`, and by nothing else.

import { expect, test, vi } from 'vitest';
import * as tf from '../../src/index.ts';
import { TrainingWorker, type WorkerLike } from '../../src/worker/worker.ts';

/** A worker that answers nothing. */
const silent = (): WorkerLike => ({
  postMessage() {},
  terminate: vi.fn(),
  onmessage: null,
  onerror: null,
});

function fitIn(worker: TrainingWorker) {
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] });
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  return model.fit(tf.ones([4, 2]), tf.ones([4, 1]), { verbose: 0, worker });
}

test.each([
  ['of its script', 'Module not found.', 'Module not found'],
  [
    'of a script that is not there',
    undefined,
    'it could not be loaded. Where a bundler does not find its script, bundle lanegrad/training-worker too, and give TrainingWorker a Worker of that',
  ],
])('an error %s is that of fit, and ends no process', async (_, message, told) => {
  const inner = silent();
  const worker = new TrainingWorker(inner);
  const preventDefault = vi.fn();
  inner.onerror!({ ...(message && { message }), preventDefault });
  expect(preventDefault).toHaveBeenCalled();
  expect(inner.terminate).toHaveBeenCalled();
  await expect(fitIn(worker)).rejects.toThrow(`fit: the training worker failed: ${told}. Make another one.`);
});

test('an answer that cannot be sent is an error of fit', async () => {
  const inner = silent();
  let sent = 0;
  inner.postMessage = () => {
    if (++sent > 1) throw new Error('the port is closed');
    setImmediate(() =>
      inner.onmessage!({ data: { type: 'hook', hook: 'onTrainEnd', params: { steps: 0 } } }),
    );
  };
  await expect(fitIn(new TrainingWorker(inner))).rejects.toThrow('the port is closed');
});
