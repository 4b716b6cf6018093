/**
 * Turns the columns of `a` into an orthonormal basis of their span: the Q of its QR decomposition whose R has
 * a positive diagonal (which makes Q unique, and uniformly distributed when `a` is standard normal).
 *
 * Householder reflections, Golub & Van Loan, "Matrix Computations", §5.2.
 * @param a (rows × columns) column by column, rows ≥ columns, of full rank; overwritten by the reflectors
 * @returns (rows × columns) column by column
 */
export function orthonormalColumns(a: Float64Array, rows: number): Float64Array {
  const columns = a.length / rows;
  const signs = new Float64Array(columns);
  for (let k = 0; k < columns; k++) {
    const v = a.subarray(k * rows + k, (k + 1) * rows);
    const norm = Math.sqrt(dot(v, v));
    // Q·R = a with R's diagonal −sign(v₀)·norm: the sign that does not cancel digits.
    signs[k] = v[0] < 0 ? 1 : -1;
    v[0] -= signs[k] * norm;
    scale(v, 1 / Math.sqrt(dot(v, v)));
    for (let j = k + 1; j < columns; j++) reflect(a.subarray(j * rows + k, (j + 1) * rows), v);
  }
  // Q = H₀·H₁·…·I, from the last reflection to the first; H_k leaves the columns before k alone.
  const q = new Float64Array(a.length);
  for (let k = columns - 1; k >= 0; k--) {
    q[k * rows + k] = signs[k];
    const v = a.subarray(k * rows + k, (k + 1) * rows);
    for (let j = k; j < columns; j++) reflect(q.subarray(j * rows + k, (j + 1) * rows), v);
  }
  return q;
}

/** x ← x − 2·v·(vᵀx), for a unit vector v. */
function reflect(x: Float64Array, v: Float64Array): void {
  const twice = 2 * dot(v, x);
  for (let i = 0; i < x.length; i++) x[i] -= twice * v[i];
}

function dot(x: Float64Array, y: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i] * y[i];
  return sum;
}

function scale(x: Float64Array, factor: number): void {
  for (let i = 0; i < x.length; i++) x[i] *= factor;
}
