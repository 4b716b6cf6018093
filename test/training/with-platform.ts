// Where tests have another platform for a while.

import { type Platform, platform, portablePlatform, setPlatform } from '../../src/platform/platform.ts';

/** Runs `act` where a part of the platform is another. */
export async function withPlatform(part: Partial<Platform>, act: () => Promise<unknown>): Promise<void> {
  const previous = platform;
  setPlatform({ ...portablePlatform(), ...part });
  try {
    await act();
  } finally {
    setPlatform(previous);
  }
}
