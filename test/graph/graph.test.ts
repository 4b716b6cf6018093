// Nodes: which are the same, what their types are, and which class they are of.

import { describe, expect, test } from 'vitest';
import { Lane } from '../../assembly/opcodes.ts';
import { differentiate } from '../../src/compiler/differentiate.ts';
import { Graph, type KernelOp, type LaneOp, Value, type ValueFields } from '../../src/graph/graph.ts';
import { sum } from '../../src/graph/ops/broadcasting.ts';
import { asFloat } from '../../src/graph/ops/conversion.ts';
import { conv2d } from '../../src/graph/ops/convolution.ts';
import { add, equal, greater, mul, select } from '../../src/graph/ops/elementwise.ts';
import { slice } from '../../src/graph/ops/movement.ts';
import { constant, input, reshape, stopGradient } from '../../src/graph/ops/sources.ts';
import { maxPool2d } from '../../src/graph/ops/window-folds.ts';
import { tensor } from '../../src/tensor/creation.ts';
import { compute } from '../compute.ts';

const laneNamed = (name: string, lane: Lane): LaneOp => ({
  name,
  kind: 'lane',
  lane,
  shape: ([x]) => x.shape,
  gradient: 'none',
});

test('one op on one input is one node; two ops of one name are two', () => {
  const graph = new Graph();
  const x = input(graph, 0, [2]);
  const [first, second] = [laneNamed('same', Lane.neg), laneNamed('same', Lane.abs)];
  expect(graph.add(first, [x], {})).toBe(graph.add(first, [x], {}));
  expect(graph.add(first, [x], {})).not.toBe(graph.add(second, [x], {}));
});

test('both are computed', () => {
  const [first, second] = [laneNamed('same', Lane.neg), laneNamed('same', Lane.abs)];
  const results = compute([tensor([-3, 2])], (x) => [
    x.graph.add(first, [x], {}),
    x.graph.add(second, [x], {}),
  ]);
  expect(results.map((y) => Array.from(y.dataSync()))).toEqual([
    [3, -2],
    [3, 2],
  ]);
});

test('a graph may make nodes of a class of its own', () => {
  class OwnValue<A extends object = object> extends Value<A> {}
  class OwnGraph extends Graph {
    protected override make<A extends object>(parts: ValueFields<A>): Value<A> {
      return new OwnValue(parts);
    }
  }
  const x = input(new OwnGraph(), 0, [2]);
  expect(add(x, 1)).toBeInstanceOf(OwnValue);
});

describe('element types', () => {
  const graph = new Graph();
  const x = input(graph, 0, [2, 3]);

  test('of an input are what it is made with, of arithmetic float32', () => {
    const bytes = input(graph, 1, [2, 3], 'uint8');
    expect([bytes.dtype, x.dtype, add(bytes, x).dtype]).toEqual(['uint8', 'float32', 'float32']);
  });

  test('of aliases are those of what they name', () => {
    const integers = input(graph, 2, [6], 'int32');
    expect(reshape(integers, [2, 3]).dtype).toBe('int32');
    expect(stopGradient(greater(x, 0)).dtype).toBe('bool');
  });

  test('of comparisons are bool; with floats they give floats, among themselves integers', () => {
    const flags = equal(x, 1);
    expect(flags.dtype).toBe('bool');
    const floats = [add(flags, 0), mul(flags, 1), add(flags, x)];
    expect(floats.map(({ dtype }) => dtype)).toEqual(floats.map(() => 'float32'));
    expect([add(flags, flags), sum(flags)].map(({ dtype }) => dtype)).toEqual(['int32', 'int32']);
    expect(slice(flags, [1, 0], [1, 3]).dtype).toBe('bool');
  });

  test('a bool becomes a float without a copy', () => {
    expect(asFloat(greater(x, 0)).op.kind).toBe('alias');
    const [y] = compute([tensor([-1, 2])], (a) => [add(select(greater(a, 0), 5, 7), greater(a, 1))]);
    expect(Array.from(y.dataSync())).toEqual([7, 6]);
  });

  test('constants may be integers', () => {
    const [y] = compute([tensor([1])], (a) => [asFloat(constant(a.graph, [-7], [1], 'int32'))]);
    expect(Array.from(y.dataSync())).toEqual([-7]);
  });
});

describe('an op says what its gradient is', () => {
  test('none: what depends on a value through it alone has no gradient', () => {
    const x = input(new Graph(), 0, [2]);
    expect(differentiate(sum(asFloat(greater(x, 0))), [x])).toEqual([undefined]);
  });

  test('missing: the error names the op', () => {
    const x = input(new Graph(), 0, [1, 4, 4, 2]);
    const pool = { size: [2, 2], strides: [2, 2], padding: [0, 0, 0, 0], dilation: [1, 1] } as const;
    const [dx] = differentiate(sum(mul(maxPool2d(x, pool), 2)), [x]);
    expect(() => differentiate(sum(mul(dx!, dx!)), [x])).toThrow(
      'maxPool2dGradient cannot be differentiated.',
    );
  });
});

test('a record without a rule that its kind needs does not compile', () => {
  const shape = () => [];
  // @ts-expect-error emit is missing
  const kernel: KernelOp = { name: 'kernel', kind: 'kernel', shape, gradient: 'none' };
  // @ts-expect-error the instruction is missing
  const lane: LaneOp = { name: 'lane', kind: 'lane', shape, gradient: 'none' };
  // @ts-expect-error nothing says that there is no gradient
  const silent: LaneOp = { name: 'silent', kind: 'lane', lane: Lane.neg, shape };
  expect([kernel, lane, silent]).toHaveLength(3);
});

test('a convolution goes from pixel to pixel, without padding, where nothing else is said', () => {
  const graph = new Graph();
  expect(conv2d(input(graph, 0, [2, 5, 7, 3]), input(graph, 1, [3, 2, 3, 4])).shape).toEqual([2, 3, 6, 4]);
});
