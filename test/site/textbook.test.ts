// The textbook's moving pictures, in Chromium and Firefox: their numbers are checked by plain arithmetic.

import { expect, test } from 'vitest';
import { fitsEverywhere, inBrowsers, type Page, tabTo } from './site.ts';

const told = (page: Page, figure: string) =>
  page.evaluate(`document.querySelector('#${figure} .told').textContent`) as Promise<string>;

const press = (page: Page, figure: string, button: string, times = 1) =>
  page.evaluate(
    `for (let i = 0; i < ${times}; i++) document.querySelector('#${figure} .${button}').click();`,
  );

/** Chooses what is behind a form's radio button, as a visitor does. */
const choose = (page: Page, figure: string, name: string, value: string) =>
  page.click(`#${figure} [name=${name}][value='${value}']`);

const waitFor = (page: Page, figure: string, text: string) =>
  page.waitForFunction(
    `document.querySelector('#${figure} .told').textContent.includes(${JSON.stringify(text)})`,
    {
      timeout: 30_000,
    },
  );

/** A step of the network of the first picture, by hand: its loss before and after, and the gradient of its first weight. */
function byHand(steps: number): { loss: number; lossAfter: number; gradient: number } {
  const x = [0.5, 0.8];
  const [w1, b1, w2] = [
    [
      [0.4, -0.6],
      [0.9, 0.2],
    ],
    [0.1, -0.3],
    [-0.7, 0.5],
  ];
  let b2 = 0.2;
  const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));
  const forwards = () => {
    const h = [0, 1].map((j) => sigmoid(x[0] * w1[0][j] + x[1] * w1[1][j] + b1[j]));
    return { h, o: sigmoid(h[0] * w2[0] + h[1] * w2[1] + b2) };
  };
  const lossOf = (o: number) => (o - 1) ** 2;
  let [loss, gradient] = [0, 0];
  for (let step = 0; step < steps; step++) {
    const { h, o } = forwards();
    loss = lossOf(o);
    const dz = 2 * (o - 1) * o * (1 - o);
    const dh = h.map((value, j) => dz * w2[j] * value * (1 - value));
    gradient = dh[0] * x[0];
    for (const j of [0, 1]) {
      w2[j] -= dz * h[j];
      b1[j] -= dh[j];
      for (const i of [0, 1]) w1[i][j] -= dh[j] * x[i];
    }
    b2 -= dz;
  }
  return { loss, lossAfter: lossOf(forwards().o), gradient };
}

inBrowsers('the textbook', (site) => {
  fitsEverywhere(site, 'textbook/', "document.querySelector('#vanishing .told').textContent !== ''");

  test('backpropagation, number by number, is right, and is told to readers of screens', () =>
    site.open('textbook/', async (page) => {
      const [first, second] = [byHand(1), byHand(2)];
      await press(page, 'by-hand', 'step', 4);
      expect(await told(page, 'by-hand')).toContain(`= ${first.loss.toFixed(3)}.`);
      await press(page, 'by-hand', 'step', 6);
      expect(await told(page, 'by-hand')).toContain(`= ${first.gradient.toFixed(3).replace('-', '−')}`);
      await press(page, 'by-hand', 'step', 2);
      expect(await told(page, 'by-hand')).toContain(`the loss is ${first.lossAfter.toFixed(3)}:`);
      expect(await page.evaluate("document.querySelector('#by-hand [role=status]').textContent")).toBe(
        await told(page, 'by-hand'),
      );
      await press(page, 'by-hand', 'step', 13);
      expect(await told(page, 'by-hand')).toMatch(/^Step 2, part 13 of 13\./);
      expect(await told(page, 'by-hand')).toContain(`the loss is ${second.lossAfter.toFixed(3)}:`);
      await press(page, 'by-hand', 'again');
      expect(await told(page, 'by-hand')).toMatch(/^Step 1, part 1 of 13\./);
    }));

  test('a line comes to the least squares, by keyboard', () =>
    site.open('textbook/', async (page) => {
      const xs = Array.from({ length: 24 }, (_, i) => -2 + (4 * i) / 23);
      const ys = xs.map((x, i) => 0.9 * x + 0.7 + 0.6 * Math.sin(997 * i));
      const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
      const slope = mean(xs.map((x, i) => x * ys[i])) / mean(xs.map((x) => x * x));
      await tabTo(page, '#line .play');
      await page.keyboard.press('Enter');
      await waitFor(page, 'line', 'Step 12:');
      await press(page, 'line', 'step', 150);
      expect(await told(page, 'line')).toContain(
        `y = ${slope.toPrecision(3)} · x + ${mean(ys).toPrecision(3)},`,
      );
      expect(await page.evaluate("document.querySelector('#line .play').textContent")).toBe('Play');
      await choose(page, 'line', 'rate', '0.7');
      const loss = async () =>
        Number(/loss ([\d.e,]+)\.$/.exec(await told(page, 'line'))![1].replace(',', ''));
      const before = await loss();
      await press(page, 'line', 'step', 12);
      expect(await loss()).toBeGreaterThan(before);
    }));

  test('XOR is learned from some beginnings and not from others', () =>
    site.open('textbook/', async (page) => {
      await press(page, 'xor', 'step', 250);
      expect(await told(page, 'xor')).toMatch(
        /0 xor 0 is 0\.0\d, 0 xor 1 is 0\.9\d, 1 xor 0 is 0\.9\d, 1 xor 1 is 0\.0\d\.$/,
      );
      await choose(page, 'xor', 'seed', '1');
      await press(page, 'xor', 'step', 250);
      expect(await told(page, 'xor')).toMatch(/0\.[3-7]\d/);
    }));

  test('optimizers come down, those that are chosen', () =>
    site.open('textbook/', async (page) => {
      expect(await told(page, 'optimizers')).toMatch(
        /SGD 6\.45, Momentum 6\.45, Adagrad 6\.45, RMSProp 6\.45, Adam 6\.45/,
      );
      await page.click('#optimizers [value=RMSProp]');
      await press(page, 'optimizers', 'step', 3);
      // x ← x − 0.95 · x/10 and y ← y − 0.95 · 2y, three times.
      const [x, y] = [-7 * (1 - 0.095) ** 3, 2 * (1 - 1.9) ** 3];
      expect(await told(page, 'optimizers')).toContain(
        `SGD ${((x * x) / 20 + y * y).toPrecision(3)}, Momentum`,
      );
      expect(await told(page, 'optimizers')).not.toContain('RMSProp');
      await choose(page, 'optimizers', 'surface', 'bend');
      expect(await told(page, 'optimizers')).toMatch(/^Step 0\. /);
    }));

  test('gradients vanish in sigmoids, and do not with ReLU and the weights of He', () =>
    site.open('textbook/', async (page) => {
      expect(await told(page, 'vanishing')).toMatch(/the first hardly learns\.$/);
      await choose(page, 'vanishing', 'activation', 'relu');
      await choose(page, 'vanishing', 'initializer', 'he');
      expect(await told(page, 'vanishing')).toMatch(/all layers learn\.$/);
      const loss = async () => Number(/loss ([\d.]+)/.exec(await told(page, 'vanishing'))![1]);
      const before = await loss();
      await press(page, 'vanishing', 'step', 20);
      expect(await loss()).toBeLessThan(before);
      await site.isFine(page);
    }));
});
