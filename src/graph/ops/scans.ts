// What depends on the order of elements along an axis: cumsum, cumprod.

import { Scan } from '../../../assembly/opcodes.ts';
import { Opcode, ScanWord } from '../../../assembly/words.ts';
import type { KernelOp, Value } from '../graph.ts';
import { normalizeAxis, sizeOf } from '../shape.ts';
import { asFloat, asInt32, isInteger } from './conversion.ts';
import { keepsType } from './movement.ts';

interface Run {
  readonly axis: number;
  /** Whether an element's own value is left out. */
  readonly exclusive: boolean;
  /** Whether it begins at the end. */
  readonly reverse: boolean;
}

type RunGradient = KernelOp<Run>['gradient'];

function scanOp(name: string, scan: Scan, gradient: RunGradient): KernelOp<Run> {
  return {
    name,
    kind: 'kernel',
    shape: ([x]) => x.shape,
    dtype: keepsType,
    gradient,
    emit: (node, emitter) => {
      const [x] = node.inputs;
      const { axis, exclusive, reverse } = node.attrs;
      emitter.command(Opcode.scan, {
        [ScanWord.scan]: scan,
        [ScanWord.x]: emitter.address(x),
        [ScanWord.y]: emitter.address(node),
        [ScanWord.outer]: sizeOf(x.shape.slice(0, axis)),
        [ScanWord.length]: x.shape[axis],
        [ScanWord.inner]: sizeOf(x.shape.slice(axis + 1)),
        [ScanWord.exclusive]: Number(exclusive),
        [ScanWord.reverse]: Number(reverse),
      });
    },
  };
}

/** Each element counts in all sums from its own on: theirs, from the other end. */
const sumsGradient: RunGradient = (dy, { attrs: { axis, exclusive, reverse } }) => [
  cumsum(dy, axis, exclusive, !reverse),
];

/** @internal */
export const scanOps = {
  cumsum: scanOp('cumsum', Scan.sum, sumsGradient),
  cumprod: scanOp('cumprod', Scan.prod, 'missing'),
  cumsumInt32: scanOp('cumsumInt32', Scan.sumInt32, sumsGradient),
  cumprodInt32: scanOp('cumprodInt32', Scan.prodInt32, 'missing'),
};

/** The sums of all elements along an axis up to each; without its own where `exclusive`, from the end where `reverse`. */
export const cumsum = (x: Value, axis = 0, exclusive = false, reverse = false): Value =>
  scanned('cumsum', x, { axis, exclusive, reverse });

/** The products of all elements along an axis up to each; options as for `cumsum`. It has no gradient. */
export const cumprod = (x: Value, axis = 0, exclusive = false, reverse = false): Value =>
  scanned('cumprod', x, { axis, exclusive, reverse });

function scanned(name: 'cumsum' | 'cumprod', x: Value, run: Run): Value {
  const attrs = { ...run, axis: normalizeAxis(name, run.axis, x.rank) };
  return isInteger(x)
    ? x.graph.add(scanOps[`${name}Int32`], [asInt32(x)], attrs)
    : x.graph.add(scanOps[name], [asFloat(x)], attrs);
}
