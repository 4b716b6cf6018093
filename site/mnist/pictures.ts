// Pictures of digits, and of what looks at them.

import { make, percent } from '../parts/page.ts';
import type { Palette } from '../parts/palette.ts';
import { type Digits, side } from './digits.ts';
import type { Mistake, Weights } from './network.ts';

/** A digit in the page's ink. */
export function digitImage({ images }: Digits, index: number, { ink }: Palette): ImageData {
  const bytes = images.dataSync().subarray(index * side * side, (index + 1) * side * side);
  const image = new ImageData(side, side);
  for (const [i, value] of bytes.entries()) image.data.set([...ink, value], 4 * i);
  return image;
}

/** All pictures of a layer side by side, a gap between them: four rows of twelve, or two of six. */
export function tilesImage({ values, count, side }: Weights, palette: Palette): ImageData {
  const columns = count > 12 ? 12 : 6;
  const gap = Math.ceil(side / 7);
  const step = side + gap;
  const image = new ImageData(columns * step - gap, (count / columns) * step - gap);
  const pixels = new Uint32Array(image.data.buffer);
  let largest = 0;
  for (let i = 0; i < values.length; i++) largest = Math.max(largest, Math.abs(values[i]));
  for (let unit = 0; unit < count; unit++) {
    const at = Math.floor(unit / columns) * step * image.width + (unit % columns) * step;
    for (let y = 0; y < side; y++) {
      for (let x = 0; x < side; x++) {
        const weight = values[(y * side + x) * count + unit];
        pixels[at + y * image.width + x] = palette.pixel((1.6 * weight) / largest);
      }
    }
  }
  return image;
}

/** A place in the list of what is taken for something else. */
export class MistakeItem {
  readonly #item = make('li');
  readonly #context: CanvasRenderingContext2D;
  readonly #words = make('span');
  readonly #sure = make('span', { className: 'note' });
  /** What is drawn. */
  #drawn: readonly unknown[] = [];

  constructor(list: HTMLElement) {
    const canvas = make('canvas', { width: side, height: side, aria: { hidden: 'true' } });
    this.#context = canvas.getContext('2d')!;
    this.#item.append(canvas, this.#words, this.#sure);
    this.#item.hidden = true;
    list.append(this.#item);
  }

  show(mistake: Mistake | undefined, digits: Digits, palette: Palette): void {
    this.#item.hidden = mistake === undefined;
    if (!mistake) return;
    const { index, truth, taken, probability } = mistake;
    this.#words.textContent = `${truth} taken for ${taken}`;
    this.#sure.textContent = percent(probability);
    const drawn = [index, palette];
    if (drawn.every((each, i) => each === this.#drawn[i])) return;
    this.#drawn = drawn;
    this.#context.putImageData(digitImage(digits, index, palette), 0, 0);
  }
}
