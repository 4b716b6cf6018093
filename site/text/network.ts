// A small GPT: which letter comes next, of those before it. It is trained, asked to write, and asked where it looked.

import * as tf from 'lanegrad';
import { Alphabet } from './alphabet.ts';
import { CausalAttention, Positions } from './layers.ts';
import { type Looks, type SizeName, sizes } from './messages.ts';

const batchSize = 16;
/** Pieces of a text that can be told apart. */
const leastPieces = 100;

type Symbolic = tf.SymbolicTensor;

export class Network {
  readonly alphabet: Alphabet;
  readonly #codes: Int32Array;
  readonly #steps: number;
  readonly #heads: number;
  readonly #model: tf.LayersModel;
  /** The same layers, with how much each step looked at each. */
  readonly #view: tf.LayersModel;

  /** @throws Error where the text is too short to learn from. */
  constructor(text: string, name: SizeName) {
    tf.setSeed(1);
    const { steps, heads, size, blocks } = sizes[name];
    this.#steps = steps;
    this.#heads = heads;
    this.alphabet = new Alphabet(text);
    this.#codes = Int32Array.from(this.alphabet.codesOf(text));
    const least = steps + leastPieces;
    if (this.#codes.length < least) {
      throw new Error(
        `A text to learn from must have at least ${least} letters; this one has ${this.#codes.length}.`,
      );
    }
    const input = tf.input({ shape: [steps], dtype: 'int32' });
    const known = this.alphabet.size;
    let x = new Positions({}).apply(
      tf.layers.embedding({ inputDim: known, outputDim: size }).apply(input) as Symbolic,
    ) as Symbolic;
    const looks: Symbolic[] = [];
    for (let i = 0; i < blocks; i++) {
      const [learned, looked] = new CausalAttention({ heads }).apply(normalized(x)) as unknown as Symbolic[];
      looks.push(looked);
      x = tf.layers.add().apply([x, learned]) as Symbolic;
      const wide = tf.layers.dense({ units: 4 * size, activation: 'gelu' }).apply(normalized(x)) as Symbolic;
      x = tf.layers.add().apply([x, tf.layers.dense({ units: size }).apply(wide) as Symbolic]) as Symbolic;
    }
    const output = tf.layers.dense({ units: known, activation: 'softmax' }).apply(normalized(x)) as Symbolic;
    this.#model = tf.model({ inputs: input, outputs: output });
    this.#view = tf.model({ inputs: input, outputs: looks });
    this.#model.compile({ optimizer: tf.train.adam(3e-3), loss: 'sparseCategoricalCrossentropy' });
    this.#model.setUserDefinedMetadata({ letters: this.alphabet.letters, steps } as never);
  }

  get weights(): number {
    return this.#model.countParams();
  }

  get letters(): number {
    return this.#codes.length;
  }

  get lettersOfStep(): number {
    return batchSize * this.#steps;
  }

  /** One step, of pieces of the text from anywhere. @returns its loss */
  async learn(): Promise<number> {
    const steps = this.#steps;
    const places = tf.randomUniform([batchSize], 0, this.#codes.length - steps, 'int32').dataSync();
    const pieces = (ahead: number) => {
      const codes = new Int32Array(batchSize * steps);
      for (const [i, at] of places.entries()) {
        codes.set(this.#codes.subarray(at + ahead, at + ahead + steps), i * steps);
      }
      return tf.tensor2d(codes, [batchSize, steps], 'int32');
    };
    return (await this.#model.trainOnBatch(pieces(0), pieces(1))) as number;
  }

  /**
   * Writes on from a text.
   * @param begun codes; where there are none, it begins as a line does
   * @param temperature 1: by the probabilities that it learned; less: nearer to the likeliest letter
   */
  write(begun: readonly number[], letters: number, temperature: number): number[] {
    const written = begun.length > 0 ? [...begun] : [this.#codeOfBeginning];
    const first = written.length;
    const draws = tf.randomUniform([letters]).dataSync();
    for (const draw of draws) written.push(this.#next(written, draw, temperature));
    return written.slice(first);
  }

  /** How the end of a text was looked at. */
  looks(written: readonly number[]): Looks {
    const end = written.slice(-this.#steps);
    const blocks = [this.#view.predict(this.#asRead(end))].flat() as tf.Tensor[];
    return {
      text: end.map((code) => this.alphabet.letters[code]),
      steps: this.#steps,
      heads: this.#heads,
      blocks: blocks.map((block) => block.dataSync() as Float32Array),
    };
  }

  async save(): Promise<tf.io.ModelArtifacts> {
    let saved: tf.io.ModelArtifacts | undefined;
    await this.#model.save(
      tf.io.withSaveHandler(async (artifacts) => {
        saved = artifacts;
        return { modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(artifacts) };
      }),
    );
    return saved!;
  }

  get #codeOfBeginning(): number {
    return this.alphabet.codesOf('\n')[0] ?? this.#codes[0];
  }

  /** The end of a text is at the left: what is right of it cannot be seen from there. */
  #asRead(end: readonly number[]): tf.Tensor {
    const rest = new Array(this.#steps - end.length).fill(0);
    return tf.tensor2d([[...end, ...rest]], [1, this.#steps], 'int32');
  }

  #next(written: readonly number[], draw: number, temperature: number): number {
    const end = written.slice(-this.#steps);
    const all = (this.#model.predict(this.#asRead(end)) as tf.Tensor).dataSync();
    const known = this.alphabet.size;
    const said = all.subarray((end.length - 1) * known, end.length * known);
    const most = Math.max(...said);
    const chances = Array.from(said, (chance) => (chance / most) ** (1 / temperature));
    let left = draw * chances.reduce((sum, chance) => sum + chance, 0);
    return Math.max(
      0,
      chances.findIndex((chance) => {
        left -= chance;
        return left < 0;
      }),
    );
  }
}

const normalized = (x: Symbolic) => tf.layers.layerNormalization().apply(x) as Symbolic;
