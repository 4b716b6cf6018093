// The largest elements of rows: topk.

import { Order } from '../../../assembly/opcodes.ts';
import { Opcode, TopKWord } from '../../../assembly/words.ts';
import type { KernelOp, Value } from '../graph.ts';
import { formatShape } from '../shape.ts';
import { asWords } from './conversion.ts';
import { gather } from './gather.ts';

export const topKOp: KernelOp<{ readonly k: number }> = {
  name: 'topK',
  kind: 'kernel',
  shape: ([x], { k }) => [...x.shape.slice(0, -1), k],
  dtype: () => 'int32',
  gradient: 'none',
  work: ({ inputs: [x] }) => 16 * x.size,
  emit: (node, emitter) => {
    const [x] = node.inputs;
    const columns = x.shape[x.rank - 1];
    const order = x.dtype === 'int32' ? Order.int32 : Order.float32;
    emitter.command(Opcode.topK, {
      [TopKWord.order]: order,
      [TopKWord.x]: emitter.address(x),
      [TopKWord.y]: emitter.address(node),
      [TopKWord.rows]: x.size / columns,
      [TopKWord.columns]: columns,
      [TopKWord.k]: node.attrs.k,
    });
  },
};

/**
 * The k largest elements along the last axis, 1 by default, the largest first, and their indices; the earlier of equals
 * first, NaN before all others.
 * @param sorted as in TensorFlow.js: they are sorted in any case
 */
export function topk(x: Value, k = 1, _sorted = true): { values: Value; indices: Value } {
  const columns = x.shape[x.rank - 1];
  const fail = (reason: string) => x.graph.error(`topk: ${reason}; got k ${k} for ${formatShape(x.shape)}.`);
  if (x.rank === 0) throw fail('topk() expects the input to be of rank 1 or higher');
  if (!Number.isInteger(k) || k < 0) throw fail("'k' passed to topk() must be >= 0, an integer");
  if (k > columns) throw fail(`'k' passed to topk() must be <= the last dimension (${columns})`);
  const words = asWords(x);
  const indices = x.graph.add(topKOp, [words], { k });
  return { values: gather(words, indices, x.rank - 1, x.rank - 1), indices };
}
