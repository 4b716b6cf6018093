// A canvas to draw a digit on, and the digit as MNIST has them: 20 pixels high or wide, its centre of mass in the middle.

import { side } from './digits.ts';

type Point = readonly [x: number, y: number];

const digitSize = 20;
/** Of a stroke, in pixels of the digit. */
const ink = 2.1;

export class Pad {
  readonly #context: CanvasRenderingContext2D;
  readonly #onChange: () => void;
  #strokes: Point[][] = [];

  constructor(canvas: HTMLCanvasElement, onChange: () => void) {
    this.#context = canvas.getContext('2d')!;
    this.#onChange = onChange;
    const at = ({ offsetX, offsetY }: PointerEvent): Point => [
      (offsetX / canvas.clientWidth) * canvas.width,
      (offsetY / canvas.clientHeight) * canvas.height,
    ];
    canvas.addEventListener('pointerdown', (event) => {
      canvas.setPointerCapture(event.pointerId);
      this.#strokes.push([at(event)]);
    });
    canvas.addEventListener('pointermove', (event) => {
      if (event.buttons === 0 || this.#strokes.length === 0) return;
      this.#strokes.at(-1)!.push(at(event));
      this.draw();
      this.#onChange();
    });
  }

  clear(): void {
    this.#strokes = [];
    this.draw();
  }

  /** Shows an image in place of what was drawn. */
  show(image: ImageData): void {
    this.clear();
    const small = new OffscreenCanvas(side, side);
    small.getContext('2d')!.putImageData(image, 0, 0);
    const { canvas } = this.#context;
    this.#context.drawImage(small, 0, 0, canvas.width, canvas.height);
  }

  draw(): void {
    const { canvas } = this.#context;
    this.#context.clearRect(0, 0, canvas.width, canvas.height);
    this.#context.strokeStyle = getComputedStyle(canvas).color;
    trace(this.#context, this.#strokes, canvas.width / 14);
  }

  /** 28 × 28 bytes; undefined where nothing is drawn. */
  read(): Uint8Array | undefined {
    const points = this.#strokes.flat();
    if (points.length < 2) return undefined;
    const [left, right] = rangeOf(points.map(([x]) => x));
    const [top, bottom] = rangeOf(points.map(([, y]) => y));
    const scale = (digitSize - ink) / Math.max(right - left, bottom - top, 1);
    const centred = (dx: number, dy: number): Uint8Array => {
      const small = new OffscreenCanvas(side, side).getContext('2d')!;
      small.strokeStyle = '#fff';
      const middle = (from: number, to: number, v: number) => (v - (from + to) / 2) * scale + side / 2;
      const moved = this.#strokes.map((stroke) =>
        stroke.map(([x, y]): Point => [middle(left, right, x) + dx, middle(top, bottom, y) + dy]),
      );
      trace(small as never, moved, ink);
      const { data } = small.getImageData(0, 0, side, side);
      return Uint8Array.from({ length: side * side }, (_, i) => data[4 * i + 3]);
    };
    const [x, y] = massCentre(centred(0, 0));
    return centred(side / 2 - x, side / 2 - y);
  }
}

function trace(
  context: CanvasRenderingContext2D,
  strokes: readonly (readonly Point[])[],
  width: number,
): void {
  Object.assign(context, { lineWidth: width, lineCap: 'round', lineJoin: 'round' });
  for (const stroke of strokes) {
    context.beginPath();
    for (const point of stroke) context.lineTo(...point);
    context.stroke();
  }
}

const rangeOf = (values: readonly number[]) => [Math.min(...values), Math.max(...values)] as const;

function massCentre(pixels: Uint8Array): readonly [number, number] {
  let [mass, x, y] = [0, 0, 0];
  for (const [i, value] of pixels.entries()) {
    mass += value;
    x += value * ((i % side) + 0.5);
    y += value * (Math.floor(i / side) + 0.5);
  }
  return mass > 0 ? [x / mass, y / mass] : [side / 2, side / 2];
}
