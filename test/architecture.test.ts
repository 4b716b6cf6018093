// Imports point downwards: each folder of src/ imports only what docs/architecture.md allows it.

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const everything = ['*'];

/** What each room may import; itself always. */
const allowed: Record<string, readonly string[]> = {
  errors: [],
  names: ['errors'],
  opcodes: [],
  platform: ['errors'],
  numeric: [],
  random: ['numeric', 'errors'],
  engine: ['opcodes', 'errors', 'platform'],
  graph: ['opcodes', 'errors'],
  compiler: ['graph', 'engine', 'opcodes', 'errors'],
  tensor: ['graph', 'compiler', 'engine', 'errors'],
  initializers: ['random', 'errors', 'names'],
  regularizers: ['graph', 'names'],
  constraints: ['graph', 'names'],
  layers: [
    ...['graph', 'engine', 'tensor', 'random', 'errors', 'names'],
    ...['initializers', 'regularizers', 'constraints'],
  ],
  training: ['graph', 'compiler', 'tensor', 'numeric', 'layers', 'opcodes', 'errors', 'names', 'platform'],
  models: [
    ...['graph', 'compiler', 'engine', 'layers', 'training', 'tensor'],
    ...['io', 'random', 'errors', 'platform'],
  ],
  data: ['tensor', 'platform', 'errors'],
  io: ['models', 'training', 'layers', 'tensor', 'graph', 'platform', 'errors', 'names'],
  functions: ['graph', 'tensor'],
  index: everything,
  worker: everything,
  node: everything,
};

/** The room that a file is in: the folder below src/, or the file itself. */
function roomOf(file: string): string {
  const path = relative(root, file);
  if (path === join('assembly', 'opcodes.ts')) return 'opcodes';
  const [, first] = path.split(/[\\/]/);
  return first.replace(/\.ts$/, '');
}

const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts'))
  .map((path) => join(root, 'src', path));

/** What a file imports, the built kernels aside. */
const importsOf = (file: string) =>
  [...readFileSync(file, 'utf8').matchAll(/from '([^']+)'/g)]
    .map(([, specifier]) => specifier)
    .filter((specifier) => !specifier.endsWith('.wasm'));

test('every room has its rule, and every rule a room', () => {
  const rooms = new Set([...sources.map(roomOf), 'opcodes']);
  expect([...rooms].sort()).toEqual(Object.keys(allowed).sort());
});

describe.each(sources.map((file) => [relative(root, file), file]))('%s', (_, file) => {
  const room = roomOf(file);

  test('imports only what its room may', () => {
    const rooms = importsOf(file)
      .filter((specifier) => specifier.startsWith('.'))
      .map((specifier) => roomOf(resolve(dirname(file), specifier)));
    const forbidden = rooms.filter((other) => other !== room && !allowed[room].includes(other));
    expect(allowed[room] === everything ? [] : forbidden).toEqual([]);
  });

  test('imports no package but the loader, and node: only in the Node platform', () => {
    const packages = importsOf(file).filter((specifier) => !specifier.startsWith('.'));
    const isNode = room === 'platform' && file.endsWith('node.ts');
    const foreign = packages.filter((name) => !(isNode && name.startsWith('node:')));
    const expected = foreign.length > 0 ? ['@assemblyscript/loader'] : [];
    expect(foreign).toEqual(expected);
    expect(foreign.length > 0 && room !== 'engine').toBe(false);
  });

  test('stays under 400 lines', () => {
    const isGenerated = file.includes('generated');
    expect(isGenerated || readFileSync(file, 'utf8').split('\n').length <= 400).toBe(true);
  });
});

test('WebAssembly is touched in the engine alone', () => {
  const touching = sources.filter((file) => /\bWebAssembly\.[A-Z]/.test(readFileSync(file, 'utf8')));
  expect(touching.map(roomOf).filter((room) => room !== 'engine')).toEqual([]);
});
