// Turns a step's element-wise nodes into a map: operands, instructions and scratch registers.

import { Access, Layout, Opcode } from '../../assembly/opcodes.ts';
import { internal } from '../errors.ts';
import type { Storage, Value } from '../graph/graph.ts';
import { isMadeBy, type LaneValue } from '../graph/op.ts';
import { type RandomAttrs, randomUniformOp } from '../graph/ops/random.ts';
import { broadcastAccess } from '../graph/shape.ts';
import { offsetOf, root, type Step } from './fuse.ts';

/** What emitting a map needs to know of the program around it. */
export interface MapSurroundings {
  /** Address of a value's array; undefined for one that lives in a register. */
  addressOf(value: Value): number | undefined;
  /** Address of what outlives the program. */
  storage(storage: Storage): number;
  /** Stores words beside the commands and returns their address. */
  table(words: readonly number[]): number;
}

interface Operand {
  readonly access: Access;
  readonly address: number;
  /** Bytes from the start of the source's array. */
  readonly offset?: number;
  readonly elementBytes?: number;
  readonly repeat?: number;
  readonly period?: number;
  register?: number;
}

/** A location before operands are counted: they come first, registers after them. */
type Location = { readonly operand: number } | { readonly register: number };

/** The words of a map command. */
export function mapCommand(step: Step, surroundings: MapSurroundings): number[] {
  return new MapEmitter(step, surroundings).command();
}

class MapEmitter {
  #lanes: readonly LaneValue[];
  #surroundings: MapSurroundings;
  #operands: Operand[] = [];
  #operandIndex = new Map<string, number>();
  #sources = new Map<object, number>();
  #registers = new Map<Value, number>();
  #freeRegisters: number[] = [];
  /** The index of the last lane that reads a source. */
  #lastReaders = new Map<Value, number>();
  #registerCount = 0;

  constructor(step: Step, surroundings: MapSurroundings) {
    this.#lanes = step.lanes;
    for (const [i, lane] of step.lanes.entries()) {
      for (const input of lane.inputs) this.#lastReaders.set(root(input), i);
    }
    this.#surroundings = surroundings;
  }

  command(): number[] {
    const instructions = this.#lanes.map((lane, i) => this.#instruction(lane, i));
    const operandCount = this.#operands.length;
    if (operandCount + this.#registerCount > Layout.mapLocations) {
      throw internal(`a map needs ${operandCount + this.#registerCount} locations.`);
    }
    const place = (location: Location) =>
      'operand' in location ? location.operand : operandCount + location.register;
    return [
      Opcode.map,
      this.#lanes[0].size,
      this.#surroundings.table(this.#operands.flatMap(operandWords)),
      operandCount,
      this.#surroundings.table(
        instructions.flatMap(({ lane, locations }) =>
          padWords([lane, ...locations.map(place)], Layout.instructionBytes),
        ),
      ),
      instructions.length,
      this.#registerCount,
    ];
  }

  #instruction(lane: LaneValue, index: number): { lane: number; locations: Location[] } {
    const read = isMadeBy(lane, randomUniformOp) ? this.#randomOperands(lane) : this.#inputs(lane);
    // Registers read here for the last time may take the result: lanes read before they write.
    this.#release(lane, index);
    const [a = { operand: 0 }, b = a, c = a] = read;
    return { lane: lane.op.lane, locations: [this.#result(lane), a, b, c] };
  }

  #inputs(lane: Value): Location[] {
    return lane.inputs.map((input) => {
      const source = root(input);
      const register = this.#registers.get(source);
      if (register !== undefined) return { register };
      const broadcast = broadcastAccess(input.shape, lane.shape);
      const address = this.#surroundings.addressOf(source);
      if (!broadcast || address === undefined) {
        throw internal(`${lane.op.name} cannot read ${source.op.name} in place.`);
      }
      const elementBytes = input.dtype === 'uint8' ? 1 : 4;
      const offset = offsetOf(input) * elementBytes;
      return this.#operand(source, {
        access: Access[broadcast.kind],
        address: address + offset,
        offset,
        elementBytes,
        ...broadcast,
      });
    });
  }

  #randomOperands(lane: Value<RandomAttrs>): Location[] {
    const { state, stream, seed } = lane.attrs;
    const own = this.#surroundings.table(seed < 0 ? [stream, 0, 0] : [stream, 1, seed]);
    return [
      this.#operand(state, { access: Access.pointer, address: this.#surroundings.storage(state) }),
      this.#operand(lane, { access: Access.pointer, address: own }),
    ];
  }

  /** The location of an operand; the same source read the same way is one operand. */
  #operand(source: object, operand: Operand): Location {
    const { access, offset = 0, repeat, period } = operand;
    // Told apart by source, not by address: a draft of the program has no real addresses yet.
    const key = `${this.#identity(source)} ${access} ${offset} ${repeat} ${period}`;
    let index = this.#operandIndex.get(key);
    if (index === undefined) {
      index = this.#operands.length;
      if (operand.access === Access.broadcast) operand.register = this.#registerCount++;
      this.#operands.push(operand);
      this.#operandIndex.set(key, index);
    }
    return { operand: index };
  }

  #identity(source: object): number {
    const known = this.#sources.get(source) ?? this.#sources.size;
    this.#sources.set(source, known);
    return known;
  }

  #result(lane: Value): Location {
    const address = this.#surroundings.addressOf(lane);
    if (address !== undefined)
      return this.#operand(lane, { access: Access.linear, address, elementBytes: 4 });
    const register = this.#freeRegisters.pop() ?? this.#registerCount++;
    this.#registers.set(lane, register);
    return { register };
  }

  /** Frees the registers whose values no later lane reads. */
  #release(lane: Value, index: number): void {
    for (const source of new Set(lane.inputs.map(root))) {
      const register = this.#registers.get(source);
      if (register === undefined || this.#lastReaders.get(source) !== index) continue;
      this.#freeRegisters.push(register);
      this.#registers.delete(source);
    }
  }
}

function operandWords({ access, address, elementBytes = 0, repeat = 1, period = 1, register = 0 }: Operand) {
  return padWords([access, address, elementBytes, repeat, period, register], Layout.operandBytes);
}

const padWords = (words: readonly number[], bytes: number): number[] => [
  ...words,
  ...new Array<number>(bytes / 4 - words.length).fill(0),
];
