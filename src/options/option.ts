// What an option is: one description, from which follow its type, its default, its check and its saved form. The
// comment before it is its documentation, in editors and in the published types.

/** A kind of values that options have. */
export interface Kind<Given, Value = Given> {
  /** What it takes, to follow "must be". */
  readonly expected: string;
  /**
   * The value that is meant; undefined where this is none of the kind.
   * @throws LanegradError where there is more to say than what was expected.
   */
  read(given: unknown): Value | undefined;
  /** Whether null is a value of this kind, or read as one; as a rule it means that nothing was given. */
  readonly takesNull?: boolean;
  /** Whether it is one of some words, which files have as Keras writes them: 'channels_last'. */
  readonly isWord?: boolean;
  /** Whether saved models do not hold it, or hold it elsewhere. */
  readonly isUnsaved?: boolean;
  /** The value as saved models have it; by default as it is. Undefined for what is not saved. */
  save?(value: Value): unknown;
  /** For the type alone: what may be given. */
  readonly given?: Given;
}

/** An option of a kind. */
export interface Option<Given, Value, Needed extends boolean> {
  readonly kind: Kind<Given, unknown>;
  /** Whether it must be given. */
  readonly isNeeded: Needed;
  /** Whether it is told in an object alone, never in order. */
  readonly isByName?: boolean;
  /** What is taken where it is not given: null and undefined are the same. */
  readonly fallback?: Given;
  /** For the type alone: what is read of it. */
  readonly value?: Value;
}

/** Options by their names. */
export type Description = Readonly<Record<string, Option<unknown, unknown, boolean>>>;

/** An option that must be given. */
// @__NO_SIDE_EFFECTS__
export function required<Given, Value>(kind: Kind<Given, Value>): Option<Given, Value, true> {
  return { kind, isNeeded: true };
}

/** An option that may be left out: it is then the default, or undefined without one. */
export function optional<Given, Value>(kind: Kind<Given, Value>): Option<Given, Value | undefined, false>;
export function optional<Given, Value>(
  kind: Kind<Given, Value>,
  fallback: NoInfer<Given>,
): Option<Given, Value, false>;
// @__NO_SIDE_EFFECTS__
export function optional(
  kind: Kind<unknown, unknown>,
  fallback?: unknown,
): Option<unknown, unknown, boolean> {
  return { kind, isNeeded: false, fallback };
}

/** An option that has no place among those that are told in order. */
// @__NO_SIDE_EFFECTS__
export const byName = <One extends Option<unknown, unknown, boolean>>(option: One): One => ({
  ...option,
  isByName: true,
});

/** The options of `base`, and further ones, which win. */
// @__NO_SIDE_EFFECTS__
export function describe<Base extends Description, Own extends Description>(
  base: Base,
  own: Own,
): Omit<Base, keyof Own> & Own {
  return { ...base, ...own };
}

type Needed<D> = { [K in keyof D]: D[K] extends Option<unknown, unknown, true> ? K : never }[keyof D];
type Given<O> = O extends Option<infer G, unknown, boolean> ? G : never;

/** What may be given for a description. */
export type OptionsOf<D> = { [K in keyof Pick<D, Needed<D>>]: Given<D[K]> } & {
  [K in keyof Omit<D, Needed<D>>]?: Given<D[K]> | undefined;
};

/** What is read by a description: every option, defaults in place of those not given. */
export type SettingsOf<D> = {
  readonly [K in keyof D]: D[K] extends Option<unknown, infer V, boolean> ? V : never;
};
