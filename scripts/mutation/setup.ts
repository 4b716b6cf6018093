// Run before each file of tests that meets a fault. After a test has failed none of its file runs.

import { beforeEach, onTestFailed } from 'vitest';
import { tellReached, turnOn } from './switch.ts';

const bail = { isOver: false, isWanted: false };

/** Called by a copy of a file of tests before all else: which fault its tests meet, -1 for none. */
Object.assign(globalThis, {
  meetFault(fault: number, patience: number, log?: string) {
    bail.isOver = false;
    bail.isWanted = fault >= 0;
    turnOn(fault, patience);
    if (log) tellReached(log);
  },
});

beforeEach(({ skip }) => {
  if (bail.isOver && bail.isWanted) skip();
  onTestFailed(() => {
    bail.isOver = true;
  });
});
