// The one place that touches WebAssembly: it instantiates the kernels and owns their memory.

import { instantiateSync } from '@assemblyscript/loader';
import { Layout } from '../../assembly/opcodes.ts';
import { internal, LanegradError } from '../errors.ts';
import { platform } from '../platform/platform.ts';
import { drawManyBy } from '../random/random-stream.ts';
import { Allocator } from './allocator.ts';
import { Block } from './block.ts';
import { copy, type Numbers } from './copy.ts';
import { kernelSource } from './kernels.ts';
import { type Contents, type Place, Residents } from './residents.ts';
import { Team, type TeamKernels } from './team.ts';
import { chooseVariant, type Variant } from './variant.ts';
import { wordOf } from './words.ts';

/** What `init` takes; everything is optional. */
export interface InitOptions {
  /** Which build of the kernels to run; by default the fastest that the runtime supports. */
  variant?: Variant;
  /** A compiled `WebAssembly.Module` of the kernels, where bytes may not be compiled (edge isolates). */
  module?: object;
  /** The kernels' WebAssembly, in place of the copy that lanegrad carries. */
  bytes?: ArrayBuffer | Uint8Array;
  /**
   * Threads that train together; by default as many as the runtime can run at the same time, at most 16.
   * Where there are none to be had (Node before 22, pages that are not cross-origin isolated, edge isolates)
   * one thread does everything. Results are the same bits for any number.
   */
  threads?: number;
  /** The most linear memory to use, in bytes; by default what WebAssembly allows, 4 GiB. */
  memoryLimit?: number;
}

interface Kernels extends TeamKernels {
  run(program: number, count: number, share: number): void;
  heapBase(): number;
  randomWords(address: number, counter: number, key0: number, key1: number, count: number): void;
}

const pageBytes = 65536;
const initialPages = 4;
const maximumPages = 65536;
/** Threads that are used at most where `init` does not say. */
const defaultThreadLimit = 16;
const megabytes = (bytes: number) => `${(bytes / 2 ** 20).toFixed(1)} MB`;

export class Engine {
  readonly variant: Variant;
  /** Threads that programs may use, this one included. */
  readonly threads: number;
  #memory: WebAssembly.Memory;
  #kernels: Kernels;
  #allocator: Allocator;
  #limit: number;
  /** This thread's own memory. */
  #share: number;
  #team: Team | undefined;
  #f32!: Float32Array;
  #i32!: Int32Array;
  #u8!: Uint8Array;
  readonly #residents: Residents;
  readonly #collected = new FinalizationRegistry<Place>((place) => this.#residents.remove(place));

