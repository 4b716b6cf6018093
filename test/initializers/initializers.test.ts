import { describe, expect, test } from 'vitest';
import { engine } from '../../src/engine/engine.ts';
import { LanegradError } from '../../src/errors.ts';
import * as tf from '../../src/index.ts';
import {
  getInitializer,
  type Initializer,
  initializers,
  valuesLater,
} from '../../src/initializers/initializers.ts';
import { drawManyBy } from '../../src/random/random-stream.ts';
import { fill } from '../../src/tensor/creation.ts';

// Kernels draw once the engine is there.
engine();

const drawing: Record<string, Initializer> = {
  randomUniform: initializers.randomUniform(),
  randomNormal: initializers.randomNormal(),
  truncatedNormal: initializers.truncatedNormal(),
  varianceScaling: initializers.varianceScaling(),
  glorotUniform: initializers.glorotUniform(),
  glorotNormal: initializers.glorotNormal(),
  heUniform: initializers.heUniform(),
  heNormal: initializers.heNormal(),
  leCunUniform: initializers.leCunUniform(),
  leCunNormal: initializers.leCunNormal(),
  orthogonal: initializers.orthogonal(),
};

describe('fixed values', () => {
  test('zeros, ones and constant', () => {
    expect(initializers.zeros().values([2, 2], 0)).toEqual(new Float32Array(4));
    expect(initializers.ones().values([3], 0)).toEqual(new Float32Array([1, 1, 1]));
    expect(initializers.constant({ value: -2.5 }).values([2], 0)).toEqual(new Float32Array([-2.5, -2.5]));
    expect(initializers.ones().values([], 0)).toEqual(new Float32Array([1]));
    expect(initializers.ones().values([0, 4], 0)).toEqual(new Float32Array(0));
  });

  test('identity', () => {
    expect([...initializers.identity().values([3, 3], 0)]).toEqual([1, 0, 0, 0, 1, 0, 0, 0, 1]);
    expect([...initializers.identity({ gain: 2 }).values([2, 2], 0)]).toEqual([2, 0, 0, 2]);
  });
});

describe('seeds', () => {
  test.each(Object.keys(drawing))(
    'many values of %s are the same bits whether a kernel draws them',
    (name) => {
      const shape = [70, 50];
      const drawn = drawing[name].values(shape, 3);
      drawManyBy(undefined);
      try {
        expect(drawing[name].values(shape, 3)).toEqual(drawn);
      } finally {
        drawManyBy(engine());
      }
    },
  );

  test('an initializer whose values are replaced has no others that wait', () => {
    const sevens = { ...drawing.glorotUniform, values: () => Float32Array.of(7, 7) };
    const layer = tf.layers.dense({ units: 1, inputShape: [2], kernelInitializer: sevens });
    tf.sequential({ layers: [layer] });
    expect([...layer.getWeights()[0].dataSync()]).toEqual([7, 7]);
  });

  test.each(Object.keys(drawing))('%s: values that wait are the same', (name) => {
    expect(valuesLater(drawing[name])?.([5, 4], 1)()).toEqual(drawing[name].values([5, 4], 1));
  });

  test.each(Object.keys(drawing))('%s: the same seed gives the same values, another seed others', (name) => {
    const values = drawing[name].values([5, 4], 1);
    expect(values).toHaveLength(20);
    expect(drawing[name].values([5, 4], 1)).toEqual(values);
    expect(drawing[name].values([5, 4], 2)).not.toEqual(values);
  });

  test.each(Object.keys(drawing))("%s: the initializer's own seed wins, 0 included", (name) => {
    const make = (seed: number) => getInitializer({ className: name, config: { seed } });
    expect(make(7).values([5, 4], 1)).toEqual(drawing[name].values([5, 4], 7));
    expect(make(0).values([5, 4], 1)).toEqual(drawing[name].values([5, 4], 0));
  });

  test('the bits are the same on every engine', () => {
    // Also computed in Python, with its integers, its NormalDist and numpy.linalg.qr.
    const bits = (values: Float32Array) =>
      [...new Uint32Array(values.buffer)].map((word) => word.toString(16));
    expect(bits(initializers.glorotUniform().values([4], 42))).toEqual([
      'bf3238b2',
      '3e1ebfb7',
      'bf8826e7',
      'bf84889b',
    ]);
    expect(bits(initializers.heNormal().values([4], 42))).toEqual([
      'bf3e3a16',
      '3e1ba863',
      'bfaf393b',
      'bfa69b0e',
    ]);
    expect(bits(initializers.randomNormal().values([4], 42))).toEqual([
      'bd21135c',
      '3c0282f8',
      'bd9a7097',
      'bd91c4d7',
    ]);
    expect(bits(initializers.orthogonal().values([2, 2], 42))).toEqual([
      'bf7ae77d',
      'be4b4b97',
      '3e4b4b97',
      'bf7ae77d',
    ]);
  });
});

