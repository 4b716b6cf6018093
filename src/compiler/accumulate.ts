// The gradient of a value that several nodes read is the sum of what each of them gives. Two kinds of terms
// come in numbers where a layer repeats itself over time, and are summed all at once.

import type { Value } from '../graph/graph.ts';
import { add } from '../graph/ops/elementwise.ts';
import { matMul, matmulOps } from '../graph/ops/matmul.ts';
import { concat, movementOps, pad } from '../graph/ops/movement.ts';

type Product = Value<{ readonly transposeA: boolean; readonly transposeB: boolean }>;
type Padded = Value<{ readonly before: readonly number[] }>;

/** The sum of gradients of one value, at least one. */
export function accumulate(terms: readonly Value[]): Value {
  return joinParts(stackProducts(terms)).reduce((a, b) => add(a, b));
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
  if (parts.length < 2) return terms;
  const [
    {
      shape,
      attrs: { before: first },
    },
  ] = parts;
  const axis = shape.findIndex((_, i) => parts.some(({ attrs }) => attrs.before[i] !== first[i]));
  const ordered = parts.sort((a, b) => a.attrs.before[axis] - b.attrs.before[axis]);
  let end = ordered[0].attrs.before[axis];
  for (const {
    attrs,
    inputs: [x],
  } of ordered) {
    const isNext = attrs.before.every((begin, i) => begin === (i === axis ? end : first[i]));
    const isAsWide = x.shape.every((size, i) => i === axis || size === ordered[0].inputs[0].shape[i]);
    if (!isNext || !isAsWide) return terms;
    end += x.shape[axis];
  }
  const joined = concat(
    ordered.map(({ inputs: [x] }) => x),
    axis,
  );
  const { before } = ordered[0].attrs;
  return [
    ...others,
    pad(
      joined,
      shape.map((size, i) => [before[i], size - before[i] - joined.shape[i]]),
    ),
  ];
}

const isOuterProduct = (value: Value): value is Product => {
  const { transposeA, transposeB } = value.attrs as Product['attrs'];
  return value.op.name === matmulOps.matMul.name && transposeA && !transposeB;
};

const isPadded = (value: Value): value is Padded => value.op.name === movementOps.pad.name;

function partition<T extends Value>(
  values: readonly Value[],
  isOne: (value: Value) => value is T,
): [T[], Value[]] {
  return [values.filter(isOne), values.filter((value) => !isOne(value))];
}
