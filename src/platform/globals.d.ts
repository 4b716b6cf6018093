/*
 * The globals that browsers, Node, Deno, Bun and edge runtimes share, as far as src uses them.
 * It stands in for the DOM library, whose presence would hide that a runtime lacks something.
 * No public type may name one of these: a user's own DOM or Node types would not match.
 */

interface Console {
  log(...values: unknown[]): void;
  warn(...values: unknown[]): void;
  error(...values: unknown[]): void;
}
declare var console: Console;

declare const performance: { now(): number };

declare function setTimeout(callback: () => void, milliseconds?: number): unknown;

declare class TextEncoder {
  encode(text?: string): Uint8Array<ArrayBuffer>;
}

declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean });
  decode(bytes?: ArrayBufferView | ArrayBuffer, options?: { stream?: boolean }): string;
}

/** Text of which every letter is a byte, from base64 and to it. */
declare function atob(text: string): string;
declare function btoa(bytes: string): string;

declare class AbortSignal {
  private constructor();
  static abort(reason?: unknown): AbortSignal;
  readonly aborted: boolean;
  readonly reason: unknown;
}

interface MessagePort {
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  postMessage(message: unknown): void;
  close(): void;
}

declare class MessageChannel {
  readonly port1: MessagePort;
  readonly port2: MessagePort;
}

interface ImportMeta {
  readonly url: string;
}

interface ReadableStreamDefaultReader<T> {
  read(): Promise<{ readonly done: false; readonly value: T } | { readonly done: true; readonly value?: T }>;
  cancel(reason?: unknown): Promise<void>;
}

interface ReadableStream<T> {
  getReader(): ReadableStreamDefaultReader<T>;
  cancel(reason?: unknown): Promise<void>;
}

interface WritableStream<T> {
  getWriter(): {
    write(chunk: T): Promise<void>;
    close(): Promise<void>;
    abort(reason?: unknown): Promise<void>;
  };
}

declare class DecompressionStream {
  constructor(format: 'gzip' | 'deflate' | 'deflate-raw');
  readonly readable: ReadableStream<Uint8Array<ArrayBuffer>>;
  readonly writable: WritableStream<ArrayBufferView | ArrayBuffer>;
}

interface Response {
  readonly ok: boolean;
  readonly status: number;
  readonly statusText: string;
  readonly headers: { get(name: string): string | null };
  readonly body: ReadableStream<Uint8Array<ArrayBuffer>> | null;
  arrayBuffer(): Promise<ArrayBuffer>;
}

declare function fetch(url: string | { readonly url: string }, options?: object): Promise<Response>;

declare const crypto: {
  /** Absent in a page that was not served over https. */
  readonly subtle?: { digest(algorithm: string, data: ArrayBufferView | ArrayBuffer): Promise<ArrayBuffer> };
};

declare namespace WebAssembly {
  type ImportValue = ((...values: number[]) => unknown) | Memory | number;
  type Imports = Record<string, Record<string, ImportValue>>;

  class Module {
    constructor(bytes: ArrayBufferView | ArrayBuffer);
    static exports(module: Module): { name: string; kind: string }[];
    static imports(module: Module): { module: string; name: string; kind: string }[];
  }

  class Instance {
    constructor(module: Module, imports?: Imports);
    readonly exports: Record<string, unknown>;
  }

  class Memory {
    constructor(limits: { initial: number; maximum?: number; shared?: boolean });
    readonly buffer: ArrayBuffer;
    grow(pages: number): number;
  }

  function validate(bytes: ArrayBufferView | ArrayBuffer): boolean;
}

/** A module that was compiled when the script was deployed. */
declare module '*.wasm' {
  const module: WebAssembly.Module;
  export default module;
}

/** Set in pages that are isolated from other origins, and in their workers. */
declare var crossOriginIsolated: boolean | undefined;

declare var navigator: { readonly hardwareConcurrency?: number } | undefined;
