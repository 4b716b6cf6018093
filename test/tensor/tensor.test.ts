import { describe, expect, it, test } from 'vitest';
import { LanegradError } from '../../src/errors.ts';
import {
  type DataType,
  memory,
  scalar,
  Tensor,
  tensor,
  tensor1d,
  tensor2d,
  tensor3d,
  train,
  variable,
  zeros,
} from '../../src/index.ts';

const sentence = (text: string) => new LanegradError(text);
const six = () => tensor([1, 2, 3, 4, 5, 6], [2, 3]);
/** 0, 1, 2, … in a shape */
const counting = (...shape: number[]) =>
  tensor(
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => i),
    shape,
  );

describe('Tensor', () => {
  it('wraps an array without copying it', () => {
    const data = new Float32Array([1, 2, 3, 4, 5, 6]);
    const x = new Tensor(data, [2, 3], 'float32');
    expect(x.dataSync()).toBe(data);
    expect([x.shape, x.dtype, x.rank, x.size]).toEqual([[2, 3], 'float32', 2, 6]);
  });

  it('keeps its shape when the array it was made with changes', () => {
    const shape = [2, 3];
    const x = new Tensor(new Float32Array(6), shape, 'float32');
    shape[0] = 9;
    expect(x.shape).toEqual([2, 3]);
    expect(Object.isFrozen(x.shape)).toBe(true);
  });

  it('checks what it is given', () => {
    expect(() => new Tensor(new Float32Array(5), [2, 3], 'float32')).toThrow(
      sentence('Tensor: Based on the provided shape, [2,3], the tensor should have 6 values but has 5.'),
    );
    expect(() => new Tensor(new Float32Array(6), [2, 3], 'int32')).toThrow(
      sentence('Tensor: int32 is stored in Int32Array; got Float32Array.'),
    );
    expect(() => new Tensor(new Float32Array(6), [2, 3], 'float64' as DataType)).toThrow(
      sentence("Tensor: dtype must be float32, int32, uint8 or bool; got 'float64'."),
    );
    expect(() => new Tensor(new Float32Array(6), [-2, -3], 'float32')).toThrow(
      sentence('Tensor: Tensor must have a shape comprised of positive integers but got shape [-2,-3].'),
    );
    expect(() => new Tensor(new Float32Array(6), 6 as unknown as number[], 'float32')).toThrow(
      sentence('Tensor: Tensor must have a shape comprised of positive integers but got shape 6.'),
    );
  });

  it('gives its numbers at once and as promises', async () => {
    const x = six();
    expect(await x.data()).toBe(x.dataSync());
    expect(x.arraySync()).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect(await x.array()).toEqual(x.arraySync());
    expect(scalar(7).arraySync()).toBe(7);
    expect(tensor([true, false]).arraySync()).toEqual([1, 0]);
    expect(zeros([2, 0]).arraySync()).toEqual([[], []]);
    expect(zeros([0, 2]).arraySync()).toEqual([]);
  });

  it('says that it was disposed of when it is used', () => {
    const x = six();
    const y = x.add(1);
    x.dispose();
    expect(x.isDisposed).toBe(true);
    expect(() => x.dataSync()).toThrow(sentence('Tensor is disposed.'));
    expect(() => x.add(1)).toThrow(sentence('Tensor is disposed.'));
    expect(y.dataSync()[5]).toBe(7);
  });

  it('says so of a variable, whether an optimizer moved it or not', () => {
    const [still, moved] = [variable(six()), variable(six())];
    train.sgd(0.1).minimize(() => moved.square().sum().asScalar(), false, [moved]);
    for (const each of [still, moved]) {
      each.dispose();
      for (const use of [
        () => each.dataSync(),
        () => each.arraySync(),
        () => each.assign(six()),
        () => each.add(1),
      ])
        expect(use).toThrow(sentence('Tensor is disposed.'));
    }
  });
});

test('tensors that share their numbers have their dataId in common', () => {
  const before = memory().numDataBuffers;
  const x = tensor1d([1, 2]);
  expect([x.clone().dataId === x.dataId, x.reshape([2, 1]).dataId === x.dataId]).toEqual([true, true]);
  expect(x.add(1).dataId).not.toBe(x.dataId);
  expect(memory().numDataBuffers).toBe(before + 2);
});

