// Frames of pages that draw while a worker trains: how many of 100 come within 25 ms, and for how long a frame keeps the
// main thread, which is the page's own doing on a busy machine too. It prints what it counted.

import { expect, test } from 'vitest';
import { watchOthers } from './load.ts';
import { inBrowsers, type Page, type Site } from './site.ts';
import { traced } from './trace.mjs';

interface Frames {
  readonly count: number;
  /** Of 100 frames, those that come less than 25 ms after the one before. */
  readonly kept: number;
  readonly p95: number;
  readonly longest: number;
}

/** A training that is looked at. */
interface Training {
  readonly name: string;
  readonly path: string;
  /** True when it may begin. */
  readonly ready: string;
  readonly begin: string;
  readonly isOver: string;
  /** Whether frames that come late are held against it: those of the others were never counted on a machine at rest. */
  readonly isHeld: boolean;
}

/** What is aimed at. */
const kept = 95;
/** Processors that others may keep busy where frames are counted: with more it is not known whose fault a lost one is. */
const othersBusy = 0.1;
/** Milliseconds in which rounds begin. */
const patience = 25_000;
/** Rounds that lose frames, with nobody else there, before it is training's fault. */
const chances = 2;
/** Milliseconds of its processor that the main thread may take for a frame, of the 16.7 that there are. */
const mostBusy = 12;

/** Whether frames have been counted for three seconds, in the page. */
const longEnough = 'performance.now() - (globalThis.begun ??= performance.now()) > 3000';

const digits = (kind: string, isHeld: boolean): Training => ({
  name: `MNIST, ${kind}, with its curve and what it learned`,
  path: 'digits/',
  ready: `!document.getElementById('train').disabled
    && (document.querySelector('[name=kind][value=${kind}]').click(), true)`,
  begin: "document.getElementById('train').click()",
  // A training that ended sooner begins again: few frames tell little.
  isOver: `!document.getElementById('train').disabled
    && (${longEnough} || (document.getElementById('train').click(), false))`,
  isHeld,
});

const trainings: readonly Training[] = [
  {
    name: 'XOR in the playground, an epoch a frame',
    path: '#data=xor',
    ready: "document.getElementById('training-loss').textContent !== '–'",
    begin: "document.getElementById('play').click()",
    isOver: `${longEnough} && parseInt(document.getElementById('epoch').textContent) > 10`,
    isHeld: false,
  },
  digits('dense', false),
  digits('convolutions', true),
];

/** Begins a training, and tells the frames of the page until it is over. */
const framesOf = (page: Page, { begin, isOver }: Training): Promise<Frames> =>
  page.evaluate(`new Promise((resolve) => {
    ${begin};
    const gaps = [];
    let last;
    requestAnimationFrame(function turn(now) {
      if (last !== undefined) gaps.push(now - last);
      last = now;
      if (!(${isOver}) || gaps.length === 0) return requestAnimationFrame(turn);
      gaps.sort((a, b) => a - b);
      const kept = (100 * gaps.filter((gap) => gap < 25).length) / gaps.length;
      resolve({ count: gaps.length, kept, p95: gaps[Math.floor(0.95 * gaps.length)], longest: gaps.at(-1) });
    });
  })`) as Promise<Frames>;

/** Opens a training's page, and calls back when it may begin. */
const ready = <T>(site: Site, { path, ready }: Training, use: (page: Page) => Promise<T>): Promise<T> =>
  site.open(path, async (page) => {
    await page.waitForFunction(ready);
    return use(page);
  });

const told = ({ count, kept, p95, longest }: Frames) =>
  `${count} frames, ${kept.toFixed(1)} % within 25 ms, 95 of 100 within ${p95.toFixed(1)} ms, the longest ${longest.toFixed(0)} ms`;

inBrowsers('frames', (site) => {
  test.each(trainings)('$name', async (training) => {
    // Until frames are kept, or some are not although nobody else was there.
    const lost: number[] = [];
    const begun = performance.now();
    while (performance.now() - begun < patience) {
      const [frames, others] = await ready(site, training, async (page) => {
        const since = watchOthers();
        return [await framesOf(page, training), since()] as const;
      });
      console.log(`${training.name}: ${told(frames)}; others kept ${others.toFixed(2)} processors busy`);
      if (frames.kept >= kept) return;
      if (training.isHeld && others <= othersBusy) lost.push(frames.kept);
      if (lost.length === chances) expect(Math.max(...lost)).toBeGreaterThanOrEqual(kept);
    }
    console.log(`${training.name}: this machine is too busy to tell.`);
  });
});

inBrowsers(
  'the main thread',
  (site) => {
    test.each(trainings)('has time left: $name', async (training) => {
      const [frames, busy] = await ready(site, training, (page) =>
        traced(page, () => framesOf(page, training)),
      );
      const perFrame = busy / frames.count;
      console.log(`${training.name}: ${perFrame.toFixed(1)} ms of the main thread for each frame`);
      expect(perFrame).toBeGreaterThan(0.5);
      expect(perFrame).toBeLessThan(mostBusy);
    });
  },
  ['Chromium'],
);
