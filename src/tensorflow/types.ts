// What type numbers of two types have together, for scripts that ask.

import type { DataType } from '../tensor/data-type.ts';

const ranks: readonly DataType[] = ['bool', 'uint8', 'int32', 'float32'];

/** The type that holds numbers of both. */
export const upcastType = (a: DataType, b: DataType): DataType =>
  ranks[Math.max(ranks.indexOf(a), ranks.indexOf(b))];

/** The type of a sum of numbers of a type. */
export const sumOutType = (type: DataType): DataType => upcastType(type, 'int32');
