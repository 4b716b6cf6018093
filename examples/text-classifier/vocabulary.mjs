// Words as numbers: 0 for nothing, 1 for words that are not known, the rest by how often they came.

import * as tf from 'lanegrad';

const words = (text) => text.split(' ');

/** The numbers of words that occur in texts. */
export function vocabularyOf(texts) {
  const counts = new Map();
  for (const word of texts.flatMap(words)) counts.set(word, (counts.get(word) ?? 0) + 1);
  const sorted = [...counts].sort(([a, m], [b, n]) => n - m || a.localeCompare(b));
  return new Map(sorted.map(([word], i) => [word, i + 2]));
}

/** Texts as [texts, length]: shorter ones end in zeros, longer ones are cut. */
export function encode(texts, vocabulary, length) {
  const numbers = new Int32Array(texts.length * length);
  for (const [row, text] of texts.entries()) {
    const known = words(text).slice(0, length);
    for (const [i, word] of known.entries()) numbers[row * length + i] = vocabulary.get(word) ?? 1;
  }
  return tf.tensor2d(numbers, [texts.length, length]);
}
