import { expect, test } from 'vitest';
import * as tf from '../../src/node.ts';

test('what is left out says so, and what to do', () => {
  expect(() => tf.image.nonMaxSuppression([], [])).toThrow(
    'tf.image.nonMaxSuppression is not in lanegrad: detecting objects is left out.',
  );
  expect(() => tf.raggedRange()).toThrow('There are no ragged tensors: pad rows to one length');
});
