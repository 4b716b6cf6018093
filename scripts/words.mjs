// What the compiler writes is what the kernels read: assembly/words.ts is made of the kernels' own sources, of the
// table in command.ts, whose order gives the opcodes, and of their classes, whose fields are 32-bit words. They become
// enums, which bundlers replace by numbers.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Fields of each class that lies in memory as it is, by the class's name. */
function recordsIn(text) {
  const classes = text.matchAll(/^@unmanaged\n(?:export )?class (\w+) \{\n(.*?)^\}/gms);
  return [...classes].map(([, name, body]) => {
    const fields = [...body.matchAll(/^ {2}(\w+): (?:i32|u32|f32|usize);$/gm)].map(([, field]) => field);
    return { name, fields };
  });
}

/** The class that a kernel reads its command as: the one that has its name, or that its body names. */
function commandOf(kernel, text) {
  const body = text.match(new RegExp(`^export function ${kernel}\\(address.*?^\\}`, 'ms'))?.[0] ?? '';
  const names = [`${kernel[0].toUpperCase()}${kernel.slice(1)}Command`, body.match(/<(\w+Command)>/)?.[1]];
  const record = recordsIn(text).find(({ name }) => names.includes(name));
  if (record?.fields[0] !== 'opcode')
    throw new Error(`${kernel} reads its command as no class with an opcode.`);
  return record;
}

const enumOf = ({ name }) => `${name.replace(/Command$/, '')}Word`;
const declaration = (name, members) =>
  `export enum ${name} {\n${members.map((each) => `  ${each},\n`).join('')}}\n`;

/**
 * The text of words.ts.
 * @param {string} folder that of the kernels
 */
export function wordsModule(folder) {
  const read = (file) => readFileSync(join(folder, file), 'utf8');
  const dispatch = read('command.ts');
  const fileOf = new Map(
    [...dispatch.matchAll(/^import \{ (.+) \} from '\.\/(.+)';$/gm)].flatMap(([, names, file]) =>
      names.split(',').map((name) => [name.trim(), `${file}.ts`]),
    ),
  );
  const table = dispatch.match(/: StaticArray<Kernel> = \[(.*?)\];/s)[1];
  const kernels = table
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);
  const classes = kernels.map((kernel) => commandOf(kernel, read(fileOf.get(kernel))));
  const distinct = [...new Map(classes.map((each) => [each.name, each])).values()];
  const records = readdirSync(folder)
    .filter((file) => file.endsWith('.ts') && file !== 'words.ts')
    .flatMap((file) => recordsIn(read(file)))
    .filter(({ name }) => !name.endsWith('Command'))
    .map((each) => declaration(enumOf(each), each.fields));
  return [
    '// Made by scripts/words.mjs of the kernels: opcodes, and the places of words in commands and in records of tables.',
    '// What they mean is said where the kernels declare them.\n',
    declaration('Opcode', kernels),
    ...distinct.map((each) => declaration(enumOf(each), each.fields)),
    '/** The words of each command after its opcode. */',
    'export interface WordsOf {',
    ...kernels.map(
      (kernel, i) =>
        `  readonly [Opcode.${kernel}]: Exclude<${enumOf(classes[i])}, ${enumOf(classes[i])}.opcode>;`,
    ),
    '}\n',
    ...records,
  ].join('\n');
}
