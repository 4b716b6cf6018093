// Which kernels compute a product, a convolution or its gradient, at both sides of where the choice changes. That the
// numbers are right either way is tested elsewhere.

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { partsOf } from '../../src/compiler/lowering/parts.ts';
import { compilerOptions, Program } from '../../src/compiler/program.ts';
import { engine } from '../../src/engine/engine.ts';
import { Graph, type Value } from '../../src/graph/graph.ts';
import { conv2d, conv2dFilterGradient, conv2dInputGradient } from '../../src/graph/ops/convolution.ts';
import { add } from '../../src/graph/ops/elementwise.ts';
import { final, leaf } from '../../src/graph/ops/loop.ts';
import { matMul } from '../../src/graph/ops/matmul.ts';
import { input, reshape } from '../../src/graph/ops/sources.ts';
import { loop } from '../../src/tensor/loops.ts';

const { sharedWork } = compilerOptions;
beforeEach(() => {
  vi.spyOn(engine(), 'sharesPrograms').mockReturnValue(false);
  compilerOptions.sharedWork = 32_000;
});
afterEach(() => {
  vi.restoreAllMocks();
  compilerOptions.sharedWork = sharedWork;
});

/** The kernels of the program that computes a value of arrays of some shapes. */
function kernelsOf(shapes: readonly (readonly number[])[], build: (...inputs: Value[]) => Value): string[] {
  const graph = new Graph();
  const program = new Program([build(...shapes.map((shape, i) => input(graph, i, shape)))], []);
  const lines = program.toString().split('\n').slice(0, -1);
  program.dispose();
  return lines.map((line) => /^ *\d+ (\w+)/.exec(line)![1]);
}

/** The kernels of a product of arrays of two shapes, the second of them perhaps transposed. */
const productOf = (a: readonly number[], b: readonly number[], isTransposed = false): string[] =>
  kernelsOf([a, b], (x, y) => matMul(x, y, false, isTransposed));

/** A window without a margin, and the margin that keeps the size of what filters of 3 by 3 see. */
const window = { strides: [1, 1], padding: [0, 0, 0, 0], dilation: [1, 1], groups: 1 } as const;
const margin = { padding: [1, 1, 1, 1] } as const;

test.each([
  [0, 1],
  [511, 1],
  [512, 2],
  [767, 2],
  [768, 3],
  [8191, 31],
  [8192, 32],
  [1_000_000, 32],
])('a sum of %i products is taken in %i parts', (products, parts) => {
  expect(partsOf(products)).toBe(parts);
});

describe('threads share the sums of a product', () => {
  // Of 400 products at the most each: 801 are three blocks, of which six times the rows are to be no more.
  test.each([
    [1, 400, 8, false],
    [1, 401, 8, true],
    [1, 801, 1, false],
    [1, 801, 2, true],
    [133, 801, 2, true],
    [134, 801, 2, false],
    [100, 401, 2, true],
    [101, 401, 2, false],
    [101, 404, 2, true],
    [2, 25_600, 2, true],
    [2, 25_601, 2, false],
  ])('[%i, %i]·[…, %i]: %s', (m, k, n, isShared) => {
    vi.spyOn(engine(), 'sharesPrograms').mockReturnValue(true);
    compilerOptions.sharedWork = 1;
    const names = productOf([m, k], [k, n]);
    expect(names.filter((name) => name !== 'packB')).toEqual(
      isShared ? ['matMulParts', 'sumParts'] : ['matMul'],
    );
  });

  test('but not where they do not share the program, or it is a batch of one', () => {
    expect(productOf([1, 801], [801, 2])).toEqual(['matMul']);
    vi.spyOn(engine(), 'sharesPrograms').mockReturnValue(true);
    compilerOptions.sharedWork = 1;
    const batch = kernelsOf(
      [
        [1, 801],
        [801, 2],
      ],
      (a, b) => matMul(reshape(a, [1, 1, 801]), reshape(b, [1, 801, 2])),
    );
    expect(batch).toEqual(['matMul']);
  });
});

