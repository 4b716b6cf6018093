// The page of digits: training in a worker, what was learned, what is taken for something else, and a pad to draw on.

import type * as tf from 'lanegrad';
import { messageOf } from '../parts/failure.ts';
import { LineChart } from '../parts/line-chart.ts';
import { find, make, nextFrame, onThemeChange, percent, short } from '../parts/page.ts';
import { Palette } from '../parts/palette.ts';
import { trainingWorker } from '../parts/training-worker.ts';
import { type Digits, loadDigits, side } from './digits.ts';
import { firstLayer, type Kind, type Mistake, makeNetwork, mistakesOf, read } from './network.ts';
import { Pad } from './pad.ts';
import { digitImage, MistakeItem, tilesImage } from './pictures.ts';

const epochs = 6;
const batchSize = 64;
const mostMistakes = 24;
/** Milliseconds of a frame, and mistakes that are shown in it, so that it is not late. */
const perFrame = { time: 4, mistakes: 6 };

const form = find<HTMLFormElement>('mnist');
const train = find<HTMLButtonElement>('train');
const chart = new LineChart(find('chart'), [{ name: 'loss', className: 'first' }], 'batches');
const pad = new Pad(find<HTMLCanvasElement>('pad'), readPad);

const mistakeItems = Array.from({ length: mostMistakes }, () => new MistakeItem(find('mistakes')));

let palette = new Palette();
let digits: { training: Digits; test: Digits } | undefined;
let model = makeNetwork('dense');
let shownDigit = 0;
let isTraining = false;
let batches = 0;
/** How often mistakes were looked for: who began before the last gives up. */
let looks = 0;

const status = (text: string) => {
  find('status').textContent = text;
};

async function learn(): Promise<void> {
  if (!digits) return;
  setTraining(true);
  try {
    await model.fit(digits.training.images, digits.training.labels, {
      ...{ epochs, batchSize, verbose: 0, seed: 1, worker: trainingWorker() },
      callbacks: {
        onBatchEnd(batch, logs) {
          batches++;
          if (batch % 4 !== 0) return;
          chart.add(batches, [logs!.loss as number]);
          find('loss').textContent = short(logs!.loss as number);
        },
        onEpochEnd(epoch) {
          chart.draw();
          showLearned();
          status(`Epoch ${epoch + 1} of ${epochs} is done.`);
        },
      },
    });
    await showMistakes();
    status(
      `Trained, ${batches} batches of ${batchSize}: ${find('accuracy').textContent} of ${digits.test.labels.size} digits never seen are right.`,
    );
    readPad();
  } catch (error) {
    status(messageOf(error));
  } finally {
    setTraining(false);
  }
}

function setTraining(training: boolean): void {
  isTraining = training;
  train.disabled = training;
  for (const field of form.querySelectorAll<HTMLInputElement>('[name=kind]')) field.disabled = training;
}

/** What is known after each epoch. */
function showLearned(): void {
  showFirstLayer();
  showMistakes();
}

/** Digits are read, and mistakes shown, a few in each frame. */
async function showMistakes(): Promise<void> {
  const { test } = digits!;
  const look = ++looks;
  const mistakes: Mistake[] = [];
  await nextFrame();
  let begun = performance.now();
  for (const found of mistakesOf(model, test)) {
    mistakes.push(...found);
    if (performance.now() - begun < perFrame.time) continue;
    await nextFrame();
    if (look !== looks) return;
    begun = performance.now();
  }
  mistakes.sort((a, b) => b.probability - a.probability);
  find('accuracy').textContent = percent(1 - mistakes.length / test.labels.size);
  find('mistake-count').textContent = String(mistakes.length);
  for (const [i, item] of mistakeItems.entries()) {
    if (i % perFrame.mistakes === 0) await nextFrame();
    if (look !== looks) return;
    item.show(mistakes[i], test, palette);
  }
  if (!isTraining) readPad();
}

function showFirstLayer(): void {
  const image = tilesImage(firstLayer(model), palette);
  const canvas = find<HTMLCanvasElement>('first-layer');
  Object.assign(canvas, { width: image.width, height: image.height });
  canvas.getContext('2d')!.putImageData(image, 0, 0);
}

function readPad(): void {
  const image = pad.read();
  if (image) showReading(read(model, image));
}

function showReading(probabilities: readonly number[]): void {
  const digit = probabilities.indexOf(Math.max(...probabilities));
  find('digit').textContent = probabilities[digit] > 0 ? String(digit) : '?';
  for (const [i, item] of [...find('probabilities').children].entries()) {
    (item as HTMLElement).style.setProperty('--share', probabilities[i].toFixed(3));
    item.querySelector('output')!.textContent = percent(probabilities[i]);
  }
}

function showSample(): void {
  if (!digits) return;
  shownDigit = (shownDigit + 7) % digits.test.labels.size;
  const index = shownDigit;
  pad.show(digitImage(digits.test, index, palette));
  const pixels = digits.test.images.dataSync().slice(index * side * side, (index + 1) * side * side);
  showReading(read(model, pixels as Uint8Array));
  find('said').textContent =
    `A ${digits.test.labels.dataSync()[index]} is read as ${find('digit').textContent}.`;
}

function begin(kind: Kind): void {
  model = makeNetwork(kind) as tf.Sequential;
  batches = 0;
  chart.clear();
  const words =
    kind === 'dense'
      ? 'The 48 units of the first layer, each as an image'
      : 'The 12 filters of the first layer, 5 × 5 pixels';
  find('first-layer-words').textContent = words;
  find('first-layer').setAttribute('aria-label', words);
  if (digits) showLearned();
}

find('probabilities').append(
  ...Array.from({ length: 10 }, (_, digit) =>
    make('li', {}, make('span', { className: 'number' }, String(digit)), make('i'), make('output', {}, '–')),
  ),
);
train.addEventListener('click', learn);
form.addEventListener('change', ({ target }) => begin((target as HTMLInputElement).value as Kind));
find('clear').addEventListener('click', () => {
  pad.clear();
  showReading(new Array(10).fill(0));
});
find('sample').addEventListener('click', showSample);
onThemeChange(() => {
  palette = new Palette();
  pad.draw();
  if (digits) showLearned();
});

digits = await loadDigits();
begin('dense');
status(`${digits.training.labels.size.toLocaleString('en')} digits to learn from.`);
train.disabled = false;
