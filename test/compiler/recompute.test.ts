// What later maps compute again in place of reading it: with the same numbers, and only where one array is enough for it.

import { afterEach, expect, test } from 'vitest';
import { compilerOptions, Program } from '../../src/compiler/program.ts';
import { engine } from '../../src/engine/engine.ts';
import { Graph, type Value } from '../../src/graph/graph.ts';
import { sum } from '../../src/graph/ops/broadcasting.ts';
import { add, exp, mul, sub } from '../../src/graph/ops/elementwise.ts';
import { slice } from '../../src/graph/ops/movement.ts';
import { input, parameter } from '../../src/graph/ops/sources.ts';
import { reverse } from '../../src/graph/ops/strides.ts';
import { newRange } from '../../src/state/range.ts';

afterEach(() => {
  compilerOptions.fusion = true;
});

const shape = [40, 20];

/** What a program computes of x[i] = i / 100, and its text. */
function run(outputsOf: (x: Value, row: Value) => readonly Value[]) {
  const graph = new Graph();
  const x = input(graph, 0, shape);
  const row = input(graph, 1, [20]);
  const outputs = outputsOf(x, row);
  const program = new Program(outputs, [], { inputs: [x, row] });
  for (const value of [x, row])
    engine().write(
      program.addressOf(value),
      Float32Array.from({ length: value.size }, (_, i) => i / 100),
    );
  program.run();
  const results = outputs.map((value) => engine().readFloats(program.addressOf(value), value.size).slice());
  const text = program.toString();
  program.dispose();
  return { results, text };
}

/** How often `sub` is computed, whose numbers do not depend on how often that is. */
function timesOfSub(outputsOf: (x: Value, row: Value) => readonly Value[]): number {
  const { results, text } = run(outputsOf);
  compilerOptions.fusion = false;
  expect(run(outputsOf).results).toEqual(results);
  compilerOptions.fusion = true;
  return text.match(/= sub\(/g)!.length;
}

/** Of what is centered and its exponentials: a map behind a kernel that needs those. */
const behindKernel = (centered: Value, exponentials = exp(centered)): Value =>
  mul(sum(exponentials, 0, true), centered);

test('what a later map needs is computed there again', () => {
  expect(timesOfSub((x, row) => [behindKernel(sub(x, row))])).toBe(2);
  // The map behind that as well.
  expect(
    timesOfSub((x, row) => {
      const centered = sub(x, row);
      const first = behindKernel(centered);
      return [add(reverse(first, 0), centered)];
    }),
  ).toBe(3);
});

test('only there, where nothing of its own map reads it', () => {
  expect(timesOfSub((x, row) => [add(sub(x, row), sum(exp(x), 0, true))])).toBe(1);
});

test('not where it is an array in any case', () => {
  // As it is a result.
  expect(timesOfSub((x, row) => [behindKernel(sub(x, row)), sub(x, row)])).toBe(1);
  // As a kernel reads it.
  expect(timesOfSub((x, row) => [behindKernel(sub(x, row)), reverse(sub(x, row), 0)])).toBe(1);
});

test('not where that takes two arrays in place of one, or more than simple arithmetic', () => {
  expect(timesOfSub((x) => [behindKernel(sub(x, reverse(x, 0)))])).toBe(1);
  const { text } = run((x) => [behindKernel(exp(x))]);
  expect(text.match(/= exp\(/g)).toHaveLength(2);
});

test('not of state, which may have changed', () => {
  const storage = newRange('a state', shape);
  expect(timesOfSub((x) => [behindKernel(sub(parameter(x.graph, storage), 0.5))])).toBe(1);
});

test('not where a later map reads other elements than the one at hand', () => {
  const timesWith = (later: (centered: Value) => Value) =>
    timesOfSub((x, row) => {
      const centered = sub(x, sum(row));
      return [mul(sum(exp(centered), 0, true), later(centered))];
    });
  expect(timesWith((centered) => centered)).toBe(2);
  expect(timesWith((centered) => reverse(centered, 1))).toBe(1);
  expect(timesWith((centered) => slice(centered, [1, 0], [1, 20]))).toBe(1);
});

test('not where a later map is of the first elements alone', () => {
  expect(
    timesOfSub((x, row) => {
      const centered = sub(x, row);
      return [mul(sum(exp(centered), 0, true), slice(centered, [0, 0], [30, 20]))];
    }),
  ).toBe(1);
});

test('what is too small to leave the caches is read', () => {
  expect(timesOfSub((_, row) => [behindKernel(sub(row, 0.5))])).toBe(1);
});
