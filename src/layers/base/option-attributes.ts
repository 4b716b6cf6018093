// Options as attributes of layers, which scripts for TensorFlow.js read and classes that extend a layer set: `layer.units`.

import type { Description } from '../../options/option.ts';

/** A class whose instances have options as they were read. */
interface WithOptions {
  readonly prototype: object;
  readonly options: Description;
}

const done = new WeakSet<WithOptions>();

/** Lets instances of a class show each option under its name, where the class has nothing else of that name. */
export function showOptions(Class: WithOptions): void {
  if (done.has(Class)) return;
  done.add(Class);
  for (const name of Object.keys(Class.options)) {
    if (name in Class.prototype) continue;
    Object.defineProperty(Class.prototype, name, {
      configurable: true,
      get(this: { readonly options?: Readonly<Record<string, unknown>> }) {
        return this.options?.[name];
      },
      set(value: unknown) {
        Object.defineProperty(this, name, { value, configurable: true, enumerable: true, writable: true });
      },
    });
  }
}
