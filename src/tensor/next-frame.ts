/** Resolves after the event loop had a turn, so that a page can draw. */
export function nextFrame(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
