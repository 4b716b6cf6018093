// What projects in TypeScript read of TensorFlow.js's types, beyond what scripts call: results that are passed on without
// a type being said, arguments of functions and classes, what datasets and containers hold. Compiled, not run.

import * as tf from 'lanegrad';

/** Results whose rank is known without being said or expected. */
export function knownRanks(line: tf.Tensor1D, rows: tf.Tensor2D, images: tf.Tensor4D): tf.Tensor[] {
  const joined = tf.concat1d([line, line]);
  const part = tf.slice1d(line, 0, 2);
  const padded = tf.pad1d(line, [1, 1]);
  const lines: tf.Tensor1D[] = [joined, part, padded];
  const wide = tf.concat2d([rows, rows], 1);
  const corner = tf.slice2d(rows, [0, 0], [1, 1]);
  const normal = tf.batchNorm2d(rows, 0, 1);
  const matrices: tf.Tensor2D[] = [wide, corner, normal];
  const turned = tf.image.rotateWithOffset(images, 1);
  const mirrored = tf.image.flipLeftRight(images);
  const boxes = tf.image.cropAndResize(images, [[0, 0, 1, 1]], [0], [8, 8]);
  const seen = tf.image.transform(images, [[1, 0, 0, 0, 1, 0, 0, 0]]);
  const several: tf.Tensor4D[] = [turned, mirrored, boxes, seen];
  return [...lines, ...matrices, ...several];
}

/** A rank that is expected reaches what the argument is made by. */
export const mask: tf.Tensor2D = tf.linalg.bandPart(tf.ones([4, 4]), -1, 0);
export const positive: tf.Tensor2D = tf.relu(tf.randomNormal([2, 3]));
