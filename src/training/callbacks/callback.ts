// What callbacks are, and the list that calls them.

import { got, isObject, LanegradError } from '../../errors.ts';
import type { SaveTarget } from '../../io/artifacts.ts';
import { classNameOf, nearestName } from '../../names.ts';
import type { Optimizer } from '../../optimizers/optimizer.ts';
import { functionOf, nonNegativeInteger, readAs } from '../../options/kinds.ts';
import type { Weights } from '../../state/weights.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { CallbackState, Resumable } from '../training-state.ts';

/** Losses and metrics by name. */
export type Logs = Record<string, number>;

/** What a callback may implement. `fit` waits for what is async. */
export interface CallbackHooks {
  onTrainBegin?(logs?: Logs): void | Promise<void>;
  onTrainEnd?(logs?: Logs): void | Promise<void>;
  onEpochBegin?(epoch: number, logs?: Logs): void | Promise<void>;
  onEpochEnd?(epoch: number, logs?: Logs): void | Promise<void>;
  onBatchBegin?(batch: number, logs?: Logs): void | Promise<void>;
  /** Logs are those of the batch, without metrics that only an epoch's end can tell, such as AUC. */
  onBatchEnd?(batch: number, logs?: Logs): void | Promise<void>;
  /** Called behind a batch whenever the event loop gets a turn in the midst of an epoch. Logs are those of the batch. */
  onYield?(epoch: number, batch: number, logs?: Logs): void | Promise<void>;
}

/** What callbacks may do to the model that is training. */
export interface Trainee {
  stopTraining: boolean;
  /** That of the latest training. */
  history?: Callback | undefined;
  readonly optimizer: Optimizer;
  readonly variables: readonly Weights[];
  save(target: SaveTarget): Promise<unknown>;
  getWeights(): Tensor[];
  setWeights(weights: readonly Tensor[]): void;
}

/** What a callback is told of the training: `params`. */
export interface TrainingParams {
  readonly epochs: number;
  readonly initialEpoch: number;
  /** Steps of an epoch, where they are known. */
  readonly steps?: number;
  /** Samples of an epoch, where they are known. */
  readonly samples?: number;
  /** Samples of a batch, where they are known. */
  readonly batchSize?: number;
  readonly verbose: number;
  /** Whether each epoch ends with a validation. */
  readonly doValidation: boolean;
  /** Names of an epoch's logs. */
  readonly metrics: readonly string[];
}

/** Where the room of models says what a callback's model is, which knows more than what callbacks here need. */
// biome-ignore lint/suspicious/noEmptyInterface: it is filled there
export interface CallbackModels {}
type KnownModel = CallbackModels extends { model: infer Known } ? Known : Trainee;

/** A callback with access to the model. Extend it, or give `fit` an object with some of the hooks. */
export class Callback implements CallbackHooks {
  declare model: KnownModel;
  declare params: TrainingParams;
  /** Whether it shows how far training is, so that `fit` shows nothing itself; false by default. */
  declare readonly showsProgress?: boolean;
  /** @internal Whether it is called after all others; false by default. */
  declare readonly isLast?: boolean;
  /** @internal Whether training is the same without it; false by default. */
  declare readonly onlyWatches?: boolean;

  setModel(model: Trainee): void {
    this.model = model as KnownModel;
  }

  setParams(params: TrainingParams): void {
    this.params = params;
  }

  onTrainBegin(_logs?: Logs): void | Promise<void> {}
  onTrainEnd(_logs?: Logs): void | Promise<void> {}
  onEpochBegin(_epoch: number, _logs?: Logs): void | Promise<void> {}
  onEpochEnd(_epoch: number, _logs?: Logs): void | Promise<void> {}
  onBatchBegin(_batch: number, _logs?: Logs): void | Promise<void> {}
  onBatchEnd(_batch: number, _logs?: Logs): void | Promise<void> {}
  onYield(_epoch: number, _batch: number, _logs?: Logs): void | Promise<void> {}

  /** What checkpoints know it by. */
  get className(): string {
    return classNameOf(this.constructor);
  }

  /**
   * What it must remember for training to go on elsewhere as if nothing had been: numbers, strings, lists and objects of
   * them, and typed arrays, of which those of floats come back as they are, others as lists. Nothing by default.
   */
  getState(): unknown {
    return undefined;
  }

  /** Takes what `getState` gave, in a training that goes on from a checkpoint; called after `onTrainBegin`. */
  setState(_state: unknown): void {}

  /** @internal Told before training begins what knows where it stands. */
  setTraining(_training: Resumable): void {}

  /** @internal Called where training stops within an epoch, before that ends. */
  onEpochCut(): void | Promise<void> {}
}

const hookNames = [
  ...(['onTrainBegin', 'onTrainEnd', 'onEpochBegin', 'onEpochEnd'] as const),
  ...(['onBatchBegin', 'onBatchEnd', 'onYield'] as const),
  // Objects that know more of callbacks than they must.
  ...(['setModel', 'setParams', 'getState', 'setState'] as const),
];

/** The hooks of any object as a callback. */
export class CustomCallback extends Callback {
  /** @param _yieldEvery what TensorFlow.js takes here; it is an option of `fit` */
  constructor(hooks: CallbackHooks, _yieldEvery?: unknown) {
    super();
    for (const name of hookNames) {
      const hook: unknown = (hooks as Partial<Callback>)[name];
      if (hook === undefined || hook === null) continue;
      const call = readAs(
        functionOf<NonNullable<CallbackHooks[keyof CallbackHooks]>>(),
        `callbacks: ${name}`,
        hook,
      );
      Object.assign(this, { [name]: call.bind(hooks) });
    }
  }
}

