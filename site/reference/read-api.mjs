// The public API as the sources tell it: every exported name with its words, signatures, options and members.

import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript-5';

/** How the names of these are written where they are used. */
const prefixes = { '.': 'tf.', './plot': 'plot.' };

/** What can be imported, and where it is made: what package.json says that has types of its own. */
function entryPointsOf(root) {
  const { name, exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const files = new Map();
  for (const [path, { types = '' }] of Object.entries(exports)) {
    // Who requires has types of another file, which tells the same.
    const [, file] = /^\.\/dist\/modules\/(src\/.+)\.d\.ts$/.exec(types.default ?? types) ?? [];
    // Of several paths to the same, the first.
    if (file && !files.has(file)) files.set(file, path);
  }
  return [...files].map(([file, path]) => ({
    module: name + path.slice(1),
    prefix: prefixes[path] ?? '',
    file: `${file}.ts`,
  }));
}

const compilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  lib: ['lib.es2023.d.ts'],
  types: [],
  strict: true,
  allowImportingTsExtensions: true,
  noEmit: true,
  skipLibCheck: true,
};

const format = ts.TypeFormatFlags.NoTruncation | ts.TypeFormatFlags.OmitParameterModifiers;

/** A signature without the type parameters that say of which rank its result is. */
function withoutRanks(text) {
  const [declared, ofTensors] =
    /^<(?:(T) extends Tensor(?:<Rank>)? = Tensor(?:<Rank>)?|R extends Rank = Rank)>/.exec(text) ?? [];
  if (!declared) return text;
  const rest = text.slice(declared.length);
  return ofTensors
    ? rest.replace(/\bT \| | \| T\b/g, '').replace(/\bT\b/g, 'Tensor')
    : rest.replace(/\bTensor<R>/g, 'Tensor');
}

