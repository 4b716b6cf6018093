// What a program keeps alive: the memory that its commands point into, and nothing of the graph that it was made of.

import { expect, test, vi } from 'vitest';
import { Program } from '../../src/compiler/program.ts';
import { simplify } from '../../src/compiler/simplify.ts';
import { Graph, Value, type ValueFields } from '../../src/graph/graph.ts';
import { sum } from '../../src/graph/ops/broadcasting.ts';
import { mul } from '../../src/graph/ops/elementwise.ts';
import { randomUniform } from '../../src/graph/ops/random-uniform.ts';
import { assign, input, parameter } from '../../src/graph/ops/sources.ts';
import * as tf from '../../src/index.ts';
import { newRange, type Range } from '../../src/state/range.ts';
import { bytesGrownOldBy, collected, collectGarbage } from '../garbage.ts';

/** A program, and the block that it is given: nothing else refers to it when this returns. */
interface Made {
  program: Program | undefined;
  readonly block: WeakRef<object>;
  readonly nodes: readonly WeakRef<Value>[];
}

function make(programOf: (graph: Graph, range: Range) => [Program, readonly Value[]]): Made {
  const range = newRange('a test', [1000]);
  const [program, nodes] = programOf(new Graph(), range);
  return { program, block: new WeakRef(range.block), nodes: nodes.map((node) => new WeakRef(node)) };
}

const cases: Record<string, () => Made> = {
  'memory that is read': () =>
    make((graph, range) => {
      const total = sum(parameter(graph, range));
      return [new Program([total]), [total]];
    }),
  'memory that is assigned to': () =>
    make((graph, range) => {
      const effect = assign(range, mul(input(graph, 0, [1000]), 2));
      return [new Program([], [effect]), [effect]];
    }),
  'memory that a result has its place in': () =>
    make((graph, range) => {
      const doubled = mul(input(graph, 0, [1000]), 2);
      return [new Program([doubled], [], { pins: new Map([[doubled, range]]) }), [doubled]];
    }),
  'the state of random numbers': () =>
    make((graph, range) => {
      const noise = randomUniform(parameter(graph, range), { shape: [10], stream: 0, seed: -1 });
      return [new Program([noise]), [noise]];
    }),
};

test.each(Object.entries(cases))('%s', async (_, makeCase) => {
  const made = makeCase();
  await collected(made.nodes);
  await collectGarbage();
  expect(made.block.deref()).toBeDefined();
  made.program!.run();
  made.program = undefined;
  await collected([made.block]);
});

test('programs of tensors keep no nodes', async () => {
  const made: WeakRef<Value>[] = [];
  const graphs = Graph.prototype as unknown as { make(fields: ValueFields): Value };
  const make = vi.spyOn(graphs, 'make').mockImplementation((fields) => {
    const node = new Value(fields);
    made.push(new WeakRef(node));
    return node;
  });
  try {
    // Of a size that no other test's programs have.
    tf.fill([1237], 1).mul(2).sin().dataSync();
  } finally {
    make.mockRestore();
  }
  expect(made.length).toBeGreaterThan(2);
  await collected(made);
});

test('graphs that were simplified go with what is young: nothing old refers to them', () => {
  const simplifyProducts = () => {
    const graph = new Graph();
    let x: Value = input(graph, 0, [10]);
    for (let i = 0; i < 100; i++) x = mul(x, i / 7);
    simplify([x], new Graph());
  };
  simplifyProducts();
  const times = 200;
  const grown = bytesGrownOldBy(() => {
    for (let i = 0; i < times; i++) simplifyProducts();
  });
  // Both graphs and what is noted of them have 140 KB.
  expect(grown).toBeLessThan(times * 2 ** 14);
});
