// `tf.models`: models out of what JSON says of them.

import { requireOptions } from '../errors.ts';
import { loadWeights } from '../io/http.ts';
import type { JsonObject } from '../io/json.ts';
import type { WeightsManifest } from '../io/model-json.ts';
import type { Model } from './model.ts';
import { rebuildModel } from './rebuild.ts';

/**
 * The model that JSON describes, with new weights or, where it tells of weights too, with these from a server.
 * @param described what `toJSON` gives, as an object; also under `modelTopology`, with `weightsManifest` and `pathPrefix`,
 * which its paths are beside
 * @throws LanegradError for what describes no model, and for layers that lanegrad does not have.
 */
export async function modelFromJSON(described: JsonObject): Promise<Model> {
  const { modelTopology, weightsManifest, pathPrefix } = requireOptions('modelFromJSON', described);
  const model = rebuildModel((modelTopology ?? described) as JsonObject);
  if (weightsManifest) {
    const manifest = weightsManifest as unknown as WeightsManifest;
    model.loadWeights(await loadWeights(manifest, pathPrefix as string | undefined));
  }
  return model;
}
