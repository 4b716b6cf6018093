// Random numbers of functions: seeds, and what a traced model draws.

import { describe, expect, test } from 'vitest';
import * as tf from '../../src/node.ts';
import { compiledBy } from '../tensor/programs.ts';

const numbersOf = (x: tf.Tensor) => [...x.dataSync()];
const meanOf = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0) / numbers.length;

test('a seed may be a text or a fraction, and tells sequences apart', () => {
  for (const draw of [
    (seed?: number | string) => tf.randomUniform([8], 0, 1, 'float32', seed),
    (seed?: number | string) => tf.randomNormal([8], 0, 1, 'float32', seed),
    (seed?: number | string) => tf.randomGamma([8], 2, 1, 'float32', seed),
    (seed?: number | string) => tf.dropout(tf.ones([64]), 0.5, undefined, seed),
    (seed?: number | string) => tf.multinomial(tf.zeros([8]), 32, seed),
  ]) {
    expect(numbersOf(draw('a'))).toEqual(numbersOf(draw('a')));
    expect(numbersOf(draw('a'))).not.toEqual(numbersOf(draw('b')));
    expect(numbersOf(draw(0.25))).not.toEqual(numbersOf(draw(0.5)));
    expect(numbersOf(draw(7))).toEqual(numbersOf(draw(7)));
  }
});

test('integers of a normal distribution are the nearest, of a uniform one those below', () => {
  const normal = numbersOf(tf.randomNormal([4000], 0, 0.5, 'int32', 1));
  // Cut off, 95 of 100 would be 0; of the nearest it is erf(1/√2) = 0.683.
  expect(meanOf(normal.map((x) => Number(x === 0)))).toBeCloseTo(0.683, 1);
  expect(new Set(numbersOf(tf.randomUniformInt([200], -2, 2, 1)))).toEqual(new Set([-1, 0, 1]));
});

test('randomGamma has the mean and the variance of its distribution', () => {
  for (const [alpha, beta] of [
    [0.5, 1],
    [3, 2],
  ]) {
    const numbers = numbersOf(tf.randomGamma([20000], alpha, beta, 'float32', 3));
    const mean = meanOf(numbers);
    const variance = meanOf(numbers.map((x) => (x - mean) ** 2));
    // Four standard errors of the mean; the variance's are larger.
    expect(Math.abs(mean - alpha / beta)).toBeLessThan(4 * Math.sqrt(alpha / beta ** 2 / 20000));
    expect(Math.abs(variance / (alpha / beta ** 2) - 1)).toBeLessThan(0.1);
  }
});

test('multinomial draws each outcome as often as its probability says', () => {
  const logits = tf.tensor2d([
    [Math.log(0.2), Math.log(0.3), Math.log(0.5)],
    [0, -100, -100],
  ]);
  const drawn = tf.multinomial(logits, 6000, 5);
  expect([drawn.dtype, drawn.shape]).toEqual(['int32', [2, 6000]]);
  const [first, second] = tf.unstack(drawn).map(numbersOf);
  const share = (numbers: number[], outcome: number) => meanOf(numbers.map((x) => Number(x === outcome)));
  for (const [outcome, p] of [0.2, 0.3, 0.5].entries()) expect(share(first, outcome)).toBeCloseTo(p, 1);
  expect(share(second, 0)).toBe(1);
  const probabilities = tf.tensor1d([0, 1, 0]);
  expect(new Set(numbersOf(tf.multinomial(probabilities, 50, 1, true)))).toEqual(new Set([1]));
});

test('bools of random and filled numbers drop fractions, as integers do', () => {
  expect(meanOf(numbersOf(tf.randomUniform([4000], 0, 2, 'bool', 1)))).toBeCloseTo(0.5, 1);
  expect(new Set(numbersOf(tf.randomUniform([100], -1, 1, 'bool', 1)))).toEqual(new Set([0]));
  const numbers = [-1.5, -0.5, 0.5, 1];
  expect(numbersOf(tf.rand([4], () => numbers.shift()!, 'bool'))).toEqual([1, 0, 0, 1]);
  expect(numbersOf(tf.fill([2], 0.5, 'bool'))).toEqual([0, 0]);
  expect(numbersOf(tf.range(0, 2, 0.5, 'bool'))).toEqual([0, 0, 1, 1]);
  expect(numbersOf(tf.cast([0.5, 0], 'bool'))).toEqual([1, 0]);
});

/** Gives numbers that it draws, of a type of whole numbers. */
class Drawing extends tf.layers.Layer {
  static className = 'TestDrawing';
  drawn: tf.DataType = 'int32';
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [x] = [inputs].flat();
    return tf.randomUniform(x.shape as number[], 0, 2, this.drawn).cast('float32');
  }
}