  constructor(options: InitOptions = {}) {
    this.variant = chooseVariant(options.variant);
    const { memoryLimit = 2 ** 32 } = options;
    if (!(memoryLimit > 0))
      throw new LanegradError(`init: memoryLimit must be positive; got ${memoryLimit}.`);
    this.#limit = Math.min(memoryLimit, 2 ** 32);
    const threads = threadsFor(options);
    const shared = sharedMemory(threads, this.#limit);
    this.threads = shared ? threads : 1;
    this.#memory = shared ?? new WebAssembly.Memory({ initial: initialPages, maximum: maximumPages });
    const module = moduleOf(options, this.variant, shared !== undefined);
    this.#kernels = instantiate(module, this.#memory, this.threads);
    this.#allocator = new Allocator(this.#kernels.heapBase());
    this.#residents = new Residents({
      allocator: this.#allocator,
      most: this.#limit,
      reach: (end) => this.#reach(end),
      save: (address, bytes) => this.#u8.slice(address, address + bytes),
      restore: (address, saved) => this.#u8.set(saved, address),
      clear: (address, end) => this.#f32.fill(0, wordOf(address), wordOf(end)),
      // While it is away, nothing but its owner refers to it.
      left: (place) => this.#collected.unregister(place),
    });
    this.#renewViews();
    const shares = Array.from({ length: this.threads }, () => this.#allocator.allocate(Layout.threadBytes));
    const address = this.#allocator.allocate(Layout.teamBytes);
    if (!this.#reach(this.#allocator.end)) throw this.#outOfMemory('scratch memory', this.#allocator.end);
    this.#share = shares[0];
    const kernels = this.#kernels;
    if (shared) this.#team = new Team({ module, memory: shared, kernels, address, shares });
  }

  /** Whether several threads run programs that cost so many multiply-adds. */
  sharesPrograms(work: number): boolean {
    return this.#team?.gainsFrom(work) ?? false;
  }

  /** Threads that can work now: they are started once they pay. */
  get threadsPresent(): number {
    return this.#team?.present ?? 1;
  }

  /** Runs a training; where one of the threads ends meanwhile, that is an error of this training. */
  during<T>(training: () => Promise<T>): Promise<T> {
    return this.#team?.during(training) ?? training();
  }

  /** Linear memory as floats. Ask again after every `allocate`, and after the address of a block was asked for: growth makes a new view. */
  get f32(): Float32Array {
    return this.#f32;
  }

  get i32(): Int32Array {
    return this.#i32;
  }

  get u8(): Uint8Array {
    return this.#u8;
  }

  /** Size of linear memory, in bytes. */
  get memoryBytes(): number {
    return this.#memory.buffer.byteLength;
  }

  /**
   * A block of linear memory, aligned to 64 bytes.
   * @param purpose what it is for, as the error should say it
   * @param contents what it holds when it comes into memory; 'kept' by default
   * @throws LanegradError when memory is at its limit.
   */
  allocate(bytes: number, purpose: string, contents: Contents = 'kept'): Block {
    const block = new Block(this, bytes, contents);
    this.#bring(block, purpose);
    return block;
  }

  /** Where a block is; one that had left comes back. @throws LanegradError when memory is at its limit. */
  addressOf(block: Block): number {
    const { place } = block;
    if (place.address === undefined) this.#bring(block, 'what comes back');
    else this.#residents.touch(place);
    return place.address!;
  }

  /** Runs `use`; the blocks whose addresses it asks for stay where they are meanwhile. */
  together<T>(use: () => T): T {
    return this.#residents.together(use);
  }

  /** How often a block left linear memory, or was given back. While it is the same, all are where they were. */
  get departures(): number {
    return this.#residents.departures;
  }

  /** The present period of those in which blocks are used or leave. */
  get period(): number {
    return this.#residents.period;
  }

  /** Bytes of linear memory that blocks have. */
  get usedBytes(): number {
    return this.#residents.bytes;
  }

  #bring(block: Block, purpose: string): void {
    const { place } = block;
    if (place.isFreed) throw internal('a block is used that was given back.');
    if (!this.#residents.enter(place)) {
      throw this.#outOfMemory(purpose, this.#allocator.end + place.bytes);
    }
    this.#collected.register(block, place, place);
  }

  /** Takes a block back. Called through `Block.free`. */
  release({ place }: Block): void {
    this.#collected.unregister(place);
    this.#residents.giveBack(place);
  }

