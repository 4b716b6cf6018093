// Which arrays a map computes in the place of one that it reads.

import { expect, test } from 'vitest';
import { fuse } from '../../src/compiler/fuse.ts';
import { planMemory } from '../../src/compiler/plan-memory.ts';
import { prune } from '../../src/compiler/prune.ts';
import { schedule } from '../../src/compiler/schedule.ts';
import { Graph, type Value } from '../../src/graph/graph.ts';
import { sum } from '../../src/graph/ops/broadcasting.ts';
import { add, exp } from '../../src/graph/ops/elementwise.ts';
import { slice } from '../../src/graph/ops/movement.ts';
import { input, reshape } from '../../src/graph/ops/sources.ts';
import { reverse } from '../../src/graph/ops/strides.ts';

const x = input(new Graph(), 0, [4, 8]);
/** An array that a kernel leaves: maps that read it begin behind it. */
const array = reverse(x, 1);

/** Where arrays lie in a program that computes `outputs`. */
function placesOf(outputs: readonly Value[]): (value: Value) => number | undefined {
  const stages = fuse(schedule(prune(outputs)));
  const plan = planMemory(stages, { outputs, inputs: [x], pins: new Map(), isSharing: true });
  return (value) => plan.offsets.get(value);
}

/** Whether what a map computes of `array` lies where that lay. */
function isInPlace(result: Value, outputs: readonly Value[] = [result]): boolean {
  const placeOf = placesOf(outputs);
  expect(placeOf(array)).toBeDefined();
  expect(placeOf(result)).toBeDefined();
  return placeOf(result) === placeOf(array);
}

test('what a map computes lies where what it was the last to read lay', () => {
  expect(isInPlace(exp(array))).toBe(true);
  expect(isInPlace(exp(reshape(array, [2, 16])))).toBe(true);
});

test('not where the array is read later, or is a result itself', () => {
  const result = exp(array);
  expect(isInPlace(result, [reverse(result, 0), sum(array, 0)])).toBe(false);
  expect(isInPlace(result, [result, array])).toBe(false);
});

test('not in the place of what the program is given', () => {
  const result = exp(x);
  const placeOf = placesOf([result]);
  expect(placeOf(result)).not.toBe(placeOf(x));
});

test('not where the map reads elements of the array for others than their own', () => {
  expect(
    isInPlace(add(slice(reshape(array, [32]), [0], [16]), slice(reshape(array, [32]), [16], [16]))),
  ).toBe(false);
  expect(isInPlace(add(array, slice(array, [1, 0], [1, 8])))).toBe(false);
});

test('two results of a map: the place goes to one that is computed when nothing reads the array any more', () => {
  const early = exp(array);
  const late = add(early, array);
  const placeOf = placesOf([early, late]);
  expect(placeOf(late)).toBe(placeOf(array));
  expect(placeOf(early)).not.toBe(placeOf(array));
});
