import { describe, expect, test } from 'vitest';
import { Program } from '../../src/compiler/program.ts';
import type { Block } from '../../src/engine/block.ts';
import { engine } from '../../src/engine/engine.ts';
import { Graph, type Storage } from '../../src/graph/graph.ts';
import { sum } from '../../src/graph/ops/broadcasting.ts';
import { add, mul } from '../../src/graph/ops/elementwise.ts';
import { matMul } from '../../src/graph/ops/matmul.ts';
import { slice, transpose } from '../../src/graph/ops/movement.ts';
import { assign, constant, parameter, reshape } from '../../src/graph/ops/sources.ts';

function storageOf(values: readonly number[]): Storage & { block: Block; read(): number[] } {
  const block = engine().allocate(values.length * 4, 'a test');
  engine().write(block.address, Float32Array.from(values));
  return {
    name: 'state',
    shape: [values.length],
    offset: 0,
    block,
    read: () => Array.from(engine().readFloats(block.address, values.length)),
  };
}

describe('assign', () => {
  test('changes state in every run', () => {
    const state = storageOf([1, 2, 3]);
    const graph = new Graph();
    const program = new Program([], [assign(state, mul(parameter(graph, state), 2))]);
    program.run();
    program.run();
    expect(state.read()).toEqual([4, 8, 12]);
  });

  test('what reads the state after it sees the new value, what reads it before the old', () => {
    const state = storageOf([1, 2, 3]);
    const graph = new Graph();
    const before = sum(parameter(graph, state));
    const doubled = mul(parameter(graph, state), 2);
    const effect = assign(state, add(parameter(graph, state), 10));
    const after = sum(parameter(graph, state, effect));
    const program = new Program([before, doubled, after], [effect]);
    program.run();
    const read = (value: typeof before) => engine().readFloats(program.addressOf(value), 1)[0];
    expect([read(before), read(after)]).toEqual([6, 36]);
    expect(Array.from(engine().readFloats(program.addressOf(doubled), 3))).toEqual([2, 4, 6]);
  });

  test('a product behind it reads the state as it was when it was transposed before', () => {
    const state = storageOf([1, 2, 3, 4, 5, 6]);
    const graph = new Graph();
    const columns = transpose(reshape(parameter(graph, state), [2, 3]));
    const effect = assign(state, mul(parameter(graph, state), 0));
    const product = matMul(constant(graph, [1, 10], [1, 2]), columns, false, true);
    const program = new Program([product], [effect]);
    program.run();
    expect([...engine().readFloats(program.addressOf(product), 3)]).toEqual([41, 52, 63]);
    expect(state.read()).toEqual([0, 0, 0, 0, 0, 0]);
  });

  test('leaves the neighbours of an array of odd length alone', () => {
    const state = storageOf([1, 2, 3, 4, 5, 6, 7, 8]);
    const part: Storage = { ...state, name: 'part', shape: [3], offset: 4 };
    const graph = new Graph();
    new Program([], [assign(part, mul(parameter(graph, part), 0))]).run();
    expect(state.read()).toEqual([1, 0, 0, 0, 5, 6, 7, 8]);
  });

  const linesOf = (program: Program) => program.toString().split('\n').length - 1;

  test('happens in the map that computes the value', () => {
    const state = storageOf([1, 2, 3]);
    const graph = new Graph();
    const next = add(mul(parameter(graph, state), 2), 1);
    const program = new Program([], [assign(state, next)]);
    program.run();
    expect(linesOf(program)).toBe(1);
    expect(state.read()).toEqual([3, 5, 7]);
  });

  test('waits for later steps that read the state as it was', () => {
    const state = storageOf([1, 2, 3]);
    const graph = new Graph();
    const next = mul(parameter(graph, state), 2);
    const sums = [sum(next), sum(parameter(graph, state))];
    const program = new Program(sums, [assign(state, next)]);
    program.run();
    expect(sums.map((value) => engine().readFloats(program.addressOf(value), 1)[0])).toEqual([12, 6]);
    expect(state.read()).toEqual([2, 4, 6]);
  });

  test('waits where elements that it overwrites are read for others', () => {
    const before = Array.from({ length: 1600 }, (_, i) => i);
    const state = storageOf(before);
    const late = { ...state, name: 'late', shape: [1000], offset: 600 * 4 };
    const early = { ...state, name: 'early', shape: [1000] };
    const graph = new Graph();
    const next = add(parameter(graph, late), parameter(graph, early));
    new Program([], [assign(late, next)]).run();
    const expected = before.map((value, i) => (i < 600 ? value : value + before[i - 600]));
    expect(state.read()).toEqual(expected);
  });

  // Parts of one block: what is read, what is changed, and whether one map may do both.
  test.each<[string, number, number, number]>([
    ['the neighbours before', 0, 4, 1],
    ['the neighbours behind', 8, 4, 1],
    ['one element of those before', 1, 4, 2],
    ['one element of those behind', 7, 4, 2],
    ['the same', 4, 4, 1],
  ])('reads %s in the same map where none of them is changed', (_, begin, from, lines) => {
    const state = storageOf(Array.from({ length: 12 }, (_each, i) => i));
    const partAt = (at: number, name: string): Storage => ({ ...state, name, shape: [4], offset: 4 * at });
    const graph = new Graph();
    const changed = partAt(from, 'changed');
    const next = mul(add(parameter(graph, changed), parameter(graph, partAt(begin, 'read'))), 2);
    const program = new Program([], [assign(changed, next)]);
    program.run();
    expect(linesOf(program)).toBe(lines);
    const expected = Array.from({ length: 12 }, (_each, i) =>
      i < from || i >= from + 4 ? i : 2 * (i + i - from + begin),
    );
    expect(state.read()).toEqual(expected);
  });

  test('reads one element of what it changes before any is changed', () => {
    const state = storageOf([2, 3, 4]);
    const graph = new Graph();
    const w = parameter(graph, state);
    const program = new Program([], [assign(state, mul(w, slice(w, [1], [1])))]);
    program.run();
    expect([linesOf(program), state.read()]).toEqual([2, [6, 9, 12]]);
  });

  test('is there for what reads neighbours of what it changed', () => {
    const count = 5000;
    const state = storageOf(Array.from({ length: count + 1 }, (_, i) => i));
    const part = (at: number): Storage => ({ ...state, shape: [count], offset: 4 * at });
    const target = storageOf(new Array(count).fill(0));
    const graph = new Graph();
    const doubled = assign(part(0), mul(parameter(graph, part(0)), 2));
    const program = new Program([], [doubled, assign(target, parameter(graph, part(1), doubled))]);
    program.run();
    expect(linesOf(program)).toBe(2);
    expect(target.read()).toEqual(
      Array.from({ length: count }, (_, i) => (i < count - 1 ? 2 * (i + 1) : count)),
    );
  });

  test('is in one map with an effect that reads the same elements behind it', () => {
    const [state, target] = [storageOf([1, 2, 3]), storageOf([0, 0, 0])];
    const graph = new Graph();
    const doubled = assign(state, mul(parameter(graph, state), 2));
    const program = new Program([], [doubled, assign(target, parameter(graph, state, doubled))]);
    program.run();
    expect([linesOf(program), state.read(), target.read()]).toEqual([1, [2, 4, 6], [2, 4, 6]]);
  });

  test('has a map end: what is built behind it runs behind it', () => {
    const state = storageOf([1, 2, 3]);
    const graph = new Graph();
    const w = parameter(graph, state);
    const effect = assign(state, mul(w, 2));
    const behind = mul(constant(graph, [4, 5, 6], [3]), 3);
    const program = new Program([behind], [effect]);
    expect(linesOf(program)).toBe(2);
  });

  test('reads what lies at the same place of another block', () => {
    const [a, b] = [storageOf([1, 2]), storageOf([3, 4])];
    const graph = new Graph();
    const program = new Program([], [assign(a, add(parameter(graph, a), parameter(graph, b)))]);
    program.run();
    expect([linesOf(program), a.read(), b.read()]).toEqual([1, [4, 6], [3, 4]]);
  });
});
