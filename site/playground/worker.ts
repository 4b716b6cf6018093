// The worker of the playground: builds the network, trains it when the page asks, and answers with a frame.

import { messageOf } from '../parts/failure.ts';
import type { Frame, Order, Report } from './messages.ts';
import { featurePlane, Network } from './network.ts';
import { type Feature, features } from './settings.ts';

const page = globalThis as unknown as {
  postMessage(report: Report, transfer: Transferable[]): void;
  onmessage: (event: { readonly data: Order }) => void;
};

let network: Network | undefined;
/** One order after the other. */
let orders = Promise.resolve();

page.onmessage = ({ data }) => {
  orders = orders.then(() => obey(data));
};

async function obey(order: Order): Promise<void> {
  const { run } = order;
  try {
    if (order.type === 'build') {
      network = new Network(order.settings);
      const planes = (Object.keys(features) as Feature[]).map(featurePlane);
      report({ type: 'built', run, points: network.points, features: planes, frame: network.frame() });
    } else if (network) {
      await network.advance(order.epochs, order.time, order.settings);
      report({ type: 'frame', run, frame: network.frame() });
    }
  } catch (error) {
    network = undefined;
    report({ type: 'failed', run, message: messageOf(error) });
  }
}

function report(message: Report): void {
  page.postMessage(message, 'frame' in message ? planesOf(message.frame) : []);
}

/** What is large is moved, not copied. */
const planesOf = ({ layers }: Frame) => layers.map(({ plane }) => plane.buffer as ArrayBuffer);
