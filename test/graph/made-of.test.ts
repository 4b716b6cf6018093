// What functions and gradients are made of: the nodes, as the compiler gets them, of each op a line in a snapshot. That the numbers are right is tested
// elsewhere; here, that nothing is copied, converted or computed that need not be.

import { expect, test } from 'vitest';
import { differentiate } from '../../src/compiler/differentiate.ts';
import { prune } from '../../src/compiler/prune.ts';
import { simplify } from '../../src/compiler/simplify.ts';
import { Graph, type Value } from '../../src/graph/graph.ts';
import * as arrangement from '../../src/graph/ops/arrangement.ts';
import { broadcastTo, sum } from '../../src/graph/ops/broadcasting.ts';
import * as conversion from '../../src/graph/ops/conversion.ts';
import * as elementwise from '../../src/graph/ops/elementwise.ts';
import * as images from '../../src/graph/ops/images.ts';
import * as movement from '../../src/graph/ops/movement.ts';
import * as reductions from '../../src/graph/ops/reductions.ts';
import { input, reshape, stopGradient } from '../../src/graph/ops/sources.ts';
import * as strides from '../../src/graph/ops/strides.ts';
import { formatShape } from '../../src/graph/shape.ts';
import { opCases } from './op-cases.ts';
import { calls, trace } from './tfjs-calls.ts';

const shapeOf = ({ shape, dtype }: Value) => `${dtype === 'float32' ? '' : dtype}${formatShape(shape)}`;

/** The nodes behind values but for those that were there, in order: each with what it is of, if that is not the one before. */
function madeOf(values: readonly Value[], given: readonly Value[] = []): string {
  const nodes = prune(values).filter((node) => node.op.kind !== 'input' && !given.includes(node));
  const lines = nodes.map((node, i) => {
    const [source, ...others] = node.inputs;
    const isNext = others.length === 0 && (i === 0 ? source === given[0] : source === nodes[i - 1]);
    return `${node.op.name}${isNext || !source ? '' : `(${node.inputs.map(shapeOf).join(' ')})`} ${shapeOf(node)}`;
  });
  return lines.length > 0 ? lines.join(', ') : 'nothing';
}

test('functions that are composed', () => {
  const lines = calls.map((call) => {
    const { given, results } = trace(call);
    const args = call.args.map((each) => JSON.stringify(each)).join(' ');
    return `${call.name} of ${given.map(shapeOf).join(' ')}, ${args}: ${madeOf(results, given)}`;
  });
  expect([...new Set(lines)].join('\n')).toMatchSnapshot();
});

/** Where what is asked for is there already, and next to that. */
const shortcuts: Readonly<Record<string, (x: Value) => Value | readonly Value[]>> = {
  'transpose to the same order': (x) => movement.transpose(x, [0, 1, 2, 3]),
  'transpose of axes of one element': (x) => movement.transpose(x, [3, 0, 1, 2]),
  'transpose of others': (x) => movement.transpose(x, [0, 2, 1, 3]),
  'reshape to the same': (x) => reshape(x, [2, 3, 4, 1]),
  'reshape of a reshape': (x) => reshape(reshape(x, [24]), [6, 4]),
  'reshape, and back': (x) => reshape(reshape(x, [24]), [2, 3, 4, 1]),
  'broadcast to the same': (x) => broadcastTo(x, [2, 3, 4, 1]),
  'broadcast of the last axis': (x) => broadcastTo(x, [2, 3, 4, 2]),
  'slice of all': (x) => movement.slice(x, [0, 0, 0, 0], [2, 3, 4, 1]),
  'slice of neighbours': (x) => movement.slice(x, [1, 0, 0, 0], [1, 3, 4, 1]),
  'slice of others': (x) => movement.slice(x, [0, 1, 0, 0], [2, 1, 4, 1]),
  'pad by nothing': (x) =>
    movement.pad(x, [
      [0, 0],
      [0, 0],
      [0, 0],
      [0, 0],
    ]),
  'pad at the end': (x) =>
    movement.pad(x, [
      [0, 0],
      [0, 0],
      [0, 1],
      [0, 0],
    ]),
  'concat of one': (x) => movement.concat([x], 1),
  'concat of two': (x) => movement.concat([x, x], 1),
  'tile by one': (x) => arrangement.tile(x, [1, 1, 1, 1]),
  'tile by two': (x) => arrangement.tile(x, [1, 1, 2, 1]),
  'split into one': (x) => arrangement.split(x, 1, 2),
  'reverse of an axis of one': (x) => strides.reverse(x, [3]),
  'reverse of others': (x) => strides.reverse(x, [1]),
  'every element of a stride of 1': (x) => strides.stridedSlice(x, [0], [2], [1]),
  'every second row': (x) => strides.stridedSlice(x, [0, 0], [2, 3], [1, 2]),
  'sum over an axis of one': (x) => sum(x, [3]),
  'sum over no axes': (x) => sum(x, []),
  'sum over neighbouring axes': (x) => sum(x, [1, 2]),
  'sum over axes apart': (x) => sum(x, [0, 2]),
  'variance over an axis of one': (x) => reductions.variance(x, [3]),
  'variance over one of one and another': (x) => reductions.variance(x, [2, 3]),
  'nearest neighbours at the same size': (x) => images.resizeNearestNeighbor(x, [3, 4]),
  'nearest neighbours at the same width': (x) => images.resizeNearestNeighbor(x, [2, 4]),
  'nearest neighbours at the same height': (x) => images.resizeNearestNeighbor(x, [3, 5]),
  'bilinear at the same size': (x) => images.resizeBilinear(x, [3, 4]),
  'bilinear at another': (x) => images.resizeBilinear(x, [6, 4]),
  'float of a float': (x) => conversion.asFloat(x),
  'float of a bool': (x) => conversion.asFloat(elementwise.greater(x, 0)),
  'int of a float, as a float': (x) => conversion.asFloat(conversion.asInt32(x)),
  'stopped twice': (x) => stopGradient(stopGradient(x)),
};

test('shortcuts', () => {
  const lines = Object.entries(shortcuts).map(([name, build]) => {
    const x = input(new Graph(), 0, [2, 3, 4, 1]);
    const made = build(x);
    return `${name}: ${madeOf(Array.isArray(made) ? made : [made as Value], [x])}`;
  });
  expect(lines.join('\n')).toMatchSnapshot();
});

const opsOf = (values: readonly Value[], given: readonly Value[]): string =>
  prune(values)
    .filter((node) => node.op.kind !== 'input' && !given.includes(node))
    .map(({ op }) => op.name)
    .join(' ') || 'nothing';

test('ops and their gradients', () => {
  const cases = new Map<string, string[]>();
  for (const { op, shapes, build, fixed = [] } of opCases) {
    const graph = new Graph();
    const given = shapes.map((shape, i) => input(graph, i, shape));
    const y = build(...given);
    const dy = input(graph, given.length, y.shape);
    const wanted = given.filter((_, i) => !fixed.includes(i));
    const found = differentiate(sum(elementwise.mul(y, dy)), wanted).filter((each) => each !== undefined);
    const simple = simplify([y, dy, ...found], new Graph());
    const gradients = opsOf(found.map(simple), prune([simple(y), simple(dy)]));
    const made = `${op}: ${opsOf([y], [])}\n  gradient: ${gradients}`;
    cases.set(made, [...(cases.get(made) ?? []), given.map(shapeOf).join(' ')]);
  }
  const lines = [...cases].map(([made, of]) => `${made}\n  of ${[...new Set(of)].join(', ')}`);
  expect(lines.join('\n')).toMatchSnapshot();
});
