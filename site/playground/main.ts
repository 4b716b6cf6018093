// The playground's page: settings, the worker that trains, and what is drawn of each of its frames.

import { hideFailure, showFailure } from '../parts/failure.ts';
import { LineChart } from '../parts/line-chart.ts';
import { find, isCalm, onThemeChange, percent, short } from '../parts/page.ts';
import { Palette } from '../parts/palette.ts';
import { Diagram, planeOf, type UnitPlace } from './diagram.ts';
import { readForm, showSettings } from './form.ts';
import type { Frame, Order, Points, Report } from './messages.ts';
import { Result } from './result.ts';
import { fromAddress, isTuning, limits, problemOf, type Settings, toAddress } from './settings.ts';
import { UnitTable, unitName } from './unit-table.ts';

/** How a speed goes about a frame: epochs, the time that may be filled with more, frames to wait between. */
const speeds: Readonly<Record<string, readonly [epochs: number, time: number, wait: number]>> = {
  slow: [1, 0, 11],
  normal: [1, 0, 0],
  fast: [8, 0, 0],
  full: [8, 12, 0],
};

/** What of a frame is drawn. */
type Part = 'units' | 'output' | 'lines' | 'numbers' | 'chart';
const everything: readonly Part[] = ['units', 'output', 'lines', 'numbers', 'chart'];
/** While frames follow each other, their parts take turns: nobody sees more, and no frame has much to do. */
const turns: readonly (readonly Part[])[] = [
  ['units', 'output'],
  ['lines'],
  ['units', 'output'],
  ['numbers'],
  ['units', 'output'],
  ['lines'],
  ['units', 'output'],
  ['chart'],
];

const form = find<HTMLFormElement>('settings');
const play = find<HTMLButtonElement>('play');
const said = find('said');
const chart = new LineChart(
  find('chart'),
  [
    { name: 'training loss', className: 'first' },
    { name: 'test loss', className: 'second' },
  ],
  'epochs',
);
const result = new Result(find('result'));
const table = new UnitTable(find('unit-name'), find('unit-rows'), find('unit-gradient'));
const diagram = new Diagram(find('diagram'), {
  toggleFeature: (feature) => {
    const { features } = settings;
    const isOn = features.includes(feature);
    if (isOn && features.length === 1) return;
    change({ features: isOn ? features.filter((each) => each !== feature) : [...features, feature] });
  },
  setUnits: (layer, units) => change({ layers: settings.layers.with(layer, units) }),
  look: (place) => {
    looked = place;
    draw();
  },
  select: (place) => {
    selected = place;
    diagram.select(place);
    draw();
  },
  resized: () => draw(),
});
const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });

let settings = fromAddress(location.hash);
let palette = new Palette();
let points: Points | undefined;
let planes: readonly Float32Array[] = [];
let frame: Frame | undefined;
let looked: UnitPlace | undefined;
let selected: UnitPlace = { layer: 0, unit: 0 };
/** Which network is meant: what the worker says of one that is gone is not heard. */
let run = 0;
let isPlaying = false;
let isAsked = false;
/** Pixels that what flows along the lines has come. */
let phase = 0;
/** Frames of networks that play. */
let frames = 0;

const tell = (order: Order) => worker.postMessage(order);

worker.onmessage = ({ data }: MessageEvent<Report>) => {
  if (data.run !== run) return;
  isAsked = false;
  if (data.type === 'failed') return fail(data.message);
  if (data.type === 'built') {
    points = data.points;
    planes = data.features;
    chart.clear();
  }
  frame = data.frame;
  chart.add(frame.epoch, [frame.trainingLoss, frame.testLoss]);
  requestAnimationFrame(() => {
    draw(isPlaying && speeds[form.speed.value][2] === 0 ? turns[frames++ % turns.length] : everything);
    if (isPlaying) waitAndAdvance();
    else if (data.type === 'frame') announce();
  });
};

/** The first network, and a new one after each change. */
function build(): void {
  run++;
  isAsked = true;
  hideFailure();
  selected = { layer: Math.min(selected.layer, settings.layers.length), unit: 0 };
  frame = undefined;
  diagram.rebuild(settings);
  diagram.select(selected);
  tell({ type: 'build', run, settings });
}

