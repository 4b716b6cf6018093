// From graph to a program in linear memory, and running it.

import { Layout } from '../../assembly/opcodes.ts';
import { GuardWord } from '../../assembly/words.ts';
import { floatBytes } from '../bytes.ts';
import type { Block } from '../engine/block.ts';
import { type Engine, engine } from '../engine/engine.ts';
import { wordOf } from '../engine/words.ts';
import { LanegradError } from '../errors.ts';
import { Graph, type Storage, type Value } from '../graph/graph.ts';
import { sizeOf } from '../graph/shape.ts';
import { type Emission, resolved } from './emission.ts';
import { emit, type Run } from './emit.ts';
import { nodesOf, type Stage } from './fuse.ts';
import { planMemory } from './plan-memory.ts';
import { printProgram } from './print.ts';
import type { Profile } from './profile.ts';
import { ProgramArray } from './program-array.ts';
import { prune } from './prune.ts';
import type { StandIns } from './rewrite.ts';
import { simplify } from './simplify.ts';
import { isGuard, lowered, type Machine, stagesOf, type Translation } from './stages.ts';

interface ProgramOptions {
  /** Inputs that must have a place even if nothing reads them. By default those that are read. */
  readonly inputs?: readonly Value[];
  /**
   * Arrays with a place of their own, such as gradients that an optimizer reads. Where that is scratch, a run may keep
   * something else there until it has computed the array.
   */
  readonly pins?: ReadonlyMap<Value, Storage>;
  /** Whether it keeps its stages, and with them their nodes, to be printed, timed or watched: by default it does. */
  readonly keepsStages?: boolean;
  /** What it is for, as an error about memory should say it. */
  readonly purpose?: string;
}

/** Switches and bounds that tests and measurements set otherwise: none may change a bit of what programs compute. */
export const compilerOptions = {
  /** Whether element-wise nodes share maps and epilogues. */
  fusion: true,
  /** Whether arrays that are never alive together share memory. */
  sharing: true,
  /** Whether the arena and the places of gradients are filled with NaN when the program is made. */
  poison: false,
  /** Whether all programs keep their stages. */
  keepsStages: false,
  /** Whether optimizers move weights by kernels where these do what their rules say. */
  updateKernels: true,
  /** Work of a stage, in multiply-adds, from which threads share it: some ten times what sharing costs. */
  sharedWork: 32_000,
};

/**
 * How many threads share a stage. Each that joins costs about as much as the one before, so that the best number grows
 * with the root of the work.
 */
function threadsFor(work: number): number {
  const { sharedWork } = compilerOptions;
  if (work < sharedWork) return 1;
  const best = 2 * Math.sqrt(work / Math.max(sharedWork, Number.MIN_VALUE));
  return Math.max(2, Math.min(Math.floor(best), Layout.maxThreads));
}

/** Who is told, while a program runs, how far it is. */
export interface Watcher {
  /** Commands that run before it is told for the first time. */
  readonly from: number;
  /** Told after each stage from there on how many commands have run. Nothing that has been allocated may go meanwhile. */
  told(commands: number): void;
}

/** What a program is made of. */
interface Listing {
  readonly stages: readonly Stage[];
  /** Commands of each stage. */
  readonly stageCommands: readonly number[];
  readonly runs: readonly Run[];
}

/** What programs are compiled for. */
const machine: Machine = {
  get isFused() {
    return compilerOptions.fusion;
  },
  get isSharing() {
    return compilerOptions.sharing;
  },
  isProgramShared: (work) => engine().sharesPrograms(work),
  threadsFor,
};

/** Rebuilds values, and all that they need, in another graph, with what programs run in place of loops. */
type LoopPass = (roots: readonly Value[], own: readonly Value[], machine: Machine) => StandIns;

let loopPass: LoopPass = () => (value) => value;

/** Has programs run loops. Who makes loops brings the pass along: bundles that have none do not carry it. */
export function repeatLoopsBy(pass: LoopPass): void {
  loopPass = pass;
}

