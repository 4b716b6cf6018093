// What kind of thing a value is, as `tf.util` tells.

import type { TypedArray } from '../tensor/data-type.ts';

/** Whether a value is an array of numbers that a tensor may be made of. */
export const isTypedArray = (value: unknown): value is TypedArray | Uint8ClampedArray =>
  value instanceof Float32Array ||
  value instanceof Int32Array ||
  value instanceof Uint8Array ||
  value instanceof Uint8ClampedArray;

/** Whether it is a string. */
export const isString = (value: unknown): value is string =>
  typeof value === 'string' || value instanceof String;
/** Whether it is a boolean. */
export const isBoolean = (value: unknown): value is boolean => typeof value === 'boolean';
/** Whether it is a number. */
export const isNumber = (value: unknown): value is number => typeof value === 'number';
/** Whether it is a function. */
export const isFunction = (value: unknown): value is (...args: never[]) => unknown =>
  typeof value === 'function';
/** Whether it has a `then` to call. */
export const isPromise = (value: unknown): value is Promise<unknown> =>
  typeof (value as Promise<unknown> | undefined)?.then === 'function';
