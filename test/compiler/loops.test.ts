// What is repeated gives what the same nodes give time by time, to the bit: whatever is wanted of it, forwards and
// backwards in time, in arrays that fill vectors and in others.

import { afterEach, describe, expect, test, vi } from 'vitest';
import { Profile } from '../../src/compiler/profile.ts';
import { compilerOptions, Program } from '../../src/compiler/program.ts';
import { engine } from '../../src/engine/engine.ts';
import { Graph, type Value } from '../../src/graph/graph.ts';
import { add, exp, mul, neg, sub, tanh } from '../../src/graph/ops/elementwise.ts';
import { final, leaf, outsideOf, stacked } from '../../src/graph/ops/loop.ts';
import { matMul } from '../../src/graph/ops/matmul.ts';
import { concat, slice, transpose } from '../../src/graph/ops/movement.ts';
import { input, reshape } from '../../src/graph/ops/sources.ts';
import { loop } from '../../src/tensor/loops.ts';
import { waysToCompile } from './ways-to-compile.ts';

const defaults = { ...compilerOptions };
afterEach(() => {
  Object.assign(compilerOptions, defaults);
});

const times = 9;
/** How programs are run. */
let run = (program: Program) => program.run();

interface Given {
  /** Of one time. */
  readonly x: Value;
  readonly states: readonly [Value, Value];
  /** The same at all times, [columns, columns]. */
  readonly w: Value;
}

interface Made {
  readonly next: readonly [Value, Value];
  /** What else may be wanted of each time. */
  readonly seen: Value;
}

const bodies: Readonly<Record<string, (given: Given) => Made>> = {
  'two states, of which one reads the other': ({ x, states: [a, b], w }) => ({
    next: [tanh(add(matMul(a, w), x)), add(mul(b, 0.5), a)],
    seen: exp(sub(a, x)),
  }),
  'states that are the same afterwards': ({ x, states: [a, b], w }) => {
    const next = tanh(add(matMul(sub(a, b), w), x));
    return { next: [next, next], seen: neg(b) };
  },
  'states that take turns': ({ x, states: [a, b], w }) => ({
    next: [tanh(add(b, x)), a],
    seen: matMul(a, w),
  }),
  'products of what is the same at all times': ({ x, states: [a, b], w }) => {
    const square = matMul(w, transpose(w));
    return { next: [tanh(add(matMul(a, matMul(square, w)), x)), mul(b, x)], seen: matMul(x, square) };
  },
  'values that are read twice, stage by stage: by so many ways that nobody can go each': ({
    x,
    states: [a, b],
    w,
  }) => {
    const stages = (value: Value): Value =>
      Array.from({ length: 30 }).reduce<Value>((last) => mul(add(last, tanh(last)), 0.5), value);
    const same = matMul(stages(w), stages(transpose(w)));
    return { next: [tanh(add(matMul(a, same), x)), stages(add(b, x))], seen: stages(a) };
  },
  'one state that nothing else needs': ({ x, states: [a, b], w }) => ({
    next: [add(mul(a, 0.5), x), tanh(add(matMul(b, w), x))],
    seen: add(a, 1),
  }),
};

type Wanted = 'before' | 'after' | 'seen' | 'first' | 'second' | 'after of the second';
const wanted: readonly (readonly Wanted[])[] = [
  ['first'],
  ['second'],
  ['first', 'second'],
  ['after'],
  ['before'],
  ['seen'],
  ['seen', 'first'],
  ['before', 'after', 'second'],
  ['after', 'after of the second'],
  ['before', 'after', 'seen', 'first', 'second', 'after of the second'],
];

interface Inputs {
  readonly x: Value;
  readonly a: Value;
  readonly b: Value;
  readonly w: Value;
}

type Build = (
  inputs: Inputs,
  body: (given: Given) => Made,
  isReverse: boolean,
  what: readonly Wanted[],
) => Value[];

