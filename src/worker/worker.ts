// `lanegrad/worker`: a worker of the browser that trains, so that steps of any length leave the page its frames.

import { type CallbackHooks, History, LanegradError, type Model, ready } from '../index.ts';
import type { SavedArtifacts } from '../io/artifacts.ts';
import type { Callback, Logs } from '../training/callbacks/callback.ts';
import type { DataList } from '../training/feed.ts';
import type { FitOptions, FitSettings, Fitter } from '../training/fit.ts';
import { answering, longNames } from '../training/log-names.ts';
import { type BatchEvent, buffersOf, type Order, type Report } from './messages.ts';
import { pack, unpackState } from './packing.ts';

declare const URL: new (path: string, base: string) => object;
declare const Worker: new (script: object, options: { type: 'module'; name: string }) => WorkerLike;

/** Methods, as TypeScript sees them, so that those of a `Worker` fit, whose events have more in them. */
interface Listeners {
  message(event: { readonly data: unknown }): void;
  error(event: { readonly message?: string; preventDefault?(): void }): void;
}

/** A `Worker`, as far as it is used here. */
export interface WorkerLike {
  postMessage(message: unknown, transfer: ArrayBuffer[]): void;
  terminate(): void;
  onmessage: Listeners['message'] | null;
  onerror: Listeners['error'] | null;
}

type Listener = Partial<Callback> & CallbackHooks;

/** An `AbortSignal`; what is none is looked at after each report. */
interface Listenable {
  addEventListener?(type: 'abort', listener: () => void): void;
  removeEventListener?(type: 'abort', listener: () => void): void;
}

/**
 * Trains models in a worker: `model.fit(x, y, { worker: new TrainingWorker() })`.
 *
 * Callbacks are called on the page and may stop the training or set the learning rate; at each epoch's end they
 * find the weights in the model, and what the optimizer remembers. Classes of the user's own are trained where the
 * worker's script has registered them; losses and metrics that are functions cannot be sent.
 */
export class TrainingWorker implements Fitter {
  readonly #worker: WorkerLike;
  #isBusy = false;
  #reject: ((reason: unknown) => void) | undefined;
  /** Why it trains no more. */
  #ended: LanegradError | undefined;

  /** @param worker made of `lanegrad/training-worker`, where a bundler does not find it by itself (esbuild, Angular) */
  constructor(worker?: WorkerLike) {
    this.#worker = worker ?? newWorker();
    this.#worker.onerror = (event) => {
      // `fit` tells it; Deno would end the process for it too.
      event.preventDefault?.();
      this.#end(`failed: ${event.message?.replace(/\.$/, '') ?? couldNotBeLoaded}`);
    };
  }

  /** Ends the worker. A `fit` under way rejects. */
  terminate(): void {
    this.#end('was terminated');
  }

  #end(how: string): void {
    this.#worker.terminate();
    this.#ended = new LanegradError(`fit: the training worker ${how}. Make another one.`);
    this.#reject?.(this.#ended);
  }

  /** Called by `model.fit`. */
  async fit(model: Model, x: DataList, y: DataList, options: FitSettings): Promise<History> {
    if (this.#ended) throw this.#ended;
    if (this.#isBusy)
      throw new LanegradError('fit: the training worker is training already. Use one for each model.');
    if (options.resume !== undefined) {
      throw new LanegradError('fit: training in a worker cannot be resumed. Leave out worker, or resume.');
    }
    this.#isBusy = true;
    try {
      const order = await orderOf(model, x, y, options);
      return await this.#run(new Run(model, options), order, options.signal);
    } finally {
      this.#isBusy = false;
    }
  }

  async #run(run: Run, order: Order, signal: FitSettings['signal']): Promise<History> {
    const post = (message: Order) => this.#worker.postMessage(message, buffersOf(message));
    const abort = () => post({ type: 'abort' });
    const listenable = signal as Listenable | undefined;
    try {
      return await new Promise<History>((resolve, reject) => {
        this.#reject = reject;
        let reports = Promise.resolve();
        this.#worker.onmessage = ({ data }) => {
          // One after the other: a callback may be async.
          reports = reports.then(() => run.take(data as Report, post, resolve, reject)).catch(reject);
        };
        listenable?.addEventListener?.('abort', abort);
        if (this.#ended) reject(this.#ended);
        post(order);
        if (signal?.aborted) abort();
      });
    } finally {
      listenable?.removeEventListener?.('abort', abort);
      this.#worker.onmessage = null;
      this.#reject = undefined;
    }
  }
}

const couldNotBeLoaded =
  'it could not be loaded. Where a bundler does not find its script, bundle lanegrad/training-worker too, ' +
  'and give TrainingWorker a Worker of that';

function newWorker(): WorkerLike {
  if (typeof Worker === 'undefined') {
    throw new LanegradError('TrainingWorker: this runtime has no Worker. Leave out worker to train here.');
  }
  // webpack names the script's file by `name`, which no other worker may have.
  return new Worker(new URL('./training-worker.js', import.meta.url), {
    type: 'module',
    name: 'lanegrad-training',
  });
}

