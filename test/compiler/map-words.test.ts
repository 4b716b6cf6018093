// What maps are told: which arrays they read and how, where each instruction finds its operands and leaves its result.

import { describe, expect, test } from 'vitest';
import { Access, Lane, Layout } from '../../assembly/opcodes.ts';
import { MapInstructionWord, MapOperandWord, MapWord } from '../../assembly/words.ts';
import { mapWords } from '../../src/compiler/emit-map.ts';
import { fuse, type Stage } from '../../src/compiler/fuse.ts';
import { lower } from '../../src/compiler/lower.ts';
import { joinedAmong, joinedTarget } from '../../src/compiler/lowering/joins.ts';
import { planMemory } from '../../src/compiler/plan-memory.ts';
import { prune } from '../../src/compiler/prune.ts';
import { schedule } from '../../src/compiler/schedule.ts';
import { Graph, type LaneValue, type Value } from '../../src/graph/graph.ts';
import { asFloat } from '../../src/graph/ops/conversion.ts';
import {
  add,
  exp,
  greater,
  mul,
  neg,
  relu,
  select,
  square,
  step,
  sub,
  tanh,
} from '../../src/graph/ops/elementwise.ts';
import { matMul } from '../../src/graph/ops/matmul.ts';
import { concat, slice } from '../../src/graph/ops/movement.ts';
import { randomUniform } from '../../src/graph/ops/random-uniform.ts';
import { assign, constant, input, parameter, reshape } from '../../src/graph/ops/sources.ts';
import { newRange } from '../../src/state/range.ts';

/** Arrays are so many bytes apart: an address tells which it is. */
const apart = 1_000_000;

/** The maps of a program as text. */
function mapsOf(outputs: readonly Value[]): string {
  const low = lower(outputs, new Graph(), [], true);
  const roots = outputs.map(low);
  const nodes = prune(roots);
  const stages = fuse(schedule(nodes));
  const inputs = nodes.filter(({ op }) => op.kind === 'input');
  const plan = planMemory(stages, { outputs: roots, inputs, pins: new Map(), isSharing: true });
  const joined = joinedAmong(nodes);
  const addressOf = (value: Value): number | undefined => {
    const array = joined.get(joinedTarget(value) ?? {}) ?? value;
    const isThere = plan.offsets.has(array) || ['parameter', 'constant', 'assign'].includes(array.op.name);
    return isThere ? apart * nodes.indexOf(array) : undefined;
  };
  const nameOf = (address: number): string => {
    const { op, shape } = nodes[Math.floor(address / apart)];
    return `${op.name}[${shape}]${address % apart === 0 ? '' : ` + ${address % apart}`}`;
  };
  const mapped = stages.filter(({ lanes }) => lanes.length > 0);
  return mapped.map((stage) => mapOf(stage, addressOf, nameOf)).join('\n');
}

/** A map: its operands by their numbers, then its instructions; r0, r1 and so on are registers. */
function mapOf(
  stage: Stage,
  addressOf: (value: Value) => number | undefined,
  nameOf: (address: number) => string,
): string {
  const tables: (readonly number[])[] = [];
  const table = (list: readonly number[]) => -1 - tables.push(list);
  const tableAt = (address: number) => tables[-2 - address];
  const words = mapWords(stage, { addressOf, table });
  const recordsOf = (address: number, bytes: number) => {
    const list = tableAt(address);
    const size = bytes / 4;
    return Array.from({ length: list.length / size }, (_, i) => list.slice(i * size, (i + 1) * size));
  };
  const operands = recordsOf(words[MapWord.operands], Layout.operandBytes).map((record, i) => {
    const { access, address, elementBytes, repeat, period, pitch, register } = MapOperandWord;
    const at = record[address];
    const array = at === -1 ? 'state' : at < 0 ? `(${tableAt(at).join(' ')})` : nameOf(at);
    const how = `${Access[record[access]]} ${record[repeat]}·${record[period]} by ${record[pitch]}`;
    const isRepeated = record[access] === Access.broadcast || record[register] !== 0;
    return `${i}: ${array} ${how} of ${record[elementBytes]} bytes${isRepeated ? ` in r${record[register]}` : ''}`;
  });
  const placeOf = (place: number) => (place < operands.length ? place : `r${place - operands.length}`);
  const instructions = recordsOf(words[MapWord.instructions], Layout.instructionBytes).map((record) => {
    const { lane, y, a, b, c } = MapInstructionWord;
    const places = [y, a, b, c].map((word) => placeOf(record[word]));
    return `${places[0]} = ${Lane[record[lane]]} ${places.slice(1).join(' ')}`;
  });
  expect(operands.length).toBe(words[MapWord.operandCount]);
  expect(instructions.length).toBe(words[MapWord.instructionCount]);
  const head = `${stage.kernel?.op.name ?? 'map'} of ${words[MapWord.total]}, ${words[MapWord.registerCount]} registers`;
  return [head, ...operands, ...instructions].join('\n  ');
}

const rows = (graph: Graph) => input(graph, 0, [2, 3, 4]);

