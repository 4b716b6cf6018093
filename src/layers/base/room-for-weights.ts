// How many numbers a model that is being loaded may have: about as many as its file. Whatever a description asks for beyond
// that is refused before it is allocated.

import { LanegradError } from '../../errors.ts';
import { formatShape, type Shape, sizeOf } from '../../graph/shape.ts';

/** Numbers that WebAssembly's memory, of 4 GB, has room for. */
const most = 2 ** 30;

let room = Number.POSITIVE_INFINITY;

/** What `build` returns; layers that it builds may have `numbers` weights between them. */
export function withRoomFor<T>(numbers: number, build: () => T): T {
  const before = room;
  room = numbers;
  try {
    return build();
  } finally {
    room = before;
  }
}

/** @throws LanegradError where there is no room, or none left, for a weight of a shape. */
export function takeRoom(name: string, shape: Shape): void {
  const size = sizeOf(shape);
  if (size > most) {
    throw new LanegradError(
      `${name}: a weight of shape ${formatShape(shape)} takes ${(size / 2 ** 28).toFixed(0)} GB; ` +
        'WebAssembly has 4 GB of memory.',
    );
  }
  room -= size;
  if (room >= 0) return;
  throw new LanegradError(
    `${name}: the model has more weights than its file, or than maxBytes allows; there is no room for ${size} more.`,
  );
}
