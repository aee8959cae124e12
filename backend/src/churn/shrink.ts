/** A group of people, and the larger one it is part of. */
export interface Group {
  readonly people: number;
  readonly mean: number;
  /** Between its people. */
  readonly variance: number;
  /** Mean of the larger group; null where there is none. */
  readonly parent: number | null;
}

/**
 * Means drawn to those of the larger groups, the smaller the more: by how much groups differ beyond what so few people explain.
 * Of many small groups the highest mean is high by chance, too.
 *
 * @see DerSimonian, Laird (1986), Meta-analysis in clinical trials, Control. Clin. Trials 7: the moment estimate of the
 *   variance between groups, here around the mean of each one's parent
 */
export function shrunkMeans(groups: readonly Group[]): number[] {
  const parts = groups.flatMap(({ people, mean, variance, parent }) =>
    parent === null || people === 0 || variance === 0
      ? []
      : [{ weight: people / variance, away: (mean - parent) ** 2 }],
  );
  const weights = parts.reduce((sum, { weight }) => sum + weight, 0);
  const moved = parts.reduce((sum, { weight, away }) => sum + weight * away, 0);
  const between = weights === 0 ? 0 : Math.max(0, (moved - parts.length) / weights);
  return groups.map(({ people, mean, variance, parent }) => {
    if (parent === null) return mean;
    const within = people === 0 ? Number.POSITIVE_INFINITY : variance / people;
    if (within === 0) return mean;
    return parent + (between / (between + within)) * (mean - parent);
  });
}
