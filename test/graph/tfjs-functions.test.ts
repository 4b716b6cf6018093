// Builders that are composed of ops against TensorFlow.js: what they give, and their gradients; where TensorFlow.js has
// no gradient, finite differences of the float64 interpreter's.

import { describe, expect, test } from 'vitest';
import { differentiate } from '../../src/compiler/differentiate.ts';
import { Program } from '../../src/compiler/program.ts';
import type { Value } from '../../src/graph/graph.ts';
import { sum } from '../../src/graph/ops/broadcasting.ts';
import { add, mul } from '../../src/graph/ops/elementwise.ts';
import { constant } from '../../src/graph/ops/sources.ts';
import { interpret } from '../interpreter.ts';
import { type Call, calls, type Numbers, trace } from './tfjs-calls.ts';

/** Where a result jumps there is no gradient, and differences are none either: divisors of 0. */
const jumps = new Set(['divNoNan']);

const arrayOf = ({ dtype, values }: Numbers) =>
  dtype === 'int32' ? Int32Array.from(values) : Float32Array.from(values);

function run(call: Call, given: readonly Value[], outputs: readonly Value[]): number[][] {
  const program = new Program(outputs, [], { inputs: given });
  for (const [i, value] of given.entries()) program.array(value).write(arrayOf(call.inputs[i]));
  program.run();
  const results = outputs.map((value) => Array.from(program.array(value).copy()));
  program.dispose();
  return results;
}

const tolerance = 2e-5;

function expectClose(got: readonly number[], expected: ArrayLike<number>, what: string): void {
  expect(got.length, what).toBe(expected.length);
  const scale = Math.max(1e-3, ...Array.from(expected, Math.abs));
  for (const [i, value] of got.entries()) {
    expect(Math.abs(value - expected[i]) / scale, `${what}[${i}]: ${value}, ${expected[i]}`).toBeLessThan(
      tolerance,
    );
  }
}

const titled = calls.map((call, i) => [`${call.name} ${JSON.stringify(call.args)} #${i}`, call] as const);

describe('results', () => {
  test.each(titled)('%s', (title, call) => {
    const { given, results } = trace(call);
    expect(results.map(({ shape, dtype }) => ({ shape, dtype }))).toEqual(
      call.results.map(({ shape, dtype }) => ({ shape, dtype })),
    );
    for (const [i, got] of run(call, given, results).entries()) {
      expectClose(got, call.results[i].values, title);
    }
  });
});

describe('gradients', () => {
  test.each(titled)('%s', (title, call) => {
    const { graph, given, results } = trace(call);
    const terms = results
      .filter(({ dtype }) => dtype === 'float32')
      .map((y) => {
        const weights = Float32Array.from({ length: y.size }, (_, i) => Math.cos(1 + i));
        return sum(mul(y, constant(graph, weights, y.shape)));
      });
    if (terms.length === 0 || jumps.has(call.name)) return;
    const loss = terms.reduce((a, b) => add(a, b));
    const floats = given.filter(({ dtype }) => dtype === 'float32');
    if (call.name === 'cumprod' || call.name === 'tensorScatterUpdate') {
      expect(() => differentiate(loss, floats)).toThrow('differentiated');
      return;
    }
    const gradients = differentiate(loss, floats);
    const known = gradients.filter((gradient) => gradient !== undefined);
    const computed = known.length > 0 ? run(call, given, known) : [];
    for (const [i, x] of floats.entries()) {
      const place = given.indexOf(x);
      const gradient = gradients[i]
        ? computed[known.indexOf(gradients[i])]
        : new Array<number>(x.size).fill(0);
      expectClose(
        gradient,
        call.gradients[place] ?? differences(call, given, loss, place),
        `${title} by ${i}`,
      );
    }
  });
});

/** Finite differences of the loss by one of the inputs. */
function differences(call: Call, given: readonly Value[], loss: Value, place: number): number[] {
  const step = 6e-6;
  const values = call.inputs.map((each) => Float64Array.from(arrayOf(each)));
  const lossAt = () => interpret([loss], new Map(given.map((value, i) => [value, values[i]])))[0][0];
  return Array.from(values[place], (x, i) => {
    values[place][i] = x + step;
    const above = lossAt();
    values[place][i] = x - step;
    const below = lossAt();
    values[place][i] = x;
    return (above - below) / (2 * step);
  });
}
