// Writes the files that fuzzing starts from: small ones of each kind.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import * as tf from 'lanegrad';

const write = (kind, name, bytes) => {
  const folder = join(import.meta.dirname, 'corpus', kind);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), bytes);
};

for (const [type, size] of [
  ['08', 1],
  ['09', 1],
  ['0b', 2],
  ['0c', 4],
  ['0d', 4],
  ['0e', 8],
]) {
  const header = Buffer.from(`0000${type}020000000200000003`, 'hex');
  write('idx', `type-${type}`, Buffer.concat([header, Buffer.alloc(6 * size, 1)]));
}
write('gzip', 'text', gzipSync('lanegrad '.repeat(20)));
write('gzip', 'stored', gzipSync(Buffer.from([1, 2, 3]), { level: 0 }));
write('gzip', 'zeros', gzipSync(Buffer.alloc(5000)));
write('csv', 'table', 'a,b,label\n1,2,x\n"3,4","say ""so""",y\n,,\n');
write('csv', 'bare', '#1;2\r\n3 4\t5\n');

function chain() {
  return tf.sequential({
    layers: [
      tf.layers.dense({ units: 3, inputShape: [4], kernelRegularizer: 'l2', kernelConstraint: 'nonNeg' }),
      tf.layers.reshape({ targetShape: [3, 1] }),
      tf.layers.bidirectional({ layer: tf.layers.lstm({ units: 2 }) }),
      tf.layers.dense({ units: 2, activation: 'softmax' }),
    ],
  });
}

function network() {
  const a = tf.input({ shape: [4, 4, 1], name: 'a' });
  const shared = tf.layers.conv2d({ filters: 2, kernelSize: 3, padding: 'same' });
  const both = tf.layers.concatenate().apply([shared.apply(a), tf.layers.leakyReLU().apply(a)]);
  const outputs = tf.layers.flatten().apply(tf.layers.batchNormalization().apply(both));
  return tf.model({ inputs: a, outputs });
}

const modelFile = ({ weightSpecs, weightData, ...described }) => {
  const weightsManifest = [{ paths: ['weights.bin'], weights: weightSpecs }];
  const json = JSON.stringify({ ...described, weightsManifest });
  return Buffer.concat([Buffer.from(json), Buffer.alloc(1), Buffer.from(weightData)]);
};

for (const [name, model] of Object.entries({ chain: chain(), network: network() })) {
  model.compile({ optimizer: 'adam', loss: 'meanSquaredError', metrics: ['accuracy'] });
  const trained =
    name === 'chain' ? [tf.ones([2, 4]), tf.ones([2, 2])] : [tf.ones([2, 4, 4, 1]), tf.ones([2, 48])];
  await model.trainOnBatch(...trained);
  await model.save(
    { save: (artifacts) => write('model', name, modelFile(artifacts)) },
    { includeOptimizer: true },
  );
}
const small = tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [2], name: 'd' })] });
await small.save({
  save(artifacts) {
    const types = ['uint8', 'float16'];
    const weightSpecs = artifacts.weightSpecs.map((entry, i) => ({
      ...entry,
      quantization: { dtype: types[i % 2], ...(i % 2 === 0 && { scale: 0.1, min: -1 }) },
    }));
    write(
      'model',
      'quantised',
      modelFile({ ...artifacts, weightSpecs, weightData: new Uint8Array(4 + 2 * 2) }),
    );
    write('model', 'small', modelFile(artifacts));
  },
});
