import { afterEach, expect, test, vi } from 'vitest';
import { nextFrame } from '../../src/index.ts';

afterEach(() => vi.unstubAllGlobals());

test('without frames it resolves after a turn', async () => {
  const order: string[] = [];
  setTimeout(() => order.push('turn'), 0);
  expect(await nextFrame()).toBeUndefined();
  expect(order).toEqual(['turn']);
});

test('where there are frames it waits for the next', async () => {
  const waiting: ((time: number) => void)[] = [];
  vi.stubGlobal('requestAnimationFrame', (callback: (time: number) => void) => waiting.push(callback));
  const order: string[] = [];
  const frame = nextFrame().then((value: unknown) => order.push(`frame ${value}`));
  await new Promise((resolve) => setTimeout(resolve, 5));
  order.push('turn');
  for (const draw of waiting) draw(12.5);
  await frame;
  expect(order).toEqual(['turn', 'frame undefined']);
});
