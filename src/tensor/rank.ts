/** How many dimensions a tensor has. */
export enum Rank {
  R0 = 'R0',
  R1 = 'R1',
  R2 = 'R2',
  R3 = 'R3',
  R4 = 'R4',
  R5 = 'R5',
  R6 = 'R6',
}

/** The type of a shape for each rank. */
export interface ShapeMap {
  R0: number[];
  R1: [number];
  R2: [number, number];
  R3: [number, number, number];
  R4: [number, number, number, number];
  R5: [number, number, number, number, number];
  R6: [number, number, number, number, number, number];
}

/** The type of the shape of a tensor of rank `R`; numbers where that is not known. */
export type SizesOf<R extends Rank> = number[] & ShapeMap[R];

/** A shape as functions take it for a tensor of rank `R`; that of another tensor tells `R`. */
export type ShapeFor<R extends Rank> = readonly number[] | SizesOf<R>;
