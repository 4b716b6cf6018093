import { type Block, engine } from '../engine/engine.ts';
import { wordOf } from '../engine/words.ts';
import type { Graph, Storage, Value } from '../graph/graph.ts';
import { update } from '../graph/ops/update.ts';
import { sizeOf } from '../graph/shape.ts';
import type { Variable } from '../layers/variable.ts';
import { mixSeed } from '../random/seed.ts';
import type { Optimizer, SlotMemory } from '../training/optimizer.ts';

const floatBytes = 4;
/** Floats for the rule's numbers; the random state's four words follow. */
const numberCount = 12;
/** Keeps dropout's random numbers apart from those that shuffle and initialise. */
const dropoutKey = 0x64726f70;

/** A model, as far as its optimizer's state needs to know it. */
interface Trained {
  readonly variables: readonly Variable[];
  readonly trainableVariables: readonly Variable[];
}

/** Neighbouring weights that one update command moves. */
interface Run {
  readonly address: number;
  /** Offset of the run in each mirror, in bytes. */
  readonly offset: number;
  floats: number;
}

/**
 * What training keeps in linear memory beside the weights: gradients and the optimizer's slots, each a
 * mirror of the weights' layout, the numbers of the coming step and the random numbers' state.
 */
export class OptimizerState implements SlotMemory {
  readonly #optimizer: Optimizer;
  readonly #model: Trained;
  readonly #block: Block;
  readonly #offsets = new Map<Variable, number>();
  readonly #mirrorBytes: number;
  /** Where the rule's numbers are; the random state follows. */
  readonly #numbers: number;

  /** @param model its weights are settled */
  constructor(optimizer: Optimizer, model: Trained) {
    this.#optimizer = optimizer;
    this.#model = model;
    let bytes = 0;
    for (const variable of model.variables) {
      this.#offsets.set(variable, bytes);
      bytes += variable.footprint * floatBytes;
    }
    this.#mirrorBytes = bytes;
    const slots = Object.values(optimizer.slots);
    const total = (1 + slots.length) * bytes + (numberCount + 4) * floatBytes;
    this.#block = engine().allocate(total, `the optimizer's state`);
    this.#numbers = this.#mirror(1 + slots.length);
    for (const [i, value] of slots.entries()) {
      const start = wordOf(this.#mirror(1 + i));
      engine().f32.fill(value, start, start + wordOf(bytes));
    }
    this.#takeOver(optimizer);
  }

  /** Goes on with what the optimizer remembers of these weights; one that knows others begins anew. */
  #takeOver(optimizer: Optimizer): void {
    const before = optimizer.memory;
    optimizer.memory = this;
    const kept = this.#model.variables.filter((variable) => before?.has(variable));
    if (before && kept.length === 0) optimizer.iterations = 0;
    for (const variable of kept) {
      for (const slot of Object.keys(optimizer.slots).keys()) {
        this.writeSlot(slot, variable, before!.readSlot(slot, variable));
      }
    }
  }

  /** The memory it lives in. */
  get block(): Block {
    return this.#block;
  }

  /** Where programs find the random numbers' key and step. */
  get randomState(): Storage {
    return { name: 'random state', shape: [4], address: this.#numbers + numberCount * floatBytes };
  }

  /** Seeds the random numbers of the steps to come. */
  seed(seed: number): void {
    const state = wordOf(this.#numbers) + numberCount;
    engine().i32[state] = mixSeed(seed, dropoutKey);
    engine().i32[state + 1] = dropoutKey;
  }

  /** Writes what the coming step needs: the optimizer's numbers and the step's own number. */
  prepareStep(): void {
    const { f32, i32 } = engine();
    const numbers = wordOf(this.#numbers);
    i32[numbers + numberCount + 2] = this.#optimizer.iterations;
    this.#optimizer.writeNumbers(f32, numbers);
  }

  has(variable: Variable): boolean {
    return this.#offsets.has(variable);
  }

  get trained(): readonly Variable[] {
    return this.#model.trainableVariables;
  }

  readSlot(slot: number, variable: Variable): Float32Array<ArrayBuffer> {
    return engine().readFloats(this.#slotAddress(slot, variable), sizeOf(variable.shape));
  }

  writeSlot(slot: number, variable: Variable, values: Float32Array): void {
    engine().write(this.#slotAddress(slot, variable), values);
  }

  /** Where a weight's gradient must be for the update to find it. */
  gradientAddress(variable: Variable): number {
    return this.#mirror(0) + this.#offsets.get(variable)!;
  }

  /**
   * Appends the updates of `variables` to a graph.
   * @param gradients pinned where `gradientAddress` says
   * @returns the effect that moves each variable
   */
  appendUpdates(
    graph: Graph,
    variables: readonly Variable[],
    gradients: readonly Value[],
  ): Map<Variable, Value> {
    const effects = new Map<Variable, Value>();
    for (const run of this.#runs(variables)) {
      const attrs = {
        rule: this.#optimizer.rule,
        weights: run.address,
        gradients: this.#mirror(0) + run.offset,
        slots: Object.keys(this.#optimizer.slots).map((_, i) => this.#mirror(1 + i) + run.offset),
        count: run.floats,
        numbers: this.#numbers,
      };
      const effect = update(graph, attrs, gradients);
      for (const variable of variables) {
        const offset = this.#offsets.get(variable)! - run.offset;
        if (offset >= 0 && offset < run.floats * floatBytes) effects.set(variable, effect);
      }
    }
    return effects;
  }

  /** Joins variables that lie side by side, in the weights and in the mirrors alike. */
  #runs(variables: readonly Variable[]): Run[] {
    const runs: Run[] = [];
    for (const variable of variables) {
      const last = runs.at(-1);
      const offset = this.#offsets.get(variable)!;
      const bytes = last ? last.floats * floatBytes : 0;
      if (last && last.address + bytes === variable.address && last.offset + bytes === offset) {
        last.floats += variable.footprint;
      } else {
        runs.push({ address: variable.address, offset, floats: variable.footprint });
      }
    }
    return runs;
  }

  #slotAddress(slot: number, variable: Variable): number {
    return this.#mirror(1 + slot) + this.#offsets.get(variable)!;
  }

  #mirror(index: number): number {
    return this.#block.address + index * this.#mirrorBytes;
  }
}
