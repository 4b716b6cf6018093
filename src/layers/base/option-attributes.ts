// Options as attributes of layers, which scripts for TensorFlow.js read and set: `layer.rate = 0`.

import type { Description } from '../../options/option.ts';
import { readOptions } from '../../options/read-options.ts';
import { layerOptions } from './layer-options.ts';

/** A class whose instances have options as they were read. */
interface WithOptions {
  readonly prototype: object;
  readonly options: Description;
}

interface Instance {
  readonly name: string;
  readonly options?: Record<string, unknown>;
}

const done = new WeakSet<WithOptions>();

/** Lets instances of a class have each option under its name, where the class has nothing else of that name. */
export function showOptions(Class: WithOptions): void {
  if (done.has(Class)) return;
  done.add(Class);
  for (const [name, option] of Object.entries(Class.options)) {
    if (name in Class.prototype) continue;
    Object.defineProperty(Class.prototype, name, {
      configurable: true,
      get(this: Instance) {
        return this.options?.[name];
      },
      set(this: Instance, value: unknown) {
        // What every layer takes, a class of a user's may mean otherwise.
        if (this.options && !(name in layerOptions))
          Object.assign(this.options, readOptions(this.name, { [name]: option }, { [name]: value }));
        else
          Object.defineProperty(this, name, { value, configurable: true, enumerable: true, writable: true });
      },
    });
  }
}
