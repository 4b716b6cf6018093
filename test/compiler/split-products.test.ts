// Threads share the depth of some products; the bits are those of one thread, signs of zeros included.

import { afterEach, describe, expect, test } from 'vitest';
import { compilerOptions, Program } from '../../src/compiler/program.ts';
import { engine } from '../../src/engine/engine.ts';
import { teamBounds } from '../../src/engine/team.ts';
import { Graph } from '../../src/graph/graph.ts';
import { add, relu } from '../../src/graph/ops/elementwise.ts';
import { matMul } from '../../src/graph/ops/matmul.ts';
import { input } from '../../src/graph/ops/sources.ts';

const defaults = { sharedWork: compilerOptions.sharedWork, program: teamBounds.program };

afterEach(() => {
  compilerOptions.sharedWork = defaults.sharedWork;
  teamBounds.program = defaults.program;
});

const wave = (_: unknown, i: number) => Math.sin(i * i + 1);
/** Times 1e-30 these are zeros of both signs. */
const faint = (_: unknown, i: number) => (i % 2 === 0 ? 1e-30 : -1e-30);

/** The bits of A·B and of relu(A·B + b), and whether threads would share the product's depth. */
function run([m, k, n]: number[], [ta, tb]: boolean[], a: typeof wave, b: typeof wave) {
  const graph = new Graph();
  const shapes = [ta ? [k, m] : [m, k], tb ? [n, k] : [k, n], [n]];
  const inputs = shapes.map((shape, i) => input(graph, i, shape));
  const product = matMul(inputs[0], inputs[1], ta, tb);
  const outputs = [product, relu(add(product, inputs[2]))];
  const program = new Program(outputs, [], { inputs });
  for (const [i, value] of inputs.entries()) {
    const values = Float32Array.from({ length: value.size }, [a, b, wave][i]);
    engine().write(program.addressOf(value), values);
  }
  program.run();
  const bits = outputs.map(
    (value) => new Uint32Array(engine().readFloats(program.addressOf(value), value.size).buffer),
  );
  return { bits, isSplit: /matMulParts/.test(program.toString()) };
}

const shapes = [
  { shape: [1, 784, 128], isSplit: true },
  { shape: [2, 900, 33], isSplit: true },
  { shape: [7, 1201, 3], isSplit: true },
  { shape: [97, 784, 13], isSplit: true },
  { shape: [3, 2000, 1], isSplit: true },
  // One element, no elements, one block, more rows than pays.
  { shape: [1, 2000, 1], isSplit: false },
  { shape: [0, 820, 5], isSplit: false },
  { shape: [1, 820, 0], isSplit: false },
  { shape: [5, 400, 9], isSplit: false },
  { shape: [300, 784, 9], isSplit: false },
];

const isAlone = engine().threads === 1;
const reason = isAlone ? ' (left out: there is one thread here)' : '';

describe.skipIf(isAlone)(`on several threads${reason}`, () => {
  test.each(shapes)('$shape', ({ shape, isSplit }) => {
    for (const transposes of [
      [false, false],
      [true, false],
      [false, true],
      [true, true],
    ]) {
      for (const [a, b] of [
        [wave, wave],
        [faint, () => 1e-30],
      ]) {
        compilerOptions.sharedWork = 0;
        teamBounds.program = 0;
        const shared = run(shape, transposes, a, b);
        teamBounds.program = Number.POSITIVE_INFINITY;
        const alone = run(shape, transposes, a, b);
        expect([shared.isSplit, alone.isSplit]).toEqual([isSplit, false]);
        expect(shared.bits).toEqual(alone.bits);
      }
    }
  });
});
