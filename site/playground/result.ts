// The large picture: what a unit says of the plane, with the samples on it.

import type { Palette } from '../parts/palette.ts';
import { type Plane, planeImage } from '../parts/plane.ts';
import { extent, type Points } from './messages.ts';

const pixels = 640;

export interface ResultOptions {
  readonly isSharp: boolean;
  readonly showsTest: boolean;
}

export class Result {
  readonly #context: CanvasRenderingContext2D;
  readonly #small = new OffscreenCanvas(1, 1).getContext('2d')!;

  constructor(canvas: HTMLCanvasElement) {
    canvas.width = pixels;
    canvas.height = pixels;
    this.#context = canvas.getContext('2d')!;
  }

  draw(plane: Plane, points: Points, palette: Palette, { isSharp, showsTest }: ResultOptions): void {
    const { resolution } = plane;
    this.#small.canvas.width = resolution;
    this.#small.canvas.height = resolution;
    this.#small.putImageData(planeImage(plane, palette, isSharp), 0, 0);
    const context = this.#context;
    context.imageSmoothingEnabled = true;
    context.imageSmoothingQuality = 'high';
    context.drawImage(this.#small.canvas, 0, 0, pixels, pixels);
    const count = showsTest ? points.value.length : points.training;
    for (let i = 0; i < count; i++) this.#dot(points, i, palette);
  }

  /** Samples to train with are filled, those to test with are rings. */
  #dot({ x, y, value, training }: Points, i: number, palette: Palette): void {
    const context = this.#context;
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
