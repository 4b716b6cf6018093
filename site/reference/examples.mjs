// Examples of the reference: what each exported name gives, as tests run it.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Of a name's examples, how many are shown. */
const mostShown = 2;
/** A name of a namespace, or one that is imported by itself. */
const names = /\b(?:tf|plot)(?:\.\w+)+|\b(?:TrainingWorker|mpi)\b/g;

/**
 * What the files in `examples/` hold. A block of `lines` is an example a line, with what it gives behind an arrow, or what
 * it says behind `throws`. A block of `js` is one, whose arrows say what it prints. What runs `elsewhere` a test of its own
 * runs.
 * @param {string} root the project's folder
 * @returns {{ file: string, code: string, kind: 'line' | 'block' | 'elsewhere', gives?: string, throws?: string }[]}
 */
export function readExamples(root) {
  const folder = join(root, 'site/reference/examples');
  return readdirSync(folder).flatMap((file) =>
    [...readFileSync(join(folder, file), 'utf8').matchAll(/^```(\S+)(.*)\n([\s\S]*?)^```$/gm)].flatMap(
      ([, language, more, text]) => {
        if (language === 'lines')
          return text
            .trimEnd()
            .split('\n')
            .map((line) => ({ file, ...lineOf(line) }));
        return [{ file, code: text.trimEnd(), kind: more.includes('elsewhere') ? 'elsewhere' : 'block' }];
      },
    ),
  );
}

function lineOf(line) {
  const [code, remark = ''] = line.split('  // ');
  const [, word, rest] = /^(→|throws) ?(.*)$/.exec(remark) ?? [];
  return {
    code,
    kind: 'line',
    ...(word === '→' && { gives: rest }),
    ...(word === 'throws' && { throws: rest }),
  };
}

/** An example as the reference shows it. */
export const textOf = ({ code, gives, throws }) =>
  code +
  (gives === undefined ? '' : `\n// → ${gives}`) +
  (throws === undefined ? '' : `\n// throws ${throws}`);

/**
 * The examples of each path: those that begin with it, or are about several names; without any, one that it is part of.
 * @returns {Map<string, ReturnType<typeof readExamples>>}
 */
export function examplesByPath(examples) {
  const [own, others] = [new Map(), new Map()];
  const add = (map, path, example) => {
    const held = map.get(path) ?? [];
    if (held.length < mostShown && !held.includes(example)) map.set(path, [...held, example]);
  };
  for (const example of examples) {
    const found = example.code.match(names) ?? [];
    for (const [i, name] of found.entries()) {
      for (const path of prefixesOf(name)) {
        add(example.kind === 'line' && i > 0 ? others : own, path, example);
      }
    }
  }
  return new Map([...others, ...own]);
}

/** tf.a.b.c, tf.a.b and tf.a: which of them is a name is for the reader of the API to say. */
function prefixesOf(name) {
  const parts = name.split('.');
  return parts.length === 1 ? parts : parts.slice(1).map((_, i) => parts.slice(0, i + 2).join('.'));
}

/** What the sources tell of each name, with its examples. */
export function withExamples(entries, examples) {
  const byPath = examplesByPath(examples);
  return entries.map((entry) => ({ ...entry, examples: byPath.get(entry.path) ?? [] }));
}
