// Twelve hours of work by its steps: 10 million steps of XOR, 100,000 models that are made, trained and dropped,
// 1 million predictions, eager programs of ever new shapes; with turns of the event loop and without. Ends with an
// error where heap, array buffers, linear memory or handles grow.
//
//   node --expose-gc test/soak/soak.mjs LIBRARY [--short] [--share 1]     LIBRARY: test/internals.ts, bundled
//
// --short does a two-hundredth of it, in a minute or two; --share any other part.

import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  options: { short: { type: 'boolean', default: false }, share: { type: 'string', default: '1' } },
  allowPositionals: true,
});
const share = values.short ? 1 / 200 : Number(values.share);
const tf = await import(pathToFileURL(positionals[0]).href);
const megabyte = 2 ** 20;

/** Megabytes; handles are counted. */
function reading() {
  globalThis.gc();
  globalThis.gc();
  const { heapUsed, arrayBuffers, rss } = process.memoryUsage();
  return {
    heap: heapUsed / megabyte,
    arrays: arrayBuffers / megabyte,
    linear: tf.engine().memoryBytes / megabyte,
    handles: process.getActiveResourcesInfo().length,
    rss: rss / megabyte,
  };
}

/** What each may grow, in megabytes, between the third reading and the last. */
const slack = { heap: 4, arrays: 8, handles: 0 };
/** What linear memory may be at all: it holds up to some 100 MB of what is not used any more, and 256 MB of eager programs. */
const mostLinear = 360;
let grown = 0;

const x = tf.tensor2d([
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
]);
const y = tf.tensor2d([[0], [1], [1], [0]]);
const images = tf.ones([32, 100]);
const labels = tf.zeros([32, 10]);

function compiled(layers) {
  const model = tf.sequential({ layers });
  model.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
  return model;
}
const small = () =>
  compiled([
    tf.layers.dense({ units: 128, inputShape: [100], activation: 'relu' }),
    tf.layers.dense({ units: 10 }),
  ]);

/** Does a work in eight parts, and compares what memory holds after them. */
async function soak(name, times, work) {
  const readings = [];
  const began = process.cpuUsage();
  const each = Math.max(1, Math.round((times * share) / 8));
  for (let part = 0; part < 8; part++) {
    await work(each, part * each);
    // Finalizers run in a turn of their own.
    await new Promise((resolve) => setTimeout(resolve, 0));
    readings.push(reading());
  }
  const [from, to] = [readings[2], readings[7]];
  const grows = Object.keys(slack).filter((of) => to[of] - from[of] > slack[of]);
  if (to.linear > mostLinear) grows.push('linear');
  grown += grows.length;
  const { user } = process.cpuUsage(began);
  const shown = (one) =>
    Object.entries(one)
      .map(([of, value]) => `${of} ${value.toFixed(1)}`)
      .join(', ');
  console.log(`${name}: ${8 * each} in ${(user / 1e6).toFixed(0)} s of processor time`);
  console.log(`  then  ${shown(from)}\n  now   ${shown(to)}${grows.length > 0 ? `\n  GROWS: ${grows}` : ''}`);
}

const xor = compiled([
  tf.layers.dense({ units: 8, inputShape: [2], activation: 'tanh' }),
  tf.layers.dense({ units: 1, activation: 'sigmoid' }),
]);
await soak('steps of XOR', 1e7, (steps) => xor.fit(x, y, { epochs: steps, batchSize: 4, verbose: 0 }));
await soak('models made, trained and dropped, in one async loop', 5e4, async (models) => {
  for (let i = 0; i < models; i++) await small().fit(images, labels, { verbose: 0 });
});
await soak('models made, asked and dropped, without a turn', 4e4, (models) => {
  for (let i = 0; i < models; i++) small().predict(images);
});
await soak('models made, asked and disposed of', 1e4, (models) => {
  for (let i = 0; i < models; i++) {
    const model = small();
    model.predict(images);
    model.dispose();
  }
});
await soak('predictions', 1e6, (predictions) => {
  for (let i = 0; i < predictions; i++) xor.predict(x);
});
await soak('eager programs of new shapes', 1e5, (programs, done) => {
  for (let i = 0; i < programs; i++)
    tf.ones([10, 50 + done + i])
      .mul(2)
      .sum()
      .dataSync();
});
process.exitCode = grown > 0 ? 1 : 0;
