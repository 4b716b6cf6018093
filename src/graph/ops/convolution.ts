// Two-dimensional convolution of images [batch, height, width, channels] with filters [height, width,
// channels / groups, outputs], and its two gradients: a family closed under differentiation, since each of
// the three is linear in its two inputs and the others are its derivatives.

import { Layout, Opcode } from '../../../assembly/opcodes.ts';
import type { Emitter } from '../emitter.ts';
import type { Value } from '../graph.ts';
import type { Op } from '../op.ts';
import { formatShape, type Shape } from '../shape.ts';
import { asFloat } from './elementwise.ts';
import { checkImages, type Window, windowOutput, windowTable } from './window.ts';

/** Window and groups: group i of the outputs sees group i of the channels alone. */
export interface Convolution extends Window {
  readonly groups: number;
}

/** A convolution of which one operand is the result: the shape that this has. */
interface Adjoint extends Convolution {
  readonly shape: Shape;
}

const floatBytes = 4;
/** What mirrored filters may multiply at the most, as a multiple of what counts. */
const mostWaste = 1.1;
const { panelColumns } = Layout;

/** What the kernels call images, filters and outputs, in the one convolution that three ops belong to. */
interface Operands {
  readonly x: Value;
  readonly w: Value;
  readonly y: Value;
}

/** Taps times channels of a group: the length of a patch. */
const patchSize = (w: Shape) => w[0] * w[1] * w[2];

const windowOf = ({ strides, padding, dilation, groups }: Convolution): Convolution => ({
  strides,
  padding,
  dilation,
  groups,
});

const packedBytes = (k: number, n: number) => Math.ceil(n / panelColumns) * panelColumns * k * floatBytes;

/** Packs the filters of each group, [patch, outputs] or its transpose; returns the bytes of a group. */
function packFilters(emitter: Emitter, w: Value, groups: number, target: number, transpose: boolean): number {
  const row = w.shape[3] * floatBytes;
  const patch = patchSize(w.shape);
  const outputs = w.shape[3] / groups;
  const [strides, k, n] = transpose
    ? [[floatBytes, row], outputs, patch]
    : [[row, floatBytes], patch, outputs];
  const groupBytes = packedBytes(k, n);
  for (let group = 0; group < groups; group++) {
    const source = emitter.address(w) + group * outputs * floatBytes;
    emitter.command(Opcode.packB, source, ...strides, target + group * groupBytes, k, n, k);
  }
  return groupBytes;
}

/**
 * Whether the input gradient is computed as a forward convolution of dy with mirrored filters. That is the faster
 * product where it multiplies few zeros: those around dy where padding does not keep the image's size, and those
 * that fill the last panel of channels.
 */
function isMirrored({ inputs: [dy], shape, attrs: { strides, groups } }: Value<Convolution>): boolean {
  const [, height, width, channels] = shape;
  const panels = Math.ceil(channels / panelColumns) * panelColumns;
  const waste = (height * width * panels) / (dy.shape[1] * dy.shape[2] * channels);
  return groups === 1 && Math.max(...strides) === 1 && waste < mostWaste;
}

/** dx = dy * mirrored filters: [tap, output] by channels, the taps in reverse. */
function emitMirrored(node: Value<Convolution>, emitter: Emitter): void {
  const [dy, w] = node.inputs;
  const [height, width, channels, outputs] = w.shape;
  const packed = emitter.scratchAddress(node);
  const taps = height * width;
  const k = taps * outputs;
  for (let tap = 0; tap < taps; tap++) {
    const source = emitter.address(w) + (taps - 1 - tap) * channels * outputs * floatBytes;
    const target = packed + tap * outputs * panelColumns * floatBytes;
    const strides = [floatBytes, outputs * floatBytes];
    emitter.command(Opcode.packB, source, ...strides, target, outputs, channels, k);
  }
  const { padding, dilation } = node.attrs;
  const before = [0, 1].map((axis) => (w.shape[axis] - 1) * dilation[axis] - padding[2 * axis]);
  const window: Window = { ...node.attrs, padding: [before[0], 0, before[1], 0] };
  emitter.command(
    Opcode.convolution,
    windowTable(emitter, dy.shape, node.shape, w.shape, window),
    emitter.address(dy),
    packed,
    0,
    emitter.address(node),
    1,
    outputs,
    channels,
    emitter.epilogue(node),
  );
}

function emitConvolution(
  opcode: Opcode,
  emitter: Emitter,
  node: Value<Convolution>,
  { x, w, y }: Operands,
  [filters, groupBytes]: readonly [address: number, groupBytes: number],
): void {
  const { groups } = node.attrs;
  emitter.command(
    opcode,
    windowTable(emitter, x.shape, y.shape, w.shape, node.attrs),
    emitter.address(x),
    filters,
    groupBytes,
    emitter.address(y),
    groups,
    w.shape[2],
    w.shape[3] / groups,
    opcode === Opcode.convolutionFilterGradient ? 0 : emitter.epilogue(node),
  );
}

