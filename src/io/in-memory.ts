// Models that are handed over in memory.

import { requireArgument } from '../options/arguments.ts';
import type { LoadHandler, ModelArtifacts, SaveHandler } from './artifacts.ts';
import type { JsonObject } from './json.ts';
import type { WeightData, WeightEntry } from './weight-data.ts';

/** What `fromMemory` takes: artifacts, or their parts one by one. */
type MemoryArguments =
  | [artifacts: Partial<ModelArtifacts>]
  | [
      modelTopology: JsonObject,
      weightSpecs?: readonly WeightEntry[],
      weightData?: WeightData,
      trainingConfig?: JsonObject,
    ];

/** Loads artifacts that are in memory already. */
export function fromMemory(...given: MemoryArguments): LoadHandler {
  requireArgument('fromMemory: artifacts', 'object', given[0]);
  const [first, weightSpecs, weightData, trainingConfig] = given;
  const isArtifacts = given.length === 1 && ('modelTopology' in first || 'weightSpecs' in first);
  const parts = { modelTopology: first as JsonObject, weightSpecs, weightData, trainingConfig };
  return { load: () => (isArtifacts ? first : parts) };
}

/** Hands what is saved to a function. */
export function withSaveHandler<Result>(
  save: (artifacts: ModelArtifacts) => Result | Promise<Result>,
): SaveHandler<Result> {
  requireArgument('withSaveHandler: save', 'function', save);
  return { save };
}
