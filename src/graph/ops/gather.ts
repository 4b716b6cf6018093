// Elements by their numbers, and the reverse: gather, gatherND, scatterAdd, scatterND, tensorScatterUpdate,
// unsortedSegmentSum, bincount, denseBincount. Numbers are integers, or floats that hold whole numbers.

import { Order, Scatter } from '../../../assembly/opcodes.ts';
import { GatherWord, Opcode } from '../../../assembly/words.ts';
import type { Emitter, KernelOp, Value } from '../graph.ts';
import { formatShape, normalizeAxis, type Shape, sameShape, sizeOf, stridesOf } from '../shape.ts';
import { elementWord } from '../words.ts';
import { ones, sum, zeros } from './broadcasting.ts';
import { alike, asFloat, asInt32, asWords, integerConstant, isInteger } from './conversion.ts';
import { greater, greaterEqual, mul, select } from './elementwise.ts';
import { copyView, keepsType, whole } from './movement.ts';
import { min } from './reductions.ts';
import { reshape } from './sources.ts';

interface Along {
  /** The axis of the table that is indexed. */
  readonly axis: number;
  /** How many leading axes table and indices have in common. */
  readonly batchDims: number;
}

interface Gathered extends Along {
  /** What stands for an element that is not there. */
  readonly missing: number;
}

interface Scattered extends Along {
  /** Size of the axis that is indexed. */
  readonly rows: number;
}

/** The words of both commands: the table is read by one and made by the other. */
function emitRows(
  opcode: Opcode.gather | Opcode.scatter,
  [indices, table, values]: readonly Value[],
  { axis, batchDims }: Along,
  missing: number,
  emitter: Emitter,
): void {
  const tables = sizeOf(table.shape.slice(0, axis));
  emitter.command(opcode, {
    [GatherWord.indices]: emitter.address(indices),
    [GatherWord.table]: emitter.address(table),
    [GatherWord.values]: emitter.address(values),
    [GatherWord.count]: sizeOf(indices.shape.slice(batchDims)),
    [GatherWord.rows]: table.shape[axis],
    [GatherWord.width]: sizeOf(table.shape.slice(axis + 1)),
    [GatherWord.tables]: tables,
    [GatherWord.sharers]: tables / sizeOf(table.shape.slice(0, batchDims)),
    [GatherWord.order]: indices.dtype === 'int32' ? Order.int32 : Order.float32,
    [GatherWord.missing]: missing,
  });
}

/** @internal */
export const gatherOps = {
  /** y[…, indices[i], …] in place of an axis. */
  gather: {
    name: 'gather',
    kind: 'kernel',
    shape: ([indices, table], { axis, batchDims }) => [
      ...table.shape.slice(0, axis),
      ...indices.shape.slice(batchDims),
      ...table.shape.slice(axis + 1),
    ],
    dtype: ([, table]) => table.dtype,
    gradient: (dy, { inputs: [indices, table], attrs: { axis, batchDims } }) => [
      undefined,
      scatterAdd(indices, dy, table.shape[axis], axis, batchDims),
    ],
    emit: (node, emitter) => {
      const [indices, table] = node.inputs;
      const missing = elementWord(table, node.attrs.missing);
      emitRows(Opcode.gather, [indices, table, node as Value], node.attrs, missing, emitter);
    },
  } satisfies KernelOp<Gathered>,

  /** table[r] = Σ values[i] over indices[i] = r. */
  scatterAdd: {
    name: 'scatterAdd',
    kind: 'kernel',
    shape: ([indices, values], { axis, batchDims, rows }) => [
      ...values.shape.slice(0, axis),
      rows,
      ...values.shape.slice(axis + indices.rank - batchDims),
    ],
    dtype: ([, values]) => values.dtype,
    gradient: (dy, { inputs: [indices], attrs: { axis, batchDims } }): [undefined, Value] => [
      undefined,
      // What was added nowhere has no part in anything.
      dy.graph.add(gatherOps.gather, [indices, dy], { axis, batchDims, missing: 0 }),
    ],
    emit: (node, emitter) => {
      const [indices, values] = node.inputs;
      const form = node.dtype === 'int32' ? Scatter.sumInt32 : Scatter.sum;
      emitRows(Opcode.scatter, [indices, node as Value, values], node.attrs, form, emitter);
    },
  } satisfies KernelOp<Scattered>,

  /** The first input with values[i] in place of row indices[i], the last of several. */
  scatterUpdate: {
    name: 'scatterUpdate',
    kind: 'kernel',
    shape: ([x]) => x.shape,
    dtype: keepsType,
    gradient: 'missing',
    emit: (node, emitter) => {
      const [x, indices, values] = node.inputs;
      copyView(emitter, node.shape, whole(emitter, x), whole(emitter, node));
      emitRows(Opcode.scatter, [indices, node, values], { axis: 0, batchDims: 0 }, Scatter.replace, emitter);
    },
  } satisfies KernelOp as KernelOp,
};

