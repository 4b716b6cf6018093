// The worker of the text: builds the network, trains it when the page asks, and has it write.

import { messageOf } from '../parts/failure.ts';
import type { Order, Report } from './messages.ts';
import { Network } from './network.ts';

/** Steps from a sample to the next. */
const sampleEvery = 100;
const sampleLetters = 180;
const sampleTemperature = 0.6;

type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

const page = globalThis as unknown as {
  postMessage(report: Report): void;
  onmessage: (event: { readonly data: Order }) => void;
};

let network: Network | undefined;
let steps = 0;
/** One order after the other. */
let orders = Promise.resolve();

page.onmessage = ({ data }) => {
  orders = orders.then(() => obey(data));
};

async function obey(order: Order): Promise<void> {
  const report = (message: Without<Report, 'run'>) =>
    page.postMessage({ ...message, run: order.run } as Report);
  try {
    if (order.type === 'build') report(build(order));
    else if (!network) return;
    else if (order.type === 'advance') report(await advance(network, order.time));
    else if (order.type === 'write') report(write(network, order));
    else report({ type: 'saved', artifacts: await network.save() });
  } catch (error) {
    if (order.type === 'build' || order.type === 'advance') network = undefined;
    report({ type: 'failed', message: messageOf(error) });
  }
}

function build({ text, size }: Order & { type: 'build' }) {
  network = undefined;
  steps = 0;
  const made = new Network(text, size);
  network = made;
  return {
    type: 'built',
    letters: made.letters,
    different: made.alphabet.size,
    weights: made.weights,
  } as const;
}

async function advance(network: Network, time: number) {
  const begun = performance.now();
  const first = steps;
  let sum = 0;
  do {
    sum += await network.learn();
    steps++;
  } while (performance.now() - begun < time && steps % sampleEvery !== 0);
  const done = steps - first;
  const lettersPerSecond = (1000 * done * network.lettersOfStep) / (performance.now() - begun);
  const sample = steps % sampleEvery === 0 ? sampleOf(network) : undefined;
  return { type: 'progress', steps, loss: sum / done, lettersPerSecond, sample } as const;
}

const sampleOf = (network: Network): string =>
  network.alphabet.textOf(network.write([], sampleLetters, sampleTemperature)).trim();

function write(network: Network, { prompt, temperature, letters }: Order & { type: 'write' }) {
  const begun = network.alphabet.codesOf(prompt);
  const written = network.write(begun, letters, temperature);
  return {
    type: 'written',
    prompt: network.alphabet.textOf(begun),
    text: network.alphabet.textOf(written),
    looks: network.looks([...begun, ...written]),
  } as const;
}