describe('className and config', () => {
  test('are those of the layers format', () => {
    const stored = ({ className, config }: Initializer) => ({ className, config });
    expect(stored(initializers.zeros())).toEqual({ className: 'Zeros', config: {} });
    expect(stored(initializers.ones())).toEqual({ className: 'Ones', config: {} });
    expect(stored(initializers.constant({ value: 2 }))).toEqual({
      className: 'Constant',
      config: { value: 2 },
    });
    expect(stored(initializers.identity())).toEqual({ className: 'Identity', config: { gain: 1 } });
    expect(stored(initializers.randomUniform({ seed: 4 }))).toEqual({
      className: 'RandomUniform',
      config: { minval: -0.05, maxval: 0.05, seed: 4 },
    });
    const normal = { mean: 0, stddev: 0.05, seed: null };
    expect(stored(initializers.randomNormal())).toEqual({ className: 'RandomNormal', config: normal });
    expect(stored(initializers.truncatedNormal())).toEqual({ className: 'TruncatedNormal', config: normal });
    expect(stored(initializers.orthogonal())).toEqual({
      className: 'Orthogonal',
      config: { gain: 1, seed: null },
    });
    expect(stored(initializers.varianceScaling())).toEqual({
      className: 'VarianceScaling',
      config: { scale: 1, mode: 'fanIn', distribution: 'normal', seed: null },
    });
    expect(stored(initializers.glorotUniform({ seed: 1 }))).toEqual({
      className: 'VarianceScaling',
      config: { scale: 1, mode: 'fanAvg', distribution: 'uniform', seed: 1 },
    });
    expect(stored(initializers.heNormal())).toEqual({
      className: 'VarianceScaling',
      config: { scale: 2, mode: 'fanIn', distribution: 'normal', seed: null },
    });
  });

  test.each(Object.keys(drawing))('%s comes back from them', (name) => {
    const { className, config } = drawing[name];
    const again = getInitializer({ className, config: JSON.parse(JSON.stringify(config)) });
    expect(again.values([4, 3], 9)).toEqual(drawing[name].values([4, 3], 9));
    expect(again.config).toEqual(config);
  });
});

describe('getInitializer', () => {
  test.each([
    ['glorotUniform', 'GlorotUniform', 'glorot_uniform'],
    ['leCunNormal', 'LecunNormal', 'lecun_normal'],
    ['heNormal', 'HeNormal', 'he_normal'],
    ['zeros', 'Zeros', 'zeros'],
    ['randomUniform', 'RandomUniform', 'random_uniform'],
    ['orthogonal', 'Orthogonal', 'orthogonal'],
  ])('knows %s also as %s and %s', (...names) => {
    const [first, ...others] = names.map((name) => getInitializer(name).values([3, 3], 1));
    for (const values of others) expect(values).toEqual(first);
  });

  test('returns an initializer as it is, one of the user included', () => {
    const mine: Initializer = { className: 'Mine', config: {}, values: () => new Float32Array([1]) };
    expect(getInitializer(mine)).toBe(mine);
  });
});

