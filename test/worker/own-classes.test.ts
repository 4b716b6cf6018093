// Classes of one's own in a training worker: it trains those that its own script has registered. Page and worker are two
// copies of the library here, each with classes of its own, that talk as they do in a browser.

import { afterEach, expect, test, vi } from 'vitest';
import type { WorkerLike } from '../../src/worker/worker.ts';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

type Library = typeof import('../../src/index.ts');

/** Registers a layer that doubles what it is given, and an initializer of halves. */
function withOwnClasses(tf: Library) {
  class Twice extends tf.Layer {
    static readonly className = 'Twice';
    override call(inputs: never) {
      return tf.mul([inputs].flat()[0], 2);
    }
  }
  class Halves {
    static readonly className = 'Halves';
    apply(shape: number[]) {
      return tf.fill(shape, 0.5);
    }
    getConfig() {
      return {};
    }
  }
  tf.serialization.registerClass(Twice);
  tf.serialization.registerClass(Halves as never);
  return { Twice, Halves };
}

/** A worker whose script loads the library, does `before`, and is a training worker from then on. */
async function workerThat(before: (tf: Library) => void): Promise<WorkerLike> {
  vi.resetModules();
  before(await import('../../src/index.ts'));
  const worker: WorkerLike = {
    postMessage: (message, transfer) => deliver(scope, message, transfer),
    terminate() {},
    onmessage: null,
    onerror: null,
  };
  vi.stubGlobal('postMessage', (message: unknown, transfer: ArrayBuffer[]) =>
    deliver(worker, message, transfer),
  );
  await import('../../src/worker/training-worker.ts');
  const scope = globalThis as unknown as Pick<WorkerLike, 'onmessage'>;
  return worker;
}

function deliver(to: Pick<WorkerLike, 'onmessage'>, message: unknown, transfer: ArrayBuffer[]): void {
  const data: unknown = structuredClone(message, { transfer });
  setImmediate(() => to.onmessage?.({ data }));
}

async function page(worker: (tf: Library) => void) {
  const tf = await import('../../src/index.ts');
  const { TrainingWorker } = await import('../../src/worker/worker.ts');
  const { Twice, Halves } = withOwnClasses(tf);
  const trained = () => {
    const model = tf.sequential({
      layers: [
        tf.layers.dense({ units: 2, inputShape: [2], kernelInitializer: new Halves() as never }),
        new Twice({}),
        tf.layers.dense({ units: 1, kernelInitializer: 'ones' }),
      ],
    });
    model.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
    return model;
  };
  const [x, y] = [tf.randomNormal([16, 2], 0, 1, 'float32', 1), tf.ones([16, 1])];
  const options = { epochs: 3, batchSize: 4, verbose: 0, seed: 5 } as const;
  const [here, there] = [trained(), trained()];
  await here.fit(x, y, options);
  const train = async () =>
    there.fit(x, y, { ...options, worker: new TrainingWorker(await workerThat(worker)) });
  const weights = () => [here, there].map((model) => model.getWeights().map((weight) => weight.arraySync()));
  return { train, weights };
}

test('are trained to the same bits where its script has registered them', async () => {
  const { train, weights } = await page(withOwnClasses);
  const { history } = await train();
  expect(history.loss).toHaveLength(3);
  const [here, there] = weights();
  expect(there).toEqual(here);
});

test('are told with what to do where it has not', async () => {
  const { train } = await page(() => {});
  await expect(train()).rejects.toThrow(
    /^fit: dense_\d+: kernelInitializer: Unknown initializer "Halves"\. .* A worker knows the classes that its own script has registered before it imports lanegrad\/training-worker\.$/,
  );
});
