// All that the bar and `callbacks.progress` write, letter by letter, by a clock of the test's own.

import { afterEach, expect, test } from 'vitest';
import { platform, portablePlatform, setPlatform } from '../../../src/platform/platform.ts';
import type { Callback } from '../../../src/training/callbacks/callback.ts';
import { callbacks } from '../../../src/training/callbacks/callbacks.ts';
import { ProgressBar, shownLog } from '../../../src/training/callbacks/progress-bar.ts';

const previous = platform;
afterEach(() => setPlatform(previous));

interface Script {
  readonly isInteractive?: boolean;
  readonly steps?: number;
  readonly verbose?: number;
  readonly epochs?: number;
  readonly initialEpoch?: number;
  /** Milliseconds that a batch takes. */
  readonly taking?: number;
  /** Batches done, where they are others than `steps` says. */
  readonly batches?: number;
}

/** What a callback writes in a training: a text for each time that it does, where the line begins anew by ␍ or ends by ␊. */
function writtenBy(callback: Callback, script: Script): string[] {
  const { isInteractive = true, steps, verbose = 1, epochs = 1, initialEpoch = 0, taking = 50 } = script;
  const written: string[] = [];
  // A clock that has run for a while.
  let now = 5000;
  setPlatform({
    ...portablePlatform(),
    isInteractive,
    write: (text) => void written.push(text.replaceAll('\r', '␍').replaceAll('\n', '␊')),
    now: () => now,
  });
  callback.setParams({ epochs, initialEpoch, steps, verbose } as never);
  callback.onTrainBegin();
  for (let epoch = initialEpoch; epoch < epochs; epoch++) {
    callback.onEpochBegin(epoch);
    const count = script.batches ?? steps ?? 0;
    for (let batch = 0; batch < count; batch++) {
      now += taking;
      callback.onBatchEnd(batch, { batch, size: 10 + 10 * (batch % 2), loss: 3 - (batch % 3), acc: 0.5 });
    }
    callback.onEpochEnd(epoch, { loss: 1 / (epoch + 1), acc: 0.5 });
  }
  callback.onTrainEnd();
  return written;
}

test.each<[string, Script]>([
  ['four steps', { steps: 4 }],
  ['three steps', { steps: 3 }],
  ['one step', { steps: 1 }],
  ['one step more than was said', { steps: 2, batches: 3 }],
  ['two epochs of two steps', { steps: 2, epochs: 2 }],
  ['epochs that were done before', { steps: 1, initialEpoch: 2, epochs: 3 }],
  ['no time at all', { steps: 2, taking: 0 }],
  ['steps that nobody knows', { batches: 3 }],
  ['a line for each epoch', { steps: 2, verbose: 2 }],
  ['a file', { steps: 2, epochs: 2, isInteractive: false }],
])('the bar: %s', (_, script) => {
  expect(writtenBy(new ProgressBar(), script)).toMatchSnapshot();
});

test.each([
  [99, 99],
  [199, 199],
  [200, 100],
  [250, 125],
  [1000, 100],
])('of an epoch of %i steps a terminal shows %i', (steps, expected) => {
  const written = writtenBy(new ProgressBar(), { steps });
  // And the epoch's own line.
  expect(written).toHaveLength(expected + 1);
  expect(written.at(-2)).toContain('100 %');
});

test.each([
  [0, '0.0000'],
  [0.001, '0.0010'],
  [-0.001, '-0.0010'],
  [0.000999, '9.99e-4'],
  [-0.000999, '-9.99e-4'],
  [12.34567, '12.3457'],
  [Number.NaN, 'NaN'],
])('%f is shown as %s', (value, expected) => {
  expect(shownLog(value)).toBe(expected);
});

test.each<[string, object, Script]>([
  ['a terminal', {}, { steps: 2, epochs: 3 }],
  ['a narrow curve of another log', { logs: ['acc'], width: 2 }, { steps: 1, epochs: 4 }],
  ['a file', { lines: 2 }, { steps: 1, epochs: 5, isInteractive: false }],
  [
    'a file, from the third epoch on',
    { lines: 2 },
    { steps: 1, initialEpoch: 2, epochs: 6, isInteractive: false },
  ],
  ['a file, from the second', { lines: 2 }, { steps: 1, initialEpoch: 1, epochs: 6, isInteractive: false }],
  ['ten epochs', { logs: [] }, { steps: 1, initialEpoch: 8, epochs: 10 }],
  ['no epochs', {}, { epochs: 0 }],
])('callbacks.progress: %s', (_, options, script) => {
  expect(writtenBy(callbacks.progress(options), script)).toMatchSnapshot();
});

test('callbacks.progress begins anew with each training', () => {
  const callback = callbacks.progress();
  writtenBy(callback, { steps: 1000, epochs: 12 });
  const script = { steps: 1, epochs: 2 };
  expect(writtenBy(callback, script)).toEqual(writtenBy(callbacks.progress(), script));
});
