// Programs whose memory left because they had not run for long: they are written anew where they come back, and know
// where the weights are that left or moved meanwhile.

import { expect, test } from 'vitest';
import { Program } from '../../src/compiler/program.ts';
import { engine } from '../../src/engine/engine.ts';
import { Graph } from '../../src/graph/graph.ts';
import { add, mul } from '../../src/graph/ops/elementwise.ts';
import { input, parameter } from '../../src/graph/ops/sources.ts';
import { newRange } from '../../src/state/range.ts';
import { passPeriods } from '../garbage.ts';

/** y = x·w + w, of weights with memory of their own. */
function scaled() {
  const graph = new Graph();
  const weights = newRange('w', [3]);
  weights.write(Float32Array.of(2, 3, 4));
  const w = parameter(graph, weights);
  const x = input(graph, 0, [3]);
  const y = add(mul(x, w), w);
  const program = new Program([y], [], { inputs: [x] });
  const [given, result] = [program.array(x), program.array(y)];
  const of = (...numbers: number[]) => {
    const stay = program.ready();
    given.write(Float32Array.from(numbers));
    program.run();
    return { stay, results: Array.from(result.read()) };
  };
  return {
    program,
    weights,
    of,
    addressOf: () => [program.addressOf(x), program.addressOf(y)],
    given,
    result,
  };
}

test('a program and its weights come back to other places', () => {
  const { of, given, result, addressOf } = scaled();
  const before = of(1, 2, 3);
  expect(before.results).toEqual([4, 9, 16]);
  const addresses = [given.address, result.address];
  const { departures } = engine();
  const taken = passPeriods(3);
  expect(engine().departures).toBeGreaterThan(departures);
  const after = of(4, 5, 6);
  expect(after.results).toEqual([10, 18, 28]);
  expect(after.stay).not.toBe(before.stay);
  // What came in between is where it was.
  expect([given.address, result.address]).not.toEqual(addresses);
  expect([given.address, result.address]).toEqual(addressOf());
  expect(of(0, 0, 0)).toEqual({ stay: after.stay, results: [2, 3, 4] });
  for (const block of taken) block.free();
});

test('a program comes back to weights that stayed', () => {
  const { of, weights } = scaled();
  const { stay } = of(1, 2, 3);
  const taken = passPeriods(3, () => weights.read());
  weights.write(Float32Array.of(5, 6, 7));
  const after = of(1, 1, 1);
  expect(after.results).toEqual([10, 12, 14]);
  expect(after.stay).not.toBe(stay);
  for (const block of taken) block.free();
});

test('one that runs all the while stays where it is, and knows that once what else there was is gone', () => {
  const { of, given, weights } = scaled();
  const { stay } = of(1, 2, 3);
  const { address } = given;
  const { stays } = weights.block;
  const { departures } = engine();
  const taken = passPeriods(3, () => expect(of(1, 1, 1)).toEqual({ stay, results: [4, 6, 8] }));
  expect(engine().departures).toBeGreaterThan(departures);
  expect(given.address).toBe(address);
  expect(weights.block.stays).toBe(stays);
  for (const block of taken) block.free();
});

test('one that was made ready is there for the rest of the period', () => {
  const { of, program } = scaled();
  of(1, 2, 3);
  const taken = passPeriods(1);
  const stay = program.ready();
  taken.push(...passPeriods(1));
  expect(program.ready()).toBe(stay);
  for (const block of taken) block.free();
});
