/*
 * The seam to what differs between runtimes: files, the terminal, threads, turns of the event loop.
 * What a runtime lacks is absent here, so that callers say so instead of failing in the middle.
 */

export interface Platform {
  /** The whole file. Rejects with an error whose `code` is 'ENOENT' when there is none. */
  readFile?(path: string): Promise<Uint8Array>;
  /** The file, piece by piece. */
  readChunks?(path: string): AsyncIterable<Uint8Array>;
  /** Writes the whole file, to the disk and not only to its cache, or leaves what was there; makes the folders it needs. */
  writeFile?(path: string, bytes: Uint8Array): Promise<void>;
  /** Writes behind the end of a file; makes it, and the folders it needs. */
  appendFile?(path: string, bytes: Uint8Array): void;
  /** Names of what is in a folder. */
  listFolder?(path: string): Promise<string[]>;
  /** Removes a file; one that is not there is removed already. */
  removeFile?(path: string): Promise<void>;
  /** Bytes of a file. */
  fileSize?(path: string): Promise<number>;
  /** Where downloads are kept between runs. */
  cacheFolder?(): string;
  /** The environment variable's value; undefined when it is not set or may not be read. */
  environment?(name: string): string | undefined;
  /** Whether output goes to a terminal that can go back to the start of a line and write over it. */
  readonly isInteractive: boolean;
  /** Writes text as it is; a line ends with '\n'. */
  write(text: string): void;
  /** Whether threads can be started that share memory with this one. */
  readonly hasThreads: boolean;
  /** Threads that can run at the same time. */
  readonly parallelism: number;
  /** Whether the thread that runs programs may sleep while it waits: not on a browser's page. */
  readonly maySleep: boolean;
  /**
   * Starts a thread from its text. Where it is absent, threads are web workers.
   * @param program its JavaScript, which finds `start` defined
   * @param ended called with the reason when the thread has ended, however that came about
   */
  startThread?(program: string, start: object, ended: (reason: string) => void): void;
  /** Lets the event loop run what is waiting: timers, input, a page's rendering. */
  turn(): Promise<void>;
  /** Milliseconds since some moment, always the same one. */
  now(): number;
}

/** A platform with no files, that writes through `console.log`: what every runtime can do. */
export function portablePlatform(): Platform {
  let line = '';
  return {
    isInteractive: false,
    // Only pages that are isolated from other origins, and their workers, may share memory.
    hasThreads: globalThis.crossOriginIsolated === true && 'Worker' in globalThis,
    parallelism: globalThis.navigator?.hardwareConcurrency ?? 1,
    maySleep: maySleep(),
    write(text) {
      const lines = (line + text).split('\n');
      line = lines.pop()!;
      for (const whole of lines) console.log(whole);
    },
    turn() {
      return new Promise((resolve) => {
        // A page delays nested timers by 4 ms; a message comes at once.
        if (typeof MessageChannel === 'undefined') {
          // Without timers either there is nothing that waits for a turn.
          if (typeof setTimeout === 'undefined') resolve();
          else setTimeout(resolve, 0);
          return;
        }
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => {
          port1.close();
          resolve();
        };
        port2.postMessage(null);
      });
    },
    now,
  };
}

/** By the runtime's clock; a date, which may be set while time passes, where there is none. */
const now = (): number => (typeof performance === 'undefined' ? Date.now() : performance.now());

/** Whether this thread may sleep until memory changes; a page's may not. */
function maySleep(): boolean {
  try {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 1);
    return true;
  } catch {
    return false;
  }
}

/** The platform in use. Read it at each use: `setPlatform` replaces it. */
export let platform: Platform = portablePlatform();

/** Replaces the platform: `src/node.ts` installs Node's, a test or another runtime its own. */
export function setPlatform(next: Platform): void {
  platform = next;
}
