import { readFileSync } from 'node:fs';
import { describe, expect, test, vi } from 'vitest';
import { Opcode } from '../../assembly/words.ts';
import { Engine, engine, init, ready } from '../../src/engine/engine.ts';
import { kernelSource } from '../../src/engine/kernels.ts';
import type { Variant } from '../../src/engine/variant.ts';
import { wordOf } from '../../src/engine/words.ts';
import { LanegradError } from '../../src/errors.ts';

describe('Engine', () => {
  test('gives zeroed, aligned memory, also where something was before', () => {
    const own = new Engine();
    const block = own.allocate(1000, 'a test');
    expect(block.address % 64).toBe(0);
    const { address } = block;
    own.f32.fill(7, address >> 2, (address >> 2) + 250);
    block.free();
    const again = own.allocate(1000, 'a test');
    expect(again.address).toBe(address);
    expect(own.readFloats(again.address, 250)).toEqual(new Float32Array(250));
  });

  test('writes every type at its width', () => {
    const own = new Engine();
    const { address } = own.allocate(64, 'a test');
    own.write(address, Float32Array.of(1.5));
    own.write(address + 4, Int32Array.of(-2));
    own.write(address + 8, Uint8Array.of(1, 2, 3, 255));
    const { f32, i32, u8 } = own;
    expect([f32[address >> 2], i32[(address >> 2) + 1], u8[address + 11]]).toEqual([1.5, -2, 255]);
  });

  test('words above 2 GB have their place', () => {
    expect([0, 64, 2 ** 31, 2 ** 32 - 64].map(wordOf)).toEqual([0, 16, 2 ** 29, 2 ** 30 - 16]);
  });

  test('without WebAssembly, a sentence', () => {
    vi.stubGlobal('WebAssembly', undefined);
    expect(() => new Engine()).toThrow(new LanegradError('init: there is no WebAssembly here.'));
    vi.unstubAllGlobals();
  });

  test('kernels for threads without threads, and a limit that is none, are sentences', () => {
    const bytes = readFileSync(new URL('../../build/lanegrad.simd.threads.wasm', import.meta.url));
    expect(() => new Engine({ bytes })).toThrow(
      /^init: these kernels do not run on 1 thread: .+\. Those for threads take threads: 2 or more, the others one\.$/,
    );
    expect(() => new Engine({ memoryLimit: Number.NaN })).toThrow(
      'init: memoryLimit must be positive; got NaN.',
    );
  });

  test('bytes that are not compiled are a sentence, with what a page must allow', () => {
    const made = () => new Engine({ bytes: Uint8Array.of(1, 2, 3) });
    expect(made).toThrow(LanegradError);
    expect(made).toThrow(
      /^init: the kernels cannot be compiled: .+\. A page's Content-Security-Policy must allow it: script-src 'wasm-unsafe-eval'\.$/,
    );
    expect(made).toThrow(
      expect.objectContaining({ cause: expect.objectContaining({ name: 'CompileError' }) }),
    );
  });

  test('memory grows when it must, and views with it', () => {
    const own = new Engine();
    const before = own.memoryBytes;
    const block = own.allocate(3 * before, 'a test');
    expect(own.memoryBytes).toBeGreaterThan(3 * before);
    expect(own.f32.byteLength).toBe(own.memoryBytes);
    expect(block.address + block.bytes).toBeLessThan(own.memoryBytes);
  });

  test('past the limit it says what needed how much', () => {
    const own = new Engine({ memoryLimit: 2 ** 20 });
    expect(() => own.allocate(2 ** 21, "big_model's weights")).toThrow(
      /^Out of WebAssembly memory: big_model's weights needs 2\.\d MB in all, and 0\.4 MB of at most 1\.0 MB are in use\. Use a smaller batchSize or a smaller model, or raise memoryLimit\.$/,
    );
    expect(own.allocate(1000, 'a test').bytes).toBe(1000);
  });

  test('a block freed twice is freed once', () => {
    const own = new Engine();
    const a = own.allocate(64, 'a test');
    a.free();
    const b = own.allocate(64, 'a test');
    a.free();
    expect(own.allocate(64, 'a test').address).not.toBe(b.address);
  });
});

describe('builds', () => {
  test.each(['simd', 'relaxed'] as const)(
    '%s: the inlined bytes are those of the file',
    (variant: Variant) => {
      const file = readFileSync(`build/lanegrad.${variant}.wasm`);
      expect(Buffer.compare(kernelSource(variant), file)).toBe(0);
    },
  );

  test('a module or bytes of their own may be given', () => {
    const bytes = kernelSource('simd');
    const module = new WebAssembly.Module(bytes);
    expect(new Engine({ variant: 'simd', module }).variant).toBe('simd');
    expect(new Engine({ variant: 'simd', bytes }).variant).toBe('simd');
  });

  test('an unknown one is a sentence', () => {
    expect(() => new Engine({ variant: 'fast' as Variant })).toThrow(
      `init: variant must be 'simd' or 'relaxed'; got "fast".`,
    );
  });
});

test('an abort in the kernels is an error with file and line', () => {
  const own = new Engine();
  const { address } = own.allocate(256, 'a test');
  const unknownRule = 99;
  own.i32.set([Opcode.update, unknownRule], address >> 2);
  expect(() => own.run(address, 1)).toThrow(/^abort: unknown rule at assembly\/update\.ts:\d+:\d+$/);
});

test('init after first use is a sentence', async () => {
  await ready();
  expect(engine()).toBe(engine());
  expect(() => init()).toThrow('init: lanegrad is already running. Call init before anything else.');
});
