// Layers that change images at random while training, each image in its own way, and pass them on otherwise: images
// [batch, height, width, channels] of known size. Names and options are Keras's.

import type { Graph, Value } from '../graph/graph.ts';
import { add, less, mul, neg, type Operand, sub } from '../graph/ops/elementwise.ts';
import { broadcastTo, concat } from '../graph/ops/movement.ts';
import { constant, reshape } from '../graph/ops/sources.ts';
import { type FillModeName, type InterpolationName, transformImages } from '../graph/ops/transform.ts';
import { Trace } from '../state/trace.ts';
import { type CallContext, Layer, type LayerOptions } from './layer.ts';
import type { ModelShape } from './symbolic.ts';
import { channelsOf } from './window-options.ts';

export interface AugmentationOptions extends LayerOptions {
  /** Fixes the random numbers whatever the seed of `fit`. */
  readonly seed?: number;
}

/** A number, which goes both ways, or the least and the most. */
export type Factor = number | readonly [least: number, most: number];

/** The six numbers of an affine map for each image, [batch] or the same for all: see `transformImages`. */
type AffineMap = readonly [Operand, Operand, Operand, Operand, Operand, Operand];

abstract class Augmentation<Options extends AugmentationOptions> extends Layer<Options> {
  protected readonly fillMode: FillModeName = 'reflect';
  protected readonly fillValue: number = 0;
  protected readonly interpolation: InterpolationName = 'bilinear';

  override build(inputShape: ModelShape): void {
    channelsOf(this, inputShape, 2);
  }

  /** Where the pixels of each image are read. */
  protected abstract map(x: Value, height: number, width: number): AffineMap;

  override call(x: Value, { training }: CallContext): Value {
    if (!training) return x;
    const [batch, height, width] = x.shape;
    const columns = this.map(x, height, width).map((one) => columnOf(x.graph, one, batch));
    const { fillMode, fillValue, interpolation } = this;
    return transformImages(x, concat(columns, 1), { fillMode, fillValue, interpolation });
  }

  /** A number for each image, from a factor's least to its most. */
  protected draw(x: Value, [least, most]: readonly [number, number]): Value {
    const uniform = Trace.current.randomUniform([x.shape[0]], this.options.seed);
    return add(mul(uniform, most - least), least);
  }

  /** An option as its least and most. @throws LanegradError unless they are in order and from `bound` up. */
  protected factor(
    option: string,
    value: Factor,
    bound = Number.NEGATIVE_INFINITY,
  ): readonly [number, number] {
    const range = typeof value === 'number' ? [-value, value] : value;
    const [least, most] = range;
    if (range.length === 2 && least <= most && least >= bound && Number.isFinite(most - least))
      return [least, most];
    const from = bound === Number.NEGATIVE_INFINITY ? '' : ` from ${bound} up`;
    throw this.error(
      `${option} must be a positive number or [least, most]${from}; got ${JSON.stringify(value)}.`,
    );
  }
}

function columnOf(graph: Graph, values: Operand, batch: number): Value {
  const all = typeof values === 'number' ? broadcastTo(constant(graph, [values]), [batch]) : values;
  return reshape(all, [batch, 1]);
}

export interface RandomFlipOptions extends AugmentationOptions {
  /** 'horizontal_and_vertical' by default. */
  readonly mode?: 'horizontal' | 'vertical' | 'horizontal_and_vertical';
}

/** Mirrors half of the images left to right, half of them upside down, or both. */
export class RandomFlip extends Augmentation<RandomFlipOptions> {
  static readonly className = 'RandomFlip';
  protected override readonly interpolation = 'nearest';

  constructor(options: RandomFlipOptions = {}) {
    super(options);
    const { mode = 'horizontal_and_vertical' } = options;
    if (['horizontal', 'vertical', 'horizontal_and_vertical'].includes(mode)) return;
    throw this.error(`mode must be 'horizontal', 'vertical' or 'horizontal_and_vertical'; got '${mode}'.`);
  }

  protected override map(x: Value, height: number, width: number): AffineMap {
    const { mode = 'horizontal_and_vertical' } = this.options;
    // Where it is flipped, −1 and the last pixel; elsewhere 1 and 0.
    const flip = (way: string, size: number): [Operand, Operand] => {
      if (!mode.includes(way)) return [1, 0];
      const isFlipped = less(this.draw(x, [0, 1]), 0.5);
      return [sub(1, mul(isFlipped, 2)), mul(isFlipped, size - 1)];
    };
    const [stepX, startX] = flip('horizontal', width);
    const [stepY, startY] = flip('vertical', height);
    return [stepX, 0, startX, 0, stepY, startY];
  }
}

export interface RandomTransformOptions extends AugmentationOptions {
  /** What lies outside of an image: 'reflect' (the default), 'wrap', 'constant' or 'nearest'. */
  readonly fillMode?: FillModeName;
  /** With fillMode 'constant'; 0 by default. */
  readonly fillValue?: number;
  /** 'bilinear' by default. */
  readonly interpolation?: InterpolationName;
}

