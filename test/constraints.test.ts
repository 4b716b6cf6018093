import { describe, expect, test } from 'vitest';
import { constraints, getConstraint } from '../src/constraints/constraints.ts';
import { tensor2d } from '../src/tensor/creation.ts';
import { expectClose } from './close.ts';
import { compute } from './compute.ts';

const w = tensor2d([
  [3, -0.3],
  [4, 0.4],
]);
const apply = (identifier: Parameters<typeof getConstraint>[0]) =>
  compute([w], (value) => [getConstraint(identifier).apply(value)])[0].dataSync();

describe('constraints: columns have the norms 5 and 0.5', () => {
  test('maxNorm scales down what is longer', () => {
    expectClose(apply(constraints.maxNorm({ maxValue: 2 })), [1.2, -0.3, 1.6, 0.4], 1e-6);
    const [first, second] = [Math.hypot(3, 0.3), Math.hypot(4, 0.4)].map((norm) => 2 / norm);
    expectClose(
      apply(constraints.maxNorm({ maxValue: 2, axis: 1 })),
      [3 * first, -0.3 * first, 4 * second, 0.4 * second],
      1e-6,
    );
  });

  test('unitNorm scales all', () => {
    expectClose(apply('unitNorm'), [0.6, -0.6, 0.8, 0.8], 1e-6);
  });

  test('nonNeg cuts', () => {
    expectClose(apply('nonNeg'), [3, 0, 4, 0.4], 1e-7);
  });

  test('minMaxNorm scales both ways, by a share of the way', () => {
    expectClose(apply(constraints.minMaxNorm({ minValue: 1, maxValue: 2 })), [1.2, -0.6, 1.6, 0.8], 1e-6);
    // Half the way: to (5 + 2)/2 and (0.5 + 1)/2.
    expectClose(
      apply(constraints.minMaxNorm({ minValue: 1, maxValue: 2, rate: 0.5 })),
      [2.1, -0.45, 2.8, 0.6],
      1e-6,
    );
  });

  test('by the names of saved models; unknown ones are sentences', () => {
    expectClose(apply({ className: 'MaxNorm', config: { maxValue: 2 } }), [1.2, -0.3, 1.6, 0.4], 1e-6);
    expect(() => getConstraint('maxnrm')).toThrow('Unknown constraint "maxnrm". Did you mean "maxNorm"?');
  });
});
