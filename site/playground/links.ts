// The lines of the diagram: as wide, and of the colour, as the weight they stand for.

import type { Palette } from '../parts/palette.ts';

export interface Link {
  /** The layer whose weight it is, and the weight's place in the kernel. */
  readonly layer: number;
  readonly from: number;
  readonly to: number;
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
  weight: number;
}

const dash = [7, 5];
/** Weights that are smaller are thin lines, on which nobody sees dashes, which cost most of the drawing. */
const leastDashed = 0.1;

/**
 * @param scale pixels of the canvas to one of the page
 * @param phase how far the dashes have come, in pixels; lines are whole where it is 0
 */
export function drawLinks(
  canvas: HTMLCanvasElement,
  links: readonly Link[],
  scale: number,
  palette: Palette,
  phase: number,
): void {
  const context = canvas.getContext('2d')!;
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, canvas.width / scale, canvas.height / scale);
  context.lineDashOffset = -phase;
  for (const { x1, y1, x2, y2, weight } of links) {
    const strength = Math.min(1, Math.abs(weight) / 2);
    const bend = Math.min(60, (x2 - x1) / 2);
    context.setLineDash(phase > 0 && strength >= leastDashed ? dash : []);
    context.beginPath();
    context.moveTo(x1, y1);
    context.bezierCurveTo(x1 + bend, y1, x2 - bend, y2, x2, y2);
    context.lineWidth = 0.6 + 4.4 * strength;
    context.strokeStyle = palette.line(weight, 0.18 + 0.72 * strength);
    context.stroke();
  }
}
