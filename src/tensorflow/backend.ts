// Backends and the engine, as far as scripts speak of them. There is one machine here: WebAssembly, whatever it is
// called.

import { ready } from '../engine/engine.ts';
import { LanegradError } from '../errors.ts';
import { nearestName } from '../names.ts';
import { requireArgument } from '../options/arguments.ts';
import { keep, type MemoryInfo, memory, startScope } from '../tensor/scopes.ts';
import { endScope, tidy } from '../tensor/tidy.ts';
import { disposeVariables, type Variable, variablesByName } from '../tensor/variable.ts';
import { missing } from './absent.ts';
import { profile, time } from './clock.ts';
import { env } from './environment.ts';

/** The backends of TensorFlow.js. */
export const names: readonly string[] = ['wasm', 'cpu', 'webgl', 'webgpu', 'tensorflow', 'node'];
let name = 'wasm';

/**
 * Takes any name of a backend of TensorFlow.js, and computes as before.
 * @returns true
 * @throws LanegradError for other names.
 */
export async function setBackend(backendName: string): Promise<boolean> {
  if (!names.includes(backendName)) {
    requireArgument('setBackend', 'text', backendName);
    const nearest = nearestName(backendName, names);
    const hint = nearest ? `Did you mean "${nearest}"?` : `Known: ${names.join(', ')}.`;
    throw new LanegradError(`setBackend: there is no backend "${backendName}". ${hint}`);
  }
  await ready();
  name = backendName;
  return true;
}

/** The name that was set last; 'wasm' until then. */
export const getBackend = (): string => name;

/** What scripts ask of a backend. */
export interface Backend {
  numDataIds(): number;
  epsilon(): number;
  floatPrecision(): 16 | 32;
}

const theBackend: Backend = {
  numDataIds: () => memory().numDataBuffers,
  epsilon: () => 1e-7,
  floatPrecision: () => 32,
};

/** The backend that there is: as much of it as scripts for TensorFlow.js ask for. */
export const backend = (): Backend => theBackend;

/** The backend of a name that was set, or null. */
export const findBackend = (backendName: string): Backend | null =>
  names.includes(backendName) ? theBackend : null;

/** What the engine counts. */
export interface EngineState extends MemoryInfo {
  readonly registeredVariables: Readonly<Record<string, Variable>>;
}

/** What scripts ask of the engine. */
export interface ScriptEngine {
  readonly backendName: string;
  backendNames(): string[];
  readonly backend: Backend;
  /** By the backend's name, what makes it, and how much sooner than others it is taken. */
  readonly registryFactory: Readonly<Record<string, { factory: () => Backend; priority: number }>>;
  startScope(name?: string): void;
  endScope(result?: unknown): void;
  tidy: typeof tidy;
  keep: typeof keep;
  memory: typeof memory;
  profile: typeof profile;
  time: typeof time;
  /** @throws LanegradError always. */
  runKernel(...args: unknown[]): never;
  ready(): Promise<void>;
  reset(): void;
  disposeVariables: typeof disposeVariables;
  /** What is counted, and variables by name. */
  readonly state: EngineState;
  /** Variables by name, as optimizers of one's own find those of gradients. */
  readonly registeredVariables: Readonly<Record<string, Variable>>;
}

const theEngine: ScriptEngine = {
  get backendName() {
    return name;
  },
  backendNames: () => [name],
  backend: theBackend,
  get registryFactory() {
    return { [name]: { factory: backend, priority: 1 } };
  },
  startScope,
  endScope,
  tidy,
  keep,
  memory,
  profile,
  time,
  runKernel: missing('engine().runKernel', 'Call the function itself.'),
  ready: async () => {
    await ready();
  },
  reset: () => env().reset(),
  disposeVariables,
  get state() {
    return { ...memory(), registeredVariables: variablesByName() };
  },
  get registeredVariables() {
    return variablesByName();
  },
};

/** Scopes and memory, as scripts ask the engine of TensorFlow.js for them. */
export const engine = (): ScriptEngine => theEngine;
