// Moves floats between strided views: transpose, slice, concat, pad and broadcasts are this one kernel.

import { Share } from './share';

@unmanaged
class CopyCommand {
  opcode: i32;
  source: usize;
  target: usize;
  /** The outer axes, slowest first: see `CopyAxis`. */
  axes: usize;
  axisCount: i32;
  /** Product of the outer axes' sizes. */
  rows: i32;
  /** The innermost axis: its size, and bytes between its elements. */
  size: i32;
  sourceStep: usize;
  targetStep: usize;
}

@unmanaged
class CopyAxis {
  size: i32;
  sourceStep: usize;
  targetStep: usize;
}

@unmanaged
class FillCommand {
  opcode: i32;
  target: usize;
  words: i32;
  value: i32;
}

const axisBytes: usize = 12;

export function copy(address: usize, share: Share): void {
  const command = changetype<CopyCommand>(address);
  const end = share.end(command.rows);
  for (let row = share.start(command.rows); row < end; row++) {
    let source = command.source;
    let target = command.target;
    let rest = row;
    for (let i = command.axisCount - 1; i >= 0; i--) {
      const axis = changetype<CopyAxis>(command.axes + <usize>i * axisBytes);
      const index = <usize>(rest % axis.size);
      rest /= axis.size;
      source += index * axis.sourceStep;
      target += index * axis.targetStep;
    }
    copyRow(source, command.sourceStep, target, command.targetStep, command.size);
  }
}

function copyRow(source: usize, sourceStep: usize, target: usize, targetStep: usize, n: i32): void {
  if (sourceStep == 4 && targetStep == 4) {
    for (; n >= 4; n -= 4) {
      v128.store(target, v128.load(source));
      source += 16;
      target += 16;
    }
  }
  for (; n > 0; n--) {
    store<i32>(target, load<i32>(source));
    source += sourceStep;
    target += targetStep;
  }
}

/** Fills an array with one word. */
export function fill(address: usize, share: Share): void {
  const command = changetype<FillCommand>(address);
  const end = command.target + ((<usize>share.end(command.words)) << 2);
  let target = command.target + ((<usize>share.start(command.words)) << 2);
  if (command.value == 0) {
    memory.fill(target, 0, end - target);
    return;
  }
  for (; target < end; target += 4) store<i32>(target, command.value);
}
