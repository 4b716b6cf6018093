// The reference: every exported name has words, and a place where a search finds it.

import { resolve } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { examplesByPath, readExamples, withExamples } from '../../site/reference/examples.mjs';
import { highlighted, markdown, slugOf } from '../../site/reference/markdown.mjs';
import { readApi } from '../../site/reference/read-api.mjs';
import { referencePages, referenceTopics } from '../../site/reference/render.mjs';
import { everywhere } from '../runtimes/everywhere.ts';

const root = resolve(import.meta.dirname, '../..');

// `npm test` runs it.
describe.skipIf(everywhere)('what the sources tell', () => {
  let api: ReturnType<typeof readApi>;
  // The compiler reads all of src.
  beforeAll(() => {
    api = readApi(root);
  }, 180_000);

  const named = (path: string) => api.find((entry) => entry.path === path)!;

  test('is about every entry point', () => {
    expect(new Set(api.map(({ module }) => module))).toEqual(
      new Set(['lanegrad', 'lanegrad/plot', 'lanegrad/worker', 'lanegrad/mpi']),
    );
    expect(api.length).toBeGreaterThan(700);
  });

  test('has words, or an error, for every exported name', () => {
    const silent = api.filter(({ words, throws }) => !words && throws.length === 0);
    expect(silent.map(({ path, file }) => `${path} of ${file}`)).toEqual([]);
  });

  test('has the words of what a name is made of', () => {
    expect(named('tf.layers.dense').words).toMatch(/^y = activation\(x·W \+ b\)/);
    expect(named('tf.sum')).toMatchObject({
      words: expect.stringMatching(/^Sum over axes/),
      signatures: ['(x: TensorLike, axes?: Axes, keepDims?: boolean): Tensor'],
    });
    expect(named('tf.train.adagrad').words).not.toBe('');
  });

  test('has the options, inherited ones after its own, with defaults', () => {
    const { options } = named('tf.layers.dense');
    expect(options[0]).toMatchObject({ name: 'units', isNeeded: true, words: 'Size of the output.' });
    expect(options.find(({ name }) => name === 'kernelInitializer')?.words).toMatch(/kernel/);
    expect(named('tf.callbacks.earlyStopping').options).toContainEqual(
      expect.objectContaining({ name: 'monitor', fallback: "'val_loss'" }),
    );
    expect(named('tf.train.adam').options.map(({ name }) => name)).toContain('beta1');
  });

  test('shows examples, with what they give', () => {
    const [example] = examplesByPath(readExamples(root)).get('tf.abs')!;
    const html = referencePages(withExamples([named('tf.abs')], [example]))
      .map((page) => page.html)
      .join('');
    expect(html).toContain('<pre class="example" tabindex="0"><code>tf.abs([-<span class="number">1</span>');
    expect(html).toContain('<span class="comment">// → [1, 2]</span>');
  });

  test('is on one page each, under an anchor that a search knows', () => {
    const pages = new Map(referencePages(api).map(({ path, html }) => [path, html]));
    const topics = referenceTopics(api);
    for (const { path } of api) expect(topics.map(({ title }) => title)).toContain(path);
    for (const { url, title } of topics) {
      const [page, anchor] = url.split('#');
      expect(pages.get(page), title).toContain(`id="${anchor}"`);
    }
  });
});

test('guides keep what they say literally', () => {
  expect(slugOf('What there is <em>not</em>, yet')).toBe('what-there-is-not-yet');
  expect(markdown('a <b> & `x < 1`')).toBe('<p>a &lt;b&gt; &amp; <code>x &lt; 1</code></p>\n');
  expect(highlighted("const x = '<b>'; // 1 < 2")).toBe(
    '<span class="keyword">const</span> x = <span class="string">\'&lt;b&gt;\'</span>; <span class="comment">// 1 &lt; 2</span>',
  );
  const link = (href: string) =>
    markdown(`[here](${href})`, (to: string) => (to.endsWith('.md') ? 'there.html' : undefined));
  expect([link('a.md'), link('../src/a.ts')]).toEqual([
    '<p><a href="there.html">here</a></p>\n',
    '<p>here</p>\n',
  ]);
});
