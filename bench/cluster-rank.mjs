// A process of cluster.mjs: trains the convnet, alone or as a rank, and prints what a step took; or what messages take.

import process from 'node:process';
import { mpi, tf } from './build.mjs';
import { smallConvnet } from './convnet.mjs';
import { median } from './statistics.mjs';
import { problem } from './workloads.mjs';

/** { threads, ranks, batch, steps, isProbe } */
const order = JSON.parse(process.argv[2]);
/** As few as make what a `fit` takes beside its steps small: other work on the machine shall miss some. */
const stepsAtOnce = 4;
const tries = 61;

tf.init({ threads: order.threads });
tf.setSeed(1);
const cluster = order.ranks > 1 ? await (await mpi())() : undefined;
const info = await tf.ready();
if (info.threads !== order.threads) throw new Error('This build or Node has no threads.');

const result = order.isProbe ? probe() : await train();
if (!cluster || cluster.rank === 0) console.log(JSON.stringify(result));

async function train() {
  const { batch, steps } = order;
  const data = problem({ kind: 'convnet', sizes: [784, 10], batch });
  const model = smallConvnet(tf, data);
  model.compile({ optimizer: tf.train.adam(1e-3), loss: 'sparseCategoricalCrossentropy' });
  const x = tf.tensor(data.x, [batch, 28, 28, 1]).tile([stepsAtOnce, 1, 1, 1]);
  const y = tf.tensor1d(data.labels, 'int32').tile([stepsAtOnce]);
  const fit = (options) =>
    model.fit(x, y, { batchSize: batch, shuffle: false, verbose: 0, cluster, ...options });
  await fit();
  const times = [];
  for (let step = 0; step < steps; step += stepsAtOnce) {
    const began = performance.now();
    const busy = process.cpuUsage();
    await fit();
    const { user, system } = process.cpuUsage(busy);
    const perStep = (milliseconds) => milliseconds / 1000 / stepsAtOnce;
    times.push({ wall: perStep(performance.now() - began), processor: perStep((user + system) / 1000) });
  }
  const { profile } = await fit({ epochs: 2, profile: true });
  const share = (kind) =>
    profile.filter((entry) => entry.kind === kind).reduce((sum, entry) => sum + entry.share, 0);
  return { times, exchange: share('exchange'), update: share('update'), floats: model.countParams() };
}

/** Seconds that exchanges of so many messages of so many bytes each way took: the least and the median of some. */
function probe() {
  const other = 1 - cluster.rank;
  const results = [];
  for (const [messages, bytes] of order.sizes) {
    const both = Array.from({ length: messages }, () => [
      { rank: other, isSent: true, numbers: new Uint8Array(bytes) },
      { rank: other, isSent: false, numbers: new Uint8Array(bytes) },
    ]).flat();
    const times = [];
    for (let i = 0; i < tries; i++) {
      const began = performance.now();
      cluster.exchange(both);
      times.push((performance.now() - began) / 1000);
    }
    results.push({ messages, bytes, least: Math.min(...times), median: median(times) });
  }
  return results;
}
