// Tables against TensorFlow.js (test/reference/tfjs-data.mjs), and from real files, servers, blobs and streams.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as tf from '../../src/node.ts';
import { RandomStream } from '../../src/random/random-stream.ts';
import { tables } from '../reference/data-pipelines.mjs';
import reference from '../reference/tfjs-data.json' with { type: 'json' };
import { serve } from '../runtimes/server.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lanegrad-tables-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const bytes = (text: string) => new TextEncoder().encode(text);

test.each(Object.keys(tables))('%s: the columns and rows of TensorFlow.js', async (name) => {
  const [text, config] = tables[name as keyof typeof tables] as [string, tf.data.CSVConfig?];
  const dataset = tf.data.csv(bytes(text), config);
  const expected = reference.tables[name as keyof typeof tables];
  expect(await dataset.columnNames()).toEqual(expected.columnNames);
  expect(JSON.parse(JSON.stringify(await dataset.toArray()))).toEqual(expected.rows);
});

test('the names of all columns are there once somebody has asked for columns', async () => {
  const config = { columnConfigs: { b: {} }, configuredColumnsOnly: true };
  const dataset = tf.data.csv(bytes('a,b\n1,2\n'), config);
  expect(dataset.fullColumnNames).toBeUndefined();
  expect(await dataset.columnNames()).toEqual(['b']);
  expect(dataset.fullColumnNames).toEqual(['a', 'b']);
});

describe('fields in quotes', () => {
  test('hold line breaks, delimiters and quotes, as RFC 4180 has them', async () => {
    const rows = await tf.data.csv(bytes('a,b\r\n"1\r\n2","say ""yes"", then"\r\n3,4\r\n')).toArray();
    expect(rows).toEqual([
      { a: '1\r\n2', b: 'say "yes", then' },
      { a: 3, b: 4 },
    ]);
  });

  test('may lie across the pieces that a text comes in, and so may letters', async () => {
    const fields = Array.from({ length: 30_000 }, (_, i) => [`"größe\n${i}, ""${i % 7}"""`, String(i)]);
    const text = bytes(`a,b\n${fields.map((row) => row.join(',')).join('\n')}`);
    for (const size of [1000, 65_537]) {
      const pieces = async function* () {
        for (let at = 0; at < text.length; at += size) yield text.subarray(at, at + size);
      };
      const rows = await tf.data.csv(pieces).toArray();
      expect(rows).toHaveLength(fields.length);
      const isRight = rows.every(({ a, b }, i) => a === `größe\n${i}, "${i % 7}"` && b === i);
      expect(isRight).toBe(true);
    }
  });
});

test.each<[string, tf.data.CSVConfig, unknown]>([
  [
    'a,b\r1,2\r3,4',
    {},
    [
      { a: 1, b: 2 },
      { a: 3, b: 4 },
    ],
  ],
  ['a,b\n"x "y" z",1\n', {}, [{ a: 'x "y" z', b: 1 }]],
  ['a.b\n"1.5".x\n', { delimiter: '.' }, [{ a: 1.5, b: 'x' }]],
  ['a||b\n"x||y"||1|2\n', { delimiter: '||' }, [{ a: 'x||y', b: '1|2' }]],
  ['a,b\n1,', { delimiter: '' }, [{ a: 1, b: undefined }]],
  [
    'a\nTRUE\n1\ntrue\nyes\n0\n',
    { columnConfigs: { a: { dtype: 'bool' } } },
    [1, 1, 1, 0, 0].map((a) => ({ a })),
  ],
  ['a  b\n  "x y" 2\n', { delimWhitespace: true }, [{ a: 'x y', b: 2 }]],
])('%j with %j: rows as they are meant', async (text, config, rows) => {
  expect(await tf.data.csv(bytes(text), config).toArray()).toEqual(rows);
});

test('rows are the same wherever a text is cut, in the midst of a mark too', async () => {
  const row = '1||"x""y"||""\r\n';
  for (let shift = 0; shift < row.length; shift++) {
    const text = `a||b||${'c'.repeat(100 + shift)}\r\n${row.repeat(6000)}`;
    const pieces = async function* () {
      for (let at = 0; at < text.length; at += 2 ** 16) yield bytes(text.slice(at, at + 2 ** 16));
    };
    const rows = await tf.data.csv(pieces, { delimiter: '||' }).toArray();
    expect(rows).toHaveLength(6000);
    expect(rows.every(({ a, b }) => a === 1 && b === 'x"y')).toBe(true);
  }
});

