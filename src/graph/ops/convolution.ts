// Two-dimensional convolution of images [batch, height, width, channels] with filters [height, width,
// channels / groups, outputs], and its two gradients: a family closed under differentiation, since each of
// the three is linear in its two inputs and the others are its derivatives.

import type { Op, Value } from '../graph.ts';
import { formatShape, type Shape } from '../shape.ts';
import { asFloat } from './conversion.ts';
import { checkImages, type Window, windowOutput } from './window.ts';

/** Window and groups: group i of the outputs sees group i of the channels alone. */
export interface Convolution extends Window {
  readonly groups: number;
}

/** A convolution of which one operand is the result: the shape that this has. */
export interface Adjoint extends Convolution {
  readonly shape: Shape;
}

/** Taps times channels of a group: the length of a patch. */
export const patchSize = (w: Shape) => w[0] * w[1] * w[2];

const windowOf = ({ strides, padding, dilation, groups }: Convolution): Convolution => ({
  strides,
  padding,
  dilation,
  groups,
});

/** @internal */
export const convolutionOps = {
  /** y = x * w. */
  conv2d: {
    name: 'conv2d',
    kind: 'meant',
    shape: ([x, w], attrs) => [x.shape[0], ...windowOutput('conv2d', x, w.shape, attrs), w.shape[3]],
    gradient: (dy, { inputs: [x, w], attrs }) => [
      conv2dInputGradient(dy, w, x.shape, attrs),
      conv2dFilterGradient(x, dy, w.shape, attrs),
    ],
  } satisfies Op<Convolution>,

  /** dx of y = x * w, from dy and w: also the forward pass of a transposed convolution. */
  conv2dInputGradient: {
    name: 'conv2dInputGradient',
    kind: 'meant',
    shape: (_, { shape }) => shape,
    gradient: (ddx, { inputs: [dy, w], attrs }) => [
      conv2d(ddx, w, windowOf(attrs)),
      conv2dFilterGradient(ddx, dy, w.shape, attrs),
    ],
  } satisfies Op<Adjoint>,

  /** dw of y = x * w, from x and dy. */
  conv2dFilterGradient: {
    name: 'conv2dFilterGradient',
    kind: 'meant',
    shape: (_, { shape }) => shape,
    gradient: (ddw, { inputs: [x, dy], attrs }) => [
      conv2dInputGradient(dy, ddw, x.shape, attrs),
      conv2d(x, ddw, windowOf(attrs)),
    ],
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
  checkImages('conv2d', x);
  const [, , depth, outputs] = w.shape;
  if (w.rank !== 4 || depth * attrs.groups !== x.shape[3] || outputs % attrs.groups !== 0) {
    throw x.graph.error(
      `conv2d: filters ${formatShape(w.shape)} in ${attrs.groups} groups do not fit ` +
        `${x.shape[3]} channels; they are [height, width, channels / groups, outputs].`,
    );
  }
  return x.graph.add(convolutionOps.conv2d, [asFloat(x), asFloat(w)], attrs);
}

/** The gradient of images of `shape`, from the gradient of the convolution's result. */
export const conv2dInputGradient = (dy: Value, w: Value, shape: Shape, window: Convolution): Value =>
  dy.graph.add(convolutionOps.conv2dInputGradient, [asFloat(dy), asFloat(w)], {
    ...windowOf(window),
    shape,
  });

/** The gradient of filters of `shape`, from the gradient of the convolution's result. */
export const conv2dFilterGradient = (x: Value, dy: Value, shape: Shape, window: Convolution): Value =>
  dy.graph.add(convolutionOps.conv2dFilterGradient, [x, dy], { ...windowOf(window), shape });
