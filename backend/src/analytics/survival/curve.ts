/** One time of a survival curve, as the engine computed it. */
export interface SurvivalPoint {
  readonly t: number;
  /** At risk just before t: entry < t ≤ exit. */
  readonly at_risk: number;
  /** Ended at t by the cause that is asked about. */
  readonly events: number;
  /** Left at t otherwise: censored, or ended by another cause. */
  readonly censored: number;
  readonly survival: number;
  /** Greenwood's error of the survival; null where nobody is left. */
  readonly std_error: number | null;
  /** Log-log bounds of 95 %; null where the survival is 0 or 1. */
  readonly lower: number | null;
  readonly upper: number | null;
}

/** What a curve says at a time that is not one of its own. */
export interface Reading {
  readonly t: number;
  /** At risk at the curve's next time; 0 after its last. */
  readonly at_risk: number;
  /** The last point at or before t; null before the first, where the survival is 1. */
  readonly point: SurvivalPoint | null;
}

/**
 * A curve at given times, as `summary(fit, times)` of R reads it: the survival is the step that t lies on, the number at
 * risk that of the next time of the curve.
 *
 * @param points in order of time
 */
export function readAt(points: readonly SurvivalPoint[], t: number): Reading {
  const next = points.findIndex((each) => each.t >= t);
  const after = next === -1 ? undefined : points[next];
  const isOn = after !== undefined && after.t === t;
  const before = next === -1 ? points.length - 1 : next - 1;
  return { t, at_risk: after?.at_risk ?? 0, point: (isOn ? after : points[before]) ?? null };
}
