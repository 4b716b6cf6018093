// The index of each row's largest element, as a float; the first of equals, as everywhere in the field.

import { shareStart } from './share';

@unmanaged
class ArgMaxCommand {
  opcode: i32;
  x: usize;
  y: usize;
  rows: i32;
  columns: i32;
}

export function argMax(address: usize, thread: i32, threads: i32): void {
  const command = changetype<ArgMaxCommand>(address);
  const end = shareStart(command.rows, thread + 1, threads);
  for (let row = shareStart(command.rows, thread, threads); row < end; row++) {
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
