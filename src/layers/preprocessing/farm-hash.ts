// FarmHash's Fingerprint64 (G. Pike, 2014): what Keras hashes words with. The same for all time, by definition.

const mask = 0xffffffffffffffffn;
const k0 = 0xc3a5c85c97cb3127n;
const k1 = 0xb492b66fbe98f273n;
const k2 = 0x9ae16a3b2f90404fn;

const rotate = (x: bigint, bits: bigint): bigint => ((x >> bits) | (x << (64n - bits))) & mask;
const shiftMix = (x: bigint): bigint => x ^ (x >> 47n);

/** Two words mixed to one. */
function mix(u: bigint, v: bigint, factor: bigint): bigint {
  const a = shiftMix(((u ^ v) * factor) & mask);
  const b = shiftMix(((v ^ a) * factor) & mask);
  return (b * factor) & mask;
}

/** Reads the bytes of a text. */
class Bytes {
  readonly length: number;
  readonly #view: DataView;

  constructor(bytes: Uint8Array) {
    this.length = bytes.length;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  word(at: number): bigint {
    return this.#view.getBigUint64(at, true);
  }

  /** A word that begins so many bytes before the end. */
  fromEnd(bytes: number): bigint {
    return this.word(this.length - bytes);
  }

  half(at: number): bigint {
    return BigInt(this.#view.getUint32(at, true));
  }

  byte(at: number): bigint {
    return BigInt(this.#view.getUint8(at));
  }
}

/** The fingerprint of bytes: 64 bits. */
export function fingerprint64(given: Uint8Array): bigint {
  const bytes = new Bytes(given);
  if (bytes.length <= 16) return upTo16(bytes);
  if (bytes.length <= 32) return upTo32(bytes);
  return bytes.length <= 64 ? upTo64(bytes) : longer(bytes);
}

function upTo16(s: Bytes): bigint {
  const length = BigInt(s.length);
  const factor = k2 + 2n * length;
  if (s.length >= 8) {
    const a = s.word(0) + k2;
    const b = s.fromEnd(8);
    const c = rotate(b, 37n) * factor + a;
    const d = (rotate(a & mask, 25n) + b) * factor;
    return mix(c & mask, d & mask, factor);
  }
  if (s.length >= 4) return mix(length + (s.half(0) << 3n), s.half(s.length - 4), factor);
  if (s.length === 0) return k2;
  const y = s.byte(0) + (s.byte(s.length >> 1) << 8n);
  const z = length + (s.byte(s.length - 1) << 2n);
  return (shiftMix(((y * k2) ^ (z * k0)) & mask) * k2) & mask;
}

function upTo32(s: Bytes): bigint {
  const factor = k2 + 2n * BigInt(s.length);
  const a = (s.word(0) * k1) & mask;
  const b = s.word(8);
  const c = (s.fromEnd(8) * factor) & mask;
  const d = (s.fromEnd(16) * k2) & mask;
  return mix(
    (rotate((a + b) & mask, 43n) + rotate(c, 30n) + d) & mask,
    (a + rotate((b + k2) & mask, 18n) + c) & mask,
    factor,
  );
}

function upTo64(s: Bytes): bigint {
  const factor = k2 + 2n * BigInt(s.length);
  const a = (s.word(0) * k2) & mask;
  const b = s.word(8);
  const c = (s.fromEnd(8) * factor) & mask;
  const d = (s.fromEnd(16) * k2) & mask;
  const y = (rotate((a + b) & mask, 43n) + rotate(c, 30n) + d) & mask;
  const z = mix(y, (a + rotate((b + k2) & mask, 18n) + c) & mask, factor);
  const e = (s.word(16) * factor) & mask;
  const f = s.word(24);
  const g = ((y + s.fromEnd(32)) * factor) & mask;
  const h = ((z + s.fromEnd(24)) * factor) & mask;
  return mix(
    (rotate((e + f) & mask, 43n) + rotate(g, 30n) + h) & mask,
    (e + rotate((f + a) & mask, 18n) + g) & mask,
    factor,
  );
}

type Pair = readonly [bigint, bigint];

/** 32 bytes from `at` on, with two seeds. */
function pairOf(s: Bytes, at: number, seedA: bigint, seedB: bigint): Pair {
  const [w, x, y, z] = [0, 8, 16, 24].map((offset) => s.word(at + offset));
  const a = (seedA + w) & mask;
  const b = rotate((seedB + a + z) & mask, 21n);
  const sum = (a + x + y) & mask;
  return [(sum + z) & mask, (b + rotate(sum, 44n) + a) & mask];
}

function longer(s: Bytes): bigint {
  let [x, y] = [(81n * k2) & mask, (81n * k1 + 113n) & mask];
  let z = (shiftMix((y * k2 + 113n) & mask) * k2) & mask;
  let [v, w]: [Pair, Pair] = [
    [0n, 0n],
    [0n, 0n],
  ];
  x = (x + s.word(0)) & mask;
  /** One block of 64 bytes. */
  const take = (at: number, factor: bigint, last: boolean): void => {
    const times = last ? 9n : 1n;
    x = (rotate((x + y + v[0] + s.word(at + 8)) & mask, 37n) * factor) & mask;
    y = (rotate((y + v[1] + s.word(at + 48)) & mask, 42n) * factor) & mask;
    x ^= (w[1] * times) & mask;
    y = (y + v[0] * times + s.word(at + 40)) & mask;
    z = (rotate((z + w[0]) & mask, 33n) * factor) & mask;
    v = pairOf(s, at, (v[1] * factor) & mask, (x + w[0]) & mask);
    w = pairOf(s, at + 32, (z + w[1]) & mask, (y + s.word(at + 16)) & mask);
    [z, x] = [x, z];
  };
  const blocks = Math.floor((s.length - 1) / 64);
  for (let block = 0; block < blocks; block++) take(64 * block, k1, false);
  const factor = (k1 + ((z & 0xffn) << 1n)) & mask;
  w = [(w[0] + BigInt((s.length - 1) % 64)) & mask, w[1]];
  v = [(v[0] + w[0]) & mask, v[1]];
  w = [(w[0] + v[0]) & mask, w[1]];
  take(s.length - 64, factor, true);
  const left = (mix(v[0], w[0], factor) + shiftMix(y) * k0 + z) & mask;
  return mix(left, (mix(v[1], w[1], factor) + x) & mask, factor);
}