const cases: Readonly<Record<string, (graph: Graph) => readonly Value[]>> = {
  'registers are used again': (graph) => {
    const x = rows(graph);
    const a = square(x);
    const b = exp(x);
    return [sub(add(a, b), mul(a, x))];
  },
  'what is read last takes the result': (graph) => [tanh(neg(exp(rows(graph))))],
  'two results, of which one is read again': (graph) => {
    const a = exp(rows(graph));
    return [a, mul(a, a)];
  },
  'an operand that is read twice is one': (graph) => {
    const x = rows(graph);
    return [select(greater(x, 0), x, mul(x, x))];
  },
  broadcasts: (graph) => {
    const x = rows(graph);
    const [scalar, row, column, both] = [[], [4], [2, 1, 1], [3, 4]].map((shape, i) =>
      input(graph, i + 1, shape),
    );
    return [add(add(mul(x, scalar), mul(x, row)), add(mul(x, column), mul(x, both)))];
  },
  'a row and its transpose are two operands': (graph) => {
    const row = input(graph, 1, [3]);
    return [mul(add(input(graph, 0, [3, 3]), row), reshape(row, [3, 1]))];
  },
  'parts of one array are operands of their own': (graph) => {
    const x = rows(graph);
    const part = (begin: number) => slice(x, [begin, 0, 0], [1, -1, -1]);
    return [mul(add(part(0), part(1)), part(1))];
  },
  'columns of rows': (graph) => {
    const x = rows(graph);
    const part = (begin: number, size: number) => slice(x, [0, 0, begin], [-1, -1, size]);
    return [mul(part(0, 2), part(2, 2)), neg(part(1, 2))];
  },
  'columns of slabs': (graph) => [neg(slice(rows(graph), [0, 1, 0], [-1, 2, -1]))],
  'what are no columns': (graph) => [neg(slice(rows(graph), [0, 1, 1], [-1, 2, 2]))],
  'columns that a product reads as well': (graph) => {
    const part = slice(input(graph, 0, [3, 5]), [0, 1], [-1, 3]);
    return [neg(part), matMul(part, part)];
  },
  'columns that nobody reads': (graph) => [slice(input(graph, 0, [3, 5]), [0, 1], [-1, 3]), neg(rows(graph))],
  'columns of bytes': (graph) => [asFloat(slice(input(graph, 0, [3, 5], 'uint8'), [0, 1], [-1, 3]))],
  'a register that is read twice is free once': (graph) => {
    const x = rows(graph);
    const a = neg(x);
    return [add(mul(a, a), exp(x))];
  },
  'two instructions in one': (graph) => {
    const [x, scale, offset] = [[2, 4], [4], [4]].map((shape, i) => input(graph, i, shape));
    const y = relu(add(mul(sub(x, offset), scale), offset));
    return [y, mul(exp(x), step(y)), add(offset, mul(scale, x))];
  },
  'what is read twice, or later, or from memory, is an instruction of its own': (graph) => {
    const x = rows(graph);
    const [twice, later, inMemory] = [sub(x, 1), mul(x, 2), step(x)];
    return [mul(twice, twice), add(add(later, 3), later), inMemory, mul(inMemory, 4)];
  },
  'parts of bytes': (graph) => {
    const x = input(graph, 0, [3, 4], 'uint8');
    return [add(asFloat(x), 1), mul(asFloat(slice(x, [1, 0], [1, -1])), 2)];
  },
  'integers and bools': (graph) => {
    const x = input(graph, 0, [4], 'int32');
    return [add(x, constant(graph, [1], [], 'int32')), greater(x, asFloat(input(graph, 1, [4], 'bool')))];
  },
  'columns that are written': (graph) => {
    const x = rows(graph);
    return [concat([neg(x), square(slice(x, [0, 0, 0], [-1, -1, 1]))], 2)];
  },
  'random numbers': (graph) => {
    const state = parameter(graph, newRange('random', [4]));
    const of = (stream: number, seed: number) => randomUniform(state, { shape: [2, 3, 4], stream, seed });
    return [mul(rows(graph), greater(of(7, -1), 0.5)), add(of(8, 5), of(8, 0))];
  },
  'what follows a product': (graph) => {
    const [x, w, bias] = [[4, 3], [3, 5], [5]].map((shape, i) => input(graph, i, shape));
    return [tanh(add(matMul(x, w), bias))];
  },
  'state that is read and changed': (graph) => {
    const weights = newRange('w', [3]);
    const w = parameter(graph, weights);
    return [assign(weights, sub(w, mul(w, 0.1)))];
  },
};

test.each(Object.entries(cases))('%s', (_, build) => {
  expect(`\n${mapsOf(build(new Graph()))}\n`).toMatchSnapshot();
});

describe('a map that nobody may ask for', () => {
  /** Element-wise nodes as one map, of which some results are in memory. */
  const wordsOf = (lanes: readonly Value[], isInMemory = (_: Value) => true) =>
    mapWords(
      { kernel: undefined, results: [], lanes: lanes as LaneValue[], threads: 1 },
      { addressOf: (value) => (isInMemory(value) ? 64 : undefined), table: () => 0 },
    );
  const chainOf = (count: number) => {
    const lanes = [neg(rows(new Graph()))];
    while (lanes.length < count) lanes.push(neg(lanes[lanes.length - 1]));
    return lanes;
  };

  test('has more arrays than there are locations', () => {
    const most = Layout.mapLocations - 1;
    expect(wordsOf(chainOf(most))[MapWord.operandCount]).toBe(Layout.mapLocations);
    expect(() => wordsOf(chainOf(most + 1))).toThrow(`a map needs ${Layout.mapLocations + 1} locations.`);
  });

  test('has more registers than there are locations', () => {
    const graph = new Graph();
    const lanes = Array.from({ length: 24 }, (_, i) => add(rows(graph), input(graph, 1 + i, [4])));
    expect(() => wordsOf(lanes)).toThrow('a map needs 73 locations.');
  });

  test('reads what is not in memory, or not in its order', () => {
    const graph = new Graph();
    const x = rows(graph);
    const sum = graph.rebuild(add(x, x), [x, input(graph, 1, [2, 1, 4])]);
    expect(() => wordsOf([neg(x)], (value) => value !== x)).toThrow('neg cannot read input in place.');
    expect(() => wordsOf([sum])).toThrow('add cannot read input in place.');
  });
});