/** A type as users write it. */
const tidyType = (text) =>
  withoutRanks(text)
    .replace(/import\("[^"]+"\)\./g, '')
    .replace(/\b(Tensor|Value)<(Rank|object|Rank\.R\d)>/g, '$1')
    .replace(/\bTensorArgument\b/g, 'TensorLike')
    .replace(/(readonly )?\((TensorLike \| Value|Value \| TensorLike)\)\[\]/g, 'TensorLike[]')
    .replace(/\b(Tensor \| )?(TensorLike \| Value|Value \| TensorLike)\b/g, 'TensorLike')
    .replace(/\(string & \{\}\)/g, 'string')
    .replace(/ \| null \| undefined/g, '')
    .replace(/\?: ([^,;]*?) \| undefined/g, '?: $1')
    .replace(/ \| undefined$/, '');

/**
 * @param {string} root the project's folder
 * @returns {{ path: string, name: string, module: string, kind: string, file: string, words: string,
 *   signatures: string[], parameters: object[], throws: string[], returns: string, members: object[],
 *   options: { name: string, type: string, isNeeded: boolean, fallback: string, words: string }[] }[]}
 */
export function readApi(root) {
  const entryPoints = entryPointsOf(root);
  const files = entryPoints.map(({ file }) => join(root, file));
  const program = ts.createProgram(files, compilerOptions);
  const checker = program.getTypeChecker();
  const entries = entryPoints.flatMap(({ module, prefix, file }) =>
    new Reader(checker, root, module).exportsOf(
      checker.getSymbolAtLocation(program.getSourceFile(join(root, file))),
      prefix,
    ),
  );
  for (const entry of entries) entry.words ||= wordsOfOptions(entry, entries);
  return entries;
}

/** What options are of, where nothing else is said of them. */
function wordsOfOptions({ name, options }, entries) {
  if (options.length === 0) return '';
  const taking = entries.filter(({ signatures }) =>
    signatures.some((text) => new RegExp(`\\b${name}\\b`).test(text.split('): ')[0])),
  );
  return taking.length > 0 ? `Options of ${taking.map(({ path }) => `\`${path}\``).join(', ')}.` : '';
}

class Reader {
  #checker;
  #root;
  #module;

  constructor(checker, root, module) {
    this.#checker = checker;
    this.#root = root;
    this.#module = module;
  }

  exportsOf(moduleSymbol, prefix) {
    return this.#checker.getExportsOfModule(moduleSymbol).flatMap((symbol) => this.#entries(symbol, prefix));
  }

  /** A name's entry; those of what it holds where it is a namespace. */
  #entries(exported, prefix) {
    const symbol = this.#resolve(exported);
    const path = prefix + exported.name;
    if (symbol.flags & ts.SymbolFlags.ValueModule) return this.exportsOf(symbol, `${path}.`);
    const literal = objectLiteralOf(symbol);
    if (literal) {
      const held = this.#checker
        .getPropertiesOfType(this.#checker.getTypeOfSymbol(symbol))
        .filter((property) => this.#checker.getTypeOfSymbol(property).getCallSignatures().length > 0);
      if (held.length > 1) return held.map((property) => this.#entry(property, `${path}.${property.name}`));
    }
    return [this.#entry(symbol, path)];
  }

  #resolve = (symbol) =>
    symbol.flags & ts.SymbolFlags.Alias ? this.#checker.getAliasedSymbol(symbol) : symbol;

  #entry(symbol, path) {
    const { words, tags } = this.#wordsOf(symbol);
    const declaration = symbol.declarations?.[0];
    const entry = {
      path,
      name: path.split('.').at(-1),
      module: this.#module,
      file: declaration ? relative(this.#root, declaration.getSourceFile().fileName) : '',
      words,
      throws: tags.filter(({ name }) => name === 'throws').map(({ text }) => text),
      returns: tags.find(({ name }) => name === 'returns')?.text ?? '',
    };
    return { ...entry, ...this.#shape(symbol, declaration, tags) };
  }

  #shape(symbol, declaration, tags) {
    const empty = { signatures: [], parameters: [], options: [], members: [] };
    // A class under another name is a constant and a type.
    const isNamedAnew = symbol.flags & ts.SymbolFlags.TypeAlias && symbol.flags & ts.SymbolFlags.Variable;
    if (isNamedAnew || symbol.flags & (ts.SymbolFlags.Class | ts.SymbolFlags.Interface)) {
      const kind = symbol.flags & ts.SymbolFlags.Interface ? 'interface' : 'class';
      const type = this.#checker.getDeclaredTypeOfSymbol(symbol);
      const options = kind === 'interface' ? this.#optionsOf(type) : [];
      return { ...empty, kind, options, members: options.length > 0 ? [] : this.#membersOf(type) };
    }
    if (symbol.flags & ts.SymbolFlags.TypeAlias) {
      const { type } = declaration;
      return { ...empty, kind: 'type', signatures: [tidyType(type.getText().replace(/\s+/g, ' '))] };
    }
    const type = this.#checker.getTypeOfSymbol(symbol);
    const signatures = type.getCallSignatures();
    if (signatures.length === 0) {
      return {
        ...empty,
        kind: 'constant',
        signatures: [this.#typeText(type)],
        members: this.#membersOf(type),
      };
    }
    const parameters = signatures
      .at(-1)
      .getParameters()
      .map((parameter) => this.#parameter(parameter, tags));
    return {
      kind: 'function',
      signatures: signatures.map((signature) => this.#signatureText(signature)),
      parameters: parameters.filter(({ words }) => words !== ''),
      options: signatures
        .at(-1)
        .getParameters()
        .flatMap((parameter) => this.#optionsOfParameter(parameter)),
      members: [],
    };
  }

  #typeText = (type) => tidyType(this.#checker.typeToString(type, undefined, format));

  #signatureText = (signature) =>
    tidyType(this.#checker.signatureToString(signature, undefined, format, ts.SignatureKind.Call));

  #parameter(parameter, tags) {
    const tag = tags.find(({ name, of }) => name === 'param' && of === parameter.name);
    return { name: parameter.name, words: tag?.text ?? '' };
  }

  /** The words of a name, or of what it is made of: `lift('sum', …, ops.sum)`, `factory(Dense)`. */
  #wordsOf(symbol, seen = new Set()) {
    if (!symbol || seen.has(symbol)) return { words: '', tags: [] };
    seen.add(symbol);
    const words = ts.displayPartsToString(symbol.getDocumentationComment(this.#checker)).trim();
    const tags = symbol.getJsDocTags(this.#checker).map(tagOf);
    if (words || tags.length > 0) return { words, tags };
    for (const declaration of symbol.declarations ?? []) {
      for (const source of this.#sourcesOf(declaration)) {
        const found = this.#wordsOf(this.#resolve(source), seen);
        if (found.words) return found;
      }
    }
    return { words: '', tags };
  }

  /** The symbols that a declaration's value is made of, the likeliest first. */
  #sourcesOf(declaration) {
    if (ts.isShorthandPropertyAssignment(declaration)) {
      return [this.#checker.getShorthandAssignmentValueSymbol(declaration)].filter(Boolean);
    }
    if (ts.isBindingElement(declaration)) {
      const type = this.#checker.getTypeAtLocation(declaration.parent.parent.initializer);
      const property = type.getProperty((declaration.propertyName ?? declaration.name).getText());
      return property ? [property] : [];
    }
    return declaration.initializer ? this.#named(declaration.initializer) : [];
  }

  #named(expression) {
    if (ts.isIdentifier(expression) || ts.isPropertyAccessExpression(expression)) {
      const symbol = this.#checker.getSymbolAtLocation(expression);
      return symbol ? [symbol] : [];
    }
    if (ts.isCallExpression(expression) || ts.isNewExpression(expression)) {
      const given = (expression.arguments ?? []).flatMap((each) => this.#named(each));
      return [...given, ...this.#named(expression.expression)];
    }
    if (ts.isArrowFunction(expression))
      return ts.isBlock(expression.body) ? [] : this.#named(expression.body);
    if (ts.isAsExpression(expression) || ts.isParenthesizedExpression(expression)) {
      return this.#named(expression.expression);
    }
    return [];
  }

  /** Options in an object, where a parameter is one, alone or beside numbers in order. */
  #optionsOfParameter(parameter) {
    const partsOf = (type) => (type.isUnion() ? type.types : [type]);
    const within = partsOf(this.#checker.getTypeOfSymbol(parameter)).flatMap((part) =>
      this.#checker.isTupleType(part) ? this.#checker.getTypeArguments(part).flatMap(partsOf) : [part],
    );
    return within.map((part) => this.#optionsOf(part)).find((options) => options.length > 0) ?? [];
  }

  /** The properties of a type that is described by options, or has but properties with words. */
  #optionsOf(type) {
    if (!(type.flags & ts.TypeFlags.Object) && !type.isIntersection()) return [];
    const properties = this.#checker.getPropertiesOfType(type).filter((property) => this.#isOurs(property));
    const own = type.symbol?.declarations?.[0]?.getSourceFile().fileName;
    const options = properties
      .map((property) => ({ property, ...placeOf(property, own) }))
      .sort(
        (a, b) =>
          a.distance - b.distance || (a.file < b.file ? 1 : -1) * Number(a.file !== b.file) || a.at - b.at,
      )
      .map(({ property }) => this.#option(property));
    const isDescribed = options.some(({ isDescribed }) => isDescribed);
    const isPlain = /(Options|Config)$/.test(type.symbol?.name ?? type.aliasSymbol?.name ?? '');
    if (!isDescribed && !isPlain) return [];
    return options.sort((a, b) => Number(b.isNeeded) - Number(a.isNeeded));
  }

  #isOurs = ({ declarations = [] }) =>
    declarations.some((each) => each.getSourceFile().fileName.startsWith(join(this.#root, 'src')));

  #option(property) {
    const declaration = property.declarations[0];
    const call = declaration.initializer;
    const made = call && ts.isCallExpression(call) ? call.expression.getText() : '';
    const isDescribed = made === 'optional' || made === 'required';
    const isOptional = Boolean(property.flags & ts.SymbolFlags.Optional);
    return {
      name: property.name,
      type: this.#typeText(this.#checker.getNonNullableType(this.#checker.getTypeOfSymbol(property))),
      isNeeded: !isOptional,
      isDescribed,
      fallback: isDescribed ? (call.arguments[1]?.getText().replace(/\s+/g, ' ') ?? '') : '',
      words: this.#wordsOf(property).words,
    };
  }

  #membersOf(type) {
    return this.#checker
      .getPropertiesOfType(type)
      .filter((member) => this.#isOurs(member) && isPublic(member))
      .map((member) => {
        const memberType = this.#checker.getTypeOfSymbol(member);
        const signatures = memberType.getCallSignatures();
        const { words, tags } = this.#wordsOf(member);
        return {
          name: member.name,
          words,
          throws: tags.filter(({ name }) => name === 'throws').map(({ text }) => text),
          signature:
            signatures.length > 0 ? this.#signatureText(signatures[0]) : `: ${this.#typeText(memberType)}`,
        };
      });
  }
}

