// The script of a training worker: it has lanegrad to itself, trains what the page sends, and reports.

import { init, LanegradError, loadLayersModel, type Model } from '../index.ts';
import type { SavedArtifacts } from '../io/artifacts.ts';
import { platform, setPlatform } from '../platform/platform.ts';
import { Callback, type Logs } from '../training/callbacks/callback.ts';
import type { FitOptions } from '../training/fit.ts';
import { type BatchEvent, buffersOf, type Hook, type Order, type Report } from './messages.ts';
import { packState, unpack } from './packing.ts';

type FitOrder = Order & { type: 'fit' };
type Answer = Order & { type: 'answer' };

const page = globalThis as unknown as {
  postMessage(message: Report, transfer: ArrayBuffer[]): void;
  onmessage: (event: { readonly data: Order }) => void;
};
const report = (message: Report) => page.postMessage(message, buffersOf(message));

let isInitialised = false;
let model: Model | undefined;
let answered: ((answer: Answer) => void) | undefined;
let signal = { aborted: false };
let events: BatchEvent[] = [];

page.onmessage = ({ data }) => {
  if (data.type === 'fit') train(data);
  else if (data.type === 'answer') answered?.(data);
  else if (data.type === 'stop') model!.stopTraining = true;
  else signal.aborted = true;
};

/** Has batches told once for each turn of the event loop: a small network does thousands in a frame. */
function tellBatchesInTurns(): void {
  const { turn } = platform;
  setPlatform({
    ...platform,
    turn() {
      tellBatches();
      return turn();
    },
  });
}

function tellBatches(): void {
  if (events.length === 0) return;
  report({ type: 'batches', events });
  events = [];
}

async function train(order: FitOrder): Promise<void> {
  signal = { aborted: false };
  try {
    if (!isInitialised) {
      init({ variant: order.variant });
      tellBatchesInTurns();
      isInitialised = true;
    }
    model = undefined;
    model = await modelOf(order.model);
    const { epoch, history } = await model.fit(unpack(order.x) as never, unpack(order.y) as never, {
      ...(unpack(order.options) as FitOptions),
      callbacks: new Reporter(model, order.hasCallbacks),
      signal,
    });
    report({ type: 'done', epoch, history, state: await packState(model) });
  } catch (error) {
    events = [];
    report({
      type: 'failed',
      message: error instanceof Error ? error.message : String(error),
      isAborted: signal.aborted,
      state: model && (await packState(model)),
    });
  }
}

async function modelOf(artifacts: SavedArtifacts): Promise<Model> {
  try {
    return await loadLayersModel({ load: async () => artifacts });
  } catch (error) {
    const hint =
      'A worker knows the classes that its own script has registered before it imports lanegrad/training-worker.';
    throw new LanegradError(`fit: ${(error as Error).message} ${hint}`, { cause: error });
  }
}

/** Tells the page what happens, and does what it answers. */
class Reporter extends Callback {
  readonly #trained: Model;
  readonly #hasCallbacks: boolean;

  constructor(trained: Model, hasCallbacks: boolean) {
    super();
    this.#trained = trained;
    this.#hasCallbacks = hasCallbacks;
  }

  override onTrainBegin(): Promise<void> {
    return this.#ask('onTrainBegin', 0);
  }

  override onEpochBegin(epoch: number): Promise<void> {
    return this.#ask('onEpochBegin', epoch);
  }

  override onEpochEnd(epoch: number, logs?: Logs): Promise<void> {
    return this.#ask('onEpochEnd', epoch, logs);
  }

  override onTrainEnd(): Promise<void> {
    return this.#ask('onTrainEnd', 0);
  }

  override onBatchBegin(batch: number, logs: Logs): void {
    if (this.#hasCallbacks) events.push({ hook: 'onBatchBegin', batch, logs });
  }

  override onBatchEnd(batch: number, logs: Logs): void {
    if (this.#hasCallbacks) events.push({ hook: 'onBatchEnd', batch, logs });
  }

  async #ask(hook: Hook, epoch: number, logs?: Logs): Promise<void> {
    tellBatches();
    const { optimizer } = this.#trained;
    const { iterations } = optimizer;
    const { steps = 0, samples = 0, doValidation, metrics } = this.params;
    const needsState = this.#hasCallbacks && (hook === 'onEpochEnd' || hook === 'onTrainEnd');
    const state = needsState ? await packState(this.#trained) : undefined;
    const answer = new Promise<Answer>((resolve) => {
      answered = resolve;
    });
    report({
      type: 'hook',
      hook,
      epoch,
      logs,
      params: { steps, samples, doValidation, metrics },
      iterations,
      state,
    });
    const { stop, rates } = await answer;
    if (stop) this.#trained.stopTraining = true;
    optimizer.learningRate = (step) => rates[step - iterations];
  }
}
