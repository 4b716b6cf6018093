// A value as examples show it: tensors as nested arrays, numbers with five digits.

const rounded = (value) => (Number.isFinite(value) ? Number(value.toPrecision(5)) : value);

const listed = (value) => {
  if (Array.isArray(value)) return `[${value.map(listed).join(', ')}]`;
  return typeof value === 'number' ? String(rounded(value)) : shown(value);
};

/** @param {unknown} value what an example's expression gave */
export function shown(value) {
  if (typeof value?.arraySync === 'function') return listed(value.arraySync());
  if (ArrayBuffer.isView(value)) return listed(Array.from(value));
  if (Array.isArray(value) || typeof value === 'number') return listed(value);
  if (typeof value === 'object' && value !== null) return JSON.stringify(value);
  return String(value);
}
