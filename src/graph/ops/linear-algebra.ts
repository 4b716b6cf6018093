// Matrices taken apart: gramSchmidt, qr. `bandPart` is in arrangement.ts.

import type { Graph, Value } from '../graph.ts';
import { sizeOf } from '../shape.ts';
import { divNoNan } from './arithmetic.ts';
import { stack, unstack } from './arrangement.ts';
import { broadcastTo, ones, sum } from './broadcasting.ts';
import { asFloat } from './conversion.ts';
import { div, greater, mul, neg, select, sub } from './elementwise.ts';
import { matMul } from './matmul.ts';
import { concat, slice } from './movement.ts';
import { constant, reshape } from './sources.ts';
import { norm } from './statistics.ts';

/**
 * Orthonormal vectors that span what the rows of x [n, d], or the vectors of a list, do: each loses its part along those
 * before it, one after the other. @throws LanegradError for more vectors than they have elements.
 */
export function gramSchmidt(x: Value): Value;
export function gramSchmidt(x: readonly Value[]): Value[];
export function gramSchmidt(x: Value | readonly Value[]): Value | Value[] {
  const first = isList(x) ? x[0] : x;
  const [vectors, elements] = isList(x) ? [x.length, first.size] : x.shape;
  if (vectors > elements) {
    throw first.graph.error(
      `gramSchmidt: Number of vectors (${vectors}) exceeds number of dimensions (${elements}): they cannot be independent.`,
    );
  }
  if (!isList(x)) return stack(gramSchmidt(unstack(x)));
  const found: Value[] = [];
  for (const vector of x) {
    const rest = found.reduce((left, y) => sub(left, mul(sum(mul(y, left)), y)), asFloat(vector));
    found.push(div(rest, norm(rest)));
  }
  return found;
}

const isList = (x: Value | readonly Value[]): x is readonly Value[] => Array.isArray(x);

/**
 * Matrices [..., m, n] as Q·R, Q orthogonal, R zero below its diagonal: [..., m, k] and [..., k, n] with k the smaller of
 * m and n, or Q [..., m, m] and R [..., m, n] where `fullMatrices`. By Householder reflections, whose signs are
 * TensorFlow.js's.
 */
export function qr(x: Value, fullMatrices = false): [q: Value, r: Value] {
  if (x.rank < 2)
    throw x.graph.error(`qr() requires input tensor to have a rank >= 2, but got rank ${x.rank}.`);
  const [m, n] = x.shape.slice(-2);
  const batch = x.shape.slice(0, -2);
  let r = reshape(asFloat(x), [sizeOf(batch), m, n]);
  let q = broadcastTo(identityMatrix(x.graph, m), [r.shape[0], m, m]);
  for (let j = 0; j < Math.min(m, n); j++) {
    const { w, tau } = reflection(slice(r, [0, j, j], [-1, m - j, 1]));
    const rows = slice(r, [0, j, 0], [-1, m - j, n]);
    const reflected = sub(rows, mul(tau, matMul(w, matMul(w, rows, true))));
    r = j === 0 ? reflected : concat([slice(r, [0, 0, 0], [-1, j, n]), reflected], 1);
    const columns = slice(q, [0, 0, j], [-1, m, m - j]);
    const turned = sub(columns, mul(tau, matMul(matMul(columns, w), w, false, true)));
    q = j === 0 ? turned : concat([slice(q, [0, 0, 0], [-1, m, j]), turned], 2);
  }
  const k = fullMatrices ? m : Math.min(m, n);
  return [
    reshape(slice(q, [0, 0, 0], [-1, m, k]), [...batch, m, k]),
    reshape(slice(r, [0, 0, 0], [-1, k, n]), [...batch, k, n]),
  ];
}

/** w, its first element 1, and tau, so that I − tau·w·wᵀ turns columns x [batch, m, 1] onto their first element. */
function reflection(x: Value): { w: Value; tau: Value } {
  const [batch, m] = x.shape;
  const length = norm(x, 2, 1, true);
  const first = slice(x, [0, 0, 0], [-1, 1, 1]);
  const sign = select(greater(first, 0), -1, 1);
  const u = sub(first, mul(sign, length));
  const one = ones(x.graph, [batch, 1, 1]);
  // Where all elements are zero nothing is turned.
  const rest = divNoNan(slice(x, [0, 1, 0], [-1, m - 1, 1]), u);
  return { w: m === 1 ? one : concat([one, rest], 1), tau: neg(divNoNan(mul(sign, u), length)) };
}

const identityMatrix = (graph: Graph, size: number): Value =>
  constant(
    graph,
    Array.from({ length: size ** 2 }, (_, i) => Number(i % (size + 1) === 0)),
    [1, size, size],
  );
