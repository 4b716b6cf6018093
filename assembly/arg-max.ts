// The index of each row's largest element, as a float; the first of equals, as everywhere in the field.

import { Share } from './share';

@unmanaged
class ArgMaxCommand {
  opcode: i32;
  x: usize;
  y: usize;
  rows: i32;
  columns: i32;
}

export function argMax(address: usize, share: Share): void {
  const command = changetype<ArgMaxCommand>(address);
  const end = share.end(command.rows);
  for (let row = share.start(command.rows); row < end; row++) {
    const x = command.x + ((<usize>row * <usize>command.columns) << 2);
    let best = 0;
    let largest = load<f32>(x);
    for (let i = 1; i < command.columns; i++) {
      const value = load<f32>(x + ((<usize>i) << 2));
      if (value > largest) {
        largest = value;
        best = i;
      }
    }
    store<f32>(command.y + ((<usize>row) << 2), <f32>best);
  }
}
