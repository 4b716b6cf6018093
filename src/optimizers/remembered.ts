// What an optimizer remembers of weights: slots beside them, tensors outside, and numbers while no weights are there.

import { LanegradError, shown } from '../errors.ts';
import { type Shape, sameShape } from '../graph/shape.ts';
import type { Range } from '../state/range.ts';
import { Slots } from '../state/slots.ts';
import type { Weights } from '../state/weights.ts';
import { Tensor } from '../tensor/tensor.ts';
import type { NamedTensor } from './custom-loop.ts';

/** An array that an optimizer remembers of a weight. */
interface Remembered {
  readonly name: string;
  readonly shape: Shape;
  readonly values: Float32Array;
}

const asTensor = ({ name, shape, values }: Remembered): NamedTensor => ({
  name,
  tensor: new Tensor(values, shape, 'float32'),
});

/** A copy: who gave the tensor may dispose of it. */
const asNumbers = ({ name, tensor }: NamedTensor): Remembered => ({
  name,
  shape: tensor.shape,
  values: Float32Array.from(tensor.computed()),
});

/** The steps that what an optimizer remembers begins with. @throws LanegradError unless it is that. */
export function stepsIn(className: string, weights: readonly NamedTensor[]): number {
  const tensors: unknown[] = Array.isArray(weights) ? weights.map((each) => each?.tensor) : [];
  if (tensors.length === 0 || !tensors.every((tensor) => tensor instanceof Tensor)) {
    throw new LanegradError(`${className}: setWeights takes what getWeights gave; got ${shown(weights)}.`);
  }
  const [steps] = tensors[0].computed();
  if (Number.isSafeInteger(steps) && steps >= 0) return steps;
  throw new LanegradError(`${className}: remembers how many steps it has done; got ${steps}.`);
}

/** An optimizer's slots by name. As arrays they come slot by slot, one of each weight. */
export class NamedSlots extends Slots {
  readonly #className: string;
  readonly #names: readonly string[];
  /** What was given before there were weights to remember it of. */
  #waiting: readonly Remembered[] | undefined;

  /** @param initial what each begins with */
  constructor(className: string, initial: Readonly<Record<string, number>>) {
    super(Object.values(initial));
    this.#className = className;
    this.#names = Object.keys(initial);
  }

  /** Those of the weights in a range, by name. */
  allBeside(range: Range): Record<string, Range> {
    return Object.fromEntries(this.#names.map((name, slot) => [name, this.beside(range, slot)]));
  }

  /** Takes the arrays that wait, if some do. Where they do not fit, they go on waiting, and the next attempt fails too. */
  takeWaiting(variables: readonly Weights[]): void {
    if (this.#waiting) this.#remember(this.#waiting, variables);
    this.#waiting = undefined;
  }

  /**
   * Takes arrays of variables, or keeps them until `takeWaiting` says of which. Where there are none, all slots begin anew.
   * @throws LanegradError when there are more or fewer, or of other shapes.
   */
  take(arrays: readonly NamedTensor[], variables: readonly Weights[] | undefined): void {
    const numbers = arrays.map(asNumbers);
    if (variables) this.#remember(numbers, variables);
    else this.#waiting = numbers;
  }

  /** The arrays of variables. */
  tensorsOf(variables: readonly Weights[]): NamedTensor[] {
    const remembered = this.#names.flatMap((slot, i) =>
      variables.map((variable) => ({
        name: `${variable.name}/${slot}`,
        shape: variable.shape,
        values: this.read(i, variable),
      })),
    );
    return (this.#waiting ?? remembered).map(asTensor);
  }

  /** Whether arrays of such shapes are those of variables. */
  fit(shapes: readonly Shape[], variables: readonly Weights[]): boolean {
    if (shapes.length !== this.#names.length * variables.length) return false;
    return shapes.every((shape, i) => sameShape(shape, variables[i % variables.length].shape));
  }

  #remember(arrays: readonly Remembered[], variables: readonly Weights[]): void {
    const shapes = arrays.map(({ shape }) => shape);
    if (arrays.length > 0 && !this.fit(shapes, variables)) {
      const count = this.#names.length * variables.length;
      throw new LanegradError(
        `${this.#className}: remembers ${1 + count} arrays, of the shapes of ${variables.length} weights; ` +
          `got ${1 + arrays.length} that do not fit.`,
      );
    }
    for (const slot of this.#names.keys()) {
      for (const [i, variable] of variables.entries()) {
        this.write(slot, variable, arrays[slot * variables.length + i]?.values);
      }
    }
  }
}
