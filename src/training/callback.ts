// What callbacks are, and the list that calls them.

import { LanegradError, shown } from '../errors.ts';
import { nearestName } from '../names.ts';
import { functionOf, readAs } from '../options/kinds.ts';
import type { Variable } from '../state/variable.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Optimizer } from './optimizer.ts';

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
}

/** What callbacks may do to the model that is training. */
export interface Trainee {
  stopTraining: boolean | undefined;
  readonly optimizer: Optimizer;
  readonly variables: readonly Variable[];
  getWeights(): Tensor[];
  setWeights(weights: readonly Tensor[]): void;
}

export interface TrainingParams {
  readonly epochs: number;
  readonly initialEpoch: number;
  /** Steps of an epoch, where they are known. */
  readonly steps?: number;
  /** Samples of an epoch, where they are known. */
  readonly samples?: number;
  readonly verbose: number;
  readonly metrics: readonly string[];
}

/** A callback with access to the model. Extend it, or give `fit` an object with some of the hooks. */
export class Callback implements CallbackHooks {
  model!: Trainee;
  params!: TrainingParams;

  setModel(model: Trainee): void {
    this.model = model;
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
}

const hookNames = [
  ...(['onTrainBegin', 'onTrainEnd', 'onEpochBegin', 'onEpochEnd'] as const),
  ...(['onBatchBegin', 'onBatchEnd'] as const),
  // Objects that know more of callbacks than they must.
  ...(['setModel', 'setParams'] as const),
];

/** The hooks of any object as a callback. */
export class CustomCallback extends Callback {
  constructor(hooks: CallbackHooks) {
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
  if (typeof given === 'object' && given !== null) {
    const names = Object.keys(given);
    if (names.length === 0 || hookNames.some((name) => name in given)) return new CustomCallback(given);
    for (const name of names) {
      const nearest = nearestName(name, hookNames);
      if (nearest) throw new LanegradError(`callbacks: there is no hook ${name}; did you mean ${nearest}?`);
    }
  }
  const hint = typeof given === 'function' ? ' Call the function, and give what it returns.' : '';
  throw new LanegradError(
    `callbacks: expected a callback, or an object with ${hookNames.slice(0, 6).join(', ')}; got ${shown(given)}.${hint}`,
  );
}

/** Callbacks as a list, whichever way they were given. */
export function toCallbacks(
  given: Callback | CallbackHooks | readonly (Callback | CallbackHooks)[] | undefined,
): Callback[] {
  if (given === undefined || given === null) return [];
  return Array.isArray(given) ? Array.from(given, callbackOf) : [callbackOf(given)];
}

/** Calls callbacks in order. Batch hooks return a promise only where there is something to wait for. */
export class CallbackList {
  readonly #callbacks: readonly Callback[];

  constructor(callbacks: readonly Callback[]) {
    this.#callbacks = callbacks;
  }

  setModel(model: Trainee): void {
    for (const callback of this.#callbacks) callback.setModel(model);
  }

  setParams(params: TrainingParams): void {
    for (const callback of this.#callbacks) callback.setParams(params);
  }

  async onTrainBegin(): Promise<void> {
    for (const callback of this.#callbacks) await callback.onTrainBegin();
  }

  async onTrainEnd(): Promise<void> {
    for (const callback of this.#callbacks) await callback.onTrainEnd();
  }

  async onEpochBegin(epoch: number): Promise<void> {
    for (const callback of this.#callbacks) await callback.onEpochBegin(epoch);
  }

  async onEpochEnd(epoch: number, logs: Logs): Promise<void> {
    for (const callback of this.#callbacks) await callback.onEpochEnd(epoch, logs);
  }

  onBatchBegin(batch: number, logs: Logs): Promise<void> | undefined {
    return this.#inOrder(0, (callback) => callback.onBatchBegin(batch, logs));
  }

  onBatchEnd(batch: number, logs: Logs): Promise<void> | undefined {
    return this.#inOrder(0, (callback) => callback.onBatchEnd(batch, logs));
  }

  #inOrder(first: number, call: (callback: Callback) => void | Promise<void>): Promise<void> | undefined {
    for (let i = first; i < this.#callbacks.length; i++) {
      const pending = call(this.#callbacks[i]);
      if (pending) return pending.then(() => this.#inOrder(i + 1, call));
    }
    return undefined;
  }
}
