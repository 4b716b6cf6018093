// Gradients of functions of tensors. The function is recorded, and `differentiate` extends what was recorded; numbers
// are computed when somebody looks.

import { differentiate } from '../compiler/differentiate.ts';
import { prune } from '../compiler/prune.ts';
import { LanegradError, shown } from '../errors.ts';
import type { Value } from '../graph/graph.ts';
import { sum, zeros } from '../graph/ops/broadcasting.ts';
import { mul } from '../graph/ops/elementwise.ts';
import { formatShape, sameShape } from '../graph/shape.ts';
import { Trace } from '../state/trace.ts';
import { type TensorArgument, toTensor, toTensors } from './convert.ts';
import { evaluate } from './evaluate.ts';
import { noteFound, unusedOfFound } from './found-together.ts';
import { LayerVariable } from './layer-variable.ts';
import { count, endScope, startScope } from './scopes.ts';
import { isOlderThanTape, taped } from './tape.ts';
import { handOut, recorder, Tensor, versionOf } from './tensor.ts';
import type { Scalar } from './types.ts';
import { trainableVariables, Variable, type VariableList, variableMeant } from './variable.ts';
import { weightsRead } from './weights.ts';

/** A function's value and its gradients, one for each tensor asked for. */
export interface ValueAndGradients<O extends Tensor = Tensor> {
  readonly value: O;
  readonly grads: Tensor[];
}

/** Takes gradients of a script's own tensors apart from the model that is being traced, if one is: as numbers of now. */
const alone = <Found>(args: readonly Tensor[], take: () => Found): Found =>
  args.some(({ graph }) => graph !== recorder) ? take() : Trace.suspended(take);

/**
 * The value of a function and what it depends on, recorded; all that is made meanwhile but these is disposed of.
 * @param of what it is differentiated by: tensors that are `given`, or variables
 */
function differentiated<T extends Tensor>(
  where: string,
  run: () => T,
  of: (value: T) => readonly Tensor[],
  dy?: Tensor,
  given: readonly Tensor[] = [],
): { value: T; found: (Tensor | undefined)[] } {
  // Scripts that collect the gradients of many batches before they move anything then find one program again, in place of
  // one that grows with their number.
  evaluate(unusedOfFound());
  return taped(() => {
    startScope();
    let results: Tensor[] = [];
    try {
      const value = run();
      requireTensor(where, value);
      if (dy && !sameShape(dy.shape, value.shape)) {
        throw new LanegradError(
          `${where}: The shape of dy passed in ${where} must match the shape returned by the function, ` +
            `${formatShape(value.shape)}; got ${formatShape(dy.shape)}.`,
        );
      }
      const sources = of(value);
      const weighted = dy ? mul(value, dy) : value;
      const scalar = weighted.rank === 0 ? weighted : sum(weighted);
      const found = gradientsOf(scalar, sources.map(versionOf));
      results = found.flatMap((each) => (each ? [count(each)] : []));
      const own = handOut(value, sources);
      results.push(own);
      return { value: own, found };
    } finally {
      endScope(results);
      noteFound(results);
    }
  }, given);
}

/** Gradients of a scalar: zeros where it depends on a value by steps alone, such as rounding or an index. */
function gradientsOf(scalar: Value, values: readonly Value[]): (Tensor | undefined)[] {
  const found = differentiate(scalar, values, isOlderThanTape);
  if (found.every((each) => each !== undefined)) return found as Tensor[];
  const read = new Set([
    scalar,
    ...prune([scalar]).flatMap((node) => (isOlderThanTape(node) ? [] : node.inputs)),
  ]);
  return found.map((each, i) => {
    if (each || !read.has(values[i])) return each as Tensor | undefined;
    return zeros(scalar.graph, values[i].shape) as Tensor;
  });
}

export function requireFunction(where: string, f: unknown): void {
  if (typeof f === 'function') return;
  throw new LanegradError(`${where}: The f passed in ${where}(f) must be a function; got ${shown(f)}.`);
}

/** @throws LanegradError where the function does not depend on one of the tensors. */
function requireAll(found: readonly (Tensor | undefined)[]): Tensor[] {
  if (found.every((each) => each !== undefined)) return found as Tensor[];
  throw new LanegradError(
    'Cannot compute gradient of y=f(x) with respect to x. Make sure that the f you passed encloses all operations ' +
      'that lead from x to y, and that each has a gradient.',
  );
}

