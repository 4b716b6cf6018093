// The public API of lanegrad.

// First of all the kernels: their text is longer than what gzip looks back, so that it parts code from code that is like it.
import './engine/kernels.ts';
// Methods of tensors, which no bundler sees a script use.
import './functions/chained.ts';

export type { ProfileEntry } from './compiler/profile.ts';
export { type Constraint, constraints } from './constraints/constraints.ts';
export { parseIdx } from './data/idx.ts';
export * as data from './data/index.ts';
// As scripts import them of TensorFlow.js's package of data.
export { array, csv, func, generator, zip } from './data/index.ts';
export { type Mnist, type MnistOptions, type MnistPart, mnist } from './data/mnist.ts';
export type { DrawOptions, PixelSource as PixelData } from './data/pixels.ts';
export * as browser from './data/pixels.ts';
export { type Splittable, type TrainTestSplitOptions, trainTestSplit } from './data/train-test-split.ts';
export { type EngineInfo, type InitOptions, init, ready } from './engine/engine.ts';
export type { Variant } from './engine/variant.ts';
export { LanegradError } from './errors.ts';
export type { CalibrationCurve, CalibrationCurveOptions } from './evaluation/calibration-curve.ts';
export type {
  ClassificationReport,
  ClassificationReportOptions,
  ClassScores,
} from './evaluation/classification-report.ts';
export type { RegressionReport } from './evaluation/regression-report.ts';
export type { RocCurve, RocCurveOptions } from './evaluation/roc-curve.ts';
export { Tensor } from './functions/chained.ts';
export * as fused from './functions/fused.ts';
export * as image from './functions/image.ts';
export * from './functions/index.ts';
export * as linalg from './functions/linalg.ts';
export { Reduction } from './functions/losses.ts';
export * as math from './functions/math.ts';
export * as signal from './functions/signal.ts';
export { Value } from './graph/graph.ts';
export { type Initializer, initializers } from './initializers/initializers.ts';
export type { LoadSource, ModelArtifacts, SaveTarget } from './io/artifacts.ts';
export * as io from './io/index.ts';
export { InputSpec, type InputSpecOptions } from './layers/base/input-spec.ts';
export {
  type CallArguments,
  type CallArguments as Kwargs,
  type CallContext,
  Layer,
  type LayerOptions,
  type LayerOptions as LayerArgs,
} from './layers/base/layer.ts';
export * as serialization from './layers/base/serialization.ts';
export { type ModelShape, SymbolicTensor } from './layers/base/symbolic.ts';
export type {
  ActivationIdentifier,
  ConvOptions as ConvLayerArgs,
  DenseOptions as DenseLayerArgs,
  DropoutOptions as DropoutLayerArgs,
} from './layers/index.ts';
export * as layers from './layers/index.ts';
export { RNN } from './layers/index.ts';
export { input } from './layers/input-layer.ts';
export type {
  GRUCellOptions as GRUCellLayerArgs,
  LSTMCellOptions as LSTMCellLayerArgs,
  SimpleRNNCellOptions as SimpleRNNCellLayerArgs,
} from './layers/recurrent/recurrent-cells.ts';
export type {
  GRUOptions as GRULayerArgs,
  LSTMOptions as LSTMLayerArgs,
  RNNOptions as RNNLayerArgs,
  SimpleRNNOptions as SimpleRNNLayerArgs,
} from './layers/recurrent/recurrent-layers.ts';
export type { Loss, LossFunction } from './losses/losses.ts';
export type { Metric } from './metrics/metrics.ts';
export { losses, metrics } from './metrics/tensor-forms.ts';
export { model } from './models/functional.ts';
export { type InferenceModel, LayersModel, Sequential } from './models/layers-model.ts';
export { type LoadModelOptions, loadLayersModel } from './models/load.ts';
export type {
  EvaluateOptions,
  EvaluateOptions as ModelEvaluateArgs,
  PredictOptions,
  PredictOptions as ModelPredictConfig,
  SaveOptions,
  TrainOnBatchOptions,
} from './models/method-options.ts';
export { Model, type ModelOptions } from './models/model.ts';
export * as models from './models/model-from-json.ts';
export {
  type SequentialOptions,
  type SequentialOptions as SequentialArgs,
  sequential,
} from './models/sequential.ts';
export type { SummaryOptions } from './models/summary.ts';
export type { OptimizerSpecification, StepNumber } from './optimizers/optimizer.ts';
export {
  AdadeltaOptimizer,
  AdagradOptimizer,
  AdamaxOptimizer,
  AdamOptimizer,
  type ClippingOptions,
  MomentumOptimizer,
  type NamedTensor,
  Optimizer,
  RMSPropOptimizer,
  SGDOptimizer,
  train,
} from './optimizers/optimizers.ts';
export { type LearningRate, type Schedule, schedules } from './optimizers/schedules.ts';
export type { Updated, UpdateRule, UpdateValues } from './optimizers/update.ts';
export { setSeed } from './random/seed.ts';
export { type Regularizer, regularizers } from './regularizers/regularizers.ts';
export { buffer, TensorBuffer } from './tensor/buffer.ts';
export * from './tensor/creation.ts';
export { customGrad } from './tensor/custom-gradient.ts';
export type { DataType, DataTypeMap, TypedArray } from './tensor/data-type.ts';
export { grad, grads, valueAndGrad, valueAndGrads, variableGrads } from './tensor/gradients.ts';
export { LayerVariable } from './tensor/layer-variable.ts';
export type { ArrayMap, ArrayOf, RecursiveArray, TensorLike } from './tensor/nested-array.ts';
export { nextFrame } from './tensor/next-frame.ts';
export { Rank, type ShapeMap } from './tensor/rank.ts';
export { dispose, keep, type MemoryInfo, memory } from './tensor/scopes.ts';
export { tidy } from './tensor/tidy.ts';
export type * from './tensor/types.ts';
export { disposeVariables, Variable, variable } from './tensor/variable.ts';
export { backend, engine, findBackend, getBackend, setBackend } from './tensorflow/backend.ts';
export { profile, type TimeInfo as TimingInfo, time } from './tensorflow/clock.ts';
export * as device_util from './tensorflow/device-util.ts';
export {
  deprecationWarn,
  disableDeprecationWarnings,
  ENV,
  Environment,
  enableDebugMode,
  enableProdMode,
  env,
} from './tensorflow/environment.ts';
export * from './tensorflow/missing.ts';
export { node } from './tensorflow/node-package.ts';
export { op } from './tensorflow/op.ts';
export * as tensor_util from './tensorflow/tensor-util.ts';
export * as test_util from './tensorflow/test-util.ts';
export { sumOutType, upcastType } from './tensorflow/types.ts';
export * as util from './tensorflow/util.ts';
export { version, version_core, version_layers } from './tensorflow/version.ts';
export type { Batch, DatasetOf as Dataset, ValidationData } from './training/batch-source.ts';
export {
  Callback,
  type CallbackHooks,
  type CallbackHooks as CustomCallbackArgs,
  CallbackList,
  CustomCallback,
  callbacks,
  EarlyStopping,
  type EarlyStoppingOptions as EarlyStoppingCallbackArgs,
  type Logs,
  type Logs as UnresolvedLogs,
  registerCallbackConstructor,
  type TrainingParams,
} from './training/callbacks/callbacks.ts';
export { History } from './training/callbacks/history.ts';
export type {
  CompileArguments,
  CompileArguments as ModelCompileArgs,
  LossIdentifier,
  MetricIdentifier,
} from './training/compiled.ts';
export { explainStep } from './training/explain-step.ts';
export type { ExplainedLayer, ExplainedWeight, StepExplanation } from './training/explanation.ts';
export type { Data, DataList } from './training/feed.ts';
export type {
  FitDatasetOptions,
  FitOptions,
  FitOptions as ModelFitArgs,
  Fitter,
  ModelFitDatasetArgs,
} from './training/fit.ts';
export type { ClassWeight, ClassWeightMap } from './training/sample-weights.ts';
