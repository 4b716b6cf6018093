// The end of a run whose loss is not finite, before anything has changed.

import { Share } from './share';

@unmanaged
class GuardCommand {
  opcode: i32;
  /** The number that must be finite. */
  x: usize;
}

export function guard(address: usize, share: Share): void {
  const command = changetype<GuardCommand>(address);
  // False for NaN too.
  share.endsRun = !(abs<f32>(load<f32>(command.x)) <= f32.MAX_VALUE);
}
