// Builders that are composed of ops against TensorFlow.js: what they give, and their gradients; where TensorFlow.js has
// no gradient, finite differences of the float64 interpreter's.

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { differentiate } from '../../src/compiler/differentiate.ts';
import { Program } from '../../src/compiler/program.ts';
import { type DType, Graph, type Value } from '../../src/graph/graph.ts';
import * as activations from '../../src/graph/ops/activations.ts';
import * as arithmetic from '../../src/graph/ops/arithmetic.ts';
import * as arrangement from '../../src/graph/ops/arrangement.ts';
import { sum } from '../../src/graph/ops/broadcasting.ts';
import { add, mul } from '../../src/graph/ops/elementwise.ts';
import * as gathering from '../../src/graph/ops/gather.ts';
import * as images from '../../src/graph/ops/images.ts';
import * as linearAlgebra from '../../src/graph/ops/linear-algebra.ts';
import { pad } from '../../src/graph/ops/movement.ts';
import * as products from '../../src/graph/ops/products.ts';
import * as reductions from '../../src/graph/ops/reductions.ts';
import * as rounding from '../../src/graph/ops/rounding.ts';
import * as scans from '../../src/graph/ops/scans.ts';
import { constant, input } from '../../src/graph/ops/sources.ts';
import * as spatial from '../../src/graph/ops/spatial.ts';
import * as statistics from '../../src/graph/ops/statistics.ts';
import * as strides from '../../src/graph/ops/strides.ts';
import * as taps from '../../src/graph/ops/taps.ts';
import { topk } from '../../src/graph/ops/top-k.ts';
import { atan2 } from '../../src/graph/ops/trigonometry.ts';
import * as volumes from '../../src/graph/ops/volumes.ts';
import { interpret } from '../interpreter.ts';

interface Numbers {
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly values: readonly number[];
}

interface Call {
  readonly name: string;
  readonly inputs: readonly Numbers[];
  readonly args: readonly unknown[];
  readonly results: readonly Numbers[];
  /** TensorFlow.js's, where it has one. */
  readonly gradients: readonly (readonly number[] | null)[];
}

const file = new URL('../reference/tfjs-functions.json', import.meta.url);
const calls: readonly Call[] = JSON.parse(readFileSync(file, 'utf8'));

type Made = Value | readonly Value[] | Readonly<Record<string, Value>>;
// The widest function type: builders of any arguments fit.
type Builder = (...args: never[]) => Made;

const { stepWith, ...otherActivations } = activations;

/** Where a result jumps there is no gradient, and differences are none either: divisors of 0. */
const jumps = new Set(['divNoNan']);

/** Builders by TensorFlow.js's names. */
const builders: Readonly<Record<string, unknown>> = {
  ...otherActivations,
  step: stepWith,
  ...arithmetic,
  ...rounding,
  atan2,
  ...statistics,
  ...reductions,
  ...scans,
  topk,
  ...strides,
  ...arrangement,
  ...gathering,
  ...products,
  ...spatial,
  ...volumes,
  ...taps,
  pad,
  meshgrid: (x: Value, y: Value, { indexing }: { indexing?: 'ij' } = {}) =>
    arrangement.meshgrid(x, y, indexing),
  stridedSlice: (
    x: Value,
    begin: number[],
    end: number[],
    steps: number[],
    beginMask?: number,
    endMask?: number,
    ellipsisMask?: number,
    newAxisMask?: number,
    shrinkAxisMask?: number,
  ) =>
    strides.stridedSlice(x, begin, end, steps, {
      beginMask,
      endMask,
      ellipsisMask,
      newAxisMask,
      shrinkAxisMask,
    }),
};

const spaces: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  image: images,
  linalg: { ...linearAlgebra, bandPart: arrangement.bandPart },
};

function builderOf(name: string): Builder {
  const [space, member] = name.split('.');
  return (member ? spaces[space][member] : builders[name]) as Builder;
}

/** An argument with tensors in their places, and the infinite numbers that JSON lacks. */
function filled(argument: unknown, tensors: readonly Value[]): unknown {
  if (Array.isArray(argument)) return argument.map((each) => filled(each, tensors));
  if (typeof argument !== 'string') return argument;
  if (argument.startsWith('$')) return tensors[Number(argument.slice(1))];
  return argument.endsWith('Infinity') ? Number(argument) : argument;
}

const isValue = (made: Made): made is Value => 'op' in made && 'graph' in made;

function trace({ name, inputs, args }: Call) {
  const graph = new Graph();
  const given = inputs.map(({ shape, dtype }, i) => input(graph, i, shape, dtype));
  const made = builderOf(name)(...(args.map((each) => filled(each, given)) as never[]));
  const results: Value[] = isValue(made) ? [made] : Object.values(made);
  return { graph, given, results };
}

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
