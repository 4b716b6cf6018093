// What the build for Node takes for globals: jsdom has none of them, under Jest, which gives Node's modules.

export { webcrypto as crypto } from 'node:crypto';
export { TextDecoder, TextEncoder } from 'node:util';
