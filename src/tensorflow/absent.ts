// How a name that lanegrad lacks says so.

import { LanegradError } from '../errors.ts';

type Missing = (...args: unknown[]) => never;

/**
 * A function of TensorFlow.js that says that it is not there.
 * @param instead what to use in its place
 */
// @__NO_SIDE_EFFECTS__
export function missing(name: string, instead: string): Missing {
  return function absent() {
    throw new LanegradError(`tf.${name} is not in lanegrad. ${instead}`);
  };
}

/** One that gives a promise in TensorFlow.js, and here one that is rejected. */
// @__NO_SIDE_EFFECTS__
export function missingAsync(name: string, instead: string): (...args: unknown[]) => Promise<never> {
  const fail = missing(name, instead);
  return async () => fail();
}

/** Functions of a namespace that say so. */
// @__NO_SIDE_EFFECTS__
export const missingMembers = <Name extends string>(
  namespace: string,
  names: readonly Name[],
  instead: string,
): Readonly<Record<Name, Missing>> =>
  Object.fromEntries(names.map((name) => [name, missing(`${namespace}.${name}`, instead)])) as Record<
    Name,
    Missing
  >;
