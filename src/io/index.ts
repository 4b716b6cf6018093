// What `tf.io` exports. Which handler an address is for is told in addresses.ts.

export {
  getLoadHandlers,
  getSaveHandlers,
  type Router,
  registerLoadRouter,
  registerSaveRouter,
} from './addresses.ts';
export {
  getModelArtifactsInfoForJSON,
  type IOHandler,
  type IOHandlerSync,
  type LoadHandler,
  type LoadSource,
  type ModelArtifacts,
  type ModelArtifactsInfo,
  type SaveConfig,
  type SavedArtifacts,
  type SaveHandler,
  type SaveResult,
  type SaveTarget,
  type TrainingConfig,
} from './artifacts.ts';
export { browserFiles, type ChosenFile } from './browser-files.ts';
export { fileSystem } from './file-store.ts';
export {
  http as browserHTTPRequest,
  http,
  isHTTPScheme,
  loadWeights,
  weightsLoaderFactory,
} from './http.ts';
export {
  fromMemory,
  fromMemorySync,
  withSaveHandler,
  withSaveHandler as withSaveHandlerSync,
} from './in-memory.ts';
export type { LoadOptions, OnProgressCallback } from './load-options.ts';
export {
  getModelArtifactsForJSON,
  getModelArtifactsForJSONSync,
  getWeightSpecs,
  type ModelDescription,
  type ModelDescription as ModelJSON,
  type WeightsGroup,
  type WeightsManifest,
  type WeightsManifest as WeightsManifestConfig,
} from './model-json.ts';
export { copyModel, listModels, moveModel, removeModel } from './stores.ts';
export {
  CompositeArrayBuffer,
  concatenateArrayBuffers,
  decodeWeights,
  decodeWeightsStream,
  encodeWeights,
  type NamedWeight,
  type Quantization,
  type WeightData,
  type WeightEntry,
  type WeightEntry as WeightsManifestEntry,
  type WeightGroup,
} from './weight-data.ts';
