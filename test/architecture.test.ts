// Each folder of src/ imports only what the table in docs/architecture.md allows it.

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const anywhere = ['errors', 'names', 'bytes'];

/** The rows of the table of docs/architecture.md: rooms, and what they may import beside themselves; undefined for everything. */
const rows = [
  ...readFileSync(join(root, 'docs/architecture.md'), 'utf8').matchAll(/^\| (.+) \| .+ \| (.+) \|$/gm),
]
  .map(([, folders, imports]) => {
    const rooms = [...folders.matchAll(/`src\/([\w-]+)[^`]*`/g)].map(([, room]) => room);
    if (folders.includes('opcodes.ts')) rooms.push('opcodes');
    const others = imports === 'nothing' ? [] : imports.split(', ');
    return { rooms, imports: imports === 'everything' ? undefined : others };
  })
  .filter(({ rooms }) => rooms.length > 0);

const allowed = new Map<string, readonly string[] | undefined>(
  rows.flatMap(({ rooms, imports }) =>
    rooms.map((room) => [room, imports && [...imports, ...anywhere]] as const),
  ),
);

/** The room that a file is in: the folder below src/, or the file itself. */
function roomOf(file: string): string {
  const path = relative(root, file);
  if (['opcodes.ts', 'words.ts'].some((file) => path === join('assembly', file))) return 'opcodes';
  const [, first] = path.split(/[\\/]/);
  return first.replace(/\.ts$/, '');
}

const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts'))
  .map((path) => join(root, 'src', path));

/** What a file imports, the built kernels aside. */
const importsOf = (file: string) =>
  [...readFileSync(file, 'utf8').matchAll(/(?:from |import\(|^import )'([^']+)'/gm)]
    .map(([, specifier]) => specifier)
    .filter((specifier) => !specifier.endsWith('.wasm'));

test('every room has its rule, and every rule a room', () => {
  const rooms = new Set([...sources.map(roomOf), 'opcodes']);
  expect([...rooms].sort()).toEqual([...allowed.keys()].sort());
  const named = [...allowed.values()].flatMap((others) => others ?? []);
  expect(named.filter((other) => !rooms.has(other))).toEqual([]);
});

/** Other rooms that a file imports. */
const roomsImportedBy = (file: string) =>
  importsOf(file)
    .filter((specifier) => specifier.startsWith('.'))
    .map((specifier) => roomOf(resolve(dirname(file), specifier)))
    .filter((room) => room !== roomOf(file));

test('the table allows no import that nobody makes', () => {
  const unused = rows.flatMap(({ rooms, imports }) => {
    const made = sources.filter((file) => rooms.includes(roomOf(file))).flatMap(roomsImportedBy);
    return (imports ?? []).filter((other) => !made.includes(other)).map((other) => `${rooms}: ${other}`);
  });
  expect(unused).toEqual([]);
});

/** Packages: the one dependency, and those that are bundled in. */
const packagesOf: Readonly<Record<string, readonly string[]>> = {
  engine: ['@assemblyscript/loader'],
  data: ['papaparse'],
  mpi: ['koffi'],
  plot: ['d3-array', 'd3-scale', 'd3-shape', '@dagrejs/dagre'],
};

describe.each(sources.map((file) => [relative(root, file), file]))('%s', (_, file) => {
  const room = roomOf(file);

  test('imports only what its room may', () => {
    const others = allowed.get(room);
    expect(roomsImportedBy(file).filter((other) => others && !others.includes(other))).toEqual([]);
  });

  test('imports no package but those of its room, and node: only in the Node platform', () => {
    const packages = importsOf(file).filter((specifier) => !specifier.startsWith('.'));
    const isNode = room === 'platform' && file.endsWith('node.ts');
    const foreign = packages.filter((name) => !(isNode && name.startsWith('node:')));
    expect(foreign.filter((name) => !(packagesOf[room] ?? []).includes(name))).toEqual([]);
  });

  test('stays under 400 lines', () => {
    const isGenerated = file.includes('generated');
    expect(isGenerated || readFileSync(file, 'utf8').split('\n').length <= 400).toBe(true);
  });
});

test('a function that is free of side effects is marked by a comment of its own: bundlers overlook it in docstrings', () => {
  const marks = sources.flatMap(
    (file) => readFileSync(file, 'utf8').match(/^.*__NO_SIDE_EFFECTS__.*$/gm) ?? [],
  );
  expect(new Set(marks.map((line) => line.trim()))).toEqual(new Set(['// @__NO_SIDE_EFFECTS__']));
});

test('WebAssembly is touched in the engine alone', () => {
  const touching = sources.filter((file) => /\bWebAssembly\.[A-Z]/.test(readFileSync(file, 'utf8')));
  expect(touching.map(roomOf).filter((room) => room !== 'engine')).toEqual([]);
});

/** Groups of files that import each other, types included: strongly connected parts, by Tarjan's algorithm. */
function circles(files: readonly string[]): string[][] {
  const found: string[][] = [];
  const stack: string[] = [];
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const visit = (file: string): number => {
    order.set(file, order.size);
    lowest.set(file, order.get(file)!);
    stack.push(file);
    for (const specifier of importsOf(file).filter((each) => each.startsWith('.'))) {
      const imported = resolve(dirname(file), specifier);
      if (!files.includes(imported)) continue;
      const reached = order.has(imported)
        ? stack.includes(imported)
          ? order.get(imported)!
          : Number.POSITIVE_INFINITY
        : visit(imported);
      lowest.set(file, Math.min(lowest.get(file)!, reached));
    }
    if (lowest.get(file) === order.get(file)) {
      const circle = stack.splice(stack.indexOf(file));
      if (circle.length > 1) found.push(circle.map((each) => relative(root, each)).sort());
    }
    return lowest.get(file)!;
  };
  for (const file of files) if (!order.has(file)) visit(file);
  return found;
}

test('no files import each other in a circle', () => {
  expect(circles(sources)).toEqual([]);
});

/** What code says, comments aside. */
const codeOf = (file: string) => readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');

/** Files outside of the engine and the compiler whose code has something. */
const outsideWith = (pattern: RegExp) =>
  sources
    .filter((file) => !['engine', 'compiler'].includes(roomOf(file)) && pattern.test(codeOf(file)))
    .map((file) => relative(join(root, 'src'), file));

test('linear memory is seen through views in the engine and the compiler alone', () => {
  const views = /\.(f32|i32|u8)\b|engine\/words\.ts|engine\(\)\.(write|read|copy)|\bfloatsAt\b/;
  expect(outsideWith(views)).toEqual([]);
});

test('where a block is, is known to the engine and the compiler alone', () => {
  expect(outsideWith(/\b(block|place)\.address\b|\{[^}]*\baddress\b[^}]*\}: Block/)).toEqual([]);
});

test('memory is lent to messages between processes, and to nobody else', () => {
  const lending = outsideWith(/\.lend\(\)|block\.lend\(/);
  expect(lending.filter((file) => !file.startsWith(join('training', 'distributed')))).toEqual([
    join('state', 'range.ts'),
    join('state', 'slots.ts'),
  ]);
});

/** What the site's pages are made of: they know lanegrad as its users do. Their search is MiniSearch. */
const pages = readdirSync(join(root, 'site'), { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => join(root, 'site', path));

test.each(pages.map((file) => [relative(root, file), file]))('%s imports the public API', (_, file) => {
  const isPublic = (specifier: string) => /^(lanegrad(\/(plot|worker))?|minisearch)$/.test(specifier);
  const isOfSite = (specifier: string) =>
    specifier.startsWith('.') && resolve(dirname(file), specifier).startsWith(join(root, 'site'));
  expect(importsOf(file).filter((each) => !isPublic(each) && !isOfSite(each))).toEqual([]);
  expect(readFileSync(file, 'utf8').split('\n').length).toBeLessThanOrEqual(400);
});

test('no files of the site import each other in a circle', () => {
  expect(circles(pages)).toEqual([]);
});
