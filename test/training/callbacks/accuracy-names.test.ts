// An accuracy's two names: logs and histories have `acc`, and answer to `accuracy`.

import { expect, test } from 'vitest';
import * as tf from '../../../src/index.ts';
import { line, quiet, x } from '../line.ts';

const flags = x.greater(0);

test('logs and histories have acc, and answer to accuracy', async () => {
  const seen: number[][] = [];
  const look = (_: number, logs?: tf.Logs) => {
    seen.push([logs!.acc, logs!.accuracy]);
    expect(Object.keys(logs!)).not.toContain('accuracy');
    expect(JSON.stringify(logs)).not.toContain('accuracy');
  };
  const { history } = await line('sgd', ['accuracy']).fit(x, flags, {
    ...quiet,
    epochs: 2,
    validationSplit: 0.5,
    callbacks: [
      { onBatchEnd: look, onEpochEnd: look },
      tf.callbacks.earlyStopping({ monitor: 'val_accuracy', patience: 5 }),
    ],
  });
  for (const [acc, accuracy] of seen) expect(accuracy).toBe(acc);
  expect(history.accuracy).toBe(history.acc);
  expect(history.val_accuracy).toHaveLength(2);
  expect(Object.keys(history)).toEqual(['loss', 'acc', 'val_loss', 'val_acc']);
});

test('so do those that are numbered, and those of one of several outputs', async () => {
  const input = tf.input({ shape: [1] });
  const outputs = ['a', 'b'].map(
    (name) => tf.layers.dense({ units: 1, name }).apply(input) as tf.SymbolicTensor,
  );
  const model = tf.model({ inputs: input, outputs });
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError', metrics: ['accuracy', 'acc', 'mae'] });
  const { history } = await model.fit(x, [flags, flags], quiet);
  expect(history.b_accuracy).toBe(history.b_acc);
  expect(history.a_accuracy_1).toBe(history.a_acc_1);
  expect(history.a_acc_1).toHaveLength(1);
});

test('a metric that is called accuracy itself keeps its name', async () => {
  const own: tf.Metric = {
    name: 'accuracy',
    sums: (t) => tf.sum(t as tf.Tensor).reshape([1]),
    result: () => 7,
  };
  const { history } = await line('sgd', ['acc', own] as never).fit(x, flags, quiet);
  expect(history.accuracy).toEqual([7]);
  expect(history.acc).not.toEqual([7]);
});
