// Scripts in TypeScript as people write them for TensorFlow.js: with its types, casts and type arguments. They are
// compiled, not run.

import all, * as tf from 'lanegrad';

/** A layer of one's own, with the members that TensorFlow.js's guide gives it. */
class Antirectifier extends tf.layers.Layer {
  private kernel!: tf.LayerVariable;
  private readonly units: number;

  constructor({ units }: { units: number }) {
    super({});
    this.units = units;
    this.supportsMasking = true;
  }

  static get className(): string {
    return 'Antirectifier';
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const [, features] = inputShape as tf.Shape;
    const init = tf.initializers.glorotUniform({});
    this.kernel = this.addWeight('kernel', [2 * features!, this.units], 'float32', init, undefined, true);
    this.built = true;
  }

  override computeOutputShape(inputShape: tf.Shape): tf.Shape {
    return [inputShape[0]!, this.units];
  }

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: object): tf.Tensor | tf.Tensor[] {
    return tf.tidy(() => {
      this.invokeCallHook(inputs, kwargs);
      const input = Array.isArray(inputs) ? inputs[0]! : inputs;
      const rows = input.reshape<tf.Tensor2D>([input.shape[0]!, -1]);
      const centered = tf.sub(rows, rows.mean(1, true));
      const both = tf.concat([centered.relu(), tf.neg(centered).relu()], 1);
      return tf.matMul(both, this.kernel.read());
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    const config = super.getConfig();
    Object.assign(config, { units: this.units });
    return config;
  }

  static override fromConfig<T extends tf.serialization.Serializable>(
    cls: tf.serialization.SerializableConstructor<T>,
    config: tf.serialization.ConfigDict,
  ): T {
    return new cls(config);
  }
}
const Registered: typeof Antirectifier = tf.serialization.registerClass(Antirectifier);

/** An initializer and a regularizer of one's own. */
class Halves extends tf.serialization.Serializable {
  static className = 'Halves';
  apply(shape: tf.Shape, dtype?: tf.DataType): tf.Tensor {
    return tf.fill(shape as number[], 0.5, dtype);
  }
  override getConfig(): tf.serialization.ConfigDict {
    return {};
  }
}
tf.serialization.registerClass(Halves);

/** A program that learns by gradients which it takes itself. */
class Agent {
  readonly model: tf.LayersModel;
  readonly optimizer: tf.AdamOptimizer = tf.train.adam(1e-3);

  constructor() {
    const model = tf.sequential();
    const kernelInitializer = new Halves();
    model.add(tf.layers.dense({ units: 16, activation: 'relu', inputShape: [4], kernelInitializer }));
    model.add(tf.layers.dense({ units: 2 }));
    this.model = model;
  }

  act(state: number[]): number {
    return tf.tidy(() => {
      const values = this.model.predict(tf.tensor2d([state])) as tf.Tensor2D;
      return values.argMax(1).dataSync()[0]!;
    });
  }

  train(states: tf.Tensor2D, actions: tf.Tensor1D, targets: tf.Tensor1D): number {
    const loss = (): tf.Scalar => {
      const values = this.model.apply(states, { training: true }) as tf.Tensor2D;
      const taken = values.mul(tf.oneHot(actions.toInt(), 2)).sum<tf.Tensor1D>(-1);
      return tf.losses.meanSquaredError(targets, taken);
    };
    const { value, grads } = tf.variableGrads(loss);
    this.optimizer.applyGradients(grads as tf.NamedTensorMap);
    tf.dispose(grads);
    const cost = this.optimizer.minimize(loss, true);
    return value.dataSync()[0]! + (cost === null ? 0 : cost.dataSync()[0]!);
  }
}

/** Networks whose layers give several tensors. */
function encoder(): tf.LayersModel {
  const tokens: tf.SymbolicTensor = tf.input({ shape: [10], dtype: 'int32' });
  const embedding = tf.layers.embedding({ inputDim: 20, outputDim: 4 });
  const embedded = embedding.apply(tokens) as tf.SymbolicTensor;
  const lstm = tf.layers.lstm({ units: 8, returnSequences: true, returnState: true });
  const [sequence, hidden, cell] = lstm.apply(embedded) as [
    tf.SymbolicTensor,
    tf.SymbolicTensor,
    tf.SymbolicTensor,
  ];
  const both = tf.layers.bidirectional({ layer: tf.layers.gru({ units: 3 }) as tf.RNN }).apply(sequence);
  const shape: tf.Shape = both.shape;
  const source: tf.layers.Layer | null = both.sourceLayer;
  const outputs = [both, hidden, cell];
  return tf.model({ inputs: tokens, outputs, name: `ends${shape.length}_${source?.countParams()}` });
}

/** Compiled with functions, trained with options that were put together before. */
async function trained(model: tf.LayersModel, x: tf.Tensor2D, y: tf.Tensor2D): Promise<number> {
  model.compile({
    optimizer: tf.train.sgd(0.1),
    loss: (labels: tf.Tensor, predictions: tf.Tensor) => predictions.sub(labels).square().mean(-1),
    metrics: [(labels: tf.Tensor, predictions: tf.Tensor) => labels.sub(predictions).abs().mean(-1)],
  });
  const options = { epochs: 3, batchSize: 16, verbose: 0, validationSplit: 0.1 };
  const onEpochEnd = async (epoch: number, logs?: tf.Logs) => {
    if (epoch > 1 && logs!.loss! < 0.1) model.stopTraining = true;
    await tf.nextFrame();
  };
  const { history } = await model.fit(x, y, { ...options, callbacks: { onEpochEnd } });
  const losses = history.loss as number[];
  const [loss] = model.evaluate(x, y, { batchSize: 16 }) as tf.Scalar[];
  const isStopped: boolean = model.stopTraining;
  return losses[0]! + (await loss!.data())[0]! + Number(isStopped);
}

/** Datasets whose elements have another type than batches, which is all that TensorFlow.js knows of them. */
async function streamed(
  model: tf.LayersModel,
  dataset: tf.data.Dataset<tf.TensorContainer>,
): Promise<tf.Logs> {
  const rows = tf.data.csv('file:///homes.csv', { columnConfigs: { price: { isLabel: true } } });
  // biome-ignore lint/suspicious/noExplicitAny: as scripts have it
  const batches = rows.map(({ xs, ys }: any) => ({ xs: Object.values(xs), ys: Object.values(ys) })).batch(32);
  await model.fitDataset(batches, { epochs: 2, validationData: dataset });
  const { history } = await model.fitDataset(dataset, { epochs: 2, batchesPerEpoch: 10 });
  return { last: history.loss!.at(-1) as number };
}

/** Where models are kept, as an object and as a scheme. */
class Store implements tf.io.IOHandler {
  private artifacts: tf.io.ModelArtifacts = {};

  async save(artifacts: tf.io.ModelArtifacts): Promise<tf.io.SaveResult> {
    this.artifacts = artifacts;
    const bytes = (artifacts.weightData as ArrayBuffer).byteLength;
    const modelTopologyType = 'JSON';
    return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType, weightDataBytes: bytes } };
  }

  async load(): Promise<tf.io.ModelArtifacts> {
    const weightSpecs: tf.io.WeightsManifestEntry[] = this.artifacts.weightSpecs ?? [];
    return { ...this.artifacts, weightSpecs };
  }
}
const store = new Store();
const routed = (url: string | string[]): tf.io.IOHandler =>
  typeof url === 'string' && url.startsWith('store://') ? store : (null as never);
