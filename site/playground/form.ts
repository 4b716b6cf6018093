// The playground's form: settings into its fields, and what somebody changed out of them.

import { find } from '../parts/page.ts';
import { defaults, limits, type Settings } from './settings.ts';

/** Fields that are numbers, and what is written beside their names. */
const shownBeside: Readonly<Record<string, (value: string) => string>> = {
  noise: (value) => value,
  trainShare: (value) => `${value} %`,
  samples: (value) => value,
  batchSize: (value) => value,
};

const fields = [
  'data',
  'samples',
  'noise',
  'trainShare',
  'activation',
  'optimizer',
  'learningRate',
  'batchSize',
  'regularization',
  'regularizationRate',
] as const;

type Field = (typeof fields)[number];

const isField = (name: string): name is Field => (fields as readonly string[]).includes(name);

/** What the field of this name says; undefined where no setting has it. */
export function readForm(
  form: HTMLFormElement,
  name: string,
  settings: Settings,
): Partial<Settings> | undefined {
  if (!isField(name)) return undefined;
  const { value } = form.elements.namedItem(name) as RadioNodeList | HTMLInputElement;
  return { [name]: typeof settings[name] === 'number' ? Number(value) : value };
}

export function showSettings(form: HTMLFormElement, settings: Settings): void {
  for (const name of fields) {
    const field = form.elements.namedItem(name) as RadioNodeList | HTMLInputElement | HTMLSelectElement;
    field.value = String(settings[name]);
    // An address may ask for what the list does not have.
    if (field instanceof HTMLSelectElement && field.selectedIndex < 0) field.value = String(defaults[name]);
    const beside = shownBeside[name];
    if (beside) find(`${name}-value`).textContent = beside(field.value);
  }
  const { layers, seed, regularization } = settings;
  find<HTMLSelectElement>('regularizationRate').disabled = regularization === 'none';
  find('layer-count').textContent = String(layers.length);
  find('seed').textContent = String(seed);
  find<HTMLButtonElement>('fewer-layers').disabled = layers.length === 0;
  find<HTMLButtonElement>('more-layers').disabled = layers.length === limits.layers;
}
