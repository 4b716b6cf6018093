// What the build that pages require takes for globals: jsdom has none of them, but runs in Node.

export const { TextDecoder, TextEncoder } =
  typeof globalThis.TextDecoder === 'function' ? globalThis : process.getBuiltinModule('util');
