// What projects in TypeScript read of TensorFlow.js's types, beyond what scripts call: results that are passed on without
// a type being said, arguments of functions and classes, what datasets and containers hold. Compiled, not run.

import * as tf from 'lanegrad';

/** Results whose rank is known without being said or expected. */
export function knownRanks(line: tf.Tensor1D, rows: tf.Tensor2D, images: tf.Tensor4D): tf.Tensor[] {
  const joined = tf.concat1d([line, line]);
  const part = tf.slice1d(line, 0, 2);
  const padded = tf.pad1d(line, [1, 1]);
  const lines: tf.Tensor1D[] = [joined, part, padded];
  const wide = tf.concat2d([rows, rows], 1);
  const corner = tf.slice2d(rows, [0, 0], [1, 1]);
  const normal = tf.batchNorm2d(rows, 0, 1);
  const matrices: tf.Tensor2D[] = [wide, corner, normal];
  const turned = tf.image.rotateWithOffset(images, 1);
  const mirrored = tf.image.flipLeftRight(images);
  const boxes = tf.image.cropAndResize(images, [[0, 0, 1, 1]], [0], [8, 8]);
  const seen = tf.image.transform(images, [[1, 0, 0, 0, 1, 0, 0, 0]]);
  const several: tf.Tensor4D[] = [turned, mirrored, boxes, seen];
  return [...lines, ...matrices, ...several];
}

/** A rank that is expected reaches what the argument is made by. */
export const mask: tf.Tensor2D = tf.linalg.bandPart(tf.ones([4, 4]), -1, 0);
export const positive: tf.Tensor2D = tf.relu(tf.randomNormal([2, 3]));

/** A rank that another tensor's shape tells, and that a copy keeps. */
export function alike<R extends tf.Rank>(x: tf.Tensor<R>, dtype: tf.DataType): tf.Tensor<R>[] {
  const zeros = tf.zeros(x.shape);
  const noise = tf.randomNormal(x.shape, 0, 1);
  const changed = tf.buffer(x.shape, dtype).toTensor();
  const same = tf.tensor(x.dataSync(), x.shape);
  return [zeros, noise, changed, same];
}
export const probability = (given: number | tf.Tensor1D): { p?: number | tf.Tensor1D } => ({
  p: given instanceof tf.Tensor ? given.clone() : given,
});

/** Datasets whose size is computed with, whose elements' type is said, and whose rows go where any dataset does. */
export async function counted(
  dataset: tf.data.Dataset<tf.TensorContainer>,
  lines: tf.data.Dataset<tf.Tensor1D>,
  numbers: tf.data.Dataset<number>,
): Promise<number> {
  const steps = Math.ceil(dataset.size / Math.min(dataset.size, 32));
  const pairs = tf.data.zip<[tf.Tensor1D, number]>([lines, numbers]);
  const [[line, number]] = (await pairs.take(1).toArray()) as [[tf.Tensor1D, number]];
  // biome-ignore lint/suspicious/noExplicitAny: as scripts have it
  const sums = tf.data.zip<any>({ xs: lines, ys: numbers }).map(({ ys }) => ys + 1);
  const table = await counted(tf.data.csv('file:///homes.csv'), lines, numbers);
  return steps + line.size + number + sums.size + table;
}

/** What an element of a dataset is taken apart as; what tidy's functions give that need not give anything. */
export function columns(row: tf.TensorContainer): tf.TensorContainer[] {
  if (typeof row !== 'object') return [row];
  return 'xs' in row ? [(row as tf.TensorContainerObject).xs] : Object.values(row);
}
export const parts = (given?: tf.Tensor): tf.TensorContainer =>
  // biome-ignore lint/suspicious/noConfusingVoidType: as scripts have it
  tf.tidy((): { x: tf.Tensor | void; bytes: Uint8Array } => ({ x: given, bytes: new Uint8Array(2) }));
tf.dispose();

/** Options that are read: none is null, and of a dataset's the number of epochs is there. */
export function epochsOf(
  args: tf.ModelFitArgs,
  streamed: tf.ModelFitDatasetArgs<tf.TensorContainer>,
): number {
  const { batchSize = 32, validationSplit = 0 } = args;
  const rate: number = batchSize * validationSplit;
  return args.epochs === undefined ? rate : args.epochs + streamed.epochs;
}

/** What a class and a function take, by the class and the function. */
type LayerArgs = NonNullable<ConstructorParameters<typeof tf.layers.Layer>[0]>;
export interface ScaledArgs extends LayerArgs {
  rate: number;
  dtype?: tf.DataType;
}
export class Scaled extends tf.layers.Layer {
  static className = 'Scaled';
  readonly rate: number;
  readonly prefix: string;

  constructor(args: ScaledArgs) {
    super(args);
    this.rate = args.rate;
    this.prefix = `${args.name ?? 'scaled'}/${args.inputShape}`;
  }

  override build(inputShape: tf.Shape): void {
    this.addWeight('by', [inputShape.at(-1)!], this.dtype as tf.DataType, tf.initializers.ones());
  }
}
export const named = (args: ConstructorParameters<typeof tf.layers.Layer>[0] & { units: number }) =>
  tf.layers.dense({ units: args.units, name: `${args.name}/fc` });
export const tidy: typeof tf.tidy = (...args) => tf.tidy(...args);
export const hooked = new tf.CustomCallback({ onEpochEnd: async () => {} }, 'auto');
export const saved = (model: tf.LayersModel, config?: tf.io.SaveConfig): Promise<tf.io.SaveResult> =>
  model.save('file://model', config);
