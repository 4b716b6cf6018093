// Words and whole numbers put into so many bins by their hashes.

import type { Value } from '../../graph/graph.ts';
import { asInt32 } from '../../graph/ops/conversion.ts';
import { flag, integer, positiveInteger } from '../../options/kinds.ts';
import {
  describe,
  type Kind,
  type OptionsOf,
  optional,
  required,
  type SettingsOf,
} from '../../options/option.ts';
import { layerOptions } from '../base/layer-options.ts';
import { encode, kerasWord } from './encoding.ts';
import { fingerprint64 } from './farm-hash.ts';
import { Preparing, type Token } from './preparing.ts';
import { sipHash } from './sip-hash.ts';

/** Two numbers that a hash begins with. */
export type Salt = readonly [number, number];

/** A whole number, which counts twice, or two. */
export const salt: Kind<number | Salt, Salt> = {
  expected: 'a whole number, or a list of two',
  read(given) {
    const pair: unknown = typeof given === 'number' ? [given, given] : given;
    const isPair = Array.isArray(pair) && pair.length === 2 && pair.every(Number.isSafeInteger);
    return isPair ? (pair as unknown as Salt) : undefined;
  },
};

/** The bin of a text, by FarmHash, or salted by SipHash, as in TensorFlow. */
export function binOf(text: string, bins: number, key: Salt | undefined): number {
  const bytes = new TextEncoder().encode(text);
  const hash = key
    ? sipHash(bytes, [BigInt.asUintN(64, BigInt(key[0])), BigInt.asUintN(64, BigInt(key[1]))])
    : fingerprint64(bytes);
  return Number(hash % BigInt(bins));
}

/** A word or a whole number. */
const token: Kind<Token> = {
  expected: 'a word or a whole number',
  read: (given) => (typeof given === 'string' ? given : integer.read(given)),
};

const hashingOptions = /* @__PURE__ */ describe(layerOptions, {
  /** How many bins there are, the one of the mask included. */
  numBins: required(positiveInteger),
  /** What goes to bin 0, which nothing else then does; none by default. */
  maskValue: optional(token),
  /** What hashes begin with: a whole number or two. By default FarmHash is used, which has no salt; with it SipHash. */
  salt: optional(salt),
  /**
   * 'int', the default: the bins. 'oneHot': [..., numBins] for each, in place of a last axis of 1. 'multiHot', 'count':
   * [..., numBins] of a row's bins together.
   */
  outputMode: optional(kerasWord('int', 'oneHot', 'multiHot', 'count'), 'int'),
  /** Accepted for configurations that have it: there are no sparse tensors. */
  sparse: optional(flag, false),
});

export interface HashingOptions extends OptionsOf<typeof hashingOptions> {}

/**
 * Words or whole numbers into bins, by the hashes that Keras uses: [batch, n] → [batch, n], or vectors. It needs no
 * vocabulary; different words may share a bin. Must read an input of the model.
 */
export class Hashing extends Preparing<SettingsOf<typeof hashingOptions>, HashingOptions> {
  static readonly className = 'Hashing';
  static override readonly options = hashingOptions;

  constructor(options: HashingOptions) {
    super(options);
    this.built = true;
  }

  protected override numberOf(token: Token): number {
    const { numBins, maskValue, salt } = this.options;
    if (typeof token === 'number' && !Number.isFinite(token)) throw this.error(`has no bin for ${token}.`);
    // Fractions are cut off, as in Keras.
    const text = typeof token === 'number' ? String(BigInt(Math.trunc(token))) : token;
    if (maskValue === undefined || numBins === 1) return binOf(text, numBins, salt);
    return token === maskValue ? 0 : 1 + binOf(text, numBins - 1, salt);
  }

  override compute(x: Value): Value {
    const { outputMode, numBins } = this.options;
    const bins = asInt32(x);
    return outputMode === 'int' ? bins : encode(bins, outputMode, numBins);
  }
}
