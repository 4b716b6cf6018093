// What functions and gradients are made of: the nodes, as the compiler gets them. That the numbers are right is tested
// elsewhere; here, that nothing is copied, converted or computed that need not be.

import { expect, test } from 'vitest';
import { differentiate } from '../../src/compiler/differentiate.ts';
import { prune } from '../../src/compiler/prune.ts';
import { simplify } from '../../src/compiler/simplify.ts';
import { Graph, type Value } from '../../src/graph/graph.ts';
import { sum } from '../../src/graph/ops/broadcasting.ts';
import { mul } from '../../src/graph/ops/elementwise.ts';
import { input } from '../../src/graph/ops/sources.ts';
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
    const found = differentiate(sum(mul(y, dy)), wanted).filter((each) => each !== undefined);
    const simple = simplify([y, dy, ...found], new Graph());
    const gradients = opsOf(found.map(simple), prune([simple(y), simple(dy)]));
    const made = `${op}: ${opsOf([y], [])}\n  gradient: ${gradients}`;
    cases.set(made, [...(cases.get(made) ?? []), given.map(shapeOf).join(' ')]);
  }
  const lines = [...cases].map(([made, of]) => `${made}\n  of ${[...new Set(of)].join(', ')}`);
  expect(lines.join('\n')).toMatchSnapshot();
});
