// A step that is traced once and repeated computes the bits of one that is unrolled, forward and backward.

import { afterEach, describe, expect, test } from 'vitest';
import { differentiate } from '../../../src/compiler/differentiate.ts';
import { compilerOptions, Program } from '../../../src/compiler/program.ts';
import { engine } from '../../../src/engine/engine.ts';
import { Graph, type Value } from '../../../src/graph/graph.ts';
import { sum } from '../../../src/graph/ops/broadcasting.ts';
import { add, mul, square, tanh } from '../../../src/graph/ops/elementwise.ts';
import { final, leaf, outsideOf, stacked } from '../../../src/graph/ops/loop.ts';
import { matMul } from '../../../src/graph/ops/matmul.ts';
import { concat, slice, transpose } from '../../../src/graph/ops/movement.ts';
import { input, reshape } from '../../../src/graph/ops/sources.ts';
import { reverse } from '../../../src/graph/ops/strides.ts';
import * as tf from '../../../src/index.ts';
import { loopOptions } from '../../../src/layers/recurrent/repetition.ts';
import { loop } from '../../../src/tensor/loops.ts';
import { expectClose } from '../../close.ts';

const defaults = { ...loopOptions };
const compilerDefaults = { ...compilerOptions };

afterEach(() => {
  Object.assign(loopOptions, defaults);
  Object.assign(compilerOptions, compilerDefaults);
});

const [samples, times, features] = [7, 11, 5];
const wave = (shape: number[]) =>
  tf.tensor(
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(i * i + 1)),
    shape,
  );

/** A sequence's last steps do not count, of each sample another number. */
const padded = () => {
  const x = wave([samples, times, features]).arraySync() as number[][][];
  return tf.tensor3d(x.map((steps, i) => steps.map((step, t) => (t < times - i ? step : step.map(() => 0)))));
};

const {
  lstm,
  gru,
  simpleRNN,
  rnn,
  bidirectional,
  masking,
  dense,
  convLstm2d,
  flatten,
  reshape: reshaped,
} = tf.layers;
const inputShape = [times, features];

const cases: Record<string, () => tf.Layer[]> = {
  simpleRNN: () => [simpleRNN({ units: 3, inputShape })],
  lstm: () => [lstm({ units: 4, inputShape, recurrentActivation: 'sigmoid' })],
  'lstm of odd sizes': () => [lstm({ units: 3, inputShape })],
  gru: () => [gru({ units: 3, inputShape })],
  'gru with resetAfter': () => [gru({ units: 4, inputShape, resetAfter: true })],
  'no bias': () => [gru({ units: 4, inputShape, useBias: false, returnSequences: true }), flatten()],
  'a sequence of outputs': () => [lstm({ units: 4, inputShape, returnSequences: true }), gru({ units: 3 })],
  backwards: () => [simpleRNN({ units: 3, inputShape, goBackwards: true, returnSequences: true }), flatten()],
  'both ways': () => [
    bidirectional({ layer: lstm({ units: 2, returnSequences: true }) as tf.Layer, inputShape } as never),
    lstm({ units: 3 }),
  ],
  'masked steps': () => [
    masking({ maskValue: 0, inputShape }),
    gru({ units: 4, returnSequences: true }),
    lstm({ units: 3 }),
  ],
  dropout: () => [lstm({ units: 4, inputShape, dropout: 0.3, recurrentDropout: 0.4 })],
  'stacked cells': () => [
    rnn({ cell: [tf.layers.lstmCell({ units: 4 }), tf.layers.gruCell({ units: 3 })], inputShape } as never),
  ],
  'a state that stays': () => [
    lstm({ units: 3, stateful: true, batchInputShape: [samples, times, features] }),
  ],
  penalties: () => [
    lstm({ units: 3, inputShape, kernelRegularizer: 'l1l2', recurrentRegularizer: 'l1l2' } as never),
  ],
  convolutions: () => [
    reshaped({ targetShape: [times, 1, features, 1], inputShape }),
    convLstm2d({ filters: 2, kernelSize: [1, 3], padding: 'same', returnSequences: true }),
    convLstm2d({ filters: 3, kernelSize: [1, 3] }),
    flatten(),
  ],
};

/** Losses, weights and predictions of a small training. */
async function trained(layers: () => tf.Layer[], minTimes: number): Promise<number[]> {
  loopOptions.minTimes = minTimes;
  tf.setSeed(3);
  const model = tf.sequential({ layers: [...layers(), dense({ units: 2 })] });
  model.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
  const x = padded();
  const y = wave([samples, 2]);
  const { history } = await model.fit(x, y, { epochs: 3, batchSize: samples, verbose: 0, seed: 5 });
  const numbers = [model.predict(x) as tf.Tensor, ...model.getWeights()].flatMap((each) => [
    ...each.dataSync(),
  ]);
  return [...history.loss, ...numbers];
}

describe('repeated, bits are those of each time by itself', () => {
  test.each(Object.entries(cases))('%s', async (_, layers) => {
    const unrolled = await trained(layers, Number.POSITIVE_INFINITY);
    expect(await trained(layers, 2)).toEqual(unrolled);
  });

  test.each([{ fusion: false }, { sharing: false }, { poison: true }, { sharedWork: 1 }])(
    'whatever the compiler does: %o',
    async (options) => {
      const expected = await trained(cases['masked steps'], 2);
      Object.assign(compilerOptions, options);
      expect(await trained(cases['masked steps'], 2)).toEqual(expected);
    },
  );

  // The words of some rounds are emitted, those of others follow.
  test.each([2, 6, 7, 8, 9, 30])('%i times', async (count) => {
    const layers = () => [
      reshaped({ targetShape: [count, 1], inputShape: [count] }),
      gru({ units: 4, returnSequences: true }),
      lstm({ units: 4 }),
    ];
    const lossesOf = async (minTimes: number) => {
      loopOptions.minTimes = minTimes;
      tf.setSeed(3);
      const model = tf.sequential({ layers: layers() });
      model.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
      return (await model.fit(wave([3, count]), wave([3, 4]), { epochs: 4, verbose: 0 })).history.loss;
    };
    const unrolled = await lossesOf(Number.POSITIVE_INFINITY);
    expect(await lossesOf(2)).toEqual(unrolled);
  });
});