describe('shapes', () => {
  it('reshapes without copying', () => {
    const x = six();
    expect(x.reshape([3, 2]).shape).toEqual([3, 2]);
    expect(x.reshape([3, -1]).shape).toEqual([3, 2]);
    expect(x.reshape([-1]).shape).toEqual([6]);
    expect(x.reshape([3, 2]).dataSync()).toBe(x.dataSync());
    expect(tensor([5]).reshape([]).shape).toEqual([]);
    expect(zeros([0, 3]).reshape([-1, 3]).shape).toEqual([0, 3]);
    expect(zeros([0, 3]).reshape([0, -1]).shape).toEqual([0, 0]);
  });

  it('refuses a shape that holds another number of values', () => {
    expect(() => six().reshape([4, 2])).toThrow(
      sentence('reshape: Based on the provided shape, [4,2], the tensor should have 8 values but has 6.'),
    );
    expect(() => six().reshape([4, -1])).toThrow(
      sentence('reshape: 6 values cannot be divided into shape [4,-1].'),
    );
    expect(() => six().reshape([0, -1])).toThrow(
      sentence('reshape: 6 values cannot be divided into shape [0,-1].'),
    );
    expect(() => six().reshape([-1, -1])).toThrow(
      sentence('reshape: only one dimension may be -1; got [-1,-1].'),
    );
    expect(() => six().reshape([1.5, 4])).toThrow(
      sentence('reshape: Tensor must have a shape comprised of positive integers but got shape [1.5,4].'),
    );
  });

  it('flattens, and adds and removes dimensions of 1', () => {
    const x = six();
    expect(x.flatten().shape).toEqual([6]);
    expect(x.expandDims().shape).toEqual([1, 2, 3]);
    expect(x.expandDims(1).shape).toEqual([2, 1, 3]);
    expect(x.expandDims(-1).shape).toEqual([2, 3, 1]);
    expect(scalar(1).expandDims().shape).toEqual([1]);
    expect(zeros([1, 2, 1, 3]).squeeze().shape).toEqual([2, 3]);
    expect(zeros([1, 2, 1, 3]).squeeze([2]).shape).toEqual([1, 2, 3]);
    expect(zeros([1, 2, 1, 3]).squeeze(-4).shape).toEqual([2, 1, 3]);
    expect(() => x.expandDims(3)).toThrow(
      sentence('expandDims: there is no axis 3; expected an integer from -3 to 2.'),
    );
    expect(() => x.squeeze([1])).toThrow(sentence('squeeze: axis 1 of shape [2,3] is 3, not 1.'));
    expect(() => scalar(1).squeeze([0])).toThrow(sentence('squeeze: there is no axis 0; a scalar has none.'));
  });

  it('clones as a tensor of its own', () => {
    const x = tensor(new Uint8Array([1, 2]));
    const y = x.clone();
    x.dispose();
    expect([[...y.dataSync()], y.shape, y.dtype]).toEqual([[1, 2], [2], 'uint8']);
  });

  it('takes what came in a Node Buffer as plain bytes', () => {
    expect(tensor(Buffer.from([1, 2, 3])).dataSync().constructor).toBe(Uint8Array);
  });
});

describe('cast', () => {
  it('cuts off fractions, and takes everything but zero for true', () => {
    const x = tensor([0, 1.9, 200.2]);
    expect([...x.cast('int32').dataSync()]).toEqual([0, 1, 200]);
    expect([...x.cast('uint8').dataSync()]).toEqual([0, 1, 200]);
    expect([...x.asType('bool').dataSync()]).toEqual([0, 1, 1]);
    expect([...tensor([-1.9, Number.NaN]).cast('int32').dataSync()]).toEqual([-1, 0]);
    expect(tensor([true, false]).cast('float32').dataSync()).toEqual(Float32Array.of(1, 0));
    expect(x.cast('int32').cast('float32').dtype).toBe('float32');
  });

  it('gives a tensor of its own even when there is nothing to do', () => {
    const x = six();
    const y = x.cast('float32');
    x.dispose();
    expect(y.dataSync()[5]).toBe(6);
  });

  it('refuses what an integer type cannot hold', () => {
    expect(() => tensor([1, -1]).cast('uint8')).toThrow(
      sentence('cast: uint8 holds whole numbers from 0 to 255; value 1 is -1.'),
    );
    expect(() => tensor([Number.NaN], undefined, 'int32')).toThrow(
      sentence('tensor: int32 holds whole numbers from -2147483648 to 2147483647; value 0 is NaN.'),
    );
    expect(() => six().cast('string' as DataType)).toThrow(
      sentence("cast: dtype must be float32, int32, uint8 or bool; got 'string'."),
    );
  });
});

