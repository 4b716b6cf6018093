// Words and identifiers by their places in a vocabulary.

import { shown } from '../../errors.ts';
import type { Value } from '../../graph/graph.ts';
import { asInt32 } from '../../graph/ops/conversion.ts';
import { mul } from '../../graph/ops/elementwise.ts';
import { constant } from '../../graph/ops/sources.ts';
import { log } from '../../numeric/elementary.ts';
import {
  type ConfigDict,
  finite,
  flag,
  integer,
  listOf,
  positiveInteger,
  text,
} from '../../options/kinds.ts';
import { describe, type Kind, type OptionsOf, optional, type SettingsOf } from '../../options/option.ts';
import type { Texts } from '../../tensor/nested-array.ts';
import { layerOptions } from '../base/layer-options.ts';
import type { FromOutside } from '../base/outside.ts';
import { type AdaptData, type AdaptOptions, lookAt, requireUnused } from './adapting.ts';
import { encode, kerasWord } from './encoding.ts';
import { binOf, salt } from './hashing.ts';
import { Preparing, type Token, tokensOf, wholeNumber } from './preparing.ts';

/** As `nonNegativeInteger`, but no Infinity: each place takes memory. */
const countOfPlaces: Kind<number> = {
  expected: 'a non-negative integer',
  read: (given) => (given === 0 ? 0 : positiveInteger.read(given)),
};

const lookupOptions = /* @__PURE__ */ describe(layerOptions, {
  /** At most so many places, those of the mask and of unknown tokens included: `adapt` keeps the most frequent. No limit by default. */
  maxTokens: optional(positiveInteger),
  /** Places for tokens that are not in the vocabulary, which are shared by their hashes; 1 by default. With 0 such tokens are errors. */
  numOovIndices: optional(countOfPlaces, 1),
  /** Whether what `apply` is given are places, and the tokens at them are wanted; false by default. */
  invert: optional(flag, false),
  /**
   * 'int', the default: the places. 'oneHot': [..., places] for each, in place of a last axis of 1. 'multiHot', 'count':
   * [..., places] of a row's tokens together. 'tfIdf': counts times how rare tokens are.
   */
  outputMode: optional(kerasWord('int', 'oneHot', 'multiHot', 'count', 'tfIdf'), 'int'),
  /** Whether vectors have maxTokens places, however few there are; false by default. */
  padToMaxTokens: optional(flag, false),
  /** How rare the tokens of a given vocabulary are, for 'tfIdf'. */
  idfWeights: optional(listOf(finite, 'a list of numbers')),
  /** Accepted for configurations that have it: there are no sparse tensors. */
  sparse: optional(flag, false),
  /** How unknown tokens share several places: by 'farmhash', or whole numbers by the rest of a division, 'floormod'. */
  oovMethod: optional(kerasWord('floormod', 'farmhash')),
  /** What hashes of unknown tokens begin with: a whole number or two. */
  salt: optional(salt),
});

type LookupSettings<T extends Token> = SettingsOf<typeof lookupOptions> & {
  readonly vocabulary: readonly T[] | undefined;
  readonly maskToken: T | undefined;
  readonly oovToken: T;
};

interface Seen {
  count: number;
  documents: number;
}

/** What both kinds of lookup share. The places are the mask's, where there is one, those of unknown tokens, the vocabulary's. */
abstract class Lookup<
  T extends Token,
  Settings extends LookupSettings<T>,
  Given extends object,