/** A callback of an object with hooks. @throws LanegradError for what has none. */
function callbackOf(given: unknown): Callback {
  if (given instanceof Callback) return given;
  if (isObject(given)) {
    const names = Object.keys(given);
    if (names.length === 0 || hookNames.some((name) => name in given)) return new CustomCallback(given);
    for (const name of names) {
      const nearest = nearestName(name, hookNames);
      if (nearest) throw new LanegradError(`callbacks: there is no hook ${name}; did you mean ${nearest}?`);
    }
  }
  throw new LanegradError(
    `callbacks: expected a callback, or an object with ${hookNames.slice(0, 7).join(', ')}; ${got(given)}`,
  );
}

/** Callbacks as a list, whichever way they were given. What is false, as of `wanted && {…}`, is none. */
export function toCallbacks(
  given: Callback | CallbackHooks | readonly (Callback | CallbackHooks)[] | Falsy,
): Callback[] {
  return [given].flat().filter(Boolean).map(callbackOf);
}

type Falsy = false | 0 | '' | null | undefined;

/** Classes of callbacks that every training has whose `verbose` is at least a level. */
const registered: { readonly level: number; readonly Class: new () => Callback }[] = [];

/**
 * Has every training make a callback of a class.
 * @param verbosityLevel the least `verbose` of such trainings
 * @throws LanegradError for a class that is registered already
 */
export function registerCallbackConstructor(verbosityLevel: number, Class: new () => Callback): void {
  const level = readAs(nonNegativeInteger, 'registerCallbackConstructor: verbosityLevel', verbosityLevel);
  if (registered.some((each) => each.Class === Class)) {
    throw new LanegradError(`registerCallbackConstructor: ${Class.name} is registered already.`);
  }
  registered.push({ level, Class });
}

/** Callbacks that were registered for trainings that say so much. */
export const registeredCallbacks = (verbosity: number): Callback[] =>
  registered.filter(({ level }) => level <= verbosity).map(({ Class }) => new Class());

/** Those that are called after all others behind them. */
const inOrder = (callbacks: readonly Callback[]): Callback[] => [
  ...callbacks.filter(({ isLast }) => !isLast),
  ...callbacks.filter(({ isLast }) => isLast),
];

/** Calls callbacks in order. Batch hooks return a promise only where there is something to wait for. */
export class CallbackList {
  #callbacks: readonly Callback[];

  constructor(callbacks: readonly (Callback | CallbackHooks)[] = []) {
    this.#callbacks = inOrder(toCallbacks(callbacks));
  }

  /** Adds one more, to be called behind the others. */
  append(callback: Callback | CallbackHooks): void {
    this.#callbacks = inOrder([...this.#callbacks, callbackOf(callback)]);
  }

  /** What those that remember something remember. */
  states(): CallbackState[] {
    const all = this.#callbacks.map((callback) => ({
      name: callback.className,
      state: callback.getState(),
      isNeeded: !callback.onlyWatches,
    }));
    return all.filter(({ state }) => state !== undefined);
  }

  /**
   * Gives callbacks back what they remembered: to the first of a name what the first of that name knew.
   * @throws LanegradError where one is not there that training depends on.
   */
  setStates(where: string, states: readonly CallbackState[]): void {
    const waiting = [...this.#callbacks];
    for (const { name, state, isNeeded } of states) {
      const place = waiting.findIndex((callback) => callback.className === name);
      if (place < 0 && !isNeeded) continue;
      if (place < 0) {
        throw new LanegradError(
          `${where}: the checkpoint remembers a callback ${name} that this training does not have. Give it again.`,
        );
      }
      const [callback] = waiting.splice(place, 1);
      callback.setState(state);
    }
  }

  setTraining(training: Resumable): void {
    for (const callback of this.#callbacks) callback.setTraining(training);
  }

  setModel(model: Trainee): void {
    for (const callback of this.#callbacks) callback.setModel(model);
  }

  setParams(params: TrainingParams): void {
    for (const callback of this.#callbacks) callback.setParams(params);
  }

  async onTrainBegin(logs: Logs = {}): Promise<void> {
    for (const callback of this.#callbacks) await callback.onTrainBegin(logs);
  }

  async onTrainEnd(logs: Logs = {}): Promise<void> {
    for (const callback of this.#callbacks) await callback.onTrainEnd(logs);
  }

  async onEpochBegin(epoch: number, logs: Logs = {}): Promise<void> {
    for (const callback of this.#callbacks) await callback.onEpochBegin(epoch, logs);
  }

  async onEpochCut(): Promise<void> {
    for (const callback of this.#callbacks) await callback.onEpochCut();
  }

  async onEpochEnd(epoch: number, logs?: Logs): Promise<void> {
    for (const callback of this.#callbacks) await callback.onEpochEnd(epoch, logs);
  }

  async onYield(epoch: number, batch: number, logs?: Logs): Promise<void> {
    for (const callback of this.#callbacks) await callback.onYield(epoch, batch, logs);
  }

  onBatchBegin(batch: number, logs?: Logs): Promise<void> | undefined {
    return this.#inOrder(0, (callback) => callback.onBatchBegin(batch, logs));
  }

  onBatchEnd(batch: number, logs?: Logs): Promise<void> | undefined {
    return this.#inOrder(0, (callback) => callback.onBatchEnd(batch, logs));
  }

  #inOrder(first: number, call: (callback: Callback) => void | Promise<void>): Promise<void> | undefined {
    for (let i = first; i < this.#callbacks.length; i++) {
      const pending = call(this.#callbacks[i]);
      // What a callback returns that is no promise means nothing, as in TensorFlow.js.
      if (typeof pending?.then === 'function') return pending.then(() => this.#inOrder(i + 1, call));
    }
    return undefined;
  }
}