const asIndex = (x: Value): Value => (x.dtype === 'int32' ? x : asFloat(x));

/**
 * Slices of x along an axis, 0 by default, by their numbers: the indices' axes take that axis's place. With `batchDims`
 * leading axes in common, each of the batch has indices of its own. A slice that does not exist is NaN, or 0 where x
 * holds no floats.
 * @throws LanegradError where the leading axes differ.
 */
export function gather(x: Value, indices: Value, axis = 0, batchDims = 0): Value {
  const along = normalizeAxis('gather', axis, x.rank);
  const isBatch =
    batchDims <= along && sameShape(x.shape.slice(0, batchDims), indices.shape.slice(0, batchDims));
  if (!isBatch) {
    throw x.graph.error(
      `gather: the first ${batchDims} axes of ${formatShape(x.shape)} and of indices ${formatShape(indices.shape)} ` +
        `must be the same, before axis ${along}.`,
    );
  }
  const missing = x.dtype === 'float32' ? Number.NaN : 0;
  return x.graph.add(gatherOps.gather, [asIndex(indices), asWords(x)], { axis: along, batchDims, missing });
}

/** `rows` slices along an axis, each the sum of the values whose index it is: what undoes `gather`. */
export function scatterAdd(indices: Value, values: Value, rows: number, axis = 0, batchDims = 0): Value {
  const { graph } = values;
  if (rows < 0) throw graph.error(`there are no ${rows} slices to add to; give 0 or more.`);
  const attrs = { axis, batchDims, rows };
  const made = [asIndex(indices), asSummand(values)];
  if (rows > 0) return graph.add(gatherOps.scatterAdd, made, attrs);
  return zeros(graph, gatherOps.scatterAdd.shape(made, attrs));
}

const asSummand = (x: Value): Value => (isInteger(x) ? asInt32(x) : asFloat(x));

/** Numbers of slices of an array from indices [..., k] of its first k axes; −1 where one leaves its axis. */
function flatIndices(indices: Value, shape: Shape): Value {
  const depth = indices.shape[indices.rank - 1];
  const { graph } = indices;
  const [sizes, strides] = [shape.slice(0, depth), stridesOf(shape.slice(0, depth))].map((numbers) =>
    integerConstant(graph, numbers, [depth]),
  );
  const places = asInt32(indices);
  const zero = integerConstant(graph, 0);
  const isInside = mul(asFloat(greaterEqual(places, zero)), asFloat(greater(sizes, places)));
  return select(min(isInside, -1), sum(mul(places, strides), -1), integerConstant(graph, -1));
}

/** @throws LanegradError where indices [..., k] name more axes than there are. */
function checkIndices(name: string, indices: Value, shape: Shape): number {
  const depth = indices.shape[indices.rank - 1] ?? 0;
  if (indices.rank > 0 && depth <= shape.length) return depth;
  throw indices.graph.error(
    `${name}: indices ${formatShape(indices.shape)} have ${depth} numbers each; ${formatShape(shape)} has ` +
      `${shape.length} axes.`,
  );
}

