// Weights as bytes: what TensorFlow.js encodes, and what it decodes of quantised ones. Run in a folder that has
// @tensorflow/tfjs installed.

import { base64, tf, writeBeside } from './tfjs.mjs';

const tensors = {
  a: tf.tensor2d([
    [1.5, -2.25, 1e-40],
    [3e38, 0, -0],
  ]),
  count: tf.scalar(-7, 'int32'),
  flags: tf.tensor1d([true, false, true], 'bool'),
};
const encoded = await tf.io.encodeWeights(tensors, 'optimizer');

/** Numbers of half precision by their bits: zeros, the least and the greatest, infinities, NaN, and every 61st. */
const halves = Uint16Array.of(
  ...[0, 0x8000, 1, 0x3ff, 0x400, 0x7bff, 0xfbff, 0x7c00, 0xfc00, 0x7e00],
  ...Array.from({ length: 1074 }, (_, i) => 61 * i),
);
const quantized = [
  [
    { dtype: 'float32', quantization: { dtype: 'uint8', scale: 0.0123, min: -1.5 } },
    Uint8Array.from({ length: 256 }, (_, i) => i),
  ],
  [
    { dtype: 'float32', quantization: { dtype: 'uint16', scale: 3.1e-5, min: -1 } },
    Uint16Array.of(0, 1, 1000, 65535),
  ],
  [
    { dtype: 'int32', quantization: { dtype: 'uint8', scale: 1.7, min: -100 } },
    Uint8Array.of(0, 1, 2, 254, 255),
  ],
  [
    { dtype: 'int32', quantization: { dtype: 'uint16', scale: 0.5, min: -9 } },
    Uint16Array.of(0, 1, 2, 65535),
  ],
  [{ dtype: 'float32', quantization: { dtype: 'float16' } }, halves],
].map(([entry, array], i) => [{ name: `w${i}`, shape: [array.length], ...entry }, array]);
const specs = quantized.map(([entry]) => entry);
const bytes = Buffer.concat(quantized.map(([, { buffer }]) => Buffer.from(buffer)));
const decoded = tf.io.decodeWeights(
  bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length),
  specs,
);

writeBeside(import.meta.url, {
  encoded: { specs: encoded.specs, data: base64(encoded.data) },
  quantized: {
    specs,
    data: base64(bytes),
    // As bits, because JSON has neither NaN nor infinities.
    decoded: specs.map(({ name }) => base64(decoded[name].dataSync().buffer)),
  },
});
