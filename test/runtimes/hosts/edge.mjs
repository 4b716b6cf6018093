// Vercel's edge runtime: answers a request with the result of the fixed run.

import * as tf from 'lanegrad';
import * as digits from './digits.mjs';
import { fixedRun } from './fixed-run.mjs';

addEventListener('fetch', (event) => {
  const variant = new URL(event.request.url).searchParams.get('variant') ?? undefined;
  event.respondWith(fixedRun(tf, digits, variant).then((result) => new Response(JSON.stringify(result))));
});
