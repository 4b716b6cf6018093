// Convolutions with filters of 3×3 and stride 1 by Winograd's F(2×2, 3×3): 16 multiplications where there are 36, for
// additions that cost little where channels are many. assembly/winograd.ts has the formulas.

import { Layout } from '../../../assembly/opcodes.ts';
import {
  Opcode,
  WinogradFilterGradientWord,
  WinogradFiltersWord,
  WinogradWord,
} from '../../../assembly/words.ts';
import { floatBytes } from '../../bytes.ts';
import type { Emitter, KernelOp, Value } from '../../graph/graph.ts';
import { type Adjoint, type Convolution, convolutionOps, patchSize } from '../../graph/ops/convolution.ts';
import { type Window, windowTable } from '../../graph/ops/window.ts';
import { type Shape, sizeOf } from '../../graph/shape.ts';
import { type Rule, rule } from '../rewrite.ts';
import { type Parts, sumInParts } from './parts.ts';

/** Elements of a transformed tile, each with a matrix of its own. */
const elements = 16;
/** Channels on either side from which additions cost little beside what is saved. */
const minChannels = 16;
/** Channels of both sides together of which enough tiles fit into a thread's scratch memory. */
const maxChannels = 400;
/** What tiles may multiply at the most, as a part of what else is multiplied: at the edges they reach beyond. */
const maxProducts = 0.62;

interface Filters {
  /** Whether they are for the input's gradient: mirrored, and from outputs to channels. */
  readonly isMirrored: boolean;
}

/** Transformed filters, [16, panels, channels, 8]. */
const filtersOp: KernelOp<Filters> = {
  name: 'winogradFilters',
  kind: 'kernel',
  shape: ([{ shape }], { isMirrored }) => {
    const [depth, n] = isMirrored ? [shape[3], shape[2]] : [shape[2], shape[3]];
    return [elements, Math.ceil(n / Layout.panelColumns), depth, Layout.panelColumns];
  },
  gradient: 'none',
  emit: (node, emitter) => {
    const [w] = node.inputs;
    const [, , channels, outputs] = w.shape;
    const { isMirrored } = node.attrs;
    const tap = channels * outputs * floatBytes;
    const [channelStep, outputStep] = [outputs * floatBytes, floatBytes];
    emitter.command(Opcode.winogradFilters, {
      [WinogradFiltersWord.w]: emitter.address(w) + (isMirrored ? 8 * tap : 0),
      [WinogradFiltersWord.tapStep]: isMirrored ? -tap : tap,
      [WinogradFiltersWord.channelStep]: isMirrored ? outputStep : channelStep,
      [WinogradFiltersWord.outputStep]: isMirrored ? channelStep : outputStep,
      [WinogradFiltersWord.u]: emitter.address(node),
      [WinogradFiltersWord.depth]: isMirrored ? outputs : channels,
      [WinogradFiltersWord.n]: isMirrored ? channels : outputs,
    });
  },
};

/** The words of a command that sees `x` through a window, as `y` has pixels. */
function emitTiles(
  opcode: Opcode.winograd | Opcode.winogradGradient,
  emitter: Emitter,
  node: Value,
  { x, y, u, window }: { readonly x: Value; readonly y: Value; readonly u: Value; readonly window: Window },
  { parts, spare }: Parts = { parts: 1, spare: 0 },
): void {
  emitter.command(opcode, {
    [WinogradWord.window]: windowTable(emitter, x.shape, y.shape, [3, 3], window),
    [WinogradWord.x]: emitter.address(x),
    [WinogradWord.u]: emitter.address(u),
    [WinogradWord.y]: emitter.address(y),
    [WinogradWord.depth]: x.shape[3],
    [WinogradWord.n]: y.shape[3],
    [WinogradWord.epilogue]: emitter.epilogue(node),
    [WinogradWord.parts]: parts,
    [WinogradWord.spare]: spare,
  });
}

/** Tiles of an image. */
const tilesOf = ([, height, width]: Shape): number => Math.ceil(height / 2) * Math.ceil(width / 2);

const workOf = (dy: Value, w: Shape): number => (dy.size * patchSize(w) * elements) / 36;

/** Inputs: images, filters, these transformed. */
const convolutionOp: KernelOp<Convolution> = {
  name: 'conv2d',
  kind: 'kernel',
  hasEpilogue: true,
  shape: convolutionOps.conv2d.shape,
  gradient: 'none',
  work: (node) => workOf(node as Value, node.inputs[1].shape),
  emit: (node, emitter) => {
    const [x, , u] = node.inputs;
    const y = node as Value;
    emitTiles(Opcode.winograd, emitter, y, { x, y, u, window: node.attrs });
  },
};

