// SVG as text: elements, and the picture around them.

export type Attributes = Readonly<Record<string, string | number | undefined>>;

/** What a picture may be told. Sizes are in pixels. */
export interface PlotOptions {
  /** Stands above the picture, and is what a screen reader says. */
  readonly title?: string;
  readonly width?: number;
  readonly height?: number;
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Characters that XML does not know. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const unspeakable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

const escaped = (text: string): string =>
  text.replace(unspeakable, '').replace(/[&<>"]/g, (letter) => entities[letter]);

/** Two decimals: a hundredth of a pixel. */
const short = (value: string | number): string =>
  typeof value === 'number' ? String(Math.round(value * 100) / 100) : escaped(value);

/** An element. Attributes that are undefined are left out; children are elements. */
export function element(name: string, attributes: Attributes, ...children: readonly string[]): string {
  let tag = `<${name}`;
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined) tag += ` ${key}="${short(value)}"`;
  }
  return children.length > 0 ? `${tag}>${children.join('')}</${name}>` : `${tag}/>`;
}

/** A text at a point; `text-anchor` says which end of it is there. */
export const label = (content: string, x: number, y: number, attributes: Attributes = {}): string =>
  element('text', { x, y, ...attributes }, escaped(content));

/** What a pointer that rests on the element around it is told. */
export const hint = (content: string): string => element('title', {}, escaped(content));

/** Room above a picture for its title. */
const titleHeight = 28;

/**
 * The picture. Text and lines take the colour of the text around it, so that it fits pages light and dark.
 * @param title what is said of it where there is no title to show
 */
export function picture(
  width: number,
  height: number,
  { title }: PlotOptions,
  description: string,
  ...children: readonly string[]
): string {
  const top = title === undefined ? 0 : titleHeight;
  const heading = title === undefined ? [] : [label(title, 12, 19, { 'font-size': 14, 'font-weight': 600 })];
  return element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      viewBox: `0 0 ${short(width)} ${short(height + top)}`,
      width,
      height: height + top,
      role: 'img',
      'aria-label': title ?? description,
      fill: 'currentColor',
      'font-family': 'system-ui, sans-serif',
      'font-size': 11,
    },
    ...heading,
    element('g', { transform: top > 0 ? `translate(0 ${top})` : undefined }, ...children),
  );
}
