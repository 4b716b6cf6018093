// How weights start: TensorFlow.js Layers' initializers, with its names, options and defaults. Unlike there, an
// option of 0 is taken as 0 and every seed has effect.

import { LanegradError } from '../errors.ts';
import { formatShape, sizeOf } from '../graph/shape.ts';
import { requireArgument } from '../options/arguments.ts';
import {
  type Configurable,
  configurable,
  described,
  finite,
  nonNegative,
  oneOf,
  readAs,
  seed,
  type Telling,
} from '../options/kinds.ts';
import { describe, type Kind, type OptionsOf, optional, required } from '../options/option.ts';
import { readOptions } from '../options/read-options.ts';
import { makeNamed } from '../options/registered-classes.ts';
import { RandomStream } from '../random/random-stream.ts';
import { nextSeed } from '../random/seed.ts';
import { givenTensor } from '../tensor/convert.ts';
import { tensor } from '../tensor/creation.ts';
import { allocate, type DataType } from '../tensor/data-type.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { orthonormalColumns } from './householder.ts';

/** Makes the initial values of a weight. */
export interface Initializer extends Configurable {
  /** The name under which the layers format stores it. */
  readonly className: string;
  /** Its options, as the layers format stores them. */
  readonly config: object;
  /** Values for a weight of `shape`, in row-major order. The initializer's own seed wins over `seed`. */
  values(shape: readonly number[], seed: number): Float32Array;
}

type MakeValues = Initializer['values'];
/** What makes values that may wait until somebody needs them: most weights of files are never drawn. */
type Deferring = MakeValues & { readonly later?: (...args: Parameters<MakeValues>) => () => Float32Array };

/** @internal What makes an initializer's values, where they may wait. */
export const valuesLater = ({ values }: Initializer): Deferring['later'] => (values as Deferring).later;

/** An initializer as TensorFlow.js has them, to be called by a script. */
export interface TensorInitializer extends Telling {
  /** A tensor of values, those of the next seed. @param dtype 'float32' by default */
  apply(shape: number[], dtype?: DataType): Tensor;
}

/** What the functions here make. */
export interface BuiltInInitializer extends Initializer, TensorInitializer {}

/** An initializer of what makes its values. */
const made = (className: string, config: object, values: Initializer['values']): BuiltInInitializer => ({
  ...described(className, config),
  values,
  apply(shape, dtype = 'float32') {
    requireArgument(`${className}: apply: shape`, 'shape', shape);
    return tensor(values(shape, nextSeed()), shape, dtype);
  },
});

const seededOptions = {
  /** Fixes the values whatever the script's own seed. */
  seed: optional(seed),
};

const constantOptions = {
  /** What all values are. */
  value: required(finite),
};

const uniformOptions = /* @__PURE__ */ describe(seededOptions, {
  /** Lower bound, included. Default −0.05. */
  minval: optional(finite, -0.05),
  /** Upper bound, excluded but for rounding to float32. Default 0.05. */
  maxval: optional(finite, 0.05),
});

const normalOptions = /* @__PURE__ */ describe(seededOptions, {
  /** Default 0. */
  mean: optional(finite, 0),
  /** Standard deviation. Default 0.05. */
  stddev: optional(nonNegative, 0.05),
});

const identityOptions = {
  /** Factor on the identity matrix. Default 1. */
  gain: optional(finite, 1),
};

const varianceScalingOptions = /* @__PURE__ */ describe(seededOptions, {
  /** Factor on the variance. Default 1. */
  scale: optional(nonNegative, 1),
  /** What the variance is divided by: inputs, outputs or their mean. Default 'fanIn'. */
  mode: optional(oneOf('fanIn', 'fanOut', 'fanAvg'), 'fanIn'),
  /** Default 'normal', which is 'truncatedNormal'. */
  distribution: optional(oneOf('normal', 'uniform', 'truncatedNormal'), 'normal'),
});

const orthogonalOptions = /* @__PURE__ */ describe(seededOptions, {
  /** Factor on the orthogonal matrix. Default 1. */
  gain: optional(finite, 1),
});

