/** One day of a stream: so many of so many. */
export interface Count {
  readonly events: number;
  readonly of: number;
}

/**
 * CUSUM of the log likelihood ratio of rate p₁ against p₀: rises while days look more like p₁, never below 0.
 * @see Page (1954), Continuous inspection schemes, Biometrika 41
 */
export function cusum(days: readonly Count[], p0: number, p1: number): { increment: number; sum: number }[] {
  const yes = Math.log(p1 / p0);
  const no = Math.log1p(-p1) - Math.log1p(-p0);
  let sum = 0;
  return days.map(({ events, of }) => {
    const increment = events * yes + (of - events) * no;
    sum = Math.max(0, sum + increment);
    return { increment, sum };
  });
}

/**
 * Exponentially weighted moving average of the daily rate, from p₀, with its exact standard deviation for days of unequal size.
 * @see Roberts (1959), Control chart tests based on geometric moving averages, Technometrics 1
 */
export function ewma(
  days: readonly Count[],
  p0: number,
  weight = 0.2,
): { value: number; deviation: number; z: number }[] {
  let value = p0;
  let variance = 0;
  return days.map(({ events, of }) => {
    value = weight * (events / of) + (1 - weight) * value;
    variance = weight * weight * ((p0 * (1 - p0)) / of) + (1 - weight) ** 2 * variance;
    const deviation = Math.sqrt(variance);
    return { value, deviation, z: (value - p0) / deviation };
  });
}

/** Deviations of each day's rate from p₀, in standard deviations. */
export function shewhart(days: readonly Count[], p0: number): number[] {
  return days.map(({ events, of }) => (events / of - p0) / Math.sqrt((p0 * (1 - p0)) / of));
}
