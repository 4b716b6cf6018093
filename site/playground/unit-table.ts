// A unit in numbers: where its inputs come from, their weights, and the gradients of these.

import { make, short } from '../parts/page.ts';
import { gradientOf, type UnitPlace } from './diagram.ts';
import type { Frame } from './messages.ts';
import { features, type Settings } from './settings.ts';

export const unitName = ({ layer, unit }: UnitPlace, settings: Settings): string => {
  if (layer < 0) return `Feature ${Object.values(features)[unit].label}`;
  return layer === settings.layers.length ? 'Output' : `Layer ${layer + 1}, unit ${unit + 1}`;
};

export class UnitTable {
  readonly #title: HTMLElement;
  readonly #body: HTMLElement;
  readonly #summary: HTMLElement;
  #rows: HTMLElement[][] = [];
  #shown = '';

  constructor(title: HTMLElement, body: HTMLElement, summary: HTMLElement) {
    this.#title = title;
    this.#body = body;
    this.#summary = summary;
  }

  draw(frame: Frame, settings: Settings, place: UnitPlace): void {
    const { kernel, bias, kernelGradient, biasGradient, units } = frame.layers[place.layer];
    const { layer, unit } = place;
    const sources = this.#sources(settings, layer);
    const shown = `${layer} ${unit} ${sources.join()}`;
    if (shown !== this.#shown) this.#rebuild(unitName(place, settings), [...sources, 'bias']);
    this.#shown = shown;
    for (const [i, [weight, gradient]] of this.#rows.entries()) {
      const at = i * units + unit;
      const isBias = i === sources.length;
      weight.textContent = short(isBias ? bias[unit] : kernel[at]);
      gradient.textContent = short(isBias ? biasGradient[unit] : kernelGradient[at]);
    }
    this.#summary.textContent = short(gradientOf(frame, place));
  }

  #sources({ layers, features: chosen }: Settings, layer: number): string[] {
    if (layer === 0) return chosen.map((name) => features[name].label);
    return Array.from({ length: layers[layer - 1] }, (_, i) => `unit ${i + 1}`);
  }

  #rebuild(name: string, sources: readonly string[]): void {
    this.#title.textContent = name;
    this.#rows = sources.map(() => [make('td'), make('td')]);
    const rows = sources.map((source, i) => make('tr', {}, rowHeading(source), ...this.#rows[i]));
    this.#body.replaceChildren(...rows);
  }
}

const rowHeading = (text: string) => make('th', { textContent: text, scope: 'row' });
