// The network as the page shows it: columns of units, each a picture of what it says, and lines between them.

import { make } from '../parts/page.ts';
import type { Palette } from '../parts/palette.ts';
import { type Plane, planeImage, scaleOf } from '../parts/plane.ts';
import { drawLinks, type Link } from './links.ts';
import { type Frame, resolution } from './messages.ts';
import { type Feature, features, limits, type Settings } from './settings.ts';

/** A unit by its layer and its place there; layer −1 are the features. */
export interface UnitPlace {
  readonly layer: number;
  readonly unit: number;
}

interface DiagramEvents {
  toggleFeature(feature: Feature): void;
  setUnits(layer: number, units: number): void;
  /** The unit that is looked at; undefined when it is none any more. */
  look(place: UnitPlace | undefined): void;
  select(place: UnitPlace): void;
  /** The lines have to be drawn again. */
  resized(): void;
}

interface Tile {
  readonly button: HTMLButtonElement;
  readonly context: CanvasRenderingContext2D;
  readonly bar: HTMLElement | undefined;
}

const names = Object.keys(features) as Feature[];

/** What a unit says of the plane; of the output of a classifier, −1 to 1. */
export function planeOf(
  frame: Frame,
  planes: readonly Float32Array[],
  place: UnitPlace,
  isClassified: boolean,
): Plane {
  if (place.layer < 0) {
    return { values: planes[place.unit], offset: 0, stride: 1, resolution, scale: 6 };
  }
  const { plane, units } = frame.layers[place.layer];
  const isOutput = place.layer === frame.layers.length - 1;
  if (isOutput && isClassified) {
    const values = plane.map((p) => 2 * p - 1);
    return { values, offset: 0, stride: 1, resolution, scale: 1 };
  }
  const part = { values: plane, offset: place.unit, stride: units, resolution };
  return { ...part, scale: isOutput ? 1 : scaleOf(part) };
}

/** A gradient's length on a scale of eight powers of ten, 0 to 1. */
const lengthOf = (size: number): number => Math.max(0.02, Math.min(1, (Math.log10(size + 1e-12) + 7) / 7));

/** Pixels that lines are drawn with, to one of the page. */
const lineScale = () => Math.min(2, devicePixelRatio);

export class Diagram {
  readonly #root: HTMLElement;
  readonly #canvas: HTMLCanvasElement;
  readonly #events: DiagramEvents;
  #columns: Tile[][] = [];
  #settings!: Settings;
  #links: Link[] = [];
  /** Of which the features' pictures are, which do not change in training. */
  #painted: { readonly planes: readonly Float32Array[]; readonly palette: Palette } | undefined;

  constructor(root: HTMLElement, events: DiagramEvents) {
    this.#root = root;
    this.#events = events;
    this.#canvas = make('canvas', { className: 'links', aria: { hidden: 'true' } });
    new ResizeObserver(() => {
      this.#measure();
      events.resized();
    }).observe(root);
  }

