// What went wrong: as words, and in the #failure of a page.

import { find } from './page.ts';

export const messageOf = (reason: unknown): string =>
  reason instanceof Error ? reason.message : String(reason);

export function showFailure(reason: unknown): void {
  const failure = find('failure');
  failure.hidden = false;
  failure.textContent = messageOf(reason);
}

export function hideFailure(): void {
  find('failure').hidden = true;
}
