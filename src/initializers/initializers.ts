// How weights start: TensorFlow.js Layers' initializers, with its names, options and defaults. Unlike there, an
// option of 0 is taken as 0 and every seed has effect.

import { LanegradError } from '../errors.ts';
import { formatShape, sizeOf } from '../graph/shape.ts';
import { lookUp } from '../names.ts';
import { RandomStream } from '../random/random.ts';
import { orthonormalColumns } from './householder.ts';

/** Makes the initial values of a weight. */
export interface Initializer {
  /** The name under which the layers format stores it. */
  readonly className: string;
  /** Its options, as the layers format stores them. */
  readonly config: object;
  /** Values for a weight of `shape`, in row-major order. The initializer's own seed wins over `seed`. */
  values(shape: readonly number[], seed: number): Float32Array;
}

/** An initializer as the layers format stores it. */
export interface InitializerConfig {
  readonly className: string;
  readonly config: object;
}

/** null means none given, as in stored models. */
type Seed = number | null;

export interface SeedOptions {
  /** An integer: fixes the values whatever the script's own seed. */
  seed?: Seed;
}

export interface ConstantOptions {
  value: number;
}

export interface RandomUniformOptions extends SeedOptions {
  /** Lower bound, included. Default −0.05. */
  minval?: number;
  /** Upper bound, excluded but for rounding to float32. Default 0.05. */
  maxval?: number;
}

export interface RandomNormalOptions extends SeedOptions {
  /** Default 0. */
  mean?: number;
  /** Standard deviation. Default 0.05. */
  stddev?: number;
}

export interface IdentityOptions {
  /** Factor on the identity matrix. Default 1. */
  gain?: number;
}

const FAN_MODES = ['fanIn', 'fanOut', 'fanAvg'] as const;
const DISTRIBUTIONS = ['normal', 'uniform', 'truncatedNormal'] as const;

export interface VarianceScalingOptions extends SeedOptions {
  /** Factor on the variance. Default 1. */
  scale?: number;
  /** What the variance is divided by: inputs, outputs or their mean. Default 'fanIn'. */
  mode?: (typeof FAN_MODES)[number];
  /** Default 'normal', which is 'truncatedNormal'. */
  distribution?: (typeof DISTRIBUTIONS)[number];
}

export interface OrthogonalOptions extends SeedOptions {
  /** Factor on the orthogonal matrix. Default 1. */
  gain?: number;
}

/** Keeps initial weights apart from all else that one seed fixes: the letters 'init'. */
const STREAM = 0x696e6974;

function checkFinite(where: string, option: string, value: unknown): void {
  if (!Number.isFinite(value)) {
    throw new LanegradError(`${where}: ${option} must be a finite number; got ${value}.`);
  }
}

function checkNotNegative(where: string, option: string, value: number): void {
  if (!(Number.isFinite(value) && value >= 0)) {
    throw new LanegradError(`${where}: ${option} must be a finite number, 0 or more; got ${value}.`);
  }
}

function checkOneOf(where: string, option: string, value: string, allowed: readonly string[]): void {
  if (!allowed.includes(value)) {
    const names = allowed.map((name) => `"${name}"`).join(', ');
    throw new LanegradError(`${where}: ${option} must be one of ${names}; got "${value}".`);
  }
}

function checkedSeed(where: string, seed: Seed | undefined): Seed {
  if (seed === undefined || seed === null) return null;
  if (!Number.isSafeInteger(seed)) throw new LanegradError(`${where}: seed must be an integer; got ${seed}.`);
  return seed;
}

/** An initializer that draws random numbers, from its own seed if it has one. */
function drawing(
  className: string,
  config: { readonly seed: Seed },
  draw: (shape: readonly number[], random: RandomStream) => Float32Array,
): Initializer {
  return {
    className,
    config,
    values: (shape, seed) => draw(shape, new RandomStream(config.seed ?? seed, STREAM)),
  };
}

/** `next()` for every element of `shape`, in order. */
function filled(shape: readonly number[], next: () => number): Float32Array {
  const values = new Float32Array(sizeOf(shape));
  for (let i = 0; i < values.length; i++) values[i] = next();
  return values;
}

