// The page of the text: what is learned, the worker that trains, and what is shown of it.

import * as tf from 'lanegrad';
import { hideFailure, showFailure } from '../parts/failure.ts';
import { onGivenFile } from '../parts/given-file.ts';
import { LineChart } from '../parts/line-chart.ts';
import { find, make, short } from '../parts/page.ts';
import { mostLetters } from './alphabet.ts';
import { LooksView } from './looks-view.ts';
import type { Order, Report, SizeName } from './messages.ts';
import { harbourTales } from './tales.ts';

/** Milliseconds that the worker trains before it tells how far it is. */
const turn = 80;
const mostSamples = 5;
/** Letters of the tales that are shown. */
const previewed = 250;
/** Letters that are written after a prompt. */
const written = 220;

type Told<Type extends Report['type']> = Report & { readonly type: Type };

const form = find<HTMLFormElement>('text');
const train = find<HTMLButtonElement>('train');
const own = find<HTMLTextAreaElement>('own');
const said = find('said');
const chart = new LineChart(find('chart'), [{ name: 'loss', className: 'first' }], 'steps');
const looks = new LooksView();
const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
const tales = harbourTales();

/** Which network is meant. */
let run = 0;
let isPlaying = false;
/** Steps that the network has learned. */
let steps = 0;

const tell = (order: Order) => worker.postMessage(order);

worker.onmessage = ({ data }: MessageEvent<Report>) => {
  if (data.run !== run) return;
  if (data.type === 'built') showBuilt(data);
  else if (data.type === 'progress') showProgress(data);
  else if (data.type === 'written') showWritten(data);
  else if (data.type === 'saved') download(data.artifacts);
  else fail(data.message);
};

/** The first network, and a new one after each change. */
function build(): void {
  run++;
  setPlaying(false);
  steps = 0;
  setReady(false);
  hideFailure();
  const isOwn = form.source.value === 'own';
  find('own-part').hidden = !isOwn;
  find('preview').textContent = isOwn ? '' : `${tales.slice(0, previewed)}…`;
  for (const id of ['samples', 'continuation']) find(id).replaceChildren();
  for (const id of ['loss', 'steps', 'rate']) find(id).textContent = '–';
  find('looks').hidden = true;
  chart.clear();
  const text = isOwn ? own.value.slice(0, mostLetters) : tales;
  if (text === '') find('about').textContent = 'Paste a text, or choose a file.';
  else tell({ type: 'build', run, text, size: form.size.value as SizeName });
}

function setReady(isReady: boolean): void {
  for (const id of ['train', 'write', 'download']) find<HTMLButtonElement>(id).disabled = !isReady;
}

function showBuilt({ letters, different, weights }: Told<'built'>): void {
  setReady(true);
  const count = (n: number) => n.toLocaleString('en');
  find('about').textContent =
    `${count(letters)} letters, ${different} of them different; a network of ${count(weights)} weights.`;
}

function showProgress(progress: Told<'progress'>): void {
  steps = progress.steps;
  if (isPlaying) tell({ type: 'advance', run, time: turn });
  chart.add(steps, [progress.loss]);
  requestAnimationFrame(() => {
    if (progress.run !== run) return;
    chart.draw();
    find('steps').textContent = steps.toLocaleString('en');
    find('loss').textContent = short(progress.loss);
    find('rate').textContent = short(progress.lettersPerSecond);
    if (progress.sample !== undefined) addSample(progress.sample, progress);
  });
}

function addSample(text: string, { steps, loss }: Told<'progress'>): void {
  const words = `After ${steps.toLocaleString('en')} steps, loss ${short(loss)}`;
  const list = find('samples');
  list.prepend(make('li', {}, make('h3', {}, words), make('p', { className: 'written' }, text)));
  if (list.children.length > mostSamples) list.lastElementChild!.remove();
}

function showWritten({ prompt, text, looks: looked }: Told<'written'>): void {
  find<HTMLButtonElement>('write').disabled = false;
  find('continuation').replaceChildren(make('strong', {}, prompt), text);
  find('looks').hidden = false;
  looks.show(looked);
}

async function download(artifacts: tf.io.ModelArtifacts): Promise<void> {
  try {
    await tf.io.getSaveHandlers('downloads://lanegrad-gpt')[0].save(artifacts);
  } catch (error) {
    fail(error);
  }
}

function setPlaying(playing: boolean): void {
  if (isPlaying && !playing && steps > 0) {
    said.textContent = `${steps} steps, loss ${find('loss').textContent}.`;
  }
  isPlaying = playing;
  train.textContent = playing ? 'Pause' : 'Train';
  if (playing) tell({ type: 'advance', run, time: turn });
}

function fail(reason: unknown): void {
  setPlaying(false);
  showFailure(reason);
}

async function open(file: File): Promise<void> {
  try {
    own.value = await file.text();
    form.source.value = 'own';
    build();
  } catch (error) {
    fail(error);
  }
}

train.addEventListener('click', () => setPlaying(!isPlaying));
find('reset').addEventListener('click', build);
form.addEventListener('submit', (event) => {
  event.preventDefault();
  if (find<HTMLButtonElement>('write').disabled) return;
  find<HTMLButtonElement>('write').disabled = true;
  const { value: temperature } = form.temperature as HTMLInputElement;
  const { value: prompt } = form.prompt as HTMLInputElement;
  tell({ type: 'write', run, prompt, temperature: Number(temperature), letters: written });
});
form.addEventListener('change', ({ target }) => {
  if (['source', 'own', 'size'].includes((target as HTMLInputElement).name)) build();
});
form.temperature.addEventListener('input', () => {
  find('temperature-value').textContent = Number(form.temperature.value).toFixed(1);
});
find('download').addEventListener('click', () => tell({ type: 'save', run }));
onGivenFile(open);

build();
