// Whether this is `npm run test:runtimes`, which tests in every runtime; `npm test` does in its own alone.

export const everywhere = process.env.LANEGRAD_RUNTIMES === 'all';

/** What the name of a test says that `npm test` leaves out. */
export const leftOut = everywhere ? '' : ' (left out: npm run test:runtimes runs it)';
