// Makes tfjs-recurrent.json: a model of recurrent layers and of models, as TensorFlow.js saves it, and what it
// computes.
// Run in a folder where @tensorflow/tfjs 4.22.0 is installed: node …/test/reference/tfjs-recurrent.mjs

import { tf, write } from './tfjs.mjs';

const { layers } = tf;

const input = tf.input({ shape: [4, 2] });
const masked = layers.masking().apply(input);
const lstm = layers.lstm({ units: 2, returnSequences: true });
const both = layers.bidirectional({ layer: lstm, mergeMode: 'sum' }).apply(masked);
const gru = layers.gru({ units: 2, returnSequences: true }).apply(both);
// Not masked: TensorFlow.js does not turn the mask of a sequence that goes backwards.
const backwards = layers.gru({ units: 2, returnSequences: true, goBackwards: true }).apply(input);
const behind = layers.flatten().apply(backwards);
const dense = layers.dense({ units: 3, activation: 'softmax', inputShape: [2] });
const step = tf.sequential({ layers: [dense, layers.dense({ units: 2 })] });
const each = layers.timeDistributed({ layer: step }).apply(gru);
const between = tf.input({ shape: [4, 2] });
const network = tf.model({ inputs: between, outputs: layers.dense({ units: 3 }).apply(between) });
const widened = network.apply(each);
const [last, state] = layers.simpleRNN({ units: 2, returnState: true, useBias: false }).apply(widened);
const model = tf.model({ inputs: input, outputs: layers.concatenate().apply([last, state, behind]) });

// The second sequence ends after two steps.
const values = [0.5, -1, 2, 0.25, -0.75, 1, 1.5, -0.5, 1, 1, -2, 0.5, 0, 0, 0, 0];
await write(import.meta.url, model, [2, 4, 2], values);
