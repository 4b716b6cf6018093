// What a run of layers over graph values knows beside the graph: whether it trains, what is frozen, and what happens
// to state meanwhile.

import { LanegradError } from '../errors.ts';
import type { Graph, Storage, Value } from '../graph/graph.ts';
import { randomUniform } from '../graph/ops/random-uniform.ts';
import { assign, parameter } from '../graph/ops/sources.ts';
import type { Shape } from '../graph/shape.ts';
import { seedWord } from '../random/seed.ts';

let current: Trace | undefined;
let outside: Pick<Trace, 'read'> | undefined;

/**
 * Layers that are being called: where they read and change state, draw random numbers and leave penalties. Whether
 * that happens at once or in each run of a program that is compiled later is up to the kind of trace.
 */
export abstract class Trace {
  /** Where the nodes go. */
  abstract readonly graph: Graph;
  /** Whether nothing will be computed: what is repeated need not be, if its shapes are the same. */
  readonly isForShapes: boolean;
  #training: boolean;
  #isFrozen = false;

  constructor(training: boolean, isForShapes = false) {
    this.#training = training;
    this.isForShapes = isForShapes;
  }

  /** The trace in which layers are being called now; undefined outside of a layer's call. */
  static get running(): Trace | undefined {
    return current;
  }

  /**
   * The trace in which layers are being called now.
   * @throws LanegradError outside of a layer's call.
   */
  static get current(): Trace {
    const { running } = Trace;
    if (running) return running;
    throw new LanegradError(
      'State can be changed, and random values drawn, only while a model is traced: in call().',
    );
  }

  /** Takes how weights are read where no layer is being called. */
  static set outside(reader: Pick<Trace, 'read'>) {
    outside = reader;
  }

  /** The value of weights or of other state: for the layers that are being called or, where none are, of now. */
  static read(storage: Storage): Value {
    return (current ?? outside ?? Trace.current).read(storage);
  }

  /** Runs `build` with this as the current trace. */
  run<T>(build: () => T): T {
    return Trace.#within(this, build);
  }

  /** Runs `act` as part of no trace: what it does to state is done now, and once. */
  static suspended<T>(act: () => T): T {
    return Trace.#within(undefined, act);
  }

  static #within<T>(trace: Trace | undefined, act: () => T): T {
    const outer = current;
    current = trace;
    try {
      return act();
    } finally {
      current = outer;
    }
  }

  /** Whether layers are called for training: what dropout and similar layers ask. */
  get training(): boolean {
    return this.#training;
  }

  /** Builds as for training or not; as what is around it where that is not said. */
  trainingAs<T>(training: boolean | undefined | null, build: () => T): T {
    const outer = this.#training;
    this.#training = training ?? outer;
    try {
      return build();
    } finally {
      this.#training = outer;
    }
  }

  /** Whether what is being called is inside of something that is not trained. */
  get isFrozen(): boolean {
    return this.#isFrozen;
  }

  /** Builds as part of something that is not trained, where `isFrozen` or where this is so already. */
  frozenIf<T>(isFrozen: boolean, build: () => T): T {
    const outer = this.#isFrozen;
    this.#isFrozen ||= isFrozen;
    try {
      return build();
    } finally {
      this.#isFrozen = outer;
    }
  }

  /** What stands here for a node of the graph that this trace was rebuilt of; undefined for nodes of others. */
  standInFor(_value: Value): Value | undefined {
    return undefined;
  }

  /** Whether what repeats itself may be traced once, as a loop. */
  abstract readonly hasLoops: boolean;

  /** The value of weights or of other state, as it is after what was assigned so far. */
  abstract read(storage: Storage): Value;

  /** storage ← value, of its shape. */
  abstract assign(storage: Storage, value: Value): void;

  /**
   * Uniform numbers in [0, 1), other ones at every call and in every step.
   * @param seed takes the place of the seed of `fit`
   * @throws LanegradError where no random numbers are to be had, such as in inference.
   */
  abstract randomUniform(shape: Shape, seed?: number | string): Value;

  /** Adds a scalar, such as an activity regularizer's, to the loss. */
  abstract penalize(penalty: Value): void;
}

interface ProgramTraceOptions {
  /** False by default. */
  readonly training?: boolean;
  /** Where the program will find its random numbers' key and step: four words. */
  readonly randomState?: Storage;
  /** Whether nothing will be computed: shapes are all that is asked for. False by default. */
  readonly isForShapes?: boolean;
}

/** The trace of what is compiled into a program: state changes when the program runs. */
export class ProgramTrace extends Trace {
  readonly graph: Graph;
  override readonly hasLoops: boolean = true;
  /** What was added to the loss. */
  readonly penalties: Value[] = [];
  /** Changes of state, in order. */
  readonly effects: Value[] = [];
  /** Arrays of the program that are computed where somebody else finds them. */
  readonly pins = new Map<Value, Storage>();
  readonly #assigned = new Map<Storage, Value>();
  readonly #randomState: Storage | undefined;
  #streams = 0;
  #origin: { readonly graph: Graph; readonly standIn: (value: Value) => Value } | undefined;

  constructor(graph: Graph, { training = false, randomState, isForShapes }: ProgramTraceOptions = {}) {
    super(training, isForShapes);
    this.graph = graph;
    this.#randomState = randomState;
  }

  /** The same trace, but for penalties, where other nodes, of another graph, stand for its own. */
  rebuilt(graph: Graph, standIn: (value: Value) => Value): ProgramTrace {
    const trace = new ProgramTrace(graph, { training: this.training, randomState: this.#randomState });
    trace.effects.push(...this.effects.map(standIn));
    for (const [storage, effect] of this.#assigned) trace.#assigned.set(storage, standIn(effect));
    trace.#streams = this.#streams;
    trace.#origin = { graph: this.graph, standIn };
    return trace;
  }

  override standInFor(value: Value): Value | undefined {
    return value.graph === this.#origin?.graph ? this.#origin.standIn(value) : undefined;
  }

  override read(storage: Storage): Value {
    const effect = this.#assigned.get(storage);
    return effect ? parameter(this.graph, storage, effect) : parameter(this.graph, storage);
  }

  override assign(storage: Storage, value: Value): void {
    this.assigned([storage], assign(storage, value));
  }

  /** Notes a change of state by an effect of its own. */
  assigned(storages: readonly Storage[], effect: Value): void {
    for (const storage of storages) this.#assigned.set(storage, effect);
    this.effects.push(effect);
  }

  /** The storages whose numbers a run changes. */
  get changed(): readonly Storage[] {
    return [...this.#assigned.keys()];
  }

  /** Whether a run draws random numbers. */
  get drawsRandom(): boolean {
    return this.#streams > 0;
  }

  override randomUniform(shape: Shape, seed?: number | string): Value {
    const state = this.#randomState;
    if (!state) throw this.graph.error('random numbers can be drawn only while training.');
    const seedOrNone = seed === undefined ? -1 : seedWord(seed);
    return randomUniform(parameter(this.graph, state), { shape, stream: this.#streams++, seed: seedOrNone });
  }

  override penalize(penalty: Value): void {
    this.penalties.push(penalty);
  }
}