test('a program grows with time by commands alone, not by steps', () => {
  const linesOf = (count: number) => {
    const model = tf.sequential({ layers: [lstm({ units: 4, inputShape: [count, 2] })] });
    model.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
    return model.printProgram(tf.ones([2, count, 2]), tf.ones([2, 4])).split('\n').length;
  };
  // Where there are threads, they may share what is done for all times at once in more steps.
  expect(linesOf(300)).toBeLessThan(linesOf(20) + 10);
});

test('a profile has the steps that are repeated', async () => {
  const model = tf.sequential({ layers: [lstm({ units: 4, inputShape: [20, 2], name: 'memory' })] });
  model.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
  const { profile } = await model.fit(tf.ones([3, 20, 2]), tf.ones([3, 4]), {
    epochs: 3,
    verbose: 0,
    profile: true,
  });
  const products = profile!.filter(({ kind, shape }) => kind === 'matMul' && shape === '[3,16]');
  expect(products.map(({ runs }) => runs)).toEqual([3 * 20]);
});

test("a cell of one's own is called at each time", () => {
  let calls = 0;
  class Counting extends tf.layers.RNNCell {
    static readonly className = 'Counting';
    readonly stateSize = 2;
    override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor[] {
      calls++;
      const [x, h] = [inputs].flat() as tf.Tensor[];
      const y = x.add(h).tanh();
      return [y, y];
    }
  }
  const layer = rnn({ cell: new Counting() as never, inputShape: [20, 2] } as never);
  const model = tf.sequential({ layers: [layer] });
  calls = 0;
  model.predict(tf.ones([1, 20, 2]));
  expect(calls).toBe(20);
});

/** hₜ = tanh(xₜ + hₜ₋₁·w) from h₀ = x₀: Σ hₜ², and its gradients, and gradients of these. */
function derivatives(isLoop: boolean): Float32Array[] {
  const graph = new Graph();
  const [x, w] = [input(graph, 0, [6, 2, 3]), input(graph, 1, [3, 3])];
  const at = (t: number) => reshape(slice(x, [t, 0, 0], [1, 2, 3]), [2, 3]);
  const step = (now: Value, h: Value) => tanh(add(now, matMul(h, w)));
  const repeat = (): Value => {
    const [now, h] = [leaf(graph, at(0)), leaf(graph, at(0))];
    const next = step(now, h);
    const outside = outsideOf([next], [now, h]);
    const body = { times: 6, isReverse: false, slices: [now], states: [h], next: [next], outside };
    const whole = loop(body, [x], [at(0)], outside);
    return add(sum(square(stacked(whole, next))), sum(final(whole, 0)));
  };
  const unroll = (): Value => {
    const states: Value[] = [];
    for (let t = 0; t < 6; t++) states.push(step(at(t), states[t - 1] ?? at(0)));
    return add(sum(square(concat(states, 0))), sum(states[5]));
  };
  const loss = isLoop ? repeat() : unroll();
  const gradients = differentiate(loss, [x, w]) as Value[];
  const sizes = gradients.map((gradient) => sum(mul(gradient, square(gradient)))).reduce((a, b) => add(a, b));
  const seconds = differentiate(sizes, [x, w]) as Value[];
  const outputs = [loss, ...gradients, ...seconds];
  const program = new Program(outputs, [], { inputs: [x, w] });
  for (const value of [x, w]) {
    const values = Float32Array.from({ length: value.size }, (_, i) => Math.sin(i * i + 1));
    engine().write(program.addressOf(value), values);
  }
  program.run();
  return outputs.map((value) => engine().readFloats(program.addressOf(value), value.size));
}

test('gradients of gradients', () => {
  const [repeated, unrolled] = [derivatives(true), derivatives(false)];
  for (const [i, values] of repeated.entries()) expectClose(values, unrolled[i], 1e-4, `output ${i}`);
});

test('what is copied behind a loop, in whose body vectors are', () => {
  const results = [true, false].map((isLoop) => {
    const graph = new Graph();
    const x = input(graph, 0, [4, 5]);
    const at = (t: number) => reshape(slice(x, [t, 0], [1, 5]), [5]);
    const step = (now: Value, h: Value) => reverse(add(now, h), [0]);
    const repeat = (): Value => {
      const [now, h] = [leaf(graph, at(0)), leaf(graph, at(0))];
      const next = [step(now, h)];
      const body = { times: 4, isReverse: false, slices: [now], states: [h], next, outside: [] };
      return final(loop(body, [x], [at(0)], []), 0);
    };
    const last = isLoop ? repeat() : [0, 1, 2, 3].map(at).reduce((h, now) => step(now, h), at(0));
    // What is behind the loop, if it depends on that.
    const behind = transpose(mul(x, sum(last)));
    const program = new Program([last, behind], [], { inputs: [x] });
    program.array(x).write(Float32Array.from({ length: 20 }, (_, i) => i % 7));
    program.run();
    const numbers = [last, behind].map((value) => program.array(value).copy());
    program.dispose();
    return numbers;
  });
  expect(results[0]).toEqual(results[1]);
});
