// An lstm reads a sum such as '12+7 ' character by character; another writes its result, '19 '. A fifth of all
// sums of two numbers below 100 is never shown to them and tells whether they have learnt to add.
// `npm run addition`: more than 99 % of these are exact after 30 epochs, some ten seconds.
//
//   --epochs N      30 by default
//   --seed N        42 by default
//   --layer NAME    lstm by default; or gru, simpleRNN
//   --units N       64 by default

import { parseArgs } from 'node:util';
import * as tf from 'lanegrad';
import {
  answerLength,
  answerOf,
  characters,
  decode,
  encode,
  oneHot,
  questionOf,
  splitSums,
} from './questions.mjs';

const { values: options } = parseArgs({
  options: {
    epochs: { type: 'string', default: '30' },
    seed: { type: 'string', default: '42' },
    layer: { type: 'string', default: 'lstm' },
    units: { type: 'string', default: '64' },
  },
});
const epochs = Number(options.epochs);
const seed = Number(options.seed);
const units = Number(options.units);
const batchSize = 32;

const { train, test } = splitSums();
const questions = oneHot(train.map(questionOf));
const answers = encode(train.map(answerOf));
const [, length] = questions.shape;

tf.setSeed(seed);
const recurrent = tf.layers[options.layer];
const model = tf.sequential({
  layers: [
    recurrent({ units, inputShape: [length, characters.length] }),
    tf.layers.repeatVector({ n: answerLength }),
    recurrent({ units, returnSequences: true }),
    tf.layers.timeDistributed({
      layer: tf.layers.dense({ units: characters.length, activation: 'softmax' }),
    }),
  ],
});
const decaySteps = epochs * Math.ceil(train.length / batchSize);
model.compile({
  optimizer: tf.train.adam({ learningRate: tf.schedules.cosine({ initial: 4e-3, decaySteps }) }),
  loss: 'sparseCategoricalCrossentropy',
  metrics: ['accuracy'],
});
model.summary();

const start = performance.now();
// A step takes long here: a terminal shows how far each epoch is, and a file a line now and then.
const callbacks = process.stdout.isTTY ? [] : tf.callbacks.progress({ lines: 5 });
await model.fit(questions, answers, { epochs, batchSize, seed, callbacks });
const seconds = (performance.now() - start) / 1000;

const written = decode(model.predict(oneHot(test.map(questionOf)), { batchSize: 256 }));
for (let i = 0; i < test.length; i += 400) console.log(`${questionOf(test[i])} = ${written[i]}`);
const exact = test.filter((sum, i) => written[i] === answerOf(sum)).length;
console.log(
  `${exact} of ${test.length} sums never seen are exact: ${((100 * exact) / test.length).toFixed(2)} %`,
);
console.log(`${train.length} sums, ${epochs} epochs, ${seconds.toFixed(1)} s`);
