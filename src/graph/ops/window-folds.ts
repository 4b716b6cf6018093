// Ops whose windows treat every channel by itself: pooling and depthwise convolution.

import { WindowFold } from '../../../assembly/opcodes.ts';
import { Opcode, WindowFoldWord } from '../../../assembly/words.ts';
import type { Emitter, Op, Value } from '../graph.ts';
import { formatShape, type Shape } from '../shape.ts';
import { broadcastTo } from './broadcasting.ts';
import { asFloat } from './conversion.ts';
import { reshape } from './sources.ts';
import { checkImages, type Window, windowOutput, windowTable } from './window.ts';

/** A window without weights: its size is an attribute. */
export interface Pool extends Window {
  readonly size: readonly [height: number, width: number];
}

/** The gradient of an op: the shape of the input or the weights it belongs to. */
export interface Adjoint {
  readonly shape: Shape;
}

/** The arrays that a kernel reads or writes; those it does not are undefined. */
interface Arrays {
  readonly x?: Value;
  readonly y?: Value;
  readonly w?: Value;
  readonly dx?: Value;
  readonly dy?: Value;
}

function emitFold(
  emitter: Emitter,
  opcode: Opcode.windowFold | Opcode.windowFoldGradient,
  fold: WindowFold,
  node: Value,
  kernel: readonly number[],
  { x, y, w, dx, dy }: Arrays,
): void {
  const [images, outputs] = [(x ?? dx)!.shape, (y ?? dy)!.shape];
  const addressOf = (value: Value | undefined) => (value ? emitter.address(value) : 0);
  emitter.command(opcode, {
    [WindowFoldWord.fold]: fold,
    [WindowFoldWord.window]: windowTable(emitter, images, outputs, kernel, node.attrs as Window),
    [WindowFoldWord.x]: addressOf(x),
    [WindowFoldWord.y]: addressOf(y),
    [WindowFoldWord.w]: addressOf(w),
    [WindowFoldWord.dx]: addressOf(dx),
    [WindowFoldWord.dy]: addressOf(dy),
    [WindowFoldWord.epilogue]: emitter.epilogue(node),
    [WindowFoldWord.parts]: 0,
    [WindowFoldWord.spare]: 0,
  });
}

const poolShape = (name: string) => (inputs: readonly Value[], attrs: Pool) => {
  const [x] = inputs;
  return [x.shape[0], ...windowOutput(name, x, attrs.size, attrs), x.shape[3]];
};

const tapsOf = (kernel: Shape) => kernel[0] * kernel[1];