/** All values 0. */
function zeros(): Initializer {
  return { className: 'Zeros', config: {}, values: (shape) => new Float32Array(sizeOf(shape)) };
}

/** All values 1. */
function ones(): Initializer {
  return { className: 'Ones', config: {}, values: (shape) => new Float32Array(sizeOf(shape)).fill(1) };
}

/** All values `value`, which must be given. */
function constant(options: ConstantOptions): Initializer {
  const value = options?.value;
  checkFinite('constant', 'value', value);
  return {
    className: 'Constant',
    config: { value },
    values: (shape) => new Float32Array(sizeOf(shape)).fill(value),
  };
}

/** Uniform between `minval` and `maxval`. */
function randomUniform(options: RandomUniformOptions = {}): Initializer {
  const { minval = -0.05, maxval = 0.05 } = options;
  checkFinite('randomUniform', 'minval', minval);
  checkFinite('randomUniform', 'maxval', maxval);
  if (minval > maxval) {
    throw new LanegradError(`randomUniform: minval must not exceed maxval; got ${minval} and ${maxval}.`);
  }
  const config = { minval, maxval, seed: checkedSeed('randomUniform', options.seed) };
  return drawing('RandomUniform', config, (shape, random) =>
    filled(shape, () => minval + (maxval - minval) * random.uniform()),
  );
}

/** Normal with `mean` and standard deviation `stddev`. */
function randomNormal(options: RandomNormalOptions = {}): Initializer {
  const config = normalConfig('randomNormal', options);
  const { mean, stddev } = config;
  return drawing('RandomNormal', config, (shape, random) =>
    filled(shape, () => mean + stddev * random.normal()),
  );
}

/** Normal, cut off at two standard deviations from the mean: the distribution of resampling what lies beyond. */
function truncatedNormal(options: RandomNormalOptions = {}): Initializer {
  const config = normalConfig('truncatedNormal', options);
  const { mean, stddev } = config;
  return drawing('TruncatedNormal', config, (shape, random) =>
    filled(shape, () => mean + stddev * random.truncatedNormal()),
  );
}

function normalConfig(where: string, options: RandomNormalOptions) {
  const { mean = 0, stddev = 0.05 } = options;
  checkFinite(where, 'mean', mean);
  checkNotNegative(where, 'stddev', stddev);
  return { mean, stddev, seed: checkedSeed(where, options.seed) };
}