  /** Copies numbers into linear memory, as they are. */
  write(address: number, values: Numbers): void {
    const { length } = values;
    if (values instanceof Float32Array) copy(values, 0, this.#f32, wordOf(address), length);
    else if (values instanceof Int32Array) copy(values, 0, this.#i32, wordOf(address), length);
    else copy(values, 0, this.#u8, address, length);
  }

  /** Floats as they lie in linear memory: to be used before anything is allocated. */
  floatsAt(address: number, length: number): Float32Array {
    return this.#f32.subarray(wordOf(address), wordOf(address) + length);
  }

  /** Copies floats in linear memory into an array, from number `at` on. */
  copyFloats(address: number, target: Float32Array, at: number, length: number): void {
    copy(this.#f32, wordOf(address), target, at, length);
  }

  /** A copy of floats in linear memory. */
  readFloats(address: number, length: number): Float32Array<ArrayBuffer> {
    return this.#f32.slice(wordOf(address), wordOf(address) + length) as Float32Array<ArrayBuffer>;
  }

  /**
   * Runs the `count` commands at address `program`.
   * @param work what they cost, in multiply-adds: small programs run on one thread
   */
  run(program: number, count: number, work = 0): void {
    if (this.#team?.isReadyFor(work)) this.#team.run(program, count);
    else this.#kernels.run(program, count, this.#share);
  }

  /** Draws random words, at most as many as a thread's scratch memory holds: see `WordSource`. */
  randomWords(words: Uint32Array, counter: number, [key0, key1]: readonly [number, number]): void {
    const scratch = this.#share + Layout.shareBytes;
    this.#kernels.randomWords(scratch, counter, key0, key1, words.length);
    words.set(this.#i32.subarray(wordOf(scratch), wordOf(scratch) + words.length));
  }

  /** Makes memory reach to `end`. @returns whether it could */
  #reach(end: number): boolean {
    const needed = end + Layout.slackBytes;
    if (needed <= this.memoryBytes) return true;
    if (needed > this.#limit) return false;
    // An eighth more than needed: growing moves every view, so it should be rare.
    const wished = Math.min(needed + needed / 8, this.#limit);
    const pages = Math.ceil((Math.max(wished, needed) - this.memoryBytes) / pageBytes);
    try {
      this.#memory.grow(pages);
    } catch {
      return false;
    }
    this.#renewViews();
    return true;
  }

  #outOfMemory(purpose: string, end: number): LanegradError {
    return new LanegradError(
      `Out of WebAssembly memory: ${purpose} needs ${megabytes(end + Layout.slackBytes)} in all, ` +
        `and ${megabytes(this.memoryBytes)} of at most ${megabytes(this.#limit)} are in use. ` +
        'Use a smaller batchSize or a smaller model, or raise memoryLimit.',
    );
  }

  #renewViews(): void {
    this.#f32 = new Float32Array(this.#memory.buffer);
    this.#i32 = new Int32Array(this.#memory.buffer);
    this.#u8 = new Uint8Array(this.#memory.buffer);
  }
}

function threadsFor({ threads, module, bytes }: InitOptions): number {
  if (threads === undefined) {
    return platform.hasThreads && !module && !bytes ? Math.min(platform.parallelism, defaultThreadLimit) : 1;
  }
  if (Number.isInteger(threads) && threads > 0 && threads <= Layout.maxThreads) {
    return platform.hasThreads ? threads : 1;
  }
  throw new LanegradError(`init: threads must be an integer from 1 to ${Layout.maxThreads}; got ${threads}.`);
}

/** Memory for several threads; undefined for one, or where there is none to be had. */
function sharedMemory(threads: number, limit: number): WebAssembly.Memory | undefined {
  if (threads === 1) return undefined;
  try {
    const maximum = Math.max(initialPages, Math.ceil(limit / pageBytes));
    return new WebAssembly.Memory({ initial: initialPages, maximum, shared: true });
  } catch {
    return undefined;
  }
}

function moduleOf({ module, bytes }: InitOptions, variant: Variant, isShared: boolean): WebAssembly.Module {
  const source = module ?? bytes ?? kernelSource(variant, isShared);
  // By what it has, not by its class: a module may come from another realm.
  return 'byteLength' in source ? compile(source as ArrayBuffer) : (source as WebAssembly.Module);
}

function compile(bytes: ArrayBuffer): WebAssembly.Module {
  try {
    return new WebAssembly.Module(bytes);
  } catch (cause) {
    throw new LanegradError(
      `init: the kernels cannot be compiled: ${(cause as Error).message}. ` +
        "A page's Content-Security-Policy must allow it: script-src 'wasm-unsafe-eval'.",
      { cause },
    );
  }
}

function instantiate(module: WebAssembly.Module, memory: WebAssembly.Memory, threads: number): Kernels {
  try {
    // The loader turns an abort into an error with file and line; its wrapped exports are slower to call.
    const { instance } = instantiateSync(module, { env: { memory } });
    return instance.exports as unknown as Kernels;
  } catch (cause) {
    throw new LanegradError(
      `init: these kernels do not run on ${threads} thread${threads > 1 ? 's' : ''}: ${(cause as Error).message}. ` +
        'Those for threads take threads: 2 or more, the others one.',
      { cause },
    );
  }
}

let current: Engine | undefined;

/** Makes the engine, which draws random numbers from then on where they are many. */
function start(options?: InitOptions): Engine {
  current = new Engine(options);
  drawManyBy(current);
  return current;
}

/** The engine; made on first use. */
export function engine(): Engine {
  return current ?? start();
}

/**
 * Chooses how the kernels run. Optional; call it before the first model is used.
 * @throws LanegradError when the engine is already running.
 */
export function init(options: InitOptions = {}): void {
  if (current) throw new LanegradError('init: lanegrad is already running. Call init before anything else.');
  start(options ?? {});
}

/** How the kernels run. */
export interface EngineInfo {
  readonly variant: Variant;
  /** How many programs may use; where none can be started, as a page's policy may have it, one does all. */
  readonly threads: number;
}

/** Resolves when the kernels are ready, to how they run. Nobody needs to wait: they start on first use. */
export async function ready(): Promise<EngineInfo> {
  const { variant, threads } = engine();
  return { variant, threads };
}