abstract class RandomTransform<Options extends RandomTransformOptions> extends Augmentation<Options> {
  protected override readonly fillMode: FillModeName;
  protected override readonly fillValue: number;
  protected override readonly interpolation: InterpolationName;

  constructor(options: Options) {
    super(options);
    this.fillMode = this.#oneOf('fillMode', options.fillMode ?? 'reflect', [
      'reflect',
      'wrap',
      'constant',
      'nearest',
    ]);
    this.interpolation = this.#oneOf('interpolation', options.interpolation ?? 'bilinear', [
      'bilinear',
      'nearest',
    ]);
    this.fillValue = options.fillValue ?? 0;
  }

  #oneOf<T extends string>(option: string, value: T, known: readonly T[]): T {
    if (known.includes(value)) return value;
    throw this.error(`${option} must be ${known.map((name) => `'${name}'`).join(' or ')}; got '${value}'.`);
  }
}

export interface RandomTranslationOptions extends RandomTransformOptions {
  /** How far down, as a share of the height. */
  readonly heightFactor: Factor;
  /** How far to the right, as a share of the width. */
  readonly widthFactor: Factor;
}

/** Shifts images. */
export class RandomTranslation extends RandomTransform<RandomTranslationOptions> {
  static readonly className = 'RandomTranslation';
  readonly #down: readonly [number, number];
  readonly #right: readonly [number, number];

  constructor(options: RandomTranslationOptions) {
    super(options);
    this.#down = this.factor('heightFactor', options.heightFactor);
    this.#right = this.factor('widthFactor', options.widthFactor);
  }

  protected override map(x: Value, height: number, width: number): AffineMap {
    return [1, 0, mul(this.draw(x, this.#right), -width), 0, 1, mul(this.draw(x, this.#down), -height)];
  }
}

export interface RandomZoomOptions extends RandomTransformOptions {
  /** By how much more of the height is seen: 0.2 for 1.2 times as much, −0.2 for 0.8 times. */
  readonly heightFactor: Factor;
  /** The same for the width; by default each image keeps its proportions. */
  readonly widthFactor?: Factor;
}

/** Shows more of images, or less, about their middle. */
export class RandomZoom extends RandomTransform<RandomZoomOptions> {
  static readonly className = 'RandomZoom';
  readonly #height: readonly [number, number];
  readonly #width: readonly [number, number] | undefined;

  constructor(options: RandomZoomOptions) {
    super(options);
    const { heightFactor, widthFactor } = options;
    this.#height = this.factor('heightFactor', heightFactor, -1);
    this.#width = widthFactor === undefined ? undefined : this.factor('widthFactor', widthFactor, -1);
  }

  protected override map(x: Value, height: number, width: number): AffineMap {
    const zoomY = add(this.draw(x, this.#height), 1);
    const zoomX = this.#width ? add(this.draw(x, this.#width), 1) : zoomY;
    const offset = (zoom: Value, size: number) => mul(sub(1, zoom), (size - 1) / 2);
    return [zoomX, 0, offset(zoomX, width), 0, zoomY, offset(zoomY, height)];
  }
}

export interface RandomRotationOptions extends RandomTransformOptions {
  /** How far, as a share of a full turn; positive is counter-clockwise. */
  readonly factor: Factor;
}

/** Turns images about their middle. */
export class RandomRotation extends RandomTransform<RandomRotationOptions> {
  static readonly className = 'RandomRotation';
  readonly #turns: readonly [number, number];

  constructor(options: RandomRotationOptions) {
    super(options);
    this.#turns = this.factor('factor', options.factor);
  }

  protected override map(x: Value, height: number, width: number): AffineMap {
    const [sine, cosine] = sineAndCosine(this.draw(x, this.#turns));
    const [middleX, middleY] = [(width - 1) / 2, (height - 1) / 2];
    const startX = sub(middleX, sub(mul(cosine, middleX), mul(sine, middleY)));
    const startY = sub(middleY, add(mul(sine, middleX), mul(cosine, middleY)));
    return [cosine, neg(sine), startX, sine, cosine, startY];
  }
}

/** Of angles in turns, to 1e-6 for less than two turns: their Taylor series at a sixteenth, doubled four times. */
function sineAndCosine(turns: Value): [Value, Value] {
  const angle = mul(turns, (2 * Math.PI) / 16);
  const z = mul(angle, angle);
  // 1 − z/2·3·(1 − z/4·5·(…)), and 1 − z/1·2·(1 − z/3·4·(…)).
  const series = (first: number) =>
    [4, 3, 2, 1, 0].reduce<Operand>((sum, i) => {
      const n = first + 2 * i;
      return sub(1, mul(mul(z, 1 / (n * (n + 1))), sum));
    }, 1) as Value;
  let [sine, cosine] = [mul(angle, series(2)), series(1)];
  for (let i = 0; i < 4; i++) {
    [sine, cosine] = [mul(mul(sine, cosine), 2), sub(mul(cosine, cosine), mul(sine, sine))];
  }
  return [sine, cosine];
}
