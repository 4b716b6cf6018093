// Types by their names, a paragraph each: the reference shows them as examples, and they are compiled, not run.

import * as tf from 'lanegrad';
import { TrainingWorker, type WorkerLike } from 'lanegrad/worker';

const row: tf.data.LabelledRow = { xs: { rooms: 3 }, ys: { rent: 720 } };

const activation: tf.fused.FusedActivation = 'relu';
tf.fused.matMul({ a: [[1]], b: [[2]], activation });

const needed: tf.InputSpecOptions = { ndim: 3, axes: { [-1]: 8 } };
new tf.InputSpec(needed);

function* batches(): Generator<tf.Batch> {
  yield [tf.ones([32, 2]), tf.ones([32, 1])];
}

const loss: tf.LossIdentifier = 'meanSquaredError';

const metrics: tf.MetricIdentifier[] = ['mae', tf.metrics.r2()];

const squared: tf.LossFunction = (yTrue, yPred) => tf.mean(tf.square(tf.sub(yTrue, yPred)), -1);

const clipping: tf.ClippingOptions = { globalClipNorm: 1 };
tf.train.adam({ learningRate: 1e-3, ...clipping });

const classWeight: tf.ClassWeight = { 0: 1, 1: 20 };

const warmUp: tf.StepNumber = (rate, step) => rate * Math.min(1, step / 100);

const halved: tf.UpdateRule = ({ weights, gradient, slots }) => ({
  weights: tf.sub(weights, tf.mul(gradient, 0.5)),
  slots,
});

const specification: Partial<tf.OptimizerSpecification> = { className: 'halved', slots: {} };

const size: tf.ShapeMap['R2'] = [28, 28];

const numbers: tf.DataTypeMap['float32'] = new Float32Array(4);

const dtype: tf.NumericDataType = 'int32';

const values: tf.DataValues = tf.ones([4]).dataSync();

const numeric: tf.NumericTensor = tf.ones([2, 2]);

const named: tf.NamedTensorMap = { w: tf.ones([2]), b: tf.zeros([1]) };
tf.dispose(named);

const several: tf.TensorContainer = { loss: tf.scalar(1), parts: [tf.scalar(2)] };
const byName: tf.TensorContainerObject = { loss: tf.scalar(1) };
const listed: tf.TensorContainerArray = [tf.scalar(1), tf.scalar(2)];
tf.dispose(several);

const shapes: [tf.Scalar, tf.Tensor1D, tf.Tensor2D, tf.Tensor3D] = [
  tf.scalar(1),
  tf.tensor1d([1]),
  tf.tensor2d([[1]]),
  tf.tensor3d([[[1]]]),
];

const deeper: [tf.Tensor4D, tf.Tensor5D, tf.Tensor6D] = [
  tf.tensor4d([1], [1, 1, 1, 1]),
  tf.tensor5d([1], [1, 1, 1, 1, 1]),
  tf.tensor6d([1], [1, 1, 1, 1, 1, 1]),
];

const nested: [tf.TensorLike1D, tf.TensorLike2D, tf.TensorLike3D, tf.TensorLike4D] = [
  [1],
  [[1]],
  [[[1]]],
  [[[[1]]]],
];

const open: tf.Shape = [null, 28, 28];
const rows: tf.ArrayMap['R2'] = tf.tensor2d([[1, 2]]).arraySync();
const inferred: tf.ArrayOf<tf.Rank.R1> = await tf.tensor1d([1]).array();
const floats: Float32Array = tf.scalar(1).dataSync<'float32'>();
const typed: tf.TypedArray = new Float32Array(2);
const stored: tf.BackendValues = typed;
const nestedArray: tf.RecursiveArray = [[1], [2]];
const one: tf.ScalarLike = true;

const saved: tf.GradSaveFunc = (tensors) => void tensors.length;

const told: tf.CustomCallbackArgs = { onEpochEnd: async (epoch, logs) => void [epoch, logs?.loss] };
const fitted: tf.ModelFitArgs = { epochs: 2, callbacks: told };
const streamed: tf.ModelFitDatasetArgs = { epochs: 2, batchesPerEpoch: 10 };
const compiled: tf.ModelCompileArgs = { optimizer: 'adam', loss: 'meanSquaredError' };
const evaluated: tf.ModelEvaluateArgs = { batchSize: 32 };
const predicted: tf.ModelPredictConfig = { batchSize: 32 };
const chained: tf.SequentialArgs = { name: 'chain' };
const patient: tf.EarlyStoppingCallbackArgs = { patience: 3 };
const weighted: tf.ClassWeight = { 0: 1, 1: 20 };
const weightedByOutput: tf.ClassWeightMap = { head: weighted };

