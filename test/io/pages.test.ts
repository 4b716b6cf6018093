// A page's stores, downloads and files, in Chromium.

import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as tf from '../../src/node.ts';
import { hasChromium, withPage } from '../runtimes/chromium.mjs';
import { everywhere, leftOut } from '../runtimes/everywhere.ts';
import { type FileServer, serve } from '../runtimes/server.ts';

const dist = resolve(import.meta.dirname, '../../dist');
type Page = Parameters<Parameters<typeof withPage>[1]>[0];

/** What a page lets a user keep: playwright's, whose types are there only where the browsers' tests are installed. */
interface Download {
  suggestedFilename(): string;
  saveAs(path: string): Promise<void>;
}

let folder: string;
let server: FileServer;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lanegrad-pages-'));
  copyFileSync(join(dist, 'index.js'), join(folder, 'index.js'));
  writeFileSync(
    join(folder, 'page.html'),
    `<!doctype html><input type="file" id="files" multiple><canvas id="canvas" width="4" height="3"></canvas>
<script type="module">
import * as tf from './index.js';
window.tf = tf;
/** The same model each time, with optimizer and user's words. */
window.network = (units = 3) => {
  const model = tf.sequential({ name: 'net', layers: [
    tf.layers.dense({ units, inputShape: [2], kernelInitializer: tf.initializers.randomNormal({ seed: 1 }), name: 'a' }),
  ] });
  model.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
  return model;
};
/** A training of four epochs of five steps. */
window.train = async (options) => {
  tf.setSeed(1);
  const model = network();
  const x = tf.randomNormal([10, 2], 0, 1, 'float32', 1);
  await model.fit(x, tf.ones([10, 3]), { epochs: 4, batchSize: 2, verbose: 0, ...options });
  return bits(model);
};
window.bits = (model) => model.getWeights().map((weight) => Array.from(weight.dataSync()));
window.isReady = true;
</script>`,
  );
  server = await serve(folder);
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

/** What a script of the page returns. */
const within = <T>(script: string): Promise<T> =>
  withPage(`${server.url}/page.html`, (page: Page) => evaluate<T>(page, script));

async function evaluate<T>(page: Page, script: string): Promise<T> {
  await page.waitForFunction('window.isReady');
  return (await page.evaluate(`(async () => { ${script} })()`)) as T;
}

