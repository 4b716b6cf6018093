// Where models go and come from, in Node: memory, files, schemes of one's own. Servers and pages have tests of
// their own; here is what Node says to a page's schemes.

import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import * as tf from '../../src/node.ts';
import { artifactsOf, bits, inShards, network } from './network.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lanegrad-io-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('memory', () => {
  test('artifacts, or their parts one by one', async () => {
    const model = network();
    const artifacts = await artifactsOf(model);
    const { modelTopology, weightSpecs, weightData } = artifacts;
    expect(weightData).toBeInstanceOf(ArrayBuffer);
    expect(artifacts).toMatchObject({ format: 'layers-model', generatedBy: 'lanegrad', convertedBy: null });
    const whole = await tf.loadLayersModel(tf.io.fromMemory(artifacts));
    const parts = await tf.loadLayersModel(tf.io.fromMemory(modelTopology, weightSpecs, weightData));
    const shared = new Uint8Array(new SharedArrayBuffer((weightData as ArrayBuffer).byteLength));
    shared.set(new Uint8Array(weightData as ArrayBuffer));
    const sharedData = shared.buffer as unknown as ArrayBuffer;
    const ofShared = await tf.loadLayersModel(tf.io.fromMemory({ ...artifacts, weightData: sharedData }));
    const pieces = [weightData as ArrayBuffer].flatMap((buffer) => [buffer.slice(0, 6), buffer.slice(6)]);
    const inPieces = await tf.loadLayersModel(tf.io.fromMemory({ ...artifacts, weightData: pieces }));
    for (const loaded of [whole, parts, ofShared, inPieces]) expect(bits(loaded)).toEqual(bits(model));
    const promised = tf.io.fromMemory(artifacts).load();
    expect(promised).toBeInstanceOf(Promise);
    expect(await promised).toBe(artifacts);
    expect(tf.io.fromMemorySync(artifacts).load()).toBe(artifacts);
  });

  test('a model without weights begins with new ones', async () => {
    const { modelTopology } = await artifactsOf(network());
    const loaded = await tf.loadLayersModel(tf.io.fromMemory({ modelTopology }));
    expect(bits(loaded).map(({ length }) => length)).toEqual([6, 3, 3, 1]);
  });

  test('sizes of what is saved', async () => {
    const artifacts = await artifactsOf(network());
    const info = tf.io.getModelArtifactsInfoForJSON(artifacts);
    expect(info).toEqual({
      dateSaved: expect.any(Date),
      modelTopologyType: 'JSON',
      modelTopologyBytes: Buffer.byteLength(JSON.stringify(artifacts.modelTopology)),
      weightSpecsBytes: Buffer.byteLength(JSON.stringify(artifacts.weightSpecs)),
      weightDataBytes: 52,
    });
  });

  test('what a handler returns, save returns', async () => {
    expect(await network().save({ save: async () => 'kept' })).toBe('kept');
  });
});

test('a handler of one’s own for a model.json', async () => {
  const model = network();
  const { description, shards } = await inShards(model);
  const json = JSON.parse(description) as tf.io.ModelDescription;
  const load = () =>
    tf.io.getModelArtifactsForJSON(json, async (manifest) => {
      expect(manifest[0].paths).toEqual(['shard1.bin', 'sub/shard2.bin']);
      return [tf.io.getWeightSpecs(manifest), shards.map(({ buffer }) => buffer as ArrayBuffer)];
    });
  expect(bits(await tf.loadLayersModel({ load }))).toEqual(bits(model));
  const specs = tf.io.getWeightSpecs(json.weightsManifest!);
  const whole = tf.io.concatenateArrayBuffers(shards.map(({ buffer }) => buffer as ArrayBuffer));
  const sync = tf.io.getModelArtifactsForJSONSync(json, specs, whole);
  expect(bits(await tf.loadLayersModel({ load: () => sync }))).toEqual(bits(model));
  const { weightsManifest: _, ...alone } = json;
  expect(tf.io.getModelArtifactsForJSONSync(alone)).toEqual(alone);
});

describe('strict: false', () => {
  test('weights go by their names, and what is missing or too much does not matter', async () => {
    const model = network();
    const { weightSpecs, weightData, ...rest } = await artifactsOf(model);
    const decoded = tf.io.decodeWeights(weightData, weightSpecs);
    const { data, specs } = await tf.io.encodeWeights({
      'b/kernel': decoded['b/kernel'],
      other: tf.ones([2]),
    });
    const source = tf.io.fromMemory({ ...rest, weightSpecs: specs, weightData: data });
    const loaded = await tf.loadLayersModel(source, { strict: false });
    expect(bits(loaded)[2]).toEqual(bits(model)[2]);
    await expect(tf.loadLayersModel(source)).rejects.toThrow(
      '3 of 4 weights are not set: a/kernel, a/bias, b/bias.',
    );
  });
});

