// Names that users give, their classes' too: which known one they meant, which of several is which, what is under each.

import { LanegradError } from './errors.ts';

/** Levenshtein distance: how many letters to insert, delete or replace to turn `a` into `b`. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replace = previous[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(replace, previous[j] + 1, row[j - 1] + 1));
    }
    previous = row;
  }
  return previous[b.length];
}

/** The known name that `name` may be a misspelling of, or short for; undefined where there is none. */
export function nearestName(name: string, known: Iterable<string>): string | undefined {
  let nearest: string | undefined;
  let least = Math.max(3, name.length / 3);
  for (const candidate of known) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance < least) {
      least = distance;
      nearest = candidate;
    }
  }
  return nearest ?? [...known].find((candidate) => isShortFor(name, candidate));
}

/** Whether a name is some letters of another in order, the first one first: 'lr' of 'learningRate'. */
function isShortFor(name: string, full: string): boolean {
  if (name === '' || name[0] !== full[0]) return false;
  let at = 0;
  for (const letter of full.toLowerCase()) if (letter === name[at]?.toLowerCase()) at++;
  return at === name.length;
}

/** A name as files have it, 'batch_size', in the spelling of scripts: 'batchSize'. */
export const toCamel = (name: string): string =>
  name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
/** The reverse. */
export const toSnake = (name: string): string =>
  name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** What the spellings of a name have in common: 'leaky_relu', 'leakyReLU' and 'LeakyReLU' are one. */
export const plainName = (name: string): string => name.replaceAll('_', '').toLowerCase();

/** How a table spells a name that is given in any case, with or without underscores; undefined for one that it lacks. */
export function knownAs(name: string, table: object): string | undefined {
  if (Object.hasOwn(table, name)) return name;
  const plain = plainName(name);
  return Object.keys(table).find((known) => plainName(known) === plain);
}

/**
 * Finds `name` in `table`, in any spelling.
 * @param kind what the table holds, for the error: 'activation', 'loss', …
 * @param advice what to do where no known name is near; by default the error lists all of them
 * @throws LanegradError with the nearest known name, or else the advice.
 */
export function lookUp<T>(
  kind: string,
  name: string,
  table: Readonly<Record<string, T>>,
  advice?: string,
): T {
  const spelt = knownAs(name, table);
  if (spelt !== undefined) return table[spelt];
  const nearest = nearestName(name, Object.keys(table));
  const hint = nearest
    ? `Did you mean "${nearest}"?`
    : (advice ?? `Known: ${Object.keys(table).join(', ')}.`);
  throw new LanegradError(`Unknown ${kind} "${name}". ${hint}`);
}

/** A class, as far as its name goes. */
export interface NamedClass {
  readonly className?: string;
  readonly name: string;
}

/** What a class is called: as it says itself, as files have it, or by its own name. */
export const classNameOf = ({ className, name }: NamedClass): string => className ?? name;

/** Names of which none is another's: `precision`, `precision_1`. */
export function numbered(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    let own = name;
    for (let i = 1; taken.has(own) || (own !== name && names.includes(own)); i++) own = `${name}_${i}`;
    taken.add(own);
    return own;
  });
}

/** A record with what `map` makes of each value, under the same names. */
export const mapValues = <T, U>(
  record: Readonly<Record<string, T>>,
  map: (value: T) => U,
): Record<string, U> => Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
