// What `fit` writes to the terminal.

import { afterEach, describe, expect, test } from 'vitest';
import { platform, portablePlatform, setPlatform } from '../../src/platform/platform.ts';
import { line, x, y } from './line.ts';

describe('what it writes', () => {
  const previous = platform;
  afterEach(() => setPlatform(previous));

  async function written(verbose: 0 | 1 | 2, isInteractive: boolean): Promise<string> {
    let text = '';
    setPlatform({
      ...portablePlatform(),
      isInteractive,
      write: (part) => {
        text += part;
      },
    });
    await line().fit(x, y, { epochs: 2, batchSize: 10, verbose, validationSplit: 0.5 });
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

  test('in a terminal the line grows', async () => {
    const parts = (await written(1, true)).split('\r');
    expect(parts[1]).toMatch(/^Epoch 1\/2 {2}\[={20}\] 100 % {2}loss N {2}N samples\/s\s*$/);
    expect(parts[2]).toMatch(/^Epoch 1\/2 {2}loss N {2}val_loss N {2}N samples\/s\s*\n$/);
  });
});
