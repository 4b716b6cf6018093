// Where weights and what an optimizer keeps of them lie, and how long they stay there.

import v8 from 'node:v8';
import vm from 'node:vm';
import { describe, expect, test } from 'vitest';
import { Program } from '../../src/compiler/program.ts';
import { engine } from '../../src/engine/engine.ts';
import { Graph } from '../../src/graph/graph.ts';
import { mul } from '../../src/graph/ops/elementwise.ts';
import { parameter } from '../../src/graph/ops/sources.ts';
import { inPlace, neighbours, newRange } from '../../src/state/range.ts';
import { Slots } from '../../src/state/slots.ts';
import { Weights } from '../../src/state/weights.ts';
import { countingBytes } from '../garbage.ts';

v8.setFlagsFromString('--expose-gc');
const collectGarbage = vm.runInNewContext('gc') as () => void;

function settled(...shapes: readonly number[][]): Weights[] {
  const variables = shapes.map((shape, i) => {
    const size = shape.reduce((a, b) => a * b, 1);
    return new Weights({ name: `w${i}`, shape, values: new Float32Array(size).fill(i + 1) });
  });
  Weights.settle(variables, 'a test');
  return variables;
}

describe('neighbours', () => {
  test('weights side by side are one range, with their paddings', () => {
    const [a, b, c] = settled([3], [2, 4], [5]);
    const [{ range, members }] = neighbours([a, b, c]);
    expect(members).toEqual([a, b, c]);
    expect(Array.from(range.read())).toEqual([1, 1, 1, 0, 2, 2, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 0, 0, 0]);
  });

  test('weights are put in the order in which they lie, block by block', () => {
    const [a, b, c] = settled([4], [4], [4]);
    const [d] = settled([4]);
    expect(inPlace([c, d, a, b])).toEqual([a, b, c, d]);
    expect(inPlace([b, c, a])).toEqual([a, b, c]);
  });

  test('a gap and another block end a range', () => {
    const [a, , c] = settled([4], [4], [4]);
    const [d] = settled([4]);
    expect(neighbours([a, c, d]).map(({ members }) => members)).toEqual([[a], [c], [d]]);
  });
});

describe('slots', () => {
  test('lie beside each other where weights do, and begin as they should', () => {
    const [a, b] = settled([3], [2]);
    const slots = new Slots([0, 0.5]);
    expect(() => slots.read(0, a)).toThrow('has no slots');
    slots.add([a, b]);
    slots.write(1, b, Float32Array.of(7, 8));
    const [{ range }] = neighbours([a, b]);
    expect(Array.from(slots.beside(range, 0).read())).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
    expect(Array.from(slots.beside(range, 1).read())).toEqual([0.5, 0.5, 0.5, 0.5, 7, 8, 0.5, 0.5]);
  });

  test('beside weights that are gone are given back at once, and others stay', () =>
    countingBytes((heldBytes) => {
      const [[gone], [stays]] = [settled([64]), settled([64])];
      const weights = heldBytes() / 2;
      const slots = new Slots([0, 1]);
      slots.add([gone, stays]);
      const blocks = [gone.block, stays.block];
      expect(heldBytes()).toBe(2 * 3 * weights);
      gone.dispose();
      slots.drop(blocks);
      expect(heldBytes()).toBe(3 * weights);
      expect(Array.from(slots.read(1, stays))).toEqual(new Array(64).fill(1));
    }));

  test('those that are there stay when weights are added again', () => {
    const [a] = settled([2]);
    const slots = new Slots([0]);
    slots.add([a]);
    slots.write(0, a, Float32Array.of(1, 2));
    slots.add([a]);
    expect(Array.from(slots.read(0, a))).toEqual([1, 2]);
  });
});

test('a program keeps the memory that it reads, when nobody else does', async () => {
  const readingProgram = () => {
    const range = newRange('w', [4]);
    range.write(Float32Array.of(1, 2, 3, 4));
    const y = mul(parameter(new Graph(), range), 2);
    return { program: new Program([y]), y };
  };
  const { program, y } = readingProgram();
  for (let i = 0; i < 3; i++) {
    collectGarbage();
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  // What was freed would be handed out again, and zeroed.
  for (let i = 0; i < 50; i++) engine().allocate(16, 'a test');
  program.run();
  expect(Array.from(engine().readFloats(program.addressOf(y), 4))).toEqual([2, 4, 6, 8]);
});
