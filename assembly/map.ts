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

/** Where a location is for the current chunk, and the bytes it advances per vector. */
@unmanaged
class Location {
  address: usize;
  step: usize;
}

// Scratch memory of a map: locations, then a vector for each splat, then the registers.
const locationBytes: usize = 8;
const splatsAt: usize = <usize>Layout.mapLocations * locationBytes;
const registersAt: usize = splatsAt + Layout.mapLocations * 16;
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

/** Places what is the same for every chunk: splats, records and scratch registers. */
function placeFixed(command: MapCommand, scratch: usize): void {
  for (let i = 0; i < command.operandCount + command.registerCount; i++) {
    const location = changetype<Location>(scratch + <usize>i * locationBytes);
    if (i >= command.operandCount) {
      location.address = registerAddress(scratch, i - command.operandCount);
      location.step = 16;
      continue;
    }
    const operand = operandOf(command, i);
    location.step = 0;
    location.address = operand.address;
    if (operand.access == Access.splat) {
      location.address = scratch + splatsAt + ((<usize>i) << 4);
      v128.store(location.address, v128.load32_splat(operand.address));
    } else if (operand.access == Access.broadcast) {
      location.address = registerAddress(scratch, operand.register);
      location.step = 16;
    } else if (operand.access == Access.linear) {
      location.step = 16;
    }
  }
}

/** Places what moves with the chunk: linear operands, and broadcasts spread out in their registers. */
function placeChunk(command: MapCommand, scratch: usize, start: i32, n: i32, isFirst: bool): void {
  for (let i = 0; i < command.operandCount; i++) {
    const operand = operandOf(command, i);
    const location = changetype<Location>(scratch + <usize>i * locationBytes);
    if (operand.access == Access.linear) {
      location.address = operand.address + <usize>start * operand.elementBytes;
    } else if (operand.access == Access.broadcast) {
      if (operand.repeat > 1) {
        spreadRepeats(operand, location.address, start, n);
      } else if (isFirst || operand.pitch || Layout.mapChunk % operand.period != 0) {
        // Where chunks are whole periods of the same, they all find it in the register.
        spreadPeriod(operand, location.address, start, n);
      }
    }
  }
}

function runInstructions(command: MapCommand, scratch: usize, start: i32, n: i32): void {
  let address = command.instructions;
  for (let i = 0; i < command.instructionCount; i++) {
    const instruction = changetype<MapInstruction>(address);
    const y = locationOf(scratch, instruction.y);
    const a = locationOf(scratch, instruction.a);
    const b = locationOf(scratch, instruction.b);
    const c = locationOf(scratch, instruction.c);
    runLane(instruction.lane, y.address, a.address, a.step, b.address, b.step, c.address, c.step, start, n);
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

function spreadRepeats(operand: MapOperand, target: usize, start: i32, n: i32): void {
  const repeats = quotient(start, operand.repeat);
  let phase = start - repeats * operand.repeat;
  let index = repeats - quotient(repeats, operand.period) * operand.period;
  while (n > 0) {
    const run = min(operand.repeat - phase, n);
    const value = v128.load32_splat(operand.address + ((<usize>index) << 2));
    for (let i = 0; i < run; i += 4) v128.store(target + ((<usize>i) << 2), value);
    target += (<usize>run) << 2;
    n -= run;
    phase = 0;
    index = index + 1 == operand.period ? 0 : index + 1;
  }
}

function operandOf(command: MapCommand, i: i32): MapOperand {
  return changetype<MapOperand>(command.operands + <usize>i * Layout.operandBytes);
}

function locationOf(scratch: usize, i: i32): Location {
  return changetype<Location>(scratch + <usize>i * locationBytes);
}

function registerAddress(scratch: usize, register: i32): usize {
  return scratch + registersAt + <usize>register * registerBytes;
}
