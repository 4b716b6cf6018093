// Changes files: their bytes, and of models the JSON.

const strange = [
  ...[null, true, false, -1, 0, 1, 0.5, 3, 1e9, 1e300, 2 ** 31 - 1, Number.MAX_SAFE_INTEGER],
  ...['', 'constructor', '__proto__', 'toString', 'Dense', 'LSTM', 'adam', '../..', 'NaN'],
  ...[[], [[]], [null], {}, { a: 1 }, [1e9, 1e9], [null, 4], { class_name: 'Dense', config: {} }],
];
const bytesOfInterest = [0, 1, 0x7f, 0x80, 0xff, 0x22, 0x2c, 0x0a, 0x7b, 0x5b];

/** Random choices of a seed: mulberry32. */
export function randomFrom(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (n) => Math.floor(next() * n);
  return { below, of: (list) => list[below(list.length)] };
}

const concat = (...parts) => Uint8Array.from(Buffer.concat(parts));

function changedBytes(bytes, other, random) {
  const at = random.below(bytes.length + 1);
  const length = 1 + random.below(random.of([2, 8, 64]));
  switch (random.below(7)) {
    case 0: {
      const copy = bytes.slice();
      if (copy.length > 0) copy[at % copy.length] ^= 1 << random.below(8);
      return copy;
    }
    case 1: {
      const copy = bytes.slice();
      if (copy.length > 0) copy[at % copy.length] = random.of(bytesOfInterest);
      return copy;
    }
    case 2:
      return concat(bytes.subarray(0, at), bytes.subarray(at + length));
    case 3:
      return concat(bytes.subarray(0, at), bytes.subarray(Math.max(0, at - length)));
    case 4: {
      const from = random.below(other.length + 1);
      return concat(
        bytes.subarray(0, at),
        other.subarray(from, from + length),
        bytes.subarray(at + random.below(2) * length),
      );
    }
    case 5:
      return concat(bytes.subarray(0, at), Buffer.from([random.of(bytesOfInterest)]), bytes.subarray(at));
    default: {
      const copy = bytes.slice();
      const value = random.of([0, 1, -1, 2 ** 31 - 1, -(2 ** 31), 2 ** 16, random.below(2 ** 31)]);
      if (copy.length >= 4)
        new DataView(copy.buffer).setInt32(at % (copy.length - 3), value, random.below(2) === 1);
      return copy;
    }
  }
}

/** All places of a JSON value, as the objects they are in and their names there. */
function placesIn(value) {
  const places = [];
  const visit = (node, depth) => {
    if (typeof node !== 'object' || node === null || depth > 100) return;
    for (const key of Object.keys(node)) {
      places.push([node, key]);
      visit(node[key], depth + 1);
    }
  };
  visit(value, 0);
  return places;
}

const split = (bytes) => {
  const end = bytes.indexOf(0);
  return end < 0 ? [bytes, new Uint8Array(0)] : [bytes.subarray(0, end), bytes.subarray(end)];
};

function parsed(bytes) {
  try {
    return JSON.parse(Buffer.from(split(bytes)[0]).toString());
  } catch {
    return undefined;
  }
}

function changedJson(bytes, other, random) {
  const value = parsed(bytes);
  const places = placesIn(value);
  if (places.length === 0) return changedBytes(bytes, other, random);
  for (let i = 1 + random.below(3); i > 0; i--) {
    const [parent, key] = random.of(places);
    const action = random.below(6);
    if (action === 0) delete parent[key];
    else if (action === 1 && Array.isArray(parent)) parent.push(structuredClone(parent[key]));
    else if (action < 4) {
      const others = placesIn(parsed(other)).filter(([, name]) => action === 2 || name === key);
      if (others.length === 0) continue;
      const [from, name] = random.of(others);
      parent[action === 2 && !Array.isArray(parent) ? name : key] = from[name];
    } else parent[key] = random.of(strange);
  }
  let text;
  try {
    text = JSON.stringify(value);
  } catch {
    return bytes;
  }
  let [, rest] = split(bytes);
  if (random.below(3) === 0) rest = concat(Buffer.alloc(1), new Uint8Array(4 * random.below(200)));
  return concat(Buffer.from(text), rest);
}

/** A changed file. @param other another file of the kind, to take parts of */
export function mutate(kind, bytes, other, random) {
  let changed = bytes;
  for (let i = 1 + random.below(3); i > 0; i--) {
    changed =
      kind === 'model' && random.below(4) > 0
        ? changedJson(changed, other, random)
        : changedBytes(changed, other, random);
  }
  return changed.subarray(0, 20_000);
}
