// Turns a stage's element-wise nodes into a map: operands, instructions and scratch registers.

import { Access, Lane, Layout } from '../../assembly/opcodes.ts';
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
import { appendRecord, type Words, wordsOf } from '../graph/words.ts';
import { elementBytes, root } from './arrays.ts';
import type { Stage } from './fuse.ts';
import type { Columns } from './lowering/columns.ts';
import { columnsInto } from './lowering/joins.ts';
import { readingsOf } from './map-room.ts';

/** What emitting a map needs to know of the program around it. */
interface MapSurroundings {
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

interface Instruction {
  readonly lane: Lane;
  readonly result: Location;
  readonly operands: readonly Location[];
}

/** Instructions that do what two others do, and pass nothing through memory. Their operands are those of both, in order. */
const pairs: readonly (readonly [first: Lane, second: Lane, both: Lane])[] = [
  [Lane.mul, Lane.add, Lane.mulThenAdd],
  [Lane.sub, Lane.mul, Lane.subThenMul],
  [Lane.add, Lane.relu, Lane.addThenRelu],
  [Lane.step, Lane.mul, Lane.stepThenMul],
];

/** One instruction in place of two, of which the second alone reads the first's result; undefined where there is none. */
function inOne(first: Instruction, second: Instruction): Instruction | undefined {
  const pair = pairs.find(([one, other]) => one === first.lane && other === second.lane);
  const others = second.operands.filter((operand) => operand !== first.result);
  if (!pair || others.length < second.operands.length - 1) return undefined;
  return { lane: pair[2], result: second.result, operands: [...first.operands, ...others] };
}

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
    const instructions = this.#inPairs(this.#lanes.map((lane, i) => this.#instruction(lane, i)));
    const operandCount = this.#operands.length;
    if (operandCount + this.#registerCount > Layout.mapLocations) {
      throw internal(`a map needs ${operandCount + this.#registerCount} locations.`);
    }
    const { table } = this.#surroundings;
    return {
      [MapWord.total]: this.#lanes[0].size,
      [MapWord.operands]: table(operandWords(this.#operands)),
      [MapWord.operandCount]: operandCount,
      [MapWord.instructions]: table(instructionWords(instructions, operandCount)),
      [MapWord.instructionCount]: instructions.length,
      [MapWord.registerCount]: this.#registerCount,
    };
  }

  #instruction(lane: LaneValue, index: number): Instruction {
    const operands = this.#inputs(lane);
    if (isMadeBy(lane, randomUniformOp)) operands.push(this.#randomStream(lane));
    // Registers read here for the last time may take the result: lanes read before they write.
    this.#release(lane, index);
    return { lane: lane.op.lane, result: this.#result(lane), operands };
  }

  /** The instructions of all lanes, with one in place of two where there is one that does both. */
  #inPairs(instructions: readonly Instruction[]): Instruction[] {
    const made: Instruction[] = [];
    for (const [i, instruction] of instructions.entries()) {
      const both = this.#isForNext(i - 1) ? inOne(made.at(-1)!, instruction) : undefined;
      if (both) made.pop();
      made.push(both ?? instruction);
    }
    return made;
  }

  /** Whether a lane's result is in a register, and read by the next lane alone. */
  #isForNext(index: number): boolean {
    const lane = this.#lanes[index];
    return this.#lastReaders.get(lane) === index + 1 && this.#surroundings.addressOf(lane) === undefined;
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
    appendRecord(list, words, Layout.operandBytes / 4);
  }
  return list;
}

function instructionWords(instructions: readonly Instruction[], operandCount: number): number[] {
  const placeOf = (location: Location) => (location >= 0 ? location : operandCount - 1 - location);
  const list: number[] = [];
  for (const { lane, result, operands } of instructions) {
    const [a, b = a, c = a] = operands;
    const words: Words<MapInstructionWord> = {
      [MapInstructionWord.lane]: lane,
      [MapInstructionWord.y]: placeOf(result),
      [MapInstructionWord.a]: placeOf(a),
      [MapInstructionWord.b]: placeOf(b),
      [MapInstructionWord.c]: placeOf(c),
    };
    appendRecord(list, words, Layout.instructionBytes / 4);
  }
  return list;
}
