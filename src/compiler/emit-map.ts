// Turns a stage's element-wise nodes into a map: operands, instructions and scratch registers.

import { Access, Layout } from '../../assembly/opcodes.ts';
import {
  ColumnsTargetWord,
  MapInstructionWord,
  MapOperandWord,
  MapWord,
  type Opcode,
  RandomStreamWord,
  type WordsOf,
} from '../../assembly/words.ts';
import { internal } from '../errors.ts';
import type { LaneValue, Value } from '../graph/graph.ts';
import { isMadeBy } from '../graph/op.ts';
import { type RandomAttrs, randomUniformOp } from '../graph/ops/random-uniform.ts';
import { appendWords, type Words, wordsOf } from '../graph/words.ts';
import { elementBytes, root } from './arrays.ts';
import type { Stage } from './fuse.ts';
import type { Columns } from './lowering/columns.ts';
import { columnsInto } from './lowering/joins.ts';
import { readingsOf } from './map-room.ts';

/** What emitting a map needs to know of the program around it. */
export interface MapSurroundings {
  /** Address of a value's array, or of that which it writes columns of; undefined for one that lives in a register. */
  addressOf(value: Value): number | undefined;
  /** Stores words beside the commands and returns their address. */
  table(words: readonly number[]): number;
}

interface Operand {
  /** What is read: told apart by this, as several may lie at one address. */
  readonly source: object;
  readonly access: Access;
  readonly address: number;
  /** Elements of the source's array before the first. */
  readonly offset: number;
  readonly elementBytes: number;
  readonly repeat: number;
  readonly period: number;
  readonly pitch: number;
  /** The register that takes what is repeated. */
  readonly register: number;
}

const plain = { offset: 0, elementBytes: 0, repeat: 1, period: 1, pitch: 0 };

/** An operand's number, or −1 − a register's: registers are numbered behind the operands, whose count is not known yet. */
type Location = number;

const inRegister = (register: number): Location => -1 - register;

/** The words of a map's command. */
export function mapWords(stage: Stage, surroundings: MapSurroundings): MapWords {
  return new MapEmitter(stage, surroundings).words();
}

type MapWords = Words<WordsOf[Opcode.map]>;

class MapEmitter {
  readonly #lanes: readonly LaneValue[];
  readonly #surroundings: MapSurroundings;
  readonly #operands: Operand[] = [];
  readonly #registers = new Map<Value, number>();
  readonly #freeRegisters: number[] = [];
  /** The index of the last lane that reads a source. */
  readonly #lastReaders = new Map<Value, number>();
  #registerCount = 0;

  constructor(stage: Stage, surroundings: MapSurroundings) {
    this.#lanes = stage.lanes;
    for (const [i, lane] of stage.lanes.entries()) {
      for (const input of lane.inputs) this.#lastReaders.set(root(input), i);
    }
    this.#surroundings = surroundings;
  }

  words(): MapWords {
    const instructions = this.#lanes.map((lane, i) => this.#instruction(lane, i));
    const operandCount = this.#operands.length;
    if (operandCount + this.#registerCount > Layout.mapLocations) {
      throw internal(`a map needs ${operandCount + this.#registerCount} locations.`);
    }
    const { table } = this.#surroundings;
    return {
      [MapWord.total]: this.#lanes[0].size,
      [MapWord.operands]: table(operandWords(this.#operands)),
      [MapWord.operandCount]: operandCount,
      [MapWord.instructions]: table(instructionWords(this.#lanes, instructions, operandCount)),
      [MapWord.instructionCount]: instructions.length,
      [MapWord.registerCount]: this.#registerCount,
    };
  }

  /** Where a lane's result goes, and where its operands are. */
  #instruction(lane: LaneValue, index: number): Location[] {
    const read = this.#inputs(lane);
    if (isMadeBy(lane, randomUniformOp)) read.push(this.#randomStream(lane));
    // Registers read here for the last time may take the result: lanes read before they write.
    this.#release(lane, index);
    const [a, b = a, c = a] = read;
    return [this.#result(lane), a, b, c];
  }

  #inputs(lane: Value): Location[] {
    return readingsOf(lane).map(({ array: source, offset, access, pitch }, i) => {
      const register = this.#registers.get(source);
      if (register !== undefined) return inRegister(register);
      const address = this.#surroundings.addressOf(source);
      if (!access || address === undefined) {
        throw internal(`${lane.op.name} cannot read ${source.op.name} in place.`);
      }
      const bytes = elementBytes(lane.inputs[i]);
      const { repeat, period } = access.kind === 'broadcast' ? access : plain;
      return this.#operand(source, Access[access.kind], address + offset * bytes, {
        ...{ offset, elementBytes: bytes, repeat, period, pitch },
      });
    });
  }

  #randomStream(lane: Value<RandomAttrs>): Location {
    const { stream, seed } = lane.attrs;
    const own = this.#surroundings.table(
      wordsOf<RandomStreamWord>({
        [RandomStreamWord.stream]: stream,
        [RandomStreamWord.hasKey]: Number(seed >= 0),
        [RandomStreamWord.key]: Math.max(seed, 0),
      }),
    );
    return this.#operand(lane, Access.pointer, own, plain);
  }

