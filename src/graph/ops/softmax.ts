// Softmax along the last axis, and its fusion with cross-entropy.

import { SoftmaxForm } from '../../../assembly/opcodes.ts';
import { CrossEntropyWord, Opcode, SoftmaxWord } from '../../../assembly/words.ts';
import type { Emitter, KernelOp, Op, Value } from '../graph.ts';
import { formatShape, sameShape } from '../shape.ts';
import { broadcastTo, sum } from './broadcasting.ts';
import { asFloat } from './conversion.ts';
import { exp, mul, sub } from './elementwise.ts';
import { reshape } from './sources.ts';

const columnsOf = (x: Value) => x.shape[x.rank - 1];

/** Multiply-adds that an element costs in time: its exponential, and rows as short as ten. */
const work = (node: Value) => 64 * node.inputs[0].size;

function emitRows(form: SoftmaxForm): (node: Value, emitter: Emitter) => void {
  return (node, emitter) => {
    const [x] = node.inputs;
    const columns = columnsOf(x);
    emitter.command(Opcode.softmax, {
      [SoftmaxWord.form]: form,
      [SoftmaxWord.x]: emitter.address(x),
      [SoftmaxWord.y]: emitter.address(node),
      [SoftmaxWord.rows]: x.size / columns,
      [SoftmaxWord.columns]: columns,
    });
  };
}

/** dx = (softmax(x)·Σt − t)·dy, of inputs x, t, dy. */
const softmaxCrossEntropyGradient: Op = {
  name: 'softmaxCrossEntropyGradient',
  kind: 'kernel',
  work,
  // With s = softmax(x), a = ddx·dy: dx = s·(a·Σt − Σ a·Σt·s), dt = Σ a·s − a, ddy = Σ ddx·(s·Σt − t)
  gradient: (ddx, { inputs: [logits, targets, dy] }) => {
    const probabilities = softmax(logits);
    const total = sum(targets, -1, true);
    const weighted = mul(ddx, reshape(dy, [...dy.shape, 1]));
    const scaled = mul(weighted, total);
    return [
      mul(probabilities, sub(scaled, sum(mul(scaled, probabilities), -1, true))),
      sub(sum(mul(weighted, probabilities), -1, true), weighted),
      sum(mul(ddx, sub(mul(probabilities, total), targets)), -1),
    ];
  },
  shape: ([logits]) => logits.shape,
  emit: (node, emitter) => {
    const [logits, targets, dy] = node.inputs;
    emitter.command(Opcode.softmaxCrossEntropyGradient, {
      [CrossEntropyWord.logits]: emitter.address(logits),
      [CrossEntropyWord.targets]: emitter.address(targets),
      [CrossEntropyWord.loss]: emitter.address(dy),
      [CrossEntropyWord.dLogits]: emitter.address(node),
      [CrossEntropyWord.rows]: dy.size,
      [CrossEntropyWord.columns]: columnsOf(logits),
    });
  },
};

/** @internal */
export const softmaxOps = {
  softmax: {
    name: 'softmax',
    kind: 'kernel',
    work,
    shape: ([x]) => x.shape,
    // dx = y·(dy − Σ dy·y)
    gradient: (dy, y) => [mul(y, sub(dy, sum(mul(dy, y), -1, true)))],
    emit: emitRows(SoftmaxForm.probabilities),
  } satisfies KernelOp as KernelOp,

  logSoftmax: {
    name: 'logSoftmax',
    kind: 'kernel',
    work,
    shape: ([x]) => x.shape,
    // dx = dy − e^y·Σ dy
    gradient: (dy, y) => [sub(dy, mul(exp(y), sum(dy, -1, true)))],
    emit: emitRows(SoftmaxForm.logarithms),
  } satisfies KernelOp as KernelOp,

  softmaxCrossEntropy: {
    name: 'softmaxCrossEntropy',
    kind: 'kernel',
    work,
    shape: ([logits, targets]) => {
      if (!sameShape(logits.shape, targets.shape)) {
        throw logits.graph.error(
          `softmaxCrossEntropy: logits ${formatShape(logits.shape)} and targets ` +
            `${formatShape(targets.shape)} must have one shape.`,
        );
      }
      return logits.shape.slice(0, -1);
    },
    // dt = −logSoftmax(x)
    gradient: (dy, { inputs: [logits, targets] }) => [
      logits.graph.add(softmaxCrossEntropyGradient, [logits, targets, dy], {}),
      mul(sub(0, logSoftmax(logits)), reshape(dy, [...dy.shape, 1])),
    ],
    emit: (node, emitter) => {
      const [logits, targets] = node.inputs;
      emitter.command(Opcode.softmaxCrossEntropy, {
        [CrossEntropyWord.logits]: emitter.address(logits),
        [CrossEntropyWord.targets]: emitter.address(targets),
        [CrossEntropyWord.loss]: emitter.address(node),
        [CrossEntropyWord.dLogits]: 0,
        [CrossEntropyWord.rows]: node.size,
        [CrossEntropyWord.columns]: columnsOf(logits),
      });
    },
  } satisfies KernelOp as KernelOp,

  softmaxCrossEntropyGradient,
};

/** Probabilities along the last axis. */
export const softmax = (x: Value): Value => x.graph.add(softmaxOps.softmax, [rows('softmax', x)], {});

/** Logarithms of the probabilities along the last axis, computed without forming these. */
export const logSoftmax = (x: Value): Value =>
  x.graph.add(softmaxOps.logSoftmax, [rows('logSoftmax', x)], {});

/** x as floats. @throws LanegradError for a scalar, which has no last axis. */
function rows(name: string, x: Value): Value {
  if (x.rank > 0) return asFloat(x);
  throw x.graph.error(`${name}: takes at least one axis; got a scalar.`);
}

/**
 * Cross-entropy of softmax(logits) [..., n] with target probabilities of the same shape: [...].
 * Safe for logits of any size.
 * @throws LanegradError for scalars
 */
export function softmaxCrossEntropy(logits: Value, targets: Value): Value {
  const x = rows('softmaxCrossEntropy', logits);
  return logits.graph.add(softmaxOps.softmaxCrossEntropy, [x, broadcastTo(asFloat(targets), x.shape)], {});
}
