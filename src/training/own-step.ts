// Steps of optimizers that move weights themselves: classes of a script's own, with `applyGradients`.

import { LanegradError } from '../errors.ts';
import type { Optimizer } from '../optimizers/optimizer.ts';
import type { Slots } from '../state/slots.ts';
import type { Weights } from '../state/weights.ts';
import { givenTensor } from '../tensor/convert.ts';
import { count } from '../tensor/scopes.ts';
import { Tensor } from '../tensor/tensor.ts';
import { tidy } from '../tensor/tidy.ts';
import { variableOf } from '../tensor/variable.ts';

/** @throws LanegradError for an optimizer whose steps no program and nobody here can do. */
export function requireGradients(optimizer: Optimizer): void {
  if (!optimizer.differentiatesItself) return;
  throw new LanegradError(
    `compile: ${optimizer.className} has computeGradients of its own, which fit does not call. ` +
      'Train with minimize, or let applyGradients move the variables.',
  );
}

/**
 * Hands the gradients that a program has left to an optimizer, as TensorFlow.js's `fit` does: a list in the order of the
 * variables, each by its variable's name. What they move is held to its constraints.
 */
export function moveByItself(optimizer: Optimizer, moved: readonly Weights[], gradients: Slots): void {
  const gradientOf = ({ range, shape }: Weights) =>
    count(new Tensor(gradients.beside(range, 0).read(), shape, 'float32'));
  // What a class makes and leaves is disposed of, as there.
  tidy(() => {
    optimizer.applyGradients(
      moved.map((variable) => ({ name: variableOf(variable).name, tensor: gradientOf(variable) })),
    );
    for (const variable of moved) hold(variable);
  });
}

function hold(variable: Weights): void {
  const { constraint, name, shape } = variable;
  if (!constraint) return;
  const weights = variableOf(variable);
  weights.assign(givenTensor(`${name}: the constraint`, constraint.apply(weights), shape) as Tensor);
}
