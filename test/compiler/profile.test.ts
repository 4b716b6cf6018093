// What a profile says of times that a clock of the test's own tells, and that runs end at a guard where they are timed too.

import { afterEach, describe, expect, test, vi } from 'vitest';
import { Profile } from '../../src/compiler/profile.ts';
import { Program } from '../../src/compiler/program.ts';
import { Graph } from '../../src/graph/graph.ts';
import { sum } from '../../src/graph/ops/broadcasting.ts';
import { add, neg, reciprocal, square } from '../../src/graph/ops/elementwise.ts';
import { guard } from '../../src/graph/ops/guard.ts';
import { concat } from '../../src/graph/ops/movement.ts';
import { assign, input, parameter } from '../../src/graph/ops/sources.ts';
import { newRange } from '../../src/state/range.ts';
import { timeExchange } from '../../src/training/distributed/cluster.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

/** Work that takes so many milliseconds of the clock that profiles look at. */
function clock() {
  let now = 1000;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  return (milliseconds: number) => () => {
    now += milliseconds;
  };
}

describe('a profile', () => {
  test('sums what is of one kind, shape and layer, the longest first', () => {
    const taking = clock();
    const profile = new Profile();
    profile.time('matMul', '[2,3]', 'hidden', taking(2));
    profile.time('map', '[2,3]', 'hidden', taking(6));
    profile.time('matMul', '[2,3]', 'hidden', taking(1));
    profile.time('matMul', '[2,3]', 'out', taking(3));
    profile.time('matMul', '[4,3]', 'hidden', taking(0));
    expect(profile.entries()).toEqual([
      { kind: 'map', shape: '[2,3]', layers: 'hidden', runs: 1, milliseconds: 6, share: 0.5 },
      { kind: 'matMul', shape: '[2,3]', layers: 'hidden', runs: 2, milliseconds: 3, share: 0.25 },
      { kind: 'matMul', shape: '[2,3]', layers: 'out', runs: 1, milliseconds: 3, share: 0.25 },
      { kind: 'matMul', shape: '[4,3]', layers: 'hidden', runs: 1, milliseconds: 0, share: 0 },
    ]);
  });

  test('has shares of nothing where nothing took any time', () => {
    clock();
    const profile = new Profile();
    profile.time('map', '[]', '', () => {});
    expect(profile.entries().map(({ share }) => share)).toEqual([0]);
  });

  test('counts an exchange once that begins and ends at different times', () => {
    const taking = clock();
    const profile = new Profile();
    timeExchange(profile, 12, 'parts', taking(2), 0);
    timeExchange(profile, 12, 'parts', taking(1));
    const parts = { kind: 'exchange', shape: '[12]', layers: 'parts', runs: 1, milliseconds: 3, share: 1 };
    expect(profile.entries()).toEqual([parts]);
    const work = vi.fn();
    timeExchange(undefined, 12, 'parts', work);
    expect(work).toHaveBeenCalledOnce();
  });
});

test('stages without commands are in no profile', () => {
  const graph = new Graph();
  const x = input(graph, 0, [2, 3]);
  const joined = concat([neg(x), square(x)], 1);
  const program = new Program([joined], [], { inputs: [x] });
  program.array(x).write(Float32Array.of(1, 2, 3, 4, 5, 6));
  const profile = new Profile();
  program.runTimed(profile);
  expect(profile.entries().map(({ kind, runs }) => ({ kind, runs }))).toEqual([{ kind: 'map', runs: 1 }]);
  expect(program.toString()).toContain('joined ×0 ');
  expect(Array.from(program.array(joined).read())).toEqual([-1, -2, -3, 1, 4, 9, -4, -5, -6, 16, 25, 36]);
});

test.each(['run', 'timed run'])('a guard ends a %s where its number is not finite', (kind) => {
  const graph = new Graph();
  const x = input(graph, 0, [3]);
  const count = newRange('count', []);
  const effects = [guard(sum(x)), assign(count, add(parameter(graph, count), 1))];
  const program = new Program([], effects, { inputs: [x] });
  const countAfter = (values: readonly number[]) => {
    program.array(x).write(Float32Array.from(values));
    if (kind === 'run') program.run();
    else program.runTimed(new Profile());
    return count.read()[0];
  };
  const counts = [
    [1, 2, 3],
    [1, Number.NaN, 3],
    [Number.POSITIVE_INFINITY, 2, 3],
    [0, 0, 0],
  ].map(countAfter);
  expect(counts).toEqual([1, 1, 1, 2]);
});

test('what a guard looks at is changed before it, and nothing else', () => {
  const graph = new Graph();
  const [left, done] = [newRange('left', []), newRange('done', [])];
  left.write(Float32Array.of(2));
  const taken = assign(left, add(parameter(graph, left), -1));
  const counted = assign(done, add(parameter(graph, done), 1));
  const program = new Program([], [counted, taken, guard(reciprocal(parameter(graph, left, taken)))]);
  const counts = [1, 2, 3].map(() => {
    program.run();
    return [left.read()[0], done.read()[0]];
  });
  expect(counts).toEqual([
    [1, 1],
    [0, 1],
    [-1, 2],
  ]);
});
