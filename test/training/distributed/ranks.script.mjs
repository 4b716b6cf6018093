// One rank of a training, as a thread: it trains what it is asked for, and says what that came to.

import { createHash } from 'node:crypto';
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';

const { library, rank, size, ports, events, orders } = workerData;
const tf = await import(library);
tf.init({ variant: 'simd', threads: 1 });

/** Milliseconds after which what a rank waits for does not come: this only ends what hangs. */
const patience = 30_000;

/** Ranks that talk through ports. What is sent is copied at once. */
function clusterOfThreads() {
  const arrived = ports.map(() => []);
  let reductions = 0;
  const take = (from, channel) => {
    for (let got = receiveMessageOnPort(ports[from]); got; got = receiveMessageOnPort(ports[from])) {
      if (got.message.failure) throw new Error(`rank ${from} failed: ${got.message.failure}`);
      arrived[from].push(got.message);
    }
    const at = arrived[from].findIndex((message) => message.channel === channel);
    return at < 0 ? undefined : arrived[from].splice(at, 1)[0].numbers;
  };
  const post = (to, message) => {
    ports[to].postMessage(message);
    Atomics.add(events, to, 1);
    Atomics.notify(events, to);
  };
  const begin = (messages, channel) => {
    for (const { rank: to, isSent, numbers } of messages)
      if (isSent) post(to, { channel, numbers: numbers.slice() });
    const awaited = messages.filter(({ isSent }) => !isSent);
    const isDone = () => {
      while (awaited.length > 0) {
        const numbers = take(awaited[0].rank, channel);
        if (!numbers) return false;
        const [{ numbers: room }] = awaited.splice(0, 1);
        if (room.length !== numbers.length) throw new Error(`${numbers.length} numbers for ${room.length}.`);
        room.set(numbers);
      }
      return true;
    };
    const wait = () => {
      for (let known = Atomics.load(events, rank); !isDone(); known = Atomics.load(events, rank)) {
        if (Atomics.wait(events, rank, known, patience) === 'timed-out') throw new Error('nobody answers.');
      }
    };
    return { isDone, wait };
  };
  const others = ports.flatMap((port, other) => (port ? [other] : []));
  return {
    rank,
    size,
    version: tf.version.lanegrad,
    begin,
    exchange: (messages) => begin(messages, 'at once').wait(),
    beginAllReduce: (values) => {
      const theirs = others.map((other) => ({ rank: other, isSent: false, numbers: values.slice() }));
      const own = others.map((other) => ({ rank: other, isSent: true, numbers: values }));
      const { isDone, wait } = begin([...own, ...theirs], `sum ${reductions++}`);
      // In the order of ranks, so that all have the same bits.
      const end = () => {
        const all = theirs.map(({ numbers }) => numbers);
        all.splice(rank, 0, values.slice());
        for (let i = 0; i < values.length; i++) values[i] = all.reduce((sum, numbers) => sum + numbers[i], 0);
      };
      return { isDone, wait: () => end(wait()) };
    },
    fail: (failure) => {
      for (const other of others) post(other, { failure });
    },
  };
}

const cluster = size > 0 ? clusterOfThreads() : undefined;

const layersOf = {
  dense: () => [
    tf.layers.dense({
      units: 10,
      activation: 'relu',
      inputShape: [6],
      kernelConstraint: 'maxNorm',
      kernelRegularizer: 'l2',
    }),
    tf.layers.dropout({ rate: 0.2 }),
    tf.layers.batchNormalization(),
    tf.layers.dense({ units: 3, activation: 'softmax' }),
  ],
  /** One of its gradients is long enough to be added up before the first is there. */
  wide: () => [
    tf.layers.dense({ units: 520, activation: 'relu', inputShape: [6] }),
    tf.layers.dense({ units: 505, activation: 'relu' }),
    tf.layers.dense({ units: 3, activation: 'softmax' }),
  ],
  drawing: () => [
    tf.layers.dense({ units: 4, activation: 'tanh', inputShape: [6] }),
    new Drawing(),
    tf.layers.dense({ units: 3, activation: 'softmax' }),
  ],
  binary: () => [
    tf.layers.dense({ units: 4, activation: 'tanh', inputShape: [6] }),
    tf.layers.dense({ units: 1, activation: 'sigmoid' }),
  ],
  masked: () => [
    tf.layers.reshape({ targetShape: [3, 2], inputShape: [6] }),
    tf.layers.masking({ maskValue: 0 }),
    tf.layers.simpleRNN({ units: 4, returnSequences: true }),
    tf.layers.timeDistributed({ layer: tf.layers.dense({ units: 3, activation: 'softmax' }) }),
  ],
};

/** Adds other numbers to each batch, of predictions too. */
class Drawing extends tf.layers.Layer {
  static className = 'Drawing';
  call([x]) {
    return tf.add(x, tf.randomUniform(x.graph, x.shape));
  }
}

