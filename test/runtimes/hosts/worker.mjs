// workerd: answers a request with the result of the fixed run.

import * as tf from 'lanegrad';
import * as digits from './digits.mjs';
import { fixedRun } from './fixed-run.mjs';

export default {
  async fetch(request) {
    const variant = new URL(request.url).searchParams.get('variant') ?? undefined;
    return Response.json(await fixedRun(tf, digits, variant));
  },
};
