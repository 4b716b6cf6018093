// What `fit` takes for inputs and targets, to the last number, and the sentences for all else.

import { expect, test } from 'vitest';
import * as tf from '../../src/index.ts';
import { listData, readInputs, readTarget } from '../../src/training/feed.ts';
import type { Trainable } from '../../src/training/trainable.ts';

/** What a model with inputs of these shapes takes. */
const takes = (shapes: Record<string, (number | null)[]>, data: unknown, stateful = false): string => {
  const inputs = Object.entries(shapes).map(([name, shape]) => ({ name, shape }));
  const model = { inputs, stateful, prepare: (given: unknown) => given, checkInput() {} };
  const feeds = readInputs(model as unknown as Trainable, 'fit', data as tf.Tensor);
  return feeds.map(({ samples, sampleShape, dtype }) => `${samples} of [${sampleShape}] ${dtype}`).join(', ');
};
const target = (data: unknown, samples: number, output: (number | null)[]): string => {
  const feed = readTarget('fit: y', data as tf.Tensor, samples, output);
  return `${feed.samples} of [${feed.sampleShape}] ${feed.dtype}`;
};
const listed = (data: unknown, names: string[]): string =>
  JSON.stringify(
    listData('fit: x', data as tf.Tensor, names).map((each) =>
      each instanceof tf.Tensor ? each.shape : each,
    ),
  );

const z = (...shape: number[]) => tf.zeros(shape);
const f = (count: number) => new Float32Array(count);
const one = { x: [null, 2, 3] };
const two = { a: [null, 2], b: [null, 3] };

const cases: Record<string, () => string> = {
  'a tensor': () => takes(one, z(4, 2, 3)),
  'of another shape': () => takes(one, z(4, 3, 2)),
  'of another rank': () => takes(one, z(4, 6)),
  'without samples': () => takes(one, z(0, 2, 3)),
  int32: () => takes(one, tf.zeros([1, 2, 3], 'int32')),
  'in a list': () => takes(one, [z(4, 2, 3)]),
  'two in a list': () => takes(one, [z(4, 2, 3), z(4, 2, 3)]),
  'one and numbers in a list': () => takes(one, [z(4, 2, 3), f(24)]),
  'numbers and one in a list': () => takes(one, [f(24), z(4, 2, 3)]),
  'by name': () => takes(one, { x: z(4, 2, 3) }),
  'by another name': () => takes(one, { y: z(4, 2, 3) }),
  'nested arrays': () =>
    takes({ x: [null, 2] }, [
      [1, 2],
      [3, 4],
      [5, 6],
    ]),
  'numbers for samples of one': () => takes({ x: [null, 1] }, [1, 2, 3]),
  'numbers for samples of two': () => takes({ x: [null, 2] }, [1, 2, 3]),
  'floats that divide': () => takes(one, f(12)),
  'floats that do not': () => takes(one, f(13)),
  'floats where a size is open': () => takes({ x: [null, null] }, f(12)),
  'floats where one of two sizes is open': () => takes({ x: [null, null, 3] }, f(12)),
  'an open size': () => takes({ x: [null, null, 3] }, z(2, 7, 3)),
  'a batch size': () => takes({ x: [4, 2] }, z(8, 2)),
  'half a batch more': () => takes({ x: [4, 2] }, z(10, 2)),
  'half a batch more, which a model remembers': () => takes({ x: [4, 2] }, z(10, 2), true),
  'two inputs': () => takes(two, [z(4, 2), z(4, 3)]),
  'two inputs by name': () => takes(two, { b: z(4, 3), a: z(4, 2) }),
  'two inputs of other lengths': () => takes(two, [z(4, 2), z(5, 3)]),
  'two inputs, one of another shape': () => takes(two, [z(4, 2), z(4, 2)]),
  'one for two': () => takes(two, [z(4, 2)]),
  'a tensor for two': () => takes(two, z(4, 2)),
  'a name is missing': () => takes(two, { a: z(4, 2) }),
  'a list of one name': () => listed([z(1)], ['x']),
  'a list of two names': () => listed([z(1), z(2)], ['x', 'y']),
  'numbers for one name': () => listed([1, 2], ['x']),
  targets: () => target(z(4, 2), 4, [null, 2]),
  'a number for each sample of one output': () => target(z(4), 4, [null, 1]),
  'a number for each sample of several': () => target(z(4), 4, [null, 3]),
  'a number for each sample of rows': () => target(z(4), 4, [null, 1, 1]),
  'floats, one for each': () => target(f(4), 4, [null, 1]),
  'floats, two for each': () => target(f(8), 4, [null, 2]),
  'floats that do not divide among samples': () => target(f(9), 4, [null, 2]),
  'a number alone': () => target(tf.scalar(1), 1, [null, 1]),
};

test('what is taken', () => {
  const lines = Object.entries(cases).map(([name, act]) => {
    try {
      return `${name}: ${act()}`;
    } catch (error) {
      expect(error, name).toBeInstanceOf(tf.LanegradError);
      return `${name}\n  ${(error as Error).message}`;
    }
  });
  expect(lines.join('\n')).toMatchSnapshot();
});
