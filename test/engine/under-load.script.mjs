// Does to training what its argument says, then trains a model of a seed. Prints what happened and a digest of that
// model's weights, and ends by itself. Arguments: the library (test/internals.ts, bundled), the scenario, threads.

import { createHash } from 'node:crypto';
import process from 'node:process';
import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';

const [, , library, scenario, threads, detail] = process.argv;
const tf = await import(library);
const { engine, nodePlatform, setPlatform, teamBounds } = tf;
const threadsPresent = () => engine().threadsPresent;

/** What a thread does in place of `join`: it takes part of the work and gives up on its n-th share. */
const giveUp = `
function giveUp(team, share) {
  const words = new Int32Array(start.memory.buffer);
  const claims = new BigInt64Array(start.memory.buffer);
  Atomics.store(words, (share >> 2) + 1, 1);
  for (;;) {
    const open = Atomics.load(claims, (team + 64 * 64) >> 3);
    for (let thread = 0; thread < Number((open >> 8n) & 0xffn); thread++) {
      const at = (team + 64 * thread) >> 3;
      const known = Atomics.load(claims, at);
      if (known >= open + 2n) continue;
      const next = known < open ? open + 1n : known + 1n;
      if (Atomics.compareExchange(claims, at, known, next) === known) throw new Error('gives up');
    }
  }
}`;
const workers = [];
setPlatform({
  ...nodePlatform,
  startThread(program, start, ended) {
    const own =
      scenario === 'gives-up' ? giveUp + program.replace('kernels.exports.join', 'giveUp') : program;
    const worker = new Worker(`const start = require('node:worker_threads').workerData;${own}`, {
      eval: true,
      workerData: start,
    });
    worker.unref();
    let reason = 'it was stopped';
    worker.on('error', (error) => {
      reason = error.message;
    });
    worker.on('exit', () => ended(reason));
    workers.push(worker);
  },
});
// Threads come when they are asked for, and share all there is.
teamBounds.program = 0;
teamBounds.start = scenario === 'gives-up' ? 1e6 * Number(detail) : 0;
tf.init({ threads: Number(threads) });

const x = tf.randomUniform([96, 40], -1, 1, 'float32', 5);
const y = tf.randomUniform([96, 8], -1, 1, 'float32', 6);

function network(seed) {
  const seeded = (more) => tf.initializers.glorotUniform({ seed: seed + more });
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units: 64, inputShape: [40], activation: 'relu', kernelInitializer: seeded(0) }),
      tf.layers.dropout({ rate: 0.2 }),
      tf.layers.dense({ units: 8, kernelInitializer: seeded(1) }),
    ],
  });
  model.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
  return model;
}

const options = (more = {}) => ({
  epochs: 4,
  batchSize: 16,
  seed: 3,
  verbose: 0,
  yieldEvery: 'batch',
  ...more,
});
const digestOf = (model) => {
  const digest = createHash('sha256');
  for (const weight of model.getWeights()) digest.update(weight.dataSync());
  return digest.digest('hex').slice(0, 16);
};
const trained = async (seed, more) => {
  const model = network(seed);
  await model.fit(x, y, options(more));
  return model;
};
const failing = async (model, more) => {
  let steps = 0;
  const callbacks = { ...more?.callbacks, onBatchEnd: () => void steps++ };
  try {
    await model.fit(x, y, options({ epochs: 200, ...more, callbacks }));
    return { steps, counted: model.optimizer.iterations };
  } catch (error) {
    return { error: error.message, steps, counted: model.optimizer.iterations };
  }
};
const whenThere = async () => {
  while (threadsPresent() < Number(threads)) {
    network(1).predict(x);
    await setImmediate();
  }
};

const scenarios = {
  nothing: () => ({}),
  // Until it has come: a short training is over before.
  'gives-up': () => failing(network(1), { epochs: 4000 }),
  'stopped-while-idle': async () => {
    await whenThere();
    await workers[0].terminate();
    await setImmediate();
    return { ...(await failing(network(1), { epochs: 2 })), present: threadsPresent() };
  },
  'two-at-once': async () => {
    const alone = [digestOf(await trained(10)), digestOf(await trained(20))];
    const together = await Promise.all([trained(10), trained(20)]);
    return { alone, together: together.map(digestOf) };
  },
  'in-callbacks': async () => {
    const other = network(7);
    const inner = [];
    const model = await trained(10, {
      callbacks: {
        async onBatchEnd() {
          other.predict(x);
          inner.push((await other.fit(x, y, options({ epochs: 1 }))).history.loss[0]);
        },
      },
    });
    return { inner: inner.length, alone: digestOf(await trained(10)), disturbed: digestOf(model) };
  },
  'abort-at-every-step': async () => {
    const all = [];
    for (let step = 0; step < 24; step++) {
      const controller = new AbortController();
      const model = network(10);
      let done = 0;
      const onBatchEnd = () => {
        if (++done === step) controller.abort();
      };
      if (step === 0) controller.abort();
      await model
        .fit(x, y, options({ signal: controller.signal, callbacks: { onBatchEnd } }))
        .catch(() => {});
      all.push(model.optimizer.iterations === step && done === step);
      await model.fit(x, y, options({ epochs: 1 }));
    }
    return { all: all.every(Boolean) };
  },
  exits: () =>
    trained(10, { epochs: 1000, callbacks: { onEpochEnd: (epoch) => epoch === 2 && process.exit(7) } }),
  'throws-in-a-callback': () =>
    failing(network(1), {
      callbacks: {
        onEpochEnd() {
          throw new Error('of the callback');
        },
      },
    }),
};

const happened = await scenarios[scenario]();
console.log(JSON.stringify({ happened, after: digestOf(await trained(99)) }));
