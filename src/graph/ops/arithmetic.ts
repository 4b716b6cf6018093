// Arithmetic composed of what elementwise.ts has: addN, squaredDifference, divNoNan, rsqrt.

import type { Value } from '../graph.ts';
import { alike } from './conversion.ts';
import {
  add,
  div,
  equal,
  type Operand,
  reciprocal,
  scalarLike,
  select,
  sqrt,
  square,
  sub,
} from './elementwise.ts';

/** The sum of values of one shape, at least one. */
export const addN = (values: readonly Value[]): Value => alike(values).reduce((a, b) => add(a, b));

/** (a − b)², broadcast as in NumPy. */
export const squaredDifference = (a: Operand, b: Operand): Value => square(sub(a, b));

/** a / b, 0 where b is 0: its gradients too. Integers are divided downwards, to integers. */
export function divNoNan(a: Operand, b: Value): Value {
  const isZero = equal(b, 0);
  const quotient = div(a, select(isZero, scalarLike(b, 1), b));
  return select(isZero, scalarLike(quotient, 0), quotient);
}

/** 1 / √x. */
export const rsqrt = (x: Value): Value => reciprocal(sqrt(x));
