// `fit({ resume })`: finds the latest checkpoint, and whether it is one of this training.

import { LanegradError, MissingError } from '../errors.ts';
import { sameShape } from '../graph/shape.ts';
import { loadHandlerFor } from '../io/addresses.ts';
import type { JsonObject } from '../io/json.ts';
import { damaged, understood } from '../io/model-json.ts';
import { type NamedWeight, readWeights, wholeData } from '../io/weight-data.ts';
import type { Weights } from '../state/weights.ts';
import type { FittedModel } from './trainable.ts';
import { stateOfTraining, type TrainingState, unpacked } from './training-state.ts';

/** A checkpoint that was read. */
interface FoundCheckpoint {
  readonly address: string;
  readonly weights: readonly NamedWeight[];
  readonly state: TrainingState;
}

/** A path without a scheme is a folder. */
export const addressOf = (path: string): string => (path.includes('://') ? path : `file://${path}`);

/** Where one of the latest checkpoints is, below the path of them all. */
export const checkpointName = (place: number): string => `checkpoint-${place + 1}`;

/** Where so many in a row cannot be read, nothing there can, as where a file is in the folder's place. */
const maxUnread = 8;

/**
 * The latest checkpoint at a path; undefined where there is none yet, so that the script that begins a training is the
 * one that resumes it. One that is damaged is passed over where another is whole.
 * @throws LanegradError where all that are there are damaged.
 */
export async function latestCheckpoint(where: string, path: string): Promise<FoundCheckpoint | undefined> {
  const found: FoundCheckpoint[] = [];
  let failure: unknown;
  for (let place = 0, unread = 0; unread < maxUnread; place++) {
    try {
      found.push(await readCheckpoint(where, `${addressOf(path)}/${checkpointName(place)}`));
      unread = 0;
    } catch (error) {
      if (error instanceof MissingError) break;
      failure = error;
      unread++;
    }
  }
  if (found.length === 0 && failure) throw failure;
  return found.sort((a, b) => b.state.savedAt - a.state.savedAt)[0];
}

async function readCheckpoint(where: string, address: string): Promise<FoundCheckpoint> {
  const file = address.startsWith('file://') || /^https?:/.test(address) ? `${address}/model.json` : address;
  const { weightSpecs = [], weightData, trainingState } = await loadHandlerFor(where, file).load();
  if (!trainingState || !weightData) {
    throw new LanegradError(`${where}: ${address} is a saved model and no checkpoint of a training.`);
  }
  return understood(stateOfTraining, () => {
    const all = readWeights(where, weightSpecs, wholeData(where, weightData));
    const isState = (_: NamedWeight, i: number) => weightSpecs[i].group === 'optimizer';
    const arrays = all.filter(isState).map(({ tensor }) => tensor.dataSync() as Float32Array);
    const weights = all.filter((weight, i) => !isState(weight, i));
    return { address, weights, state: requireState(unpacked(trainingState as JsonObject, arrays)) };
  });
}

/** @throws LanegradError for what says nothing of where a training stood. */
function requireState(given: unknown): TrainingState {
  const state = given as TrainingState;
  const counts = [state.epoch, state.batch, state.seeds?.taken];
  const isWhole =
    counts.every((count) => Number.isSafeInteger(count) && count >= 0) &&
    [state.seed, state.savedAt].every(Number.isSafeInteger) &&
    Array.isArray(state.callbacks) &&
    typeof state.trainer === 'object' &&
    typeof state.totals === 'object';
  if (isWhole) return state;
  throw damaged(stateOfTraining, 'it does not tell where training stood');
}

/** What two trainings must have alike. */
type Alike = Pick<TrainingState, 'method' | 'samples' | 'batchSize' | 'microBatches'>;

/** @throws LanegradError where a checkpoint is of another training than the one that is to go on from it. */
export function requireSame(
  { address, state, weights }: FoundCheckpoint,
  model: FittedModel,
  training: Alike & { readonly seed: number | undefined },
): void {
  const { method: where } = training;
  const names = ['method', 'samples', 'batchSize', 'microBatches', 'seed'] as const;
  for (const name of names) {
    // Without a seed it is the checkpoint's.
    const isFree = name === 'seed' && training.seed === undefined;
    if (isFree || training[name] === state[name]) continue;
    throw new LanegradError(
      `${where}: the checkpoint at ${address} is of a training with ${name} ${state[name] ?? 'none'}; this one has ${training[name] ?? 'none'}. ` +
        'Resume with what it was begun with, or choose another path.',
    );
  }
  const own = model.weights;
  const differs = own.findIndex((variable, i) => !isAlike(weights[i], variable));
  if (differs < 0 && own.length === weights.length) return;
  const [expected, got] = [own[differs], weights[Math.max(differs, 0)]].map(
    (weight) => weight?.name ?? 'nothing',
  );
  throw new LanegradError(
    `${where}: the checkpoint at ${address} is of another model: it has ${weights.length} weights where this has ` +
      `${own.length}, and ${got} in the place of ${expected}.`,
  );
}

/** Whether a weight is of the kind and shape of a variable. Layers are numbered anew by whoever begins anew in one process. */
function isAlike(weight: NamedWeight | undefined, { name, shape }: Weights): boolean {
  const kindOf = (full: string) => full.split('/').at(-1);
  return (
    weight !== undefined && kindOf(weight.name) === kindOf(name) && sameShape(weight.tensor.shape, shape)
  );
}