export interface SeedOptions extends OptionsOf<typeof seededOptions> {}
export interface ConstantOptions extends OptionsOf<typeof constantOptions> {}
export interface RandomUniformOptions extends OptionsOf<typeof uniformOptions> {}
export interface RandomNormalOptions extends OptionsOf<typeof normalOptions> {}
export interface IdentityOptions extends OptionsOf<typeof identityOptions> {}
export interface VarianceScalingOptions extends OptionsOf<typeof varianceScalingOptions> {}
export interface OrthogonalOptions extends OptionsOf<typeof orthogonalOptions> {}

/** Keeps initial weights apart from all else that one seed fixes: the letters 'init'. */
const STREAM = 0x696e6974;

/**
 * An initializer that draws random numbers, from its own seed if it has one.
 * @param draw writes the values
 * @param check throws for shapes that it cannot have
 */
function drawing(
  className: string,
  config: { readonly seed: number | undefined },
  draw: (values: Float32Array, random: RandomStream, shape: readonly number[]) => void,
  check?: (shape: readonly number[]) => void,
): BuiltInInitializer {
  const later = (shape: readonly number[], seed: number) => {
    check?.(shape);
    return () => {
      const values = floats(shape);
      draw(values, new RandomStream(config.seed ?? seed, STREAM), shape);
      return values;
    };
  };
  const values: MakeValues = (shape, seed) => later(shape, seed)();
  return made(className, { ...config, seed: config.seed ?? null }, Object.assign(values, { later }));
}

/** Zeros of a shape. @throws LanegradError where there is no memory for them. */
const floats = (shape: readonly number[]) => allocate('float32', sizeOf(shape)) as Float32Array;

/** All values 0. */
function zeros(): BuiltInInitializer {
  return made('Zeros', {}, (shape) => floats(shape));
}

/** All values 1. */
function ones(): BuiltInInitializer {
  return made('Ones', {}, (shape) => floats(shape).fill(1));
}

/** All values `value`, which must be given. */
function constant(options: ConstantOptions): BuiltInInitializer {
  const { value } = readOptions('constant', constantOptions, options);
  return made('Constant', { value }, (shape) => floats(shape).fill(value));
}

/** Uniform between `minval` and `maxval`. */
function randomUniform(options: RandomUniformOptions = {}): BuiltInInitializer {
  const config = readOptions('randomUniform', uniformOptions, options);
  const { minval, maxval } = config;
  if (minval > maxval) {
    throw new LanegradError(`randomUniform: minval must not exceed maxval; got ${minval} and ${maxval}.`);
  }
  return drawing('RandomUniform', config, (values, random) => {
    for (let i = 0; i < values.length; i++) values[i] = minval + (maxval - minval) * random.uniform();
  });
}

/** Normal with `mean` and standard deviation `stddev`. */
function randomNormal(options: RandomNormalOptions = {}): BuiltInInitializer {
  const config = readOptions('randomNormal', normalOptions, options);
  const { mean, stddev } = config;
  return drawing('RandomNormal', config, (values, random) => {
    for (let i = 0; i < values.length; i++) values[i] = mean + stddev * random.normal();
  });
}

/** Normal, cut off at two standard deviations from the mean: the distribution of resampling what lies beyond. */
function truncatedNormal(options: RandomNormalOptions = {}): BuiltInInitializer {
  const config = readOptions('truncatedNormal', normalOptions, options);
  const { mean, stddev } = config;
  return drawing('TruncatedNormal', config, (values, random) =>
    truncatedNormals(values, random, mean, stddev),
  );
}

function truncatedNormals(values: Float32Array, random: RandomStream, mean: number, stddev: number): void {
  for (let i = 0; i < values.length; i++) values[i] = mean + stddev * random.truncatedNormal();
}

