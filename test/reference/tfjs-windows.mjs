// Makes tfjs-windows.json: a model of convolutions and pooling as TensorFlow.js saves it, and what it computes.
// Run in a folder where @tensorflow/tfjs 4.22.0 is installed: node …/test/reference/tfjs-windows.mjs

import { tf, write } from './tfjs.mjs';

const { layers } = tf;
const shape = [7, 8, 3];

const model = tf.sequential({
  layers: [
    layers.conv2d({ filters: 4, kernelSize: 3, padding: 'same', activation: 'relu', inputShape: shape }),
    layers.maxPooling2d({ poolSize: 2, strides: 1, padding: 'same' }),
    layers.depthwiseConv2d({ kernelSize: 2, depthMultiplier: 2, strides: 2, padding: 'same' }),
    layers.conv2dTranspose({ filters: 3, kernelSize: 3, strides: 2, padding: 'same', activation: 'tanh' }),
    layers.separableConv2d({ filters: 4, kernelSize: 3, useBias: false }),
    layers.averagePooling2d({ poolSize: [2, 3], strides: [2, 1], padding: 'same' }),
    layers.conv2d({ filters: 2, kernelSize: 2, dilationRate: 2 }),
    layers.reshape({ targetShape: [4, 2] }),
    layers.conv1d({ filters: 3, kernelSize: 2, padding: 'same', activation: 'sigmoid' }),
    layers.maxPooling1d({ poolSize: 2, strides: 1 }),
    layers.averagePooling1d({ poolSize: 2, strides: 1, padding: 'same' }),
  ],
});
const values = Array.from({ length: 2 * 7 * 8 * 3 }, (_, i) => ((i * 37) % 101) / 64 - 0.75);
await write(import.meta.url, model, [2, ...shape], values);