/** Options of the thing itself, in its file, come before those that it shares with others; each in order. */
function placeOf({ declarations }, own) {
  const [declaration] = declarations;
  const file = declaration.getSourceFile().fileName;
  return { distance: Number(file !== own), file, at: declaration.pos };
}

const isPublic = ({ name, declarations }) =>
  !name.startsWith('_') &&
  !name.startsWith('#') &&
  declarations.every(
    (declaration) =>
      !(ts.getCombinedModifierFlags(declaration) & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected)) &&
      !ts.getJSDocTags(declaration).some(({ tagName }) => tagName.text === 'internal'),
  );

/** The object that a constant is declared as, if it is one. */
function objectLiteralOf(symbol) {
  const { valueDeclaration } = symbol;
  if (!valueDeclaration || !ts.isVariableDeclaration(valueDeclaration)) return undefined;
  const { initializer } = valueDeclaration;
  return initializer && ts.isObjectLiteralExpression(initializer) ? initializer : undefined;
}

/** A tag of a comment: of `@param x words`, `of` is x. */
function tagOf({ name, text = [] }) {
  const whole = ts.displayPartsToString(text).trim();
  if (name !== 'param') return { name, text: whole };
  const [, of, words] = /^(\S+)\s*([\s\S]*)$/.exec(whole) ?? [];
  return { name, of: of ?? '', text: words ?? '' };
}
