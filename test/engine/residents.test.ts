// Who is in linear memory: what leaves it, what comes back, and that nobody notices but by the size of memory.

import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Block } from '../../src/engine/block.ts';
import { Engine, engine } from '../../src/engine/engine.ts';
import { residentBounds } from '../../src/engine/residents.ts';
import * as tf from '../../src/index.ts';
import { RandomStream } from '../../src/random/random-stream.ts';

const { first } = residentBounds;
afterEach(() => {
  residentBounds.first = first;
});

const kilobytes = 2 ** 10;
const filled = (own: Engine, bytes: number, value: number) => {
  const block = own.allocate(bytes, 'a test');
  block.write(0, new Float32Array(bytes / 4).fill(value));
  return block;
};
const numbersIn = (block: Block) => new Set(block.readFloats(0, block.bytes / 4));

describe('blocks', () => {
  test('hold what was written into them, wherever they are meanwhile', () => {
    residentBounds.first = 20 * kilobytes;
    const own = new Engine();
    const random = new RandomStream(3, 1);
    const blocks = Array.from({ length: 60 }, (_, i) => filled(own, 64 * (1 + random.below(40)), i));
    for (let i = 0; i < 3000; i++) {
      const index = random.below(blocks.length);
      expect(numbersIn(blocks[index])).toEqual(new Set([index]));
    }
    expect(own.departures).toBeGreaterThan(0);
  });

  test.each([
    ['kept', 1, 1],
    ['zeros', 1, 0],
  ] as const)('whose contents are %s come back with that', (contents, value, returned) => {
    residentBounds.first = 0;
    const own = new Engine();
    const block = own.allocate(64, 'a test', contents);
    expect(numbersIn(block)).toEqual(new Set([0]));
    block.write(0, new Float32Array(16).fill(value));
    while (block.stays > 0) filled(own, 4 * kilobytes, 2);
    expect(numbersIn(block)).toEqual(new Set([returned]));
  });

  test('are cleared as far as somebody was there before, and hold zeros where nobody was', () => {
    const own = new Engine();
    const clear = vi.spyOn(own.f32, 'fill');
    const cleared = () => clear.mock.calls.reduce((sum, [_, from, to]) => sum + to! - from!, 0);
    filled(own, 4 * kilobytes, 7).free();
    expect(cleared()).toBe(0);
    const block = own.allocate(5 * kilobytes, 'a test');
    expect(cleared()).toBe(kilobytes);
    expect(numbersIn(block)).toEqual(new Set([0]));
  });

  test('that may hold anything are not cleared', () => {
    const own = new Engine();
    const before = filled(own, 4 * kilobytes, 7);
    const { address } = before;
    before.free();
    const block = own.allocate(4 * kilobytes, 'a test', 'anything');
    expect(block.address).toBe(address);
    expect(numbersIn(block)).toEqual(new Set([7]));
  });

  test('that nobody uses leave: memory stays below three times the limit, however many there were', () => {
    residentBounds.first = 100 * kilobytes;
    const own = new Engine();
    const before = own.memoryBytes;
    for (let i = 0; i < 5000; i++) filled(own, 10 * kilobytes, i);
    expect(own.memoryBytes - before).toBeLessThan(300 * kilobytes);
    expect(own.usedBytes).toBeLessThan(300 * kilobytes);
  });

  test('that are in use stay, once it is known that they are', () => {
    residentBounds.first = 100 * kilobytes;
    const own = new Engine();
    const blocks = Array.from({ length: 100 }, (_, i) => filled(own, 10 * kilobytes, i));
    const goThrough = () => {
      for (const [i, block] of blocks.entries()) expect(numbersIn(block)).toEqual(new Set([i]));
    };
    for (let i = 0; i < 8; i++) goThrough();
    const { departures } = own;
    goThrough();
    expect(own.departures).toBe(departures);
  });

  test('that one comes back to, rarely, do not make the limit grow for ever', () => {
    residentBounds.first = 100 * kilobytes;
    const own = new Engine();
    const rare = filled(own, 40 * kilobytes, 7);
    for (let i = 0; i < 5000; i++) {
      filled(own, 10 * kilobytes, i);
      if (i % 100 === 0) expect(numbersIn(rare)).toEqual(new Set([7]));
    }
    expect(own.usedBytes).toBeLessThan(500 * kilobytes);
  });

  test('used together are where they were said to be', () => {
    residentBounds.first = 0;
    const own = new Engine();
    const blocks = Array.from({ length: 20 }, (_, i) => filled(own, 4 * kilobytes, i));
    own.together(() => {
      const addresses = blocks.map(({ address }) => address);
      expect(blocks.map(({ address }) => address)).toEqual(addresses);
      expect(new Set(addresses).size).toBe(20);
    });
  });

  test('make room before memory is said to be at its limit', () => {
    const own = new Engine({ memoryLimit: 2 ** 20 });
    const blocks = Array.from({ length: 40 }, (_, i) => filled(own, 100 * kilobytes, i));
    for (const [i, block] of blocks.entries()) expect(numbersIn(block)).toEqual(new Set([i]));
    expect(own.memoryBytes).toBeLessThanOrEqual(2 ** 20);
    expect(() => own.allocate(2 ** 20, 'too much')).toThrow(/^Out of WebAssembly memory: too much needs/);
    expect(() => own.together(() => blocks.map(({ address }) => address))).toThrow(
      /^Out of WebAssembly memory: what comes back needs/,
    );
    expect(numbersIn(blocks[0])).toEqual(new Set([0]));
  });

  test('that were given back cannot be used', () => {
    const own = new Engine();
    const block = own.allocate(64, 'a test');
    block.free();
    expect(() => block.address).toThrow('internal: a block is used that was given back.');
  });
});

