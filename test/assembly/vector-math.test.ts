// The elementary functions' promises, over a sweep of all floats: every sign and exponent, denormals included.

import { describe, expect, test } from 'vitest';
import type { Value } from '../../src/graph/graph.ts';
import * as elementwise from '../../src/graph/ops/elementwise.ts';
import { normalQuantile } from '../../src/graph/ops/normal-quantile.ts';
import * as trigonometry from '../../src/graph/ops/trigonometry.ts';
import { normalQuantile as normalQuantile64 } from '../../src/random/normal-quantiles.ts';
import { Tensor } from '../../src/tensor/tensor.ts';
import { compute } from '../compute.ts';
import { erf64, sigmoid64, softplus64, ulpError } from '../reference/vector-math.ts';

interface Promised {
  readonly name: string;
  readonly build: (x: Value) => Value;
  readonly exact: (x: number) => number;
  readonly ulp: number;
}

const promises: readonly Promised[] = [
  { name: 'exp', build: elementwise.exp, exact: Math.exp, ulp: 2 },
  { name: 'expm1', build: elementwise.expm1, exact: Math.expm1, ulp: 4 },
  { name: 'log', build: elementwise.log, exact: Math.log, ulp: 2 },
  { name: 'log1p', build: elementwise.log1p, exact: Math.log1p, ulp: 4 },
  { name: 'tanh', build: elementwise.tanh, exact: Math.tanh, ulp: 4 },
  { name: 'sigmoid', build: elementwise.sigmoid, exact: sigmoid64, ulp: 4 },
  { name: 'softplus', build: elementwise.softplus, exact: softplus64, ulp: 4 },
  { name: 'sin', build: trigonometry.sin, exact: Math.sin, ulp: 0.51 },
  { name: 'cos', build: trigonometry.cos, exact: Math.cos, ulp: 0.51 },
  { name: 'tan', build: trigonometry.tan, exact: Math.tan, ulp: 0.51 },
  { name: 'asin', build: trigonometry.asin, exact: Math.asin, ulp: 2 },
  { name: 'acos', build: trigonometry.acos, exact: Math.acos, ulp: 1 },
  { name: 'atan', build: trigonometry.atan, exact: Math.atan, ulp: 1 },
  { name: 'sinh', build: trigonometry.sinh, exact: Math.sinh, ulp: 0.51 },
  { name: 'cosh', build: trigonometry.cosh, exact: Math.cosh, ulp: 0.51 },
  { name: 'asinh', build: trigonometry.asinh, exact: Math.asinh, ulp: 0.51 },
  { name: 'acosh', build: trigonometry.acosh, exact: Math.acosh, ulp: 0.51 },
  { name: 'atanh', build: trigonometry.atanh, exact: Math.atanh, ulp: 0.51 },
];

/** Every 9,973rd float (a prime, so that all low bits occur), and the special ones. */
function sweep(): Float32Array {
  const stride = 9973;
  const bits = Uint32Array.from({ length: Math.floor(2 ** 32 / stride) }, (_, i) => i * stride);
  const special = [0, -0, 1, -1, Infinity, -Infinity, NaN, 1e-45, -1e-45, 1.1754943e-38, 3.4028235e38];
  return Float32Array.from([...new Float32Array(bits.buffer), ...special]);
}

const apply = (build: (x: Value) => Value, x: Float32Array) =>
  compute([new Tensor(x, [x.length], 'float32')], (value) => [build(value)])[0].dataSync();

function worst(got: ArrayLike<number>, x: Float32Array, error: (got: number, x: number) => number) {
  let largest = { error: 0, x: 0, got: 0 };
  for (let i = 0; i < x.length; i++) {
    const here = error(got[i], x[i]);
    if (!(here <= largest.error)) largest = { error: here, x: x[i], got: got[i] };
  }
  return largest;
}

describe('errors in units in the last place', () => {
  const x = sweep();
  test.each(promises)('$name: at most $ulp', ({ build, exact, ulp }) => {
    const got = apply(build, x);
    const largest = worst(got, x, (y, at) => ulpError(y, exact(at)));
    expect(largest.error, `at ${largest.x}: got ${largest.got}`).toBeLessThanOrEqual(ulp);
  });

  test('erf: at most 1e-6 absolute', () => {
    const got = apply(elementwise.erf, x);
    const largest = worst(got, x, (y, at) =>
      Number.isNaN(at) ? Number(!Number.isNaN(y)) : Math.abs(y - erf64(at)),
    );
    expect(largest.error, `at ${largest.x}: got ${largest.got}`).toBeLessThanOrEqual(1e-6);
  });
});

test('the quantiles of the normal distribution: at most 1e-6 relative', () => {
  const count = 2 ** 20;
  const p = Float32Array.from({ length: count }, (_, i) => i / count);
  const got = apply(normalQuantile, p);
  const largest = worst(got, p, (y, at) => {
    // Half of a uniform number's last bit stands for 0.
    const exact = normalQuantile64(Math.max(at, 2 ** -25));
    return Math.abs(y - exact) / (Math.abs(exact) || 1);
  });
  expect(largest.error, `at ${largest.x}: got ${largest.got}`).toBeLessThanOrEqual(1e-6);
});

test.each(promises.filter(({ name }) => ['sin', 'cos', 'tan'].includes(name)))(
  '$name does not depend on what stands beside',
  ({ build }) => {
    const near = Float32Array.from({ length: 4096 }, (_, i) => (i - 2048) * 0.7853982);
    const alone = apply(build, near);
    const between = Float32Array.from(near, (x, i) => (i % 4 === 3 ? [1e30, NaN][(i >> 2) % 2] : x));
    const got = apply(build, between);
    for (let i = 0; i < near.length; i++) if (i % 4 !== 3) expect(got[i]).toBe(alone[i]);
  },
);

describe('pow', () => {
  const bases = [0, -0, 0.1, 0.9, 1, -1, 1.5, -2, 3, -0.5, 1e-40, 1e30, Infinity, -Infinity, NaN];
  const exponents = [0, -0, 1, -1, 2, -2, 3, 0.5, -0.5, 1.7, 40, -40, 1e9, Infinity, -Infinity, NaN];
  const pairs = bases.flatMap((base) =>
    exponents.map((exponent) => [Math.fround(base), Math.fround(exponent)]),
  );
  const column = (i: number) => Float32Array.from(pairs, (pair) => pair[i]);

  test('special cases and a grid of others: at most 2 ulp', () => {
    const [a, b] = [column(0), column(1)].map((data) => new Tensor(data, [data.length], 'float32'));
    const got = compute([a, b], (x, y) => [elementwise.pow(x, y)])[0].dataSync();
    for (const [i, [base, exponent]] of pairs.entries()) {
      // C's pow, unlike JavaScript's, gives 1 for 1^±∞, 1^NaN and (−1)^±∞.
      const isOne = base === 1 || (base === -1 && Math.abs(exponent) === Infinity);
      const exact = isOne ? 1 : base ** exponent;
      expect(ulpError(got[i], exact), `${base} ** ${exponent} = ${got[i]}`).toBeLessThanOrEqual(2);
    }
  });
});
