// Convolutions and their gradients as kernels compute them: products of patches with filters in panels.

import { Layout } from '../../../assembly/opcodes.ts';
import { ConvolutionWord, Opcode } from '../../../assembly/words.ts';
import type { Emitter, KernelOp, Value } from '../../graph/graph.ts';
import { type Adjoint, type Convolution, convolutionOps, patchSize } from '../../graph/ops/convolution.ts';
import { type Window, windowTable } from '../../graph/ops/window.ts';
import { type Rule, rules } from '../rewrite.ts';
import { floatBytes, mirrorFiltersOp, packFiltersOp } from './panels.ts';

/** What mirrored filters may multiply at the most, as a multiple of what counts. */
const maxWaste = 1.1;

/** What the kernels call images, filters and outputs, in the one convolution that three ops belong to. */
interface Operands {
  readonly x: Value;
  readonly w: Value;
  readonly y: Value;
}

/** @param filters in panels, or where the gradient of filters goes */
function emitConvolution(
  opcode: Opcode.convolution | Opcode.convolutionInputGradient | Opcode.convolutionFilterGradient,
  emitter: Emitter,
  node: Value<Convolution>,
  { x, w, y }: Operands,
  filters: Value,
): void {
  const { groups } = node.attrs;
  const isFilterGradient = opcode === Opcode.convolutionFilterGradient;
  emitter.command(opcode, {
    [ConvolutionWord.window]: windowTable(emitter, x.shape, y.shape, w.shape, node.attrs),
    [ConvolutionWord.x]: emitter.address(x),
    [ConvolutionWord.w]: emitter.address(filters),
    [ConvolutionWord.wGroup]: isFilterGradient ? 0 : (filters.size / groups) * floatBytes,
    [ConvolutionWord.y]: emitter.address(y),
    [ConvolutionWord.groups]: groups,
    [ConvolutionWord.depth]: w.shape[2],
    [ConvolutionWord.n]: w.shape[3] / groups,
    [ConvolutionWord.epilogue]: isFilterGradient ? 0 : emitter.epilogue(node),
  });
}

/** Inputs: images, filters, their panels. */
const convolutionOp: KernelOp<Convolution> = {
  name: 'conv2d',
  kind: 'kernel',
  hasEpilogue: true,
  shape: convolutionOps.conv2d.shape,
  gradient: 'none',
  work: (node) => node.size * patchSize(node.inputs[1].shape),
  emit: (node, emitter) => {
    const [x, w, panels] = node.inputs;
    emitConvolution(Opcode.convolution, emitter, node, { x, w, y: node as Value }, panels);
  },
};

const inputGradient = {
  name: 'conv2dInputGradient',
  kind: 'kernel',
  hasEpilogue: true,
  shape: (_, { shape }) => shape,
  gradient: 'none',
  work: ({ inputs: [dy, w] }) => dy.size * patchSize(w.shape),
} satisfies Partial<KernelOp<Adjoint>>;

/** Inputs: gradients of outputs, filters, their transpose in panels. */
const inputGradientOp: KernelOp<Adjoint> = {
  ...inputGradient,
  emit: (node, emitter) => {
    const [y, w, panels] = node.inputs;
    emitConvolution(Opcode.convolutionInputGradient, emitter, node, { x: node as Value, w, y }, panels);
  },
};

/** dx = dy * mirrored filters. Inputs: gradients of outputs, filters, these mirrored and in panels. */
const mirroredGradientOp: KernelOp<Adjoint> = {
  ...inputGradient,
  emit: (node, emitter) => {
    const [dy, w, panels] = node.inputs;
    const { padding, dilation } = node.attrs;
    const before = [0, 1].map((axis) => (w.shape[axis] - 1) * dilation[axis] - padding[2 * axis]);
    const window: Window = { ...node.attrs, padding: [before[0], 0, before[1], 0] };
    emitter.command(Opcode.convolution, {
      [ConvolutionWord.window]: windowTable(emitter, dy.shape, node.shape, w.shape, window),
      [ConvolutionWord.x]: emitter.address(dy),
      [ConvolutionWord.w]: emitter.address(panels),
      [ConvolutionWord.wGroup]: 0,
      [ConvolutionWord.y]: emitter.address(node),
      [ConvolutionWord.groups]: 1,
      [ConvolutionWord.depth]: w.shape[3],
      [ConvolutionWord.n]: w.shape[2],
      [ConvolutionWord.epilogue]: emitter.epilogue(node),
    });
  },
};

const filterGradientOp: KernelOp<Adjoint> = {
  name: 'conv2dFilterGradient',
  kind: 'kernel',
  shape: (_, { shape }) => shape,
  gradient: 'none',
  work: ({ inputs: [, dy], shape }) => dy.size * patchSize(shape),
  emit: (node, emitter) => {
    const [x, y] = node.inputs;
    const w = node as Value;
    emitConvolution(Opcode.convolutionFilterGradient, emitter, node, { x, w, y }, w);
  },
};

/**
 * Whether the input gradient is computed as a forward convolution of dy with mirrored filters. That is the faster
 * product where it multiplies few zeros: those around dy where padding does not keep the image's size, and those
 * that fill the last panel of channels.
 */
function isMirrored({ inputs: [dy], shape, attrs: { strides, groups } }: Value<Convolution>): boolean {
  const [, height, width, channels] = shape;
  const panels = Math.ceil(channels / Layout.panelColumns) * Layout.panelColumns;
  const waste = (height * width * panels) / (dy.shape[1] * dy.shape[2] * channels);
  return groups === 1 && Math.max(...strides) === 1 && waste < maxWaste;
}

export const convolutionRules: readonly Rule[] = [
  ...rules([convolutionOps.conv2d], ({ graph, inputs: [x, w], attrs }) => {
    const panels = graph.add(packFiltersOp, [w], { groups: attrs.groups, transpose: false });
    return graph.add(convolutionOp, [x, w, panels as Value], attrs);
  }),
  ...rules([convolutionOps.conv2dInputGradient], (node) => {
    const { graph, inputs, attrs } = node;
    const [dy, w] = inputs;
    if (isMirrored(node)) {
      return graph.add(mirroredGradientOp, [dy, w, graph.add(mirrorFiltersOp, [w], {})], attrs);
    }
    const panels = graph.add(packFiltersOp, [w], { groups: attrs.groups, transpose: true });
    return graph.add(inputGradientOp, [dy, w, panels as Value], attrs);
  }),
  ...rules([convolutionOps.conv2dFilterGradient], ({ graph, inputs, attrs }) =>
    graph.add(filterGradientOp, inputs, attrs),
  ),
];
