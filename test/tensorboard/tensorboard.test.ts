import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import * as tf from '../../src/node.ts';
import { nodePlatform } from '../../src/platform/node.ts';
import { portablePlatform, setPlatform } from '../../src/platform/platform.ts';
import { crc32c } from '../../src/tensorboard/crc32c.ts';
import { pixelsOf } from '../plot/pixels.ts';
import { eventsOf } from './event-files.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lanegrad-tensorboard-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** What is in the one file of a folder of logs. */
function logged(...path: string[]) {
  const names = readdirSync(join(folder, ...path)).filter((name) => name.startsWith('events.out.tfevents.'));
  expect(names).toHaveLength(1);
  return eventsOf(join(folder, ...path, names[0]));
}

test('the checksum is that of RFC 3720, B.4', () => {
  expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
  expect(crc32c(new Uint8Array(32).fill(255))).toBe(0x62a8ab43);
  expect(crc32c(Uint8Array.from({ length: 32 }, (_, i) => i))).toBe(0x46dd794e);
});

describe('summaryFileWriter', () => {
  test('writes scalars in order, of numbers and of tensors', async () => {
    const writer = tf.node.summaryFileWriter(folder);
    writer.scalar('loss', 0.5, 1, 'the *loss*');
    writer.scalar('loss', tf.scalar(0.25), 3_000_000_000);
    await writer.flush();
    writer.scalar('loss', Number.NaN, 4);
    await writer.flush();
    expect(logged()).toEqual([
      { step: 1, tag: 'loss', simpleValue: 0.5, metadata: { summaryDescription: 'the *loss*' } },
      { step: 3_000_000_000, tag: 'loss', simpleValue: 0.25 },
      { step: 4, tag: 'loss', simpleValue: Number.NaN },
    ]);
  });

  test('has written once flush returns, which nobody needs to await', () => {
    const writer = tf.node.summaryFileWriter(folder);
    writer.scalar('loss', 0.5, 1);
    writer.flush();
    expect(logged()).toEqual([{ step: 1, tag: 'loss', simpleValue: 0.5 }]);
  });

  test('counts every value of a histogram once, and leaves out what is not finite', async () => {
    const writer = tf.node.summaryFileWriter(folder);
    writer.histogram('weights', tf.tensor1d([0, 1, 1, 2, 4, Number.POSITIVE_INFINITY]), 7, 4);
    writer.histogram('equal', [3, 3], 7);
    await writer.flush();
    const [weights, equal] = logged();
    expect(weights.histo).toEqual({
      ...{ min: 0, max: 4, num: 5, sum: 8, sumSquares: 22 },
      ...{ bucketLimit: [1, 2, 3, 4], bucket: [1, 2, 1, 1] },
    });
    expect(equal.histo).toMatchObject({ min: 3, max: 3, num: 2, bucketLimit: [3], bucket: [2] });
  });

  test('writes pictures as PNG', async () => {
    const writer = tf.node.summaryFileWriter(folder);
    writer.image('digit', tf.tensor3d([[[0], [0.5], [2]]]), 1);
    await writer.flush();
    const [{ image }] = logged();
    expect(image).toMatchObject({ height: 1, width: 3, colorspace: 3 });
    const pixels = () => logged().map((event) => pixelsOf(Buffer.from(event.image!.encodedImageString)).rows);
    const gray = [0, 0, 0, 128, 128, 128, 255, 255, 255];
    expect(pixels()).toEqual([[gray]]);
    writer.image('colours', tf.tensor3d([[[0, 0.2, 1]], [[-1, 0, 0.4]]]), 1);
    writer.image('bytes', tf.tensor3d([[[0, 51, 300]]], undefined, 'int32'), 1);
    await writer.flush();
    expect(pixels().slice(1)).toEqual([
      [
        [0, 51, 255],
        [0, 0, 102],
      ],
      [[0, 51, 255]],
    ]);
    expect(() => writer.image('list', tf.tensor1d([1]), 1)).toThrow(
      'image: expected [height, width, channels] of 1 or 3 channels, got [1].',
    );
  });

  test('writes by itself when many wait, and two writers of one second have two files', async () => {
    const [first, second] = [0, 1].map(() => tf.node.summaryFileWriter(folder, 2));
    for (let step = 0; step < 3; step++) first.scalar('a', step, step);
    await second.flush();
    await first.flush();
    expect(readdirSync(folder)).toHaveLength(2);
  });

  test('says what kept it from writing, and that a runtime has no files', async () => {
    writeFileSync(join(folder, 'file'), '');
    const writer = tf.node.summaryFileWriter(join(folder, 'file'));
    await expect(writer.flush()).rejects.toThrow(
      /^summaryFileWriter: .* cannot be written: (a file is where a folder should be|a part of its path is no folder)\.$/,
    );
    setPlatform(portablePlatform());
    try {
      expect(() => tf.node.summaryFileWriter(folder)).toThrow(
        'summaryFileWriter: this runtime has no file system.',
      );
    } finally {
      setPlatform(nodePlatform);
    }
  });
});

