// Arrays of a program as JavaScript has them: what is written is read again, whole or in parts, of every type.

import { describe, expect, test } from 'vitest';
import { Program } from '../../src/compiler/program.ts';
import { Graph } from '../../src/graph/graph.ts';
import { input } from '../../src/graph/ops/sources.ts';

/** An input between two others, whose neighbours show what is written beside it. */
function arrays(shape: readonly number[], dtype: 'float32' | 'int32' | 'bool' | 'uint8' = 'float32') {
  const graph = new Graph();
  const inputs = [0, 1, 2].map((i) => input(graph, i, shape, dtype));
  const program = new Program([], [], { inputs });
  const all = inputs.map((value) => program.array(value));
  for (const array of all) array.write(new Float32Array(array.size).fill(9));
  const expectNeighbours = () => {
    for (const i of [0, 2]) expect(new Set(all[i].copy())).toEqual(new Set([9]));
  };
  return { program, array: all[1], value: inputs[1], expectNeighbours };
}

test('an array is where the program has it, of its shape', () => {
  const { program, array, value } = arrays([2, 3]);
  expect(array).toMatchObject({ shape: [2, 3], size: 6, address: program.addressOf(value) });
});

describe.each(['float32', 'int32', 'uint8'] as const)('of %s', (dtype) => {
  test('is written whole, from a place of its source on, and in part', () => {
    const { array, expectNeighbours } = arrays([5], dtype);
    const source = [1, 2, 3, 4, 5, 6, 7, 8];
    array.write(Int32Array.from(source));
    expect(Array.from(array.copy())).toEqual([1, 2, 3, 4, 5]);
    array.write(Int32Array.from(source), 3);
    expect(Array.from(array.copy())).toEqual([4, 5, 6, 7, 8]);
    array.write(Int32Array.from(source), 1, 2);
    expect(Array.from(array.copy())).toEqual([2, 3, 6, 7, 8]);
    expectNeighbours();
  });

  test.each([
    [1, [7, 1, 4, 1]],
    [2, [14, 15, 2, 3, 8, 9, 2, 3]],
    [3, [21, 22, 23, 3, 4, 5, 12, 13, 14, 3, 4, 5]],
  ])('is gathered of runs of %i', (size, expected) => {
    const { array, expectNeighbours } = arrays([4, size], dtype);
    const source = Int32Array.from({ length: 8 * size }, (_, i) => i);
    array.gather(source, size, Uint32Array.of(2, 7, 1, 4, 1, 5), 1, 4);
    expect(Array.from(array.copy())).toEqual(expected);
    array.gather(source, size, Uint32Array.of(6, 3), 0, 1);
    const run = Array.from({ length: size }, (_, i) => 6 * size + i);
    expect(Array.from(array.copy())).toEqual([...run, ...expected.slice(size)]);
    expectNeighbours();
  });

  test('is copied as an array of its type', () => {
    const { array } = arrays([3], dtype);
    array.write(Float32Array.of(1, 2, 3));
    const kinds = { float32: Float32Array, int32: Int32Array, uint8: Uint8Array };
    expect(array.copy()).toEqual(kinds[dtype].of(1, 2, 3));
  });
});

test('floats are read one by one, as a copy, and into an array that has more', () => {
  const { array } = arrays([3]);
  array.write(Float32Array.of(1.5, 2.5, 3.5));
  expect([0, 1, 2].map((i) => array.at(i))).toEqual([1.5, 2.5, 3.5]);
  const read = array.read();
  array.write(Float32Array.of(7, 8, 9));
  expect(read).toEqual(Float32Array.of(1.5, 2.5, 3.5));
  const target = new Float32Array(6);
  array.readInto(target, 2);
  expect(target).toEqual(Float32Array.of(0, 0, 7, 8, 9, 0));
});

test('bools are bytes', () => {
  const { array } = arrays([3], 'bool');
  array.write(Float32Array.of(1, 0, 1));
  expect(array.copy()).toEqual(Uint8Array.of(1, 0, 1));
});
