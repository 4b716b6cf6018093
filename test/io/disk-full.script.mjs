// Saves a model that is larger than the process may write, over one that is not: test/io/disk-full.test.ts limits it.

import process from 'node:process';
import * as tf from '../../dist/node.js';

const [, , folder, units] = process.argv;
const model = tf.sequential({
  layers: [tf.layers.dense({ units: Number(units), inputShape: [100], kernelInitializer: 'ones' })],
});
try {
  await model.save(`file://${folder}`);
} catch (error) {
  process.stdout.write(`${error.name}: ${error.message}`);
}
