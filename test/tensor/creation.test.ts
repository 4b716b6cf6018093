import { describe, expect, it, test } from 'vitest';
import { LanegradError } from '../../src/errors.ts';
import { TensorBuffer } from '../../src/tensor/buffer.ts';
import {
  eye,
  fill,
  linspace,
  ones,
  range,
  scalar,
  tensor,
  tensor1d,
  tensor2d,
  tensor3d,
  tensor4d,
  zeros,
} from '../../src/tensor/creation.ts';
import type { DataType } from '../../src/tensor/data-type.ts';
import type { TensorLike } from '../../src/tensor/nested-array.ts';

const sentence = (text: string) => new LanegradError(text);

describe('tensor', () => {
  it.each<[TensorLike, DataType, number[], number[]]>([
    [5, 'float32', [], [5]],
    [true, 'bool', [], [1]],
    [[1, 2], 'float32', [2], [1, 2]],
    [[[1], [2]], 'float32', [2, 1], [1, 2]],
    [[[true, false]], 'bool', [1, 2], [1, 0]],
    [[true, 2], 'float32', [2], [1, 2]],
    [[], 'float32', [0], []],
    [[[], []], 'float32', [2, 0], []],
    [new Float32Array([1.5]), 'float32', [1], [1.5]],
    [new Float64Array([1.5]), 'float32', [1], [1.5]],
    [new Int32Array([-1]), 'int32', [1], [-1]],
    [new Uint8Array([255]), 'uint8', [1], [255]],
    [new Uint8ClampedArray([255]), 'uint8', [1], [255]],
    [new Int16Array([-7]), 'float32', [1], [-7]],
    [[new Float32Array([1, 2]), new Float32Array([3, 4])], 'float32', [2, 2], [1, 2, 3, 4]],
  ])('of %j is %s %j', (values, dtype, shape, flat) => {
    const x = tensor(values);
    expect([x.dtype, x.shape, [...x.dataSync()]]).toEqual([dtype, shape, flat]);
  });

  it('does not copy a typed array that needs no conversion', () => {
    const values = new Int32Array(4);
    expect(tensor(values, [2, 2]).dataSync()).toBe(values);
    const bytes = new Uint8Array([1, 2, 3]).subarray(1);
    expect(tensor(bytes).dataSync().buffer).toBe(bytes.buffer);
    expect(tensor(bytes).dataSync()).toEqual(new Uint8Array([2, 3]));
  });

  it('converts to the data type asked for', () => {
    expect(tensor([1.9, -1.9], [2], 'int32').dataSync()).toEqual(new Int32Array([1, -1]));
    expect(tensor([0, 2], [2], 'bool').dataSync()).toEqual(new Uint8Array([0, 1]));
    expect(tensor(new Uint8Array([0, 2]), [2], 'bool').dataSync()).toEqual(new Uint8Array([0, 1]));
    expect(tensor(new Uint8Array([7]), [1], 'float32').dataSync()).toEqual(new Float32Array([7]));
  });

  it('takes another shape for flat values, and a last dimension split further', () => {
    expect(tensor([1, 2, 3, 4], [2, 2]).shape).toEqual([2, 2]);
    expect(tensor([[1, 2, 3, 4]], [1, 2, 2]).shape).toEqual([1, 2, 2]);
    expect(() =>
      tensor(
        [
          [1, 2],
          [3, 4],
        ],
        [4],
      ),
    ).toThrow(sentence('tensor: the values have shape [2,2], not [4].'));
    expect(() =>
      tensor(
        [
          [1, 2, 3],
          [4, 5, 6],
        ],
        [3, 2],
      ),
    ).toThrow(sentence('tensor: the values have shape [2,3], not [3,2].'));
    const deep = [
      [[1], [2], [3]],
      [[4], [5], [6]],
    ];
    expect(() => tensor(deep, [3, 2, 1])).toThrow(
      sentence('tensor: the values have shape [2,3,1], not [3,2,1].'),
    );
    expect(tensor(deep, [2, 3]).shape).toEqual([2, 3]);
    expect(tensor([[], []], [2, 0, 3]).shape).toEqual([2, 0, 3]);
  });

  it('says where rows differ', () => {
    expect(() =>
      tensor([
        [1, 2, 3],
        [4, 5],
      ]),
    ).toThrow(
      sentence('tensor: values[1] is an array of 2 where values[0] is an array of 3; all must be alike.'),
    );
    expect(() =>
      tensor([
        [[1], [2]],
        [[3], [4, 5]],
      ]),
    ).toThrow(
      sentence(
        'tensor: values[1][1] is an array of 2 where values[0][0] is an array of 1; all must be alike.',
      ),
    );
    expect(() => tensor([[1], 2])).toThrow(
      sentence('tensor: values[1] is a number where values[0] is an array of 1; all must be alike.'),
    );
    expect(() => tensor([1, [2]])).toThrow(
      sentence('tensor: values[1] is an array of 1 where values[0] is a number.'),
    );
  });

  it.each([
    [[1, 'two'], 'values[1] is a string. Words become numbers by stringLookup'],
    [[[1, null]], 'values[0][1] is null'],
    [[1, undefined], 'values[1] is undefined'],
    [undefined, 'values is undefined'],
    ['text', 'values is a string. Words become numbers by stringLookup'],
    [{ length: 1 }, 'values is an object with length'],
    [new BigInt64Array(1), 'values is a BigInt64Array'],
    [[1n], 'values[0] is a bigint'],
  ])('refuses %o', (values, what) => {
    expect(() => tensor(values as unknown as TensorLike)).toThrow(
      sentence(`tensor: expected numbers or booleans; ${what}.`),
    );
  });

  it('takes null for what is left out', () => {
    const made = [tensor([1, 2], null, null), tensor(new Int32Array([1, 2]), null, 'float32')];
    for (const each of made) expect([each.shape, each.dtype]).toEqual([[2], 'float32']);
    expect(tensor2d([[true]], null, 'int32').dtype).toBe('int32');
    expect(scalar(true, null).dtype).toBe('bool');
  });

  it('refuses what does not fit', () => {
    expect(() => tensor([1, 2, 3], [2, 2])).toThrow(
      sentence('tensor: Based on the provided shape, [2,2], the tensor should have 4 values but has 3.'),
    );
    expect(() => tensor([1], [1.5])).toThrow(
      sentence('tensor: Tensor must have a shape comprised of positive integers but got shape [1.5].'),
    );
    expect(() => tensor([1], [1], 'complex64' as DataType)).toThrow(
      sentence("tensor: dtype must be float32, int32, uint8 or bool; got 'complex64'."),
    );
    expect(() => tensor([0, 256], [2], 'uint8')).toThrow(
      sentence('tensor: uint8 holds whole numbers from 0 to 255; value 1 is 256.'),
    );
  });
});

