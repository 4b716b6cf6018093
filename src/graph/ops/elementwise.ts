// Element-wise ops, with broadcasting. Each record holds its instruction and its gradient; above a
// gradient that is not plain stands its formula. Inside rules, y is the op's own result. Arithmetic of integers has
// records of its own, exact modulo 2³², which builders choose by the types of what they are given.

import { Lane } from '../../../assembly/opcodes.ts';
import type { DType, Graph, LaneOp, Value } from '../graph.ts';
import { broadcastAccess, broadcastShapes, formatShape, type Shape } from '../shape.ts';
import { expand, sumTo } from './broadcasting.ts';
import {
  alike,
  areIntegers,
  asFloat,
  asInt32,
  asWords,
  integerConstant,
  isInteger,
  unaryOp,
} from './conversion.ts';
import { constant, knownScalar, stopGradient } from './sources.ts';

type BinaryGradient = (dy: Value, a: Value, b: Value, y: Value) => readonly [Value?, Value?];

/** A record of two operands that are broadcast. */
export function binaryOp(
  name: string,
  lane: Lane,
  gradient: BinaryGradient | 'none',
  options: Partial<LaneOp> = {},
): LaneOp {
  return {
    name,
    kind: 'lane',
    lane,
    shape: (inputs) => broadcastAll(name, inputs),
    gradient:
      gradient === 'none'
        ? 'none'
        : (dy, y) => {
            const [a, b] = y.inputs;
            const [da, db] = gradient(dy, a, b, y);
            return [da && sumTo(da, a.shape), db && sumTo(db, b.shape)];
          },
    ...options,
  };
}

/** 1 or 0 for each pair of elements. */
export function comparison(name: string, lane: Lane, integer?: () => LaneOp): LaneOp {
  return binaryOp(name, lane, 'none', { dtype: () => 'bool', integer });
}

// A tie's gradient goes to the first operand.
const maxGradient: BinaryGradient = (dy, a, b, y) => [mul(dy, equal(y, a)), mul(dy, greater(b, a))];
const minGradient: BinaryGradient = (dy, a, b, y) => [mul(dy, equal(y, a)), mul(dy, greater(a, b))];

// d(aᵇ) = b·a^(b−1) da + y·log a db, the former only where b ≠ 0, the latter only where a > 0
const powGradient: BinaryGradient = (dy, a, b, y) => [
  mul(dy, knownScalar(b) ? mul(b, pow(a, sub(b, 1))) : select(b, mul(b, pow(a, sub(b, 1))), 0)),
  mul(dy, select(step(a), mul(y, log(select(step(a), a, 1))), 0)),
];

