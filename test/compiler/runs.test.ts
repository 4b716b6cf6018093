// How programs are run: by how many threads their stages, in which pieces where somebody watches, and in what memory.

import { afterEach, describe, expect, test, vi } from 'vitest';
import { Layout } from '../../assembly/opcodes.ts';
import { Profile } from '../../src/compiler/profile.ts';
import { compilerOptions, Program } from '../../src/compiler/program.ts';
import { engine } from '../../src/engine/engine.ts';
import { Graph, type Storage, type Value } from '../../src/graph/graph.ts';
import { sum } from '../../src/graph/ops/broadcasting.ts';
import { exp, neg } from '../../src/graph/ops/elementwise.ts';
import { guard } from '../../src/graph/ops/guard.ts';
import { matMul } from '../../src/graph/ops/matmul.ts';
import { transpose } from '../../src/graph/ops/movement.ts';
import { input, parameter } from '../../src/graph/ops/sources.ts';
import { newRange } from '../../src/state/range.ts';
import { countingBytes, passPeriods } from '../garbage.ts';

const defaults = { ...compilerOptions };
afterEach(() => {
  vi.restoreAllMocks();
  Object.assign(compilerOptions, defaults);
});

/** The threads of a program's commands, where threads share it. */
function threadsOf(outputs: readonly Value[], effects: readonly Value[] = []): number[] {
  vi.spyOn(engine(), 'sharesPrograms').mockReturnValue(true);
  const run = vi.spyOn(engine(), 'run').mockImplementation(() => {});
  new Program(outputs, effects).run();
  const [address, count] = run.mock.calls.at(-1)!;
  const firstWords = Array.from(
    { length: count },
    (_, i) => engine().i32[(address + i * Layout.commandBytes) / 4],
  );
  return firstWords.map((word) => word >>> (8 * Layout.threadsAt));
}

describe('threads', () => {
  // An element of a map counts as 8 multiply-adds; 0 stands for one thread.
  test.each([
    [1000, 0],
    [3999, 0],
    [4000, 2],
    [8999, 2],
    [9000, 3],
    [15_999, 3],
    [16_000, 4],
    [256_000, 16],
    [1_000_000, 31],
    [5_000_000, Layout.maxThreads],
  ])('a map of %i elements is shared by %i', (size, threads) => {
    compilerOptions.sharedWork = 32_000;
    expect(threadsOf([neg(input(new Graph(), 0, [size]))])).toEqual([threads]);
  });

  test('all share all where sharing costs nothing', () => {
    compilerOptions.sharedWork = 0;
    expect(threadsOf([neg(input(new Graph(), 0, [1]))])).toEqual([Layout.maxThreads]);
  });

  test('one thread has a guard, and a program that does not pay', () => {
    compilerOptions.sharedWork = 1;
    const x = input(new Graph(), 0, [100]);
    const threads = threadsOf([exp(x)], [guard(sum(x))]);
    expect(threads.filter((each) => each === 0)).toHaveLength(1);
    vi.restoreAllMocks();
    vi.spyOn(engine(), 'sharesPrograms').mockReturnValue(false);
    const program = new Program([exp(x)], []);
    const run = vi.spyOn(engine(), 'run').mockImplementation(() => {});
    program.run();
    expect(engine().i32[run.mock.calls[0][0] / 4] >>> (8 * Layout.threadsAt)).toBe(0);
  });
});

describe('pieces', () => {
  /** Four kernels, of a command each. */
  function fourCommands() {
    let y: Value = input(new Graph(), 0, [2, 3]);
    for (let i = 0; i < 2; i++) y = transpose(sumOfRows(transpose(y)));
    return new Program([y], []);
  }
  const sumOfRows = (x: Value) => matMul(x, transpose(x));

  test.each(['run', 'timed run'])('a watched %s runs each command once, in order', (kind) => {
    const program = fourCommands();
    const run = vi.spyOn(engine(), 'run').mockImplementation(() => {});
    program.run();
    const [[begin, all]] = run.mock.calls;
    expect(all).toBeGreaterThan(3);
    for (let from = 0; from <= all; from++) {
      run.mockClear();
      const told: number[] = [];
      const watcher = { from, told: (commands: number) => told.push(commands) };
      if (kind === 'run') program.run(watcher);
      else program.runTimed(new Profile(), watcher);
      let at = begin;
      for (const [address, count] of run.mock.calls) {
        expect(address).toBe(at);
        expect(count).toBeGreaterThan(0);
        at += count * Layout.commandBytes;
      }
      expect(at).toBe(begin + all * Layout.commandBytes);
      const expected = Array.from({ length: all }, (_, i) => i + 1).filter((commands) => commands >= from);
      expect(told).toEqual(expected);
    }
  });
});

describe('memory', () => {
  test.each([
    [undefined, 'a program'],
    ['a step', 'a step'],
  ])('for %s is asked for as %s', (purpose, said) => {
    const allocate = vi.spyOn(engine(), 'allocate');
    new Program([neg(input(new Graph(), 0, [3]))], [], { purpose });
    expect(allocate.mock.calls).toEqual([[expect.any(Number), said, 'anything']]);
  });

  test('that is poisoned is NaN from end to end, and none beside it', () => {
    compilerOptions.poison = true;
    const x = input(new Graph(), 0, [3, 3]);
    const [product, sums] = [matMul(x, x), matMul(matMul(x, x), x)];
    const kept = newRange('kept', [3, 3]);
    kept.write(new Float32Array(9).fill(1));
    const block = engine().allocate(64 + 36 + 64, 'a test');
    block.write(0, new Float32Array(block.bytes / 4).fill(2));
    const scratch = { name: 'scratch', shape: [3, 3], block, offset: 64, isScratch: true };
    const pins = new Map<Value, Storage>([
      [product, kept],
      [sums, scratch],
    ]);
    const program = new Program([exp(x), product, sums], [], { pins });
    expect(Array.from(kept.read())).toEqual(new Array(9).fill(1));
    const floats = (count: number, value: number) => new Array<number>(count).fill(value);
    expect(Array.from(block.readFloats(0, 41))).toEqual([
      ...floats(16, 2),
      ...floats(9, Number.NaN),
      ...floats(16, 2),
    ]);
    expect(Array.from(program.array(x).read())).toEqual(floats(9, Number.NaN));
  });

  test('is given back', async () => {
    await countingBytes((heldBytes) => {
      const program = new Program([neg(input(new Graph(), 0, [100]))], []);
      // A command, its tables, and two arrays, each aligned to 64 bytes.
      expect(program.bytes).toBe(192 + 2 * 448);
      expect(heldBytes()).toBe(program.bytes);
      expect(program.isDisposed).toBe(false);
      program.dispose();
      expect(program.isDisposed).toBe(true);
      expect(heldBytes()).toBe(0);
    });
  });

  test.each(['run', 'timed run'])('that left is there again for a %s', (kind) => {
    const weights = newRange('w', [3]);
    weights.write(Float32Array.of(1, 2, 3));
    const y = neg(parameter(new Graph(), weights));
    const program = new Program([y], []);
    const taken = passPeriods(3);
    if (kind === 'run') program.run();
    else program.runTimed(new Profile());
    expect(Array.from(program.array(y).read())).toEqual([-1, -2, -3]);
    for (const block of taken) block.free();
  });
});