/** What is computed in place of values: simplified, lowered, and in parts for threads. */
function translate(roots: readonly Value[], pinned: Iterable<Value> = []): Translation {
  const own = [...pinned];
  const simple = simplify(roots, new Graph(), own);
  const repeated = loopPass(roots.map(simple), own.map(simple), machine);
  const looped = (value: Value) => repeated(simple(value));
  const low = lowered(roots.map(looped), own.map(looped), machine);
  return { standIn: (value) => low.standIn(looped(value)), nodes: low.nodes };
}

/** How many commands have run when each node is computed. */
function endsOf(stages: readonly Stage[], commands: readonly number[]): Map<Value, number> {
  const ends = new Map<Value, number>();
  let end = 0;
  for (const [i, stage] of stages.entries()) {
    end += commands[i];
    for (const node of nodesOf(stage)) ends.set(node, end);
  }
  return ends;
}

/**
 * A compiled graph. It allocates when it is made and not when it is run; but where it has not run for long, its memory
 * and the memory of the weights it reads may have gone to others: `ready` writes it anew then.
 */
export class Program {
  readonly #engine: Engine;
  readonly #block: Block;
  /** What reads outputs and writes inputs, and where these are, to be resolved. */
  readonly #arrays: { readonly array: ProgramArray; readonly at: number }[] = [];
  readonly #emission: Emission;
  readonly #commandCount: number;
  /** Of one that keeps its stages; no other is printed, timed or watched. */
  readonly #listing: Listing | undefined;
  /** Where its regions begin. */
  #begins: readonly number[] = [];
  /** The stays of the blocks that the commands point into, its own first. */
  #stays: readonly (readonly [Block, number])[] = [];
  /** The engine's departures when these were looked at last. */
  #departures: number | undefined;
  /** Where outputs and inputs are, to be resolved. It keeps nothing of the graph that was given. */
  readonly #addresses = new WeakMap<Value, number>();
  /** How many commands have run when an array with a place of its own is there. */
  readonly #completions = new WeakMap<Value, number>();
  #isDisposed = false;
  /** An estimate of what a run costs, in multiply-adds. */
  readonly work: number;

