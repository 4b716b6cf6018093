// Writes a program: its commands, then the tables they point to, then room for the arena.

import { Layout } from '../../assembly/opcodes.ts';
import { MapWord, Opcode, type WordsOf } from '../../assembly/words.ts';
import { internal } from '../errors.ts';
import { type Emitter, hasEffect, type KernelValue, type Storage, type Value } from '../graph/graph.ts';
import { copyView } from '../graph/ops/movement.ts';
import type { ConstantAttrs } from '../graph/ops/sources.ts';
import { appendRecord, type Words, wordsOf } from '../graph/words.ts';
import { elementBytes, offsetOf, root } from './arrays.ts';
import { Emission, inArena, inBlock, inTables, type OutsideBlock } from './emission.ts';
import { mapWords } from './emit-map.ts';
import type { Stage } from './fuse.ts';
import { joinedAmong, joinedTarget } from './lowering/joins.ts';
import type { MemoryPlan } from './plan-memory.ts';
import type { Repeated } from './repeat.ts';
import { repeatRounds } from './rounds.ts';

/** A program, and what is to be known of it beside its words. */
interface Emitted {
  readonly emission: Emission;
  readonly commandCount: number;
  /** Commands of each stage. */
  readonly stageCommands: readonly number[];
  /** What runs one after the other: the stages, and in place of one that repeats others these, as often as they run. */
  readonly runs: readonly Run[];
  /** Where the array of an input or output is, to be resolved. */
  addressOf(value: Value): number;
}

/** A stage, and how many commands it has. */
export interface Run {
  readonly stage: Stage;
  readonly commands: number;
}

const wordBytes = 4;
const commandWords = Layout.commandBytes / wordBytes;

/** Where a command's first word, beside the opcode, says how many threads share it. */
const threadsBit = 8 * Layout.threadsAt;

/** Emits a program. */
export function emit(stages: readonly Stage[], outputs: readonly Value[], plan: MemoryPlan): Emitted {
  const emitter = new ProgramEmitter(plan);
  emitter.program(stages, outputs);
  const { commands, tableWords, blocks, commandCount, stageCommands, runs } = emitter;
  return {
    emission: new Emission({ commands, tableWords, blocks: [...blocks.keys()] }),
    commandCount,
    stageCommands,
    runs,
    addressOf: (value) => emitter.address(value),
  };
}

