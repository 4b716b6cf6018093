// Sums over so many products that kernels take them in parts, which are added in order: threads do several at once,
// each into an array of its own; one thread does one after the other, and adds each from spare memory.

import { Reduction } from '../../../assembly/opcodes.ts';
import type { Emitter, KernelOp, Value } from '../../graph/graph.ts';
import { denseLines, emitReduction } from '../../graph/ops/lines.ts';
import type { Shape } from '../../graph/shape.ts';
import { type Rule, rule } from '../rewrite.ts';

/** Products that each element of a part sums at the least: more than adding it to the others costs. */
const productsOfPart = 256;
/** As many as keep the threads of a large machine busy. */
const maxParts = 32;

/** In how many parts a sum of so many products is taken. It depends on nothing else, as bits do on it. */
export const partsOf = (products: number): number =>
  Math.max(1, Math.min(maxParts, Math.floor(products / productsOfPart)));

interface Target {
  readonly shape: Shape;
}

/** Memory that a kernel needs beside its operands and its result. Inputs: the operands. */
const spareOp: KernelOp<Target> = {
  name: 'spare',
  kind: 'kernel',
  shape: (_, { shape }) => shape,
  gradient: 'none',
  work: () => 0,
  emit: () => {},
};

/** Such memory of a shape, for a kernel of these operands. */
export const spareMemory = (operands: readonly Value[], shape: Shape): Value =>
  operands[0].graph.add(spareOp, operands, { shape });

/** The sum over the first axis. */
export const sumPartsOp: KernelOp = {
  name: 'sumParts',
  kind: 'kernel',
  hasEpilogue: true,
  shape: ([parts]) => parts.shape.slice(1),
  gradient: 'none',
  emit: (node, emitter) => {
    const [parts] = node.inputs;
    const lines = denseLines([], [parts.shape[0]], node.shape);
    const [x, y] = [emitter.address(parts), emitter.address(node)];
    emitReduction(emitter, Reduction.sum, x, y, lines, { epilogue: emitter.epilogue(node) });
  },
};

/** What a kernel that sums in parts is told of them. */
export interface Parts {
  readonly parts: number;
  /** The address of spare memory; 0 where each part has an array of its own. */
  readonly spare: number;
}

/** A kernel that sums in parts, both ways. */
interface SumInParts<A extends object> {
  readonly name: string;
  readonly shape: KernelOp<A>['shape'];
  readonly work: NonNullable<KernelOp<A>['work']>;
  /** How many products each element sums. */
  readonly products: (inputs: readonly Value[], attrs: A) => number;
  readonly emit: (node: Value<A>, emitter: Emitter, parts: Parts) => void;
}

/** What computes such a sum: `whole` for one thread, of which `rule`, told whether threads share it, makes what they do. */
export function sumInParts<A extends object>({ name, shape, work, products, emit }: SumInParts<A>) {
  const countOf = ({ inputs, attrs }: Value<A>): number => partsOf(products(inputs, attrs));
  /** Inputs: the operands and, where there are several parts, spare memory. */
  const wholeOp: KernelOp<A> = {
    name,
    kind: 'kernel',
    shape,
    gradient: 'none',
    work,
    emit: (node, emitter) => {
      const parts = countOf(node);
      const spare = parts > 1 ? emitter.address(node.inputs[node.inputs.length - 1]) : 0;
      emit(node, emitter, { parts, spare });
    },
  };
  const partsOp: KernelOp<A> = {
    name: `${name}Parts`,
    kind: 'kernel',
    shape: (inputs, attrs) => [partsOf(products(inputs, attrs)), ...shape(inputs, attrs)],
    gradient: 'none',
    work,
    emit: (node, emitter) => emit(node, emitter, { parts: countOf(node), spare: 0 }),
  };
  return {
    whole(operands: readonly Value[], attrs: A): Value {
      const [{ graph }] = operands;
      const isOne = partsOf(products(operands, attrs)) === 1;
      const inputs = isOne ? operands : [...operands, spareMemory(operands, shape(operands, attrs))];
      return graph.add(wholeOp, inputs, attrs);
    },
    sharingRule: (isShared: (node: Value) => boolean): Rule =>
      rule([wholeOp], (node) => {
        const { graph, inputs, attrs } = node;
        if (countOf(node) === 1 || !isShared(node as Value)) return undefined;
        return graph.add(sumPartsOp, [graph.add(partsOp, inputs.slice(0, -1), attrs)], {});
      }),
  };
}