tf.io.registerSaveRouter(routed);
tf.io.registerLoadRouter(routed);

async function copied(model: tf.LayersModel): Promise<tf.LayersModel> {
  const { modelArtifactsInfo } = (await model.save(store)) as tf.io.SaveResult;
  const kept: tf.io.ModelArtifacts[] = [];
  await model.save(tf.io.withSaveHandler(async (artifacts) => kept.push(artifacts)));
  const loaded = await tf.io.fromMemory(kept[0]!).load();
  const now: tf.io.ModelArtifacts = tf.io.fromMemorySync(loaded).load();
  return tf.loadLayersModel(modelArtifactsInfo.weightDataBytes! > 0 ? tf.io.fromMemory(now) : 'store://it');
}

/** Lists and options that scripts change, and classes that they extend. */
class Watched extends tf.Callback {
  readonly seen: [number, number | undefined, number[]][] = [];

  override async onEpochEnd(_epoch: number, logs?: tf.Logs): Promise<void> {
    const shown = this.model.predict(tf.zeros([1, 4])) as tf.Tensor;
    await this.model.save('localstorage://watched');
    const { length } = this.model.layers;
    this.seen.push([length, logs?.loss, shown.shape]);
  }
}

class Stack extends tf.Sequential {
  static override className = 'Stack';
}

