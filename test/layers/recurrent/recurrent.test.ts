// Recurrent layers against PyTorch, and what they say to wrong input.

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { differentiate } from '../../../src/compiler/differentiate.ts';
import { Program } from '../../../src/compiler/program.ts';
import { engine } from '../../../src/engine/engine.ts';
import { Graph, type Value } from '../../../src/graph/graph.ts';
import { sum } from '../../../src/graph/ops/broadcasting.ts';
import { square } from '../../../src/graph/ops/elementwise.ts';
import { input } from '../../../src/graph/ops/sources.ts';
import * as tf from '../../../src/index.ts';
import { ProgramTrace } from '../../../src/state/trace.ts';
import { Weights } from '../../../src/state/weights.ts';
import { expectClose } from '../../close.ts';
import { interpret } from '../../interpreter.ts';
import { expectAsTorch, type TorchCase } from '../against-torch.ts';

interface LayerCase<Options> extends TorchCase {
  readonly layer: string;
  readonly options: Options;
  readonly mask?: readonly (readonly number[])[];
}

interface WrapperOptions {
  readonly layer: string;
  readonly inner: object;
  readonly mergeMode?: string;
}

const read = <Options>(name: string): LayerCase<Options>[] =>
  JSON.parse(readFileSync(new URL(`../../reference/${name}.json`, import.meta.url), 'utf8'));

type Factory = (options: object) => tf.Layer;
const factories = tf.layers as unknown as Readonly<Record<string, Factory>>;

const cases = [
  ...read<object>('torch-recurrent').map((each) => ({
    ...each,
    make: () => factories[each.layer](each.options),
  })),
  ...read<WrapperOptions>('torch-wrappers').map((each) => {
    const { layer, inner, ...options } = each.options;
    return { ...each, make: () => factories[each.layer]({ layer: factories[layer](inner), ...options }) };
  }),
];

describe('outputs and gradients are those of PyTorch', () => {
  test.each(
    cases.map((each) => {
      const { layer, options, inputs, mask } = each;
      const what = `${inputs.length} inputs${mask ? ', masked' : ''}`;
      return [`${layer} ${JSON.stringify(options)}, ${what}`, each] as const;
    }),
  )('%s', (_, { make, mask, ...torch }) => {
    expectAsTorch(make(), torch, mask?.flat());
  });
});

// Two tiles of rows and a rest, three panels of columns and a rest.
test.each(['simpleRNN', 'gru', 'lstm'] as const)('%s of other sizes, against float64', (name) => {
  const layer = tf.layers[name]({ units: 27, returnSequences: true });
  layer.ensureBuilt([null, 7, 9]);
  Weights.settle(layer.variables, 'a test');
  const graph = new Graph();
  const trace = new ProgramTrace(graph);
  const x = input(graph, 0, [13, 7, 9]);
  const weights = trace.run(() => layer.variables.map((variable) => variable.read()));
  const [y] = trace.run(() => layer.trace(trace, [x]));
  const outputs = [y, ...(differentiate(sum(square(y)), [x, ...weights]) as Value[])];

  const data = Float32Array.from({ length: x.size }, (_, i) => Math.sin(i * i));
  const program = new Program(outputs, [], { inputs: [x] });
  engine().write(program.addressOf(x), data);
  program.run();
  const values = weights.map(
    (weight, i) => [weight, Float64Array.from(layer.variables[i].values())] as const,
  );
  const expected = interpret(outputs, new Map([[x, Float64Array.from(data)], ...values]));
  for (const [i, output] of outputs.entries()) {
    expectClose(engine().readFloats(program.addressOf(output), output.size), expected[i], 1e-5, `array ${i}`);
  }
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
      'l: a stateful layer needs to know its batch size: give the first layer batchInputShape, ' +
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
      () => tf.layers.bidirectional({ layer: tf.layers.dense({ units: 2 }) as never, name: 'b' }),
      'b: layer must be a recurrent layer; got a Dense.',
    ],
    [
      () => tf.layers.timeDistributed({ layer: { units: 2 } as never, name: 't' }),
      't: layer must be a layer; got an object with units.',
    ],
    [
      () =>
        tf.layers.bidirectional({ layer: tf.layers.gru({ units: 2 }), mergeMode: 'min' as never, name: 'b' }),
      "b: mergeMode must be 'concat', 'sum', 'mul' or 'ave', or null; got 'min'.",
    ],
    [
      () =>
        tf.layers
          .timeDistributed({ layer: tf.layers.dense({ units: 2 }), name: 't' })
          .apply(tf.input({ shape: [4] })),
      't: takes input of shape [batch,time,…]; got [null,4].',
    ],
    [
      () =>
        tf.sequential({
          name: 'chain',
          layers: [tf.layers.lstm({ units: 2, returnState: true, inputShape: [4, 3], name: 'l' })],
        }),
      'chain: l has 3 outputs; each layer of a sequential model should have a single output tensor. Use tf.model.',
    ],
    [
      () => {
        const layer = tf.layers.gru({ units: 2, stateful: true, batchInputShape: [3, 4, 5], name: 'g' });
        tf.sequential({ layers: [layer] });
        layer.resetStates(tf.zeros([2, 2]));
      },
      'g/state_0: expected weights of shape [3,2]; got [2,2].',
    ],
    [
      () => tf.layers.gru({ units: 2, name: 'g' }).resetStates(),
      'g: resetStates needs a stateful layer: give it stateful: true.',
    ],
  ])('%#', (make, sentence) => {
    expect(make).toThrow(sentence);
  });
});
