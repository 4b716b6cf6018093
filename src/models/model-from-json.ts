// `tf.models`: models out of what JSON says of them.

import { LanegradError, requireOptions } from '../errors.ts';
import type { JsonObject } from '../io/json.ts';
import type { Model } from './model.ts';
import { rebuildModel } from './rebuild.ts';

/**
 * The model that JSON describes, with new weights.
 * @param described what `toJSON` gives, as an object; also under `modelTopology`
 * @throws LanegradError for what describes no model, for layers that lanegrad does not have, and where weights are
 * told of too.
 */
export async function modelFromJSON(described: JsonObject): Promise<Model> {
  requireOptions('modelFromJSON', described);
  if (described.weightsManifest) {
    throw new LanegradError(
      'modelFromJSON: makes new weights. With those of a file, use tf.loadLayersModel.',
    );
  }
  return rebuildModel((described.modelTopology ?? described) as JsonObject);
}
