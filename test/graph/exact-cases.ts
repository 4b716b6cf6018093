// Cases of ops of integers and truth values, of rounding and of trigonometry: part of op-cases.ts.

import type { Value } from '../../src/graph/graph.ts';
import { sum } from '../../src/graph/ops/broadcasting.ts';
import { asFloat, asInt32, integerConstant } from '../../src/graph/ops/conversion.ts';
import * as e from '../../src/graph/ops/elementwise.ts';
import { cast } from '../../src/graph/ops/elementwise.ts';
import * as integers from '../../src/graph/ops/integers.ts';
import * as logic from '../../src/graph/ops/logic.ts';
import { normalQuantile } from '../../src/graph/ops/normal-quantile.ts';
import * as reductions from '../../src/graph/ops/reductions.ts';
import * as rounding from '../../src/graph/ops/rounding.ts';
import { cumprod, cumsum } from '../../src/graph/ops/scans.ts';
import { topk } from '../../src/graph/ops/top-k.ts';
import * as trigonometry from '../../src/graph/ops/trigonometry.ts';
import { binary, type OpCase, unary } from './op-cases.ts';

/** Whole numbers from −8 to 8, of inputs from −2 to 2. */
const whole = (x: Value): Value => asInt32(e.mul(x, 4));
/** Whole numbers of nine digits: exact as integers, not as floats. */
const large = (x: Value): Value =>
  e.add(e.mul(whole(x), integerConstant(x.graph, 123_456_789)), integerConstant(x.graph, 7));

/** Cases of an op on integers, whose result is compared in its last 20 bits, which a float holds. */
const low = (x: Value): Value => asFloat(integers.bitwiseAnd(x, integerConstant(x.graph, 2 ** 20 - 1)));

const pairs = (op: string, build: (a: Value, b: Value) => Value, of: (x: Value) => Value = large): OpCase[] =>
  binary(op, (a, b) => low(build(of(a), of(b))), { fixed: [0, 1] });

const alone = (op: string, shapes: OpCase['shapes'], build: (x: Value) => Value): OpCase => ({
  op,
  shapes,
  build,
  fixed: [0],
});

const bool = (x: Value): Value => e.greater(x, 0);
const openUnit = { range: [-0.9, 0.9] } as const;