describe('apply', () => {
  test('makes a tensor of a type', () => {
    const ones = initializers.ones();
    expect(ones.apply([2, 2]).arraySync()).toEqual([
      [1, 1],
      [1, 1],
    ]);
    expect(ones.apply([2], 'int32').dtype).toBe('int32');
    expect([ones.getClassName(), ones.getConfig()]).toEqual(['Ones', {}]);
  });

  test('draws other numbers each time, or with a seed the same', () => {
    const free = initializers.randomNormal({});
    const fixed = initializers.heUniform({ seed: 5 });
    const [a, b, c, d] = [free, free, fixed, fixed].map((one) => Array.from(one.apply([4]).dataSync()));
    expect(a).not.toEqual(b);
    expect(c).toEqual(d);
  });

  test('is all that an initializer of a user needs', () => {
    class Twos {
      static className = 'Twos';
      apply(shape: readonly number[]) {
        return fill([...shape], 2);
      }
      getConfig() {
        return { two: true };
      }
      getClassName() {
        return 'Twos';
      }
    }
    const read = getInitializer(new Twos());
    expect([read.className, read.config, read.values([2], 0)]).toEqual([
      'Twos',
      { two: true },
      Float32Array.of(2, 2),
    ]);
  });
});

describe('errors', () => {
  const {
    constant,
    heNormal,
    identity,
    orthogonal,
    randomNormal,
    randomUniform,
    truncatedNormal,
    varianceScaling,
  } = initializers;

  test.each<[string, () => unknown]>([
    [
      'Unknown initializer "glorotUnifrom". Did you mean "glorotUniform"?',
      () => getInitializer('glorotUnifrom'),
    ],
    ['constant: value must be a finite number; got undefined.', () => getInitializer('constant')],
    ['constant: value must be a finite number; got NaN.', () => constant({ value: NaN })],
    ['identity: the shape must be a square matrix; got [2,3].', () => identity().values([2, 3], 0)],
    ['identity: the shape must be a square matrix; got [3].', () => identity().values([3], 0)],
    ['identity: gain must be a finite number; got NaN.', () => identity({ gain: NaN })],
    [
      'randomUniform: minval must not exceed maxval; got 1 and 0.',
      () => randomUniform({ minval: 1, maxval: 0 }),
    ],
    ['randomUniform: minval must be a finite number; got NaN.', () => randomUniform({ minval: NaN })],
    [
      'randomUniform: maxval must be a finite number; got Infinity.',
      () => randomUniform({ maxval: Infinity }),
    ],
    ['randomNormal: mean must be a finite number; got NaN.', () => randomNormal({ mean: NaN })],
    [
      'truncatedNormal: stddev must be a finite number, 0 or more; got -1.',
      () => truncatedNormal({ stddev: -1 }),
    ],
    [
      'varianceScaling: scale must be a finite number, 0 or more; got -1.',
      () => varianceScaling({ scale: -1 }),
    ],
    [
      "varianceScaling: mode must be 'fanIn', 'fanOut' or 'fanAvg'; got 'fanMax'.",
      () => varianceScaling({ mode: 'fanMax' as 'fanIn' }),
    ],
    [
      "varianceScaling: distribution must be 'normal', 'uniform' or 'truncatedNormal'; got 'gauss'.",
      () => varianceScaling({ distribution: 'gauss' as 'normal' }),
    ],
    ['heNormal: seed must be a finite number; got NaN.', () => heNormal({ seed: NaN })],
    ['orthogonal: gain must be a finite number; got NaN.', () => orthogonal({ gain: NaN })],
    ['orthogonal: the shape must have at least 2 dimensions; got [3].', () => orthogonal().values([3], 0)],
  ])('%s', (message, act) => {
    expect(act).toThrow(new LanegradError(message));
  });
});