describe('callbacks.tensorBoard', () => {
  const train = (callback: tf.Callback, epochs = 2) => {
    const model = tf.sequential({ layers: [tf.layers.dense({ inputShape: [1], units: 1, name: 'only' })] });
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    const x = tf.tensor2d([[1], [2], [3], [4]]);
    return model.fit(x, x, {
      epochs,
      batchSize: 1,
      validationSplit: 0.5,
      callbacks: callback,
      verbose: 0,
    });
  };

  test('writes into ./logs where nothing is said', async () => {
    const paths: string[] = [];
    setPlatform({ ...nodePlatform, appendFile: (path) => paths.push(path) });
    await train(tf.node.tensorBoard());
    setPlatform(nodePlatform);
    expect(paths[0]).toMatch(/^\.\/logs\/(train|val)\//);
  });

  test('writes the logs of each epoch, of the training and of the validation', async () => {
    const { history } = await train(tf.callbacks.tensorBoard(folder));
    const losses = (part: string) =>
      logged(part).map(({ tag, step, simpleValue }) => [tag, step, simpleValue]);
    expect(losses('train')).toEqual(history.loss.map((loss, i) => ['epoch_loss', i + 1, Math.fround(loss)]));
    expect(losses('val')).toEqual(
      history.val_loss.map((loss, i) => ['epoch_loss', i + 1, Math.fround(loss)]),
    );
  });

  test('writes batches and histograms of weights where they are asked for', async () => {
    await train(tf.node.tensorBoard(folder, { updateFreq: 'batch', histogramFreq: 2 }));
    const events = logged('train');
    const stepsOf = (tag: string) => events.filter((event) => event.tag === tag).map(({ step }) => step);
    expect(stepsOf('batch_loss')).toEqual([1, 2, 3, 4]);
    expect(stepsOf('epoch_loss')).toEqual([1, 2]);
    expect(new Set(events.map(({ tag }) => tag?.replace(/_\w+$/, '')))).toContain('batch');
    expect(events.filter(({ tag }) => /_(batch|size)$/.test(tag ?? ''))).toEqual([]);
    const histograms = events.filter(({ histo }) => histo);
    expect(histograms.map(({ step }) => step)).toEqual([2, 2]);
    expect(histograms.map(({ tag }) => tag)).toEqual([
      expect.stringContaining('only/kernel'),
      expect.stringContaining('only/bias'),
    ]);
  });

  test.each([
    [0, []],
    [1, [1, 2, 3, 4]],
    [3, [3]],
  ])('a histogram of each weight every %i epochs', async (histogramFreq, expected) => {
    await train(tf.callbacks.tensorBoard(folder, { histogramFreq }), 4);
    const kernels = logged('train').filter(({ histo, tag }) => histo && tag?.includes('kernel'));
    expect(kernels.map(({ step }) => step)).toEqual(expected);
  });
});
