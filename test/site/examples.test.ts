// The reference's examples run, give what they say, and leave no exported name without one.

import { resolve } from 'node:path';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { readExamples, withExamples } from '../../site/reference/examples.mjs';
import { readApi } from '../../site/reference/read-api.mjs';
import { shown } from '../../site/reference/shown.mjs';
import * as tf from '../../src/node.ts';
import * as plot from '../../src/plot/index.ts';
import { everywhere } from '../runtimes/everywhere.ts';

const root = resolve(import.meta.dirname, '../..');
const examples = readExamples(root);

/** Runs a script in which the package's names are there. */
const run = (script: string): Promise<unknown> =>
  new Function('tf', 'plot', `return (async () => {${script}\n})()`)(tf, plot);

/** The script of an example that runs here. */
const scriptOf = ({ kind, code }: (typeof examples)[number]) => (kind === 'line' ? `return (${code})` : code);

const runHere = examples.filter(({ kind }) => kind !== 'elsewhere');

// `npm test` runs it.
describe.skipIf(everywhere)('examples of the reference', () => {
  test.each([...new Set(runHere.map(({ file }) => file))])(
    'those of %s run, and give what they say',
    async (file) => {
      const printed: string[] = [];
      const log = vi.spyOn(console, 'log').mockImplementation((...values) => {
        printed.push(
          values
            .map((value) => (typeof value === 'object' ? JSON.stringify(value) : String(value)))
            .join(' '),
        );
      });
      vi.spyOn(console, 'warn').mockImplementation(() => {});
      const wrong: string[] = [];
      for (const example of runHere.filter((each) => each.file === file)) {
        printed.length = 0;
        const { code, kind, gives, throws } = example;
        const told = await run(scriptOf(example)).then(
          (value) => (kind === 'block' ? printed.join('\n') : value === undefined ? undefined : shown(value)),
          (error: Error) => `throws ${error.message}`,
        );
        const arrows = Array.from(code.matchAll(/^\/\/ → (.*)$/gm), ([, text]) => text).join('\n');
        const expected = throws === undefined ? (kind === 'block' ? arrows : gives) : `throws ${throws}`;
        const isRight = throws === undefined ? told === expected : told?.startsWith(expected!);
        if (!isRight) wrong.push(`${code}\n  gives ${told}\n  not   ${expected}`);
      }
      log.mockRestore();
      expect(wrong).toEqual([]);
    },
  );

  let lacking: string[];
  // The compiler reads all of src.
  beforeAll(() => {
    lacking = withExamples(readApi(root), examples)
      .filter(({ examples }) => examples.length === 0)
      .map(({ path }) => path);
  }, 180_000);

  test('there is one for every name, types among them', () => {
    expect(lacking).toEqual([]);
  });
});
