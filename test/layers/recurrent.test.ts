// Recurrent layers against PyTorch, and what they say to wrong input.

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as tf from '../../src/index.ts';
import { expectAsTorch, type TorchCase } from './against-torch.ts';

interface RecurrentCase extends TorchCase {
  readonly layer: 'simpleRNN' | 'gru' | 'lstm';
  readonly options: { readonly units: number };
  readonly mask?: readonly (readonly number[])[];
}

const cases: readonly RecurrentCase[] = JSON.parse(
  readFileSync(new URL('../reference/torch-recurrent.json', import.meta.url), 'utf8'),
);

describe('outputs and gradients are those of PyTorch', () => {
  test.each(
    cases.map((each) => {
      const { layer, options, inputs, mask } = each;
      const what = `${inputs.length} inputs${mask ? ', masked' : ''}`;
      return [`${layer} ${JSON.stringify(options)}, ${what}`, each] as const;
    }),
  )('%s', (_, { layer, options, mask, ...torch }) => {
    expectAsTorch(tf.layers[layer](options), torch, mask?.flat());
  });
});

describe('wrong input', () => {
  const sequence = () => tf.input({ shape: [4, 3] });
  test.each([
    [() => tf.layers.lstm({ units: 0, name: 'l' }), 'l: units must be a positive integer; got 0.'],
    [
      () => tf.layers.gru({ units: 2, dropout: 1, name: 'g' }),
      'g: dropout must be at least 0 and less than 1; got 1.',
    ],
    [
      () => tf.layers.simpleRNN({ units: 2, recurrentDropout: -0.5, name: 's' }),
      's: recurrentDropout must be at least 0 and less than 1; got -0.5.',
    ],
    [
      () => tf.layers.lstm({ units: 2, name: 'l' }).apply(tf.input({ shape: [4] })),
      'l: takes input of shape [batch,time,features]; got [null,4].',
    ],
    [
      () => tf.layers.lstm({ units: 2, stateful: true, name: 'l' }).apply(sequence()),
      'l: a stateful layer must know the batch size: give the first layer batchInputShape, ' +
        'or the input batchShape, as in [32,10,8].',
    ],
    [
      () =>
        tf.layers.lstm({ units: 2, name: 'l' }).apply(sequence(), { initialState: tf.input({ shape: [2] }) }),
      'l: initialState must be 2 of shape [null,2]; got [null,2].',
    ],
    [
      () => tf.layers.gru({ units: 2, name: 'g' }).apply([sequence(), tf.input({ shape: [3] })]),
      'g: initialState must be 1 of shape [null,2]; got [null,3].',
    ],
    [
      () => tf.layers.gru({ units: 2, name: 'g' }).resetStates(),
      'g: resetStates needs a stateful layer: give it stateful: true.',
    ],
  ])('%#', (make, sentence) => {
    expect(make).toThrow(sentence);
  });
});
