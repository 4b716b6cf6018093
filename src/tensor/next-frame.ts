type Wait = (then: () => void) => unknown;

/** Resolves when the page is about to draw; where nothing is drawn, after the event loop had a turn. */
export function nextFrame(): Promise<void> {
  const { requestAnimationFrame: wait = setTimeout } = globalThis as { requestAnimationFrame?: Wait };
  return new Promise((resolve) => void wait(() => resolve()));
}