/**
 * The gradient of a function of one tensor, as a function.
 * @param f a function of a tensor; where its result is no scalar, the sum of its elements is differentiated
 * @returns a function of x and perhaps dy, what each element of f(x) counts for; its result has the shape of x
 */
export function grad(f: (x: Tensor) => Tensor): (x: TensorArgument, dy?: TensorArgument) => Tensor {
  requireFunction('grad', f);
  return (x, dy) => {
    const { value, grad } = valueAndGradOf('grad', f, x, dy);
    value.dispose();
    return grad;
  };
}

/** As `grad`, for the value and the gradient. */
export function valueAndGrad<I extends Tensor = Tensor, O extends Tensor = Tensor>(
  f: (x: I) => O,
): (x: I | TensorArgument, dy?: O | TensorArgument) => { value: O; grad: I } {
  requireFunction('valueAndGrad', f);
  return (x, dy) => valueAndGradOf('valueAndGrad', f, x, dy);
}

function valueAndGradOf<I extends Tensor, O extends Tensor>(
  where: string,
  f: (x: I) => O,
  x: TensorArgument,
  dy?: TensorArgument,
): { value: O; grad: I } {
  const own = toTensor(where, 'x', x);
  const { value, grads } = valueAndGradsOf(where, (args) => f(args[0] as I), [own], dy);
  return { value, grad: grads[0] as I };
}

/**
 * The gradients of a function of several tensors, as a function.
 * @returns a function of a list of tensors and perhaps dy; its result has a gradient for each
 */
export function grads(
  f: (...args: Tensor[]) => Tensor,
): (args: readonly TensorArgument[], dy?: TensorArgument) => Tensor[] {
  requireFunction('grads', f);
  return (args, dy) => {
    requireList('grads', args);
    const own = toTensors('grads', 'args', args);
    const { value, grads } = valueAndGradsOf('grads', (each) => f(...each), own, dy);
    value.dispose();
    return grads;
  };
}

/** As `grads`, for the value and the gradients. */
export function valueAndGrads<O extends Tensor = Tensor>(
  f: (...args: Tensor[]) => O,
): (args: readonly TensorArgument[], dy?: O | TensorArgument) => ValueAndGradients<O> {
  requireFunction('valueAndGrads', f);
  return (args, dy) => {
    requireList('valueAndGrads', args);
    return valueAndGradsOf('valueAndGrads', (own) => f(...own), toTensors('valueAndGrads', 'args', args), dy);
  };
}

function requireList(where: string, args: unknown): void {
  if (Array.isArray(args)) return;
  throw new LanegradError(
    `${where}: The args passed in ${where}(f)(args) must be an array of tensors; got ${shown(args)}.`,
  );
}

function valueAndGradsOf<O extends Tensor>(
  where: string,
  f: (args: Tensor[]) => O,
  args: Tensor[],
  dy?: TensorArgument,
): ValueAndGradients<O> {
  const weight = dy === undefined || dy === null ? undefined : toTensor(where, 'dy', dy);
  // Where the function does not read a copy of a layer's weights, what the copy stands for is meant.
  const meant = args.map(variableMeant);
  const weights = meant.filter((each, i): each is Variable => each !== undefined && each !== args[i]);
  const { value, found } = alone(args, () =>
    differentiated(
      where,
      () => f(args),
      () => [...args, ...weights],
      weight,
      args,
    ),
  );
  const ofMeant = (variable: Variable | undefined) =>
    variable && found[args.length + weights.indexOf(variable)];
  const wanted = requireAll(args.map((_, i) => found[i] ?? ofMeant(meant[i])));
  for (const each of found) if (each && !wanted.includes(each)) each.dispose();
  return { value: value as O, grads: wanted };
}

/**
 * A scalar and its gradients with respect to variables.
 * @param f makes the scalar, shape []
 * @param varList the variables, or layers' weights; by default all trainable ones that there are
 * @returns the scalar, and the gradient of each variable on which it depends, by the variable's name
 * @throws LanegradError where f does not give a scalar, and where it depends on none of the variables.
 */
