// Layers that change images at random while training, each image in its own way, and pass them on otherwise: images
// [batch, height, width, channels] of known size. Names and options are Keras's.

import type { Value } from '../../graph/graph.ts';
import { add, less, mul, neg, type Operand, sub } from '../../graph/ops/elementwise.ts';
import { type AffineMap, transformImages } from '../../graph/ops/images.ts';
import type { FillModeName, InterpolationName } from '../../graph/ops/sample.ts';
import { finite, oneOf, seed } from '../../options/kinds.ts';
import {
  describe,
  type Kind,
  type OptionsOf,
  optional,
  required,
  type SettingsOf,
} from '../../options/option.ts';
import { Trace } from '../../state/trace.ts';
import { type CallContext, Layer } from '../base/layer.ts';
import { layerOptions } from '../base/layer-options.ts';
import type { ModelShape } from '../base/symbolic.ts';
import { checkRank } from '../window-options.ts';

/** A number, which goes both ways, or the least and the most. */
export type Factor = number | Range;
type Range = readonly [min: number, max: number];

/** Factors from `bound` up. */
// @__NO_SIDE_EFFECTS__
function factorFrom(bound: number, expected: string): Kind<Factor, Range> {
  return {
    expected,
    read(given) {
      const range: readonly unknown[] = typeof given === 'number' ? [-given, given] : [given].flat();
      const [min, max] = range as Range;
      const isRange = range.length === 2 && Number.isFinite(min) && Number.isFinite(max);
      return isRange && min <= max && min >= bound ? [min, max] : undefined;
    },
  };
}

const factor = /* @__PURE__ */ factorFrom(Number.NEGATIVE_INFINITY, 'a positive number or [min, max]');
/** Factors of sizes: −1 leaves nothing. */
export const zoomFactor = /* @__PURE__ */ factorFrom(-1, 'a positive number or [min, max] from -1 up');

const augmentationOptions = /* @__PURE__ */ describe(layerOptions, {
  /** Fixes the random numbers whatever the seed of `fit`. */
  seed: optional(seed),
});

interface Reading {
  readonly fillMode: FillModeName;
  readonly fillValue: number;
  readonly interpolation: InterpolationName;
}

abstract class Augmentation<
  Options extends SettingsOf<typeof augmentationOptions>,
  Given extends object,
> extends Layer<Options, Given> {
  /** What pixels between and outside of pixels are. */
  protected abstract readonly reading: Reading;

  /** @internal */
  override buildFor(inputShape: ModelShape): void {
    checkRank(this, inputShape, 2);
  }

  /** Where the pixels of each image are read. */
  protected abstract map(x: Value, height: number, width: number): AffineMap;

  override compute(x: Value, { training }: CallContext): Value {
    if (!training) return x;
    const [, height, width] = x.shape;
    const { interpolation, fillMode, fillValue } = this.reading;
    return transformImages(x, this.map(x, height, width), interpolation, fillMode, fillValue);
  }

  /** A number for each image, from the least to the most of a factor. */
  protected draw(x: Value, [min, max]: readonly [number, number]): Value {
    const uniform = Trace.current.randomUniform([x.shape[0]], this.options.seed);
    return add(mul(uniform, max - min), min);
  }
}

const randomFlipOptions = /* @__PURE__ */ describe(augmentationOptions, {
  /** 'horizontal_and_vertical' by default. */
  mode: optional(oneOf('horizontal', 'vertical', 'horizontal_and_vertical'), 'horizontal_and_vertical'),
});

export interface RandomFlipOptions extends OptionsOf<typeof randomFlipOptions> {}

/** Mirrors half of the images left to right, half of them upside down, or both. */
export class RandomFlip extends Augmentation<SettingsOf<typeof randomFlipOptions>, RandomFlipOptions> {
  static readonly className = 'RandomFlip';
  static override readonly options = randomFlipOptions;
  protected override readonly reading = {
    fillMode: 'reflect',
    fillValue: 0,
    interpolation: 'nearest',
  } as const;

  protected override map(x: Value, height: number, width: number): AffineMap {
    const { mode } = this.options;
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

const transformOptions = /* @__PURE__ */ describe(augmentationOptions, {
  /** What lies outside of an image: 'reflect' (the default), 'wrap', 'constant' or 'nearest'. */
  fillMode: optional(oneOf('reflect', 'wrap', 'constant', 'nearest'), 'reflect'),
  /** With fillMode 'constant'; 0 by default. */
  fillValue: optional(finite, 0),
  /** 'bilinear' by default. */
  interpolation: optional(oneOf('bilinear', 'nearest'), 'bilinear'),
});

abstract class RandomTransform<
  Options extends SettingsOf<typeof transformOptions>,
  Given extends object,
> extends Augmentation<Options, Given> {
  protected override readonly reading: Reading = this.options;
}

const randomTranslationOptions = /* @__PURE__ */ describe(transformOptions, {
  /** How far down, as a share of the height. */
  heightFactor: required(factor),
  /** How far to the right, as a share of the width. */
  widthFactor: required(factor),
});

export interface RandomTranslationOptions extends OptionsOf<typeof randomTranslationOptions> {}

/** Shifts images. */
export class RandomTranslation extends RandomTransform<
  SettingsOf<typeof randomTranslationOptions>,
  RandomTranslationOptions
> {
  static readonly className = 'RandomTranslation';
  static override readonly options = randomTranslationOptions;

  protected override map(x: Value, height: number, width: number): AffineMap {
    const { widthFactor, heightFactor } = this.options;
    return [1, 0, mul(this.draw(x, widthFactor), -width), 0, 1, mul(this.draw(x, heightFactor), -height)];
  }
}

const randomZoomOptions = /* @__PURE__ */ describe(transformOptions, {
  /** By how much more of the height is seen: 0.2 for 1.2 times as much, −0.2 for 0.8 times. */
  heightFactor: required(zoomFactor),
  /** The same for the width; by default each image keeps its proportions. */
  widthFactor: optional(zoomFactor),
});

export interface RandomZoomOptions extends OptionsOf<typeof randomZoomOptions> {}

/** Shows more of images, or less, about their middle. */
export class RandomZoom extends RandomTransform<SettingsOf<typeof randomZoomOptions>, RandomZoomOptions> {
  static readonly className = 'RandomZoom';
  static override readonly options = randomZoomOptions;

  protected override map(x: Value, height: number, width: number): AffineMap {
    const { heightFactor, widthFactor } = this.options;
    const zoomY = add(this.draw(x, heightFactor), 1);
    const zoomX = widthFactor ? add(this.draw(x, widthFactor), 1) : zoomY;
    const offset = (zoom: Value, size: number) => mul(sub(1, zoom), (size - 1) / 2);
    return [zoomX, 0, offset(zoomX, width), 0, zoomY, offset(zoomY, height)];
  }
}

const randomRotationOptions = /* @__PURE__ */ describe(transformOptions, {
  /** How far, as a share of a full turn; positive is counter-clockwise. */
  factor: required(factor),
});

export interface RandomRotationOptions extends OptionsOf<typeof randomRotationOptions> {}

/** Turns images about their middle. */
export class RandomRotation extends RandomTransform<
  SettingsOf<typeof randomRotationOptions>,
  RandomRotationOptions
> {
  static readonly className = 'RandomRotation';
  static override readonly options = randomRotationOptions;

  protected override map(x: Value, height: number, width: number): AffineMap {
    const [sine, cosine] = sineAndCosine(this.draw(x, this.options.factor));
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
