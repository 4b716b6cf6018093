// Models that are loaded from servers and saved to them: addresses, shards, requests and answers.

import { createServer, type IncomingMessage } from 'node:http';
import { describe, expect, test, vi } from 'vitest';
import * as tf from '../../src/node.ts';
import { platform, portablePlatform, setPlatform } from '../../src/platform/platform.ts';
import { artifactsOf, bits, inShards, network } from './network.ts';

interface Served {
  readonly origin: string;
  readonly requests: {
    readonly url: string;
    readonly headers: IncomingMessage['headers'];
    readonly body: Buffer;
  }[];
}

/** A server of files, which keeps what it was asked. */
async function serving<T>(
  files: Readonly<Record<string, Uint8Array | string>>,
  use: (served: Served) => Promise<T>,
) {
  const requests: Served['requests'] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    requests.push({ url: request.url!, headers: request.headers, body: Buffer.concat(chunks) });
    const file = files[request.url!.split('?')[0]];
    if (request.method === 'POST') response.writeHead(200).end('kept');
    else if (file === undefined) response.writeHead(404, 'Not Found').end();
    else response.end(file);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  try {
    return await use({ origin: `http://127.0.0.1:${(server.address() as { port: number }).port}`, requests });
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

describe('servers', () => {
  test('weights in pieces, headers, progress', async () => {
    const model = network();
    const { description, shards } = await inShards(model);
    const files = {
      '/m/model.json': description,
      '/m/shard1.bin': shards[0],
      '/m/sub/shard2.bin': shards[1],
    };
    await serving(files, async ({ origin, requests }) => {
      const progress: number[] = [];
      const loaded = await tf.loadLayersModel(`${origin}/m/model.json?v=1`, {
        requestInit: { headers: { 'x-key': 'k' } },
        onProgress: (fraction) => progress.push(fraction),
      });
      expect(bits(loaded)).toEqual(bits(model));
      expect(requests.map(({ headers }) => headers['x-key'])).toEqual(['k', 'k', 'k']);
      expect(requests.map(({ url }) => url).sort()).toEqual([
        '/m/model.json?v=1',
        '/m/shard1.bin?v=1',
        '/m/sub/shard2.bin?v=1',
      ]);
      expect(progress).toEqual([0, 0.5, 1]);
    });
  });

  test('weights in another folder of the server, and nowhere else', async () => {
    const model = network();
    const { description, shards } = await inShards(model);
    const elsewhere = description.replace('shard1.bin', '../w/shard1.bin');
    const files = {
      '/m/model.json': elsewhere,
      '/m/far.json': description.replace('shard1.bin', 'http://127.0.0.1:1/shard1.bin'),
      '/w/shard1.bin': shards[0],
      '/m/sub/shard2.bin': shards[1],
    };
    await serving(files, async ({ origin }) => {
      expect(bits(await tf.loadLayersModel(`${origin}/m/model.json`))).toEqual(bits(model));
      const refused = 'names weights outside its folder';
      await expect(tf.loadLayersModel(`${origin}/m/far.json`)).rejects.toThrow(refused);
      const fetchFunc = async () => new Response(elsewhere);
      await expect(tf.loadLayersModel(tf.io.http('disk:m/model.json', { fetchFunc }))).rejects.toThrow(
        refused,
      );
    });
  });

  test('weights by a manifest, and models with one in JSON', async () => {
    const model = network();
    const { description, shards } = await inShards(model);
    const { modelTopology, weightsManifest } = JSON.parse(description);
    const files = { '/w/shard1.bin': shards[0], '/w/sub/shard2.bin': shards[1] };
    await serving(files, async ({ origin, requests }) => {
      const pathPrefix = `${origin}/w`;
      const again = await tf.models.modelFromJSON({ modelTopology, weightsManifest, pathPrefix });
      expect(bits(again)).toEqual(bits(model));
      const [{ name, shape }] = model.weights;
      const requestInit = { headers: { 'x-mine': 'yes' } };
      const some = await tf.io.loadWeights(weightsManifest, `${pathPrefix}/`, [name], requestInit);
      expect(Object.entries(some).map(([key, tensor]) => [key, tensor.shape])).toEqual([[name, shape]]);
      expect(requests.at(-1)!.headers['x-mine']).toBe('yes');
      await expect(tf.io.loadWeights(weightsManifest, pathPrefix, ['other'])).rejects.toThrow(
        'loadWeights: the manifest has no other; it has ',
      );
      await expect(tf.io.loadWeights(weightsManifest, pathPrefix, 'other' as never)).rejects.toThrow(
        "loadWeights: weightNames must be a list of strings; got 'other'.",
      );
    });
  });

  test('weights of files that a function gets', async () => {
    const model = network();
    const { description, shards } = await inShards(model);
    const { weightsManifest } = JSON.parse(description);
    const [first, second] = shards.map((shard) => shard.slice().buffer);
    const files: Record<string, ArrayBuffer> = { 'w/shard1.bin': first, 'w/sub/shard2.bin': second };
    const asked: string[][] = [];
    const load = tf.io.weightsLoaderFactory(async (addresses) => {
      asked.push(addresses);
      return addresses.map((address) => files[address]);
    });
    const loaded = await load(weightsManifest, 'w');
    expect(asked).toEqual([Object.keys(files)]);
    for (const { name, val } of model.weights) expect(loaded[name].dataSync()).toEqual(val.dataSync());
    const [{ name }] = model.weights;
    expect(Object.keys(await load(weightsManifest, 'w/', [name]))).toEqual([name]);
    asked.splice(0);
    await expect(load(weightsManifest)).rejects.toThrow('weights must be bytes');
    expect(asked).toEqual([['/shard1.bin', '/sub/shard2.bin']]);
    await expect(load(weightsManifest, 'elsewhere')).rejects.toThrow('weights must be bytes');
    const loadNothing = tf.io.weightsLoaderFactory((async () => undefined) as never);
    await expect(loadNothing(weightsManifest)).rejects.toThrow('weights must be bytes');
  });

  test('weights elsewhere: by a prefix, a function, or a second address', async () => {
    const model = network();
    const { description, shards } = await inShards(model);
    const files = { '/model.json': description, '/w/shard1.bin': shards[0], '/w/sub/shard2.bin': shards[1] };
    await serving(files, async ({ origin }) => {
      const address = `${origin}/model.json`;
      const byPrefix = await tf.loadLayersModel(address, { weightPathPrefix: `${origin}/w/` });
      const byFunction = await tf.loadLayersModel(address, {
        weightUrlConverter: async (name) => `${origin}/w/${name}`,
      });
      const bySecond = await tf.loadLayersModel(tf.io.http([address, `${origin}/w/`]));
      for (const loaded of [byPrefix, byFunction, bySecond]) expect(bits(loaded)).toEqual(bits(model));
    });
  });

  test('a function in place of fetch', async () => {
    const model = network();
    const { description, shards } = await inShards(model);
    const bodies = [description, ...shards];
    const asked: string[] = [];
    const loaded = await tf.loadLayersModel('https://nowhere.test/model.json', {
      fetchFunc: async (url) => {
        asked.push(url);
        return new Response(bodies[asked.length - 1] as string);
      },
    });
    expect(bits(loaded)).toEqual(bits(model));
    expect(asked[1]).toBe('https://nowhere.test/shard1.bin');
  });

  test.each([
    ['models/model.json', 'models/'],
    ['./model.json', './'],
    ['/sub/model.json?v=1', '/sub/'],
    ['//host/model.json', '//host/'],
    ['weird://host/sub/model.json', 'weird://host/sub/'],
    ['blob:null/1-2', 'blob:null/'],
  ])('a function in place of fetch is given any address: %s', async (address, folder) => {
    const model = network();
    const { description, shards } = await inShards(model);
    const [, query = ''] = address.split(/(?=\?)/);
    const bodies = new Map<string, string | Uint8Array>([
      [address, description],
      [`${folder}shard1.bin${query}`, shards[0]],
      [`${folder}sub/shard2.bin${query}`, shards[1]],
    ]);
    const fetchFunc = async (url: string) => new Response(bodies.get(url) as string);
    expect(bits(await tf.loadLayersModel(address, { fetchFunc }))).toEqual(bits(model));
    await expect(tf.loadLayersModel(address)).rejects.toThrow('loadLayersModel: expected an address such as');
  });

  test('a page gives fetch whatever has no handler', async () => {
    const model = network();
    const { weightSpecs, weightData, ...rest } = await artifactsOf(model);
    const text = JSON.stringify(rest);
    const asked: string[] = [];
    const { fetch } = globalThis;
    vi.stubGlobal('fetch', async (url: string) => {
      asked.push(url);
      return /^(blob|data):/.test(url) ? fetch(url) : new Response(text);
    });
    const before = platform;
    setPlatform(portablePlatform());
    const addresses = [
      ...[
        'chrome-extension://id/model.json',
        'capacitor://localhost/model.json',
        'app://model.json',
        'm/model.json',
      ],
      URL.createObjectURL(new Blob([text])),
      `data:application/json,${encodeURIComponent(text)}`,
    ];
    try {
      for (const address of addresses) {
        expect((await tf.loadLayersModel(address)).layers).toHaveLength(2);
      }
    } finally {
      setPlatform(before);
      vi.unstubAllGlobals();
    }
    expect(asked).toEqual(addresses);
  });

  test('saving posts a form of two files, as TensorFlow.js does', async () => {
    await serving({}, async ({ origin, requests }) => {
      const model = network();
      const result = await model.save(`${origin}/upload`);
      expect(result.modelArtifactsInfo.weightDataBytes).toBe(13 * 4);
      expect(await (result.responses![0] as Response).text()).toBe('kept');
      const [{ headers, body }] = requests;
      const form = await new Response(body, {
        headers: { 'content-type': headers['content-type']! },
      }).formData();
      const [json, weights] = ['model.json', 'model.weights.bin'].map((name) => form.get(name) as File);
      const { weightsManifest, ...rest } = JSON.parse(await json.text());
      expect(weightsManifest[0].paths).toEqual(['./model.weights.bin']);
      const weightData = await weights.arrayBuffer();
      const loaded = await tf.loadLayersModel(
        tf.io.fromMemory({ ...rest, weightSpecs: weightsManifest[0].weights, weightData }),
      );
      expect(bits(loaded)).toEqual(bits(model));
    });
  });

  test('errors', async () => {
    await serving({ '/text.json': 'no json', '/list.json': '[]' }, async ({ origin }) => {
      const load = (path: string, options?: tf.LoadModelOptions) =>
        tf.loadLayersModel(origin + path, options);
      await expect(load('/none.json')).rejects.toThrow(`${origin}/none.json answered 404 Not Found.`);
      await expect(load('/text.json')).rejects.toThrow(/^loadLayersModel: .*\/text.json is no JSON: /);
      await expect(load('/list.json')).rejects.toThrow(/list.json holds no object/);
      await expect(load('/x', { requestInit: { body: 'x' } })).rejects.toThrow(
        'requestInit must have no body',
      );
    });
    await expect(tf.loadLayersModel('http://127.0.0.1:9/model.json')).rejects.toThrow(
      /^loadLayersModel: http:\/\/127.0.0.1:9\/model.json cannot be reached: /,
    );
  });
});

describe('a request that is stopped', () => {
  const refused = (signal: AbortSignal) => ({ requestInit: { signal } });

  test.each([
    ['a load', (url: string, signal: AbortSignal) => tf.loadLayersModel(url, refused(signal))],
    ['a save', (url: string, signal: AbortSignal) => network().save(tf.io.http(url, refused(signal)))],
    [
      'a table',
      (url: string, signal: AbortSignal) =>
        new tf.data.CSVDataset(new tf.data.URLDataSource(url, { signal })).toArray(),
    ],
  ])('%s fails as fetch does, by the name that scripts look for', async (_, ask) => {
    await serving({}, async ({ origin }) => {
      const stopped = ask(`${origin}/model.json`, AbortSignal.abort());
      await expect(stopped).rejects.toMatchObject({ name: 'AbortError' });
      const reasoned = ask(`${origin}/model.json`, AbortSignal.abort('enough'));
      await expect(reasoned).rejects.toBe('enough');
    });
  });

  test('a function in place of fetch says so by the name alone', async () => {
    const fetchFunc = () => Promise.reject(new DOMException('stopped', 'AbortError'));
    const stopped = tf.loadLayersModel('https://a.test/model.json', { fetchFunc });
    await expect(stopped).rejects.toMatchObject({ name: 'AbortError' });
  });
});
