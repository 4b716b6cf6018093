// Node: learns which of three species an iris-like flower is, keeps the model in a file, and reads it back.
//
//   node examples/node/main.mjs [folder]

import { argv } from 'node:process';
import * as tf from 'lanegrad';

const folder = argv[2] ?? 'models/flowers';

/** Petal length and width of a flower of a species, in cm, scattered about the species' mean. */
function flowers(perSpecies) {
  const means = [
    [1.5, 0.25],
    [4.3, 1.3],
    [5.6, 2.0],
  ];
  const scatter = tf.initializers.randomNormal({ stddev: 0.25, seed: 7 });
  const noise = scatter.values([means.length * perSpecies, 2], 0);
  const petals = Array.from({ length: means.length * perSpecies }, (_, i) =>
    means[i % means.length].map((mean, j) => mean + noise[2 * i + j]),
  );
  return { petals, species: petals.map((_, i) => i % means.length) };
}

const { petals, species } = flowers(50);
tf.setSeed(1);
const model = tf.sequential({
  layers: [
    tf.layers.dense({ inputShape: [2], units: 12, activation: 'relu' }),
    tf.layers.dense({ units: 3, activation: 'softmax' }),
  ],
});
model.compile({
  optimizer: tf.train.adam(0.02),
  loss: 'sparseCategoricalCrossentropy',
  metrics: ['accuracy'],
});
const callbacks = tf.callbacks.progress();
await model.fit(petals, tf.tensor1d(species), { epochs: 80, validationSplit: 0.2, callbacks });

await model.save(`file://${folder}`);
const loaded = await tf.loadLayersModel(`file://${folder}/model.json`);
const [probabilities] = loaded.predict([[4.2, 1.4]]).arraySync();
console.log('A petal of 4.2 × 1.4 cm:', probabilities.map((p) => `${(100 * p).toFixed(1)} %`).join(', '));
