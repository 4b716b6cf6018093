// What the parts of a step contribute to it: vectors in linear memory, numbered, and their sums.

import { Program } from '../compiler/program.ts';
import { internal } from '../errors.ts';
import { Graph } from '../graph/graph.ts';
import { add } from '../graph/ops/elementwise.ts';
import { assign, parameter } from '../graph/ops/sources.ts';
import { type Shape, sameShape, sizeOf } from '../graph/shape.ts';
import { floatBytes, newRange, Range } from '../state/range.ts';

/** Every array begins with a vector of the machine's. */
const padded = (floats: number): number => Math.ceil(floats / 4) * 4;

export class Contributions {
  readonly shapes: readonly Shape[];
  /** Floats of a vector. */
  readonly floats: number;
  readonly #offsets: readonly number[];
  readonly #vectors = new Map<number, Range>();
  readonly #programs = new Map<string, Program>();

  /** @param shapes of the arrays that lie side by side in a vector */
  constructor(shapes: readonly Shape[]) {
    let floats = 0;
    this.#offsets = shapes.map((shape) => {
      const offset = floats;
      floats += padded(sizeOf(shape));
      return offset;
    });
    this.shapes = shapes;
    this.floats = floats;
  }

  /** A vector; zeros at first. */
  vector(number: number): Range {
    const range = this.#vectors.get(number) ?? newRange('what parts contribute', [this.floats]);
    this.#vectors.set(number, range);
    return range;
  }

  /** An array of a vector. */
  array(index: number, vector: number): Range {
    const { block } = this.vector(vector);
    return new Range('a contribution', this.shapes[index], block, this.#offsets[index] * floatBytes);
  }

  /** @throws an error of lanegrad's own unless vectors are of these arrays */
  requireShapes(shapes: readonly Shape[]): void {
    const fits = shapes.length === this.shapes.length && shapes.every((s, i) => sameShape(s, this.shapes[i]));
    if (!fits) throw internal('parts of a step contribute different arrays.');
  }

  /** vector `to` ← vector `from`. */
  keep(to: number, from: number): void {
    this.#run(`${to}=${from}`, (graph) => assign(this.vector(to), parameter(graph, this.vector(from))));
  }

  /** vector `to` ← vector `to` + vector `from`. */
  add(to: number, from: number): void {
    this.#run(`${to}+${from}`, (graph) =>
      assign(this.vector(to), add(parameter(graph, this.vector(to)), parameter(graph, this.vector(from)))),
    );
  }

  #run(name: string, build: (graph: Graph) => ReturnType<typeof assign>): void {
    let program = this.#programs.get(name);
    if (!program) {
      program = new Program([], [build(new Graph())], { purpose: 'the sum of parts' });
      this.#programs.set(name, program);
    }
    program.run();
  }

  /** Gives its memory back at once. */
  dispose(): void {
    for (const program of this.#programs.values()) program.dispose();
    for (const { block } of this.#vectors.values()) block.free();
    this.#programs.clear();
    this.#vectors.clear();
  }
}