test.each(['int32', 'bool'] as const)('%s that a layer draws drop fractions too', (dtype) => {
  const layer = Object.assign(new Drawing({ inputShape: [1] }), { drawn: dtype });
  const numbers = numbersOf(tf.sequential({ layers: [layer] }).predict(tf.ones([4000, 1])) as tf.Tensor);
  expect(new Set(numbers)).toEqual(new Set([0, 1]));
  expect(meanOf(numbers)).toBeCloseTo(0.5, 1);
});

/** Adds what it draws to its input, and nothing to be trained. */
class Noise extends tf.layers.Layer {
  static className = 'TestNoise';
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const x = [inputs].flat()[0] as tf.Tensor;
    const noise = tf.randomNormal(x.shape as number[]);
    const scale = tf.scalar(2);
    return x.add(noise.mul(scale));
  }
}

test('a layer that draws in its call draws anew in every step of fit', async () => {
  const model = tf.sequential({
    layers: [tf.layers.dense({ units: 1, inputShape: [1], trainable: false }), new Noise({})],
  });
  const losses: number[] = [];
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  await model.fit(tf.ones([4, 1]), tf.ones([4, 1]), {
    epochs: 3,
    batchSize: 4,
    verbose: 0,
    seed: 1,
    callbacks: { onEpochEnd: (_, logs) => void losses.push(logs!.loss as number) },
  });
  expect(new Set(losses).size).toBe(3);

  const predicted = model.predict(tf.ones([6, 1]), { batchSize: 2 }) as tf.Tensor;
  expect(new Set(numbersOf(predicted)).size).toBe(6);
  expect(numbersOf(model.predict(tf.ones([6, 1])) as tf.Tensor)).not.toEqual(numbersOf(predicted));
  const tested = () => (model.evaluate(tf.ones([4, 1]), tf.ones([4, 1])) as tf.Scalar).dataSync()[0];
  expect(tested()).not.toBe(tested());
});