/** What is wanted of a loop. */
const looped: Build = ({ x, a, b, w }, body, isReverse, what) => {
  const { graph } = x;
  const now = leaf(graph, { shape: x.shape.slice(1), dtype: 'float32' });
  const states = [leaf(graph, a), leaf(graph, b)] as const;
  const { next, seen } = body({ x: now, states, w });
  const outside = outsideOf([...next, seen], [now, ...states]);
  const whole = loop({ times, isReverse, slices: [now], states, next, outside }, [x], [a, b], outside);
  const of: Record<Wanted, () => Value> = {
    before: () => stacked(whole, states[0]),
    after: () => stacked(whole, next[0]),
    seen: () => stacked(whole, seen),
    first: () => final(whole, 0),
    second: () => final(whole, 1),
    'after of the second': () => stacked(whole, next[1]),
  };
  return what.map((name) => of[name]());
};

/** The same, time by time. */
const unrolled: Build = ({ x, a, b, w }, body, isReverse, what) => {
  let states: readonly [Value, Value] = [a, b];
  const all: Record<Wanted, Value[]> = {
    before: [],
    after: [],
    seen: [],
    first: [],
    second: [],
    'after of the second': [],
  };
  for (let round = 0; round < times; round++) {
    const t = isReverse ? times - 1 - round : round;
    const now = reshape(slice(x, [t], [1]), x.shape.slice(1));
    const { next, seen } = body({ x: now, states, w });
    const note = (name: Wanted, value: Value) => {
      all[name][t] = reshape(value, [1, ...value.shape]);
    };
    note('before', states[0]);
    note('after', next[0]);
    note('seen', seen);
    note('after of the second', next[1]);
    states = next;
  }
  return what.map((name) => {
    if (name === 'first') return states[0];
    return name === 'second' ? states[1] : concat(all[name], 0);
  });
};

function computed(
  build: typeof looped,
  columns: number,
  ...how: [(given: Given) => Made, boolean, readonly Wanted[]]
): number[][] {
  const graph = new Graph();
  const shapes = [
    [times, 2, columns],
    [2, columns],
    [2, columns],
    [columns, columns],
  ];
  const given = shapes.map((shape, i) => input(graph, i, shape));
  const [x, a, b, w] = given;
  const outputs = build({ x, a, b, w }, ...how);
  const program = new Program(outputs, [], { inputs: given });
  for (const [i, value] of given.entries())
    program
      .array(value)
      .write(Float32Array.from({ length: value.size }, (_, at) => Math.sin(at * at + i + 1)));
  run(program);
  const results = outputs.map((value) => Array.from(program.array(value).read()));
  program.dispose();
  return results;
}

describe.each(Object.entries(bodies))('%s', (_, body) => {
  test.each(wanted.map((what) => [what.join(', '), what] as const))('%s', (_each, what) => {
    for (const isReverse of [false, true]) {
      const expected = computed(unrolled, 3, body, isReverse, what);
      expect(computed(looped, 3, body, isReverse, what)).toEqual(expected);
    }
  });

  test.each(waysToCompile)('all of it, %s', (_each, options) => {
    const all = wanted[wanted.length - 1];
    const expected = computed(unrolled, 8, body, false, all);
    Object.assign(compilerOptions, options);
    expect(computed(looped, 8, body, false, all)).toEqual(expected);
  });
});

describe('a loop that somebody watches', () => {
  const all = wanted[wanted.length - 1];
  // It has commands before the loop, and several stages in it.
  const body = bodies['products of what is the same at all times'];
  const expected = computed(unrolled, 3, body, true, all);
  afterEach(() => {
    run = (program) => program.run();
  });

  test.each<[string, (program: Program, told: number[]) => void]>([
    ['run', (program, told) => program.run({ from: 0, told: (commands) => told.push(commands) })],
    [
      'timed run',
      (program, told) =>
        program.runTimed(new Profile(), { from: 0, told: (commands) => told.push(commands) }),
    ],
  ])('computes the same in a watched %s', (_, watched) => {
    const told: number[] = [];
    let commands = 0;
    run = (program) => {
      const each = vi.spyOn(engine(), 'run');
      watched(program, told);
      commands = each.mock.calls.reduce((count, call) => count + call[1], 0);
      each.mockRestore();
    };
    expect(computed(looped, 3, body, true, all)).toEqual(expected);
    expect(told.at(-1)).toBe(commands);
    expect(told).toEqual([...new Set(told)].sort((a, b) => a - b));
    expect(told.length).toBeGreaterThan(times);
  });
});