export const convolutionOps = {
  /** y = x * w. */
  conv2d: {
    name: 'conv2d',
    kind: 'kernel',
    hasEpilogue: true,
    shape: ([x, w], attrs) => [x.shape[0], ...windowOutput('conv2d', x, w.shape, attrs), w.shape[3]],
    gradient: (dy, { inputs: [x, w], attrs }) => [
      conv2dInputGradient(dy, w, x.shape, attrs),
      conv2dFilterGradient(x, dy, w.shape, attrs),
    ],
    work: (node) => node.size * patchSize(node.inputs[1].shape),
    scratchBytes: ({ inputs: [, w], attrs: { groups } }) =>
      groups * packedBytes(patchSize(w.shape), w.shape[3] / groups),
    emit: (node, emitter) => {
      const [x, w] = node.inputs;
      const packed = emitter.scratchAddress(node);
      const groupBytes = packFilters(emitter, w, node.attrs.groups, packed, false);
      emitConvolution(Opcode.convolution, emitter, node, { x, w, y: node as Value }, [packed, groupBytes]);
    },
  } satisfies Op<Convolution>,

  /** dx of y = x * w, from dy and w: also the forward pass of a transposed convolution. */
  conv2dInputGradient: {
    name: 'conv2dInputGradient',
    kind: 'kernel',
    hasEpilogue: true,
    shape: (_, { shape }) => shape,
    gradient: (ddx, { inputs: [dy, w], attrs }) => [
      conv2d(ddx, w, windowOf(attrs)),
      conv2dFilterGradient(ddx, dy, w.shape, attrs),
    ],
    work: ({ inputs: [dy, w] }) => dy.size * patchSize(w.shape),
    scratchBytes: (node) => {
      const { shape } = node.inputs[1];
      if (isMirrored(node)) return packedBytes(shape[0] * shape[1] * shape[3], shape[2]);
      const { groups } = node.attrs;
      return groups * packedBytes(shape[3] / groups, patchSize(shape));
    },
    emit: (node, emitter) => {
      if (isMirrored(node)) return emitMirrored(node, emitter);
      const [y, w] = node.inputs;
      const packed = emitter.scratchAddress(node);
      const groupBytes = packFilters(emitter, w, node.attrs.groups, packed, true);
      const operands = { x: node, w, y };
      emitConvolution(Opcode.convolutionInputGradient, emitter, node, operands, [packed, groupBytes]);
    },
  } satisfies Op<Adjoint>,

  /** dw of y = x * w, from x and dy. */
  conv2dFilterGradient: {
    name: 'conv2dFilterGradient',
    kind: 'kernel',
    shape: (_, { shape }) => shape,
    gradient: (ddw, { inputs: [x, dy], attrs }) => [
      conv2dInputGradient(dy, ddw, x.shape, attrs),
      conv2d(x, ddw, windowOf(attrs)),
    ],
    work: ({ inputs: [, dy], shape }) => dy.size * patchSize(shape),
    emit: (node, emitter) => {
      const [x, y] = node.inputs;
      const operands = { x, w: node, y };
      const target = [emitter.address(node), 0] as const;
      emitConvolution(Opcode.convolutionFilterGradient, emitter, node, operands, target);
    },
  } satisfies Op<Adjoint>,
};

const plain: Convolution = { strides: [1, 1], padding: [0, 0, 0, 0], dilation: [1, 1], groups: 1 };

/**
 * Convolves images [batch, height, width, channels] with filters [height, width, channels / groups, outputs].
 * Stride, dilation and groups are 1 and there is no padding by default.
 * @throws LanegradError where the filters do not fit the images.
 */
export function conv2d(x: Value, w: Value, options: Partial<Convolution> = {}): Value {
  const attrs = windowOf({ ...plain, ...options });
  checkImages('conv2d', x.graph, x.shape);
  const [, , depth, outputs] = w.shape;
  if (w.rank !== 4 || depth * attrs.groups !== x.shape[3] || outputs % attrs.groups !== 0) {
    throw x.graph.error(
      `conv2d: filters ${formatShape(w.shape)} in ${attrs.groups} groups do not fit ` +
        `${x.shape[3]} channels; they are [height, width, channels / groups, outputs].`,
    );
  }
  return x.graph.add(convolutionOps.conv2d, [asFloat(x), asFloat(w)], attrs);
}

/** The gradient of images of `shape`, from that of the convolution's result. */
export const conv2dInputGradient = (dy: Value, w: Value, shape: Shape, window: Convolution): Value =>
  dy.graph.add(convolutionOps.conv2dInputGradient, [asFloat(dy), asFloat(w)], {
    ...windowOf(window),
    shape,
  });

/** The gradient of filters of `shape`, from that of the convolution's result. */
export const conv2dFilterGradient = (x: Value, dy: Value, shape: Shape, window: Convolution): Value =>
  dy.graph.add(convolutionOps.conv2dFilterGradient, [x, dy], { ...windowOf(window), shape });