function advance(): void {
  if (isAsked) return;
  isAsked = true;
  const [epochs, time] = isPlaying ? speeds[form.speed.value] : [1, 0];
  tell({ type: 'advance', run, epochs, time, settings });
}

function waitAndAdvance(): void {
  let left = speeds[form.speed.value][2];
  const next = () => {
    if (!isPlaying) return;
    if (left-- > 0) requestAnimationFrame(next);
    else advance();
  };
  next();
}

function setPlaying(playing: boolean): void {
  isPlaying = playing;
  play.dataset.state = playing ? 'playing' : 'paused';
  find('play-name').textContent = playing ? 'Pause' : 'Train';
  if (playing) advance();
  else if (frame) {
    draw();
    announce();
  }
}

function announce(): void {
  if (!frame) return;
  const { epoch, trainingLoss, testLoss, testAccuracy } = frame;
  const right = Number.isNaN(testAccuracy) ? '' : ` ${percent(testAccuracy)} of the test samples are right.`;
  said.textContent = `Epoch ${epoch}: training loss ${short(trainingLoss)}, test loss ${short(testLoss)}.${right}`;
}

function fail(message: string): void {
  setPlaying(false);
  showFailure(message);
}

function change(part: Partial<Settings>): void {
  settings = { ...settings, ...part };
  showSettings(form, settings);
  history.replaceState(null, '', `#${toAddress(settings)}`);
  if (Object.keys(part).some((name) => !isTuning(name))) build();
}

function draw(parts = everything): void {
  if (!frame || !points) return;
  const drawn = frame;
  const shown = looked ?? { layer: settings.layers.length, unit: 0 };
  const isClassified = problemOf(settings) === 'classification';
  phase = isPlaying && !isCalm() ? phase + 0.6 : 0;
  const drawers: Readonly<Record<Part, () => void>> = {
    units: () => diagram.drawUnits(drawn, planes, palette),
    output: () =>
      result.draw(planeOf(drawn, planes, shown, isClassified), points!, palette, {
        isSharp: form.sharp.checked,
        showsTest: form.test.checked,
      }),
    lines: () => diagram.drawLines(drawn, palette, form.lines.value === 'gradients', phase),
    numbers: () => showNumbers(drawn, isClassified),
    chart: () => chart.draw(),
  };
  for (const part of parts) drawers[part]();
}

function showNumbers(frame: Frame, isClassified: boolean): void {
  diagram.drawBars(frame);
  table.draw(frame, settings, looked && looked.layer >= 0 ? looked : selected);
  find('result-name').textContent = looked ? unitName(looked, settings) : 'What the network says';
  find('epoch').textContent = frame.epoch.toLocaleString('en');
  find('training-loss').textContent = short(frame.trainingLoss);
  find('test-loss').textContent = short(frame.testLoss);
  find('accuracy').textContent = isClassified ? percent(frame.testAccuracy) : '–';
  if (frame.steps > 0) {
    const rate = (1000 * frame.steps) / Math.max(frame.time, 0.1);
    find('rate').textContent =
      Math.round(rate / 100) === 0 ? '–' : (Math.round(rate / 100) * 100).toLocaleString('en');
  }
}

play.addEventListener('click', () => setPlaying(!isPlaying));
find('step').addEventListener('click', () => {
  setPlaying(false);
  advance();
});
find('reset').addEventListener('click', () => {
  setPlaying(false);
  build();
  said.textContent = 'A new network, from the same seed.';
});
find('new-seed').addEventListener('click', () => change({ seed: Math.floor(Math.random() * 10_000) }));
find('fewer-layers').addEventListener('click', () => change({ layers: settings.layers.slice(0, -1) }));
find('more-layers').addEventListener('click', () => {
  if (settings.layers.length < limits.layers) change({ layers: [...settings.layers, 4] });
});
form.addEventListener('submit', (event) => event.preventDefault());
form.addEventListener('input', ({ target }) => {
  const { name } = target as HTMLInputElement;
  if (name === 'speed') return;
  if (name === 'lines' || name === 'sharp' || name === 'test') return draw();
  const read = readForm(form, name, settings);
  if (read) change(read);
});
addEventListener('hashchange', () => {
  settings = fromAddress(location.hash);
  showSettings(form, settings);
  build();
});
onThemeChange(() => {
  palette = new Palette();
  draw();
});

showSettings(form, settings);
build();
