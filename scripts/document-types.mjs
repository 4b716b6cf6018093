// Puts documentation where users meet it: what the sources say of a layer's class or a graph function, before the
// factory or the lifted function of the published types, which the compiler leaves bare.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The comment right before a declaration that begins like this, if there is one. */
const commentBefore = (types, declaration) =>
  types.match(new RegExp(`(/\\*\\*(?:(?!\\*/)[^])*\\*/)\\n${declaration}\\b`))?.[1];

/** File of each imported name, or of each imported namespace. */
function importsOf(source, folder) {
  const files = new Map();
  for (const [, names, path] of source.matchAll(/^import (?:type )?([^']*) from '([^']+)'/gm)) {
    const file = join(folder, path.replace(/\.ts$/, '.d.ts'));
    for (const name of names.replace(/[{}]|\* as/g, '').split(',')) files.set(name.trim(), file);
  }
  return files;
}

/**
 * @param types the .d.ts file to document
 * @param declaredIn for the text of a declaration: the name it documents, the import that has it, what declares it
 */
function document(types, source, declaredIn) {
  const files = importsOf(source, dirname(types));
  const text = readFileSync(types, 'utf8').replace(/^export declare const (\w+): .*;$/gm, (line, name) => {
    const found = declaredIn(name, line);
    const file = found && files.get(found.from);
    const comment = file && commentBefore(readFileSync(file, 'utf8'), found.declaration);
    return comment ? `${comment}\n${line}` : line;
  });
  writeFileSync(types, text);
}

/** Documents the factories of `tf.layers`: `dense` is what its class `Dense` is. */
export function documentLayers(folder) {
  const types = join(folder, 'layers/index.d.ts');
  document(types, readFileSync(types, 'utf8'), (_, line) => {
    const [, name] = line.match(/=> (\w+);$/) ?? [];
    return name && { from: name, declaration: `export declare class ${name}` };
  });
}

/** Documents the functions that are lifted from those of the graph. */
export function documentFunctions(folder) {
  for (const file of readdirSync('src/functions')) {
    const source = readFileSync(join('src/functions', file), 'utf8');
    const types = join(folder, 'functions', file.replace(/\.ts$/, '.d.ts'));
    document(types, source, (name) => {
      const lifted = new RegExp(
        `const ${name}(?:: [^=]+)? = lift(?:Alike|OfRank)?\\(\\s*[^,]+,\\s*(?:\\[[^\\]]*\\]|\\w+),\\s*(?:\\w+\\([^,]+,\\s*)?(?:(\\w+)\\.)?(\\w+),?\\s*\\)`,
      );
      const [, from, original] = source.match(lifted) ?? [];
      return (
        original && { from: from ?? original, declaration: `export declare (?:const|function) ${original}` }
      );
    });
  }
}