/** @internal */
export const elementwiseOps = {
  identity: unaryOp('identity', Lane.copy, (dy) => dy, { dtype: ([x]) => x.dtype }),
  neg: unaryOp('neg', Lane.neg, (dy) => neg(dy)),
  abs: unaryOp('abs', Lane.abs, (dy, x) => mul(dy, sign(x)), {
    integer: () => integerOps.absInt32,
  }),
  sign: unaryOp('sign', Lane.sign, 'none'),
  step: unaryOp('step', Lane.step, 'none'),
  floor: unaryOp('floor', Lane.floor, 'none'),
  square: unaryOp('square', Lane.square, (dy, x) => mul(dy, mul(x, 2))),
  sqrt: unaryOp('sqrt', Lane.sqrt, (dy, _, y) => div(mul(dy, 0.5), y)),
  // d(1/x) = −1/x²
  reciprocal: unaryOp('reciprocal', Lane.reciprocal, (dy, _, y) => neg(mul(dy, square(y)))),
  exp: unaryOp('exp', Lane.exp, (dy, _, y) => mul(dy, y)),
  expm1: unaryOp('expm1', Lane.expm1, (dy, _, y) => mul(dy, add(y, 1))),
  log: unaryOp('log', Lane.log, (dy, x) => div(dy, x)),
  log1p: unaryOp('log1p', Lane.log1p, (dy, x) => div(dy, add(x, 1))),
  tanh: unaryOp('tanh', Lane.tanh, (dy, _, y) => mul(dy, sub(1, square(y)))),
  sigmoid: unaryOp('sigmoid', Lane.sigmoid, (dy, _, y) => mul(dy, mul(y, sub(1, y)))),
  softplus: unaryOp('softplus', Lane.softplus, (dy, x) => mul(dy, sigmoid(x))),
  // d erf(x) = 2/√π · e^(−x²)
  erf: unaryOp('erf', Lane.erf, (dy, x) => mul(dy, mul(exp(neg(square(x))), 2 / Math.sqrt(Math.PI)))),

  add: binaryOp('add', Lane.add, (dy) => [dy, dy], {
    integer: () => integerOps.addInt32,
  }),
  sub: binaryOp('sub', Lane.sub, (dy) => [dy, neg(dy)], {
    integer: () => integerOps.subInt32,
  }),
  mul: binaryOp('mul', Lane.mul, (dy, a, b) => [mul(dy, b), mul(dy, a)], {
    integer: () => integerOps.mulInt32,
  }),
  div: binaryOp('div', Lane.div, (dy, _, b, y) => [div(dy, b), neg(div(mul(dy, y), b))], {
    integer: () => integerOps.floorDivInt32,
  }),
  max: binaryOp('max', Lane.max, maxGradient, { integer: () => integerOps.maxInt32 }),
  min: binaryOp('min', Lane.min, minGradient, { integer: () => integerOps.minInt32 }),
  // relu keeps no input for its gradient: y > 0 exactly where x > 0.
  relu: unaryOp('relu', Lane.relu, (dy, _, y) => mul(dy, step(y))),
  pow: binaryOp('pow', Lane.pow, powGradient, { integer: () => integerOps.powInt32 }),
  greater: comparison('greater', Lane.greater, () => integerOps.greaterInt32),
  greaterEqual: comparison('greaterEqual', Lane.greaterEqual, () => integerOps.greaterEqualInt32),
  equal: comparison('equal', Lane.equal, () => integerOps.equalInt32),
  notEqual: comparison('notEqual', Lane.notEqual, () => integerOps.notEqualInt32),

  select: {
    name: 'select',
    kind: 'lane',
    lane: Lane.select,
    shape: (inputs) => broadcastAll('select', inputs),
    dtype: ([, a]) => a.dtype,
    gradient: (dy, { inputs: [chosen, a, b] }) => [
      undefined,
      sumTo(select(chosen, dy, 0), a.shape),
      sumTo(select(chosen, 0, dy), b.shape),
    ],
  } satisfies LaneOp as LaneOp,
};

const options = { dtype: (): DType => 'int32' };

/** A record of two operands that are integers, as the result is. */
export const integerOp = (name: string, lane: Lane, gradient: BinaryGradient | 'none'): LaneOp =>
  binaryOp(name, lane, gradient, options);

/** Their gradients are floats, as if these were floats too. */
export const integerOps = {
  absInt32: unaryOp('absInt32', Lane.absInt32, (dy, x) => mul(dy, sign(x)), options),
  addInt32: integerOp('addInt32', Lane.addInt32, (dy) => [dy, dy]),
  subInt32: integerOp('subInt32', Lane.subInt32, (dy) => [dy, neg(dy)]),
  mulInt32: integerOp('mulInt32', Lane.mulInt32, (dy, a, b) => [mul(dy, b), mul(dy, a)]),
  maxInt32: integerOp('maxInt32', Lane.maxInt32, maxGradient),
  minInt32: integerOp('minInt32', Lane.minInt32, minGradient),
  // That of the quotient before it is rounded.
  floorDivInt32: integerOp('floorDivInt32', Lane.floorDivInt32, (dy, a, b) => [
    div(dy, b),
    neg(div(mul(dy, asFloat(a)), square(asFloat(b)))),
  ]),
  modInt32: integerOp('modInt32', Lane.modInt32, (dy, a, b) => [dy, neg(mul(dy, div(a, b)))]),
  powInt32: integerOp('powInt32', Lane.powInt32, (dy, a, b, y) =>
    powGradient(dy, asFloat(a), asFloat(b), asFloat(y)),
  ),
  greaterInt32: comparison('greaterInt32', Lane.greaterInt32),
  greaterEqualInt32: comparison('greaterEqualInt32', Lane.greaterEqualInt32),
  equalInt32: comparison('equalInt32', Lane.equalInt32),
  notEqualInt32: comparison('notEqualInt32', Lane.notEqualInt32),
};