describe('files', () => {
  test('say what was saved', async () => {
    const result = await network().save(`file://${folder}/sized`);
    expect(result.modelArtifactsInfo.weightDataBytes).toBe(52);
  });

  test('of an old save, with its weights in weights.bin, are read, and replaced by the next', async () => {
    const model = network();
    const { weightSpecs, weightData, ...rest } = await artifactsOf(model);
    const old = join(folder, 'old');
    mkdirSync(old);
    const weightsManifest = [{ paths: ['weights.bin'], weights: weightSpecs }];
    writeFileSync(join(old, 'model.json'), JSON.stringify({ ...rest, weightsManifest }));
    writeFileSync(join(old, 'weights.bin'), new Uint8Array(weightData as ArrayBuffer));
    writeFileSync(join(old, 'notes.txt'), 'mine');
    expect(bits(await tf.loadLayersModel(`file://${old}/model.json`))).toEqual(bits(model));
    const next = network();
    await next.save(`file://${old}`);
    expect(readdirSync(old).sort()).toEqual([
      'model.json',
      'notes.txt',
      expect.stringMatching(/^weights-[0-9a-f]{16}\.bin$/),
    ]);
    expect(bits(await tf.loadLayersModel(`file://${old}/model.json`))).toEqual(bits(next));
  });

  test('saved to and loaded from at once are always whole', async () => {
    const address = `file://${folder}/busy`;
    const models = Array.from({ length: 4 }, network);
    await models[0].save(address);
    const known = models.map((model) => JSON.stringify(bits(model)));
    const saving = Promise.all(Array.from({ length: 40 }, (_, i) => models[i % 4].save(address)));
    const loaded: string[] = [];
    const loading = (async () => {
      for (let i = 0; i < 40; i++) {
        loaded.push(JSON.stringify(bits(await tf.loadLayersModel(`${address}/model.json`))));
      }
    })();
    await Promise.all([saving, loading]);
    expect(loaded.filter((each) => !known.includes(each))).toEqual([]);
    expect(readdirSync(join(folder, 'busy'))).toHaveLength(2);
  });

  test('by path', async () => {
    const model = network();
    await model.save(tf.io.fileSystem(`${folder}/by-path`));
    expect(bits(await tf.loadLayersModel(tf.io.fileSystem(`${folder}/by-path/model.json`)))).toEqual(
      bits(model),
    );
  });

  test('of a list of paths are a sentence', () => {
    expect(() => tf.io.fileSystem(['m.json', 'w.bin'] as never)).toThrow(
      "io.fileSystem: path must be a string; got ['m.json','w.bin'].",
    );
  });

  test('may be limited in size', async () => {
    await network().save(`file://${folder}/limited`);
    const load = (maxBytes: number) =>
      tf.loadLayersModel(`file://${folder}/limited/model.json`, { maxBytes });
    await expect(load(51)).rejects.toThrow('the weights are 52 bytes; maxBytes allows no more than 51.');
    await load(52);
  });

  test('where a folder should be a file is, and no file is', async () => {
    writeFileSync(join(folder, 'file'), '');
    await expect(network().save(`file://${folder}/file`)).rejects.toThrow(
      /^save: .*\/file cannot be written: a file is where a folder should be\.$/,
    );
    await expect(tf.loadLayersModel(`file://${folder}/none/model.json`)).rejects.toThrow(
      /^loadLayersModel: .*\/none\/model.json cannot be read: there is no such file\.$/,
    );
    await expect(tf.loadLayersModel(`file://${folder}`)).rejects.toThrow(
      `loadLayersModel: ${folder} cannot be read: it is a folder. A saved model is read by its model.json.`,
    );
  });
});

