// The module's one entry: `run` walks a program's commands and calls each one's kernel.

import { argMax } from './arg-max';
import { copy, fill } from './copy';
import { gemm } from './gemm';
import { map } from './map';
import { Layout } from './opcodes';
import { packB } from './pack';
import { reduce } from './reduce';
import { softmax, softmaxCrossEntropy, softmaxCrossEntropyGradient } from './softmax';
import { update } from './update';

type Kernel = (command: usize, thread: i32, threads: i32) => void;

/** By opcode. A table, so that no kernel is inlined into `run` and each keeps the registers to itself. */
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
  argMax,
  update,
];

/** Runs `count` commands as thread `thread` of `threads`; every thread is given the same list. */
export function run(program: usize, count: i32, thread: i32, threads: i32): void {
  for (let command = program; count > 0; count--) {
    unchecked(kernels[load<i32>(command)])(command, thread, threads);
    command += Layout.commandBytes;
  }
}

/** The first address that the module leaves to its user. */
export function heapBase(): usize {
  return __heap_base;
}