/** `gain` times the identity matrix; for square matrices only. */
function identity(options: IdentityOptions = {}): BuiltInInitializer {
  const { gain } = readOptions('identity', identityOptions, options);
  return made('Identity', { gain }, (shape) => {
    if (shape.length !== 2 || shape[0] !== shape[1]) {
      throw new LanegradError(`identity: the shape must be a square matrix; got ${formatShape(shape)}.`);
    }
    const values = floats(shape);
    for (let i = 0; i < values.length; i += shape[1] + 1) values[i] = gain;
    return values;
  });
}

/**
 * How many inputs reach an output of a weight of this shape, and how many outputs an input reaches, as
 * TensorFlow.js counts: [inputs, outputs] for a matrix, times the window for convolution kernels
 * [...window, inputs, outputs], and the square root of the size for every other rank.
 */
export function computeFans(shape: readonly number[]): [fanIn: number, fanOut: number] {
  const rank = shape.length;
  if (rank < 2 || rank > 5) {
    const fan = Math.sqrt(sizeOf(shape));
    return [fan, fan];
  }
  const window = sizeOf(shape.slice(0, -2));
  return [window * shape[rank - 2], window * shape[rank - 1]];
}

/**
 * Values whose variance is `scale` divided by the weight's fan, so that signals keep their size through layers.
 *
 * Uniform: within ±√(3·scale/fan). Normal: stddev = √(scale/fan), cut off at two standard deviations. Cutting
 * leaves 0.88 of that deviation; Keras divides by 0.8796 to make up for it, TensorFlow.js does not, nor does
 * lanegrad. 'truncatedNormal' means the same as 'normal', as in Keras (TensorFlow.js draws it uniform).
 */
function varianceScaling(options: VarianceScalingOptions = {}): BuiltInInitializer {
  return scaledVariance('varianceScaling', options);
}

function scaledVariance(where: string, options: VarianceScalingOptions): BuiltInInitializer {
  const config = readOptions(where, varianceScalingOptions, options);
  const { scale, mode, distribution } = config;
  return drawing('VarianceScaling', config, (values, random, shape) => {
    const [fanIn, fanOut] = computeFans(shape);
    const fan = { fanIn, fanOut, fanAvg: (fanIn + fanOut) / 2 }[mode];
    const variance = scale / Math.max(1, fan);
    if (distribution !== 'uniform') return truncatedNormals(values, random, 0, Math.sqrt(variance));
    const limit = Math.sqrt(3 * variance);
    for (let i = 0; i < values.length; i++) values[i] = limit * (2 * random.uniform() - 1);
  });
}

/** Uniform within ±√(6/(fanIn + fanOut)): Glorot & Bengio, AISTATS 2010. */
function glorotUniform(options: SeedOptions = {}): BuiltInInitializer {
  return scaledVariance('glorotUniform', {
    scale: 1,
    mode: 'fanAvg',
    distribution: 'uniform',
    ...readOptions('glorotUniform', seededOptions, options),
  });
}

/** Truncated normal, stddev √(2/(fanIn + fanOut)): Glorot & Bengio, AISTATS 2010. */
function glorotNormal(options: SeedOptions = {}): BuiltInInitializer {
  return scaledVariance('glorotNormal', {
    scale: 1,
    mode: 'fanAvg',
    distribution: 'normal',
    ...readOptions('glorotNormal', seededOptions, options),
  });
}

/** Uniform within ±√(6/fanIn): He et al., ICCV 2015. */
function heUniform(options: SeedOptions = {}): BuiltInInitializer {
  return scaledVariance('heUniform', {
    scale: 2,
    mode: 'fanIn',
    distribution: 'uniform',
    ...readOptions('heUniform', seededOptions, options),
  });
}

/** Truncated normal, stddev √(2/fanIn): He et al., ICCV 2015. */
function heNormal(options: SeedOptions = {}): BuiltInInitializer {
  return scaledVariance('heNormal', {
    scale: 2,
    mode: 'fanIn',
    distribution: 'normal',
    ...readOptions('heNormal', seededOptions, options),
  });
}

/** Uniform within ±√(3/fanIn): LeCun et al., "Efficient BackProp", 1998. */
function leCunUniform(options: SeedOptions = {}): BuiltInInitializer {
  return scaledVariance('leCunUniform', {
    scale: 1,
    mode: 'fanIn',
    distribution: 'uniform',
    ...readOptions('leCunUniform', seededOptions, options),
  });
}

