// The package by `require`: the modules where they can be required, elsewhere CommonJS, and Node's build in Node alone.

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { createContext, Script } from 'node:vm';
import { type BuildOptions, build } from 'esbuild';
import { rolldown } from 'rolldown';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { main } from '../../package.json';

const root = resolve(import.meta.dirname, '../..');

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lanegrad-require-'));
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(root, join(folder, 'node_modules/lanegrad'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Writes a script. @returns its path */
function script(text: string): string {
  const path = join(folder, 'script.js');
  writeFileSync(path, text);
  return path;
}

describe('Node', () => {
  const printed = (text: string, ...flags: string[]): string =>
    execFileSync(process.execPath, ['--no-warnings', ...flags, script(text)], { encoding: 'utf8' }).trim();
  const withoutModules = '--no-experimental-require-module';

  const printedNames = (name: string, ...flags: string[]): string =>
    printed(
      `import('${name}').then((imported) => {
      const required = require('${name}');
      const namesOf = (names) => Object.keys(names).filter((name) => name !== 'default').sort().join();
      console.log(required === imported, namesOf(required) === namesOf(imported));
    });`,
      ...flags,
    );

  test.each(['lanegrad/worker', 'lanegrad/plot'])(
    '%s: what import gives; where no modules can be required, the same names',
    (name) => {
      expect(printedNames(name)).toBe('true true');
      expect(printedNames(name, withoutModules)).toBe('false true');
    },
  );

  test.each(['lanegrad', 'lanegrad/node'])('%s: the names that import gives, in an object', (name) => {
    expect(printedNames(name)).toBe('false true');
  });

  test('what is required and what is imported is one library', () => {
    const text = `import('lanegrad').then(({ default: imported }) => {
      const tf = require('lanegrad');
      const { numTensors } = tf.memory();
      const sum = imported.tidy(() => tf.add(imported.ones([2]), 1).dataSync()[1]);
      console.log(sum, tf.memory().numTensors - numTensors, tf.Tensor === imported.Tensor, tf.Tensor.name, tf.layers.lstm.name, tf.train.adam.name);
    });`;
    expect(printed(text)).toBe('2 0 true Tensor lstm adam');
  });

  test.each(['', withoutModules])('lanegrad/worker trains its models on its tensors %s', (flag) => {
    const text = `const tf = require('lanegrad');
      const { TrainingWorker } = require('lanegrad/worker');
      const { Worker } = require('node:worker_threads');
      const begin = \`const { parentPort } = require('node:worker_threads');
        globalThis.postMessage = (message, moved) => parentPort.postMessage(message, moved);
        const told = import('lanegrad/training-worker');
        parentPort.on('message', (data) => told.then(() => onmessage({ data })));\`;
      const thread = new Worker(begin, { eval: true });
      thread.on('message', (data) => thread.onmessage({ data }));
      const worker = new TrainingWorker(thread);
      const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] });
      const { meanAbsoluteError } = tf.metrics;
      model.compile({ optimizer: 'sgd', loss: 'meanSquaredError', metrics: [meanAbsoluteError] });
      model.fit(tf.ones([4, 2]), tf.ones([4, 1]), { epochs: 2, verbose: 0, worker }).then((history) => {
        console.log(history.epoch.join(), history instanceof tf.History);
        worker.terminate();
      });`;
    expect(printed(text, ...[flag].filter(Boolean))).toBe('0,1 true');
  });

  test('tests can put functions of their own in the place of its', () => {
    const text = `'use strict';
      const tf = require('lanegrad');
      for (const [names, name] of [[tf, 'add'], [tf.layers, 'dense'], [tf.browser, 'fromPixels']])
        names[name] = () => name;
      console.log(tf.add(), tf.layers.dense(), tf.browser.fromPixels());`;
    expect(printed(text)).toBe('add dense fromPixels');
  });

  test.each(['lanegrad', join(root, main)])(
    '%s, required without modules, computes and has files',
    (name) => {
      const text = `const tf = require('${name}');
      const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
      model.save('file://${folder}/model').then(() => console.log(tf.add(1, 2).dataSync()[0]));`;
      expect(printed(text, withoutModules)).toBe('3');
    },
  );
});

describe('what is bundled for pages', () => {
  async function byEsbuild(text: string, options: BuildOptions = {}): Promise<string[]> {
    const fixed = { bundle: true, write: false, metafile: true, logLevel: 'error' } as const;
    const { metafile } = await build({ ...options, ...fixed, entryPoints: [script(text)] });
    return Object.keys(metafile.inputs).map((path) => resolve(path));
  }

  async function byRolldown(text: string): Promise<string[]> {
    const bundle = await rolldown({ input: script(text), platform: 'browser' });
    const { output } = await bundle.generate();
    await bundle.close();
    return output[0].moduleIds;
  }

  test.each([
    ['esbuild', byEsbuild],
    ['Rolldown', byRolldown],
  ])('by %s are the modules', async (_, bundled) => {
    const files = await bundled("module.exports = require('lanegrad');");
    expect(files).toContain(join(root, 'dist/modules/src/index.js'));
    expect(files.filter((path) => path.endsWith('.cjs'))).toEqual([]);
  });

  test.each<[string, string, BuildOptions]>([
    ['modules', 'lanegrad', { conditions: ['of-ones-own'] }],
    ['exports', root, { mainFields: ['browser', 'main'] }],
  ])('by who knows no %s needs nothing of Node', async (_, name, options) => {
    const files = await byEsbuild(`module.exports = require('${name}');`, options);
    expect(files.filter((path) => path.startsWith(root))).toEqual([join(root, 'dist/index.cjs')]);
  });

  test('computes where Node alone has encoders of text, as in jsdom', () => {
    const module = { exports: {} as typeof import('../../src/index.ts') };
    const context = createContext({ module, process });
    new Script(readFileSync(join(root, 'dist/index.cjs'), 'utf8')).runInContext(context);
    expect(module.exports.add(1, 2).dataSync()[0]).toBe(3);
  });
});
