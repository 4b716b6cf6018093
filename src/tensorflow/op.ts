// Operations of a script's own.

import { LanegradError, shown } from '../errors.ts';
import { requireArgument } from '../options/arguments.ts';
import { tidy } from '../tensor/tidy.ts';

/**
 * A function as an operation: what it makes on its way is disposed of, as by `tidy`.
 * @param f an object with the function alone; its name, without a `_` at its end, is that of the operation
 * @throws LanegradError where the object has not one function.
 */
export function op<T extends (...args: never[]) => unknown>(f: Readonly<Record<string, T>>): T {
  requireArgument('op: f', 'object', f);
  const [[name, made] = [], ...others] = Object.entries(f);
  if (name === undefined || others.length > 0 || typeof made !== 'function')
    throw new LanegradError(
      `op: takes an object with a single key, which is a function's name; got ${shown(f)}.`,
    );
  const named = `${name.replace(/_$/, '')}__op`;
  const operation = (...args: Parameters<T>) => tidy(named, () => made(...args));
  return Object.defineProperty(operation, 'name', { value: named }) as unknown as T;
}