class Costly extends tf.serialization.Serializable {
  static className = 'Costly';
  apply(weights: tf.Tensor): tf.Scalar {
    return weights.abs().sum();
  }
  override getConfig(): tf.serialization.ConfigDict {
    return {};
  }
}

function changed(model: tf.LayersModel, given: tf.ModelFitArgs): tf.layers.Layer[] {
  given.callbacks = [new Watched()];
  given.epochs = 3;
  const names: string[] = [...model.inputNames, ...model.metricsNames];
  const weights: tf.LayerVariable[] = model.trainableWeights;
  const sums = weights.map((each) => each.read().square().sum());
  const head = tf.layers.dense({ units: names.length, kernelRegularizer: new Costly() });
  const before: tf.Shape | tf.Shape[] = head.outputShape;
  const called = head.call(tf.ones([1, sums.length]), {}) as tf.Tensor;
  const isMatrix = called.rankType === tf.Rank.R2 && before.length === 2;
  return [...model.layers.slice(0, -1), ...(isMatrix ? [head] : new Stack({}).layers)];
}

/** Ranks that functions keep, that are said, and that are expected. */
async function ranks(): Promise<number> {
  const rows = tf.randomNormal<tf.Rank.R2>([2, 3]);
  const kept: number[][] = await rows.softmax<tf.Tensor2D>().array();
  const same: number = tf.exp(rows).arraySync()[1]![2]! + rows.sigmoid().toFloat().arraySync()[0]![0]!;
  const line: number[] = [...tf.linspace(0, 1, 3).arraySync(), ...rows.as1D().arraySync()];
  const cost: number = tf.train
    .sgd(1)
    .minimize(() => rows.mean(), true)!
    .arraySync();
  const said: number = tf.add<tf.Tensor1D>([1, 2], 3).arraySync()[0]!;
  const expected: tf.Scalar = tf.mean(rows);
  const sizes: number[] = rows.shape;
  const parts: tf.Tensor2D[] = tf.split(rows, 3, 1);
  const weights: tf.Variable<tf.Rank.R2> = tf.variable(rows);
  const zeros: tf.Tensor3D = tf.zeros([2, 3, 4]);
  const images: tf.Tensor4D = zeros.expandDims(0);
  const edges = [
    [1, 1],
    [0, 0],
  ];
  const blocks = tf.spaceToBatchND(images, [1, 1], edges);
  const buffer = await rows.buffer<'float32'>();
  const { value, grad } = tf.valueAndGrad((x: tf.Tensor1D): tf.Scalar => x.square().sum())([1, 2]);
  const cube = tf.customGrad((x: tf.Tensor, save: tf.GradSaveFunc) => {
    save([x]);
    const gradFunc = (dy: tf.Tensor, [saved]: tf.Tensor[]) => dy.mul(saved!.square()).mul(3);
    return { value: x.pow(3), gradFunc };
  });
  const all = [expected, ...parts, weights, blocks, buffer.toTensor(), value, grad, cube(rows)];
  return line.length + cost + kept.length + same + said + sizes.length + all.length;
}

