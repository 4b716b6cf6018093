// Curves that grow while a network trains, on a logarithmic scale.

import { makeSvg, short, superscript } from './page.ts';

export interface Series {
  readonly name: string;
  /** A class of the style sheet, which gives the line its colour. */
  readonly className: string;
}

const size = { width: 340, height: 150 } as const;
const area = { left: 38, right: 12, top: 10, bottom: 22 } as const;
/** Above it, every second point is forgotten. */
const mostPoints = 480;

export class LineChart {
  readonly #series: readonly Series[];
  readonly #lines: SVGPolylineElement[];
  readonly #ticks = makeSvg('g', { class: 'ticks' });
  readonly #svg: SVGSVGElement;
  readonly #unit: string;
  #x: number[] = [];
  #y: number[][] = [];
  /** How many points that are added are one of the chart. */
  #every = 1;
  #added = 0;

  /** @param unit what is counted along the horizontal axis */
  constructor(holder: Element, series: readonly Series[], unit: string) {
    this.#series = series;
    this.#unit = unit;
    const viewBox = `0 0 ${size.width} ${size.height}`;
    this.#svg = makeSvg('svg', { viewBox, class: 'line-chart', role: 'img' });
    this.#lines = series.map(({ className }) => makeSvg('polyline', { class: className }));
    this.#svg.append(this.#ticks, ...this.#lines);
    holder.replaceChildren(this.#svg);
    this.clear();
  }

  clear(): void {
    this.#x = [];
    this.#y = this.#series.map(() => []);
    this.#every = 1;
    this.#added = 0;
    this.draw();
  }

  add(x: number, values: readonly number[]): void {
    if (this.#added++ % this.#every !== 0) return;
    this.#x.push(x);
    for (const [i, value] of values.entries()) this.#y[i].push(value);
    if (this.#x.length <= mostPoints) return;
    const isEven = (_: number, i: number) => i % 2 === 0;
    this.#x = this.#x.filter(isEven);
    this.#y = this.#y.map((values) => values.filter(isEven));
    this.#every *= 2;
  }

  draw(): void {
    const values = this.#y.flat().filter((value) => value > 0 && Number.isFinite(value));
    const [least, most] = values.length > 0 ? [Math.min(...values), Math.max(...values)] : [0.1, 1];
    const from = Math.floor(Math.log10(Math.max(least, 1e-7)) * 2) / 2;
    const to = Math.max(from + 0.5, Math.ceil(Math.log10(most) * 2 - 0.001) / 2);
    const last = Math.max(1, this.#x.at(-1) ?? 1);
    const atX = (x: number) => area.left + (x / last) * (size.width - area.left - area.right);
    const atY = (value: number) => {
      const share = (Math.log10(Math.max(value, 1e-7)) - from) / (to - from);
      return area.top + (1 - share) * (size.height - area.top - area.bottom);
    };
    this.#drawTicks(from, to, last, atY);
    for (const [i, line] of this.#lines.entries()) {
      const points = this.#x.map((x, j) => `${atX(x).toFixed(1)},${atY(this.#y[i][j]).toFixed(1)}`);
      line.setAttribute('points', points.join(' '));
    }
    const said = this.#series.map(({ name }, i) => `${name} ${short(this.#y[i].at(-1) ?? Number.NaN)}`);
    this.#svg.setAttribute('aria-label', `${said.join(', ')}, after ${this.#x.at(-1) ?? 0} ${this.#unit}`);
  }

  #drawTicks(from: number, to: number, last: number, atY: (value: number) => number): void {
    const parts: SVGElement[] = [];
    const text = (content: string, x: number, y: number, anchor: string) => {
      const element = makeSvg('text', { x, y, 'text-anchor': anchor });
      element.textContent = content;
      parts.push(element);
    };
    const step = to - from > 2 ? 1 : 0.5;
    for (let power = Math.ceil(from / step) * step; power <= to + 1e-9; power += step) {
      const y = atY(10 ** power);
      parts.push(makeSvg('line', { x1: area.left, x2: size.width - area.right, y1: y, y2: y }));
      text(
        power < -3 ? `10${superscript(power)}` : String(Number((10 ** power).toPrecision(1))),
        area.left - 6,
        y + 3.5,
        'end',
      );
    }
    text('0', area.left, size.height - 5, 'start');
    text(`${last.toLocaleString('en')} ${this.#unit}`, size.width - area.right, size.height - 5, 'end');
    this.#ticks.replaceChildren(...parts);
  }
}
