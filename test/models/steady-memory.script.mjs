// Trains 3,000 steps to warm up and five times 1,000 more; prints what memory holds before and after each. Run with --expose-gc, in a
// process of its own, so that nothing but training is on the heap.

import * as tf from 'lanegrad';

const x = tf.ones([320, 20]);
const y = tf.tensor1d(Int32Array.from({ length: 320 }, (_, i) => i % 5));
const model = tf.sequential({
  layers: [
    tf.layers.dense({ units: 32, activation: 'relu', inputShape: [20] }),
    tf.layers.dropout({ rate: 0.3 }),
    tf.layers.dense({ units: 5, activation: 'softmax' }),
  ],
});
model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });

function memory() {
  globalThis.gc();
  globalThis.gc();
  const { heapUsed, arrayBuffers, external } = process.memoryUsage();
  return { heapUsed, arrayBuffers, external };
}

await model.fit(x, y, { epochs: 300, verbose: 0 });
const readings = [memory()];
for (let thousand = 0; thousand < 5; thousand++) {
  await model.fit(x, y, { epochs: 100, verbose: 0 });
  readings.push(memory());
}
console.log(JSON.stringify(readings));
