// The picture that `summary({ branches: true })` draws of a model's branches.

import { expect, test } from 'vitest';
import * as tf from '../../src/index.ts';

const dense = (name: string) => tf.layers.dense({ units: 2, name });

/** Rows of the picture, with the layers' names; rows that only go on have none. */
function pictureOf(model: tf.LayersModel): string[] {
  const lines: string[] = [];
  model.summary({ branches: true, print: (line) => lines.push(line) });
  const rows = lines.slice(3).filter((line) => /^[●├╰│ ]/.test(line));
  return rows.map((line) =>
    line.replace(/^([●├╰│─┼╯┤ ]*)(\w*).*$/, (_, picture: string, name: string) =>
      picture.length > 20 ? picture.slice(0, 20).trimEnd() : picture + name,
    ),
  );
}

/** Those rows that layers stand in. */
const layersOf = (model: tf.LayersModel) => pictureOf(model).filter((row) => row.includes('●'));

test('two branches that meet', () => {
  const input = tf.input({ shape: [3], name: 'in' });
  const branches = ['a', 'b'].map((name) => dense(name).apply(input) as tf.SymbolicTensor);
  const outputs = dense('last').apply(tf.layers.add({ name: 'sum' }).apply(branches)) as tf.SymbolicTensor;
  expect(pictureOf(tf.model({ inputs: input, outputs }))).toEqual([
    '●   in',
    '├─● a',
    '● │ b',
    '●─╯ sum',
    '│',
    '●   last',
  ]);
});

test('a path around two layers', () => {
  const input = tf.input({ shape: [2], name: 'in' });
  const path = dense('b').apply(dense('a').apply(input) as tf.SymbolicTensor) as tf.SymbolicTensor;
  const outputs = tf.layers.add({ name: 'sum' }).apply([input, path]);
  expect(pictureOf(tf.model({ inputs: input, outputs }))).toEqual([
    '●   in',
    '├─● a',
    '│ ● b',
    '●─╯ sum',
    '',
  ]);
});

test('several inputs and outputs, and a line that is crossed', () => {
  const [x, y, z] = ['x', 'y', 'z'].map((name) => tf.input({ shape: [2], name }));
  const all = tf.layers.concatenate({ name: 'all' }).apply([x, y, z]) as tf.SymbolicTensor;
  const sum = tf.layers.add({ name: 'sum' }).apply([x, z]) as tf.SymbolicTensor;
  const outputs = [dense('first').apply(all), dense('second').apply(sum)] as tf.SymbolicTensor[];
  expect(layersOf(tf.model({ inputs: [x, y, z], outputs }))).toEqual([
    '●     x',
    '│ ●   y',
    '│ │ ● z',
    '├─●─┤ all',
    '●─┼─╯ sum',
    '│ ●   first',
    '●     second',
  ]);
});

test('columns that are free are taken, the first of them, but for a line that goes on', () => {
  const [x, y, z] = ['x', 'y', 'z'].map((name) => tf.input({ shape: [2], name }));
  const ends = [dense('end').apply(x), dense('free').apply(y), dense('last').apply(y), dense('own').apply(z)];
  const model = tf.model({ inputs: [x, y, z], outputs: ends as tf.SymbolicTensor[] });
  expect(layersOf(model)).toEqual([
    '●     x',
    '│ ●   y',
    '│ │ ● z',
    '● │ │ end',
    '●─┤ │ free',
    '  ● │ last',
    '    ● own',
  ]);
});

test('a layer that reads itself, or one below it, waits for nobody', () => {
  const input = tf.input({ shape: [2], name: 'in' });
  const [a, b] = ['a', 'b'].map(dense);
  const apply = (layer: tf.Layer, to: tf.SymbolicTensor) => layer.apply(to) as tf.SymbolicTensor;
  const dots = (...outputs: tf.SymbolicTensor[]) => layersOf(tf.model({ inputs: input, outputs }));
  expect(dots(apply(b, apply(a, apply(b, apply(a, apply(a, input))))))).toEqual(['● in', '● a', '● b']);
  const twice = dense('twice');
  expect(dots(apply(twice, apply(twice, input)), apply(dense('once'), input))).toEqual([
    '●   in',
    '├─● twice',
    '●   once',
  ]);
});

test('a chain is one line, and widths are those without the picture and its margin', () => {
  const model = tf.sequential({
    layers: [tf.layers.dense({ units: 2, inputShape: [2], name: 'a' }), dense('b')],
  });
  expect(pictureOf(model).map((row) => row[0])).toEqual(['●', '●']);
  const lines: string[] = [];
  model.summary({ branches: true, lineLength: 50, print: (line) => lines.push(line) });
  expect(lines[0]).toBe('_'.repeat(52));
});

test('options that there are not are told', () => {
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [2] })] });
  expect(() => model.summary({ branch: true } as never)).toThrow(
    'summary: there is no option branch; did you mean branches?',
  );
});
