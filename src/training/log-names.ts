// Logs call an accuracy 'acc', as TensorFlow.js's do; they answer to 'accuracy' too, as which it was asked for.

/** 'accuracy' for 'acc', with whatever stands around it; undefined for the names of other metrics. */
function longName(name: string): string | undefined {
  const long = name.replace(/(^|_)acc(_\d+)?$/, '$1accuracy$2');
  return long === name ? undefined : long;
}

/**
 * What records by these names may inherit of, so that they answer to long names, which are in no keys, spread or JSON.
 * @param names of logs; those of validation, which begin with 'val_', may be among them
 * @returns undefined where no name has a long one
 */
export function longNames(names: readonly string[]): object | undefined {
  const trained = new Set(names.map((name) => name.replace(/^val_/, '')));
  const pairs = [...trained].flatMap((name) => {
    const long = longName(name);
    return long && !trained.has(long) ? [[name, long] as const] : [];
  });
  if (pairs.length === 0) return undefined;
  const prototype = {};
  for (const [name, long] of pairs) {
    for (const prefix of ['', 'val_']) {
      Object.defineProperty(prototype, prefix + long, {
        get(this: Readonly<Record<string, unknown>>) {
          return this[prefix + name];
        },
      });
    }
  }
  return prototype;
}

/** Parts of a record as one that answers to long names. */
export function answering<T>(
  prototype: object | undefined,
  ...parts: readonly Readonly<Record<string, T>>[]
): Record<string, T> {
  const record = prototype ? (Object.create(prototype) as Record<string, T>) : {};
  return Object.assign(record, ...parts) as Record<string, T>;
}