/** Rows of numbers, and a class for each, or for each of three times. */
function samples(count, network) {
  const isMasked = network === 'masked';
  const classes = network === 'binary' ? 2 : 3;
  const number = (i) => ((Math.imul(i + 1, 2654435761) >>> 8) % 1000) / 500 - 1;
  const x = Float32Array.from({ length: count * 6 }, (_, i) => number(i));
  // Of every fourth sample the last time does not count.
  if (isMasked) for (let i = 0; i < count; i += 4) x.fill(0, 6 * i + 4, 6 * i + 6);
  const perSample = isMasked ? 3 : 1;
  const y = Int32Array.from(
    { length: count * perSample },
    (_, i) => (Math.imul(i, 7) + (x[2 * i] > 0 ? 1 : 0)) % classes,
  );
  return { x: tf.tensor(x, [count, 6]), y: tf.tensor(y, isMasked ? [count, 3] : [count, 1]) };
}

const digestOf = (tensors) => {
  const digest = createHash('sha256');
  for (const tensor of tensors) digest.update(tensor.dataSync());
  return digest.digest('hex').slice(0, 12);
};

/** Batches of 8, or of each what this rank reads of it. */
const batches = ({ x, y }, isOwn, shortOn) =>
  function* (of) {
    const own = isOwn ? 8 / of.size : 8;
    for (let start = 0; start + 8 <= x.shape[0]; start += 8) {
      const from = start + (isOwn ? of.rank * own : 0);
      if (shortOn === of.rank && start > 0) return;
      yield { xs: x.slice([from], [own]), ys: y.slice([from], [own]) };
    }
  };

async function train({
  network,
  optimizer = 'adam',
  count = 37,
  metrics = ['accuracy'],
  dataset,
  change,
  trained,
  fit,
  odd = {},
  isMeasured,
}) {
  // Ranks begin with other weights and seeds: the first one's count.
  tf.setSeed(7 + rank);
  const before = tf.engine().usedBytes;
  const model = tf.sequential({ layers: layersOf[network]() });
  model.compile({
    optimizer: tf.train[optimizer]({ learningRate: 0.01 }),
    loss: network === 'binary' ? 'binaryCrossentropy' : 'sparseCategoricalCrossentropy',
    metrics,
  });
  const data = samples(count + (rank === 1 ? (odd.samples ?? 0) : 0), network);
  if (trained === 'alone') await model.fit(data.x, data.y, { epochs: 1 + rank, seed: 5 + rank, verbose: 0 });
  if (trained === 'together')
    await model.fit(data.x, data.y, {
      batchSize: 16,
      microBatches: 8,
      epochs: 1,
      seed: 5,
      verbose: 0,
      cluster,
    });
  const rates = [];
  const hooks = {
    onBatchBegin: (batch) => {
      model.optimizer.learningRate = 0.01 / (batch + 1);
      rates.push(model.optimizer.learningRate);
    },
    onBatchEnd: () => {
      if (change === 'throw' && rates.length === 2) throw new Error('the disk is full');
      model.stopTraining ||= rates.length === 7;
    },
    onEpochEnd: async () => {
      const [first, ...others] = model.getWeights();
      model.setWeights([first.mul(0.5), ...others]);
      rates.push(digestOf((await model.optimizer.getWeights()).map(({ tensor }) => tensor)));
    },
  };
  const options = {
    ...{ epochs: 2, microBatches: 8, seed: 3 + rank, verbose: 0, cluster, callbacks: change ? [hooks] : [] },
    ...fit,
    ...(rank === 1 ? odd.fit : {}),
  };
  const { history, profile } = dataset
    ? await model.fitDataset(batches(data, dataset === 'own', odd.short), {
        readsOwn: dataset === 'own',
        ...options,
      })
    : await model.fit(data.x, data.y, { batchSize: 16, validationSplit: 0.2, ...options });
  const together = { batchSize: 5, cluster };
  const results = {
    weights: digestOf(model.getWeights()),
    remembered: digestOf((await model.optimizer.getWeights()).map(({ tensor }) => tensor)),
    // The second time goes on with the random numbers of the first.
    predicted: digestOf([1, 2].map(() => model.predict(data.x, together))),
    evaluated: [1, 2].map(() => model.evaluate(data.x, data.y, together).map((value) => value.dataSync()[0])),
    history: Object.fromEntries(Object.entries(history).map(([name, values]) => [name, [...values]])),
    // Callbacks are the first rank's.
    rates: cluster && rank > 0 ? undefined : rates,
    exchanges: profile
      ?.filter(({ kind }) => kind === 'exchange')
      .map(({ layers, shape, runs }) => `${layers} ${shape} ×${runs}`)
      .sort(),
  };
  model.dispose();
  return isMeasured ? { kept: tf.engine().usedBytes - before } : results;
}

const results = [];
for (const order of orders) {
  try {
    results.push(await train(order));
  } catch (error) {
    results.push(error.message);
    break;
  }
}
parentPort.postMessage(results);