describe('lines without any character', () => {
  const column = async (text: string, config?: tf.data.CSVConfig) =>
    (await tf.data.csv(bytes(text), config).toArray()).map(({ a }) => a);
  const withDefault: tf.data.CSVConfig = { columnConfigs: { a: { default: -1 } } };

  test.each([
    ['a\n1\n\n3\n', withDefault, [1, -1, 3]],
    ['a\r\n1\r\n\r\n3', withDefault, [1, -1, 3]],
    ['a\n\n1\n\n', withDefault, [-1, 1, -1]],
    ['a\n1\n""\n3\n""', withDefault, [1, -1, 3, -1]],
    ['a\n1\n\n3\n', { ...withDefault, delimWhitespace: true }, [1, -1, 3]],
    ['\n1\n', { ...withDefault, hasHeader: false, columnNames: ['a'] }, [-1, 1]],
    ['a\n1\n\n3\n', {}, [1, undefined, 3]],
    ['\na,b\n\n1,2\n\n3,4\n\n', {}, [1, 3]],
  ])('%j with %j', async (text, config, expected) => {
    expect(await column(text, config)).toEqual(expected);
  });

  test('are a value that is missing where one is required', async () => {
    await expect(column('a\n1\n\n', { columnConfigs: { a: { required: true } } })).rejects.toThrow(
      'csv: column "a" is required; it is empty in the row',
    );
    await expect(column('\n\n')).rejects.toThrow('csv: there is nothing in it, not even a header.');
  });
});

