// What type numbers of two types have together, for scripts that ask.

import { type DataType, upcastType } from '../tensor/data-type.ts';

export { upcastType };

/** The type of a sum of numbers of a type. */
export const sumOutType = (type: DataType): DataType => upcastType(type, 'int32');
