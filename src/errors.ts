/** An error in what lanegrad was given. Its sentence says where, what was expected and what came. */
export class LanegradError extends Error {
  override name = 'LanegradError';
}

/** A broken invariant of lanegrad itself: ours to fix, never the user's. */
export function internal(message: string): LanegradError {
  return new LanegradError(`internal: ${message}`);
}
