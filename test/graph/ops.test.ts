// Every op's values and gradients, against the float64 interpreter. No op escapes: the table is walked.

import { describe, expect, test } from 'vitest';
import { differentiate } from '../../src/compiler/differentiate.ts';
import { Program } from '../../src/compiler/program.ts';
import { engine } from '../../src/engine/engine.ts';
import { Graph, type Value } from '../../src/graph/graph.ts';
import { sum } from '../../src/graph/ops/broadcasting.ts';
import { mul } from '../../src/graph/ops/elementwise.ts';
import { ops } from '../../src/graph/ops/index.ts';
import { constant, input } from '../../src/graph/ops/sources.ts';
import { formatShape, sizeOf } from '../../src/graph/shape.ts';
import { RandomStream } from '../../src/random/random-stream.ts';
import { interpret } from '../interpreter.ts';
import { type OpCase, opCases } from './op-cases.ts';

/** Ops that compute nothing of their own, or have tests of their own, with the reason. */
const elsewhere: Record<string, string> = {
  input: 'data: every case has some',
  parameter: 'memory that is read: test/models',
  constant: 'data: every gradient test has one',
  assign: 'an effect: test/compiler/effects.test.ts',
  update: 'the optimizers: test/optimizers/optimizers.test.ts',
  fromUint8: 'conversion, no gradient: test/graph/conversion.test.ts',
  fromInt32: 'conversion, no gradient: test/graph/conversion.test.ts',
  fromBool: 'conversion, no gradient: test/graph/conversion.test.ts',
  randomUniform: 'random numbers: test/graph/random.test.ts',
  maxPool2dGradient: 'the gradient of maxPool2d, tested as such',
};

/** Step of the finite differences: the cube root of float64's epsilon, which balances its two errors. */
const step = 6e-6;
/** Float32 results against float64: relative to the largest value of the array. */
const tolerance = 4e-6;

function randomInputs(opCase: OpCase): Float32Array[] {
  const random = new RandomStream(7, 1);
  const [least, most] = opCase.range ?? [-2, 2];
  return opCase.shapes.map((shape) =>
    Float32Array.from({ length: sizeOf(shape) }, () => {
      const value = least + (most - least) * random.uniform();
      const corner = opCase.corners?.find((each) => Math.abs(each - value) < 0.05);
      return corner === undefined ? value : corner + 0.05;
    }),
  );
}

function expectClose(got: ArrayLike<number>, expected: Float64Array, what: string): void {
  const scale = expected.reduce((largest, x) => Math.max(largest, Math.abs(x)), 0) || 1;
  for (let i = 0; i < expected.length; i++) {
    const error = Math.abs(got[i] - expected[i]) / scale;
    if (!(error <= tolerance)) {
      throw new Error(`${what}[${i}]: got ${got[i]}, expected ${expected[i]}, error ${error} of the largest`);
    }
  }
}

interface Trace {
  readonly graph: Graph;
  readonly inputs: Value[];
  readonly y: Value;
}

function trace(opCase: OpCase): Trace {
  const graph = new Graph();
  const inputs = opCase.shapes.map((shape, i) => input(graph, i, shape));
  return { graph, inputs, y: opCase.build(...inputs) };
}

function run(
  outputs: readonly Value[],
  inputs: readonly Value[],
  data: readonly Float32Array[],
): Float32Array[] {
  const program = new Program(outputs, [], { inputs });
  for (const [i, value] of inputs.entries()) engine().write(program.addressOf(value), data[i]);
  program.run();
  const results = outputs.map((value) => engine().readFloats(program.addressOf(value), value.size));
  program.dispose();
  return results;
}

const title = ({ op, shapes }: OpCase, i: number) => `${op} ${shapes.map(formatShape).join(' ')} #${i}`;

test('every op of the table has a case here or a test elsewhere', () => {
  const covered = new Set([...opCases.map(({ op }) => op), ...Object.keys(elsewhere)]);
  expect(Object.keys(ops).filter((name) => !covered.has(name))).toEqual([]);
  expect([...covered].filter((name) => !(name in ops))).toEqual([]);
});

test('a case builds the op that it names', () => {
  for (const opCase of opCases) {
    const { graph } = trace(opCase);
    expect(graph.nodes.map(({ op }) => op.name)).toContain(opCase.op);
  }
});

describe('values', () => {
  test.each(opCases.map((opCase, i) => [title(opCase, i), opCase] as const))('%s', (name, opCase) => {
    const { inputs, y } = trace(opCase);
    const data = randomInputs(opCase);
    const [got] = run([y], inputs, data);
    const given = new Map(inputs.map((value, i) => [value, Float64Array.from(data[i])]));
    expectClose(got, interpret([y], given)[0], name);
  });
});

describe('gradients', () => {
  test.each(opCases.map((opCase, i) => [title(opCase, i), opCase] as const))('%s', (name, opCase) => {
    const { graph, inputs, y } = trace(opCase);
    const data = randomInputs(opCase);
    const random = new RandomStream(11, 2);
    // A weighted sum of the result, so that every element's gradient is told apart.
    const weights = Float32Array.from({ length: y.size }, () => random.uniform() + 0.5);
    const loss = sum(mul(y, constant(graph, weights, y.shape)));
    const gradients = differentiate(loss, inputs);
    const got = run(
      gradients.filter((gradient) => gradient !== undefined),
      inputs,
      data,
    );
    const given = data.map((values) => Float64Array.from(values));
    const measured = opCase.smooth
      ? sum(mul(opCase.smooth(...inputs), constant(graph, weights, y.shape)))
      : loss;
    const lossAt = () => interpret([measured], new Map(inputs.map((value, i) => [value, given[i]])))[0][0];
    let next = 0;
    for (const [i, values] of given.entries()) {
      if (opCase.fixed?.includes(i)) {
        expect(gradients[i], `no gradient of input ${i}`).toBeUndefined();
        continue;
      }
      const gradient = gradients[i] ? got[next++] : new Float32Array(values.length);
      const places = sample(values.length);
      const expected = places.map((place) => {
        const x = values[place];
        values[place] = x + step;
        const above = lossAt();
        values[place] = x - step;
        const below = lossAt();
        values[place] = x;
        return (above - below) / (2 * step);
      });
      expectClose(
        places.map((place) => gradient[place]),
        Float64Array.from(expected),
        `${name}: gradient of input ${i}`,
      );
    }
  });
});

/** At most a dozen places, the first and last among them. */
function sample(length: number): number[] {
  const count = Math.min(length, 12);
  return Array.from({ length: count }, (_, i) => Math.floor((i * (length - 1)) / Math.max(count - 1, 1)));
}