/** Slices of x by indices [..., k] of its first k axes: [..., rest of x]. */
export function gatherND(x: Value, indices: Value): Value {
  const depth = checkIndices('gatherND', indices, x.shape);
  const rest = x.shape.slice(depth);
  const table = reshape(x, [sizeOf(x.shape.slice(0, depth)), ...rest]);
  return gather(table, flatIndices(indices, x.shape));
}

/** Indices [n] of the first axis alone, as [n, 1]. */
const asRows = (indices: Value): Value =>
  indices.rank === 1 ? reshape(indices, [indices.size, 1]) : indices;

/** An array of `shape` that holds the sums of updates [..., rest] at indices [..., k] or [n], zeros elsewhere. */
export function scatterND(given: Value, updates: Value, shape: Shape): Value {
  const indices = asRows(given);
  const depth = checkIndices('scatterND', indices, shape);
  checkUpdates('scatterND', indices, updates, shape, depth);
  const flat = flatIndices(indices, shape);
  return reshape(scatterAdd(flat, updates, sizeOf(shape.slice(0, depth))), shape);
}

/** x with updates [..., rest] in place of what is at indices [..., k] or [n]; the last of several for one place. */
export function tensorScatterUpdate(x: Value, given: Value, updates: Value): Value {
  const indices = asRows(given);
  const depth = checkIndices('tensorScatterUpdate', indices, x.shape);
  checkUpdates('tensorScatterUpdate', indices, updates, x.shape, depth);
  if (x.size === 0) return x;
  const [table, values] = alike([x, updates]);
  const rows = reshape(table, [sizeOf(x.shape.slice(0, depth)), ...x.shape.slice(depth)]);
  return reshape(
    x.graph.add(gatherOps.scatterUpdate, [rows, flatIndices(indices, x.shape), values], {}),
    x.shape,
  );
}

function checkUpdates(name: string, indices: Value, updates: Value, shape: Shape, depth: number): void {
  const expected = [...indices.shape.slice(0, -1), ...shape.slice(depth)];
  if (sameShape(updates.shape, expected)) return;
  throw updates.graph.error(
    `${name}: updates must be ${formatShape(expected)} for indices ${formatShape(indices.shape)} and shape ` +
      `${formatShape(shape)}; got ${formatShape(updates.shape)}.`,
  );
}

/** Slices of x summed by the segment that each belongs to: [numSegments, ...]. A segment below 0 belongs nowhere. */
export function unsortedSegmentSum(x: Value, segmentIds: Value, numSegments: number): Value {
  if (segmentIds.rank !== 1 || segmentIds.shape[0] !== x.shape[0]) {
    throw x.graph.error(
      `unsortedSegmentSum: takes a segment for each of the slices of ${formatShape(x.shape)}; got ` +
        `${formatShape(segmentIds.shape)}.`,
    );
  }
  return scatterAdd(segmentIds, x, numSegments);
}

/** How often each of 0 to `size` − 1 occurs in x [n]; with weights of x's shape, the sums of these. */
export const bincount = (x: Value, weights: Value | undefined, size: number): Value =>
  scatterAdd(x, counted(x, weights), size);

/** What counts of each number: its weight or, where there are none, 1. */
const counted = (x: Value, weights: Value | undefined): Value =>
  weights && weights.size > 0 ? weights : typedAs(weights, ones(x.graph, x.shape));

/** Counts are of the type that weights have, even where there are none of them. */
const typedAs = (weights: Value | undefined, counts: Value): Value =>
  weights && isInteger(weights) ? asInt32(counts) : asFloat(counts);

/**
 * `bincount` of x [n], or of each row of x [rows, n].
 * @param binaryOutput whether a number counts once only, without weights
 */
export function denseBincount(
  x: Value,
  weights: Value | undefined,
  size: number,
  binaryOutput = false,
): Value {
  const values = binaryOutput ? ones(x.graph, x.shape) : counted(x, weights);
  const counts = scatterAdd(x, values, size, x.rank - 1, x.rank - 1);
  return binaryOutput ? typedAs(weights, greater(counts, 0)) : counts;
}