/** A convolution of dy. Inputs: gradients of outputs, filters, these transformed. */
const inputGradientOp: KernelOp<Adjoint> = {
  name: 'conv2dInputGradient',
  kind: 'kernel',
  hasEpilogue: true,
  shape: (_, { shape }) => shape,
  gradient: 'none',
  work: ({ inputs: [dy, w] }) => workOf(dy, w.shape),
  emit: (node, emitter) => {
    const [x, , u] = node.inputs;
    const y = node as Value;
    const [top, , left] = node.attrs.padding;
    const window: Window = { ...node.attrs, padding: [2 - top, 0, 2 - left, 0] };
    emitTiles(Opcode.winograd, emitter, y, { x, y, u, window });
  },
};

/** The filters' gradient before it is transformed back, [16, channels, outputs]. Inputs: images, gradients of outputs. */
const gradientSums = sumInParts<Adjoint>({
  name: 'conv2dFilterGradient',
  shape: (_, { shape }) => [elements, shape[2], shape[3]],
  work: ({ inputs: [, dy], attrs: { shape } }) => workOf(dy, shape),
  products: ([, dy]) => dy.shape[0] * tilesOf(dy.shape),
  emit: (node, emitter, parts) => {
    const [x, y] = node.inputs;
    const u = node as Value;
    emitTiles(Opcode.winogradGradient, emitter, u, { x, y, u, window: node.attrs }, parts);
  },
});

interface Target {
  readonly shape: Shape;
}

const filterGradientOp: KernelOp<Target> = {
  name: 'winogradFilterGradient',
  kind: 'kernel',
  shape: (_, { shape }) => shape,
  gradient: 'none',
  emit: (node, emitter) => {
    emitter.command(Opcode.winogradFilterGradient, {
      [WinogradFilterGradientWord.u]: emitter.address(node.inputs[0]),
      [WinogradFilterGradientWord.w]: emitter.address(node as Value),
      [WinogradFilterGradientWord.size]: node.shape[2] * node.shape[3],
    });
  },
};

/**
 * Whether it pays to compute pixels in tiles.
 * @param w shape of the filters
 * @param pixels [batch, height, width, n]
 * @param counted shape of the pixels that have nine products each otherwise
 */
function pays(w: Shape, pixels: Shape, counted: Shape, window: Convolution): boolean {
  const [kernelHeight, kernelWidth, ...channels] = w;
  const { strides, dilation, groups } = window;
  if (kernelHeight !== 3 || kernelWidth !== 3 || groups !== 1) return false;
  // Vectors are of four channels.
  if (Math.max(...strides, ...dilation) > 1 || channels.some((count) => count % 4 > 0)) return false;
  if (Math.min(...channels) < minChannels || channels[0] + channels[1] > maxChannels) return false;
  return elements * tilesOf(pixels) <= maxProducts * 9 * counted[1] * counted[2];
}

/** To stand before the rules of other convolutions. */
export const winogradRules: readonly Rule[] = [
  rule([convolutionOps.conv2d], ({ graph, inputs: [x, w], attrs, shape }) => {
    if (!pays(w.shape, shape, shape, attrs)) return undefined;
    return graph.add(convolutionOp, [x, w, graph.add(filtersOp, [w], { isMirrored: false })], attrs);
  }),
  rule([convolutionOps.conv2dInputGradient], ({ graph, inputs: [dy, w], attrs, shape }) => {
    // Patches of dy are the other way where dx is larger.
    const counted = dy.size * shape[3] < sizeOf(shape) * w.shape[3] ? dy.shape : shape;
    if (!pays(w.shape, shape, counted, attrs)) return undefined;
    return graph.add(inputGradientOp, [dy, w, graph.add(filtersOp, [w], { isMirrored: true })], attrs);
  }),
  rule([convolutionOps.conv2dFilterGradient], ({ graph, inputs: [x, dy], attrs, shape }) => {
    if (!pays(shape, dy.shape, dy.shape, attrs)) return undefined;
    return graph.add(filterGradientOp, [gradientSums.whole([x, dy], attrs)], { shape });
  }),
];

/** What threads share. */
export const winogradSharingRule = gradientSums.sharingRule;
