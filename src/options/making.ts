// Factories of classes, which scripts call by `new` too: in TensorFlow.js's builds every function takes it.

/** A function that makes what a class makes. It is no arrow, which would not take `new`. */
// @__NO_SIDE_EFFECTS__
export function making<Args extends unknown[], Made>(
  Class: new (...args: Args) => Made,
): (...args: Args) => Made {
  return function make(...args) {
    return new Class(...args);
  };
}
