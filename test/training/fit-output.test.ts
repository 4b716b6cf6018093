// What `fit` writes to the terminal.

import { afterEach, describe, expect, test } from 'vitest';
import { platform, portablePlatform, setPlatform } from '../../src/platform/platform.ts';
import { callbacks } from '../../src/training/callbacks/callbacks.ts';
import { ProgressBar } from '../../src/training/callbacks/progress-bar.ts';
import { line, x, y } from './line.ts';

describe('what it writes', () => {
  const previous = platform;
  afterEach(() => setPlatform(previous));

  /** What is written while something is done. */
  async function caught(isInteractive: boolean, act: () => Promise<unknown>): Promise<string> {
    let text = '';
    let time = 0;
    const write = (part: string) => {
      text += part;
    };
    setPlatform({ ...portablePlatform(), isInteractive, write, now: () => (time += 100) });
    await act();
    return text;
  }

  async function written(verbose: 0 | 1 | 2, isInteractive: boolean): Promise<string> {
    const text = await caught(isInteractive, () =>
      line().fit(x, y, { epochs: 2, batchSize: 10, verbose, validationSplit: 0.5 }),
    );
    return text.replace(/\d+\.\d{4}|\d\.\d+e[-+]\d+/g, 'N').replace(/\d+ samples/g, 'N samples');
  }

  test('nothing, when it is not to', async () => {
    expect(await written(0, true)).toBe('');
  });

  test('a line per epoch', async () => {
    const lines = 'Epoch 1/2  loss N  val_loss N  N samples/s\nEpoch 2/2  loss N  val_loss N  N samples/s\n';
    expect(await written(1, false)).toBe(lines);
    expect(await written(2, false)).toBe(lines);
  });

  test('how many samples a second took, by the clock', () => {
    let [text, now] = ['', 0];
    const write = (part: string) => {
      text += part;
    };
    setPlatform({ ...portablePlatform(), isInteractive: false, write, now: () => now });
    const bar = new ProgressBar();
    bar.setParams({ epochs: 1, steps: 1, verbose: 1 } as never);
    bar.onEpochBegin(0);
    bar.onBatchEnd(0, { batch: 0, size: 20, loss: 1 });
    now = 4;
    bar.onEpochEnd(0, { loss: 1 });
    expect(text).toBe('Epoch 1/1  loss 1.0000  5000 samples/s\n');
  });

  test('in a terminal the line grows, unless there is to be one for each epoch', async () => {
    expect(await written(2, true)).not.toContain('[');
    const parts = (await written(1, true)).split('\r');
    expect(parts[1]).toMatch(/^Epoch 1\/2 {2}\[={20}\] 100 % {2}loss N {2}N samples\/s\s*$/);
    expect(parts[2]).toMatch(/^Epoch 1\/2 {2}loss N {2}val_loss N {2}N samples\/s\s*\n$/);
  });

  describe('callbacks.progress', () => {
    const train = (isInteractive: boolean, epochs: number, options?: object) =>
      caught(isInteractive, () =>
        line('sgd', ['mae']).fit(x, y, {
          epochs,
          validationSplit: 0.5,
          callbacks: callbacks.progress(options),
        }),
      );

    test('the losses and their curves, in one line of a terminal, in place of the bar', async () => {
      const lines = (await train(true, 3)).split('\r');
      expect(lines).toHaveLength(4);
      expect(lines[3]).toMatch(
        /^Epoch 3\/3 {2}loss [\d.]+ █[▁-█]▁ {2}mae [\d.]+ {2}val_loss [\d.]+ [▁-█]{3} {2}val_mae [\d.]+ {2}\d+\.\d s\s*\n$/,
      );
      for (const text of lines.slice(2))
        expect(text.length).toBeGreaterThanOrEqual(lines[1].trimEnd().length);
    });

    test('twenty lines at most where they stay', async () => {
      const lines = (await train(false, 50, { logs: ['mae'], width: 4 })).trimEnd().split('\n');
      expect(lines).toHaveLength(17);
      expect((await train(false, 50, { lines: 5 })).trimEnd().split('\n')).toHaveLength(5);
      expect(lines[0]).toMatch(/^Epoch {2}3\/50 {2}loss [\d.]+ {2}mae [\d.]+ [▁-█]{3} {2}val_loss/);
      expect(lines.at(-1)).toMatch(/^Epoch 50\/50 {2}loss [\d.]+ {2}mae [\d.]+ [▁-█]{4} {2}val_loss/);
    });

    test('options are checked', () => {
      expect(() => callbacks.progress({ widht: 3 } as never)).toThrow(
        'progress: there is no option widht; did you mean width?',
      );
    });
  });
});