describe('no bit depends on who is in memory', () => {
  const x = tf.randomUniform([20, 6, 6, 2], 0, 1, 'float32', 3);
  const y = tf.oneHot(
    tf.tensor1d(
      Array.from({ length: 20 }, (_, i) => i % 3),
      'int32',
    ),
    3,
  );

  /** Everything that has memory: weights, states, slots, gradients, random states, programs, eager ones too. */
  async function work(between: () => void): Promise<number[]> {
    const seeded = (seed: number) => tf.initializers.glorotUniform({ seed });
    const models = [0, 1, 2].map((i) => {
      const model = tf.sequential({
        layers: [
          tf.layers.conv2d({
            filters: 3,
            kernelSize: 3,
            inputShape: [6, 6, 2],
            kernelInitializer: seeded(i),
          }),
          tf.layers.batchNormalization(),
          tf.layers.flatten(),
          tf.layers.dropout({ rate: 0.3 }),
          tf.layers.dense({ units: 3, activation: 'softmax', kernelInitializer: seeded(i + 9) }),
        ],
      });
      const optimizer = tf.train.adam({ learningRate: 0.01, globalClipNorm: 1 });
      model.compile({ optimizer, loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
      return model;
    });
    const numbers: number[] = [];
    const scale = tf.variable(tf.scalar(0.5), true, `scale${Math.random()}`);
    const ownSteps = tf.train.momentum(0.1, 0.9);
    for (let round = 0; round < 3; round++) {
      const fits = models.map((model) =>
        model.fit(x, y, {
          epochs: 2,
          batchSize: 6,
          seed: round,
          verbose: 0,
          validationData: [x, y],
          yieldEvery: 'batch',
          callbacks: { onBatchEnd: between },
        }),
      );
      for (const { history } of await Promise.all(fits)) numbers.push(...(history.loss as number[]));
      for (const model of models) {
        between();
        numbers.push(...(model.predict(x) as tf.Tensor).dataSync());
        numbers.push((model.evaluate(x, y) as tf.Tensor[])[0].dataSync()[0]);
      }
      const loss = () => (models[0].apply(x) as tf.Tensor).mul(scale).sub(y).square().mean();
      for (let i = 0; i < 3; i++)
        numbers.push(ownSteps.minimize(loss as () => tf.Tensor, true)!.dataSync()[0]);
    }
    for (const model of models) for (const weight of model.getWeights()) numbers.push(...weight.dataSync());
    scale.dispose();
    return numbers;
  }

  test("training, predicting, evaluating, steps of one's own", { timeout: 60_000 }, async () => {
    const expected = await work(() => {});
    const { departures } = engine();
    residentBounds.first = 0;
    const pass = (blocks: number) => {
      for (let i = 0; i < blocks; i++) engine().allocate(2 ** 20, 'a test', 'zeros');
    };
    // The bound counts from the end of a period on.
    pass(500);
    const actual = await work(() => pass(4));
    expect(engine().departures - departures).toBeGreaterThan(1000);
    expect(actual).toEqual(expected);
  });
});