describe('slice', () => {
  it.each([
    [1, 1, [1, 3], [4, 5, 6]],
    [
      [0, 1],
      [2, 2],
      [2, 2],
      [2, 3, 5, 6],
    ],
    [
      [0, 1],
      [-1, -1],
      [2, 2],
      [2, 3, 5, 6],
    ],
    [[1], undefined, [1, 3], [4, 5, 6]],
    [[1, 2], [1], [1, 1], [6]],
    [2, undefined, [0, 3], []],
    [0, undefined, [2, 3], [1, 2, 3, 4, 5, 6]],
  ])('from %j, size %j', (begin, size, shape, values) => {
    const part = six().slice(begin, size);
    expect(part.shape).toEqual(shape);
    expect([...part.dataSync()]).toEqual(values);
  });

  it('agrees with picking one by one, in three dimensions', () => {
    const x = counting(4, 3, 5);
    for (let b = 0; b < 4; b++) {
      for (let c = 0; c < 3; c++) {
        for (let d = 0; d < 5; d++) {
          const part = x.slice([b, c, d], [4 - b, 1, 5 - d]);
          const expected: number[] = [];
          for (let i = b; i < 4; i++) for (let k = d; k < 5; k++) expected.push((i * 3 + c) * 5 + k);
          expect([...part.dataSync()]).toEqual(expected);
        }
      }
    }
  });

  it('keeps the data type', () => {
    const part = tensor(new Uint8Array([1, 2, 3])).slice(1, 2);
    expect([part.arraySync(), part.dtype]).toEqual([[2, 3], 'uint8']);
    expect(() => scalar(3).slice([])).toThrow(sentence('slice: Slicing scalar is not possible.'));
  });

  it('stays within the tensor', () => {
    expect(() => six().slice([0, 2], [1, 2])).toThrow(
      sentence('slice: from [0,2] with size [1,2] leaves [2,3].'),
    );
    expect(() => six().slice(-1)).toThrow(
      sentence('slice: slice() does not support negative begin indexing. Got [-1] for shape [2,3].'),
    );
    expect(() => six().slice(3)).toThrow(sentence('slice: from [3,0] with size [-1,3] leaves [2,3].'));
    expect(() => six().slice(0.5, 1)).toThrow(
      sentence('slice: begin must be an integer or a list of integers; got 0.5.'),
    );
    expect(() => six().slice([0, 0, 0])).toThrow(
      sentence('slice: begin and size have 3 and 0 entries; shape [2,3] has 2.'),
    );
  });
});

describe('gather', () => {
  it('picks rows, in the order named', () => {
    const rows = counting(4, 2).gather([3, 0, 3]);
    expect(rows.arraySync()).toEqual([
      [6, 7],
      [0, 1],
      [6, 7],
    ]);
    expect(counting(4, 2).gather(new Int32Array([1])).shape).toEqual([1, 2]);
    expect(counting(4, 2).gather(scalar(1, 'int32')).arraySync()).toEqual([2, 3]);
    expect(counting(4, 2).gather([]).shape).toEqual([0, 2]);
  });

  it('picks along another axis', () => {
    expect(six().gather([2, 0], 1).arraySync()).toEqual([
      [3, 1],
      [6, 4],
    ]);
    expect(six().gather(tensor2d([[0], [1]], undefined, 'int32'), -1).shape).toEqual([2, 2, 1]);
  });

  it('refuses an index that is not there', () => {
    expect(() => six().gather([0, 2])).toThrow(
      sentence('gather: GatherV2: the index value 2 is not in [0, 1], axis 0 of shape [2,3].'),
    );
    expect(() => six().gather([-1], 1)).toThrow(
      sentence('gather: GatherV2: the index value -1 is not in [0, 2], axis 1 of shape [2,3].'),
    );
    expect(() => six().gather([0.5])).toThrow(
      sentence("gather: Argument 'indices' passed to 'gather' must be whole numbers; got 0.5."),
    );
    expect(() => six().gather([0], 2)).toThrow(
      sentence('gather: there is no axis 2; expected an integer from -2 to 1.'),
    );
  });
});

describe('argMax', () => {
  it('tells where the largest value of each row stands', () => {
    const x = tensor2d([
      [1, 3, 2],
      [9, 0, 9],
    ]);
    const best = x.argMax(-1);
    expect([best.dtype, best.shape, best.arraySync()]).toEqual(['int32', [2], [1, 0]]);
    expect(x.argMax().arraySync()).toEqual([1, 0, 1]);
    expect(tensor1d([1, 5, 2]).argMax().arraySync()).toBe(1);
    expect(
      tensor3d([[[1, 2]], [[4, 3]]])
        .argMax(0)
        .arraySync(),
    ).toEqual([[1, 1]]);
  });

  it('needs something to compare', () => {
    expect(() => zeros([2, 0]).argMax(1)).toThrow(sentence('argMax: axis 1 of shape [2,0] is empty.'));
    expect(() => scalar(1).argMax()).toThrow(sentence('argMax: there is no axis 0; a scalar has none.'));
    expect(() => six().argMax(2)).toThrow(
      sentence('argMax: there is no axis 2; expected an integer from -2 to 1.'),
    );
  });
});
