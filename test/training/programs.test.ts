// Programs are found by all that they depend on, and those unused for longest make room for others.

import { describe, expect, test } from 'vitest';
import * as tf from '../../src/index.ts';
import { RandomState } from '../../src/state/random-state.ts';
import { type FeedBatch, Feeds, wholeBatch } from '../../src/training/batch.ts';
import { resolveCompileArguments } from '../../src/training/compiled.ts';
import { Feed } from '../../src/training/feed.ts';
import { ProgramCache } from '../../src/training/programs.ts';
import { Trainer } from '../../src/training/trainer.ts';
import { line, quiet, weightOf, x, y } from './line.ts';

/** Two inputs, the first of any length, and two outputs. */
function branches() {
  const left = tf.input({ shape: [null, 2], name: 'left' });
  const right = tf.input({ shape: [3], name: 'right' });
  const pooled = tf.layers.globalAveragePooling1d().apply(left);
  const sum = tf.layers.dense({ units: 2, name: 'sum' }).apply(pooled) as tf.SymbolicTensor;
  const label = tf.layers.dense({ units: 2, activation: 'softmax', name: 'label' }).apply(right);
  const model = tf.model({ inputs: [left, right], outputs: [sum, label as tf.SymbolicTensor] });
  const losses = ['meanSquaredError', 'sparseCategoricalCrossentropy'];
  const compiled = resolveCompileArguments(
    { optimizer: 'sgd', loss: losses },
    model.outputs,
    model.outputNames,
  );
  return { model, trainer: new Trainer(model, compiled) };
}

describe('a program is made for', () => {
  const { model, trainer } = branches();
  const labels = [0, 1, 1, 0];
  const given = {
    samples: 4,
    time: 5,
    label: 'int32' as 'int32' | 'float32',
    weights: {} as Parameters<Trainer['feeds']>[3],
  };
  function programFor(changes: Partial<typeof given>, purpose: 'train' | 'evaluate' = 'train') {
    const { samples, time, label, weights } = { ...given, ...changes };
    const inputs = [tf.ones([samples, time, 2]), tf.ones([samples, 3])];
    const targets = [tf.ones([samples, 2]), tf.tensor1d(labels.slice(0, samples), label)];
    return trainer.program(purpose, wholeBatch(trainer.feeds('test', inputs, targets, weights)));
  }
  const first = programFor({});

  test.each([
    ['a number of samples', { samples: 3 }],
    ['the shape of an input', { time: 6 }],
    ['the type of a target', { label: 'float32' as const }],
    ['weights of the samples of both outputs', { weights: { classWeight: [{ 0: 2 }, { 0: 2 }] as const } }],
    ['weights of those of the first', { weights: { classWeight: [{ 0: 2 }, null] as const } }],
    ['weights of those of the second', { weights: { classWeight: { label: { 0: 2 } } } }],
  ])('%s', (_, changes) => {
    const other = programFor(changes);
    expect(other).not.toBe(first);
    expect(programFor({})).toBe(first);
    expect(programFor(changes)).toBe(other);
  });

  test('weights of one output or the other', () => {
    const weights = [[{ 0: 2 }, null] as const, { label: { 0: 2 } }, [{ 0: 2 }, { 0: 2 }] as const];
    const weighted = weights.map((classWeight) => programFor({ weights: { classWeight } }));
    expect(new Set(weighted).size).toBe(3);
  });

  test('training, or evaluation', () => {
    const evaluation = programFor({}, 'evaluate');
    expect(evaluation).not.toBe(first);
    expect(programFor({})).toBe(first);
    expect(programFor({}, 'evaluate')).toBe(evaluation);
  });

  test('what is trained', () => {
    const [layer] = model.layers.filter(({ name }) => name === 'sum');
    layer.trainable = false;
    const frozen = programFor({});
    expect(frozen).not.toBe(first);
    layer.trainable = true;
    expect(programFor({})).toBe(first);
    expect(frozen.program.toString().split('\n').length).toBeLessThan(
      first.program.toString().split('\n').length,
    );
  });
});

