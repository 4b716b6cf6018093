// Examples of the reference: what each exported name gives, as tests run it.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Of a name's examples, how many are shown. */
const mostShown = 2;
/** A name of a namespace, or one that is imported by itself. */
const names = /\b(?:tf|plot)(?:\.\w+)+|\b(?:TrainingWorker|WorkerLike|mpi)\b/g;

/**
 * What the files in `examples/` hold. A block of `lines` is an example a line, with what it gives behind an arrow, or what
 * it says behind `throws`. A block of `js` is one, whose arrows say what it prints. What runs `elsewhere` a test of its own
 * runs.
 * @param {string} root the project's folder
 * @returns {{ file: string, code: string, kind: 'line' | 'block' | 'elsewhere', gives?: string, throws?: string }[]}
 */
export function readExamples(root) {
  const folder = join(root, 'site/reference/examples');
  const run = readdirSync(folder).flatMap((file) =>
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
  return [...run, ...readTypes(root)];
}

/** Examples of types, a paragraph each: they are compiled, behind their imports and before what is exported. */
function readTypes(root) {
  const file = 'test/consumer/types.ts';
  const paragraphs = readFileSync(join(root, file), 'utf8').trimEnd().split('\n\n');
  return paragraphs.slice(2, -1).map((code) => ({ file, code, kind: 'elsewhere' }));
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

/**
 * What the sources tell of each name, with its examples: of a type without any, those of what takes or gives it.
 * @param {ReturnType<typeof import('./read-api.mjs').readApi>} entries
 * @param {ReturnType<typeof readExamples>} examples
 * @returns {(ReturnType<typeof import('./read-api.mjs').readApi>[number] & { examples: object[] })[]}
 */
export function withExamples(entries, examples) {
  const byPath = examplesByPath(examples);
  const namesOfUsers = new Map();
  for (const { path, name, signatures, options, members } of entries) {
    const text = [
      ...signatures,
      ...options.map(({ type }) => type),
      ...members.map(({ signature }) => signature),
    ].join(' ');
    for (const word of new Set(text.match(/\b[A-Z]\w+/g))) {
      if (word !== name) namesOfUsers.set(word, [...(namesOfUsers.get(word) ?? []), { path, name }]);
    }
  }
  const examplesOf = ({ path, name }, seen = new Set()) => {
    if (byPath.has(path)) return byPath.get(path);
    if (seen.has(path)) return [];
    seen.add(path);
    const users = namesOfUsers.get(name) ?? [];
    const known = users.find((user) => byPath.has(user.path));
    if (known) return byPath.get(known.path).slice(0, 1);
    return users.map((user) => examplesOf(user, seen)).find(({ length }) => length > 0) ?? [];
  };
  const isType = ({ kind }) => kind === 'interface' || kind === 'type';
  return entries.map((entry) => ({
    ...entry,
    examples: isType(entry) ? examplesOf(entry) : (byPath.get(entry.path) ?? []),
  }));
}