/** `gain` times the identity matrix; for square matrices only. */
function identity(options: IdentityOptions = {}): Initializer {
  const { gain = 1 } = options;
  checkFinite('identity', 'gain', gain);
  return {
    className: 'Identity',
    config: { gain },
    values(shape) {
      if (shape.length !== 2 || shape[0] !== shape[1]) {
        throw new LanegradError(`identity: the shape must be a square matrix; got ${formatShape(shape)}.`);
      }
      const values = new Float32Array(sizeOf(shape));
      for (let i = 0; i < values.length; i += shape[1] + 1) values[i] = gain;
      return values;
    },
  };
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
function varianceScaling(options: VarianceScalingOptions = {}): Initializer {
  return scaledVariance('varianceScaling', options);
}

function scaledVariance(where: string, options: VarianceScalingOptions): Initializer {
  const { scale = 1 } = options;
  // TensorFlow.js saves 'fan_in' and 'truncated_normal'.
  const mode = knownSpelling(options.mode ?? 'fanIn', FAN_MODES);
  const distribution = knownSpelling(options.distribution ?? 'normal', DISTRIBUTIONS);
  checkNotNegative(where, 'scale', scale);
  checkOneOf(where, 'mode', mode, FAN_MODES);
  checkOneOf(where, 'distribution', distribution, DISTRIBUTIONS);
  const config = { scale, mode, distribution, seed: checkedSeed(where, options.seed) };
  return drawing('VarianceScaling', config, (shape, random) => {
    const [fanIn, fanOut] = computeFans(shape);
    const fan = { fanIn, fanOut, fanAvg: (fanIn + fanOut) / 2 }[mode];
    const variance = scale / Math.max(1, fan);
    if (distribution === 'uniform') {
      const limit = Math.sqrt(3 * variance);
      return filled(shape, () => limit * (2 * random.uniform() - 1));
    }
    const stddev = Math.sqrt(variance);
    return filled(shape, () => stddev * random.truncatedNormal());
  });
}

/** Uniform within ±√(6/(fanIn + fanOut)): Glorot & Bengio, AISTATS 2010. */
function glorotUniform({ seed }: SeedOptions = {}): Initializer {
  return scaledVariance('glorotUniform', { scale: 1, mode: 'fanAvg', distribution: 'uniform', seed });
}

/** Truncated normal, stddev √(2/(fanIn + fanOut)): Glorot & Bengio, AISTATS 2010. */
function glorotNormal({ seed }: SeedOptions = {}): Initializer {
  return scaledVariance('glorotNormal', { scale: 1, mode: 'fanAvg', distribution: 'normal', seed });
}

/** Uniform within ±√(6/fanIn): He et al., ICCV 2015. */
function heUniform({ seed }: SeedOptions = {}): Initializer {
  return scaledVariance('heUniform', { scale: 2, mode: 'fanIn', distribution: 'uniform', seed });
}

/** Truncated normal, stddev √(2/fanIn): He et al., ICCV 2015. */
function heNormal({ seed }: SeedOptions = {}): Initializer {
  return scaledVariance('heNormal', { scale: 2, mode: 'fanIn', distribution: 'normal', seed });
}

/** Uniform within ±√(3/fanIn): LeCun et al., "Efficient BackProp", 1998. */
function leCunUniform({ seed }: SeedOptions = {}): Initializer {
  return scaledVariance('leCunUniform', { scale: 1, mode: 'fanIn', distribution: 'uniform', seed });
}

/** Truncated normal, stddev √(1/fanIn): LeCun et al., "Efficient BackProp", 1998. */
function leCunNormal({ seed }: SeedOptions = {}): Initializer {
  return scaledVariance('leCunNormal', { scale: 1, mode: 'fanIn', distribution: 'normal', seed });
}

/**
 * `gain` times a random orthogonal matrix: Saxe, McClelland, Ganguli, ICLR 2014. The shape is taken as a matrix
 * of its last dimension and all others (as in Keras); its shorter side is the one made orthonormal.
 */
function orthogonal(options: OrthogonalOptions = {}): Initializer {
  const { gain = 1 } = options;
  checkFinite('orthogonal', 'gain', gain);
  const config = { gain, seed: checkedSeed('orthogonal', options.seed) };
  return drawing('Orthogonal', config, (shape, random) => {
    if (shape.length < 2) {
      throw new LanegradError(
        `orthogonal: the shape must have at least 2 dimensions; got ${formatShape(shape)}.`,
      );
    }
    const rows = sizeOf(shape.slice(0, -1));
    const columns = shape[shape.length - 1];
    const long = Math.max(rows, columns);
    const short = Math.min(rows, columns);
    const normals = new Float64Array(long * short);
    for (let i = 0; i < normals.length; i++) normals[i] = random.normal();
    const q = orthonormalColumns(normals, long, short); // (long × short), column by column
    const values = new Float32Array(rows * columns);
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) {
        values[i * columns + j] = gain * (rows >= columns ? q[j * long + i] : q[i * long + j]);
      }
    }
    return values;
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

/**
 * The initializer meant by a layer's option or a stored model: an initializer itself, a name ('glorotUniform',
 * Keras's 'GlorotUniform' or 'glorot_uniform'), or a stored class name with its options.
 * @throws LanegradError for an unknown name, with the nearest known one
 */
export function getInitializer(identifier: string | Initializer | InitializerConfig): Initializer {
  if (typeof identifier === 'string') return fromName(identifier);
  return 'values' in identifier ? identifier : fromName(identifier.className, identifier.config);
}

function fromName(name: string, options?: object): Initializer {
  const table = initializers as Record<string, (options?: object) => Initializer>;
  return lookUp('initializer', knownSpelling(name, Object.keys(initializers)), table)(options);
}

/** The known name that is `name` but for case and underscores; else `name` itself. */
function knownSpelling<T extends string>(name: T, known: readonly T[]): T {
  const plain = (each: string) => each.replaceAll('_', '').toLowerCase();
  return known.find((each) => plain(each) === plain(name)) ?? name;
}
