import { describe, expect, test } from 'vitest';
import { Program } from '../../src/compiler/program.ts';
import { type Block, engine } from '../../src/engine/engine.ts';
import { Graph, type Storage } from '../../src/graph/graph.ts';
import { add, mul } from '../../src/graph/ops/elementwise.ts';
import { sum } from '../../src/graph/ops/reductions.ts';
import { assign, parameter } from '../../src/graph/ops/sources.ts';

function storageOf(values: readonly number[]): Storage & { block: Block; read(): number[] } {
  const block = engine().allocate(values.length * 4, 'a test');
  engine().write(block.address, Float32Array.from(values));
  return {
    name: 'state',
    shape: [values.length],
    address: block.address,
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

  test('leaves the neighbours of an array of odd length alone', () => {
    const state = storageOf([1, 2, 3, 4, 5, 6, 7, 8]);
    const part: Storage = { ...state, name: 'part', shape: [3], address: state.address + 4 };
    const graph = new Graph();
    new Program([], [assign(part, mul(parameter(graph, part), 0))]).run();
    expect(state.read()).toEqual([1, 0, 0, 0, 5, 6, 7, 8]);
  });
});