test('what is trained inside of a model inside', () => {
  const inner = tf.sequential({
    name: 'inner',
    layers: [
      tf.layers.dense({ units: 3, inputShape: [2], name: 'first' }),
      tf.layers.dense({ units: 2, name: 'second' }),
    ],
  });
  const model = tf.sequential({ layers: [inner, tf.layers.dense({ units: 1, name: 'last' })] });
  const all = ['inner', 'first', 'first/kernel', 'first/bias', 'second', 'second/kernel', 'second/bias'];
  const last = ['last', 'last/kernel', 'last/bias'];
  expect(model.movedNames).toEqual([...all, ...last]);
  inner.layers[0].trainable = false;
  expect(model.movedNames).toEqual(['inner', ...all.slice(4), ...last]);
  inner.trainable = false;
  expect(model.movedNames).toEqual(last);
});

test('a model that was trained without weights of samples is trained with them, and without them again', async () => {
  const sampleWeight = tf.tensor1d(Array.from({ length: 20 }, (_, i) => (i % 4) / 2));
  const start = tf.tensor2d([[0.5]]);
  async function moves(model: tf.Sequential, options: object): Promise<number> {
    model.setWeights([start]);
    await model.fit(x, y, { ...quiet, batchSize: 20, shuffle: false, ...options });
    return weightOf(model);
  }
  const plain = await moves(line(), {});
  const weighted = await moves(line(), { sampleWeight });
  expect(weighted).not.toBe(plain);
  const model = line();
  const options = [{}, { sampleWeight }, {}];
  const moved = [];
  for (const each of options) moved.push(await moves(model, each));
  expect(moved).toEqual([plain, weighted, plain]);
});

describe('room for programs', () => {
  /** What asks for programs that predict so many samples of a model of one weight. */
  function predictions() {
    const model = line();
    model.settle();
    const cache = new ProgramCache({ model, randomState: new RandomState() });
    const feeds = new Feeds([new Feed(new Float32Array(0), [1], 'float32', 0)]);
    return (count: number) => cache.get('predict', { feeds, count } as FeedBatch).program;
  }

  test('there are at most 256: the one unused for longest goes', () => {
    const programOf = predictions();
    const programs = Array.from({ length: 256 }, (_, i) => programOf(i + 1));
    expect(programOf(1)).toBe(programs[0]);
    expect(programs.some(({ isDisposed }) => isDisposed)).toBe(false);
    programOf(257);
    const disposed = programs.flatMap(({ isDisposed }, i) => (isDisposed ? [i + 1] : []));
    expect(disposed).toEqual([2]);
    expect(programOf(2)).not.toBe(programs[1]);
    expect(programs[2].isDisposed).toBe(true);
  });

  test('with more than 256 MB they go earlier, but for the last four', () => {
    const programOf = predictions();
    const megabyte = 2 ** 20;
    // An input and an output of so many floats.
    const programOfMegabytes = (size: number) => programOf((size * megabyte) / 8);
    const small = Array.from({ length: 8 }, (_, i) => programOfMegabytes(i + 1));
    const large = [118, 121].map(programOfMegabytes);
    const aliveOf = (programs: typeof small) => programs.map(({ isDisposed }) => !isDisposed);
    expect(aliveOf([...small, ...large])).toEqual(Array(10).fill(true));
    // Together they take 275 MB, of which 19 must go before there is one more.
    const next = programOfMegabytes(9);
    expect(aliveOf(small)).toEqual([false, false, false, false, false, false, true, true]);
    expect(aliveOf([...large, next])).toEqual([true, true, true]);
    // Of what is alive by then the last four stay, whatever they take.
    programOfMegabytes(122);
    programOfMegabytes(10);
    expect(aliveOf([...small, ...large, next])).toEqual([...Array(8).fill(false), false, true, true]);
  });
});
