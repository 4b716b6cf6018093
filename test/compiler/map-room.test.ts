// How many element-wise nodes go into one map, of 48 locations: each takes one for its result, and two for each operand
// that is an array of its own or read in a way of its own; random numbers take two more.

import { expect, test } from 'vitest';
import { Layout } from '../../assembly/opcodes.ts';
import { fuse } from '../../src/compiler/fuse.ts';
import { lower } from '../../src/compiler/lower.ts';
import { prune } from '../../src/compiler/prune.ts';
import { schedule } from '../../src/compiler/schedule.ts';
import { Graph, type Value } from '../../src/graph/graph.ts';
import { add, mul, neg } from '../../src/graph/ops/elementwise.ts';
import { slice } from '../../src/graph/ops/movement.ts';
import { randomUniform } from '../../src/graph/ops/random-uniform.ts';
import { input, parameter, reshape, stopGradient } from '../../src/graph/ops/sources.ts';
import { newRange } from '../../src/state/range.ts';

const state = newRange('random', [4]);

/** x through so many negations. */
function chain(x: Value, count: number): Value {
  let y = x;
  for (let i = 0; i < count; i++) y = neg(y);
  return y;
}

const rows = (graph: Graph, i = 0) => input(graph, i, [3, 3]);

/** What a map begins with, and the locations that it takes. */
const beginnings: Readonly<Record<string, readonly [number, (graph: Graph) => Value]>> = {
  'one array': [3, (graph) => neg(rows(graph))],
  'one array, twice': [3, (graph) => mul(rows(graph), rows(graph))],
  'two arrays': [5, (graph) => mul(rows(graph), rows(graph, 1))],
  'two arrays, of which one is read again': [
    6,
    (graph) => mul(add(rows(graph), rows(graph, 1)), rows(graph, 1)),
  ],
  'what the map has computed': [5, (graph) => mul(neg(rows(graph)), neg(neg(rows(graph))))],
  'what the map has computed, under another name': [
    5,
    (graph) => mul(neg(rows(graph)), stopGradient(neg(neg(rows(graph))))),
  ],
  'a row': [5, (graph) => mul(rows(graph), input(graph, 1, [3]))],
  'a row, twice': [
    6,
    (graph) => mul(mul(rows(graph), input(graph, 1, [3])), reshape(input(graph, 1, [3]), [1, 3])),
  ],
  'a row and a column': [
    8,
    (graph) => mul(mul(rows(graph), input(graph, 1, [3])), reshape(input(graph, 1, [3]), [3, 1])),
  ],
  'an array and an element of it': [6, (graph) => neg(mul(rows(graph), slice(rows(graph), [0, 0], [1, 1])))],
  'two parts of an array': [
    5,
    (graph) =>
      mul(slice(input(graph, 0, [6, 3]), [0, 0], [3, 3]), slice(input(graph, 0, [6, 3]), [3, 0], [3, 3])),
  ],
  'one part, twice': [
    4,
    (graph) =>
      neg(
        mul(slice(input(graph, 0, [6, 3]), [3, 0], [3, 3]), slice(input(graph, 0, [6, 3]), [3, 0], [3, 3])),
      ),
  ],
  'two runs of columns': [
    7,
    (graph) =>
      mul(slice(input(graph, 0, [3, 6]), [0, 0], [3, 3]), slice(input(graph, 0, [3, 6]), [0, 3], [3, 3])),
  ],
  'random numbers': [
    3,
    (graph) => randomUniform(parameter(graph, state), { shape: [3, 3], stream: 1, seed: -1 }),
  ],
};

/** How many maps compute values. */
function mapsOf(...values: Value[]): number {
  const low = lower(values, new Graph(), [], true);
  return fuse(schedule(prune(values.map(low)))).length;
}

test.each(Object.entries(beginnings))('%s', (_, [locations, build]) => {
  const left = Layout.mapLocations - locations;
  expect(mapsOf(chain(build(new Graph()), left))).toBe(1);
  expect(mapsOf(chain(build(new Graph()), left + 1))).toBe(2);
});

test('a map that has no room for one node has room for a smaller one', () => {
  const graph = new Graph();
  const { mapLocations } = Layout;
  const nearlyFull = chain(neg(rows(graph)), mapLocations - 3 - 2);
  const full = chain(mul(rows(graph, 1), rows(graph, 2)), mapLocations - 5);
  expect(mapsOf(nearlyFull, full, neg(nearlyFull))).toBe(2);
});

test('a map that is full is in the way of none', () => {
  const graph = new Graph();
  const begun = (i: number, taken: number) =>
    chain(mul(rows(graph, 2 * i), rows(graph, 2 * i + 1)), taken - 5);
  const { mapLocations } = Layout;
  const first = begun(0, mapLocations - 1);
  const second = begun(1, mapLocations - 2);
  // The first is filled up when the second has begun already; the third finds no room in either.
  const filled = neg(first);
  const third = begun(2, mapLocations);
  expect(mapsOf(filled, third, neg(second))).toBe(3);
});