/** @internal */
export const windowFoldOps = {
  /** The largest pixel of each window. */
  maxPool2d: {
    name: 'maxPool2d',
    kind: 'kernel',
    hasEpilogue: true,
    shape: poolShape('maxPool2d'),
    // All of dy goes to the first of the largest.
    gradient: (dy, node): [Value] => {
      const [x] = node.inputs;
      return [x.graph.add(windowFoldOps.maxPool2dGradient, [x, node, dy], node.attrs)];
    },
    emit: (node, emitter) => {
      const [x] = node.inputs;
      const y = node;
      emitFold(emitter, Opcode.windowFold, WindowFold.max, y, node.attrs.size, { x, y });
    },
  } satisfies Op<Pool>,

  maxPool2dGradient: {
    name: 'maxPool2dGradient',
    kind: 'kernel',
    hasEpilogue: true,
    shape: ([x]) => x.shape,
    gradient: 'missing',
    emit: (node, emitter) => {
      const [x, y, dy] = node.inputs;
      const dx = node;
      emitFold(emitter, Opcode.windowFoldGradient, WindowFold.max, dx, node.attrs.size, { x, y, dx, dy });
    },
  } satisfies Op<Pool>,

  /** The mean of the pixels that each window sees; padding is not counted. */
  averagePool2d: {
    name: 'averagePool2d',
    kind: 'kernel',
    hasEpilogue: true,
    shape: poolShape('averagePool2d'),
    gradient: (dy, { inputs: [x], attrs }): [Value] => [
      dy.graph.add(windowFoldOps.averagePool2dGradient, [dy], { ...attrs, shape: x.shape }),
    ],
    emit: (node, emitter) => {
      const [x] = node.inputs;
      const y = node;
      emitFold(emitter, Opcode.windowFold, WindowFold.mean, y, node.attrs.size, { x, y });
    },
  } satisfies Op<Pool>,

  averagePool2dGradient: {
    name: 'averagePool2dGradient',
    kind: 'kernel',
    hasEpilogue: true,
    shape: (_, { shape }) => shape,
    gradient: (ddx, { attrs: { shape: _, ...pool } }): [Value] => [averagePool2d(ddx, pool)],
    emit: (node, emitter) => {
      const [dy] = node.inputs;
      const dx = node;
      emitFold(emitter, Opcode.windowFoldGradient, WindowFold.mean, dx, node.attrs.size, { dx, dy });
    },
  } satisfies Op<Pool & Adjoint>,

  /** Every channel convolved with a filter of its own: [height, width, channels, 1]. Closed as conv2d is. */
  depthwiseConv2d: {
    name: 'depthwiseConv2d',
    kind: 'kernel',
    hasEpilogue: true,
    shape: ([x, w], attrs) => [x.shape[0], ...windowOutput('depthwiseConv2d', x, w.shape, attrs), x.shape[3]],
    gradient: (dy, { inputs: [x, w], attrs }) => [
      depthwiseInputGradient(dy, w, x.shape, attrs),
      depthwiseFilterGradient(x, dy, w.shape, attrs),
    ],
    work: (node) => node.size * tapsOf(node.inputs[1].shape),
    emit: (node, emitter) => {
      const [x, w] = node.inputs;
      const y = node;
      emitFold(emitter, Opcode.windowFold, WindowFold.weighted, y, w.shape, { x, y, w });
    },
  } satisfies Op<Window>,

  depthwiseConv2dInputGradient: {
    name: 'depthwiseConv2dInputGradient',
    kind: 'kernel',
    hasEpilogue: true,
    shape: (_, { shape }) => shape,
    gradient: (ddx, { inputs: [dy, w], attrs: { shape: _, ...window } }): [Value, Value] => [
      ddx.graph.add(windowFoldOps.depthwiseConv2d, [ddx, w], window),
      depthwiseFilterGradient(ddx, dy, w.shape, window),
    ],
    work: ({ inputs: [dy, w] }) => dy.size * tapsOf(w.shape),
    emit: (node, emitter) => {
      const [dy, w] = node.inputs;
      const dx = node;
      emitFold(emitter, Opcode.windowFoldGradient, WindowFold.weighted, dx, w.shape, { w, dx, dy });
    },
  } satisfies Op<Window & Adjoint>,

  depthwiseConv2dFilterGradient: {
    name: 'depthwiseConv2dFilterGradient',
    kind: 'meant',
    shape: (_, { shape }) => shape,
    gradient: (ddw, { inputs: [x, dy], attrs: { shape: _, ...window } }): [Value, Value] => [
      depthwiseInputGradient(dy, ddw, x.shape, window),
      x.graph.add(windowFoldOps.depthwiseConv2d, [x, ddw], window),
    ],
  } satisfies Op<Window & Adjoint>,
};

/** The largest pixel of each window, channel by channel: [batch, height, width, channels]. */
export function maxPool2d(x: Value, pool: Pool): Value {
  checkImages('maxPool2d', x);
  return x.graph.add(windowFoldOps.maxPool2d, [asFloat(x)], pool);
}

/** The mean of the pixels that each window sees, channel by channel; padding is not counted. */
export function averagePool2d(x: Value, pool: Pool): Value {
  checkImages('averagePool2d', x);
  return x.graph.add(windowFoldOps.averagePool2d, [asFloat(x)], pool);
}

/**
 * Convolves every channel with `multiplier` filters of its own: images [batch, height, width, channels] with
 * filters [height, width, channels, multiplier] → [batch, height', width', channels·multiplier].
 */
export function depthwiseConv2d(x: Value, w: Value, window: Window): Value {
  checkImages('depthwiseConv2d', x);
  const [height, width, channels, multiplier] = w.shape;
  if (w.rank !== 4 || channels !== x.shape[3]) {
    throw x.graph.error(
      `depthwiseConv2d: filters ${formatShape(w.shape)} do not fit ${x.shape[3]} channels; ` +
        'they are [height, width, channels, multiplier].',
    );
  }
  const outputs = channels * multiplier;
  // Several filters a channel: the channel that many times.
  const repeated = multiplier === 1 ? x : broadcastTo(reshape(x, [...x.shape, 1]), [...x.shape, multiplier]);
  const images = reshape(asFloat(repeated), [...x.shape.slice(0, 3), outputs]);
  const filters = reshape(asFloat(w), [height, width, outputs, 1]);
  return x.graph.add(windowFoldOps.depthwiseConv2d, [images, filters], window);
}

const depthwiseInputGradient = (dy: Value, w: Value, shape: Shape, window: Window): Value =>
  dy.graph.add(windowFoldOps.depthwiseConv2dInputGradient, [dy, w], { ...window, shape });

const depthwiseFilterGradient = (x: Value, dy: Value, shape: Shape, window: Window): Value =>
  dy.graph.add(windowFoldOps.depthwiseConv2dFilterGradient, [x, dy], { ...window, shape });