class ProgramEmitter implements Emitter {
  readonly commands: number[] = [];
  readonly tableWords: number[] = [];
  readonly stageCommands: number[] = [];
  readonly runs: Run[] = [];
  /** The memory outside of the program that commands point into, and how many there were before each. */
  readonly blocks = new Map<OutsideBlock, number>();
  readonly #plan: MemoryPlan;
  #threads = 1;
  #constants = new Map<Value, number>();
  #epilogues = new Map<Value, number>();
  #results: Stage['results'] = [];
  /** Arrays of which others write columns. */
  readonly #joined = new Map<object, Value>();
  /** Of maps. */
  readonly #surroundings = {
    addressOf: (value: Value) => this.#addressOrRegister(value),
    table: (words: readonly number[]) => this.table(words),
  };
  /** The node whose rounds are being emitted, and where its arrays are in this round. */
  #round: ((value: Value) => number | undefined) | undefined;
  /** Tables of the rounds so far, by their words: those that stay the same are written once. */
  readonly #roundTables = new Map<string, number>();

  constructor(plan: MemoryPlan) {
    this.#plan = plan;
  }

  get commandCount(): number {
    return this.commands.length / commandWords;
  }

  program(stages: readonly Stage[], outputs: readonly Value[]): void {
    this.#noteJoined(stages);
    for (const stage of stages) {
      const before = this.commandCount;
      this.#run(stage);
      this.stageCommands.push(this.commandCount - before);
    }
    // A constant that is an output has a place only if it is asked for now.
    for (const output of outputs) this.address(output);
  }

  /** Notes the arrays that stages write columns of. */
  #noteJoined(stages: readonly Stage[]): void {
    const kernels = stages.flatMap(({ kernel }) => kernel ?? []);
    for (const [target, array] of joinedAmong(kernels)) this.#joined.set(target, array);
  }

  #run(stage: Stage): void {
    const [before, runs] = [this.commandCount, this.runs.length];
    this.#stage(stage);
    if (this.runs.length === runs) this.runs.push({ stage, commands: this.commandCount - before });
  }

  #stage(stage: Stage): void {
    const { kernel, results, lanes, threads } = stage;
    this.#threads = threads;
    this.#results = results;
    const map = lanes.length > 0 ? mapWords(stage, this.#surroundings) : undefined;
    if (!kernel) {
      this.command(Opcode.map, map!);
      return;
    }
    if (map)
      this.#epilogues.set(kernel, this.table(wordsOf<MapWord>({ [MapWord.opcode]: Opcode.map, ...map })));
    kernel.op.emit(kernel, this);
  }

  address(value: Value): number {
    const address = this.#addressOrRegister(root(value));
    if (address === undefined) throw internal(`${value.op.name} of ${value.scope} has no memory.`);
    return address + offsetOf(value) * elementBytes(value);
  }

  #addressOrRegister(value: Value): number | undefined {
    const target = joinedTarget(value);
    if (target) return this.address(this.#joined.get(target)!);
    const { pinned, offsets } = this.#plan;
    if (value.op.kind === 'parameter' || hasEffect(value)) {
      const { storage } = value.attrs as { storage?: Storage };
      return storage && this.storage(storage);
    }
    if (value.op.kind === 'constant') return this.#constant(value);
    if (this.#round) return this.#round(value);
    const place = pinned.get(value);
    if (place) return this.storage(place);
    const offset = offsets.get(value);
    return offset === undefined ? undefined : inArena(offset);
  }

  storage(storage: Storage): number {
    const { block, offset } = storage;
    if (!this.blocks.has(block)) this.blocks.set(block, this.blocks.size);
    return inBlock(this.blocks.get(block)!, offset);
  }

  #constant(value: Value): number {
    let address = this.#constants.get(value);
    if (address === undefined) {
      const { data } = value.attrs as ConstantAttrs;
      const { buffer } = value.dtype === 'int32' ? Int32Array.from(data) : Float32Array.from(data);
      address = this.table(Array.from(new Int32Array(buffer)));
      this.#constants.set(value, address);
    }
    return address;
  }

  command<Kernel extends Opcode>(opcode: Kernel, words: Words<WordsOf[Kernel]>): void {
    const { commands } = this;
    commands.push(this.#threads > 1 ? opcode | (this.#threads << threadsBit) : opcode);
    appendRecord(commands, words, commandWords, 1);
  }

  table(words: readonly number[]): number {
    if (!this.#round) return this.#newTable(words);
    const key = words.join();
    const address = this.#roundTables.get(key) ?? this.#newTable(words);
    this.#roundTables.set(key, address);
    return address;
  }

  #newTable(words: readonly number[]): number {
    const address = inTables(this.tableWords.length);
    for (let i = 0; i < words.length; i++) this.tableWords.push(words[i]);
    return address;
  }

  repeat(node: Value): void {
    const { attrs, inputs } = node as Value<Repeated>;
    const array = this.address(node);
    const bases = inputs.map((input) => this.address(input));
    const before = this.commandCount;
    for (const { input, offset, size } of attrs.begins) {
      const [source, target] = [bases[input], array + offset].map((address) => ({ address, strides: [1] }));
      copyView(this, [size], source, target);
    }
    const stage: Stage = { kernel: node as KernelValue, results: [], lanes: [], threads: this.#threads };
    this.runs.push({ stage, commands: this.commandCount - before });
    this.#noteJoined(attrs.stages);
    const emitRound = (round: number): void => {
      this.#round = (value) => {
        const place = attrs.places.get(value);
        if (!place) return undefined;
        const { input, offset, bytes, indexIn } = place;
        return (input === undefined ? array : bases[input]) + offset + bytes * indexIn(round);
      };
      for (const each of attrs.stages) this.#run(each);
    };
    const first = this.runs.length;
    repeatRounds(attrs.times, emitRound, [this.commands, this.tableWords]);
    const round = this.runs.slice(first, first + attrs.stages.length);
    while (this.runs.length < first + attrs.times * round.length) this.runs.push(...round);
    this.#round = undefined;
  }

  result(node: Value, index: number): number {
    const result = this.#results.find(({ inputs, attrs }) => inputs[0] === node && attrs.index === index);
    return result ? this.address(result) : 0;
  }

  epilogue(node: Value): number {
    return this.#epilogues.get(node) ?? 0;
  }
}
