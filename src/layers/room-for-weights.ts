// How many numbers a model that is being loaded may have: as many as its file. Whatever a description asks for beyond
// that is refused before it is allocated.

import { LanegradError } from '../errors.ts';

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

/** @throws LanegradError where there is no room left for a weight of `size` numbers. */
export function takeRoom(name: string, size: number): void {
  room -= size;
  if (room >= 0) return;
  throw new LanegradError(
    `${name}: the model has more weights than its file; there is no room for ${size} more.`,
  );
}
