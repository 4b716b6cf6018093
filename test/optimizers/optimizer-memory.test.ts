// What an optimizer remembers from one compile to the next.

import { describe, expect, test } from 'vitest';
import * as tf from '../../src/index.ts';
import { line, quiet, weightOf, x, y } from '../training/line.ts';

test('an optimizer keeps what it remembers of weights that are frozen for a while, and begins with new ones', async () => {
  const optimizer = tf.train.adam(0.1);
  const layers = [tf.layers.dense({ units: 2, inputShape: [1] }), tf.layers.dense({ units: 1 })];
  const model = tf.sequential({ layers });
  const compile = () => model.compile({ optimizer, loss: 'meanSquaredError' });
  compile();
  await model.fit(x, y, quiet);
  const remembered = async () => {
    const weights = await model.optimizer.getWeights();
    return weights.slice(1).map(({ tensor }) => Array.from(tensor.dataSync()));
  };
  const before = await remembered();
  layers[0].trainable = false;
  compile();
  layers[0].trainable = true;
  compile();
  expect(await remembered()).toEqual(before);
  model.add(tf.layers.dense({ units: 1000 }));
  compile();
  const after = await remembered();
  expect(after[0]).toEqual(before[0]);
  expect(new Set(after[4])).toEqual(new Set([0]));
});

describe('an optimizer', () => {
  /** Two steps, a new compile with the same optimizer, two more. */
  test('goes on after another compile', async () => {
    const optimizer = tf.train.adam(0.1);
    const model = line(optimizer);
    const whole = line(tf.train.adam(0.1));
    const once = { ...quiet, batchSize: 20, shuffle: false };
    await whole.fit(x, y, { ...once, epochs: 4 });
    await model.fit(x, y, { ...once, epochs: 2 });
    model.compile({ optimizer, loss: 'meanSquaredError' });
    await model.fit(x, y, { ...once, epochs: 2 });
    expect(weightOf(model)).toBe(weightOf(whole));
  });

  test('of another model begins anew', async () => {
    const optimizer = tf.train.adam(0.1);
    await line(optimizer).fit(x, y, { ...quiet, epochs: 3 });
    const [second, fresh] = [line(optimizer), line(tf.train.adam(0.1))];
    for (const model of [second, fresh]) await model.fit(x, y, { ...quiet, shuffle: false });
    expect(weightOf(second)).toBe(weightOf(fresh));
  });
});
