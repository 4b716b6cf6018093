// A product that is added to something is one instruction of a map, where nobody else reads it.

import type { Value } from '../../graph/graph.ts';
import { isMadeBy } from '../../graph/op.ts';
import { elementwiseOps } from '../../graph/ops/elementwise.ts';
import { multiplyAddOps } from '../../graph/ops/multiply-add.ts';
import { sameShape } from '../../graph/shape.ts';
import { type Rule, rules, type Surroundings } from '../rewrite.ts';

/** Whether an operand is a product that needs no array of its own, with an element for each of the result. */
const isOwnProduct = (operand: Value, result: Value, { readers }: Surroundings): boolean =>
  isMadeBy(operand, elementwiseOps.mul) && sameShape(operand.shape, result.shape) && readers(operand) === 1;

export const multiplyAddRules: readonly Rule[] = [
  ...rules([elementwiseOps.add], (sum, surroundings) => {
    const i = sum.inputs.findIndex((operand) => isOwnProduct(operand, sum, surroundings));
    if (i < 0) return undefined;
    const [a, b] = sum.inputs[i].inputs;
    return sum.graph.add(multiplyAddOps.multiplyAdd, [a, b, sum.inputs[1 - i]], {});
  }),
  ...rules([elementwiseOps.sub], (difference, surroundings) => {
    const [c, product] = difference.inputs;
    if (!isOwnProduct(product, difference, surroundings)) return undefined;
    return difference.graph.add(multiplyAddOps.multiplySubtract, [...product.inputs, c], {});
  }),
];