describe('tensors of a rank', () => {
  it('take nested values or flat ones with a shape', () => {
    expect(tensor1d([1, 2], 'int32').dtype).toBe('int32');
    expect(tensor2d([[1, 2]]).shape).toEqual([1, 2]);
    expect(tensor2d([1, 2], [2, 1]).shape).toEqual([2, 1]);
    expect(tensor3d([[[1]]]).shape).toEqual([1, 1, 1]);
    expect(tensor4d([1, 2], [1, 2, 1, 1], 'uint8').dtype).toBe('uint8');
  });

  // As in TensorFlow.js, for what a script split from lines of text.
  it('read texts as numbers where they are told the type', () => {
    const fields = ['1', '2.5', '', 'x'] as unknown as number[];
    expect(tensor1d(fields, 'float32').arraySync()).toEqual([1, 2.5, 0, Number.NaN]);
    expect(tensor2d([fields.slice(0, 2)], [1, 2], 'float32').arraySync()).toEqual([[1, 2.5]]);
    expect(tensor1d(fields.slice(0, 2), 'int32').arraySync()).toEqual([1, 2]);
    expect(() => tensor1d(fields)).toThrow('expected numbers or booleans; values[0] is a string');
  });

  it('refuse another rank', () => {
    expect(() => tensor2d([1, 2])).toThrow(sentence('tensor2d: flat values need a shape of 2 dimensions.'));
    expect(() => tensor1d([[1, 2]])).toThrow(
      sentence('tensor1d: the values must be nested 1 deep; they have shape [1,2].'),
    );
    expect(() => tensor3d([1], [1, 1])).toThrow(
      sentence('tensor3d: the shape must have 3 dimensions; got [1,1].'),
    );
    expect(() => tensor4d([[1]])).toThrow(
      sentence('tensor4d: the values must be nested 4 deep; they have shape [1,1].'),
    );
  });
});

