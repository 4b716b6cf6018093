// The large picture: what a unit says of the plane, with the samples on it.

import { make } from '../parts/page.ts';
import type { Palette } from '../parts/palette.ts';
import { type Plane, planeImage } from '../parts/plane.ts';
import { extent, type Points } from './messages.ts';

const pixels = 640;

interface ResultOptions {
  readonly isSharp: boolean;
  readonly showsTest: boolean;
}

/** Two canvases: the plane, which changes with every frame and is scaled by the browser, and the samples above it. */
export class Result {
  readonly #plane: CanvasRenderingContext2D;
  readonly #dots: CanvasRenderingContext2D;
  /** What the samples that are drawn were drawn of. */
  #drawn: readonly unknown[] = [];

  constructor(holder: HTMLElement) {
    const [plane, dots] = [1, pixels].map((size) => make('canvas', { width: size, height: size }));
    holder.replaceChildren(plane, dots);
    this.#plane = plane.getContext('2d')!;
    this.#dots = dots.getContext('2d')!;
  }

  draw(plane: Plane, points: Points, palette: Palette, { isSharp, showsTest }: ResultOptions): void {
    const { canvas } = this.#plane;
    if (canvas.width !== plane.resolution) canvas.width = canvas.height = plane.resolution;
    this.#plane.putImageData(planeImage(plane, palette, isSharp), 0, 0);
    const drawn = [points, palette, showsTest];
    if (drawn.every((each, i) => each === this.#drawn[i])) return;
    this.#drawn = drawn;
    this.#dots.clearRect(0, 0, pixels, pixels);
    const count = showsTest ? points.value.length : points.training;
    for (let i = 0; i < count; i++) this.#dot(points, i, palette);
  }

  /** Samples to train with are filled, those to test with are rings. */
  #dot({ x, y, value, training }: Points, i: number, palette: Palette): void {
    const context = this.#dots;
    const at = (v: number) => ((v + extent) / (2 * extent)) * pixels;
    context.beginPath();
    context.arc(at(x[i]), at(-y[i]), 6, 0, 2 * Math.PI);
    const isTraining = i < training;
    context.fillStyle = isTraining
      ? palette.line(value[i], 0.35 + 0.65 * Math.abs(value[i]))
      : palette.line(value[i], 0.15);
    context.strokeStyle = isTraining ? `rgb(${palette.surface.join(' ')})` : palette.line(value[i], 1);
    context.lineWidth = isTraining ? 1.8 : 2.4;
    context.fill();
    context.stroke();
  }
}
