// Colours that people who see few of them can tell apart, on light and on dark pages.

/** M. Okabe and K. Ito, "Color Universal Design", 2008, without black and yellow. */
const classes = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#8f6d3a'];

/** The colour of a class or of a line. */
export const colorOf = (index: number): string => classes[index % classes.length];

export type Rgb = readonly [red: number, green: number, blue: number];

export const rgbOf = (index: number): Rgb => {
  const color = Number.parseInt(colorOf(index).slice(1), 16);
  return [color >> 16, (color >> 8) & 255, color & 255];
};

const white: Rgb = [255, 255, 255];

/** A colour mixed with white. @param share 0 for white, 1 for the colour */
export function mixed(color: Rgb, share: number): Rgb {
  const part = (i: number) => Math.round(white[i] + (color[i] - white[i]) * share);
  return [part(0), part(1), part(2)];
}

/** Negative to positive, −1 to 1: from orange through white to blue. */
export const diverging = (value: number): Rgb =>
  mixed(rgbOf(value < 0 ? 1 : 0), Math.min(1, Math.abs(value)));

/** 0 to 1: from black to white. */
export function gray(value: number): Rgb {
  const level = Math.round(255 * Math.min(1, Math.max(0, value)));
  return [level, level, level];
}
