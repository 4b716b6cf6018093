// The types as CommonJS finds them, where TypeScript lets it require no module.

import { execFileSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

test.each(['typescript', 'typescript-5', 'typescript-4'])(
  'a script that requires compiles with %s',
  (name) => {
    const args = ['-p', join(import.meta.dirname, 'tsconfig.required.json')];
    const compile = () =>
      execFileSync('node', [join(root, 'node_modules', name, 'bin/tsc'), ...args], { encoding: 'utf8' });
    expect(compile()).toBe('');
  },
);
