// The gradient of depthwise filters: a sum over all pixels, in parts.

import { WindowFold } from '../../../assembly/opcodes.ts';
import { Opcode, WindowFoldWord } from '../../../assembly/words.ts';
import type { Value } from '../../graph/graph.ts';
import { type Window, windowTable } from '../../graph/ops/window.ts';
import { type Adjoint, windowFoldOps } from '../../graph/ops/window-folds.ts';
import { type Rule, rules } from '../rewrite.ts';
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

export const depthwiseRules: readonly Rule[] = rules(
  [windowFoldOps.depthwiseConv2dFilterGradient],
  ({ inputs, attrs }) => filterGradient.whole(inputs, attrs),
);

export const depthwiseSharingRules = filterGradient.rule;
