// A map runs a short list of element-wise instructions over arrays of one shape, a chunk at a time, so
// that what passes between instructions stays in L1. It is also the epilogue of products, convolutions and pools.

import { runLane } from './lanes';
import { Access, Layout } from './opcodes';
import { quotient } from './quotient';
import { Share } from './share';

@unmanaged
class MapCommand {
  opcode: i32;
  /** Elements of the shape. */
  total: i32;
  operands: usize;
  operandCount: i32;
  instructions: usize;
  instructionCount: i32;
  registerCount: i32;
}

@unmanaged
class MapOperand {
  access: i32;
  address: usize;
  /** Bytes of one element, for linear access. */
  elementBytes: usize;
  /** Element i of the map reads element (i / repeat) % period, for broadcasts. */
  repeat: i32;
  period: i32;
  /** Bytes from one period to the next: 0 where it is the same again, else some columns of rows so long. */
  pitch: usize;
  /** The scratch register a broadcast is spread out in. */
  register: i32;
}

@unmanaged
class MapInstruction {
  lane: i32;
  /** Locations: operands first, then scratch registers. */
  y: i32;
  a: i32;
  b: i32;
  c: i32;
}

// Scratch memory of a map: where each location is for the current chunk, then the registers.
const locationBytes: usize = 4;
const registersAt: usize = <usize>Layout.mapLocations * locationBytes;
/** A register holds a chunk and the overshoot of the copies that fill it. */
const registerBytes: usize = Layout.mapChunk * 4 + Layout.slackBytes;

export function map(address: usize, share: Share): void {
  const total = changetype<MapCommand>(address).total;
  const chunks = (total + Layout.mapChunk - 1) / Layout.mapChunk;
  const begin = share.start(chunks) * Layout.mapChunk;
  const end = min(total, share.end(chunks) * Layout.mapChunk);
  mapRange(address, begin, end, share.scratch());
}

/** Runs a map on the elements from `begin` to before `end`. */
export function mapRange(address: usize, begin: i32, end: i32, scratch: usize): void {
  const command = changetype<MapCommand>(address);
  placeFixed(command, scratch);
  for (let start = begin; start < end; start += Layout.mapChunk) {
    const n = min(end - start, Layout.mapChunk);
    placeChunk(command, scratch, start, n, start == begin);
    runInstructions(command, scratch, start, n);
  }
}

/** Places what is the same for every chunk: records and scratch registers. */
function placeFixed(command: MapCommand, scratch: usize): void {
  for (let i = 0; i < command.operandCount + command.registerCount; i++) {
    let address: usize;
    if (i >= command.operandCount) {
      address = registerAddress(scratch, i - command.operandCount);
    } else {
      const operand = operandOf(command, i);
      address =
        operand.access == Access.broadcast ? registerAddress(scratch, operand.register) : operand.address;
    }
    store<usize>(scratch + <usize>i * locationBytes, address);
  }
}

/** Places what moves with the chunk: linear operands, and broadcasts spread out in their registers. */
function placeChunk(command: MapCommand, scratch: usize, start: i32, n: i32, isFirst: bool): void {
  for (let i = 0; i < command.operandCount; i++) {
    const operand = operandOf(command, i);
    if (operand.access == Access.linear) {
      store<usize>(scratch + <usize>i * locationBytes, operand.address + <usize>start * operand.elementBytes);
    } else if (operand.access == Access.broadcast && (isFirst || isOtherInNext(operand))) {
      const target = locationOf(scratch, i);
      if (operand.repeat == 1) spreadPeriod(operand, target, start, n);
      else if (operand.period == 1) fill(target, operand.address, n);
      else spreadRepeats(operand, target, start, n);
    }
  }
}

/** Whether chunks find other numbers in a register: all find the same where they are whole periods, or one number. */
function isOtherInNext(operand: MapOperand): bool {
  if (operand.repeat > 1) return operand.period > 1;
  return operand.pitch != 0 || Layout.mapChunk % operand.period != 0;
}

function runInstructions(command: MapCommand, scratch: usize, start: i32, n: i32): void {
  let address = command.instructions;
  for (let i = 0; i < command.instructionCount; i++) {
    const instruction = changetype<MapInstruction>(address);
    const y = locationOf(scratch, instruction.y);
    const a = locationOf(scratch, instruction.a);
    const b = locationOf(scratch, instruction.b);
    const c = locationOf(scratch, instruction.c);
    runLane(instruction.lane, y, a, b, c, start, n);
    address += Layout.instructionBytes;
  }
}

/** Writes whole periods, or parts of rows, a vector at a time: what a copy writes too far, the next one overwrites. */
function spreadPeriod(operand: MapOperand, target: usize, start: i32, n: i32): void {
  const periods = quotient(start, operand.period);
  let phase = start - periods * operand.period;
  let base = operand.address + <usize>periods * operand.pitch;
  while (n > 0) {
    const run = min(operand.period - phase, n);
    let source = base + ((<usize>phase) << 2);
    for (let i = 0; i < run; i += 4) {
      v128.store(target + ((<usize>i) << 2), v128.load(source));
      source += 16;
    }
    target += (<usize>run) << 2;
    n -= run;
    phase = 0;
    base += operand.pitch;
  }
}

/** Writes one number n times, a vector at a time. */
function fill(target: usize, source: usize, n: i32): void {
  const value = v128.load32_splat(source);
  for (const end = target + ((<usize>n) << 2); target < end; target += 16) v128.store(target, value);
}

function spreadRepeats(operand: MapOperand, target: usize, start: i32, n: i32): void {
  const repeats = quotient(start, operand.repeat);
  let phase = start - repeats * operand.repeat;
  let index = repeats - quotient(repeats, operand.period) * operand.period;
  while (n > 0) {
    const run = min(operand.repeat - phase, n);
    fill(target, operand.address + ((<usize>index) << 2), run);
    target += (<usize>run) << 2;
    n -= run;
    phase = 0;
    index = index + 1 == operand.period ? 0 : index + 1;
  }
}

function operandOf(command: MapCommand, i: i32): MapOperand {
  return changetype<MapOperand>(command.operands + <usize>i * Layout.operandBytes);
}

function locationOf(scratch: usize, i: i32): usize {
  return load<usize>(scratch + <usize>i * locationBytes);
}

function registerAddress(scratch: usize, register: i32): usize {
  return scratch + registersAt + <usize>register * registerBytes;
}
