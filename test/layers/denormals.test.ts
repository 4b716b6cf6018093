// Gradients that come back a long way become small. They are cut before they become denormal: such numbers are a hundred
// times slower than others on many processors, and WebAssembly cannot flush them.

import { describe, expect, test } from 'vitest';
import { differentiate } from '../../src/compiler/differentiate.ts';
import { Program } from '../../src/compiler/program.ts';
import { engine } from '../../src/engine/engine.ts';
import type { Value } from '../../src/graph/graph.ts';
import { sum } from '../../src/graph/ops/broadcasting.ts';
import { square } from '../../src/graph/ops/elementwise.ts';
import { input } from '../../src/graph/ops/sources.ts';
import * as tf from '../../src/index.ts';
import { unmasked } from '../../src/layers/base/mask.ts';
import { ProgramTrace } from '../../src/state/trace.ts';
import { Weights } from '../../src/state/weights.ts';
import { TensorGraph } from '../../src/tensor/tensor.ts';

/** As a program that is computed at once has it. */
class UnrolledTrace extends ProgramTrace {
  override readonly hasLoops = false;
}

const times = 170;
const shape = [2, times, 3];
const minNormal = 2 ** -126;

/** Gradients of what a layer makes of numbers, with respect to these, and to its weights: float by float. */
function gradientsOf(layer: tf.Layer, hasLoops = true): { ofInput: Float32Array; ofWeights: Float32Array[] } {
  layer.apply(tf.input({ shape: shape.slice(1) }));
  Weights.settle(layer.variables, 'weights');
  const graph = new TensorGraph();
  const trace = new (hasLoops ? ProgramTrace : UnrolledTrace)(graph, { training: true });
  const x = input(graph, 0, shape);
  const loss = trace.run(() => sum(square(unmasked(layer.trace(trace, [x])[0]))));
  const weights = layer.variables.map((variable) => trace.read(variable));
  const gradients = differentiate(loss, [x, ...weights]) as Value[];
  const program = new Program(gradients, trace.effects, { inputs: [x] });
  try {
    engine().write(program.addressOf(x), tf.randomNormal(shape, 0, 1, 'float32', 1).dataSync());
    program.run();
    const [ofInput, ...ofWeights] = gradients.map((gradient) =>
      engine().readFloats(program.addressOf(gradient), gradient.size).slice(),
    );
    return { ofInput, ofWeights };
  } finally {
    program.dispose();
  }
}

const isDenormal = (value: number): boolean => value !== 0 && Math.abs(value) < minNormal;
const isZero = (value: number): boolean => value === 0;
const largestOf = (values: Float32Array): number =>
  values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

const { simpleRNN, gru, lstm, rnn, stackedRNNCells, gruCell, lstmCell } = tf.layers;
/** Orthogonal matrices keep gradients; these let them shrink, as trained ones do. */
const same = {
  kernelInitializer: tf.initializers.glorotUniform({ seed: 1 }),
  recurrentInitializer: tf.initializers.glorotUniform({ seed: 2 }),
};

const layers: Record<string, () => tf.Layer> = {
  simpleRNN: () => simpleRNN({ units: 4, ...same }),
  gru: () => gru({ units: 4, ...same }),
  lstm: () => lstm({ units: 4, unitForgetBias: false, ...same }),
  'two layers': () =>
    tf.sequential({
      layers: [
        lstm({ units: 4, unitForgetBias: false, returnSequences: true, inputShape: shape.slice(1), ...same }),
        gru({ units: 4, ...same }),
      ],
    }),
  'stacked cells': () =>
    rnn({
      cell: stackedRNNCells({
        cells: [gruCell({ units: 4, ...same }), lstmCell({ units: 4, unitForgetBias: false, ...same })],
      }),
    }),
  backwards: () => gru({ units: 4, goBackwards: true, ...same }),
};

describe.each(Object.entries(layers))('%s', (_, make) => {
  test.each([
    ['in a loop', true],
    ['unrolled', false],
  ])('%s', (_how, hasLoops) => {
    const { ofInput } = gradientsOf(make(), hasLoops);
    expect(ofInput.filter(isDenormal)).toHaveLength(0);
    // Else nothing was small.
    expect(ofInput.some(isZero)).toBe(true);
    expect(largestOf(ofInput)).toBeGreaterThan(1e-3);
  });
});

/** What attends to all times, weakly. */
class Attention extends tf.layers.Layer {
  override call([x]: tf.Value[]): tf.Value {
    const weights = tf.softmax(tf.matMul(x, x, false, true));
    return tf.tanh(tf.mul(tf.matMul(weights, x), 0.5));
  }
}

const dense = (i: number) => tf.layers.dense({ units: 3, activation: 'sigmoid', ...initialized(i) });
const initialized = (seed: number) => ({ kernelInitializer: tf.initializers.glorotUniform({ seed }) });

const stacks: Record<string, (i: number) => tf.Layer[]> = {
  sigmoids: (i) => [dense(i)],
  attention: (i) => [new Attention({}), dense(i)],
};

test.each(Object.entries(stacks))('a deep stack: %s', (_, block) => {
  const blocks = Array.from({ length: 100 }, (__, i) => block(i)).flat();
  const { ofInput, ofWeights } = gradientsOf(
    tf.sequential({ layers: [tf.layers.inputLayer({ inputShape: shape.slice(1) }), ...blocks] }),
  );
  const gradients = [ofInput, ...ofWeights];
  for (const gradient of gradients) expect(gradient.filter(isDenormal)).toHaveLength(0);
  expect(gradients[0].every(isZero)).toBe(true);
  expect(largestOf(gradients.at(-1)!)).toBeGreaterThan(1);
});
