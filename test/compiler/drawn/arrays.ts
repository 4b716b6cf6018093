// Arrays of doubles and plain loops over them: the oracle of programs that are drawn. It shares no code with the library.

export interface Doubles {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

type Index = readonly number[];

export const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

const placeOf = (shape: readonly number[], index: Index): number =>
  shape.reduce((place, size, axis) => place * size + index[axis], 0);

function indexOf(shape: readonly number[], place: number): number[] {
  const index: number[] = [];
  for (let axis = shape.length - 1, rest = place; axis >= 0; axis--) {
    index[axis] = rest % shape[axis];
    rest = Math.floor(rest / shape[axis]);
  }
  return index;
}

export const filled = (shape: readonly number[], at: (index: Index) => number): Doubles => ({
  shape,
  data: Float64Array.from({ length: sizeOf(shape) }, (_, place) => at(indexOf(shape, place))),
});

export const at = ({ shape, data }: Doubles, index: Index): number => data[placeOf(shape, index)];

/** The shape of an array computed element by element of two; undefined where these do not fit. */
export function broadcast(a: readonly number[], b: readonly number[]): number[] | undefined {
  const rank = Math.max(a.length, b.length);
  const wide = [a, b].map((shape) => [...Array(rank - shape.length).fill(1), ...shape] as number[]);
  const fits = wide[0].every((size, axis) => size === wide[1][axis] || size === 1 || wide[1][axis] === 1);
  return fits ? wide[0].map((size, axis) => (size === 1 ? wide[1][axis] : size)) : undefined;
}

/** An element where the last axes are those of the index, or repeat one number. */
const repeatedAt = (x: Doubles, index: Index): number =>
  at(
    x,
    x.shape.map((size, axis) => (size === 1 ? 0 : index[index.length - x.shape.length + axis])),
  );

export const lanes =
  (apply: (...numbers: number[]) => number) =>
  (arrays: readonly Doubles[]): Doubles => {
    const shape = arrays.reduce<readonly number[]>((known, each) => broadcast(known, each.shape)!, []);
    return filled(shape, (index) => apply(...arrays.map((each) => repeatedAt(each, index))));
  };

/** What is left of each line along some axes, which stay with one element. */
export function lines(x: Doubles, axes: readonly number[], apply: (line: number[]) => number): Doubles {
  const shape = x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
  const found: number[][] = Array.from({ length: sizeOf(shape) }, () => []);
  for (const [place, value] of x.data.entries()) {
    const index = indexOf(x.shape, place).map((i, axis) => (axes.includes(axis) ? 0 : i));
    found[placeOf(shape, index)].push(value);
  }
  return { shape, data: Float64Array.from(found, apply) };
}

export const without = ({ shape, data }: Doubles, axes: readonly number[]): Doubles => ({
  shape: shape.filter((_, axis) => !axes.includes(axis)),
  data,
});
