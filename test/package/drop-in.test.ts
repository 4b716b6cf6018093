// The package under the name that scripts import, without a line of them changed.

import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createContext, Script } from 'node:vm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exports } from '../../package.json';

const root = resolve(import.meta.dirname, '../..');
const body = `
const w = tf.variable(tf.scalar(0));
const optimizer = tf.train.sgd(0.1);
for (let i = 0; i < 50; i++) optimizer.minimize(() => w.sub(3).square());
console.log(Math.round(w.dataSync()[0] * 1000));`;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lanegrad-drop-in-'));
  mkdirSync(join(folder, 'node_modules/@tensorflow'), { recursive: true });
  for (const name of ['tfjs', 'tfjs-node']) symlinkSync(root, join(folder, 'node_modules/@tensorflow', name));
});
afterAll(() => rmSync(folder, { recursive: true }));

const output = (file: string, text: string): string => {
  writeFileSync(join(folder, file), text);
  const flags = ['--no-warnings', join(folder, file)];
  return execFileSync(process.execPath, flags, { encoding: 'utf8' }).trim();
};

test('import', () => {
  expect(output('a.mjs', `import * as tf from '@tensorflow/tfjs';${body}`)).toBe('3000');
});

test('import of the default', () => {
  expect(output('b.mjs', `import tf from '@tensorflow/tfjs';${body}`)).toBe('3000');
});

test('two copies of the package under two names are one library', () => {
  const copy = join(folder, 'node_modules/@tensorflow/tfjs-core');
  mkdirSync(copy);
  for (const part of ['dist', 'build']) cpSync(join(root, part), join(copy, part), { recursive: true });
  cpSync(join(root, 'package.json'), join(copy, 'package.json'));
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  const text = `import * as tf from '@tensorflow/tfjs';
import * as core from '@tensorflow/tfjs-core';
const model = tf.sequential();
model.add(core.layers.dense({ units: 1, inputShape: [2], kernelInitializer: 'ones' }));
model.compile({ optimizer: core.train.adam(), loss: 'meanSquaredError' });
console.log(model.predict(core.ones([1, 2])).dataSync()[0], core.ones([1]) instanceof tf.Tensor);`;
  expect(output('c.mjs', text)).toBe('2 true');
});

test('require', () => {
  expect(output('a.cjs', `const tf = require('@tensorflow/tfjs-node');${body}`)).toBe('3000');
});

test("TensorFlow.js's script, named to require or import, is what the package's name gives", () => {
  const text = `const tf = require('@tensorflow/tfjs/dist/tf.min.js');
import('@tensorflow/tfjs/dist/tf.min.js').then((imported) => console.log(imported.add === tf.add));${body}`;
  expect(output('a.cjs', text)).toBe('3000\ntrue');
  expect(exports['./dist/*']).toEqual(exports['.']);
});

test("files within TensorFlow.js's packages are what the package's name gives", () => {
  const text = `import * as tf from '@tensorflow/tfjs';
import { Tensor } from '@tensorflow/tfjs/dist/tensor';
import '@tensorflow/tfjs/dist/public/chained_ops/add';
console.log(Tensor === tf.Tensor);`;
  expect(output('d.mjs', text)).toBe('true');
});

test("handlers of files are where TensorFlow.js's package for Node has them", () => {
  const text = `const { fileSystem } = require('@tensorflow/tfjs-node/dist/io/file_system');
const { io } = require('@tensorflow/tfjs-node');
console.log(fileSystem === io.fileSystem);`;
  expect(output('e.cjs', text)).toBe('true');
});

test.each(['typescript-5', 'typescript-4'])(
  'their types are there where %s reads no exports of packages',
  (name) => {
    const file = join(folder, 'types.ts');
    const text = `import * as tf from '@tensorflow/tfjs';
import type { Logs } from '@tensorflow/tfjs/dist/logs';
import { TrainingWorker } from '@tensorflow/tfjs/worker';
import * as plot from '@tensorflow/tfjs/plot';
export const [lossOf, sum]: [(logs: Logs) => number | undefined, tf.Tensor] = [(logs) => logs.loss, tf.ones([2])];
export const others = [TrainingWorker, plot];`;
    writeFileSync(file, text);
    const flags =
      '--noEmit --strict --skipLibCheck --target es2021 --module commonjs --moduleResolution node';
    const args = [join(root, 'node_modules', name, 'bin/tsc'), ...flags.split(' '), file];
    expect(spawnSync(process.execPath, args, { encoding: 'utf8' }).stdout).toBe('');
  },
);

test.each(['index.js', 'modules/src/index.js'])('%s defines nothing where modules are defined', (name) => {
  const text = `let count = 0;
globalThis.define = Object.assign(() => count++, { amd: {} });
const tf = await import('${join(root, 'dist', name)}');
console.log((await tf.data.csv(new TextEncoder().encode('a,b\\n1,2')).toArray())[0].b, count);`;
  expect(output('a.mjs', text)).toBe('2 0');
});

describe('<script>', () => {
  const script = new Script(readFileSync(join(root, 'dist/tf.min.js'), 'utf8'));
  const table = "tf.data.csv(Uint8Array.from('a,b\\n1,2', (letter) => letter.charCodeAt(0))).toArray()";

  /** What a page with these globals prints, where `body` and a table find the library as `tf`. */
  async function printed(globals: object, tf: string): Promise<unknown> {
    const lines: unknown[] = [];
    const log = (line: unknown) => lines.push(line);
    const context = createContext({ TextDecoder, console: { log }, ...globals });
    script.runInContext(context);
    const rows = await new Script(`{ const { tf } = ${tf};${body}; ${table} }`).runInContext(context);
    return [...lines, ...rows, typeof context.tf];
  }
  const row = { a: 1, b: 2 };

  test('defines tf', async () => {
    expect(await printed({}, 'globalThis')).toEqual([3000, row, 'object']);
  });

  test('twice on a page is one library', () => {
    const context = createContext({ TextDecoder });
    script.runInContext(context);
    const { tf } = context;
    script.runInContext(context);
    expect(context.tf).toBe(tf);
  });

  test('defines itself alone where modules are defined, as for RequireJS', async () => {
    const defined: unknown[] = [];
    const define = (needed: unknown[], make: () => unknown) => defined.push(...needed, make());
    const globals = { define: Object.assign(define, { amd: {} }), defined };
    expect(await printed(globals, '{ tf: defined[0] }')).toEqual([3000, row, 'undefined']);
    expect(defined).toHaveLength(1);
  });

  test('is the module where there is one, as in pages of Electron', async () => {
    const module = { exports: {} };
    const globals = { module, exports: module.exports };
    expect(await printed(globals, '{ tf: module.exports }')).toEqual([3000, row, 'undefined']);
  });
});
