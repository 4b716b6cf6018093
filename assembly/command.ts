// A program is a list of commands; a command's first word names its kernel and says how many threads share it.

import { argExtreme } from './arg-extreme';
import { convolution, convolutionFilterGradient, convolutionInputGradient } from './convolution';
import { copy, fill } from './copy';
import { gather, scatter } from './gather';
import { gemm } from './gemm';
import { guard } from './guard';
import { map } from './map';
import { moments } from './moments';
import { Layout } from './opcodes';
import { packB } from './pack';
import { pairSums } from './pair-sums';
import { reduce } from './reduce';
import { sample } from './sample';
import { scan } from './scan';
import { Share } from './share';
import { softmax, softmaxCrossEntropy, softmaxCrossEntropyGradient } from './softmax';
import { topK } from './top-k';
import { update } from './update';
import { windowFold, windowFoldGradient, windowWeightGradient } from './window-fold';
import { winograd, winogradFilterGradient, winogradFilters, winogradGradient } from './winograd';

type Kernel = (command: usize, share: Share) => void;

/** Each at its opcode: the compiler's are those of this table (scripts/words.mjs). A table, so that no kernel is inlined into its caller and each keeps the registers to itself. */
const kernels: StaticArray<Kernel> = [
  map,
  packB,
  gemm,
  reduce,
  copy,
  fill,
  softmax,
  softmaxCrossEntropy,
  softmaxCrossEntropyGradient,
  argExtreme,
  update,
  convolution,
  convolutionInputGradient,
  convolutionFilterGradient,
  windowFold,
  windowFoldGradient,
  windowWeightGradient,
  gather,
  scatter,
  sample,
  scan,
  topK,
  guard,
  winogradFilters,
  winograd,
  winogradGradient,
  winogradFilterGradient,
  moments,
  pairSums,
];

/** Does one share of a command. */
export function runShare(command: usize, share: Share): void {
  unchecked(kernels[load<u16>(command)])(command, share);
}

/** Does a whole command. */
export function runWhole(command: usize, share: Share): void {
  share.index = 0;
  share.count = 1;
  runShare(command, share);
}

/** How many threads share the command at the most; 0 where that does not pay. */
export function threadsOf(command: usize): i32 {
  return load<u16>(command, Layout.threadsAt);
}