export const exactCases: readonly OpCase[] = [
  ...unary('toInt32', (x) => asFloat(whole(x)), { smooth: (x) => e.mul(x, 4) }),
  ...unary('absInt32', (x) => low(e.abs(large(x))), { fixed: [0] }),
  ...unary('subInt32', (x) => low(e.neg(large(x))), { fixed: [0] }),
  ...unary('mulInt32', (x) => low(e.square(large(x))), { fixed: [0] }),
  ...unary('sign', (x) => low(e.sign(large(x))), { fixed: [0] }),
  ...unary('maxInt32', (x) => low(e.relu(large(x))), { fixed: [0] }),
  ...unary('notEqual', (x) => asFloat(cast(x, 'bool')), { fixed: [0] }),
  ...unary('notEqualInt32', (x) => asFloat(cast(whole(x), 'bool')), { fixed: [0] }),
  ...pairs('addInt32', e.add),
  ...pairs('subInt32', e.sub),
  ...pairs('mulInt32', e.mul),
  ...pairs('maxInt32', e.maximum),
  ...pairs('minInt32', e.minimum),
  ...pairs('floorDivInt32', e.div, whole),
  ...pairs('floorDivInt32', rounding.floorDiv),
  ...pairs('modInt32', rounding.mod, whole),
  ...pairs('modInt32', rounding.mod),
  ...pairs('powInt32', e.pow, whole),
  ...pairs('greaterInt32', (a, b) => asInt32(e.greater(a, b)), whole),
  ...pairs('greaterEqualInt32', (a, b) => asInt32(e.greaterEqual(a, b)), whole),
  ...pairs('equalInt32', (a, b) => asInt32(e.equal(a, b)), whole),
  ...pairs('notEqualInt32', (a, b) => asInt32(e.notEqual(a, b)), whole),
  ...pairs('bitwiseAnd', integers.bitwiseAnd),
  ...pairs('select', (a, b) => e.select(e.greater(a, b), b, a)),
  ...binary('notEqual', (a, b) => asFloat(e.notEqual(a, b)), { fixed: [0, 1] }),
  ...binary('logicalAnd', (a, b) => asFloat(logic.logicalAnd(bool(a), bool(b))), { fixed: [0, 1] }),
  ...binary('logicalOr', (a, b) => asFloat(logic.logicalOr(bool(a), bool(b))), { fixed: [0, 1] }),
  ...binary('logicalXor', (a, b) => asFloat(logic.logicalXor(bool(a), bool(b))), { fixed: [0, 1] }),

  ...[undefined, 0, 1, 2, [0, 1], [1, 2], [0, 2]].flatMap((axes) => [
    alone('sumInt32', [[3, 5, 18]], (x) => low(sum(large(x), axes))),
    alone('sumInt32', [[3, 5, 18]], (x) => low(sum(bool(x), axes))),
    alone('prodInt32', [[3, 5, 18]], (x) => low(reductions.prod(large(x), axes))),
    alone('reduceMaxInt32', [[3, 5, 18]], (x) => low(reductions.max(large(x), axes))),
    alone('reduceMinInt32', [[3, 5, 18]], (x) => low(reductions.min(large(x), axes))),
    alone('reduceMin', [[3, 2, 3]], (x) => asFloat(reductions.all(bool(x), axes))),
    alone('reduceMax', [[3, 2, 3]], (x) => asFloat(reductions.any(bool(x), axes))),
  ]),
  ...[0, 1, 2].flatMap((axis) => [
    alone('argMax', [[3, 5, 18]], (x) => low(reductions.argMax(x, axis))),
    alone('argMax', [[3, 5, 18]], (x) => low(reductions.argMax(whole(x), axis))),
    alone('argMin', [[3, 5, 18]], (x) => low(reductions.argMin(x, axis))),
    alone('argMin', [[3, 5, 18]], (x) => low(reductions.argMin(whole(x), axis))),
    alone('cumsumInt32', [[3, 5, 18]], (x) => low(cumsum(large(x), axis))),
    alone('cumprodInt32', [[3, 5, 18]], (x) => low(cumprod(large(x), axis, true, true))),
  ]),
  ...[1, 3, 18].map((k) => alone('topK', [[3, 18]], (x) => low(topk(whole(x), k).indices))),

  ...unary('ceil', rounding.ceil, { corners: [-2, -1, 0, 1, 2] }),
  ...unary('trunc', rounding.trunc, { corners: [-2, -1, 0, 1, 2] }),
  ...unary('round', rounding.round, { corners: [-1.5, -0.5, 0.5, 1.5] }),
  ...binary('mod', (a, b) => rounding.mod(a, e.add(b, 5)), { corners: [0] }),

  ...unary('sin', trigonometry.sin),
  ...unary('cos', trigonometry.cos),
  ...unary('tan', trigonometry.tan, { range: [-1.4, 1.4] }),
  ...unary('asin', trigonometry.asin, openUnit),
  ...unary('acos', trigonometry.acos, openUnit),
  ...unary('atan', trigonometry.atan),
  ...unary('sinh', trigonometry.sinh),
  ...unary('cosh', trigonometry.cosh),
  ...unary('asinh', trigonometry.asinh),
  ...unary('acosh', trigonometry.acosh, { range: [1.2, 3] }),
  ...unary('atanh', trigonometry.atanh, openUnit),
  ...binary('atan2', trigonometry.atan2, { corners: [0] }),
  ...unary('normalQuantile', normalQuantile, { range: [0.03, 0.97] }),
];