export function variableGrads(
  f: () => Tensor,
  varList?: VariableList,
): { value: Scalar; grads: Record<string, Tensor> } {
  requireFunction('variableGrads', f);
  const given = givenVariables('variableGrads', varList);
  if (given) variablesToTrain('variableGrads', given);
  let trained: readonly Variable[] = [];
  const { value, found } = Trace.suspended(() =>
    differentiated(
      'variableGrads',
      () => requireScalar('variableGrads', f()),
      (value) => {
        trained = trainedBy('variableGrads', value, given);
        return trained;
      },
    ),
  );
  // Variables that were given but are not trainable have a null there, as in TensorFlow.js.
  const untrained = (given ?? []).filter(({ trainable }) => !trainable).map(({ name }) => [name, null]);
  return { value, grads: { ...Object.fromEntries(untrained), ...byName(trained, found) } };
}

/** The gradients of a scalar that is being recorded, by the names of the variables that it depends on. */
export function gradientsByName(
  where: string,
  scalar: Tensor,
  varList?: readonly Variable[],
): Record<string, Tensor> {
  const trained = trainedBy(where, scalar, varList);
  return byName(trained, gradientsOf(scalar, trained.map(versionOf)));
}

const trainedBy = (where: string, value: Tensor, varList?: readonly Variable[]): readonly Variable[] =>
  varList ? variablesToTrain(where, varList) : variablesOf(value);

/** @throws LanegradError where there is no gradient at all. */
function byName(
  variables: readonly Variable[],
  found: readonly (Tensor | undefined)[],
): Record<string, Tensor> {
  if (found.every((each) => each === undefined)) throw noVariable();
  return Object.fromEntries(
    variables.flatMap((variable, i) => (found[i] ? [[variable.name, found[i]]] : [])),
  );
}

/** The trainable variables, layers' weights among them, that a tensor depends on, in the order in which they were made. */
function variablesOf(value: Tensor): Variable[] {
  const nodes = prune([value]);
  const read = new Set<Value>(nodes);
  const own = trainableVariables().filter((variable) => read.has(versionOf(variable)));
  const ofLayers = weightsRead(nodes).filter(
    (each): each is LayerVariable => each instanceof LayerVariable && each.isMovable,
  );
  return [...own, ...ofLayers].sort((a, b) => a.id - b.id).map((each) => variableMeant(each)!);
}

/**
 * The variables that are given, if any are: layers' weights, or what was read or copied of them, stand for theirs.
 * @throws LanegradError for what stands for none.
 */
export function givenVariables(where: string, varList: unknown): readonly Variable[] | undefined {
  if (varList === undefined || varList === null) return undefined;
  const found = Array.isArray(varList) ? varList.map(variableMeant) : [undefined];
  if (found.every((each) => each !== undefined)) return found;
  throw new LanegradError(
    `${where}: The varList passed in ${where}(f, varList) must be an array of variables; got ${shown(varList)}.`,
  );
}

/** Those of given variables that a function is to be differentiated by: the trainable ones. */
export function variablesToTrain(where: string, varList: readonly Variable[]): readonly Variable[] {
  const trainable = varList.filter((variable) => variable.trainable);
  if (trainable.length > 0) return trainable;
  throw new LanegradError(
    `${where}: expects at least one of the input variables to be trainable, but none of the ${varList.length} variables is trainable.`,
  );
}

/** @throws LanegradError unless a function returned a tensor. */
function requireTensor(where: string, value: unknown): void {
  if (value instanceof Tensor) return;
  throw new LanegradError(`${where}: the function must return a tensor; got ${shown(value)}.`);
}

/** A loss, as what it is now where it is a variable. @throws LanegradError unless it is a scalar. */
export function requireScalar(where: string, value: Tensor): Scalar {
  requireTensor(where, value);
  if (value.rank === 0) return (value instanceof Variable ? value.clone() : value) as Scalar;
  throw new LanegradError(
    `${where}: The f passed in ${where}(f) must return a scalar, but it returned a rank-${value.rank} tensor, ` +
      `shape ${formatShape(value.shape)}.`,
  );
}

/** What is wrong where a loss depends on no variable. */
export const noVariable = (): LanegradError =>
  new LanegradError(
    'Cannot find a connection between any variable and the result of the loss function y=f(x). Please make sure the ' +
      'operations that use variables are inside the function f passed to minimize().',
  );
