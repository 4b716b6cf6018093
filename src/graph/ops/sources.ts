// Where values come from: data fed to the program, weights, constants; and the alias that renames shapes.

import { Lane } from '../../../assembly/opcodes.ts';
import type { DType, Graph, Op, Storage, Value } from '../graph.ts';
import { isMadeBy } from '../op.ts';
import { formatShape, type Shape, sameShape, sizeOf } from '../shape.ts';

interface InputAttrs {
  readonly shape: Shape;
  readonly index: number;
  readonly dtype: DType;
}

interface ParameterAttrs {
  readonly storage: Storage;
}

export interface ConstantAttrs {
  readonly data: readonly number[] | Float32Array | Int32Array;
  readonly shape: Shape;
  readonly dtype: DType;
}

interface ReshapeAttrs {
  readonly shape: Shape;
}

export const inputOp: Op<InputAttrs> = {
  name: 'input',
  kind: 'input',
  shape: (_, { shape }) => shape,
  dtype: (_, { dtype }) => dtype,
};

export const parameterOp: Op<ParameterAttrs> = {
  name: 'parameter',
  kind: 'parameter',
  shape: (_, { storage }) => storage.shape,
};

export const constantOp: Op<ConstantAttrs> = {
  name: 'constant',
  kind: 'constant',
  shape: (_, { shape }) => shape,
  dtype: (_, { dtype }) => dtype,
};

export const reshapeOp: Op<ReshapeAttrs> = {
  name: 'reshape',
  kind: 'alias',
  shape: (_, { shape }) => shape,
  gradient: (dy, { inputs: [x] }) => [reshape(dy, x.shape)],
};

/** d stop(x)/dx = 0: the value passes, the gradient does not. */
export const stopGradientOp: Op = {
  name: 'stopGradient',
  kind: 'alias',
  shape: ([x]) => x.shape,
  gradient: 'none',
};

/** w ← value, at the end of what is computed before it. Its own value is the parameter after that. */
export const assignOp: Op<ParameterAttrs> = {
  name: 'assign',
  kind: 'lane',
  effect: ({ storage }) => [storage],
  lane: Lane.copy,
  gradient: 'none',
  shape: (_, { storage }) => storage.shape,
};

/** Data that the program is given each time it runs; `index` tells inputs apart. */
export function input(graph: Graph, index: number, shape: Shape, dtype: DType = 'float32'): Value {
  return graph.add(inputOp, [], { shape, index, dtype });
}

/** The value of weights; with `after`, as it is once these effects have happened, or these arrays are computed. */
export const parameter = (graph: Graph, storage: Storage, ...after: readonly Value[]): Value =>
  graph.add(parameterOp, after, { storage });

/** Numbers known when the graph is built. */
export function constant(
  graph: Graph,
  data: ConstantAttrs['data'],
  shape: Shape = [],
  dtype: DType = 'float32',
): Value {
  return graph.add(constantOp, [], { data, shape, dtype });
}

/** The value of a constant of shape [], as float32 has it. */
export function knownScalar(value: Value): number | undefined {
  if (!isMadeBy(value, constantOp) || value.rank > 0 || value.dtype !== 'float32') return undefined;
  return Math.fround(value.attrs.data[0]);
}

/** The same elements under another shape. One size may be −1: it takes what is left. */
export function reshape(x: Value, shape: Shape): Value {
  const known = sizeOf(shape.filter((size) => size !== -1));
  const full = shape.map((size) => (size === -1 ? x.size / known : size));
  if (sizeOf(full) !== x.size || !full.every(Number.isInteger)) {
    throw x.graph.error(
      `reshape: ${formatShape(x.shape)} has ${x.size} elements and cannot become ${formatShape(shape)}.`,
    );
  }
  if (sameShape(x.shape, full)) return x;
  const source = !x.graph.isOfScript && isMadeBy(x, reshapeOp) ? x.inputs[0] : x;
  return x.graph.add(reshapeOp, [source], { shape: full });
}

/** x, through which no gradient flows. */
export const stopGradient = (x: Value): Value => x.graph.add(stopGradientOp, [x], {});

/** Sets weights to `value` in every run of the program. */
export const assign = (storage: Storage, value: Value): Value =>
  value.graph.add(assignOp, [value], { storage });
