import { afterEach, describe, expect, test } from 'vitest';
import { Engine, engine } from '../../src/engine/engine.ts';
import { philox4x32 } from '../../src/random/philox.ts';
import { drawManyBy, RandomStream } from '../../src/random/random-stream.ts';

const DRAWS = 100_000;

function draw(count: number, next: () => number): Float64Array {
  return Float64Array.from({ length: count }, next);
}

function moments(x: Float64Array) {
  const mean = x.reduce((sum, v) => sum + v, 0) / x.length;
  const central = (power: number) => x.reduce((sum, v) => sum + (v - mean) ** power, 0) / x.length;
  return { mean, variance: central(2), skewness: central(3) / central(2) ** 1.5, fourth: central(4) };
}

function words(random: RandomStream, count: number): number[] {
  return [...draw(count, () => random.nextUint32())];
}

/** Words `first` to `first` + `count` of a stream, as Philox has them. */
function expected(first: number, count: number, key: [number, number]): number[] {
  const out = new Uint32Array(4);
  return Array.from({ length: count }, (_, i) => {
    philox4x32([Math.floor((first + i) / 4), 0, 0, 0], key, out);
    return out[(first + i) % 4];
  });
}

/** What a stream gives next, after so many words. */
const wordAfter = (count: number, seed: number) => expected(count, 1, [seed, 0])[0];

describe('nextUint32', () => {
  test('runs through the lanes of successive Philox counters', () => {
    const random = new RandomStream(0xa4093822, 0x299f31d0);
    const out = new Uint32Array(4);
    for (let block = 0; block < 5; block++) {
      philox4x32([block, 0, 0, 0], [0xa4093822, 0x299f31d0], out);
      expect(words(random, 4)).toEqual([...out]);
    }
  });

  test('begins with the published words for seed 0, stream 0', () => {
    expect(words(new RandomStream(0, 0), 4)).toEqual([0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8]);
  });

  test('differs between seeds and between streams', () => {
    const first = words(new RandomStream(1, 0), 8);
    expect(words(new RandomStream(1, 0), 8)).toEqual(first);
    expect(words(new RandomStream(2, 0), 8)).not.toEqual(first);
    expect(words(new RandomStream(1, 1), 8)).not.toEqual(first);
  });

  test('takes seeds modulo 2^32', () => {
    expect(words(new RandomStream(-1, 0), 4)).toEqual(words(new RandomStream(0xffffffff, 0), 4));
    expect(words(new RandomStream(2 ** 32 + 7, 0), 4)).toEqual(words(new RandomStream(7, 0), 4));
  });
});

describe('many words', () => {
  /** Notes how many words a source is asked for. */
  function counted(): { drawn: number } {
    const count = { drawn: 0 };
    drawManyBy({
      randomWords(words, ...rest) {
        count.drawn += words.length;
        own.randomWords(words, ...rest);
      },
    });
    return count;
  }
  const own = new Engine();
  afterEach(() => drawManyBy(own));

  test('an engine that runs draws them', () => {
    expect(engine()).toBeInstanceOf(Engine);
    const random = new RandomStream(1, 2);
    expect(words(random, 6000)).toEqual(expected(0, 6000, [1, 2]));
  });

  test('a kernel draws as many ahead as were drawn before, at most 4,096', () => {
    const source = counted();
    const random = new RandomStream(1, 2);
    expect(words(random, 64)).toEqual(expected(0, 64, [1, 2]));
    expect(source.drawn).toBe(0);
    expect(words(random, 64)).toEqual(expected(64, 64, [1, 2]));
    expect(source.drawn).toBe(64);
    expect(words(random, 10_000)).toEqual(expected(128, 10_000, [1, 2]));
    expect(source.drawn).toBe(64 + 128 + 256 + 512 + 1024 + 2048 + 2 * 4096);
  });

  test('every key and word is as it should be', () => {
    const [seed, stream] = [0xfffffff0, 0xdeadbeef];
    expect(words(new RandomStream(seed, stream), 300)).toEqual(expected(0, 300, [seed, stream]));
  });

  test('without an engine JavaScript draws them all', () => {
    drawManyBy(undefined);
    expect(words(new RandomStream(1, 2), 3000)).toEqual(expected(0, 3000, [1, 2]));
  });
});

describe('uniform', () => {
  test('is the top 24 bits of a word, exact in float32', () => {
    const random = new RandomStream(7, 0);
    const same = new RandomStream(7, 0);
    for (let i = 0; i < 1000; i++) {
      const u = random.uniform();
      expect(u).toBe((same.nextUint32() >>> 8) / 2 ** 24);
      expect(Math.fround(u)).toBe(u);
    }
  });

  test('has the moments of the uniform distribution', () => {
    const random = new RandomStream(7, 0);
    const x = draw(DRAWS, () => random.uniform());
    const { mean, variance } = moments(x);
    // Four standard errors of the mean and of the variance.
    expect(Math.abs(mean - 1 / 2)).toBeLessThan(4 * Math.sqrt(1 / 12 / DRAWS));
    expect(Math.abs(variance - 1 / 12)).toBeLessThan(4 * Math.sqrt(1 / 180 / DRAWS));
    expect(Math.min(...x)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...x)).toBeLessThan(1);
  });
});