const recurrent: [tf.SimpleRNNLayerArgs, tf.GRULayerArgs, tf.LSTMLayerArgs] = [
  { units: 4 },
  { units: 4 },
  { units: 4 },
];
const repeatedCells: [tf.SimpleRNNCellLayerArgs, tf.GRUCellLayerArgs, tf.LSTMCellLayerArgs] = [
  { units: 4 },
  { units: 4 },
  { units: 4 },
];
const ofCells: tf.RNNLayerArgs = { cell: tf.layers.lstmCell({ units: 4 }) };

const dense: tf.DenseLayerArgs = { units: 4, activation: 'relu' };
const dropped: tf.DropoutLayerArgs = { rate: 0.5 };
const seen: tf.ConvLayerArgs = { filters: 8, kernelSize: 3, padding: 'same' };

class Doubled extends tf.layers.Layer {
  static className = 'Doubled';
  constructor(args: tf.LayerArgs = {}) {
    super(args);
  }
  override call(x: tf.Tensor, kwargs: tf.Kwargs): tf.Tensor {
    return kwargs.training ? x : x.mul(2);
  }
}

const shownLoss = (logs?: tf.UnresolvedLogs) => logs?.loss;

const timing: Partial<tf.TimingInfo> = { wallMs: 2 };
const picture: tf.PixelData = { data: new Uint8Array(4), width: 1, height: 1 };

const config: tf.serialization.ConfigDict = { units: 4, names: ['a', null] };
const part: tf.serialization.ConfigDictValue = config.units;

const kernel: tf.io.WeightsManifestEntry = { name: 'dense/kernel', shape: [2, 1], dtype: 'float32' };
const manifest: tf.io.WeightsManifestConfig = [{ paths: ['weights.bin'], weights: [kernel] }];
const description: tf.io.ModelJSON = { modelTopology: {}, weightsManifest: manifest };

const group: tf.io.WeightGroup = 'optimizer';

const training: tf.io.TrainingConfig = {
  optimizer_config: {},
  loss: { out: 'mean_squared_error' },
  metrics: ['acc'],
};
const compiledWith: tf.io.ModelArtifacts['trainingConfig'] = { ...training, loss_weights: [1] };

const withOptimizer: tf.io.SaveConfig = { includeOptimizer: true };
await tf.sequential().save('file://models/mnist', withOptimizer);

const progress: tf.io.OnProgressCallback = (share) => void Math.round(100 * share);
await tf.loadLayersModel('file://models/mnist/model.json', { onProgress: progress });

const used: tf.InferenceModel = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] });

// A handler may only save, and is taken all the same; what it gives is the model's to give.
const handler: tf.io.IOHandler = { load: async () => ({ modelTopology: {} }) };
const handlerSync: tf.io.IOHandlerSync = tf.io.fromMemorySync({ modelTopology: {} });
const load: tf.io.LoadHandler = async () => ({ modelTopology: {} });
const save: tf.io.SaveHandler = async (artifacts) => ({
  modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(artifacts),
});
class Constant extends tf.serialization.Serializable {
  override getConfig(): tf.serialization.ConfigDict {
    return {};
  }
}
const kind: tf.serialization.SerializableConstructor<Constant> = Constant;
const made: tf.serialization.FromConfigMethod<Constant> = (Class, config) => new Class(config);
const count: number = await tf.sequential().save({ save: async ({ weightSpecs }) => weightSpecs!.length });

declare const worker: WorkerLike;
await new TrainingWorker(worker).terminate();
/** A `Worker`, as TypeScript's types of pages have it: its events have more in them. */
interface PageWorker {
  postMessage(message: unknown, transfer: readonly object[]): void;
  terminate(): void;
  onmessage: ((this: PageWorker, event: { data: unknown; origin: string }) => unknown) | null;
  onerror:
    | ((this: PageWorker, event: { message: string; lineno: number; preventDefault(): void }) => unknown)
    | null;
}
declare const pageWorker: PageWorker;
new TrainingWorker(pageWorker).terminate();

export {
  batches,
  byName,
  chained,
  classWeight,
  compiled,
  compiledWith,
  config,
  count,
  Doubled,
  deeper,
  dense,
  description,
  dropped,
  dtype,
  evaluated,
  fitted,
  floats,
  group,
  halved,
  handler,
  handlerSync,
  inferred,
  kind,
  listed,
  load,
  loss,
  made,
  metrics,
  nested,
  nestedArray,
  numbers,
  numeric,
  ofCells,
  one,
  open,
  part,
  patient,
  picture,
  predicted,
  recurrent,
  repeatedCells,
  row,
  rows,
  save,
  saved,
  seen,
  shapes,
  shownLoss,
  size,
  specification,
  squared,
  stored,
  streamed,
  timing,
  told,
  typed,
  used,
  values,
  warmUp,
  weighted,
  weightedByOutput,
};
