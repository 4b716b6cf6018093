// Options as they are given, read by their description; and what was read, as saved models have it.

import { beginningWith, isPlain, LanegradError, noOptions, requireOptions } from '../errors.ts';
import { nearestName } from '../names.ts';
import { type ConfigDict, readAs } from './kinds.ts';
import type { Description, OptionsOf, SettingsOf } from './option.ts';

export interface ReadChoices {
  /** Whether options that are not described are kept as they are. False by default: they are errors. */
  readonly isOpen?: boolean;
}

/**
 * Every option that is described, checked, defaults in place of those not given.
 * @param where the layer or function, for errors
 * @param given null and undefined are no options
 * @throws LanegradError for names and values that it does not know.
 */
export function readOptions<D extends Description>(
  where: string,
  description: D,
  given: OptionsOf<D> | object | null | undefined,
  { isOpen = false }: ReadChoices = {},
): SettingsOf<D> {
  const options = requireOptions(where, given ?? {}) as Readonly<Record<string, unknown>>;
  if (!isOpen) requireKnown(where, description, options);
  const settings: Record<string, unknown> = isOpen ? { ...options } : {};
  for (const [name, { kind, isNeeded, fallback }] of Object.entries(description)) {
    const one = options[name] === null && kind.takesNull ? null : (options[name] ?? fallback);
    const what = `${where}: ${name}`;
    if (one === null) settings[name] = kind.read(null) ?? null;
    else if (one === undefined && !isNeeded) settings[name] = undefined;
    else settings[name] = beginningWith(what, () => kind.read(one)) ?? readAs(kind, what, one);
  }
  return settings as SettingsOf<D>;
}

/**
 * What was read, as saved models have it: what is undefined is null, and what is not saved left out.
 * @param where the layer or function, for errors
 */
export function savedOptions(where: string, description: Description, settings: object): ConfigDict {
  const saved: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(settings)) {
    const kind = Object.hasOwn(description, name) ? description[name].kind : undefined;
    if (kind?.isUnsaved) continue;
    if (value === undefined) {
      if (kind) saved[name] = null;
      continue;
    }
    const one = kind?.save ? beginningWith(`${where}: ${name}`, () => kind.save!(value)) : value;
    if (one !== undefined) saved[name] = one;
  }
  return saved as ConfigDict;
}

function requireKnown(where: string, description: Description, options: object): void {
  const isUnknown = ([name, value]: [string, unknown]) =>
    value !== undefined && value !== null && !Object.hasOwn(description, name);
  const [unknown] = Object.entries(options).find(isUnknown) ?? [];
  if (unknown === undefined) return;
  const known = Object.keys(description);
  if (!isPlain(options) && !known.some((name) => Object.hasOwn(options, name)))
    throw noOptions(where, options);
  const nearest = nearestName(unknown, known);
  const others = known.length > 0 ? ` Known are ${known.join(', ')}.` : ' It takes none.';
  const hint = nearest ? `; did you mean ${nearest}?` : `.${others}`;
  throw new LanegradError(`${where}: there is no option ${unknown}${hint}`);
}
