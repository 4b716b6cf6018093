// What the ranks of a cluster have in common while they train: what the first decides, the others do.

import { crc32 } from '../../bytes.ts';
import { engine } from '../../engine/engine.ts';
import { inPlace, neighbours } from '../../state/range.ts';
import { Weights } from '../../state/weights.ts';
import type { FittedModel } from '../trainable.ts';
import type { Trainer } from '../trainer.ts';
import {
  type Agreement,
  broadcast,
  type Cluster,
  requireAgreement,
  sharedNumber,
  timeExchange,
} from './cluster.ts';

/** A training that begins, as far as all ranks must have it alike. */
interface Begun {
  readonly method: string;
  readonly options: {
    readonly epochs: number;
    readonly initialEpoch: number;
    readonly microBatches?: number;
  };
  readonly samples?: number;
  readonly batchSize?: number;
  /** What else, by what errors call it. */
  readonly alike?: Agreement;
  readonly from: { readonly epoch: number } | undefined;
}

/** One of the ranks of a training; without a cluster the only one. */
export class Ranks {
  readonly #cluster: Cluster | undefined;
  readonly #model: FittedModel;
  readonly #trainer: Trainer;
  readonly #decided = new Float64Array(2);

  constructor(cluster: Cluster | undefined, model: FittedModel, trainer: Trainer) {
    this.#cluster = cluster;
    this.#model = model;
    this.#trainer = trainer;
  }

  /** Whether this one prints, calls the callbacks and saves. */
  get isFirst(): boolean {
    return !this.#cluster || this.#cluster.rank === 0;
  }

  /** What the first says of this. */
  ofFirst(value: number): number {
    return sharedNumber(this.#cluster, value);
  }

  /** @throws LanegradError where a rank has something else than the first */
  requireAlike({ method, options, batchSize, samples, alike, from }: Begun): void {
    if (!this.#cluster) return;
    const { optimizer, compiled } = this.#trainer;
    const text = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
    requireAgreement(this.#cluster, method, {
      'version of lanegrad': this.#cluster.version,
      'build of the kernels': engine().variant,
      model: crc32(text(this.#model.toJSON(undefined, false))),
      'list of losses and metrics': this.#trainer.names.join(', '),
      'list of trained weights': this.#model.movedNames.join(', '),
      optimizer: `${optimizer.className} ${JSON.stringify(optimizer.getConfig())}`,
      losses: compiled.outputs.map(({ loss, weight }) => `${loss.name} ${weight}`).join(', '),
      'number of samples': samples ?? 0,
      batchSize: batchSize ?? 0,
      microBatches: options.microBatches ?? 0,
      epochs: options.epochs,
      'first epoch': from?.epoch ?? options.initialEpoch,
      ...alike,
    });
  }

  /** Has all have the first's weights. @param isWhole whether what the optimizer remembers too */
  share(isWhole = false): void {
    const cluster = this.#cluster;
    if (!cluster || cluster.size === 1) return;
    const { optimizer } = this.#trainer;
    Weights.announceChange(this.#model.variables);
    const ranges = neighbours(inPlace(this.#model.variables)).map(({ range }) => range);
    for (const range of ranges) {
      broadcast(cluster, range.lend());
      if (!isWhole) continue;
      for (const slot of Object.values(optimizer.slotsBeside(range))) broadcast(cluster, slot.lend());
    }
    optimizer.iterations = this.ofFirst(optimizer.iterations);
    this.agree();
  }

  /** Has all stop where the first does, and have its learning rate. @returns whether the training is over */
  agree(): boolean {
    if (this.#cluster) {
      const { optimizer, profile } = this.#trainer;
      const rate = optimizer.learningRate;
      const cluster = this.#cluster;
      const decided = this.#decided;
      decided[0] = Number(this.#model.stopTraining);
      decided[1] = rate;
      timeExchange(profile, decided.length, 'stop and learning rate', () => broadcast(cluster, decided));
      this.#model.stopTraining = decided[0] !== 0;
      // One that is the same may be of a schedule, and stays so.
      if (decided[1] !== rate) [, optimizer.learningRate] = decided;
    }
    return this.#model.stopTraining === true;
  }
}