/** A graph value, or a number that stands for a constant. */
export type Operand = Value | number;

/** The builder of an op of one operand. */
export const unary = (op: LaneOp) => (x: Value) =>
  op.integer && isInteger(x)
    ? x.graph.add(op.integer(), [asInt32(x)], {})
    : x.graph.add(op, [asFloat(x)], {});

/** Applies an op to operands: floats, unless all are integers and the op has a form for these. */
export function combine(op: LaneOp, operands: readonly Operand[]): Value {
  const graph = graphOf(operands);
  const values = operands.map((x) => (typeof x === 'number' ? constant(graph, [x]) : x));
  if (op.integer && areIntegers(values)) return addLane(op.integer(), values.map(asInt32));
  return addLane(op, values.map(asFloat));
}

const graphOf = (operands: readonly Operand[]): Graph =>
  operands.find((operand): operand is Value => typeof operand !== 'number')!.graph;

/** A node whose operands a map can read in place. */
export function addLane(op: LaneOp, inputs: readonly Value[]): Value {
  const shape = op.shape(inputs, {});
  return inputs[0].graph.add(
    op,
    inputs.map((x) => (broadcastAccess(x.shape, shape) ? x : expand(x, shape))),
    {},
  );
}

/** The builder of an op of two operands. */
export const binary = (op: LaneOp) => (a: Operand, b: Operand) => combine(op, [a, b]);

/** The forms for floats of what is composed for integers. */
const floatUnary = {
  neg: unary(elementwiseOps.neg),
  sign: unary(elementwiseOps.sign),
  floor: unary(elementwiseOps.floor),
  square: unary(elementwiseOps.square),
  relu: unary(elementwiseOps.relu),
};

/** A copy of a value in an array of its own; copies of different numbers are different arrays. */
export const identity = (x: Value, number = 0): Value =>
  x.graph.add(elementwiseOps.identity, [asWords(x)], { number });
/** −x. */
export const neg = (x: Value): Value =>
  isInteger(x) ? sub(integerConstant(x.graph, 0), x) : floatUnary.neg(x);
/** |x|. */
export const abs = unary(elementwiseOps.abs);
/** −1, 0 or 1. Its gradient is zero. */
export const sign = (x: Value): Value => (isInteger(x) ? asInt32(floatUnary.sign(x)) : floatUnary.sign(x));
/** 1 where x > 0, else 0. Its gradient is zero. */
export const step = unary(elementwiseOps.step);
/** The largest integer up to x. Its gradient is zero. */
export const floor = (x: Value): Value => (isInteger(x) ? stopGradient(x) : floatUnary.floor(x));
/** x². */
export const square = (x: Value): Value => (isInteger(x) ? mul(x, x) : floatUnary.square(x));
/** √x. */
export const sqrt = unary(elementwiseOps.sqrt);
/** 1 / x. */
export const reciprocal = unary(elementwiseOps.reciprocal);
/** e^x. */
export const exp = unary(elementwiseOps.exp);
/** e^x − 1, accurate near zero. */
export const expm1 = unary(elementwiseOps.expm1);
/** The natural logarithm. */
export const log = unary(elementwiseOps.log);
/** log(1 + x), accurate near zero. */
export const log1p = unary(elementwiseOps.log1p);
/** The hyperbolic tangent. */
export const tanh = unary(elementwiseOps.tanh);
/** 1 / (1 + e^−x). */
export const sigmoid = unary(elementwiseOps.sigmoid);
/** log(1 + e^x), for any x. */
export const softplus = unary(elementwiseOps.softplus);
/** The error function. */
export const erf = unary(elementwiseOps.erf);
/** max(x, 0). */
export const relu = (x: Value): Value =>
  isInteger(x) ? maximum(integerConstant(x.graph, 0), x) : floatUnary.relu(x);

