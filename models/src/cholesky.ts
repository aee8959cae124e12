/**
 * Solves A x = b for a symmetric positive definite A of which only the upper triangle is read, row by row. A and b are
 * overwritten; x is returned in b.
 * @throws RangeError where A is not positive definite
 * @see Golub and Van Loan, Matrix Computations, 4th ed., section 4.2
 */
export function solvePositiveDefinite(a: Float64Array, b: Float64Array): Float64Array {
  const n = b.length;
  // A = Uᵀ U, U over the upper triangle of A, by outer products so that inner loops run along rows.
  for (let k = 0; k < n; k += 1) {
    const pivot = a[k * n + k] as number;
    if (!(pivot > 0)) throw new RangeError(`the matrix is not positive definite at row ${k}`);
    const root = Math.sqrt(pivot);
    for (let j = k; j < n; j += 1) a[k * n + j] = (a[k * n + j] as number) / root;
    for (let i = k + 1; i < n; i += 1) {
      const factor = a[k * n + i] as number;
      if (factor === 0) continue;
      for (let j = i; j < n; j += 1)
        a[i * n + j] = (a[i * n + j] as number) - factor * (a[k * n + j] as number);
    }
  }
  for (let i = 0; i < n; i += 1) {
    const solved = (b[i] as number) / (a[i * n + i] as number);
    b[i] = solved;
    for (let j = i + 1; j < n; j += 1) b[j] = (b[j] as number) - (a[i * n + j] as number) * solved;
  }
  for (let i = n - 1; i >= 0; i -= 1) {
    let rest = b[i] as number;
    for (let j = i + 1; j < n; j += 1) rest -= (a[i * n + j] as number) * (b[j] as number);
    b[i] = rest / (a[i * n + i] as number);
  }
  return b;
}