/** What is read of what a model is made of. */
async function parts(model: tf.Sequential, xs: tf.Tensor2D, ys: tf.Tensor2D): Promise<number> {
  model.build();
  const [weight]: tf.LayerVariable[] = model.layers[0]!.trainableWeights;
  const shape: tf.Shape = weight!.shape;
  const penalty: tf.Scalar = tf.regularizers.l2({ l2: 0.1 }).apply(xs);
  const held: tf.Tensor2D = tf.constraints.nonNeg().apply(xs);
  const configs: tf.serialization.ConfigDict[] = [
    tf.regularizers.l1().getConfig(),
    tf.constraints.unitNorm({}).getConfig(),
    tf.initializers.zeros().getConfig(),
  ];
  const result: tf.Scalar | tf.Scalar[] = model.evaluate(xs, ys);
  const classes: tf.ClassWeightMap = { head: { 0: 1, 1: 2 } };
  const args: tf.ModelFitDatasetArgs<tf.TensorContainer> = { epochs: 1, classWeight: classes };
  const pairs: tf.Dataset<tf.TensorContainer> = tf.zip({ xs: tf.array([1]), ys: tf.array([2]) }).batch(1);
  await model.fitDataset(pairs, args);
  const save: tf.io.SaveHandler = async (artifacts) => ({
    modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(artifacts),
  });
  const load: tf.io.LoadHandler = async () => ({});
  const handler: tf.io.IOHandler = { save, load };
  const sync: tf.io.IOHandlerSync = tf.io.fromMemorySync({ modelTopology: {} });
  await model.save(tf.io.withSaveHandler(save));
  return [shape, configs, [penalty, held, result, handler, sync]].flat().length;
}

/** Shapes whose length is known where the rank is, and which is not given for another. */
async function shapesOf(rows: tf.Tensor2D, any: tf.Tensor, isChosen: tf.Tensor2D): Promise<number> {
  const [height, width]: [number, number] = rows.shape;
  const two: 2 = rows.relu().shape.length;
  const [columns, all]: [number, number[]] = [any.shape[1]!, any.shape];
  const size = all.filter((length, axis) => length > axis).reduce((a, b) => a * b, 1);
  const { shape }: { shape: [number, number] } = tf.buffer<tf.Rank.R2>([2, 3]);
  // @ts-expect-error A matrix has no third axis.
  const wrong: tf.Tensor3D = rows;
  // @ts-expect-error What may be of any rank is not taken for a matrix.
  const unsaid: tf.Tensor2D = any;
  const said: tf.Tensor2D = any.as2D(1, -1);
  const pairs: number[][] = tf.where(isChosen, rows, tf.zerosLike(rows)).arraySync();
  const mixed: tf.Tensor2D = tf.where(isChosen, tf.scalar(0), rows);
  const [place]: number[][] = await (await tf.whereAsync(isChosen)).array();
  const outer: number = tf.outerProduct([1, 2], [3]).arraySync()[0]![0]!;
  const line: number[] = [...rows.flatten().arraySync(), ...tf.signal.hannWindow(3).arraySync()];
  const normal: number[][] = tf.batchNorm(rows, [0], [1]).arraySync();
  const loss: tf.Scalar = tf.losses.meanSquaredError<tf.Tensor2D, tf.Scalar>(rows, said);
  const wide: number[][][] = rows.broadcastTo<tf.Rank.R3>([2, 2, 3]).arraySync();
  const joined: number[][] = rows.concat(said, 1).arraySync();
  const seen = new Map<number, tf.Tensor>([[rows.id, rows]]);
  const activation: tf.fused.Activation = 'relu';
  const [fused]: number[][] = tf.fused
    .matMul({ a: rows, b: said, activation, transposeB: true })
    .as2D(seen.size, -1)
    .arraySync();
  const counts = [pairs, normal, joined, fused!, wide, line, place!, shape, [wrong, unsaid, mixed, loss]].map(
    ({ length }) => length,
  );
  return height * width * two * columns * size * outer + counts.length;
}

export { Agent, changed, copied, encoder, parts, Registered, ranks, shapesOf, streamed, trained };

/** The default, as Node gives it. */
export const ofDefault = (x: all.Tensor2D): all.Tensor => all.matMul(x, x);
