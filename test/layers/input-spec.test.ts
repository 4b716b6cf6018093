import { afterEach, describe, expect, test, vi } from 'vitest';
import * as tf from '../../src/index.ts';

class Picky extends tf.layers.Layer {
  static readonly className = 'Picky';

  constructor(spec: tf.InputSpecOptions) {
    super({});
    this.inputSpec = [new tf.InputSpec(spec)];
  }
}

describe('an input must be what inputSpec says', () => {
  const message = (spec: tf.InputSpecOptions, shape: number[]) => {
    const attempts = [
      () => new Picky(spec).apply(tf.zeros(shape)),
      () => new Picky(spec).apply(tf.input({ batchShape: shape })),
    ];
    const [eager, symbolic] = attempts.map((attempt) => {
      try {
        attempt();
        return 'fits';
      } catch (error) {
        return (error as Error).message.replace(/picky_\d+/g, 'picky');
      }
    });
    expect(eager).toBe(symbolic);
    return eager.replace('picky: Input 0 is incompatible with layer picky: ', '');
  };

  test.each<[tf.InputSpecOptions, number[], string]>([
    [{}, [2, 3], 'fits'],
    [{ ndim: 2 }, [2, 3], 'fits'],
    [{ ndim: 3 }, [2, 3], 'expected ndim=3, found ndim=2, shape [2,3].'],
    [{ minNDim: 3 }, [2, 3], 'expected min_ndim=3, found ndim=2, shape [2,3].'],
    [{ maxNDim: 1 }, [2, 3], 'expected max_ndim=1, found ndim=2, shape [2,3].'],
    [{ axes: { [-1]: 3 } }, [2, 3], 'fits'],
    [{ axes: { 1: 4 } }, [2, 3], 'expected axis 1 of input shape to have value 4 but got shape [2,3].'],
    [{ shape: [null, 3] }, [2, 3], 'fits'],
    [{ shape: [null, 4] }, [2, 3], 'expected shape=[null,4], found shape=[2,3].'],
    [{ dtype: 'int32' }, [2, 3], 'expected dtype=int32, found dtype=float32.'],
  ])('%j and %j', (spec, shape, expected) => {
    expect(message(spec, shape)).toBe(expected);
  });

  test('one specification for each input', () => {
    expect(() => new Picky({}).apply([tf.zeros([1]), tf.zeros([1])])).toThrow(
      'expects 1 inputs, but it received 2 input tensors.',
    );
    expect(new tf.InputSpec({ shape: [1, 2, 3], ndim: 7 })).toMatchObject({ ndim: 3, axes: {} });
  });
});

describe('an input of another shape than inputShape is said', () => {
  afterEach(() => vi.restoreAllMocks());

  test.each<[number[], RegExp | undefined]>([
    [[8], undefined],
    [[7], /shape of the input tensor is \[null,8\]; it does not match its inputShape, \[null,7\]/],
    [[3, 7], /rank of the input tensor, of shape \[null,8\], does not match that of its inputShape/],
  ])('%j', (inputShape, said) => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    tf.sequential({
      layers: [
        tf.layers.reshape({ targetShape: [8], inputShape: [2, 4] }),
        tf.layers.dense({ units: 1, inputShape }),
      ],
    });
    expect(warn.mock.calls.flat()).toEqual(said ? [expect.stringMatching(said)] : []);
  });
});