describe('a product reads its second operand where it lies', () => {
  test.each([
    [12, 9, 9, true],
    [13, 9, 9, false],
    [13, 8, 9, true],
    [13, 9, 8, true],
  ])('[%i, %i]·[…, %i]: %s', (m, k, n, isRead) => {
    expect(productOf([m, k], [k, n])).toEqual(isRead ? ['matMul'] : ['packB', 'matMul']);
  });

  test.each([
    [1, true],
    [2, false],
  ])('transposed, of %i columns: %s', (n, isRead) => {
    expect(productOf([3, 5], [n, 5], true)).toEqual(isRead ? ['matMul'] : ['packB', 'matMul']);
  });
});

describe('a product packs its second operand', () => {
  const atOnce = ['packB', 'matMul'];
  const inBlocks = ['spare', 'matMul'];

  // 2 MB are 801 rows of 654.5 floats; 400 steps of k are one block.
  test.each([
    [13, 801, 654, atOnce],
    [13, 801, 655, inBlocks],
    [13, 401, 1308, inBlocks],
    [13, 400, 2000, atOnce],
  ])('[%i, %i]·[…, %i]: %s', (m, k, n, names) => {
    expect(productOf([m, k], [k, n])).toEqual(names);
    expect(productOf([m, k], [n, k], true)).toEqual(names);
  });

  test('at once where another product reads the same panels, and in blocks where it reads others', () => {
    const shapes = [
      [13, 801],
      [801, 801],
    ];
    const twice = kernelsOf(shapes, (x, y) => matMul(matMul(x, y), y));
    expect(twice).toEqual(['packB', 'matMul', 'matMul']);
    const there = kernelsOf(shapes, (x, y) => matMul(matMul(x, y), y, false, true));
    expect(there).toEqual([...inBlocks, ...inBlocks]);
  });

  test('at once in a batch', () => {
    const shapes = [
      [2, 13, 801],
      [2, 801, 700],
    ];
    expect(kernelsOf(shapes, (x, y) => matMul(x, y))).toEqual(atOnce);
  });

  test('once for all rounds of a loop', () => {
    const shapes = [
      [3, 20, 801],
      [20, 801],
      [801, 801],
    ];
    const kernels = kernelsOf(shapes, (x, begin, w) => {
      const [now, state] = [leaf(x.graph, begin), leaf(x.graph, begin)];
      const next = add(matMul(state, w), now);
      const body = { times: 3, isReverse: false, slices: [now], states: [state], next: [next], outside: [w] };
      return final(loop(body, [x], [begin], [w]), 0);
    });
    expect(kernels).toEqual(['packB', 'repeat']);
  });

  test('at once where threads share its sums', () => {
    vi.spyOn(engine(), 'sharesPrograms').mockReturnValue(true);
    compilerOptions.sharedWork = 1;
    expect(productOf([13, 801], [801, 655])).toEqual(['packB', 'matMulParts', 'sumParts']);
  });
});

describe('a convolution is computed in tiles', () => {
  test.each<[string, readonly number[], readonly number[], Partial<typeof window> | object, boolean]>([
    ['of few channels', [12, 12, 12], [3, 3, 12, 16], {}, false],
    ['of few outputs', [12, 12, 16], [3, 3, 16, 12], {}, false],
    ['of enough', [12, 12, 16], [3, 3, 16, 16], {}, true],
    ['of no whole vectors', [12, 12, 18], [3, 3, 18, 16], {}, false],
    ['of vectors and one', [12, 12, 17], [3, 3, 17, 16], {}, false],
    ['of as many as fit', [6, 6, 384], [3, 3, 384, 16], {}, true],
    ['of more', [6, 6, 384], [3, 3, 384, 20], {}, false],
    ['of other windows', [12, 12, 16], [3, 2, 16, 16], {}, false],
    ['of other windows', [12, 12, 16], [2, 3, 16, 16], {}, false],
    ['of strides', [12, 12, 16], [3, 3, 16, 16], { strides: [1, 2] }, false],
    ['of dilation', [12, 12, 16], [3, 3, 16, 16], { dilation: [2, 1] }, false],
    ['of groups', [12, 12, 32], [3, 3, 16, 32], { groups: 2 }, false],
    ['of 5 by 5', [5, 5, 16], [3, 3, 16, 16], {}, false],
    ['of 5 by 6', [5, 6, 16], [3, 3, 16, 16], {}, true],
    ['of 5 by 7', [5, 7, 16], [3, 3, 16, 16], {}, true],
    ['of 7 by 7', [7, 7, 16], [3, 3, 16, 16], {}, true],
    ['of 3 by 5', [3, 5, 16], [3, 3, 16, 16], {}, false],
    ['of 3 by 6', [3, 6, 16], [3, 3, 16, 16], {}, true],
  ])('%s', (_, image, filters, options, isTiled) => {
    const names = kernelsOf([[1, ...image], filters], (x, w) =>
      conv2d(x, w, { ...window, ...margin, ...options }),
    );
    expect(names).toEqual([isTiled ? 'winogradFilters' : 'packB', 'conv2d']);
  });
});

