// Convolutions and their gradients as kernels compute them: products of patches with filters in panels.

import { Layout } from '../../../assembly/opcodes.ts';
import { ConvolutionWord, Opcode } from '../../../assembly/words.ts';
import { floatBytes } from '../../bytes.ts';
import type { Emitter, KernelOp, Value } from '../../graph/graph.ts';
import { type Adjoint, type Convolution, convolutionOps, patchSize } from '../../graph/ops/convolution.ts';
import { mirrored, windowTable } from '../../graph/ops/window.ts';
import type { Shape } from '../../graph/shape.ts';
import { type Rule, rule } from '../rewrite.ts';
import { transposed } from './matrices.ts';
import { filterMatrices, mirrorFiltersOp, packOp } from './panels.ts';
import { type Parts, sumInParts } from './parts.ts';

/** What mirrored filters may multiply at the most, as a multiple of what counts. */
const maxWaste = 1.1;

/** What the kernels call images, filters and outputs, in the one convolution that three ops belong to. */
interface Operands {
  readonly x: Value;
  /** Filters in panels, or where their gradient goes. */
  readonly filters: Value;
  readonly y: Value;
  /** Shape of the filters. */
  readonly w: Shape;
  readonly window: Convolution;
}

function emitConvolution(
  opcode: Opcode.convolution | Opcode.convolutionInputGradient | Opcode.convolutionFilterGradient,
  emitter: Emitter,
  node: Value,
  { x, filters, y, w, window }: Operands,
  { parts, spare }: Parts = { parts: 1, spare: 0 },
): void {
  const { groups } = window;
  emitter.command(opcode, {
    [ConvolutionWord.window]: windowTable(emitter, x.shape, y.shape, w, window),
    [ConvolutionWord.x]: emitter.address(x),
    [ConvolutionWord.w]: emitter.address(filters),
    [ConvolutionWord.wGroup]: (filters.size / groups) * floatBytes,
    [ConvolutionWord.y]: emitter.address(y),
    [ConvolutionWord.groups]: groups,
    [ConvolutionWord.depth]: w[2],
    [ConvolutionWord.n]: w[3] / groups,
    [ConvolutionWord.epilogue]: emitter.epilogue(node),
    [ConvolutionWord.parts]: parts,
    [ConvolutionWord.spare]: spare,
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
    const [x, w, filters] = node.inputs;
    const y = node as Value;
    emitConvolution(Opcode.convolution, emitter, y, { x, filters, y, w: w.shape, window: node.attrs });
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
    const [y, w, filters] = node.inputs;
    const x = node as Value;
    const operands = { x, filters, y, w: w.shape, window: node.attrs };
    emitConvolution(Opcode.convolutionInputGradient, emitter, x, operands);
  },
};

/** dx = dy * mirrored filters. Inputs: gradients of outputs, filters, these mirrored and in panels. */
const mirroredGradientOp: KernelOp<Adjoint> = {
  ...inputGradient,
  emit: (node, emitter) => {
    const [x, { shape }, filters] = node.inputs;
    const y = node as Value;
    const window = mirrored<Convolution>(node.attrs, shape);
    const w = [shape[0], shape[1], shape[3], shape[2]];
    emitConvolution(Opcode.convolution, emitter, y, { x, filters, y, w, window });
  },
};

const filterGradient = sumInParts<Adjoint>({
  name: 'conv2dFilterGradient',
  shape: (_, { shape }) => shape,
  work: ({ inputs: [, dy], attrs: { shape } }) => dy.size * patchSize(shape),
  products: ([, dy]) => dy.size / dy.shape[3],
  emit: (node, emitter, parts) => {
    const [x, y] = node.inputs;
    const filters = node as Value;
    const operands = { x, filters, y, w: node.attrs.shape, window: node.attrs };
    emitConvolution(Opcode.convolutionFilterGradient, emitter, filters, operands, parts);
  },
});

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
  rule([convolutionOps.conv2d], ({ graph, inputs: [x, w], attrs }) => {
    const panels = graph.add(packOp, [w], filterMatrices(w, attrs.groups));
    return graph.add(convolutionOp, [x, w, panels as Value], attrs);
  }),
  rule([convolutionOps.conv2dInputGradient], (node) => {
    const { graph, inputs, attrs } = node;
    const [dy, w] = inputs;
    if (isMirrored(node)) {
      return graph.add(mirroredGradientOp, [dy, w, graph.add(mirrorFiltersOp, [w], {})], attrs);
    }
    const panels = graph.add(packOp, [w], transposed(filterMatrices(w, attrs.groups)));
    return graph.add(inputGradientOp, [dy, w, panels as Value], attrs);
  }),
  rule([convolutionOps.conv2dFilterGradient], ({ inputs, attrs }) => filterGradient.whole(inputs, attrs)),
];

/** What threads share. */
export const convolutionSharingRule = filterGradient.sharingRule;