describe('scalar', () => {
  it('holds one value', () => {
    expect([scalar(2).shape, scalar(2).dtype, scalar(false).dtype, scalar(2, 'int32').dtype]).toEqual([
      [],
      'float32',
      'bool',
      'int32',
    ]);
    expect(() => scalar([1] as unknown as number)).toThrow(
      sentence('scalar: expected a number or a boolean; got [1].'),
    );
  });
});

describe('constants', () => {
  it('fill a shape', () => {
    expect(zeros([2, 2]).arraySync()).toEqual([
      [0, 0],
      [0, 0],
    ]);
    expect(ones([2], 'uint8').dataSync()).toEqual(new Uint8Array([1, 1]));
    expect(ones([]).arraySync()).toBe(1);
    expect(fill([2], 0.5).dataSync()).toEqual(new Float32Array([0.5, 0.5]));
    expect([fill([1], true).dtype, fill([1], 3, 'int32').dtype]).toEqual(['bool', 'int32']);
    expect(eye(2).arraySync()).toEqual([
      [1, 0],
      [0, 1],
    ]);
    expect(eye(2, 3, undefined, 'int32').arraySync()).toEqual([
      [1, 0, 0],
      [0, 1, 0],
    ]);
    expect(eye(1, 2, [2]).arraySync()).toEqual([[[1, 0]], [[1, 0]]]);
    expect(() => zeros([-1])).toThrow(
      sentence('zeros: Tensor must have a shape comprised of positive integers but got shape [-1].'),
    );
    expect(() => fill([1], 300, 'uint8')).toThrow(
      sentence('fill: uint8 holds whole numbers from 0 to 255; value 0 is 300.'),
    );
    expect(() => ones([1], 'half' as DataType)).toThrow(
      sentence("ones: dtype must be float32, int32, uint8 or bool; got 'half'."),
    );
  });
});

describe('range', () => {
  it.each([
    [
      [0, 3],
      [0, 1, 2],
    ],
    [
      [3, 0],
      [3, 2, 1],
    ],
    [
      [0, 1, 0.25],
      [0, 0.25, 0.5, 0.75],
    ],
    [
      [5, 0, -2],
      [5, 3, 1],
    ],
    [[2, 2], []],
    [[0, 3, -1], []],
    [[3, 0, 2], []],
  ] as [[number, number, number?], number[]][])('%j', (args, expected) => {
    expect([...range(...args).dataSync()]).toEqual(expected);
  });

  it('takes a data type', () => {
    expect(range(0, 2, 1, 'int32').dtype).toBe('int32');
  });

  it('refuses a step that does not arrive', () => {
    expect(() => range(0, 3, 0)).toThrow(sentence('range: no step of 0 leads from 0 to 3.'));
    expect(() => range(0, Number.POSITIVE_INFINITY)).toThrow(
      sentence('range: no step of 1 leads from 0 to Infinity.'),
    );
  });
});

describe('linspace', () => {
  it('includes both ends', () => {
    expect([...linspace(0, 1, 5).dataSync()]).toEqual([0, 0.25, 0.5, 0.75, 1]);
    expect([...linspace(3, 9, 1).dataSync()]).toEqual([3]);
    expect(linspace(0, 0.7, 8).dataSync()[7]).toBe(Math.fround(0.7));
    expect(() => linspace(0, 1, 0)).toThrow(sentence('linspace: num must be a positive integer; got 0.'));
  });
});

test('a buffer holds floats by default', () => {
  const buffer = new TensorBuffer([2, 2]);
  buffer.set(0.5, 1, 0);
  expect(buffer.toTensor().arraySync()).toEqual([
    [0, 0],
    [0.5, 0],
  ]);
  expect(buffer.dtype).toBe('float32');
});
