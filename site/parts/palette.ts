// The page's colours as numbers: from negative through zero to positive, for pictures made pixel by pixel.

export type Rgb = readonly [red: number, green: number, blue: number];

const steps = 256;

function colorNamed(name: string): Rgb {
  const text = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const color = Number.parseInt(text.slice(1), 16);
  return [color >> 16, (color >> 8) & 255, color & 255];
}

export class Palette {
  readonly positive = colorNamed('--positive');
  readonly negative = colorNamed('--negative');
  readonly zero = colorNamed('--zero');
  readonly ink = colorNamed('--ink');
  readonly surface = colorNamed('--surface');
  /** Colours of −1 to 1, as pixels of an ImageData. */
  readonly #pixels = new Uint32Array(steps + 1);

  constructor() {
    const bytes = new Uint8ClampedArray(this.#pixels.buffer);
    for (let i = 0; i <= steps; i++) {
      const value = (2 * i) / steps - 1;
      const end = value < 0 ? this.negative : this.positive;
      // A little more colour in the middle than a straight line gives, so that a boundary is a thin one.
      const share = Math.abs(value) ** 0.8 * 0.8;
      for (let j = 0; j < 3; j++) bytes[4 * i + j] = this.zero[j] + (end[j] - this.zero[j]) * share;
      bytes[4 * i + 3] = 255;
    }
  }

  /** @param value −1 to 1; what is beyond has the colour of the end */
  pixel(value: number): number {
    return this.#pixels[Math.round((Math.max(-1, Math.min(1, value)) + 1) * (steps / 2))];
  }

  /** A line's colour for a weight. */
  line(value: number, alpha: number): string {
    return `rgb(${(value < 0 ? this.negative : this.positive).join(' ')} / ${alpha.toFixed(3)})`;
  }
}
