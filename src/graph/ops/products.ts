// Products of arrays along axes, all of them products of matrices: dot, outerProduct, einsum.

import { LanegradError } from '../../errors.ts';
import type { Value } from '../graph.ts';
import { formatShape, sizeOf } from '../shape.ts';
import { sum } from './broadcasting.ts';
import { matMul } from './matmul.ts';
import { transpose } from './movement.ts';
import { reshape } from './sources.ts';

/** The product of vectors and matrices, in any combination: of two vectors a scalar. */
export function dot(a: Value, b: Value): Value {
  const [length, depth] = [a.shape[a.rank - 1], b.shape[0]];
  if (![1, 2].includes(a.rank) || ![1, 2].includes(b.rank) || length !== depth) {
    throw a.graph.error(
      `dot: takes vectors and matrices whose inner sizes agree; got ${formatShape(a.shape)} and ` +
        `${formatShape(b.shape)}.`,
    );
  }
  const rows = a.rank === 1 ? [] : [a.shape[0]];
  const columns = b.rank === 1 ? [] : [b.shape[1]];
  const product = matMul(reshape(a, [sizeOf(rows), length]), reshape(b, [depth, sizeOf(columns)]));
  return reshape(product, [...rows, ...columns]);
}

/**
 * The products of each element of one vector with each of another: [a, b].
 * @throws LanegradError for what are no vectors.
 */
export function outerProduct(a: Value, b: Value): Value {
  if (a.rank === 1 && b.rank === 1) return matMul(reshape(a, [a.size, 1]), reshape(b, [1, b.size]));
  throw a.graph.error(
    `outerProduct: inputs must be rank 1, vectors, but got ranks ${a.rank} and ${b.rank}: shapes ` +
      `${formatShape(a.shape)} and ${formatShape(b.shape)}.`,
  );
}

/** A value and the letters of its axes. */
interface Labelled {
  readonly value: Value;
  readonly labels: readonly string[];
}

/**
 * Sums of products over axes that are named by letters: 'ij,jk->ik' is the product of matrices. Of several values the
 * first two are combined first, then their product with the third, and so on.
 * @throws LanegradError without values, for an equation that does not fit them, or names an axis twice in one of them.
 */
export function einsum(equation: string, ...values: readonly Value[]): Value {
  if (values.length === 0) throw new LanegradError(`einsum: '${equation}' needs values; got none.`);
  const { graph } = values[0];
  const [inputs, output, ...more] = equation.replaceAll(' ', '').split('->');
  const terms = inputs.split(',').map((term) => [...term]);
  const fail = (reason: string) => graph.error(`einsum: '${equation}' ${reason}.`);
  if (output === undefined || more.length > 0)
    throw fail(
      `has ${equation.split('->').length - 1} arrows. Expecting exactly one '->', before the axes of the result`,
    );
  if (terms.length !== values.length)
    throw fail(`has so many terms. Expected ${terms.length} inputs but got: ${values.length}`);
  const labelled = values.map((value, i): Labelled => ({ value, labels: terms[i] }));
  const sizes = sizesByLabel(labelled, fail);
  const unknown = [...output].find((label) => !sizes.has(label));
  if (unknown) {
    throw fail(
      `cannot be. Output subscripts contain the label ${unknown} not present in the input subscripts`,
    );
  }
  if (new Set(output).size !== output.length) throw fail('names an axis of its result twice');
  const [first, ...others] = labelled;
  const product = others.reduce((a, b, i) => {
    const wanted = new Set([...output, ...terms.slice(i + 2).flat()]);
    return contract(a, b, wanted, sizes);
  }, first);
  const { value, labels } = onlyWith(product, new Set(output));
  return transpose(
    value,
    [...output].map((label) => labels.indexOf(label)),
  );
}

/** How large each letter's axes are. */
function sizesByLabel(
  labelled: readonly Labelled[],
  fail: (reason: string) => Error,
): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>();
  for (const { labels, value } of labelled) {
    const { shape } = value;
    if (labels.length !== shape.length) throw fail(`gives '${labels.join('')}' for ${formatShape(shape)}`);
    if (new Set(labels).size !== labels.length)
      throw fail(`names an axis twice in '${labels.join('')}', which is not implemented yet`);
    for (const [axis, label] of labels.entries()) {
      const size = sizes.get(label) ?? shape[axis];
      if (size !== shape[axis]) {
        throw fail(
          `wants dimension ${size} at axis ${axis} of the input shaped ${formatShape(shape)}, for '${label}'`,
        );
      }
      sizes.set(label, size);
    }
  }
  return sizes;
}

/** Sums over the axes that the result does not have. */
function onlyWith({ value, labels }: Labelled, wanted: ReadonlySet<string>): Labelled {
  const unwanted = labels.flatMap((label, axis) => (wanted.has(label) ? [] : [axis]));
  if (unwanted.length === 0) return { value, labels };
  return { value: sum(value, unwanted), labels: labels.filter((label) => wanted.has(label)) };
}

/** The product of two, summed over the axes that both have and the result has not: a batch of products of matrices. */
function contract(
  a: Labelled,
  b: Labelled,
  wanted: ReadonlySet<string>,
  sizes: ReadonlyMap<string, number>,
): Labelled {
  const left = onlyWith(a, new Set([...wanted, ...b.labels]));
  const right = onlyWith(b, new Set([...wanted, ...a.labels]));
  const common = left.labels.filter((label) => right.labels.includes(label));
  const batch = common.filter((label) => wanted.has(label));
  const summed = common.filter((label) => !wanted.has(label));
  const rows = left.labels.filter((label) => !common.includes(label));
  const columns = right.labels.filter((label) => !common.includes(label));
  const count = (labels: readonly string[]) => labels.reduce((n, label) => n * sizes.get(label)!, 1);
  const matrices = ({ value, labels }: Labelled, ...groups: readonly (readonly string[])[]) =>
    reshape(
      transpose(
        value,
        groups.flat().map((label) => labels.indexOf(label)),
      ),
      groups.map(count),
    );
  const product = matMul(matrices(left, batch, rows, summed), matrices(right, batch, summed, columns));
  const labels = [...batch, ...rows, ...columns];
  return {
    value: reshape(
      product,
      labels.map((label) => sizes.get(label)!),
    ),
    labels,
  };
}
