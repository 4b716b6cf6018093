import { describe, expect, test } from 'vitest';
import { Allocator } from '../../src/engine/allocator.ts';

describe('Allocator', () => {
  test('hands out aligned ranges one after the other', () => {
    const allocator = new Allocator(10);
    expect([allocator.allocate(1), allocator.allocate(65), allocator.allocate(64)]).toEqual([64, 128, 256]);
    expect(allocator.end).toBe(320);
  });

  test('takes freed ranges again, first fit, and keeps what is left of them', () => {
    const allocator = new Allocator(0);
    const [a] = [allocator.allocate(256), allocator.allocate(64)];
    allocator.free(a, 256);
    expect(allocator.allocate(64)).toBe(0);
    expect(allocator.allocate(128)).toBe(64);
    expect(allocator.allocate(128)).toBe(320);
  });

  test('joins neighbours freed in any order', () => {
    for (const order of [
      [0, 1, 2],
      [2, 0, 1],
      [1, 2, 0],
      [2, 1, 0],
    ]) {
      const allocator = new Allocator(0);
      const addresses = [allocator.allocate(64), allocator.allocate(64), allocator.allocate(64)];
      const guard = allocator.allocate(64);
      for (const i of order) allocator.free(addresses[i], 64);
      expect(allocator.allocate(192)).toBe(0);
      expect(guard).toBe(192);
    }
  });

  test('its end comes back when the last range is freed', () => {
    const allocator = new Allocator(0);
    const a = allocator.allocate(64);
    const b = allocator.allocate(64);
    allocator.free(a, 64);
    expect(allocator.end).toBe(128);
    allocator.free(b, 64);
    expect(allocator.end).toBe(0);
  });

  test('knows from where on nobody was', () => {
    const allocator = new Allocator(64);
    expect(allocator.untouched).toBe(64);
    const a = allocator.allocate(100);
    expect(allocator.untouched).toBe(192);
    allocator.free(a, 100);
    expect([allocator.end, allocator.untouched]).toEqual([64, 192]);
    allocator.allocate(64);
    expect(allocator.untouched).toBe(192);
    allocator.allocate(128);
    expect(allocator.untouched).toBe(256);
  });
});
