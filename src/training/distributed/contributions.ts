// What the parts of a step contribute to it: vectors in linear memory, numbered, and their sums.

import { floatBytes, padded } from '../../bytes.ts';
import { Program } from '../../compiler/program.ts';
import { internal } from '../../errors.ts';
import { Graph, type Value } from '../../graph/graph.ts';
import { add } from '../../graph/ops/elementwise.ts';
import { assign, parameter } from '../../graph/ops/sources.ts';
import { type Shape, sameShape, sizeOf } from '../../graph/shape.ts';
import { newRange, Range } from '../../state/range.ts';

/** Floats of a vector, from `start` to before `end`. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

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

  /** A stretch of a vector. */
  part(number: number, { start, end }: Stretch): Range {
    const { name, block } = this.vector(number);
    return new Range(name, [end - start], block, start * floatBytes);
  }

  /**
   * Stretches of whole arrays, of at least so many floats where there are as many: together all of a vector, the last
   * first, as a backward pass comes to them.
   */
  stretches(least: number): Stretch[] {
    const found: Stretch[] = [];
    let end = this.floats;
    for (const start of this.#offsets.toReversed()) {
      if (end - start < least && start !== 0) continue;
      found.push({ start, end });
      end = start;
    }
    return found;
  }

  /** Numbers of the arrays that lie in a stretch. */
  arraysIn({ start, end }: Stretch): number[] {
    return [...this.#offsets.keys()].filter((i) => this.#offsets[i] >= start && this.#offsets[i] < end);
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
  keep(to: number, from: number, stretch?: Stretch): void {
    this.#run(`${to}=${from}`, stretch, (graph, of) => assign(of(to), parameter(graph, of(from))));
  }

  /** vector `to` ← vector `to` + vector `from`. */
  add(to: number, from: number, stretch?: Stretch): void {
    this.#run(`${to}+${from}`, stretch, (graph, of) =>
      assign(of(to), add(parameter(graph, of(to)), parameter(graph, of(from)))),
    );
  }

  /** @param build of a graph, and of what gives a vector's range */
  #run(
    name: string,
    stretch: Stretch = { start: 0, end: this.floats },
    build: (graph: Graph, of: (number: number) => Range) => Value,
  ): void {
    const key = `${name} ${stretch.start}-${stretch.end}`;
    let program = this.#programs.get(key);
    if (!program) {
      const effect = build(new Graph(), (number) => this.part(number, stretch));
      program = new Program([], [effect], { purpose: 'the sum of parts' });
      this.#programs.set(key, program);
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