  /** Makes the columns anew; what had the focus has it again. */
  rebuild(settings: Settings): void {
    const focused = document.activeElement?.id;
    this.#settings = settings;
    this.#columns = [];
    this.#painted = undefined;
    const columns = [
      this.#featureColumn(),
      ...settings.layers.map((units, layer) => this.#layerColumn(units, layer)),
      this.#outputColumn(settings.layers.length),
    ];
    this.#root.replaceChildren(this.#canvas, ...columns);
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
    this.#measure();
  }

  select(place: UnitPlace | undefined): void {
    for (const [i, column] of this.#columns.entries()) {
      if (i === 0) continue;
      for (const [unit, { button }] of column.entries()) {
        button.setAttribute('aria-pressed', String(place?.layer === i - 1 && place.unit === unit));
      }
    }
  }

  /** What each unit says. */
  drawUnits(frame: Frame, planes: readonly Float32Array[], palette: Palette): void {
    const isClassified = !Number.isNaN(frame.trainingAccuracy);
    const areFeaturesPainted = this.#painted?.planes === planes && this.#painted.palette === palette;
    this.#painted = { planes, palette };
    for (const [i, column] of this.#columns.entries()) {
      if (i === 0 && areFeaturesPainted) continue;
      for (const [unit, { context }] of column.entries()) {
        const plane = planeOf(frame, planes, { layer: i - 1, unit }, isClassified);
        context.putImageData(planeImage(plane, palette), 0, 0);
      }
    }
  }

  /** The length of each unit's gradient. */
  drawBars(frame: Frame): void {
    for (const [i, column] of this.#columns.entries()) {
      for (const [unit, { bar }] of column.entries()) {
        bar?.style.setProperty('--length', lengthOf(gradientOf(frame, { layer: i - 1, unit })).toFixed(3));
      }
    }
  }

  /** @param phase how far what flows along the lines has come, in pixels */
  drawLines(frame: Frame, palette: Palette, ofGradients: boolean, phase: number): void {
    this.#weigh(frame, ofGradients);
    drawLinks(this.#canvas, this.#links, lineScale(), palette, phase);
  }

  #weigh({ layers }: Frame, ofGradients: boolean): void {
    const strongest = layers.map(({ kernelGradient }) => Math.max(1e-12, ...kernelGradient.map(Math.abs)));
    for (const link of this.#links) {
      const { kernel, kernelGradient, units } = layers[link.layer];
      const at = link.from * units + link.to;
      // Gradients of a layer are compared with each other alone.
      link.weight = ofGradients ? (2 * kernelGradient[at]) / strongest[link.layer] : kernel[at];
    }
  }

  /** Where the lines begin and end. */
  #measure(): void {
    const origin = this.#root.getBoundingClientRect();
    const { scrollLeft, scrollWidth, clientHeight } = this.#root;
    const scale = lineScale();
    this.#canvas.width = 0;
    Object.assign(this.#canvas, { width: scrollWidth * scale, height: clientHeight * scale });
    this.#canvas.style.width = `${scrollWidth}px`;
    this.#canvas.style.height = `${clientHeight}px`;
    const boxes = this.#columns.map((column) =>
      column.map(({ button }) => button.querySelector('canvas')!.getBoundingClientRect()),
    );
    this.#links = [];
    for (let layer = 0; layer + 1 < boxes.length; layer++) {
      const sources = this.#sourcesOf(layer);
      for (const [from, source] of sources.entries()) {
        for (const [to, box] of boxes[layer + 1].entries()) {
          const start = boxes[layer][source];
          this.#links.push({
            ...{ layer, from, to, weight: 0 },
            x1: start.right - origin.left + scrollLeft,
            y1: start.top + start.height / 2 - origin.top,
            x2: box.left - origin.left + scrollLeft,
            y2: box.top + box.height / 2 - origin.top,
          });
        }
      }
    }
  }

  /** Of the units of a column, those that the next layer reads. */
  #sourcesOf(column: number): number[] {
    if (column > 0) return [...this.#columns[column].keys()];
    return this.#settings.features.map((name) => names.indexOf(name));
  }

  #featureColumn(): HTMLElement {
    const tiles = names.map((name, unit) => {
      const isOn = this.#settings.features.includes(name);
      const tile = this.#tile(
        { layer: -1, unit },
        `feature-${name}`,
        `Feature ${features[name].label}`,
        false,
      );
      tile.button.prepend(make('span', { className: 'feature' }, features[name].label));
      tile.button.setAttribute('aria-pressed', String(isOn));
      tile.button.addEventListener('click', () => this.#events.toggleFeature(name));
      return tile;
    });
    return this.#column(
      'Features',
      make('p', { className: 'note' }, `${this.#settings.features.length} of 7`),
      tiles,
    );
  }

  #layerColumn(units: number, layer: number): HTMLElement {
    const stepper = (by: number, sign: string, name: string) => {
      const button = make('button', {
        ...{
          type: 'button',
          className: 'round',
          textContent: sign,
          id: `layer-${layer}-${by < 0 ? 'less' : 'more'}`,
        },
        disabled: units + by < 1 || units + by > limits.units,
        aria: { label: `${name} unit in layer ${layer + 1}` },
      });
      button.addEventListener('click', () => this.#events.setUnits(layer, units + by));
      return button;
    };
    const count = make('output', { className: 'number' }, String(units));
    const steppers = make(
      'p',
      { className: 'stepper' },
      stepper(-1, '−', 'Remove a'),
      count,
      stepper(1, '+', 'Add a'),
    );
    const tiles = Array.from({ length: units }, (_, unit) => this.#unitTile({ layer, unit }));
    return this.#column(`Layer ${layer + 1}`, steppers, tiles);
  }

  #outputColumn(layer: number): HTMLElement {
    const note = make('p', { className: 'note' }, '1 unit');
    return this.#column('Output', note, [this.#unitTile({ layer, unit: 0 })]);
  }

  #unitTile(place: UnitPlace): Tile {
    const { layer, unit } = place;
    const isOutput = layer === this.#settings.layers.length;
    const name = isOutput ? 'Output unit' : `Layer ${layer + 1}, unit ${unit + 1}`;
    const tile = this.#tile(place, `unit-${layer}-${unit}`, name, true);
    tile.button.setAttribute('aria-pressed', 'false');
    tile.button.addEventListener('click', () => this.#events.select(place));
    return tile;
  }

  #tile(place: UnitPlace, id: string, name: string, hasBar: boolean): Tile {
    const canvas = make('canvas', { width: resolution, height: resolution, aria: { hidden: 'true' } });
    const bar = hasBar ? make('i', { className: 'gradient' }) : undefined;
    const button = make('button', { type: 'button', className: 'tile', id, aria: { label: name } }, canvas);
    if (bar) button.append(bar);
    const look = () => this.#events.look(place);
    const leave = () => this.#events.look(undefined);
    button.addEventListener('pointerenter', look);
    button.addEventListener('pointerleave', leave);
    button.addEventListener('focus', look);
    button.addEventListener('blur', leave);
    return { button, context: canvas.getContext('2d')!, bar };
  }

  #column(title: string, below: HTMLElement, tiles: Tile[]): HTMLElement {
    this.#columns.push(tiles);
    const heading = make('header', {}, make('h3', {}, title), below);
    const list = make('div', { className: 'units' }, ...tiles.map(({ button }) => button));
    return make('section', { className: 'column', aria: { label: title } }, heading, list);
  }
}

/** The length of the gradient by all that a unit has learned. */
export function gradientOf({ layers }: Frame, { layer, unit }: UnitPlace): number {
  const { kernelGradient, biasGradient, units } = layers[layer];
  let sum = biasGradient[unit] ** 2;
  for (let i = unit; i < kernelGradient.length; i += units) sum += kernelGradient[i] ** 2;
  return Math.sqrt(sum);
}
