// The gradient of a value that several nodes read is the sum of what each of them gives. Two kinds of terms
// come in numbers where a layer repeats itself over time, and are summed all at once.

import type { Value } from '../graph/graph.ts';
import { isMadeBy } from '../graph/op.ts';
import { add } from '../graph/ops/elementwise.ts';
import { type Cotangents, cotangentsOp } from '../graph/ops/loop.ts';
import { isOuterProduct, matMul } from '../graph/ops/matmul.ts';
import { concat, movementOps, type Padding, pad } from '../graph/ops/movement.ts';

/**
 * The sum of gradients of one value.
 * @param terms at least one, each of the shape of the value
 * @returns of that shape
 */
export function accumulate(terms: readonly Value[]): Value {
  if (isMadeBy(terms[0], cotangentsOp)) return joinCotangents(terms as Value<Cotangents>[]);
  if (terms.length === 1) return terms[0];
  return joinParts(stackProducts(terms)).reduce((a, b) => add(a, b));
}

/** What is given of a loop's results, together. */
function joinCotangents(terms: readonly Value<Cotangents>[]): Value {
  const of = terms.flatMap(({ attrs }) => attrs.of);
  return terms[0].graph.add(
    cotangentsOp,
    terms.flatMap(({ inputs }) => inputs),
    { of },
  );
}

/** Σ AᵢᵀBᵢ is one product: of the Aᵢ and the Bᵢ each put below the other. */
function stackProducts(terms: readonly Value[]): readonly Value[] {
  const [products, others] = partition(terms, isOuterProduct);
  if (products.length < 2) return terms;
  // The backward pass meets the last reader first.
  const stack = (operand: 0 | 1) => concat(products.map(({ inputs }) => inputs[operand]).reverse(), 0);
  return [...others, matMul(stack(0), stack(1), true)];
}

/** Parts of an array that lie one behind the other, each padded with zeros to the whole, are joined. */
function joinParts(terms: readonly Value[]): readonly Value[] {
  const [parts, others] = partition(terms, isPadded);
  const axis = axisOfRun(parts);
  if (axis === undefined) return terms;
  const [{ shape, attrs }] = parts;
  const values = parts.map(({ inputs }) => inputs[0]);
  const joined = concat(values, axis);
  const paddings = shape.map(
    (size, i) => [attrs.before[i], size - attrs.before[i] - joined.shape[i]] as const,
  );
  return [...others, pad(joined, paddings)];
}

/** The axis along which parts lie one behind the other, if they do. Sorts them along it. */
function axisOfRun(parts: Value<Padding>[]): number | undefined {
  if (parts.length < 2) return undefined;
  const begins = parts.map(({ attrs }) => attrs.before);
  const axis = begins[0].findIndex((begin, i) => begins.some((before) => before[i] !== begin));
  parts.sort((a, b) => a.attrs.before[axis] - b.attrs.before[axis]);
  let end = parts[0].attrs.before[axis];
  const isRun = parts.every(({ attrs, inputs: [{ shape }] }) => {
    const begin = attrs.before[axis];
    const follows = begin === end && attrs.before.every((before, i) => i === axis || before === begins[0][i]);
    end += shape[axis];
    return follows && shape.every((size, i) => i === axis || size === parts[0].inputs[0].shape[i]);
  });
  return axis >= 0 && isRun ? axis : undefined;
}

const isPadded = (value: Value): value is Value<Padding> =>
  isMadeBy(value, movementOps.pad) && value.attrs.value === 0;

function partition<T extends Value>(
  values: readonly Value[],
  isOne: (value: Value) => value is T,
): [T[], Value[]] {
  return [values.filter(isOne), values.filter((value) => !isOne(value))];
}
