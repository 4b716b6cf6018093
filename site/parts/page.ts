// Finding elements of a page, making new ones, and telling screen readers what happened.

/** The element with this id. */
export function find<T extends Element = HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (!found) throw new Error(`The page has no #${id}.`);
  return found as unknown as T;
}

type Properties<T> = Partial<Omit<T, 'style' | 'dataset'>> & { readonly aria?: Record<string, string> };

/** A new element: properties, aria attributes, children. */
export function make<K extends keyof HTMLElementTagNameMap>(
  name: K,
  { aria = {}, ...properties }: Properties<HTMLElementTagNameMap[K]> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = Object.assign(document.createElement(name), properties);
  for (const [key, value] of Object.entries(aria)) element.setAttribute(`aria-${key}`, value);
  element.append(...children);
  return element;
}

export function makeSvg<K extends keyof SVGElementTagNameMap>(
  name: K,
  attributes: Readonly<Record<string, string | number>> = {},
): SVGElementTagNameMap[K] {
  const element = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  return element;
}

/** Three digits, or powers of ten where there are too many zeros. */
export function short(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size < 0.001 || size >= 1e9) return value.toExponential(1);
  return size < 1000 ? value.toPrecision(3) : value.toLocaleString('en', { maximumSignificantDigits: 3 });
}

/** An exponent, as of 10⁻³. */
export const superscript = (power: number): string =>
  String(power).replace(/[-\d.]/g, (letter) => '⁻⁰¹²³⁴⁵⁶⁷⁸⁹·'['-0123456789.'.indexOf(letter)]);

export const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** Whether the visitor asked for less movement. */
export const isCalm = (): boolean => matchMedia('(prefers-reduced-motion: reduce)').matches;

/** Until the page is drawn again. */
export const nextFrame = (): Promise<unknown> => new Promise(requestAnimationFrame);

/** Calls back when the colours of the page change. */
export function onThemeChange(draw: () => void): void {
  document.documentElement.addEventListener('themechange', draw);
}
