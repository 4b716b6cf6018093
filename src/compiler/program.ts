// From graph to a program in linear memory, and running it.

import { Layout } from '../../assembly/opcodes.ts';
import { type Block, type Engine, engine } from '../engine/engine.ts';
import { wordOf } from '../engine/words.ts';
import { Graph, type Storage, type Value } from '../graph/graph.ts';
import { type Emission, emit, layOut } from './emit.ts';
import { fuse, type Step } from './fuse.ts';
import { lower, share } from './lower.ts';
import { planMemory } from './plan-memory.ts';
import { printProgram } from './print.ts';
import type { Profile } from './profile.ts';
import { ProgramArray } from './program-array.ts';
import { prune } from './prune.ts';
import type { StandIns } from './rewrite.ts';
import { schedule } from './schedule.ts';
import { simplify } from './simplify.ts';
import { workOf, workOfStep } from './work.ts';

export interface CompileOptions {
  /** Inputs that must have a place even if nothing reads them. By default those that are read. */
  readonly inputs?: readonly Value[];
  /**
   * Arrays with a place of their own, such as gradients that an optimizer reads. Where that is scratch, a run may keep
   * something else there until it has computed the array.
   */
  readonly pins?: ReadonlyMap<Value, Storage>;
  /** What it is for, as an error about memory should say it. */
  readonly purpose?: string;
}

/** Switches for the compiler's own tests: none may change a bit of what programs compute. */
export const compilerOptions = {
  /** Whether element-wise nodes share maps and epilogues. */
  fusion: true,
  /** Whether arrays that are never alive together share memory. */
  sharing: true,
  /** Whether the arena and the places of gradients are filled with NaN when the program is made. */
  poison: false,
  /** Whether optimizers move weights by kernels where these do what their rules say. */
  updateKernels: true,
  /** Work of a step, in multiply-adds, from which threads share it: some ten times what sharing costs. */
  sharedWork: 32_000,
};

/** What is computed in place of values: simplified, lowered, and in parts for threads. */
function standIns(roots: readonly Value[], pinned: Iterable<Value> = []): StandIns {
  const own = [...pinned];
  const simple = simplify(roots, new Graph(), own);
  const lowered = lower(roots.map(simple), new Graph(), own.map(simple));
  const low = (value: Value) => lowered(simple(value));
  const work = prune(roots.map(low)).reduce((sum, node) => sum + workOf(node), 0);
  if (!engine().sharesPrograms(work)) return low;
  const isShared = (node: Value) => workOf(node) >= compilerOptions.sharedWork;
  const shared = share(roots.map(low), new Graph(), isShared, own.map(low));
  return (value) => shared(low(value));
}

/** A compiled graph. It allocates when made, and never when run. */
export class Program {
  readonly #engine: Engine;
  readonly #block: Block;
  readonly #emission: Emission;
  /** Their nodes keep alive the memory outside of the program that commands point into. */
  readonly #steps: readonly Step[];
  readonly #arenaBytes: number;
  /** What is computed in place of outputs and inputs. It keeps nothing of the graph that was given. */
  readonly #standIns = new WeakMap<Value, Value>();
  #isDisposed = false;
  /** An estimate of what a run costs, in multiply-adds. */
  readonly work: number;

  constructor(wanted: readonly Value[], effects: readonly Value[] = [], options: CompileOptions = {}) {
    const given = options.inputs ?? prune([...wanted, ...effects]).filter(({ op }) => op.kind === 'input');
    const standIn = standIns([...wanted, ...effects, ...given], options.pins?.keys());
    for (const value of [...wanted, ...given]) this.#standIns.set(value, standIn(value));
    const [outputs, inputs] = [wanted, given].map((values) => values.map(standIn));
    const pins = new Map([...(options.pins ?? [])].map(([value, place]) => [standIn(value), place]));
    const nodes = schedule(prune([...outputs, ...effects.map(standIn)]));
    this.#engine = engine();
    this.#steps = fuse(nodes, { separate: !compilerOptions.fusion });
    const works = this.#steps.map(workOfStep);
    this.work = works.reduce((a, b) => a + b, 0);
    if (this.#engine.sharesPrograms(this.work)) {
      for (const [i, step] of this.#steps.entries()) step.isShared = works[i] >= compilerOptions.sharedWork;
    }
    const plan = planMemory(this.#steps, {
      outputs,
      inputs,
      pins,
      separate: !compilerOptions.sharing,
    });
    this.#arenaBytes = plan.arenaBytes;
    const places = layOut(this.#steps, outputs, plan);
    const bytes = places.arena + plan.arenaBytes;
    this.#block = this.#engine.allocate(bytes, options.purpose ?? 'a program');
    const { address } = this.#block;
    const [tables, arena] = [address + places.tables, address + places.arena];
    this.#emission = emit(this.#steps, outputs, plan, { tables, arena });
    this.#engine.i32.set(this.#emission.words, wordOf(address));
    if (compilerOptions.poison) {
      this.#poison(arena, address + bytes);
      for (const [{ size }, { block, offset, isScratch }] of pins) {
        const place = block.address + offset;
        if (isScratch) this.#poison(place, place + size * 4);
      }
    }
  }

  #poison(begin: number, end: number): void {
    this.#engine.f32.fill(Number.NaN, wordOf(begin), wordOf(end));
  }

  /** An input or output. The program must live as long as it is used. */
  array(value: Value): ProgramArray {
    return new ProgramArray(this.#engine, this.addressOf(value), value);
  }

  /** Byte address of an input or output. */
  addressOf(value: Value): number {
    return this.#emission.addressOf(this.#standIns.get(value)!);
  }

  /** Runs all commands once. */
  run(): void {
    this.#engine.run(this.#block.address, this.#emission.commandCount, this.work);
  }

  /** Runs all commands once, step by step, and adds what each took to a profile. */
  runTimed(profile: Profile): void {
    let command = this.#block.address;
    for (const [i, step] of this.#steps.entries()) {
      const count = this.#emission.stepCommands[i];
      profile.timeStep(step, () => this.#engine.run(command, count, this.work));
      command += count * Layout.commandBytes;
    }
  }

  /** Bytes of linear memory it takes, weights aside. */
  get bytes(): number {
    return this.#block.bytes;
  }

  /** The program as text: a line per step. */
  toString(): string {
    return printProgram(this.#steps, this.#emission.stepCommands, this.#arenaBytes);
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
