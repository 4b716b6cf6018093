// The listing of the public API: what is exported, directly or handed on, and what that names.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { publicApi } from '../../scripts/public-api.mjs';

const files = {
  'index.d.ts': [
    "export * from './shapes.js';",
    "export { type Options as Settings, run } from './run.js';",
    "export * as kit from './kit.js';",
  ],
  'shapes.d.ts': [
    'import type { Hidden } from "./nowhere.js";',
    '/** Two overloads. */',
    'export declare function area(of: number): number;',
    'export declare function area(of: string): number;',
    'declare class Corner {',
    '    #private;',
    '    private secret;',
    '    x: number;',
    '}',
    'export interface Shape {',
    '    corner: Corner;',
    '}',
  ],
  'run.d.ts': [
    "import * as inner from './inner.js';",
    "import { Layer } from './handed-on.js';",
    'export interface Options {',
    '    part: inner.Part;',
    '}',
    'export declare const run: (layer: Layer, more: import("./inner.js").More) => void;',
  ],
  'handed-on.d.ts': ["export * from './layer.js';"],
  'layer.d.ts': ['export declare abstract class Layer {', '    call(): void;', '}'],
  'inner.d.ts': ['export type Part = 1;', 'export type More = 2;', 'export type Unseen = 3;'],
  'kit.d.ts': ["import { Layer } from './layer.js';", 'declare function make(): Layer;', 'export { make };'],
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lanegrad-api-'));
  for (const [name, lines] of Object.entries(files))
    writeFileSync(join(folder, name), `${lines.join('\n')}\n`);
});
afterAll(() => rmSync(folder, { recursive: true }));

test('lists each exported name with its declaration, then what the declarations name', () => {
  const [exported, named] = publicApi(join(folder, 'index.d.ts'));
  expect(exported).toEqual([
    { name: 'Settings', text: 'interface Options {\n    part: inner.Part;\n}' },
    { name: 'Shape', text: 'interface Shape {\n    corner: Corner;\n}' },
    { name: 'area', text: 'function area(of: number): number;\nfunction area(of: string): number;' },
    { name: 'kit.make', text: 'function make(): Layer;' },
    { name: 'run', text: 'const run: (layer: Layer, more: More) => void;' },
  ]);
  expect(named).toEqual([
    { name: 'Corner', text: 'class Corner {\n    x: number;\n}' },
    { name: 'Layer', text: 'abstract class Layer {\n    call(): void;\n}' },
    { name: 'More', text: 'type More = 2;' },
    { name: 'Part', text: 'type Part = 1;' },
  ]);
});
