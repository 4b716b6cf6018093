// `tf.env()`: flags that scripts set and ask for. Those of other machines are kept and change nothing here.

import { LanegradError, shown } from '../errors.ts';
import { nearestName } from '../names.ts';
import { requireArgument } from '../options/arguments.ts';
import { findPageGlobal } from '../platform/page.ts';
import { platform } from '../platform/platform.ts';
import { decodeString, encodeString, fetch, isTypedArray, now } from './util.ts';

type FlagValue = number | boolean | string;

/** What is asked of where the script runs, and what `enableProdMode` and `enableDebugMode` set. */
const known: Readonly<Record<string, () => FlagValue>> = {
  DEBUG: () => false,
  PROD: () => false,
  IS_BROWSER: () => (findPageGlobal('document') ?? findPageGlobal('WorkerGlobalScope')) !== undefined,
  IS_NODE: () => platform.readFile !== undefined,
  IS_CHROME: () => false,
  IS_SAFARI: () => false,
  IS_TEST: () => false,
  TENSORLIKE_CHECK_SHAPE_CONSISTENCY: () => true,
  DEPRECATION_WARNINGS_ENABLED: () => true,
  CHECK_COMPUTATION_FOR_ERRORS: () => true,
  USE_SETTIMEOUTCUSTOM: () => false,
};

/** Flags of TensorFlow.js's backends, of which there are none here. */
const ofBackends = /^(WEBGL|WEBGPU|WASM|CPU|CANVAS2D|SOFTWARE|KEEP|ENGINE|HAS|WRAP)_/;

/** Flags, and what the runtime offers. */
export class Environment {
  readonly #values = new Map<string, FlagValue>();
  readonly #registered = new Map<string, () => FlagValue | Promise<FlagValue>>(Object.entries(known));
  /** What TensorFlow.js asks of a runtime. */
  readonly platform: {
    fetch: (path: string, options?: object) => Promise<unknown>;
    now: () => number;
    encode: (text: string, encoding: string) => Uint8Array;
    decode: (bytes: Uint8Array, encoding: string) => string;
    isTypedArray: (value: unknown) => boolean;
  } = { fetch, now, encode: encodeString, decode: decodeString, isTypedArray };

  get platformName(): string {
    return this.getBool('IS_NODE') ? 'node' : 'browser';
  }

  /** The flags that were set or asked for. */
  get features(): Record<string, FlagValue> {
    return Object.fromEntries(this.#values);
  }

  getFlags(): Record<string, FlagValue> {
    return this.features;
  }

  /** Sets several flags. */
  setFlags(flags: Readonly<Record<string, FlagValue>>): void {
    requireArgument('env().setFlags: flags', 'object', flags);
    for (const [name, value] of Object.entries(flags)) this.set(name, value);
  }

  /** Adds a flag. @param evaluate what it is until it is set @param onSet called when it is */
  registerFlag(
    name: string,
    evaluate: () => FlagValue | Promise<FlagValue>,
    onSet?: (value: FlagValue) => void,
  ): void {
    this.#registered.set(name, evaluate);
    const value = this.#values.get(name);
    if (value !== undefined) onSet?.(value);
  }

  /** @throws LanegradError for unknown flags. */
  set(name: string, value: FlagValue): void {
    this.#require('set', name);
    this.#values.set(name, value);
  }

  /** @throws LanegradError for unknown flags. */
  get(name: string): FlagValue {
    const value = this.#values.get(name);
    if (value !== undefined) return value;
    this.#require('get', name);
    const found = (this.#registered.get(name)?.() ?? false) as FlagValue;
    this.#values.set(name, found);
    return found;
  }

  async getAsync(name: string): Promise<FlagValue> {
    return this.get(name);
  }

  getBool(name: string): boolean {
    return Boolean(this.get(name));
  }

  getNumber(name: string): number {
    return Number(this.get(name));
  }

  getString(name: string): string {
    return String(this.get(name));
  }

  /** Forgets what was set. */
  reset(): void {
    this.#values.clear();
  }

  #require(method: string, name: string): void {
    if (this.#registered.has(name) || (typeof name === 'string' && ofBackends.test(name))) return;
    requireArgument(`env().${method}: name`, 'text', name);
    const nearest = nearestName(name, this.#registered.keys());
    const hint = nearest ? `Did you mean ${nearest}?` : 'Flags of your own begin with registerFlag.';
    throw new LanegradError(`env().${method}: there is no flag ${name}. ${hint}`);
  }
}

const environment = /* @__PURE__ */ new Environment();

/** Another name of what `env()` gives. */
export const ENV: Environment = environment;

/** Flags, and what the runtime offers. */
export const env = (): Environment => environment;

/** Here for scripts: there is nothing that a production would leave out. */
export function enableProdMode(): void {
  environment.set('PROD', true);
}

/** Here for scripts: shapes and types are always checked, and `fit` always stops where a loss is not finite. */
export function enableDebugMode(): void {
  environment.set('DEBUG', true);
}

/** `deprecationWarn` says nothing any more, once this has been said. */
export function disableDeprecationWarnings(): void {
  environment.set('DEPRECATION_WARNINGS_ENABLED', false);
  console.warn('TensorFlow.js deprecation warnings have been disabled.');
}

/** Writes a warning to the console, unless `disableDeprecationWarnings` was called. */
export function deprecationWarn(message: string): void {
  if (!environment.getBool('DEPRECATION_WARNINGS_ENABLED')) return;
  console.warn(
    `${typeof message === 'string' ? message : shown(message)} You can disable deprecation warnings with tf.disableDeprecationWarnings().`,
  );
}
