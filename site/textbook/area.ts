// A part of the plane that figures draw in: pixels below, lines and points above.

import { find, make, makeSvg } from '../parts/page.ts';

export type Range = readonly [from: number, to: number];

export interface AreaOptions {
  readonly x: Range;
  readonly y: Range;
  /** Width by height; 1 by default. */
  readonly aspect?: number;
  /** Names of the axes. */
  readonly names: readonly [x: string, y: string];
}

const width = 400;

export class Area {
  readonly #canvas = make('canvas', { aria: { hidden: 'true' } });
  readonly #lines = makeSvg('g');
  readonly #svg: SVGSVGElement;
  readonly #options: AreaOptions;
  readonly #height: number;

  /** @param id of the element that holds it */
  constructor(id: string, options: AreaOptions) {
    this.#options = options;
    this.#height = width / (options.aspect ?? 1);
    this.#svg = makeSvg('svg', { viewBox: `0 0 ${width} ${this.#height}`, role: 'img' });
    this.#svg.append(this.#lines, this.#nameOfAxis(0), this.#nameOfAxis(1));
    const holder = find(id);
    holder.classList.add('area');
    holder.replaceChildren(this.#canvas, this.#svg);
  }

  set label(text: string) {
    this.#svg.setAttribute('aria-label', text);
  }

  atX(x: number): number {
    const [from, to] = this.#options.x;
    return ((x - from) / (to - from)) * width;
  }

  atY(y: number): number {
    const [from, to] = this.#options.y;
    return (1 - (y - from) / (to - from)) * this.#height;
  }

  /** Points of a grid, rows from the top: the middle of each pixel of an image of the area. */
  grid(columns: number): { readonly rows: number; readonly points: [x: number, y: number][] } {
    const rows = Math.round((columns * this.#height) / width);
    const { x, y } = this.#options;
    const points = Array.from({ length: rows * columns }, (_, i): [number, number] => [
      x[0] + (((i % columns) + 0.5) / columns) * (x[1] - x[0]),
      y[1] - ((Math.floor(i / columns) + 0.5) / rows) * (y[1] - y[0]),
    ]);
    return { rows, points };
  }

  paint(image: ImageData): void {
    this.#canvas.width = image.width;
    this.#canvas.height = image.height;
    this.#canvas.getContext('2d')!.putImageData(image, 0, 0);
  }

  clear(): void {
    this.#lines.replaceChildren();
  }

  line(className: string, points: readonly (readonly [x: number, y: number])[]): void {
    const text = points.map(([x, y]) => `${this.atX(x).toFixed(1)},${this.atY(y).toFixed(1)}`);
    this.#lines.append(makeSvg('polyline', { class: className, points: text.join(' ') }));
  }

  point(className: string, x: number, y: number, radius = 5): void {
    this.#lines.append(makeSvg('circle', { class: className, cx: this.atX(x), cy: this.atY(y), r: radius }));
  }

  #nameOfAxis(axis: 0 | 1): SVGTextElement {
    const at =
      axis === 0
        ? { x: width - 6, y: this.#height - 7, 'text-anchor': 'end' }
        : { x: 6, y: 16, 'text-anchor': 'start' };
    const text = makeSvg('text', { ...at, class: 'axis' });
    text.textContent = this.#options.names[axis];
    return text;
  }
}