describe('many numbers, which programs draw', () => {
  const many = [100, 80];

  test('are the same whoever needs them, and whenever', () => {
    for (const draw of [
      () => tf.randomUniform(many, -2, 3, 'float32', 9),
      () => tf.randomNormal(many, 1, 2, 'float32', 9),
      () => tf.truncatedNormal(many, 0, 1, 'float32', 9),
      () => tf.dropout(tf.ones(many), 0.5, undefined, 9),
    ]) {
      const expected = numbersOf(draw());
      const late = draw();
      const doubled = late.mul(2);
      expect(numbersOf(doubled)).toEqual(expected.map((x) => 2 * x));
      expect(numbersOf(late)).toEqual(expected);
      expect(numbersOf(late.slice([3, 0], [1, -1]))).toEqual(expected.slice(240, 320));
    }
  });

  test('are others at each call, and follow the seed of the script', () => {
    tf.setSeed(4);
    const first = numbersOf(tf.randomNormal(many));
    const second = numbersOf(tf.randomNormal(many));
    expect(second).not.toEqual(first);
    tf.setSeed(4);
    const [again, other] = [tf.randomNormal(many), tf.randomNormal(many)];
    expect(numbersOf(other)).toEqual(second);
    expect(numbersOf(again)).toEqual(first);
  });

  test('are of the distribution that is asked for', () => {
    const [uniform, normal, truncated] = [
      tf.randomUniform(many, 5, 7, 'float32', 2),
      tf.randomNormal(many, -3, 0.5, 'float32', 2),
      tf.truncatedNormal(many, 0, 1, 'float32', 2),
    ].map(numbersOf);
    expect(uniform.every((x) => x >= 5 && x < 7)).toBe(true);
    expect(truncated.every((x) => Math.abs(x) <= 2)).toBe(true);
    // Four standard errors of the mean; deviations of 2/√12, 0.5 and 0.8796 (of a normal cut at ±2).
    for (const [numbers, mean, deviation] of [
      [uniform, 6, 2 / Math.sqrt(12)],
      [normal, -3, 0.5],
      [truncated, 0, 0.8796],
    ] as const) {
      const found = meanOf(numbers);
      expect(Math.abs(found - mean)).toBeLessThan((4 * deviation) / Math.sqrt(8000));
      const spread = Math.sqrt(meanOf(numbers.map((x) => (x - found) ** 2)));
      expect(Math.abs(spread / deviation - 1)).toBeLessThan(0.04);
    }
  });

  test.each([
    ['far apart', -3e38, 3e38],
    ['with no float between them', 1700000070, 1700000100],
    ['nearly the same', 0.1, 0.1000000001],
    ['the same', 2, 2],
    ['downwards', 3, 1],
  ])('between bounds that are %s, as few are', (_, min, max) => {
    const [few, lots] = [1000, 3000].map((size) =>
      numbersOf(tf.randomUniform([size], min, max, 'float32', 1)),
    );
    const least = Math.fround(Math.min(min, max));
    for (const x of [...few, ...lots]) {
      expect(x).toBeGreaterThanOrEqual(least);
      expect(x).toBeLessThanOrEqual(Math.fround(Math.max(min, max)));
    }
    expect(new Set(lots).size > 900).toBe(new Set(few).size > 900);
  });

  test.each([
    ['small', -3, 4, [-2, -1, 0, 1, 2, 3]],
    ['larger than floats can tell apart', 2 ** 30, 2 ** 30 + 4, [0, 1, 2, 3].map((x) => 2 ** 30 + x)],
  ])('that are whole and %s are those that few are', (_, min, max, expected) => {
    for (const size of [500, 4000]) {
      const drawn = tf.randomUniformInt([size], min, max, 6);
      const numbers = numbersOf(drawn);
      expect(drawn.dtype).toBe('int32');
      expect([...new Set(numbers)].sort((a, b) => a - b)).toEqual(expected);
      // Four standard errors of a share; around 0 fractions of both signs are dropped.
      const share = min < 0 && max > 0 ? 2 / (max - min) : 1 / (max - min);
      const found = meanOf(numbers.map((x) => Number(x === (min < 0 ? 0 : min))));
      expect(Math.abs(found - share)).toBeLessThan(4 * Math.sqrt((share * (1 - share)) / size));
    }
  });

  test.each([1e4, 5e6, -5e6])('that are whole come alike often from %d on', (min) => {
    const size = 20000;
    const numbers = numbersOf(tf.randomUniformInt([size], min, min + 2, 6));
    // What is below zero is rounded up to it.
    const first = meanOf(numbers.map((x) => Number(x === (min < 0 ? min + 1 : min))));
    expect(Math.abs(first - 0.5)).toBeLessThan(2 / Math.sqrt(size));
    const around = meanOf(numbersOf(tf.randomNormal([size], Math.abs(min), 0.2, 'int32', 1)));
    expect(Math.abs(around - Math.abs(min))).toBeLessThan(0.01);
  });

  test('of a normal distribution are the nearest whole numbers', () => {
    const numbers = numbersOf(tf.randomNormal(many, 2, 0.5, 'int32', 1));
    expect(Math.abs(meanOf(numbers.map((x) => Number(x === 2))) - 0.683)).toBeLessThan(0.021);
  });

  test('of any scale are drawn by one program, and count as one tensor', () => {
    const draw = (scale: number) =>
      tf.tidy(
        () =>
          tf
            .randomNormal(many, scale, 1 / scale)
            .sum()
            .dataSync()[0],
      );
    draw(2);
    const { numTensors } = tf.memory();
    const drawMore = () => {
      for (let i = 3; i < 6; i++) expect(Math.abs(draw(i) / 8000 - i)).toBeLessThan(0.1);
    };
    expect(compiledBy(drawMore)).toBe(0);
    const kept = tf.randomUniform(many, 0, 3);
    expect(tf.memory().numTensors).toBe(numTensors + 1);
    kept.dispose();
  });

  test('may be more of them than a map has room for', () => {
    const draws = () =>
      Array.from({ length: 40 }, (_, seed) => tf.randomUniform(many, 0, 1, 'float32', seed));
    const alone = draws().map(numbersOf);
    const together = numbersOf(draws().reduce((sum, each) => sum.add(each)));
    const expected = alone.reduce((sum, each) => sum.map((x, i) => Math.fround(x + each[i])));
    expect(together).toEqual(expected);
  });

  test('can be what a function is differentiated through', () => {
    const noise = tf.randomNormal(many, 0, 1, 'float32', 5);
    const gradient = tf.grad((x) => x.mul(noise).sum())(tf.ones(many));
    expect(numbersOf(gradient)).toEqual(numbersOf(noise));
    const own = tf.grad((x) => x.mul(tf.randomUniform(many, 0, 1, 'float32', 5)).sum())(tf.ones(many));
    expect(numbersOf(own)).toEqual(numbersOf(tf.randomUniform(many, 0, 1, 'float32', 5)));
  });
});

test('a normal distribution has no bools, while a model is traced neither', () => {
  const sentence = 'randomNormal: Unsupported data type bool; take float32 or int32.';
  expect(() => tf.randomNormal([2], 0, 1, 'bool' as 'float32')).toThrow(sentence);
  class Noise extends tf.layers.Layer {
    override call() {
      return tf.randomNormal([2], 0, 1, 'bool' as 'float32') as unknown as tf.Value;
    }
  }
  expect(() => new Noise({}).apply(tf.input({ shape: [2] }))).toThrow(sentence);
});