> extends Preparing<Settings, Given> {
  /** Place of the first unknown token: the mask has a place before only where places are what comes out. */
  readonly #unknown: number;
  /** Place of the first token of the vocabulary. */
  readonly #first: number;
  #tokens: readonly T[] | undefined;
  #places: ReadonlyMap<Token, number> = new Map();
  #idfWeights: readonly number[] | undefined;

  constructor(options: Given) {
    super(options);
    this.built = true;
    const { vocabulary, idfWeights, maxTokens, padToMaxTokens, outputMode } = this.options;
    this.#unknown = this.options.maskToken !== undefined && this.#isInt ? 1 : 0;
    this.#first = this.#unknown + this.options.numOovIndices;
    if (padToMaxTokens && !maxTokens) throw this.error('padToMaxTokens needs maxTokens.');
    if (outputMode === 'tfIdf' && vocabulary && !idfWeights) {
      throw this.error("a vocabulary for outputMode 'tfIdf' needs idfWeights, one for each token.");
    }
    if (vocabulary) this.setVocabulary(vocabulary, idfWeights);
  }

  /** What the layer takes, as a token. @throws LanegradError for anything else. */
  protected abstract tokenOf(given: Token): T;

  get #isInt(): boolean {
    return this.options.outputMode === 'int';
  }

  /**
   * The tokens by their places.
   * @param includeSpecialTokens whether the mask and unknown tokens are among them; true by default
   */
  getVocabulary(includeSpecialTokens = true): T[] {
    const special = Array.from({ length: includeSpecialTokens ? this.#first : 0 }, (_, i) =>
      this.#special(i),
    );
    return [...special, ...(this.#tokens ?? [])];
  }

  /** The token at a place before the vocabulary. */
  #special(place: number): T {
    const { maskToken, oovToken } = this.options;
    return place === 0 && this.#unknown === 1 ? maskToken! : oovToken;
  }

  /** How many places there are. */
  vocabularySize(): number {
    return this.#first + (this.#tokens?.length ?? 0);
  }

  /**
   * Takes a vocabulary in place of what it has.
   * @param vocabulary tokens, with the special ones before them or without
   * @param idfWeights how rare each token is, for 'tfIdf'
   * @throws LanegradError for a token that stands twice, for too many, and once the layer stands in a model.
   */
  setVocabulary(vocabulary: readonly T[], idfWeights?: readonly number[]): void {
    for (const list of [vocabulary, idfWeights ?? []]) {
      if (!Array.isArray(list))
        throw this.error(`a vocabulary and its weights are lists; got ${shown(list)}.`);
    }
    // `from` goes through holes too.
    const given = Array.from(vocabulary);
    const before = given.slice(0, this.#first);
    const hasSpecial =
      before.length === this.#first && before.every((token, i) => token === this.#special(i));
    const tokens = hasSpecial ? given.slice(this.#first) : given;
    const { maxTokens, maskToken, oovToken } = this.options;
    const places = new Map(tokens.map((token, i) => [token, i]));
    for (const [i, token] of tokens.entries()) {
      const isSpecial = token === maskToken || (token === oovToken && this.#first > this.#unknown);
      if (!isSpecial && isToken(token) && places.get(token) === i) continue;
      throw this.error(
        `a vocabulary holds each token once, and no mask or unknown one; got ${shown(token)} at place ${i}.`,
      );
    }
    if (maxTokens && this.#first + tokens.length > maxTokens) {
      throw this.error(`maxTokens is ${maxTokens}; got ${this.#first + tokens.length}.`);
    }
    const weights = hasSpecial ? idfWeights?.slice(this.#first) : idfWeights;
    if (weights && weights.length !== tokens.length) {
      throw this.error(
        `idfWeights must be ${tokens.length} numbers, one for each token; got ${weights.length}.`,
      );
    }
    this.#take(tokens, weights);
  }

  #take(tokens: readonly T[], idfWeights: readonly number[] | undefined): void {
    requireUnused(this, 'vocabulary');
    this.#tokens = tokens;
    this.#idfWeights = idfWeights;
    this.#places = new Map(tokens.map((token, i) => [token, i]));
  }

  /**
   * Learns the vocabulary: tokens by how often they are there, those that are equally often in reverse order, as in Keras.
   * @param data words or whole numbers; for 'tfIdf' each row is a document
   * @throws LanegradError once the layer stands in a model.
   */
  async adapt(data: AdaptData, options?: AdaptOptions): Promise<void> {
    const seen = new Map<T, Seen>();
    let documents = 0;
    await lookAt(this, data, options, (batch) => {
      const { values, shape } = tokensOf(this.name, batch);
      const width = Math.max(1, shape[shape.length - 1] ?? 1);
      documents += Math.ceil(values.length / width);
      for (let start = 0; start < values.length; start += width) {
        this.#count(values.slice(start, start + width), seen);
      }
    });
    const { maskToken, oovToken, maxTokens, outputMode } = this.options;
    const most = maxTokens ? Math.max(0, maxTokens - this.#first) : seen.size;
    const kept = [...seen]
      .filter(([token]) => token !== maskToken && token !== oovToken)
      .sort(([a, { count: often }], [b, { count: oftener }]) => oftener - often || (a < b ? 1 : -1))
      .slice(0, most);
    const rarity = ([, { documents: having }]: readonly [T, Seen]) => log(1 + documents / (1 + having));
    this.#take(
      kept.map(([token]) => token),
      outputMode === 'tfIdf' ? kept.map(rarity) : undefined,
    );
  }

  #count(document: readonly Token[], seen: Map<T, Seen>): void {
    const tokens = document.map((each) => this.tokenOf(each));
    for (const token of tokens) {
      const found = seen.get(token) ?? { count: 0, documents: 0 };
      seen.set(token, found);
      found.count++;
    }
    for (const token of new Set(tokens)) seen.get(token)!.documents++;
  }

  /** @throws LanegradError before there is a vocabulary. */
  #requireVocabulary(): void {
    if (this.#tokens) return;
    throw this.error('has no vocabulary yet. Give it one, or call adapt with data.');
  }

  protected override numberOf(given: Token): number {
    this.#requireVocabulary();
    const { maskToken, numOovIndices } = this.options;
    const token = this.tokenOf(given);
    if (token === maskToken) return this.#isInt ? 0 : -1;
    const place = this.#places.get(token);
    if (place !== undefined) return this.#first + place;
    if (numOovIndices === 0) {
      throw this.error(
        `${shown(token)} is not in the vocabulary, and numOovIndices is 0: there is no place for it.`,
      );
    }
    return this.#unknown + this.#unknownPlace(token, numOovIndices);
  }

  #unknownPlace(token: T, places: number): number {
    const { oovMethod, salt } = this.options;
    if (places === 1) return 0;
    if (typeof token === 'number' && oovMethod !== 'farmhash' && !salt)
      return ((token % places) + places) % places;
    return binOf(String(token), places, salt);
  }

  /** The token at a place; the token for unknown ones where there is none. */
  protected tokenAt(place: number): T {
    this.#requireVocabulary();
    return place < this.#first
      ? this.#special(place)
      : (this.#tokens![place - this.#first] ?? this.options.oovToken);
  }

  override compute(x: Value): Value {
    this.#requireVocabulary();
    const { outputMode, padToMaxTokens, maxTokens } = this.options;
    const places = asInt32(x);
    if (outputMode === 'int') return places;
    const size = padToMaxTokens ? maxTokens! : this.vocabularySize();
    if (outputMode !== 'tfIdf') return encode(places, outputMode, size);
    return mul(encode(places, 'count', size), constant(x.graph, this.#rarities(size), [size]));
  }

  /** Of every place; unknown tokens are as rare as the others are in the mean, and places without a token weigh nothing. */
  #rarities(size: number): number[] {
    const known = this.#idfWeights ?? [];
    const mean = known.reduce((a, b) => a + b, 0) / Math.max(1, known.length);
    return Array.from({ length: size }, (_, i) => (i < this.#first ? mean : (known[i - this.#first] ?? 0)));
  }

  /** What it learned is among its options. */
  override getConfig(): ConfigDict {
    return {
      ...super.getConfig(),
      ...(this.#tokens && { vocabulary: this.#tokens }),
      ...(this.#idfWeights && { idfWeights: this.#idfWeights }),
    };
  }
}

const stringLookupOptions = /* @__PURE__ */ describe(lookupOptions, {
  /** The words, by their places; by default `adapt` finds them. */
  vocabulary: optional(listOf(text, 'a list of words')),
  /** The word at place 0 that means that there is none; none by default. */
  maskToken: optional(text),
  /** What stands for unknown words; '[UNK]' by default. */
  oovToken: optional(text, '[UNK]'),
  /** Accepted for configurations that have it: texts are what the runtime's are. */
  encoding: optional(text),
});

export interface StringLookupOptions extends OptionsOf<typeof stringLookupOptions> {}

/**
 * Words by their places in a vocabulary: [batch, n] → [batch, n] of int32, or vectors. Words are arrays of strings, which
 * `fit`, `predict` and `apply` take; the layer must read an input of the model.
 */
export class StringLookup extends Lookup<
  string,
  SettingsOf<typeof stringLookupOptions>,
  StringLookupOptions
> {
  static readonly className = 'StringLookup';
  static override readonly options = stringLookupOptions;

  protected override tokenOf(given: Token): string {
    if (typeof given === 'string') return given;
    throw this.error(`takes words; got ${shown(given)}.`);
  }

  protected override numberOf(given: Token): number {
    if (!this.options.invert) return super.numberOf(given);
    throw this.error('gives words, and words are no tensors: call wordsAt(places) instead of apply.');
  }

  /** The words at places, in arrays as deep as those of the places. */
  wordsAt(places: FromOutside): string | Texts {
    const { values, shape } = tokensOf(this.name, places);
    const words = values.map((place) => this.tokenAt(wholeNumber(this.name, place)));
    return nested(words, shape);
  }
}

const isToken = (token: unknown) => typeof token === 'string' || Number.isSafeInteger(token);

/** A row as arrays in arrays of a shape. */
function nested(words: readonly string[], shape: readonly number[]): string | Texts {
  if (shape.length === 0) return words[0];
  const [size, ...inner] = shape;
  if (inner.length === 0) return words;
  const width = words.length / size;
  return Array.from({ length: size }, (_, i) => nested(words.slice(i * width, (i + 1) * width), inner));
}

const integerLookupOptions = /* @__PURE__ */ describe(lookupOptions, {
  /** The whole numbers, by their places; by default `adapt` finds them. */
  vocabulary: optional(listOf(integer, 'a list of whole numbers')),
  /** The number at place 0 that means that there is none; none by default. */
  maskToken: optional(integer),
  /** What stands for unknown numbers; −1 by default. */
  oovToken: optional(integer, -1),
  /** Accepted for configurations that have it: whole numbers are exact up to 2⁵³. */
  vocabularyDtype: optional(text),
});

export interface IntegerLookupOptions extends OptionsOf<typeof integerLookupOptions> {}

/**
 * Whole numbers, such as identifiers, by their places in a vocabulary: [batch, n] → [batch, n] of int32, or vectors. They
 * may be as large as JavaScript's are exact; the layer must read an input of the model.
 */
export class IntegerLookup extends Lookup<
  number,
  SettingsOf<typeof integerLookupOptions>,
  IntegerLookupOptions
> {
  static readonly className = 'IntegerLookup';
  static override readonly options = integerLookupOptions;

  protected override tokenOf(given: Token): number {
    return wholeNumber(this.name, given);
  }

  protected override numberOf(given: Token): number {
    return this.options.invert ? this.tokenAt(this.tokenOf(given)) : super.numberOf(given);
  }
}
