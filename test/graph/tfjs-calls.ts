// Calls of TensorFlow.js's functions that are composed here, with what they give there, as graphs.

import { readFileSync } from 'node:fs';
import { type DType, Graph, type Value } from '../../src/graph/graph.ts';
import * as activations from '../../src/graph/ops/activations.ts';
import * as arithmetic from '../../src/graph/ops/arithmetic.ts';
import * as arrangement from '../../src/graph/ops/arrangement.ts';
import * as gathering from '../../src/graph/ops/gather.ts';
import * as images from '../../src/graph/ops/images.ts';
import * as linearAlgebra from '../../src/graph/ops/linear-algebra.ts';
import { pad } from '../../src/graph/ops/movement.ts';
import * as products from '../../src/graph/ops/products.ts';
import * as reductions from '../../src/graph/ops/reductions.ts';
import * as rounding from '../../src/graph/ops/rounding.ts';
import * as scans from '../../src/graph/ops/scans.ts';
import { input } from '../../src/graph/ops/sources.ts';
import * as spatial from '../../src/graph/ops/spatial.ts';
import * as statistics from '../../src/graph/ops/statistics.ts';
import * as strides from '../../src/graph/ops/strides.ts';
import * as taps from '../../src/graph/ops/taps.ts';
import { topk } from '../../src/graph/ops/top-k.ts';
import { atan2 } from '../../src/graph/ops/trigonometry.ts';
import * as volumes from '../../src/graph/ops/volumes.ts';

export interface Numbers {
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly values: readonly number[];
}

export interface Call {
  readonly name: string;
  readonly inputs: readonly Numbers[];
  readonly args: readonly unknown[];
  readonly results: readonly Numbers[];
  /** TensorFlow.js's, where it has one. */
  readonly gradients: readonly (readonly number[] | null)[];
}

const file = new URL('../reference/tfjs-functions.json', import.meta.url);
export const calls: readonly Call[] = JSON.parse(readFileSync(file, 'utf8'));

type Made = Value | readonly Value[] | Readonly<Record<string, Value>>;
// The widest function type: builders of any arguments fit.
type Builder = (...args: never[]) => Made;

const { stepWith, ...otherActivations } = activations;

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

/** A call's graph: its inputs and its results. */
export function trace({ name, inputs, args }: Call) {
  const graph = new Graph();
  const given = inputs.map(({ shape, dtype }, i) => input(graph, i, shape, dtype));
  const made = builderOf(name)(...(args.map((each) => filled(each, given)) as never[]));
  const results: Value[] = isValue(made) ? [made] : Object.values(made);
  return { graph, given, results };
}
