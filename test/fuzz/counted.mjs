// Stands in for the typed arrays in what is fuzzed, and counts what they allocate.

export const allocated = { bytes: 0 };

const counting = (Class) =>
  new Proxy(Class, {
    construct(target, args, newTarget) {
      const made = Reflect.construct(target, args, newTarget === proxies.get(target) ? target : newTarget);
      const isView = args[0] instanceof ArrayBuffer || args[0] instanceof SharedArrayBuffer;
      if (!isView) allocated.bytes += made.byteLength;
      return made;
    },
  });

const proxies = new Map(
  [Float32Array, Int32Array, Uint8Array, Uint16Array, Uint32Array].map((Class) => [Class, counting(Class)]),
);
const [F32, I32, U8, U16, U32] = proxies.values();

export { F32 as Float32Array, I32 as Int32Array, U8 as Uint8Array, U16 as Uint16Array, U32 as Uint32Array };
