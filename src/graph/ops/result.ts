// One of several arrays that a kernel computes: `result(kernel, 0)` is the first beside the kernel's own.

import { internal } from '../../errors.ts';
import type { ResultOp, Value } from '../graph.ts';
import { isKernel } from '../op.ts';

interface ResultAttrs {
  readonly index: number;
}

export const resultOp: ResultOp<ResultAttrs> = {
  name: 'result',
  kind: 'result',
  shape: ([kernel], { index }) => {
    const shape = isKernel(kernel) ? kernel.op.results?.(kernel)[index] : undefined;
    if (!shape) throw internal(`${kernel.op.name} has no result ${index}.`);
    return shape;
  },
};

/** An array that a kernel computes beside its own, of floats. */
export const result = (kernel: Value, index: number): Value =>
  kernel.graph.add(resultOp, [kernel], { index });