describe('sources', () => {
  const text = 'a,b\n1,2\n3,4\n';
  const rows = [
    { a: 1, b: 2 },
    { a: 3, b: 4 },
  ];

  test('a file, by its address and as a source', async () => {
    const path = join(folder, 'table.csv');
    writeFileSync(path, text);
    expect(await tf.data.csv(`file://${path}`).toArray()).toEqual(rows);
    const source = new tf.data.FileDataSource(`file://${path}`);
    expect(await new tf.data.CSVDataset(source).toArray()).toEqual(rows);
    expect(await new tf.data.TextLineDataset(source).toArray()).toEqual(['a,b', '1,2', '3,4']);
  });

  test('a server, which sees the headers of the request', async () => {
    const seen: unknown[] = [];
    const server = createServer((request, response) => {
      seen.push(request.headers['x-key']);
      response.writeHead(request.url === '/table.csv' ? 200 : 404).end(text);
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    try {
      const origin = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
      const options = { headers: { 'x-key': 'k' } };
      expect(await tf.data.csv(`${origin}/table.csv`, {}, options).toArray()).toEqual(rows);
      expect(await tf.data.csv(new Request(`${origin}/table.csv`, options)).toArray()).toEqual(rows);
      expect(seen).toEqual(['k', 'k']);
      await expect(tf.data.csv(`${origin}/none.csv`).toArray()).rejects.toThrow(
        `data: ${origin}/none.csv answered 404 Not Found`,
      );
    } finally {
      server.close();
    }
    await expect(tf.data.csv('http://127.0.0.1:9/x.csv').toArray()).rejects.toThrow(
      'data: http://127.0.0.1:9/x.csv cannot be reached: ',
    );
  });

  test('a blob, and streams', async () => {
    expect(await tf.data.csv(new Blob([text])).toArray()).toEqual(rows);
    const stream = () => new Blob([text]).stream();
    const again = tf.data.csv(stream);
    expect([await again.toArray(), await again.toArray()]).toEqual([rows, rows]);
    const once = tf.data.csv(stream());
    expect(await once.toArray()).toEqual(rows);
    await expect(once.toArray()).rejects.toThrow('data: a stream can be read once only.');
  });

  test('are closed: after the names of columns, after a pass, and after one that stopped early', async () => {
    let open = 0;
    const pieces = async function* () {
      open++;
      try {
        for (;;) yield bytes('a\n'.repeat(50_000));
      } finally {
        open--;
      }
    };
    const table = tf.data.csv(pieces);
    await table.columnNames();
    expect(open).toBe(0);
    expect(await table.take(3).toArray()).toHaveLength(3);
    expect(open).toBe(0);
    const unread = await table.iterator();
    expect(open).toBe(1);
    await unread.return();
    expect(open).toBe(0);
    await expect(tf.data.csv(pieces, { columnNames: ['a', 'b'] }).columnNames()).rejects.toThrow('header');
    expect(open).toBe(0);
  });

  test('a large file is read no further than it is asked for', async () => {
    const served = await serve(folder);
    let asked = 0;
    const pieces = async function* () {
      yield bytes('a\n');
      for (;;) {
        asked++;
        yield bytes('1\n'.repeat(50_000));
      }
    };
    expect(await tf.data.csv(pieces).take(3).toArray()).toHaveLength(3);
    expect(asked).toBe(1);
    served.close();
  });
});

describe('errors', () => {
  const read = (text: string, config?: tf.data.CSVConfig) => tf.data.csv(bytes(text), config).toArray();

  test.each<[string, () => Promise<unknown>, string]>([
    ['nothing', () => read(''), 'csv: there is nothing in it, not even a header.'],
    ['a header twice', () => read('a,a\n'), 'csv: two columns are named "a".'],
    [
      'a quote left open',
      () => read('a,b\n1,2\n3,"4\n5,6\n'),
      'csv: a quote is opened and never closed in the row that begins with "3".',
    ],
    ['a short row', () => read('a,b\n1\n'), 'csv: expected 2 fields (a, b); a row has 1: 1'],
    [
      'a column unknown',
      () => read('age,b\n1,2\n', { columnConfigs: { agee: {} } }),
      'csv: columnConfigs names "agee", which is no column. Did you mean "age"?',
    ],
    [
      'names of another number',
      () => read('a,b\n1,2\n', { columnNames: ['a'] }),
      'csv: the header has 2 columns (a, b); columnNames has 1.',
    ],
    [
      'a label that is empty',
      () => read('a,b\n1,\n', { columnConfigs: { b: { isLabel: true } } }),
      'csv: column "b" is required; it is empty in the row 1,',
    ],
    [
      'no file',
      () => tf.data.csv('file:///nowhere.csv').toArray(),
      'data: file:///nowhere.csv cannot be read: there is no such file.',
    ],
  ])('%s', async (_, act, message) => {
    await expect(act()).rejects.toThrow(message);
  });

  test('options that contradict each other, and sources that are none', () => {
    expect(() => tf.data.csv('x', { delimiter: ';', delimWhitespace: true })).toThrow(
      'csv: give delimiter or delimWhitespace, not both.',
    );
    expect(() => tf.data.csv('x', { hasHeader: false })).toThrow('csv: without a header');
    expect(() => tf.data.csv(5 as never)).toThrow(/^data: expected an address, .*got 5\.$/);
  });
});

test('a quote that is never closed takes time in proportion to the text', async () => {
  const pieces = async function* () {
    yield bytes('a,b\n1,"');
    for (let i = 0; i < 400; i++) yield bytes('x,\n'.repeat(20_000));
  };
  const begun = performance.now();
  await expect(tf.data.csv(pieces).toArray()).rejects.toThrow('never closed in the row that begins with "1"');
  // 24 MB; looking through all that has come at every piece takes a minute.
  expect(performance.now() - begun).toBeLessThan(10_000);
});

test('2,000 texts of quotes, delimiters and breaks are rows or a sentence', async () => {
  const random = new RandomStream(4, 0);
  const letters = ['"', ',', '\n', '\r\n', 'a', '1', ' ', '\0', 'é', "'"];
  for (let i = 0; i < 2000; i++) {
    const text = Array.from({ length: random.below(40) }, () => letters[random.below(letters.length)]).join(
      '',
    );
    try {
      const rows = await tf.data.csv(bytes(`x,y\n${text}`)).toArray();
      expect(rows.every((row) => Object.keys(row).join() === 'x,y')).toBe(true);
    } catch (error) {
      expect(error).toBeInstanceOf(tf.LanegradError);
    }
  }
});

test('a column named like a part of every object is a column', async () => {
  const [row] = await tf.data.csv(bytes('__proto__,constructor\n1,2\n')).toArray();
  expect(Object.entries(row)).toEqual([
    ['__proto__', 1],
    ['constructor', 2],
  ]);
  expect(Object.getPrototypeOf(row)).toBe(Object.prototype);
});

test('from a table to a regression', async () => {
  const lines = Array.from({ length: 200 }, (_, i) => `${Math.sin(i)},${Math.cos(i)},${2 * Math.sin(i) - 1}`);
  const path = join(folder, 'regression.csv');
  writeFileSync(path, `p,q,target\n${lines.join('\n')}\n`);
  const rows = tf.data.csv<tf.data.LabelledRow>(`file://${path}`, {
    columnConfigs: { target: { isLabel: true } },
  });
  const width = (await rows.columnNames()).length - 1;
  const samples = rows
    .map(({ xs, ys }) => ({ xs: Object.values(xs) as number[], ys: Object.values(ys) as number[] }))
    .shuffle(200, 1)
    .batch(20);
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [width] })] });
  model.compile({ optimizer: tf.train.sgd(0.2), loss: 'meanSquaredError' });
  const { history } = await model.fitDataset(samples, { epochs: 20, verbose: 0 });
  expect(history.loss.at(-1)).toBeLessThan(1e-4);
});
