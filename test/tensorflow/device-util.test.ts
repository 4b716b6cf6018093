import { afterEach, expect, test, vi } from 'vitest';
import { device_util } from '../../src/node.ts';

afterEach(() => vi.unstubAllGlobals());

const agents = {
  iphone: 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15',
  android: 'Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0.0.0',
  firefox: 'Mozilla/5.0 (Mobile; rv:143.0) Gecko/143.0 Firefox/143.0',
  desktop: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36',
};

test('phones and tablets are mobile; what is none is no browser either here', () => {
  const mobile = Object.entries(agents).filter(([, userAgent]) => device_util.isMobile({ userAgent }));
  expect(mobile.map(([name]) => name)).toEqual(['iphone', 'android', 'firefox']);
  expect([device_util.isMobile(), device_util.isBrowser()]).toEqual([false, false]);
});

test('without a navigator it is that of the page, and where there is none, no', () => {
  vi.stubGlobal('navigator', { userAgent: agents.iphone });
  expect(device_util.isMobile()).toBe(true);
  vi.stubGlobal('navigator', undefined);
  expect(device_util.isMobile()).toBe(false);
});