describe.skipIf(!everywhere || !hasChromium)(`in Chromium${leftOut}`, () => {
  test.each(['localstorage', 'indexeddb'])('%s: saved, listed, copied, moved, removed', async (scheme) => {
    const result = await within<Record<string, unknown>>(`
      const model = network();
      const saved = await model.save('${scheme}://a/b', { includeOptimizer: true });
      const loaded = await tf.loadLayersModel('${scheme}://a/b');
      const listed = await tf.io.listModels();
      await tf.io.copyModel('${scheme}://a/b', '${scheme}://copy');
      await tf.io.moveModel('${scheme}://a/b', '${scheme}://moved');
      const moved = await tf.loadLayersModel('${scheme}://moved');
      const afterMove = Object.keys(await tf.io.listModels());
      const removed = await tf.io.removeModel('${scheme}://copy');
      const failure = await tf.loadLayersModel('${scheme}://copy').catch((error) => error.message);
      return {
        bytes: saved.modelArtifactsInfo.weightDataBytes, listed: Object.keys(listed), afterMove, failure,
        isSame: [loaded, moved].every((each) => JSON.stringify(bits(each)) === JSON.stringify(bits(model))),
        rate: loaded.optimizer.learningRate, removedBytes: removed.weightDataBytes,
        left: Object.keys(await tf.io.listModels()),
        removedTwice: await tf.io.removeModel('${scheme}://copy').catch((error) => error.message),
      };
    `);
    const store = scheme === 'localstorage' ? 'localStorage' : 'IndexedDB';
    expect(result).toEqual({
      // Nine weights, the number of steps, and two arrays of Adam's.
      bytes: 4 * (9 + 1 + 18),
      listed: [`${scheme}://a/b`],
      afterMove: [`${scheme}://copy`, `${scheme}://moved`],
      failure: expect.stringContaining(`${store} has no model named copy.`),
      isSame: true,
      rate: expect.closeTo(0.001),
      removedBytes: 4 * (9 + 1 + 18),
      left: [`${scheme}://moved`],
      removedTwice: `removeModel: ${store} has no model named copy.`,
    });
  });

  test.each(['localstorage', 'indexeddb'])(
    '%s: a training goes on in a page that is opened anew',
    async (scheme) => {
      await withPage(`${server.url}/page.html`, async (page: Page) => {
        const path = `${scheme}://run`;
        const failure = await evaluate(
          page,
          `let step = 0;
        const killer = { onBatchEnd() { if (++step === 13) throw new Error('killed'); } };
        const callbacks = [killer, tf.callbacks.checkpoint({ path: '${path}', every: 4, keep: 2 })];
        return train({ callbacks }).catch((error) => error.message);`,
        );
        expect(failure).toBe('killed');
        await page.reload();
        const resumed = await evaluate<number[][]>(page, `return train({ resume: '${path}' });`);
        expect(resumed).toEqual(await evaluate(page, 'return train({});'));
      });
    },
  );

  test('indexeddb: of what cannot be stored nothing stays', async () => {
    const result = await within<object>(`
      const artifacts = { modelTopology: {}, weightSpecs: [], weightData: new ArrayBuffer(0), signature() {} };
      tf.io.registerLoadRouter((address) => (address === 'own://m' ? { load: async () => artifacts } : null));
      const failure = await tf.io.copyModel('own://m', 'indexeddb://m').catch((error) => error.name);
      return { failure, left: Object.keys(await tf.io.listModels()) };
    `);
    expect(result).toEqual({ failure: 'DataCloneError', left: [] });
  });

  test('from one store to the other', async () => {
    const result = await within<boolean>(`
      await network().save('localstorage://m');
      await tf.io.copyModel('localstorage://m', 'indexeddb://m');
      const loaded = await tf.loadLayersModel('indexeddb://m');
      return JSON.stringify(bits(loaded)) === JSON.stringify(bits(network()));
    `);
    expect(result).toBe(true);
  });

  test('where localStorage is full the old model stays whole', async () => {
    const result = await within<{ message: string; isSame: boolean }>(`
      await network().save('localstorage://m');
      const message = await network(700_000).save('localstorage://m').catch((error) => error.message);
      const loaded = await tf.loadLayersModel('localstorage://m');
      return { message, isSame: JSON.stringify(bits(loaded)) === JSON.stringify(bits(network())) };
    `);
    expect(result).toEqual({
      message: expect.stringMatching(/^save: localStorage has no room for m of 8400000 bytes .*indexeddb/),
      isSame: true,
    });
  });

  test('downloads: two files, which can be chosen and loaded again', async () => {
    await withPage(`${server.url}/page.html`, async (page: Page) => {
      const paths: string[] = [];
      const files = join(folder, 'downloads');
      mkdirSync(files);
      page.on('download', async (download: Download) => {
        const path = join(files, download.suggestedFilename());
        await download.saveAs(path);
        paths.push(path);
      });
      await evaluate(page, `await network().save('downloads://my-model');`);
      await expect.poll(() => paths.length).toBe(2);
      const [json, weights] = paths.sort();
      expect(json.slice(files.length)).toBe('/my-model.json');
      const inNode = await tf.loadLayersModel(`file://${json}`);
      expect(weights.slice(files.length)).toBe('/my-model.weights.bin');
      const bits = inNode.getWeights().map((weight) => Array.from(weight.dataSync()));
      await page.setInputFiles('#files', [json, weights]);
      const chosen = await evaluate(
        page,
        `const files = [...document.querySelector('#files').files];
         return bits(await tf.loadLayersModel(tf.io.browserFiles(files)));`,
      );
      expect(chosen).toEqual(bits);
      const alone = await evaluate<number[]>(
        page,
        `const [json] = document.querySelector('#files').files;
         return bits(await tf.loadLayersModel(tf.io.browserFiles([json]))).map(({ length }) => length);`,
      );
      expect(alone).toEqual([6, 3]);
    });
  });

  test('addresses of the page’s own, without a scheme', async () => {
    await tf
      .sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] })
      .save(`file://${folder}/models/m`);
    expect(await within(`return (await tf.loadLayersModel('models/m/model.json')).layers.length;`)).toBe(1);
  });

  test('tensors drawn on a canvas and read from it, from an image and from a bitmap', async () => {
    const { drawn, ...others } = await within<Record<string, unknown>>(`
      const canvas = document.querySelector('#canvas');
      const image = tf.tensor3d([[[0, 0, 0], [255, 0, 0]], [[0, 128, 0], [0, 0, 64]]], [2, 2, 3], 'int32');
      const bytes = await tf.browser.toPixels(image, canvas);
      const drawn = image.arraySync();
      const element = new Image();
      element.src = canvas.toDataURL();
      await element.decode();
      const offscreen = new OffscreenCanvas(2, 2);
      tf.browser.draw(image, offscreen);
      return {
        drawn, bytes: Array.from(bytes.slice(4, 8)), size: [canvas.width, canvas.height],
        canvas: tf.browser.fromPixels(canvas).arraySync(), image: tf.browser.fromPixels(element).arraySync(),
        offscreen: tf.browser.fromPixels(offscreen).arraySync(),
        asynchronous: (await tf.browser.fromPixelsAsync(element)).arraySync(),
        bitmap: tf.browser.fromPixels(await createImageBitmap(canvas)).arraySync(),
        frame: tf.browser.fromPixels(new VideoFrame(canvas, { timestamp: 0 })).arraySync(),
        data: tf.browser.fromPixels(canvas.getContext('2d').getImageData(0, 0, 2, 2)).arraySync(),
      };
    `);
    const same = ['canvas', 'image', 'offscreen', 'asynchronous', 'bitmap', 'frame', 'data'];
    expect(others).toEqual({
      ...Object.fromEntries(same.map((name) => [name, drawn])),
      bytes: [255, 0, 0, 255],
      size: [2, 2],
    });
  });

  test('images are read in the size in which they are shown', async () => {
    const sizes = await within(`
      const element = new Image(5, 7);
      element.src = document.querySelector('#canvas').toDataURL();
      await element.decode();
      return [tf.browser.fromPixels(element).shape, (await tf.browser.fromPixelsAsync(element)).shape];
    `);
    expect(sizes).toEqual([
      [7, 5, 3],
      [7, 5, 3],
    ]);
  });

  test('what is no picture is said by name', async () => {
    const said = await within<string[]>(`
      const context = new OffscreenCanvas(1, 1).getContext('2d');
      const others = [document.createElement('div'), context, {}, { width: 2, height: 2 }];
      const made = others.flatMap((each) => [async () => tf.browser.fromPixels(each), () => tf.browser.fromPixelsAsync(each)]);
      return Promise.all(made.map((make) => make().catch((error) => error.name + error.message)));
    `);
    expect(
      said.filter((one) => !/^LanegradErrorbrowser.fromPixels: pixels must be either an HTML/.test(one)),
    ).toEqual([]);
    expect(said.map((one) => one.split('but was ')[1])).toEqual([
      ...['HTMLDivElement.', 'HTMLDivElement.'],
      ...['OffscreenCanvasRenderingContext2D.', 'OffscreenCanvasRenderingContext2D.'],
      ...['object with nothing.', 'object with nothing.'],
      ...['object with width, height.', 'object with width, height.'],
    ]);
  });

  test('tables that somebody chose', async () => {
    const rows = await within(`
      const file = new File(['a,b\\n1,2\\n3,x\\n'], 'table.csv');
      return tf.data.csv(file).toArray();
    `);
    expect(rows).toEqual([
      { a: 1, b: 2 },
      { a: 3, b: 'x' },
    ]);
  });
});
