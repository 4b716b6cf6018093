// `tf.test_util`: what tests of scripts for TensorFlow.js expect of arrays.

import { LanegradError, shown } from '../errors.ts';
import { checked } from '../options/arguments.ts';
import { flatten, inferShape } from './util-arrays.ts';
import { isTypedArray } from './util-kinds.ts';

/** How far apart numbers may be by default. */
export const testEpsilon = (): number => 1e-3;

const areClose = (a: unknown, b: unknown, epsilon: number): boolean =>
  Object.is(a, b) || (typeof a === 'number' && typeof b === 'number' && Math.abs(a - b) <= epsilon);

/**
 * @param actual numbers or texts: one, nested arrays, or a typed array
 * @param epsilon how far apart two may be; default: 0.001
 * @throws LanegradError unless elements are close, types of typed arrays the same, and shapes of nested arrays.
 */
export const expectArraysClose = checked(
  'test_util.expectArraysClose',
  ['actual:any', 'expected:any', 'epsilon?:number'],
  (actual: unknown, expected: unknown, epsilon = testEpsilon()): void => {
    const differ = (how: string) =>
      new LanegradError(`Arrays ${how}.\nActual: ${shown(actual)}.\nExpected: ${shown(expected)}.`);
    const areTyped = isTypedArray(actual) && isTypedArray(expected);
    if (areTyped && actual.constructor !== expected.constructor) throw differ('are of different type');
    const [a, b] = [actual, expected].map((array) => flatten<unknown>(array));
    const shapes = [actual, expected].map((array) => String(inferShape(array)));
    const areNested = Array.isArray(actual) && Array.isArray(expected);
    if (a.length !== b.length || (areNested && shapes[0] !== shapes[1]))
      throw differ('have different shapes');
    const i = a.findIndex((each, i) => !areClose(each, b[i], epsilon));
    if (i >= 0) throw differ(`differ: actual[${i}] = ${shown(a[i])}, expected[${i}] = ${shown(b[i])}`);
  },
);

/** As `expectArraysClose`, of elements that are the same. */
export const expectArraysEqual = (actual: unknown, expected: unknown): void =>
  expectArraysClose(actual, expected, 0);

/** As `expectArraysClose`, of two numbers. */
export const expectNumbersClose: (actual: number, expected: number, epsilon?: number) => void =
  expectArraysClose;

/** @throws LanegradError unless all elements are numbers from `low` to `high`. */
export const expectValuesInRange = checked(
  'test_util.expectValuesInRange',
  ['actual:any', 'low:number', 'high:number'],
  (actual: unknown, low: number, high: number): void => {
    const isInside = (each: unknown) => typeof each === 'number' && each >= low && each <= high;
    const all = flatten<unknown>(actual);
    if (all.every(isInside)) return;
    const beyond = shown(all.find((each) => !isInside(each)));
    throw new LanegradError(`Value out of range: ${beyond} low: ${low}, high: ${high}`);
  },
);
