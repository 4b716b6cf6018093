import { describe, expect, test } from 'vitest';
import { differentiate } from '../src/compiler/differentiate.ts';
import { getRegularizer, regularizers } from '../src/regularizers/regularizers.ts';
import { tensor2d } from '../src/tensor/creation.ts';
import { expectClose } from './close.ts';
import { compute } from './compute.ts';

const w = tensor2d([
  [3, -0.5],
  [0, 2],
]);

/** The penalty, then its gradient. */
const apply = (identifier: Parameters<typeof getRegularizer>[0]) =>
  compute([w], (value) => {
    const penalty = getRegularizer(identifier).apply(value);
    return [penalty, differentiate(penalty, [value])[0]!];
  });

describe('regularizers: Σ|w| is 5.5 and Σw² is 13.25', () => {
  test.each([
    ['l1', regularizers.l1({ l1: 0.1 }), 0.55, [0.1, -0.1, 0, 0.1]],
    ['l2', regularizers.l2({ l2: 0.1 }), 1.325, [0.6, -0.1, 0, 0.4]],
    ['l1l2', regularizers.l1l2({ l1: 0.2, l2: 0.1 }), 2.425, [0.8, -0.3, 0, 0.6]],
  ] as const)('%s', (_, regularizer, expected, gradient) => {
    const [penalty, dw] = apply(regularizer);
    expect(penalty.shape).toEqual([]);
    expectClose(penalty.dataSync(), [expected], 1e-6);
    expectClose(dw.dataSync(), gradient, 1e-6);
  });

  test.each([
    ['l1', 0.055],
    ['l2', 0.1325],
    ['l1l2', 0.1875],
  ] as const)("%s's factors are 0.01 by default", (name, expected) => {
    expectClose(apply(name)[0].dataSync(), [expected], 1e-6);
    expectClose(apply(regularizers[name]())[0].dataSync(), [expected], 1e-6);
  });

  test('factors of 0 cost nothing', () => {
    const [penalty, dw] = apply(regularizers.l1l2({ l1: 0, l2: 0 }));
    expect([penalty.arraySync(), Array.from(dw.dataSync())]).toEqual([0, [0, 0, 0, 0]]);
  });

  test('from what is saved, which TensorFlow.js reads too', () => {
    const { className, config } = regularizers.l2({ l2: 0.1 });
    expect({ className, config }).toEqual({ className: 'L1L2', config: { l1: 0, l2: 0.1 } });
    expectClose(apply({ className, config })[0].dataSync(), [1.325], 1e-6);
  });

  test('an unknown name is a sentence', () => {
    expect(() => getRegularizer('l3')).toThrow('Unknown regularizer "l3". Did you mean "l1"?');
  });
});