describe('below', () => {
  test.each([1, 2, 3, 10, 1000])('is uniform below %i', (n) => {
    const random = new RandomStream(11, 0);
    const counts = new Array(n).fill(0);
    for (let i = 0; i < DRAWS; i++) counts[random.below(n)]++;
    const expected = DRAWS / n;
    const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    // Mean n − 1, variance 2(n − 1).
    expect(Math.abs(chiSquare - (n - 1))).toBeLessThanOrEqual(4 * Math.sqrt(2 * (n - 1)));
  });

  test('draws again where a plain remainder would be biased', () => {
    // With n = 3·2^30 a plain remainder would give the lower third half of all draws.
    const random = new RandomStream(11, 0);
    const n = 3 * 2 ** 30;
    let lower = 0;
    for (let i = 0; i < 10_000; i++) if (random.below(n) < 2 ** 30) lower++;
    expect(Math.abs(lower - 10_000 / 3)).toBeLessThan(4 * Math.sqrt(10_000 * (1 / 3) * (2 / 3)));
    expect(random.nextUint32()).not.toBe(wordAfter(10_000, 11));
  });

  test.each([1, 7, 2 ** 16 + 1, 2 ** 31 - 1, 2 ** 31, 2 ** 31 + 1, 3 * 2 ** 30, 2 ** 32 - 1, 2 ** 32])(
    'is the remainder by %i of the first word below its last multiple, as integers have it',
    (n) => {
      const [words, random] = [new RandomStream(5, n), new RandomStream(5, n)];
      const [all, divisor] = [2n ** 32n, BigInt(n)];
      for (let i = 0; i < 1000; i++) {
        let word = BigInt(words.nextUint32());
        while (word >= all - (all % divisor)) word = BigInt(words.nextUint32());
        expect(random.below(n)).toBe(Number(word % divisor));
      }
    },
  );

  test('takes all of 2^32', () => {
    expect(new RandomStream(0, 0).below(2 ** 32)).toBe(0x6627e8d5);
  });
});

describe('normal', () => {
  test('has the moments of the standard normal distribution', () => {
    const random = new RandomStream(13, 0);
    const { mean, variance, skewness, fourth } = moments(draw(DRAWS, () => random.normal()));
    expect(Math.abs(mean)).toBeLessThan(4 * Math.sqrt(1 / DRAWS));
    expect(Math.abs(variance - 1)).toBeLessThan(4 * Math.sqrt(2 / DRAWS));
    expect(Math.abs(skewness)).toBeLessThan(4 * Math.sqrt(6 / DRAWS));
    expect(Math.abs(fourth - 3)).toBeLessThan(4 * Math.sqrt(96 / DRAWS));
  });
});

test('normal numbers take one word each', () => {
  const random = new RandomStream(13, 0);
  for (let i = 0; i < 5; i++) {
    random.normal();
    random.truncatedNormal();
  }
  expect(random.nextUint32()).toBe(wordAfter(10, 13));
});

describe('truncatedNormal', () => {
  test('stays within two standard deviations and has the variance of the cut distribution', () => {
    const random = new RandomStream(17, 0);
    const x = draw(DRAWS, () => random.truncatedNormal());
    const { mean, variance } = moments(x);
    // 1 − 4φ(2)/(Φ(2) − Φ(−2)), the square of Keras's 0.8796256610342398.
    expect(Math.abs(variance - 0.8796256610342398 ** 2)).toBeLessThan(0.01);
    expect(Math.abs(mean)).toBeLessThan(4 * Math.sqrt(variance / DRAWS));
    expect(Math.max(...x.map(Math.abs))).toBeLessThanOrEqual(2);
  });
});

describe('shuffle', () => {
  test('keeps every item', () => {
    const items = Uint32Array.from({ length: 1000 }, (_, i) => i);
    new RandomStream(19, 0).shuffle(items);
    expect([...items]).not.toEqual([...items].sort((a, b) => a - b));
    expect([...items].sort((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, i) => i));
  });

  test('gives every order equally often', () => {
    const random = new RandomStream(19, 0);
    const counts = new Map<string, number>();
    const rounds = 24_000;
    for (let i = 0; i < rounds; i++) {
      const items = new Uint32Array([0, 1, 2, 3]);
      random.shuffle(items);
      counts.set(items.join(), (counts.get(items.join()) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    expect(Math.abs(chiSquare - 23)).toBeLessThan(4 * Math.sqrt(2 * 23));
  });

  test.each([0, 1])('leaves %i items alone and draws nothing', (length) => {
    const random = new RandomStream(19, 0);
    random.shuffle(new Uint32Array(length));
    expect(random.nextUint32()).toBe(wordAfter(0, 19));
  });
});
