// The gradients of depthwise convolutions: of filters a sum over all pixels, in parts; of images a convolution itself.

import { WindowFold } from '../../../assembly/opcodes.ts';
import { Opcode, WindowFoldWord } from '../../../assembly/words.ts';
import type { Value } from '../../graph/graph.ts';
import { reverse } from '../../graph/ops/strides.ts';
import { mirrored, type Window, windowTable } from '../../graph/ops/window.ts';
import { type Adjoint, windowFoldOps } from '../../graph/ops/window-folds.ts';
import { type Rule, rule } from '../rewrite.ts';
import { sumInParts } from './parts.ts';

const filterGradient = sumInParts<Window & Adjoint>({
  name: 'depthwiseConv2dFilterGradient',
  shape: (_, { shape }) => shape,
  work: ({ inputs: [, dy], attrs: { shape } }) => dy.size * shape[0] * shape[1],
  products: ([, dy]) => dy.size / dy.shape[3],
  emit: (node, emitter, { parts, spare }) => {
    const [x, dy] = node.inputs;
    const { shape } = node.attrs;
    emitter.command(Opcode.windowWeightGradient, {
      [WindowFoldWord.fold]: WindowFold.weighted,
      [WindowFoldWord.window]: windowTable(emitter, x.shape, dy.shape, shape, node.attrs),
      [WindowFoldWord.x]: emitter.address(x),
      [WindowFoldWord.y]: 0,
      [WindowFoldWord.w]: emitter.address(node as Value),
      [WindowFoldWord.dx]: 0,
      [WindowFoldWord.dy]: emitter.address(dy),
      [WindowFoldWord.epilogue]: 0,
      [WindowFoldWord.parts]: parts,
      [WindowFoldWord.spare]: spare,
    });
  },
});

/** dx = dy * mirrored filters where windows move one pixel at a time: a pixel is written once, not for each that saw it. */
const mirroredRule = rule([windowFoldOps.depthwiseConv2dInputGradient], ({ graph, inputs, attrs }) => {
  const [dy, w] = inputs;
  const { shape: _, ...given } = attrs;
  const window = mirrored(given, w.shape);
  if (Math.max(...window.strides) > 1 || Math.min(...window.padding) < 0) return undefined;
  return graph.add(windowFoldOps.depthwiseConv2d, [dy, reverse(w, [0, 1])], window);
});

export const depthwiseRules: readonly Rule[] = [
  rule([windowFoldOps.depthwiseConv2dFilterGradient], ({ inputs, attrs }) =>
    filterGradient.whole(inputs, attrs),
  ),
  mirroredRule,
];

export const depthwiseSharingRule = filterGradient.sharingRule;