async function orderOf(
  model: Model,
  x: DataList,
  y: DataList,
  { callbacks, signal: _, worker: __, ...options }: FitSettings,
): Promise<Order> {
  let artifacts: SavedArtifacts | undefined;
  const save = async (given: SavedArtifacts) => {
    artifacts = given;
  };
  const { optimizer } = model;
  const { givenLearningRate, learningRate } = optimizer;
  // A schedule may be a function: it stays on the page, which tells the rates.
  optimizer.learningRate = learningRate;
  try {
    // What `save` leaves out would be trained otherwise there.
    model.getTrainingConfig();
    await model.save({ save }, { includeOptimizer: true });
  } finally {
    optimizer.learningRate = givenLearningRate;
  }
  return {
    type: 'fit',
    variant: (await ready()).variant,
    model: artifacts!,
    x: await pack(x),
    y: await pack(y),
    options: (await pack(options)) as FitOptions,
    hasCallbacks: callbacks !== undefined,
  };
}

type LastReport = Report & { type: 'done' | 'failed' };

/** The page's side of one `fit`. */
class Run {
  readonly #model: Model;
  readonly #listeners: readonly Listener[];
  readonly #options: FitSettings;
  /** What a callback threw. */
  #failure: { readonly error: unknown } | undefined;

  constructor(model: Model, options: FitSettings) {
    this.#model = model;
    this.#listeners = [options.callbacks ?? []].flat() as Listener[];
    this.#options = options;
    model.stopTraining = false;
    for (const listener of this.#listeners) listener.setModel?.(model);
  }

  /** Does what a report asks for, and ends with the worker's last one. */
  async take(
    report: Report,
    post: (order: Order) => void,
    resolve: (history: History) => void,
    reject: (reason: unknown) => void,
  ): Promise<void> {
    if (report.type === 'done' || report.type === 'failed') await this.#end(report, resolve, reject);
    else await this.#follow(report, post);
  }

  async #end(
    report: LastReport,
    resolve: (history: History) => void,
    reject: (reason: unknown) => void,
  ): Promise<void> {
    try {
      if (report.state) await unpackState(this.#model, report.state);
    } catch (error) {
      this.#failure ??= { error };
    }
    if (this.#failure) reject(this.#failure.error);
    else if (report.type === 'done') resolve(historyOf(this.#model, report));
    else reject((report.isAborted && this.#options.signal?.reason) || new LanegradError(report.message));
  }

  async #follow(report: Exclude<Report, LastReport>, post: (order: Order) => void): Promise<void> {
    if (this.#options.signal?.aborted || this.#failure) post({ type: 'abort' });
    try {
      if (report.type === 'hook') post(await this.#answer(report));
      else await this.#tellBatches(report.events);
      if (this.#model.stopTraining) post({ type: 'stop' });
    } catch (error) {
      this.#failure ??= { error };
      post({ type: 'abort' });
      if (report.type === 'hook') post({ type: 'answer', stop: true, rates: new Float64Array() });
    }
  }

  async #tellBatches(events: readonly BatchEvent[]): Promise<void> {
    for (const { hook, batch, logs } of events) {
      for (const listener of this.#listeners) await listener[hook]?.(batch, answeringLogs(logs));
    }
  }

  async #answer(report: Report & { type: 'hook' }): Promise<Order> {
    const { hook, epoch, logs, params, iterations, state } = report;
    if (state) await unpackState(this.#model, state);
    const { epochs, initialEpoch, verbose } = this.#options;
    for (const listener of this.#listeners) {
      if (hook === 'onTrainBegin') {
        listener.setParams?.({ ...params, epochs, initialEpoch, verbose: Number(verbose) });
        await listener.onTrainBegin?.();
      } else if (hook === 'onTrainEnd') {
        await listener.onTrainEnd?.();
      } else {
        await listener[hook]?.(epoch, logs && answeringLogs(logs));
      }
    }
    return {
      type: 'answer',
      stop: this.#model.stopTraining === true,
      rates: this.#rates(iterations, params.steps),
    };
  }

  /** The learning rates of the next steps, so that schedules and functions stay on the page. */
  #rates(iterations: number, steps: number): Float64Array {
    const { optimizer } = this.#model;
    const rates = Float64Array.from({ length: steps }, (_, i) => {
      optimizer.iterations = iterations + i;
      return optimizer.learningRate;
    });
    optimizer.iterations = iterations;
    return rates;
  }
}

const answeringLogs = (logs: Logs): Logs => answering(longNames(Object.keys(logs)), logs);

function historyOf(model: Model, { epoch, history }: Report & { type: 'done' }): History {
  const result = new History();
  result.setModel(model);
  result.epoch.push(...epoch);
  Object.assign(result.history, history);
  result.answerTo(longNames(Object.keys(history)));
  return result;
}
