// Images read at places between their pixels: what resizing, cropping, rotations and projections do.

import { FillMode } from '../../../assembly/opcodes.ts';
import { Opcode, SampleWord } from '../../../assembly/words.ts';
import type { KernelOp, Value } from '../graph.ts';
import { broadcastShapes, type Shape } from '../shape.ts';
import { elementWord } from '../words.ts';
import { broadcastTo, sum, sumTo } from './broadcasting.ts';
import { asInt32, wholeNumbers } from './conversion.ts';
import { add, floor, mul, sub } from './elementwise.ts';
import { keepsType } from './movement.ts';
import { constant } from './sources.ts';

/** What is read outside of an image: the edge mirrored, the other side, `fill`, or the edge. */
export type FillModeName = keyof typeof FillMode;
export type InterpolationName = 'bilinear' | 'nearest';

/** Something for rows and for columns. */
export type RowsAndColumns = readonly [rows: Value, columns: Value];

export interface Sampling {
  readonly fillMode: FillMode;
  /** A number for each channel, or one for all. */
  readonly fill: readonly number[];
}

interface SampleAttrs extends Sampling {
  /** Of the images whose gradient it is; it is none where there is no shape. */
  readonly shape?: Shape;
}

/** What stands behind the images, or the gradient at what is seen of them: numbers, rows, columns and shares. */
const placesOf = ({ inputs }: Value): Value[] => inputs.slice(1);

/** Whether places are those of rows [n, height, 1] and columns [n, 1, width], not of each pixel. */
const isGrid = (rows: Value, columns: Value): boolean => rows.shape[2] === 1 && columns.shape[1] === 1;

const fillWords = (images: Value, fill: readonly number[]): number[] =>
  Array.from({ length: images.shape[3] }, (_, i) => elementWord(images, fill[i % fill.length]));

/**
 * Gradients of what stands behind images, or the gradient at what is seen of them: none of numbers, rows and columns; of
 * shares dy times what is seen at the next row, or column, less what is seen at the one before.
 */
function placeGradients(dy: Value, images: Value, node: Value, sampling: Sampling): (Value | undefined)[] {
  const places = placesOf(node);
  return places.map((share, axis) => {
    if (axis < 3) return undefined;
    const [before, next] = [0, 1].map((number) =>
      dy.graph.add(
        sampleOp,
        [
          images,
          ...places.map((each, i) =>
            i === axis ? broadcastTo(constant(dy.graph, [number]), each.shape) : each,
          ),
        ],
        sampling,
      ),
    );
    return sumTo(sum(mul(dy, sub(next, before)), -1), share.shape);
  });
}

/**
 * y[n, i, j] = images[numbers[n]] at rows[n, i, j] and columns[n, i, j], and shares of these towards the next. Its
 * gradient is the same op with a shape: what y's gradients give to each pixel of images.
 * @internal
 */
export const sampleOp: KernelOp<SampleAttrs> = {
  name: 'sample',
  kind: 'kernel',
  shape: ([images, numbers, rows, columns], { shape }) =>
    shape ?? [numbers.size, rows.shape[1], columns.shape[2], images.shape[3]],
  dtype: keepsType,
  // What is seen is linear in the images but for what fills it.
  gradient: (dy, node) => {
    const [x] = node.inputs;
    const { shape, ...sampling } = node.attrs;
    const back = shape ? { ...sampling, fill: [0] } : { ...sampling, shape: x.shape };
    const [seen, images] = shape ? [x, dy] : [dy, x];
    return [
      dy.graph.add(sampleOp, [dy, ...placesOf(node)], back),
      ...placeGradients(seen, images, node, shape ? back : sampling),
    ];
  },
  emit: (node, emitter) => {
    const [x, , rows, columns] = node.inputs;
    const { fill, fillMode, shape } = node.attrs;
    const [images, seen] = shape ? [node, x] : [x, node];
    const [numbersAt, rowsAt, columnsAt, rowSharesAt = 0, columnSharesAt = 0] = placesOf(node).map((each) =>
      emitter.address(each),
    );
    emitter.command(Opcode.sample, {
      [SampleWord.images]: emitter.address(images),
      [SampleWord.seen]: emitter.address(seen),
      [SampleWord.sizes]: emitter.table([...images.shape, ...seen.shape]),
      [SampleWord.numbers]: numbersAt,
      [SampleWord.rows]: rowsAt,
      [SampleWord.columns]: columnsAt,
      [SampleWord.rowShares]: rowSharesAt,
      [SampleWord.columnShares]: columnSharesAt,
      [SampleWord.isGrid]: +isGrid(rows, columns),
      [SampleWord.fillMode]: fillMode,
      [SampleWord.fill]: shape ? 0 : emitter.table(fillWords(images, fill)),
    });
  },
};

/** What is outside of images has these numbers. */
export const filledWith = (...fill: readonly number[]): Sampling => ({ fillMode: FillMode.constant, fill });

/**
 * Images [batch, height, width, channels] read at whole rows and columns, which broadcast to [n, height', width'], and
 * `shares` of these towards the next ones, from 0 to 1; without shares at the pixels themselves.
 * @param numbers [n] whose image each is of; by default each is of its own
 */
export function sampleTaps(
  images: Value,
  [rows, columns]: RowsAndColumns,
  shares: readonly Value[],
  sampling = filledWith(0),
  numbers = ownNumbers(images),
): Value {
  const { graph } = images;
  const full = broadcastShapes(rows.shape, columns.shape)!.slice(1);
  const places = [asInt32(rows), asInt32(columns), ...shares].map((each) =>
    broadcastTo(each, [numbers.size, ...(isGrid(rows, columns) ? each.shape.slice(1) : full)]),
  );
  return graph.add(sampleOp, [images, numbers, ...places], sampling);
}

const ownNumbers = ({ graph, shape: [batch] }: Value): Value => wholeNumbers('image', graph, [batch]);

/** The nearest whole number, the larger of two. */
const roundUp = (x: Value): Value => floor(add(x, 0.5));

/** Images read between pixels, the four around a place weighted by its nearness, or at the pixel nearest to it. */
export function sample(
  images: Value,
  places: RowsAndColumns,
  interpolation: InterpolationName,
  sampling?: Sampling,
  numbers?: Value,
): Value {
  if (interpolation === 'nearest') {
    return sampleTaps(images, both(places, roundUp), [], sampling, numbers);
  }
  const before = both(places, floor);
  const shares = places.map((place, axis) => sub(place, before[axis]));
  return sampleTaps(images, before, shares, sampling, numbers);
}

const both = ([rows, columns]: RowsAndColumns, of: (places: Value) => Value): RowsAndColumns => [
  of(rows),
  of(columns),
];
