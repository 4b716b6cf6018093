// Models that are handed over in memory.

import { requireArgument } from '../options/arguments.ts';
import type { ModelArtifacts, SavedArtifacts, TrainingConfig } from './artifacts.ts';
import type { WeightData, WeightEntry } from './weight-data.ts';

/** What `fromMemory` takes: artifacts, or their parts one by one. */
type MemoryArguments =
  | [artifacts: ModelArtifacts]
  | [
      modelTopology: object,
      weightSpecs?: WeightEntry[],
      weightData?: WeightData,
      trainingConfig?: TrainingConfig,
    ];

/** Loads artifacts that are in memory already. */
export function fromMemory(...given: MemoryArguments): { load(): Promise<ModelArtifacts> } {
  const artifacts = artifactsIn('fromMemory', given);
  return { load: async () => artifacts };
}

/** `fromMemory` whose `load` gives artifacts, not a promise of them. */
export function fromMemorySync(...given: MemoryArguments): { load(): ModelArtifacts } {
  const artifacts = artifactsIn('fromMemorySync', given);
  return { load: () => artifacts };
}

function artifactsIn(where: string, given: MemoryArguments): ModelArtifacts {
  requireArgument(`${where}: artifacts`, 'object', given[0]);
  const [first, weightSpecs, weightData, trainingConfig] = given;
  const isArtifacts = given.length === 1 && ('modelTopology' in first || 'weightSpecs' in first);
  return isArtifacts ? first : { modelTopology: first, weightSpecs, weightData, trainingConfig };
}

/** Hands what is saved to a function, of which `save` gives the result. */
export function withSaveHandler<Saved>(save: (artifacts: SavedArtifacts) => Saved): {
  save(artifacts: ModelArtifacts): Saved;
} {
  requireArgument('withSaveHandler: save', 'function', save);
  return { save: save as (artifacts: ModelArtifacts) => Saved };
}
