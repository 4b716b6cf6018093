// The public API as text: every name that users can import, with its declaration, and below them the declarations
// that those name. Read from the published types, so that what is marked @internal is not there.

import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The types of the module that a file imports under this name. */
const typesAt = (file, specifier) => join(dirname(file), specifier.replace(/\.js$/, '.d.ts'));

/** The declarations of a .d.ts file by name, what it imports, and what it exports from other files. */
function readTypes(file) {
  const text = readFileSync(file, 'utf8').replace(/\/\*.*?\*\//gs, '');
  const types = { declarations: new Map(), imports: new Map(), exports: new Map(), stars: [] };
  // Only the first line of a statement begins at the margin with a letter.
  for (const statement of text.split(/\n(?=[a-z])/)) readStatement(types, statement, file);
  return types;
}

function readStatement({ declarations, imports, exports, stars }, statement, file) {
  const specifier = statement.match(/ from '(\.[^']+)';/)?.[1];
  const from = specifier && typesAt(file, specifier);
  const declared = statement.match(
    /^(?:export )?(?:declare )?(?:abstract )?(?:class|const|enum|function|interface|type) (\w+)/,
  )?.[1];
  if (declared) {
    const tidy = statement.replace(/^\s*(#private|private .*);\n/gm, '').replace(/\n\s*\n/g, '\n');
    // A function that is overloaded is declared several times.
    declarations.set(declared, (declarations.get(declared) ?? []).concat(tidy.trim()));
  } else if (statement.startsWith('export * from')) {
    stars.push(from);
  } else if (statement.startsWith('import ')) {
    for (const [name, original] of namesIn(statement)) imports.set(name, { file: from, name: original });
  } else {
    for (const [name, original] of namesIn(statement)) {
      const isImported = !from && imports.has(original);
      exports.set(name, isImported ? imports.get(original) : { file: from ?? file, name: original });
    }
  }
}

/** The names that an import or export makes, each with the name it has where it comes from, '*' for all of them. */
function namesIn(statement) {
  const namespace = statement.match(/\* as (\w+)/)?.[1];
  if (namespace) return [[namespace, '*']];
  const list = statement.match(/\{([^}]*)\}/)?.[1] ?? '';
  const names = list.split(',').map((part) => part.trim().replace(/^type /, ''));
  return names.filter(Boolean).map((part) => {
    const [original, renamed = original] = part.split(' as ');
    return [renamed, original];
  });
}

/**
 * @param index the .d.ts file of the package's entry
 * @returns {{ name: string, text: string }[][]} the declarations that users import, and those that these name
 */
export function publicApi(index) {
  const files = new Map();
  const typesOf = (file) => files.get(file) ?? files.set(file, readTypes(file)).get(file);

  /** Where each name that a file exports is declared; `path` is how users write it. */
  function* exported(file, prefix = '') {
    const { declarations, exports, stars } = typesOf(file);
    for (const [name, [first]] of declarations)
      if (first.startsWith('export ')) yield { path: prefix + name, file, name };
    for (const star of stars) yield* exported(star, prefix);
    for (const [name, origin] of exports) {
      if (origin.name === '*') yield* exported(origin.file, `${prefix}${name}.`);
      else yield { path: prefix + name, ...declaredAt(origin) };
    }
  }

  /** Follows a name through the files that only hand it on. */
  function declaredAt({ file, name }) {
    const { declarations, exports, stars } = typesOf(file);
    if (declarations.has(name)) return { file, name };
    if (exports.has(name)) return declaredAt(exports.get(name));
    return stars.map((star) => declaredAt({ file: star, name })).find(isDeclared) ?? { file, name };
  }

  const isDeclared = ({ file, name }) => typesOf(file).declarations.has(name);
  const textsAt = ({ file, name }) => typesOf(file).declarations.get(name);

  /** The declarations that the text of one names. */
  function* namedBy({ file, name }) {
    const { declarations, imports } = typesOf(file);
    const text = withoutMemberNames(declarations.get(name).join('\n'));
    for (const [, specifier, imported] of text.matchAll(/import\("([^"]+)"\)\.(\w+)/g))
      yield declaredAt({ file: typesAt(file, specifier), name: imported });
    for (const [, word, member] of text.matchAll(/([A-Za-z_]\w*)(?:\.(\w+))?/g)) {
      const imported = imports.get(word);
      if (declarations.has(word)) yield { file, name: word };
      else if (imported) yield declaredAt(imported.name === '*' ? { ...imported, name: member } : imported);
    }
  }

  const key = ({ file, name }) => `${file}#${name}`;
  const entries = [...exported(index)];
  const seen = new Set(entries.map(key));
  const others = [];
  for (const queue = [...entries]; queue.length > 0; ) {
    for (const place of namedBy(queue.pop())) {
      if (seen.has(key(place)) || !isDeclared(place)) continue;
      seen.add(key(place));
      others.push({ path: place.name, ...place });
      queue.push(place);
    }
  }

  const shown = (places) =>
    places
      .map((place) => ({ name: place.path, text: declarationText(textsAt(place)) }))
      .sort((a, b) => (a.name + a.text < b.name + b.text ? -1 : 1));
  return [shown(entries), shown(others)];
}

/** Without the names of members and parameters, which may be those of declarations, too. */
const withoutMemberNames = (text) =>
  text.replace(/^( +(?:[a-z]+ )*)\w+(?=[(<])/gm, '$1').replace(/\w+(?=\??:)/g, '');

/** Without the words that only say where a declaration stands. */
const declarationText = (texts) =>
  texts
    .join('\n')
    .replace(/, \n\s*/g, ', ')
    .replace(/^export /gm, '')
    .replace(/^declare /gm, '')
    .replace(/import\("[^"]+"\)\./g, '');