  /** The location of an operand; the same source read the same way is one operand. */
  #operand(
    source: object,
    access: Access,
    address: number,
    { offset, elementBytes, repeat, period, pitch }: Pick<Operand, keyof typeof plain>,
  ): Location {
    const known = this.#operands.findIndex(
      (other) =>
        other.source === source &&
        other.access === access &&
        other.offset === offset &&
        other.repeat === repeat &&
        other.period === period &&
        other.pitch === pitch,
    );
    if (known >= 0) return known;
    const register = access === Access.broadcast ? this.#registerCount++ : 0;
    const operand = { source, access, address, offset, elementBytes, repeat, period, pitch, register };
    return this.#operands.push(operand) - 1;
  }

  #result(lane: Value): Location {
    const address = this.#surroundings.addressOf(lane);
    const columns = columnsInto(lane);
    if (columns) return this.#operand(lane, Access.pointer, this.#columnsTarget(address!, columns), plain);
    if (address !== undefined)
      return this.#operand(lane, Access.linear, address, { ...plain, elementBytes: 4 });
    const register = this.#freeRegisters.pop() ?? this.#registerCount++;
    this.#registers.set(lane, register);
    return inRegister(register);
  }

  #columnsTarget(address: number, { begin, count, pitch }: Columns): number {
    return this.#surroundings.table(
      wordsOf<ColumnsTargetWord>({
        [ColumnsTargetWord.address]: address + begin * 4,
        [ColumnsTargetWord.count]: count,
        [ColumnsTargetWord.pitch]: pitch * 4,
      }),
    );
  }

  /** Frees the registers whose values no later lane reads. */
  #release(lane: Value, index: number): void {
    for (const input of lane.inputs) {
      const source = root(input);
      const register = this.#registers.get(source);
      if (register === undefined || this.#lastReaders.get(source) !== index) continue;
      this.#freeRegisters.push(register);
      this.#registers.delete(source);
    }
  }
}

function operandWords(operands: readonly Operand[]): number[] {
  const list: number[] = [];
  for (const { access, address, elementBytes, repeat, period, pitch, register } of operands) {
    const words: Words<MapOperandWord> = {
      [MapOperandWord.access]: access,
      [MapOperandWord.address]: address,
      [MapOperandWord.elementBytes]: elementBytes,
      [MapOperandWord.repeat]: repeat,
      [MapOperandWord.period]: period,
      [MapOperandWord.pitch]: pitch * 4,
      [MapOperandWord.register]: register,
    };
    appendRecord(list, words, Layout.operandBytes);
  }
  return list;
}

function instructionWords(
  lanes: readonly LaneValue[],
  instructions: readonly Location[][],
  operandCount: number,
): number[] {
  const placeOf = (location: Location) => (location >= 0 ? location : operandCount - 1 - location);
  const list: number[] = [];
  for (const [i, [y, a, b, c]] of instructions.entries()) {
    const words: Words<MapInstructionWord> = {
      [MapInstructionWord.lane]: lanes[i].op.lane,
      [MapInstructionWord.y]: placeOf(y),
      [MapInstructionWord.a]: placeOf(a),
      [MapInstructionWord.b]: placeOf(b),
      [MapInstructionWord.c]: placeOf(c),
    };
    appendRecord(list, words, Layout.instructionBytes);
  }
  return list;
}

/** Appends a record's words, and zeros up to so many bytes. */
function appendRecord(list: number[], words: Readonly<Record<number, number>>, bytes: number): void {
  const end = list.length + bytes / 4;
  appendWords(list, words, 0);
  while (list.length < end) list.push(0);
}
