// What stands in for TensorFlow.js's jasmine_util in the bundle of tests: one environment, on either subject.

import '@tensorflow/tfjs-core';
import subject from 'conformance:subject';
import { KernelBackend } from '@tensorflow/tfjs-core/dist/backends/backend.js';
import { ENGINE } from '@tensorflow/tfjs-core/dist/engine.js';
import { env } from '@tensorflow/tfjs-core/dist/environment.js';

/** Whether TensorFlow.js itself is tested. */
const isReference = subject.ENGINE === ENGINE || subject.engine?.() === ENGINE;

/** What a test makes is disposed of behind it. */
const scopes = isReference ? ENGINE : subject.scopes;

const environment = { name: 'cpu', backendName: 'cpu', isDataSync: true };
const inNode = { predicate: () => true };
const elsewhere = { predicate: () => false };

export const ALL_ENVS = {};
export const NODE_ENVS = inNode;
export const SYNC_BACKEND_ENVS = inNode;
export const BROWSER_ENVS = elsewhere;
export const CHROME_ENVS = elsewhere;
export const HAS_WORKER = elsewhere;
export const HAS_NODE_WORKER = elsewhere;
export const TEST_ENVS = [environment];
export const registerTestEnv = () => undefined;
export class TestKernelBackend extends KernelBackend {}

// TensorFlow.js's test_util asks its engine how exact numbers are.
if (!isReference) {
  ENGINE.registerBackend('cpu', () =>
    Object.assign(new KernelBackend(), { floatPrecision: () => 32, dispose() {} }),
  );
  subject.init({ threads: 1 });
  // What tests put in the place of its platform's fetch is the runtime's.
  subject.env().platform.fetch = globalThis.fetch;
  globalThis.fetch = (...request) => subject.env().platform.fetch(...request);
}

export function describeWithFlags(name, constraints, declare) {
  if (constraints.predicate?.(environment) === false || constraints.flags) return;
  describe(name, () => {
    beforeAll(() => {
      env().set('IS_TEST', true);
      return ENGINE.setBackend('cpu');
    });
    beforeEach(() => scopes.startScope());
    afterEach(() => {
      scopes.endScope();
      subject.disposeVariables();
    });
    if (isReference) afterAll(() => ENGINE.reset());
    declare(environment);
  });
}

/** Jasmine runs one test at a time: there is nothing to lock. */
export const runWithLock = (test) => (test.length === 0 ? () => test() : (done) => test(done));

/** A sequence of random numbers that is the same for every test, whichever run before it. */
export function seedRandomNumbers() {
  let state = 1;
  Math.random = () => {
    // The minimal standard generator of Park and Miller.
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
  subject.setSeed?.(1);
}
