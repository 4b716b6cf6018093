import { afterEach, describe, expect, it, vi } from 'vitest';
import { ones, range, scalar, tensor, tensor2d, zeros } from '../../src/tensor/creation.ts';

const lines = (...text: string[]) => text.join('\n');

describe('toString', () => {
  it.each([
    ['a scalar', scalar(3), ['Tensor', '    3']],
    ['a boolean', scalar(true), ['Tensor', '    true']],
    ['a vector', tensor([1, 2.5, -3]), ['Tensor', '    [1, 2.5, -3]']],
    ['seven digits', tensor([0.1, 1 / 3, 1e-9]), ['Tensor', '    [0.1, 0.3333333, 1e-9]']],
    ['all of a whole number', tensor([16777216]), ['Tensor', '    [16777216]']],
    ['what is no number', tensor([Number.NaN, -Infinity]), ['Tensor', '    [NaN, -Infinity]']],
    ['nothing', tensor([]), ['Tensor', '    []']],
    ['rows of nothing', zeros([2, 0]), ['Tensor', '    [[],', '     []]']],
    [
      'aligned columns',
      tensor2d([
        [1, 22],
        [333, 4],
      ]),
      ['Tensor', '    [[1  , 22],', '     [333, 4 ]]'],
    ],
    ['booleans', tensor([[true], [false]]), ['Tensor', '    [[true ],', '     [false]]']],
    [
      'matrices with an empty line between',
      ones([2, 2, 1]),
      ['Tensor', '    [[[1],', '      [1]],', '', '     [[1],', '      [1]]]'],
    ],
  ])('%s', (_, x, expected) => {
    expect(x.toString()).toBe(lines(...expected));
  });

  it('shows twenty entries and shortens more', () => {
    expect(range(0, 20).toString()).toContain('9, 10, 11');
    expect(range(0, 21).toString()).toBe(lines('Tensor', '    [0, 1, 2, ..., 18, 19, 20]'));
    expect(zeros([21, 21]).toString()).toBe(
      lines(
        'Tensor',
        '    [[0, 0, 0, ..., 0, 0, 0],',
        '     [0, 0, 0, ..., 0, 0, 0],',
        '     [0, 0, 0, ..., 0, 0, 0],',
        '     ...,',
        '     [0, 0, 0, ..., 0, 0, 0],',
        '     [0, 0, 0, ..., 0, 0, 0],',
        '     [0, 0, 0, ..., 0, 0, 0]]',
      ),
    );
  });

  it('is quick for a large tensor, of which it reads only what it shows', () => {
    expect(zeros([1000, 1000, 30]).toString().length).toBeLessThan(2000);
  });

  it('adds data type, rank and shape', () => {
    expect(tensor2d([[1, 2]], [1, 2], 'int32').toString(true)).toBe(
      lines('Tensor', '  dtype: int32', '  rank: 2', '  shape: [1,2]', '  values:', '    [[1, 2]]'),
    );
  });
});

describe('print', () => {
  afterEach(() => vi.restoreAllMocks());

  it('writes to the console', () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => {});
    tensor([1]).print();
    tensor([1]).print(true);
    expect(log.mock.calls).toEqual([[tensor([1]).toString()], [tensor([1]).toString(true)]]);
  });
});
