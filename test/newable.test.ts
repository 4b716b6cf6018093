// Functions that scripts call by `new`, as all of TensorFlow.js's builds may be called.

import { describe, expect, test } from 'vitest';
import * as tf from '../src/index.ts';

/** Whether `new` takes it; it is not called. */
function takesNew(call: unknown): boolean {
  try {
    Reflect.construct(Object, [], call as new () => object);
    return true;
  } catch {
    return false;
  }
}

const { layers, train, callbacks, regularizers, constraints, initializers } = tf;

describe.each(Object.entries({ layers, train, callbacks, regularizers, constraints, initializers }))(
  'tf.%s',
  (_, space) => {
    test.each(Object.entries(space))('%s takes new', (_name, make) => {
      expect(takesNew(make)).toBe(true);
    });
  },
);

test('functions of tensors take new', () => {
  const { add, matMul, reshape, losses, metrics, image, linalg, complex } = tf;
  const { meanSquaredError } = losses;
  const some = [add, matMul, reshape, meanSquaredError, losses.huberLoss, metrics.precision, metrics.mse];
  expect([...some, image.flipLeftRight, linalg.qr, complex].map(takesNew)).not.toContain(false);
});

test('new gives what a call gives', () => {
  const made = tf as unknown as Record<string, Record<string, new (options?: object) => object>>;
  expect(new made.layers.dense({ units: 2 })).toMatchObject({ units: 2 });
  expect(new made.train.adam()).toBeInstanceOf(tf.Optimizer);
  expect(new made.callbacks.earlyStopping()).toBeInstanceOf(tf.EarlyStopping);
  expect(new made.regularizers.l2({ l2: 0.5 })).toMatchObject({ config: { l2: 0.5 } });
});
