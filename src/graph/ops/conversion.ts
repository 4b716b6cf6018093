// Values in another element type.

import { Lane } from '../../../assembly/opcodes.ts';
import { mostAtOnce } from '../../bytes.ts';
import type { AliasOp, DType, Graph, LaneOp, Op, Value } from '../graph.ts';
import { type Shape, sizeOf } from '../shape.ts';
import { constant } from './sources.ts';

type UnaryGradient = (dy: Value, x: Value, y: Value) => Value;
/** A record of one operand. */
export function unaryOp(
  name: string,
  lane: Lane,
  gradient: UnaryGradient | 'none',
  options: Partial<LaneOp> = {},
): LaneOp {
  return {
    name,
    kind: 'lane',
    lane,
    shape: ([x]) => x.shape,
    gradient: gradient === 'none' ? 'none' : (dy, y) => [gradient(dy, y.inputs[0], y)],
    ...options,
  };
}

/** @internal */
export const conversionOps = {
  fromUint8: unaryOp('fromUint8', Lane.fromUint8, 'none'),
  fromInt32: unaryOp('fromInt32', Lane.fromInt32, (dy) => dy),
  /** A bool is a float of 0 or 1 already. */
  fromBool: {
    name: 'fromBool',
    kind: 'alias',
    shape: ([x]) => x.shape,
    dtype: () => 'float32',
    gradient: (dy) => [dy],
  } satisfies AliasOp as AliasOp,
  /** Its gradient is handed on as it is, as in TensorFlow.js: what is counted in integers can be learned. */
  toInt32: unaryOp('toInt32', Lane.toInt32, (dy) => dy, { dtype: () => 'int32' }),
};

const conversions: Readonly<Record<DType, Op | undefined>> = {
  float32: undefined,
  int32: conversionOps.fromInt32,
  uint8: conversionOps.fromUint8,
  bool: conversionOps.fromBool,
};

/** The value in float32: those of other types are converted where they are first used. */
export function asFloat(x: Value): Value {
  const op = conversions[x.dtype];
  return op ? x.graph.add(op, [x], {}) : x;
}

/** The value in words of 4 bytes, as arrays are that are not inputs. */
export const asWords = (x: Value): Value => (x.dtype === 'uint8' ? asFloat(x) : x);

/** Whether a value is of integers, or of bools, which count as such. */
export const isInteger = ({ dtype }: Value): boolean => dtype === 'int32' || dtype === 'bool';

/** Whether values are integers together: bytes beside integers are, by themselves they are floats. */
export const areIntegers = (values: readonly Value[]): boolean =>
  values.some(isInteger) && values.every((value) => isInteger(value) || value.dtype === 'uint8');

/**
 * The value in int32: fractions are dropped; what is too large becomes the nearest integer there is, NaN becomes 0.
 */
export const asInt32 = (x: Value): Value =>
  x.dtype === 'int32' ? x : x.graph.add(conversionOps.toInt32, [asFloat(x)], {});

/** What was computed of x, integers where x is. */
export const ofItsType = (x: Value, computed: Value): Value =>
  x.dtype === 'int32' ? asInt32(computed) : computed;

/** Whole numbers known when the graph is built. */
export const integerConstant = (
  graph: Graph,
  numbers: number | readonly number[],
  shape: readonly number[] = [],
): Value => constant(graph, typeof numbers === 'number' ? [numbers] : numbers, shape, 'int32');

/** A number for each place along an axis. @throws LanegradError for more places than a list has at once */
export function placesAlong(
  where: string,
  graph: Graph,
  count: number,
  at: (place: number) => number,
): number[] {
  if (count <= mostAtOnce) return Array.from({ length: count }, (_, i) => at(i));
  throw graph.error(`${where}: ${count} places are too many; there may be ${mostAtOnce}.`);
}

/** 0, 1, 2, … in a shape. @param step from one to the next */
export const wholeNumbers = (
  where: string,
  graph: Graph,
  shape: Shape,
  dtype: 'int32' | 'float32' = 'int32',
  step = 1,
): Value =>
  constant(
    graph,
    placesAlong(where, graph, sizeOf(shape), (i) => i * step),
    shape,
    dtype,
  );

/** Values in the one type that holds them all. */
export function alike(values: readonly Value[]): Value[] {
  if (values.every(({ dtype }) => dtype === 'bool')) return [...values];
  return values.map(areIntegers(values) ? asInt32 : asFloat);
}
