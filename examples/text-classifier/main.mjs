// Tells good restaurant reviews from bad ones: a vector for each word, their mean, and one neuron. Reviews that it
// never saw tell how well. `node examples/text-classifier/main.mjs`: a second.

import * as tf from 'lanegrad';
import { reviews } from './reviews.mjs';
import { encode, vocabularyOf } from './vocabulary.mjs';

const length = 24;
const train = reviews(2000, 1);
const seen = new Set(train.map(({ text }) => text));
const test = reviews(1000, 2).filter(({ text }) => !seen.has(text));
const vocabulary = vocabularyOf(train.map(({ text }) => text));

const numbers = (some) =>
  encode(
    some.map(({ text }) => text),
    vocabulary,
    length,
  );
const labels = (some) => tf.tensor1d(some.map(({ label }) => label));

tf.setSeed(1);
const model = tf.sequential({
  layers: [
    tf.layers.embedding({ inputDim: vocabulary.size + 2, outputDim: 8, inputLength: length, maskZero: true }),
    tf.layers.globalAveragePooling1d(),
    tf.layers.dense({ units: 1, activation: 'sigmoid' }),
  ],
});
model.compile({ optimizer: tf.train.adam(0.01), loss: 'binaryCrossentropy', metrics: ['accuracy'] });
await model.fit(numbers(train), labels(train), {
  epochs: 10,
  batchSize: 32,
  validationSplit: 0.1,
  callbacks: tf.callbacks.progress({ lines: 3 }),
});

const [, accuracy] = model.evaluate(numbers(test), labels(test));
console.log(`test accuracy ${(100 * accuracy.dataSync()[0]).toFixed(2)} % of ${test.length} reviews`);
for (const text of ['this time the soup was delicious and the room was charming', 'the waiter was rude']) {
  const probability = model.predict(encode([text], vocabulary, length)).dataSync()[0];
  console.log(`${probability > 0.5 ? 'good' : 'bad '} (${probability.toFixed(3)}): ${text}`);
}