describe('addresses', () => {
  test('of schemes of one’s own', async () => {
    const kept = new Map<string, tf.io.ModelArtifacts>();
    const keyOf = (address: string | readonly string[]) =>
      typeof address === 'string' && address.startsWith('mine://') ? address : undefined;
    tf.io.registerSaveRouter((address) => {
      const key = keyOf(address);
      return key ? { save: (artifacts) => kept.set(key, artifacts) } : null;
    });
    tf.io.registerLoadRouter((address) => {
      const key = keyOf(address);
      return key ? { load: () => kept.get(key)! } : null;
    });
    const model = network();
    await model.save('mine://a');
    await tf.io.copyModel('mine://a', 'mine://b');
    expect(bits(await tf.loadLayersModel('mine://b'))).toEqual(bits(model));
    expect(tf.io.getSaveHandlers('mine://a')).toHaveLength(1);
    expect(tf.io.getLoadHandlers('file://x')).toHaveLength(1);
  });

  test('of which a handler can do the other thing alone', async () => {
    const half = (scheme: string, handler: tf.io.IOHandler) => (address: string | string[]) =>
      address === scheme ? handler : null;
    tf.io.registerSaveRouter(half('read-only://m', { load: async () => ({}) }));
    tf.io.registerLoadRouter(half('write-only://m', { save: async () => 0 as never }));
    await expect(network().save('read-only://m')).rejects.toThrow(
      'save: the handler that is registered for "read-only://m" has no save method.',
    );
    await expect(tf.loadLayersModel('write-only://m')).rejects.toThrow(
      'loadLayersModel: the handler that is registered for "write-only://m" has no load method.',
    );
  });

  test('that are known here too are for the handlers of a script', async () => {
    const kept: tf.io.ModelArtifacts[] = [];
    const isStandIn = (address: unknown) => address === 'indexeddb://stand-in';
    tf.io.registerSaveRouter((address) =>
      isStandIn(address) ? { save: async (artifacts) => kept.push(artifacts) } : null,
    );
    tf.io.registerLoadRouter((address) => (isStandIn(address) ? { load: () => kept[0] } : null));
    const model = network();
    await model.save('indexeddb://stand-in');
    expect(bits(await tf.loadLayersModel('indexeddb://stand-in'))).toEqual(bits(model));
  });

  test('without localStorage other places are named: databases in workers, files where there are none', async () => {
    const save = () => network().save('localstorage://m');
    vi.stubGlobal('localStorage', undefined);
    await expect(save()).rejects.toThrow('save: this runtime has no localStorage. Save to file://, or');
    vi.stubGlobal('indexedDB', {});
    await expect(save()).rejects.toThrow('save: this runtime has no localStorage. Save to indexeddb://, or');
    vi.unstubAllGlobals();
  });

  test('databases that a frame may not open are a sentence', async () => {
    const open = () => {
      throw new Error('access is denied in this context.');
    };
    vi.stubGlobal('indexedDB', { open });
    const sentence = 'IndexedDB failed: access is denied in this context.';
    await expect(network().save('indexeddb://m')).rejects.toThrow(new tf.LanegradError(`save: ${sentence}`));
    await expect(tf.io.listModels()).rejects.toThrow(new tf.LanegradError(`listModels: ${sentence}`));
    vi.unstubAllGlobals();
  });

  test.each<[string, () => Promise<unknown>, string | RegExp]>([
    [
      'misspelt',
      () => network().save('localstorge://m'),
      /got "localstorge:\/\/m"\. Did you mean localstorage:/,
    ],
    [
      'of a page, in Node',
      () => network().save('indexeddb://m'),
      /^save: this runtime has no indexedDB\. Save to file/,
    ],
    [
      'of downloads, in Node',
      () => network().save('downloads://m'),
      /^save: this runtime has no document\. downloads:/,
    ],
    [
      'no address',
      () => tf.loadLayersModel(5 as never),
      'loadLayersModel: expected an address, or an object with a load',
    ],
    [
      'from here to here',
      () => tf.io.copyModel('file://a', 'file://a'),
      'file://a is both where from and where to',
    ],
    [
      'of a file, to remove',
      () => tf.io.removeModel('file://a'),
      'removeModel: expected an address such as localstorage:',
    ],
    [
      'of a file, to move',
      () => tf.io.moveModel('file://a', 'file://b'),
      'models can be moved from localstorage:',
    ],
  ])('%s', async (_, act, message) => {
    await expect(act()).rejects.toThrow(message);
  });

  test('a runtime without stores lists none', async () => {
    expect(await tf.io.listModels()).toEqual({});
  });
});

describe('files that were chosen', () => {
  async function chosen(...names: readonly string[]) {
    const { description, shards } = await inShards(network());
    const files = names.map((name, i) => new File([shards[i] as Uint8Array<ArrayBuffer>], name));
    return tf.loadLayersModel(tf.io.browserFiles([new File([description], 'm.json'), ...files]));
  }

  test('with the weights, or a description alone, whose weights are new', async () => {
    for (const names of [['shard1.bin', 'shard2.bin'], []]) {
      expect(bits(await chosen(...names)).map(({ length }) => length)).toEqual([6, 3, 3, 1]);
    }
  });

  test('without some of the weights, or none at all', async () => {
    await expect(chosen('shard1.bin')).rejects.toThrow(
      'io.browserFiles: m.json needs shard2.bin, which is not among the files.',
    );
    expect(() => tf.io.browserFiles([])).toThrow(
      'io.browserFiles: expected at least the JSON file of a model.',
    );
  });
});
