import { expect, test } from 'vitest';
import * as tf from '../../src/node.ts';

test('what is left out says so, and what to do', async () => {
  expect(() => tf.image.nonMaxSuppression([], [])).toThrow(
    'tf.image.nonMaxSuppression is not in lanegrad: detecting objects is left out.',
  );
  const { nonMaxSuppressionAsync, nonMaxSuppressionPaddedAsync, nonMaxSuppressionWithScoreAsync } = tf.image;
  for (const call of [
    nonMaxSuppressionAsync,
    nonMaxSuppressionPaddedAsync,
    nonMaxSuppressionWithScoreAsync,
  ]) {
    await expect(call([], [])).rejects.toThrow(/^tf\.image\.nonMaxSuppression\w*Async is not in lanegrad/);
  }
  expect(() => tf.raggedRange()).toThrow('There are no ragged tensors: pad rows to one length');
});
