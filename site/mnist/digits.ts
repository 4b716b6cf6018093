// The digits to learn: fetched from the site, unpacked in the page.

import * as tf from 'lanegrad';

export const side = 28;
const pixels = side * side;
const counts = { training: 5000, test: 900 };

export interface Digits {
  /** Bytes, [count, 28, 28]. */
  readonly images: tf.Tensor;
  readonly labels: tf.Tensor;
}

export async function loadDigits(): Promise<{ training: Digits; test: Digits }> {
  const answer = await fetch(new URL('../digits.bin', import.meta.url));
  if (!answer.ok || !answer.body) throw new Error(`The digits could not be fetched: ${answer.status}.`);
  const unpacked = answer.body.pipeThrough(new DecompressionStream('gzip'));
  const bytes = new Uint8Array(await new Response(unpacked).arrayBuffer());
  const { training, test } = counts;
  const labels = pixels * (training + test);
  const part = (count: number, imagesAt: number, labelsAt: number): Digits => ({
    images: tf.tensor3d(bytes.slice(imagesAt, imagesAt + count * pixels), [count, side, side]),
    labels: tf.tensor1d(bytes.slice(labelsAt, labelsAt + count)),
  });
  return {
    training: part(training, 0, labels),
    test: part(test, training * pixels, labels + training),
  };
}
