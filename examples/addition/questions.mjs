// Sums as characters: questions like '12+7 ' and answers like '19 ', one-hot and as codes.

import * as tf from 'lanegrad';

export const characters = '0123456789+ ';
const questionLength = 5;
export const answerLength = 3;

/**
 * All sums of two numbers from 0 to 99, a fifth of them apart to test with, spread evenly over all by a
 * multiplicative hash. a + b and b + a are on the same side.
 */
export function splitSums() {
  const parts = { train: [], test: [] };
  for (let a = 0; a < 100; a++) {
    for (let b = a; b < 100; b++) {
      const hash = Math.imul(100 * a + b, 0x9e3779b1) >>> 0;
      const part = hash < 2 ** 32 / 5 ? parts.test : parts.train;
      part.push([a, b]);
      if (a !== b) part.push([b, a]);
    }
  }
  return parts;
}

export const questionOf = ([a, b]) => `${a}+${b}`.padEnd(questionLength);
export const answerOf = ([a, b]) => `${a + b}`.padEnd(answerLength);

/** Texts of one length as a tensor of character codes: [texts, length]. */
export function encode(texts) {
  const codes = texts.flatMap((text) => Array.from(text, (character) => characters.indexOf(character)));
  return tf.tensor2d(Int32Array.from(codes), [texts.length, texts[0].length]);
}

/** The same as one-hot rows: [texts, length, characters]. */
export function oneHot(texts) {
  const { length } = texts[0];
  return tf
    .oneHot(encode(texts).reshape([texts.length * length]), characters.length)
    .reshape([texts.length, length, characters.length]);
}

/** Texts from what the model says of each place: [texts, length, characters]. */
export function decode(probabilities) {
  const codes = probabilities.argMax(-1).arraySync();
  return codes.map((row) => row.map((code) => characters[code]).join(''));
}
