// The page for a table of one's own: from a file to a trained model that can be downloaded.

import type * as tf from 'lanegrad';
import { hideFailure, showFailure } from '../parts/failure.ts';
import { onGivenFile } from '../parts/given-file.ts';
import { find, make, short } from '../parts/page.ts';
import { exampleFile } from './examples.ts';
import { makeSamples, type Samples } from './samples.ts';
import { type Column, isOfClasses, type Kind, readTable, type Table } from './table.ts';
import { curves, judge, makeModel, type TrainingOptions, train } from './training.ts';

const kinds: Readonly<Record<Kind, string>> = {
  number: 'a number',
  category: 'a category',
  ignored: 'left out',
};
/** Rows that are shown of a table. */
const shownValues = 3;

const form = find<HTMLFormElement>('table');
const said = find('said');

let table: Table | undefined;
let trained: tf.Sequential | undefined;
let stop: AbortController | undefined;

async function open(file: File): Promise<void> {
  stop?.abort();
  try {
    show(await readTable(file.name, file));
  } catch (error) {
    showFailure(error);
  }
}

function show(read: Table): void {
  table = read;
  const target = read.columns.findLast(({ kind }) => kind !== 'ignored') ?? read.columns[0];
  hideFailure();
  find('columns').replaceChildren(...read.columns.map((column, i) => rowOf(column, i, column === target)));
  for (const id of ['columns-panel', 'training-panel']) find(id).hidden = false;
  find('results').hidden = true;
  const about = `${read.name}: ${read.rows.toLocaleString('en')} rows, ${read.columns.length} columns.`;
  find('about').textContent = about;
  said.textContent = about;
  tellTask();
}

function rowOf(column: Column, i: number, isTarget: boolean): HTMLElement {
  const { name, kind, values, distinct, missing } = column;
  const isNumeric = values.every((value) => value === undefined || typeof value === 'number');
  const target = make('input', { type: 'radio', name: 'target', value: String(i), checked: isTarget });
  target.setAttribute('aria-label', `Learn ${name}`);
  const choice = make('select', { name: `kind-${i}`, aria: { label: `What ${name} is` } });
  for (const each of Object.keys(kinds) as Kind[]) {
    if (each === 'number' && !isNumeric) continue;
    choice.append(make('option', { value: each, textContent: kinds[each], selected: each === kind }));
  }
  const heading = headingOf(name, 'row');
  const shown = values.slice(0, shownValues).map((value) => String(value ?? '–'));
  const lacks = missing > 0 ? `, ${missing} missing` : '';
  return make(
    'tr',
    {},
    make('td', {}, target),
    heading,
    make('td', {}, choice),
    make('td', { className: 'values' }, shown.join(', ')),
    make('td', { className: 'values' }, `${distinct} different${lacks}`),
  );
}

const headingOf = (text: string, scope: 'row' | 'col') => make('th', { textContent: text, scope });

/** The table as the form describes it. */
function chosen(): { table: Table; target: string } {
  const columns = table!.columns.map((column, i) => ({
    ...column,
    kind: (form.elements.namedItem(`kind-${i}`) as HTMLSelectElement).value as Kind,
  }));
  return {
    table: { ...table!, columns },
    target: table!.columns[Number(new FormData(form).get('target'))].name,
  };
}

function tellTask(): void {
  const { table, target } = chosen();
  const column = table.columns.find(({ name }) => name === target)!;
  find('task').textContent = isOfClasses(column)
    ? `It will learn which of ${column.distinct} classes ${target} is.`
    : `It will learn how much ${target} is.`;
}

async function learn(): Promise<void> {
  stop = new AbortController();
  setTraining(true);
  try {
    const { table, target } = chosen();
    const samples = makeSamples(table, target, 1);
    const options = optionsOf(stop.signal);
    trained = makeModel(samples, options);
    find('results').hidden = false;
    find('judgement').hidden = true;
    await train(trained, samples, options);
    finish(samples);
  } catch (error) {
    showFailure(error);
  } finally {
    setTraining(false);
  }
}

function optionsOf(signal: AbortSignal): TrainingOptions {
  const epochs = Number(form.epochs.value);
  let isDrawing = false;
  return {
    layers: String(form.layers.value).split(',').filter(Boolean).map(Number),
    epochs,
    learningRate: Number(form.learningRate.value),
    signal,
    onEpoch(history) {
      find<HTMLProgressElement>('progress').value = history.loss.length / epochs;
      find('now').textContent =
        `Epoch ${history.loss.length} of ${epochs}, loss ${short(history.loss.at(-1)!)}`;
      if (isDrawing) return;
      isDrawing = true;
      requestAnimationFrame(() => {
        isDrawing = false;
        find('curves').innerHTML = curves(history);
      });
    },
  };
}

function finish(samples: Samples): void {
  const { picture, words, headings, rows } = judge(trained!, samples);
  find('judgement').hidden = false;
  find('picture').innerHTML = picture;
  find('words').textContent = words;
  find('report-headings').replaceChildren(...headings.map((text) => headingOf(text, 'col')));
  find('report').replaceChildren(
    ...rows.map(([first, ...others]) =>
      make('tr', {}, headingOf(first, 'row'), ...others.map((text) => make('td', {}, text))),
    ),
  );
  const left = samples.left > 0 ? ` ${samples.left} rows without a target were left out.` : '';
  said.textContent = `Trained. ${words}${left}`;
}

function setTraining(isTraining: boolean): void {
  find<HTMLButtonElement>('train').disabled = isTraining;
  find<HTMLButtonElement>('stop').disabled = !isTraining;
  find('progress').hidden = !isTraining;
}

onGivenFile(open);
for (const button of document.querySelectorAll<HTMLButtonElement>('[data-example]')) {
  button.addEventListener('click', () => open(exampleFile(button.dataset.example!)));
}
form.addEventListener('submit', (event) => {
  event.preventDefault();
  learn();
});
form.addEventListener('change', ({ target }) => {
  if (table && (target as HTMLElement).closest('#columns')) tellTask();
});
find('stop').addEventListener('click', () => stop?.abort());
find('download').addEventListener('click', async () => {
  try {
    await trained!.save(`downloads://${table!.name.replace(/\.\w+$/, '')}-model`);
  } catch (error) {
    showFailure(error);
  }
});