  constructor(wanted: readonly Value[], effects: readonly Value[] = [], options: ProgramOptions = {}) {
    const given = options.inputs ?? prune([...wanted, ...effects]).filter(({ op }) => op.kind === 'input');
    const { standIn, nodes } = translate([...wanted, ...effects, ...given], options.pins?.keys());
    const [outputs, inputs] = [wanted, given].map((values) => values.map(standIn));
    const pins = new Map([...(options.pins ?? [])].map(([value, place]) => [standIn(value), place]));
    this.#engine = engine();
    const { stages, work } = stagesOf(nodes, [...outputs, ...pins.keys()], machine);
    this.work = work;
    const plan = planMemory(stages, { outputs, inputs, pins, isSharing: machine.isSharing });
    const { emission, commandCount, stageCommands, runs, addressOf } = emit(stages, outputs, plan);
    this.#emission = emission;
    this.#commandCount = commandCount;
    if (compilerOptions.keepsStages || options.keepsStages !== false)
      this.#listing = { stages, stageCommands, runs };
    for (const value of [...wanted, ...given]) this.#addresses.set(value, addressOf(standIn(value)));
    if (options.pins) {
      const ends = endsOf(stages, stageCommands);
      for (const value of options.pins.keys())
        this.#completions.set(value, ends.get(standIn(value)) ?? commandCount);
    }
    const bytes = emission.arenaAt + plan.arenaBytes;
    this.#block = this.#engine.together(() => {
      const block = this.#engine.allocate(bytes, options.purpose ?? 'a program', 'anything');
      this.#write(block);
      return block;
    });
    if (compilerOptions.poison) this.#poisonAll(pins.values());
  }

  /** Writes commands and tables, for where it and all that it points into are now. */
  #write(block: Block): void {
    const { address } = block;
    this.#begins = this.#emission.beginsAt(address);
    this.#emission.write(this.#engine.i32, wordOf(address), this.#begins);
    const outside = this.#emission.blocks as readonly Block[];
    this.#stays = [block, ...outside].map((each) => [each, each.stays] as const);
    block.place.companions = outside.map(({ place }) => place);
  }

  /**
   * To be called before inputs are written and the program is run: has all that it needs in linear memory.
   * @returns a number that is another one where what was in its inputs is lost
   */
  ready(): number {
    if (this.#departures !== this.#engine.departures) this.#comeBack();
    this.#block.place.lastUse = this.#engine.period;
    return this.#stays[0][1];
  }

  #comeBack(): void {
    const isThere = this.#stays.every(([block, stays]) => block.stays === stays);
    if (!isThere) {
      if (this.#stays.some(([block]) => block.isFreed)) {
        throw new LanegradError('weights that this is computed with were disposed of.');
      }
      this.#engine.together(() => this.#write(this.#block));
      for (const { array, at } of this.#arrays) array.address = resolved(at, this.#begins);
    }
    this.#departures = this.#engine.departures;
  }

  #poisonAll(pinned: Iterable<Storage>): void {
    const { address, bytes } = this.#block;
    this.#poison(address + this.#emission.arenaAt, address + bytes);
    for (const { shape, block, offset, isScratch } of pinned) {
      const place = block.address + offset;
      if (isScratch) this.#poison(place, place + sizeOf(shape) * floatBytes);
    }
  }

  #poison(begin: number, end: number): void {
    this.#engine.f32.fill(Number.NaN, wordOf(begin), wordOf(end));
  }

  /**
   * An input or output. The program must live as long as it is used, and what a run computed is to be read before
   * anything else is allocated.
   */
  array(value: Value): ProgramArray {
    const array = new ProgramArray(this.#engine, this.addressOf(value), value);
    this.#arrays.push({ array, at: this.#addresses.get(value)! });
    return array;
  }

  /** Byte address of an input or output. */
  addressOf(value: Value): number {
    return resolved(this.#addresses.get(value)!, this.#begins);
  }

  /** How many commands have run when a pinned array is computed. */
  completionOf(value: Value): number {
    return this.#completions.get(value)!;
  }

  /**
   * Runs all commands once, or those before a guard that ends the run.
   * @param watcher of a program that has no guard
   */
  run(watcher?: Watcher): void {
    this.ready();
    if (!watcher) {
      this.#runCommands(0, this.#commandCount);
      return;
    }
    let [begin, end] = [0, 0];
    for (const { commands } of this.#listing!.runs) {
      end += commands;
      if (end < watcher.from || end === begin) continue;
      this.#runCommands(begin, end);
      watcher.told(end);
      begin = end;
    }
  }

  #runCommands(begin: number, end: number): void {
    this.#engine.run(this.#block.address + begin * Layout.commandBytes, end - begin, this.work);
  }

  /** The same stage by stage, and adds what each took to a profile. */
  runTimed(profile: Profile, watcher?: Watcher): void {
    this.ready();
    let done = 0;
    for (const { stage, commands } of this.#listing!.runs) {
      // Spare memory and arrays that others write columns of have none.
      if (commands === 0) continue;
      const begin = done;
      done += commands;
      profile.timeStage(stage, () => this.#runCommands(begin, done));
      if (isGuard(stage) && this.#isEndedBy(this.#block.address + begin * Layout.commandBytes)) return;
      if (watcher && done >= watcher.from) watcher.told(done);
    }
  }

  /** Whether the number that a guard's command looks at is not finite, which would have ended a run of all commands. */
  #isEndedBy(command: number): boolean {
    const address = this.#engine.i32[wordOf(command) + GuardWord.x];
    return !Number.isFinite(this.#engine.f32[wordOf(address)]);
  }

  /** Bytes of linear memory it takes, weights aside. */
  get bytes(): number {
    return this.#block.bytes;
  }

  /** The program as text: a line per stage. */
  toString(): string {
    const { stages, stageCommands } = this.#listing!;
    return printProgram(stages, stageCommands, this.bytes - this.#emission.arenaAt);
  }

  /** Whether its memory was given back: it cannot run any more. */
  get isDisposed(): boolean {
    return this.#isDisposed;
  }

  /** Gives its memory back at once. */
  dispose(): void {
    this.#isDisposed = true;
    this.#block.free();
  }
}
