// The interpreter's rules for ops that move a window over images: one walk over every product of such an op.

import type { Value } from '../src/graph/graph.ts';
import type { Convolution } from '../src/graph/ops/convolution.ts';
import type { Window } from '../src/graph/ops/window.ts';
import type { Pool } from '../src/graph/ops/window-folds.ts';
import { sizeOf } from '../src/graph/shape.ts';
import type { Rule } from './interpreter-walks.ts';

type Shape = readonly number[];

/** Calls `visit` with each output pixel, each tap of the window and the input pixel it meets; padding is left out. */
function eachTap(
  x: Shape,
  y: Shape,
  [height, width]: Shape,
  { strides, padding, dilation }: Window,
  visit: (xPixel: number, yPixel: number, tap: number) => void,
): void {
  for (let yPixel = 0; yPixel < y[0] * y[1] * y[2]; yPixel++) {
    const column = yPixel % y[2];
    const row = Math.floor(yPixel / y[2]) % y[1];
    const image = Math.floor(yPixel / (y[1] * y[2]));
    for (let tap = 0; tap < height * width; tap++) {
      const inRow = row * strides[0] - padding[0] + Math.floor(tap / width) * dilation[0];
      const inColumn = column * strides[1] - padding[2] + (tap % width) * dilation[1];
      if (inRow < 0 || inRow >= x[1] || inColumn < 0 || inColumn >= x[2]) continue;
      visit((image * x[1] + inRow) * x[2] + inColumn, yPixel, tap);
    }
  }
}

/** Calls `visit` with the places of x, w and y of every product x·w that is summed into y. */
function eachProduct(
  x: Shape,
  w: Shape,
  y: Shape,
  attrs: Convolution,
  visit: (x: number, w: number, y: number) => void,
): void {
  const outputs = y[3] / attrs.groups;
  eachTap(x, y, w, attrs, (xPixel, yPixel, tap) => {
    for (let output = 0; output < y[3]; output++) {
      const group = Math.floor(output / outputs);
      for (let channel = 0; channel < w[2]; channel++) {
        visit(
          xPixel * x[3] + group * w[2] + channel,
          (tap * w[2] + channel) * y[3] + output,
          yPixel * y[3] + output,
        );
      }
    }
  });
}

const attrsOf = (node: Value) => node.attrs as Convolution;

/** Calls `visit` with the places of x, w and y for every tap and channel of an op that keeps channels apart. */
function eachChannelTap(
  node: Value,
  x: Shape,
  y: Shape,
  kernel: Shape,
  visit: (x: number, w: number, y: number) => void,
): void {
  eachTap(x, y, kernel, node.attrs as Window, (xPixel, yPixel, tap) => {
    for (let channel = 0; channel < x[3]; channel++) {
      visit(xPixel * x[3] + channel, tap * x[3] + channel, yPixel * x[3] + channel);
    }
  });
}

const sizeOfPool = (node: Value) => (node.attrs as Pool).size;

/** How many pixels of the image each output of a pool sees. */
function seen(node: Value, x: Shape, y: Shape): Float64Array {
  const counts = new Float64Array(sizeOf(y));
  eachChannelTap(node, x, y, sizeOfPool(node), (_, __, k) => {
    counts[k]++;
  });
  return counts;
}

export const windowRules: Record<string, Rule> = {
  conv2d: (node, [x, w]) => {
    const y = new Float64Array(node.size);
    const [xShape, wShape] = node.inputs.map(({ shape }) => shape);
    eachProduct(xShape, wShape, node.shape, attrsOf(node), (i, j, k) => {
      y[k] += x[i] * w[j];
    });
    return y;
  },
  conv2dInputGradient: (node, [dy, w]) => {
    const dx = new Float64Array(node.size);
    const [yShape, wShape] = node.inputs.map(({ shape }) => shape);
    eachProduct(node.shape, wShape, yShape, attrsOf(node), (i, j, k) => {
      dx[i] += dy[k] * w[j];
    });
    return dx;
  },
  conv2dFilterGradient: (node, [x, dy]) => {
    const dw = new Float64Array(node.size);
    const [xShape, yShape] = node.inputs.map(({ shape }) => shape);
    eachProduct(xShape, node.shape, yShape, attrsOf(node), (i, j, k) => {
      dw[j] += x[i] * dy[k];
    });
    return dw;
  },

  maxPool2d: (node, [x]) => {
    const y = new Float64Array(node.size).fill(-Infinity);
    eachChannelTap(node, node.inputs[0].shape, node.shape, sizeOfPool(node), (i, _, k) => {
      y[k] = Math.max(y[k], x[i]);
    });
    return y;
  },
  averagePool2d: (node, [x]) => {
    const { shape } = node.inputs[0];
    const counts = seen(node, shape, node.shape);
    const y = new Float64Array(node.size);
    eachChannelTap(node, shape, node.shape, sizeOfPool(node), (i, _, k) => {
      y[k] += x[i] / counts[k];
    });
    return y;
  },
  averagePool2dGradient: (node, [dy]) => {
    const { shape } = node.inputs[0];
    const counts = seen(node, node.shape, shape);
    const dx = new Float64Array(node.size);
    eachChannelTap(node, node.shape, shape, sizeOfPool(node), (i, _, k) => {
      dx[i] += dy[k] / counts[k];
    });
    return dx;
  },
  depthwiseConv2d: (node, [x, w]) => {
    const y = new Float64Array(node.size);
    eachChannelTap(node, node.inputs[0].shape, node.shape, node.inputs[1].shape, (i, j, k) => {
      y[k] += x[i] * w[j];
    });
    return y;
  },
  depthwiseConv2dInputGradient: (node, [dy, w]) => {
    const dx = new Float64Array(node.size);
    eachChannelTap(node, node.shape, node.inputs[0].shape, node.inputs[1].shape, (i, j, k) => {
      dx[i] += dy[k] * w[j];
    });
    return dx;
  },
  depthwiseConv2dFilterGradient: (node, [x, dy]) => {
    const dw = new Float64Array(node.size);
    const [xShape, yShape] = node.inputs.map(({ shape }) => shape);
    eachChannelTap(node, xShape, yShape, node.shape, (i, j, k) => {
      dw[j] += x[i] * dy[k];
    });
    return dw;
  },
};
