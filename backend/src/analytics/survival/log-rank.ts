import { chiSquareTail } from './chi-square.js';

/** Sums over all times at which somebody ended, for each group in turn. */
export interface LogRankSums {
  readonly observed: readonly number[];
  readonly expected: readonly number[];
  /** Of observed minus expected, row by row. */
  readonly variance: readonly number[];
}

/** Whether groups leave at the same rate. `chi_square` and `p` are null where there is nothing to compare. */
export interface LogRank {
  readonly chi_square: number | null;
  readonly degrees: number;
  readonly p: number | null;
}

/** A pivot below this part of its group's variance is rounding: the group follows from the others. */
const negligible = 1e-10;

/**
 * Log-rank test of k groups: u' V⁻¹ u with u = observed − expected, of which one group follows from the others and is left
 * out, as are groups that were never at risk when somebody ended. Chi-square with one degree of freedom for each group
 * that is left; fewer where risk sets never met, so that V is singular: then that part of u is 0, too.
 *
 * @see Mantel (1966), Evaluation of survival data and two new rank order statistics, Cancer Chemother. Rep. 50, 163–170
 */
export function logRank({ observed, expected, variance }: LogRankSums): LogRank {
  const groups = observed.length;
  const met = observed.map((_, group) => group).filter((group) => (expected[group] ?? 0) > 0);
  const compared = met.slice(1);
  const v = compared.map((row) => compared.map((column) => variance[row * groups + column] ?? 0));
  const u = compared.map((group) => (observed[group] ?? 0) - (expected[group] ?? 0));
  const { value, rank } = quadraticForm(v, u);
  if (rank === 0) return { chi_square: null, degrees: 0, p: null };
  return { chi_square: value, degrees: rank, p: chiSquareTail(value, rank) };
}

/** u' V⁻¹ u for a positive semidefinite V, by elimination; rows that follow from those before are passed over. */
function quadraticForm(v: number[][], u: number[]): { value: number; rank: number } {
  const rest = v.map((row) => [...row]);
  const left = [...u];
  let value = 0;
  let rank = 0;
  for (const [index, row] of rest.entries()) {
    const pivot = row[index] ?? 0;
    if (!(pivot > negligible * (v[index]?.[index] ?? 0))) continue;
    const own = left[index] ?? 0;
    value += (own * own) / pivot;
    rank += 1;
    for (let below = index + 1; below < rest.length; below++) {
      const target = rest[below] ?? [];
      const factor = (target[index] ?? 0) / pivot;
      for (let column = index; column < rest.length; column++) {
        target[column] = (target[column] ?? 0) - factor * (row[column] ?? 0);
      }
      left[below] = (left[below] ?? 0) - factor * own;
    }
  }
  return { value, rank };
}
