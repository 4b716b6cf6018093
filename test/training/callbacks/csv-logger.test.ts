import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as tf from '../../../src/node.ts';
import { platform } from '../../../src/platform/platform.ts';
import { withPlatform } from '../with-platform.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lanegrad-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function train(callback: tf.Callback): Promise<tf.History> {
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  return model.fit(tf.ones([4, 1]), tf.ones([4, 1]), {
    epochs: 2,
    verbose: 0,
    validationSplit: 0.5,
    callbacks: callback,
  });
}

describe('csvLogger', () => {
  test('writes a line per epoch, and goes on when told to append', async () => {
    const path = join(folder, 'log.csv');
    const { history } = await train(tf.callbacks.csvLogger(path));
    const lines = (h: typeof history) => h.loss.map((loss, epoch) => `${epoch},${loss},${h.val_loss[epoch]}`);
    expect((await readFile(path, 'utf8')).split('\n')).toEqual([
      'epoch,loss,val_loss',
      ...lines(history),
      '',
    ]);
    const again = await train(tf.callbacks.csvLogger(path, { append: true }));
    expect((await readFile(path, 'utf8')).split('\n')).toEqual([
      'epoch,loss,val_loss',
      ...lines(history),
      ...lines(again.history),
      '',
    ]);
  });

  test('used again without append, begins anew; with append, where there is no file yet', async () => {
    const path = join(folder, 'again.csv');
    const logger = tf.callbacks.csvLogger(path, { separator: ';' });
    await train(logger);
    await train(logger);
    const lines = (await readFile(path, 'utf8')).split('\n');
    expect(lines.map((line) => line.split(';')[0])).toEqual(['epoch', '0', '1', '']);
    await train(tf.callbacks.csvLogger(join(folder, 'new.csv'), { append: true }));
    expect((await readFile(join(folder, 'new.csv'), 'utf8')).split('\n')).toHaveLength(4);
  });

  test('a training that is resumed writes the lines behind its checkpoint again, and those before it are there', async () => {
    const path = join(folder, 'resumed.csv');
    const [first, resumed] = [1, 2].map(() => tf.callbacks.csvLogger(path));
    await first.onTrainBegin();
    await first.onEpochEnd(0, { loss: 0.5 });
    const state = first.getState();
    // Training is the same without it.
    expect(new tf.CallbackList([first]).states()).toMatchObject([{ name: 'csvLogger', isNeeded: false }]);
    await first.onEpochEnd(1, { loss: 0.25 });
    await resumed.onTrainBegin();
    resumed.setState(state);
    await resumed.onEpochEnd(1, { loss: 0.125 });
    expect(await readFile(path, 'utf8')).toBe('epoch,loss\n0,0.5\n1,0.125\n');
  });

  test('a file that cannot be read is not taken for none', async () => {
    await expect(train(tf.callbacks.csvLogger(folder, { append: true }))).rejects.toThrow(
      `csvLogger: ${folder} cannot be read: it is a folder.`,
    );
    await expect(train(tf.callbacks.csvLogger(folder))).rejects.toThrow(/^csvLogger: .* cannot be written: /);
  });

  test('needs files', async () => {
    const node = platform;
    for (const part of [{}, { readFile: node.readFile }, { writeFile: node.writeFile }])
      await withPlatform(part, () =>
        expect(train(tf.callbacks.csvLogger('log.csv'))).rejects.toThrow(
          'csvLogger: this runtime has no file system.',
        ),
      );
  });
});