describe("the gradient of a convolution's images is one with mirrored filters", () => {
  test.each<[string, readonly number[], number, object, readonly number[], boolean]>([
    ['of whole panels', [6, 6], 8, {}, [6, 6], true],
    ['of nearly whole panels', [6, 6], 15, {}, [6, 6], true],
    ['of 8 for 7', [6, 6], 7, {}, [6, 6], false],
    ['of images that are not much larger', [46, 46], 8, { padding: [0, 0, 0, 0] }, [44, 44], true],
    ['of images that are long', [60, 46], 8, { padding: [0, 0, 0, 0] }, [58, 44], true],
    ['of images that are much larger', [30, 30], 8, { padding: [0, 0, 0, 0] }, [28, 28], false],
    ['of strides', [6, 6], 8, { strides: [1, 2] }, [6, 3], false],
    ['of strides', [6, 6], 8, { strides: [2, 1] }, [3, 6], false],
    ['of strides over a margin', [6, 6], 8, { strides: [1, 2], padding: [1, 1, 5, 5] }, [6, 7], false],
    ['of groups', [6, 6], 8, { groups: 2 }, [6, 6], false],
  ])('%s', (_, size, channels, options, outputs, isMirrored) => {
    const attrs = { ...window, ...margin, ...options };
    const filters = [3, 3, channels / attrs.groups, 4];
    const names = kernelsOf([[1, ...outputs, 4], filters], (dy, w) =>
      conv2dInputGradient(dy, w, [1, ...size, channels], attrs),
    );
    expect(names).toEqual([isMirrored ? 'mirrorFilters' : 'packB', 'conv2dInputGradient']);
  });
});

test('an image that is larger by a tenth is no longer computed with mirrored filters', () => {
  const names = (height: number) =>
    kernelsOf(
      [
        [1, height - 1, 4, 4],
        [2, 1, 8, 4],
      ],
      (dy, w) => conv2dInputGradient(dy, w, [1, height, 4, 8], window),
    );
  expect(names(11)).toEqual(['packB', 'conv2dInputGradient']);
  expect(names(12)).toEqual(['mirrorFilters', 'conv2dInputGradient']);
});

describe('the gradient of filters', () => {
  const names = (pixels: readonly [number, number]) =>
    kernelsOf(
      [
        [1, ...pixels, 3],
        [1, ...pixels, 5],
      ],
      (x, dy) => conv2dFilterGradient(x, dy, [1, 1, 3, 5], { ...window, strides: [2, 1] }),
    );

  test('is summed in parts over many pixels, in spare memory where threads do not share it', () => {
    vi.spyOn(engine(), 'sharesPrograms').mockReturnValue(true);
    expect(names([16, 32])).toEqual(['spare', 'conv2dFilterGradient']);
    compilerOptions.sharedWork = 1;
    expect(names([7, 73])).toEqual(['conv2dFilterGradient']);
    expect(names([16, 32])).toEqual(['conv2dFilterGradientParts', 'sumParts']);
    expect(names([24, 32])).toEqual(['conv2dFilterGradientParts', 'sumParts']);
  });
});
