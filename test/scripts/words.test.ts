// The compiler's side of commands and records is made of the kernels' side.

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Layout } from '../../assembly/opcodes.ts';
import * as words from '../../assembly/words.ts';
import { wordsModule } from '../../scripts/words.mjs';

test('words.ts is that of the kernels: npm run build:kernels makes it', () => {
  expect(readFileSync('assembly/words.ts', 'utf8')).toBe(wordsModule('assembly'));
});

test('commands and records fit into their places', () => {
  const countOf = (members: object) => Object.values(members).filter(Number.isInteger).length;
  const { Opcode: _, MapOperandWord, MapInstructionWord, ...others } = words;
  for (const members of Object.values(others))
    expect(4 * countOf(members)).toBeLessThanOrEqual(Layout.commandBytes);
  expect(4 * countOf(MapOperandWord)).toBeLessThanOrEqual(Layout.operandBytes);
  expect(4 * countOf(MapInstructionWord)).toBeLessThanOrEqual(Layout.instructionBytes);
});