/** Truncated normal, stddev √(1/fanIn): LeCun et al., "Efficient BackProp", 1998. */
function leCunNormal(options: SeedOptions = {}): BuiltInInitializer {
  return scaledVariance('leCunNormal', {
    scale: 1,
    mode: 'fanIn',
    distribution: 'normal',
    ...readOptions('leCunNormal', seededOptions, options),
  });
}

/**
 * `gain` times a random orthogonal matrix: Saxe, McClelland, Ganguli, ICLR 2014. The shape is taken as a matrix
 * of its last dimension and all others (as in Keras); its shorter side is the one made orthonormal.
 */
function orthogonal(options: OrthogonalOptions = {}): BuiltInInitializer {
  const config = readOptions('orthogonal', orthogonalOptions, options);
  const { gain } = config;
  const draw = (values: Float32Array, random: RandomStream, shape: readonly number[]) => {
    const rows = sizeOf(shape.slice(0, -1));
    const columns = shape[shape.length - 1];
    const long = Math.max(rows, columns);
    const normals = new Float64Array(values.length);
    for (let i = 0; i < values.length; i++) normals[i] = random.normal();
    const q = orthonormalColumns(normals, long); // Its columns are as long as the longer side.
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) {
        values[i * columns + j] = gain * (rows >= columns ? q[j * long + i] : q[i * long + j]);
      }
    }
  };
  return drawing('Orthogonal', config, draw, (shape) => {
    if (shape.length >= 2) return;
    throw new LanegradError(
      `orthogonal: the shape must have at least 2 dimensions; got ${formatShape(shape)}.`,
    );
  });
}

/** The initializers, by the names a layer's options may also give as a string. */
export const initializers = {
  zeros,
  ones,
  constant,
  randomUniform,
  randomNormal,
  truncatedNormal,
  identity,
  varianceScaling,
  glorotUniform,
  glorotNormal,
  heUniform,
  heNormal,
  leCunUniform,
  leCunNormal,
  orthogonal,
};

const named = /* @__PURE__ */ configurable<Initializer>('an initializer', 'values', fromName);

/** Options that are initializers. One of a user's may have `apply` alone, as those of TensorFlow.js have. */
export const initializer: Kind<string | Initializer | TensorInitializer | Configurable, Initializer> = {
  ...named,
  read: (given) => (isOwn(given) ? ofTensors(given) : named.read(given)),
};

/** Whether this is one of a user's that makes tensors. Functions have an `apply` too. */
const isOwn = (given: unknown): given is TensorInitializer =>
  typeof given === 'object' &&
  typeof (given as TensorInitializer)?.apply === 'function' &&
  !(given as Initializer).values;

function ofTensors(own: TensorInitializer): Initializer {
  const { className = '' } = own.constructor as { className?: string };
  const values = (shape: readonly number[]) => {
    const made = givenTensor('the initializer', own.apply([...shape], 'float32'), shape);
    return Float32Array.from((made as Tensor).dataSync());
  };
  return { className, config: own.getConfig?.() ?? {}, values };
}

/**
 * The initializer meant by a layer's option or a stored model: an initializer itself, a name ('glorotUniform',
 * Keras's 'GlorotUniform' or 'glorot_uniform'), or a stored class name with its options.
 * @throws LanegradError for an unknown name, with the nearest known one
 */
export function getInitializer(
  identifier: string | Initializer | TensorInitializer | Configurable,
): Initializer {
  return readAs(initializer, 'initializer', identifier);
}

/** @param saved as files have it: Keras writes a dtype beside the options */
function fromName(name: string, saved: object = {}): Initializer {
  const table = initializers as Readonly<Record<string, (options?: object) => Initializer>>;
  const { dtype: _, ...options } = saved as { dtype?: unknown };
  const made = makeNamed('initializer', name, table, options);
  return isOwn(made) ? ofTensors(made) : made;
}
