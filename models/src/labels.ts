/** Days after the snapshot that bound the intervals of the hazard: (0, 1], (1, 3] … (60, 90]. */
export const intervalEnds = [1, 3, 7, 14, 30, 60, 90] as const;

/**
 * What is known of each row, interval by interval. A plain yes or no is one interval that everybody is observed in.
 */
export interface Labels {
  /** J */
  readonly intervals: number;
  /** Intervals that count: the first so many, with the one of the event, if there is one, as their last. */
  readonly observed: Uint8Array;
  /** 1 where the event is in the last interval that counts. */
  readonly event: Uint8Array;
  /** How many rows each row stands for. */
  readonly weight: Float64Array;
}

/** @param positive 1 or true where it happened */
export function binaryLabels(positive: ArrayLike<number>): Labels {
  return {
    intervals: 1,
    observed: new Uint8Array(positive.length).fill(1),
    event: Uint8Array.from(positive),
    weight: new Float64Array(positive.length).fill(1),
  };
}

/**
 * Labels of the discrete-time hazard.
 *
 * An interval counts if the row could have been followed to its right edge, whatever happened in it. To count it for the
 * event alone would overstate the hazard of every interval that the end of the log cuts: rows with an event inside would
 * count, and those without would not. Where only the time followed is known, and not how long it could have been (no
 * `potential`), the interval of an event counts always.
 *
 * @param time days to the event, or days followed without one; more than 0
 * @param potential days from the snapshot to the end of the log
 */
export function hazardLabels(
  time: ArrayLike<number>,
  event: ArrayLike<number | boolean>,
  potential?: ArrayLike<number>,
  ends: readonly number[] = intervalEnds,
): Labels {
  const rows = time.length;
  const labels = { observed: new Uint8Array(rows), event: new Uint8Array(rows) };
  for (let row = 0; row < rows; row += 1) {
    const days = time[row] as number;
    const happened = Boolean(event[row]);
    const followable = potential?.[row] ?? (happened ? Number.POSITIVE_INFINITY : days);
    const inside = ends.findIndex((end) => days <= end);
    const complete = ends.filter((end) => end <= (happened ? followable : Math.min(days, followable))).length;
    const seen = happened && inside !== -1 && inside < complete;
    labels.event[row] = seen ? 1 : 0;
    labels.observed[row] = seen ? inside + 1 : complete;
  }
  return { ...labels, intervals: ends.length, weight: new Float64Array(rows).fill(1) };
}

export function takeLabels({ intervals, observed, event, weight }: Labels, rows: Int32Array): Labels {
  return {
    intervals,
    observed: Uint8Array.from(rows, (row) => observed[row] as number),
    event: Uint8Array.from(rows, (row) => event[row] as number),
    weight: Float64Array.from(rows, (row) => weight[row] as number),
  };
}

/** Weighted number of rows with an event. */
export function eventsOf({ event, weight }: Labels): number {
  let events = 0;
  for (let row = 0; row < event.length; row += 1) events += (event[row] as number) * (weight[row] as number);
  return events;
}
