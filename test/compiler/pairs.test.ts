// Instructions of maps that do what two others do have the bits of the two, whatever the numbers and however many.

import { expect, test } from 'vitest';
import { Program } from '../../src/compiler/program.ts';
import { engine } from '../../src/engine/engine.ts';
import { Graph, type Value } from '../../src/graph/graph.ts';
import { add, mul, relu, step, sub } from '../../src/graph/ops/elementwise.ts';
import { input } from '../../src/graph/ops/sources.ts';
import { Dice } from '../dice.ts';

type Build = (a: Value, b: Value, c: Value) => readonly [between: Value, result: Value];

const pairs: Record<string, Build> = {
  'a·b + c': (a, b, c) => second(mul(a, b), (ab) => add(ab, c)),
  'c + a·b': (a, b, c) => second(mul(a, b), (ab) => add(c, ab)),
  '(a − b)·c': (a, b, c) => second(sub(a, b), (ab) => mul(ab, c)),
  'c·(a − b)': (a, b, c) => second(sub(a, b), (ab) => mul(c, ab)),
  'relu(a + b)': (a, b) => second(add(a, b), relu),
  'step(a)·b': (a, b) => second(step(a), (isPositive) => mul(isPositive, b)),
  'b·step(a)': (a, b) => second(step(a), (isPositive) => mul(b, isPositive)),
};

const second = (between: Value, of: (between: Value) => Value): [Value, Value] => [between, of(between)];

const special = [Number.NaN, 0, -0, Infinity, -Infinity, 1e-45, -1e-45, 3.4e38, -3.4e38, 1, -1];

/** The bits of what is computed of three arrays, where what lies between is in memory or not. */
function bitsOf(build: Build, arrays: readonly Float32Array[], isBetweenKept: boolean): number[] {
  const graph = new Graph();
  const inputs = arrays.map(({ length }, i) => input(graph, i, [length]));
  const [between, result] = build(inputs[0], inputs[1], inputs[2]);
  const program = new Program(isBetweenKept ? [between, result] : [result], [], { inputs });
  for (const [i, each] of inputs.entries()) engine().write(program.addressOf(each), arrays[i]);
  program.run();
  const numbers = engine().readFloats(program.addressOf(result), arrays[0].length);
  const bits = new Uint32Array(Float32Array.from(numbers).buffer);
  // All that are no numbers count as one.
  return Array.from(bits, (each, i) => (Number.isNaN(numbers[i]) ? -1 : each));
}

test.each(Object.entries(pairs))('%s', (_, build) => {
  const dice = new Dice(4);
  for (const length of [1, 3, 4, 5, 16, 17, 39, 600]) {
    const draw = () => (dice.chance(0.25) ? dice.among(special) : dice.between(-4, 4));
    const arrays = [0, 1, 2].map(() => Float32Array.from({ length }, draw));
    expect(bitsOf(build, arrays, false)).toEqual(bitsOf(build, arrays, true));
  }
});