/** a + b, broadcast as in NumPy; either may be a number. */
export const add = binary(elementwiseOps.add);
/** a − b, broadcast as in NumPy; either may be a number. */
export const sub = binary(elementwiseOps.sub);
/** a·b element by element, broadcast as in NumPy; either may be a number. */
export const mul = binary(elementwiseOps.mul);
/** a / b, broadcast as in NumPy; either may be a number. Integers are divided downwards, to integers. */
export const div = binary(elementwiseOps.div);
/** The larger of a and b, broadcast as in NumPy. */
export const maximum = binary(elementwiseOps.max);
/** The smaller of a and b, broadcast as in NumPy. */
export const minimum = binary(elementwiseOps.min);
/** aᵇ. */
export const pow = binary(elementwiseOps.pow);
/** 1 where a > b, else 0. */
export const greater = binary(elementwiseOps.greater);
/** 1 where a ≥ b, else 0. */
export const greaterEqual = binary(elementwiseOps.greaterEqual);
/** 1 where a < b, else 0. */
export const less = (a: Operand, b: Operand): Value => greater(b, a);
/** 1 where a ≤ b, else 0. */
export const lessEqual = (a: Operand, b: Operand): Value => greaterEqual(b, a);
/** 1 where a = b, else 0. */
export const equal = binary(elementwiseOps.equal);
/** 1 where a ≠ b, else 0. */
export const notEqual = binary(elementwiseOps.notEqual);
/** a where `chosen` is not zero, else b. */
export function select(chosen: Operand, a: Operand, b: Operand): Value {
  const graph = graphOf([chosen, a, b]);
  const [condition, ...values] = [chosen, a, b].map((x) =>
    typeof x === 'number' ? constant(graph, [x]) : x,
  );
  return addLane(elementwiseOps.select, [asFloat(condition), ...alike(values)]);
}
/** x held between `min` and `max`; one that is infinite holds nothing. Integers stay such: bounds lose their fractions. */
export function clip(x: Value, min: number, max: number): Value {
  const bound = (number: number) => scalarLike(x, isInteger(x) ? Math.trunc(number) : number);
  const held = min === -Infinity ? x : maximum(x, bound(min));
  return max === Infinity ? held : minimum(held, bound(max));
}

/** A whole number in the type of integers that it meets. */
export const scalarLike = (x: Value, number: number): Operand =>
  isInteger(x) && Number.isInteger(number) ? integerConstant(x.graph, number) : number;

/** x in another type: floats lose their fractions as integers, everything but 0 is true. */
export function cast(x: Value, dtype: Exclude<DType, 'uint8'>): Value {
  if (x.dtype === dtype) return x;
  if (dtype === 'float32') return asFloat(x);
  return dtype === 'int32' ? asInt32(x) : notEqual(x, x.dtype === 'int32' ? integerConstant(x.graph, 0) : 0);
}

/** The shape that several broadcast to. @throws LanegradError by the name of the function where they do not */
export function broadcastAll(name: string, inputs: readonly Value[]): Shape {
  return inputs
    .map((x) => x.shape)
    .reduce((a, b) => {
      const shape = broadcastShapes(a, b);
      if (shape) return shape;
      throw inputs[0].graph.error(
        `${name}: shapes ${formatShape(a)} and ${formatShape(b)} do not broadcast.`,
      );
    });
}
