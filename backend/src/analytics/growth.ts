/** Subscriptions to one stream that began and ended in one bucket, told by the instant at which it begins. */
export interface Flow {
  readonly stream: string;
  readonly at: string;
  readonly began: number;
  readonly ended: number;
}

export interface Grown {
  readonly keys: readonly [string, string];
  /** '' where buckets are not told apart. */
  readonly at: string;
  began: number;
  ended: number;
}

/** Flows of streams, added up by what their stream is cut by: the greatest come first. */
export function grownBy(
  flows: readonly Flow[],
  cut: (stream: string) => readonly [string, string],
  per: 'none' | 'bucket',
): Grown[] {
  const sums = new Map<string, Grown>();
  for (const { stream, at: start, began, ended } of flows) {
    if (began === 0 && ended === 0) continue;
    const keys = cut(stream);
    const at = per === 'none' ? '' : start;
    const id = JSON.stringify([keys, at]);
    const sum = sums.get(id) ?? { keys, at, began: 0, ended: 0 };
    sum.began += began;
    sum.ended += ended;
    sums.set(id, sum);
  }
  return [...sums.values()].sort((one, other) => other.began + other.ended - one.began - one.ended);
}

/**
 * How many there were at the end of each bucket.
 *
 * @param spells at the end of the last one
 * @param starts of the buckets, oldest first
 * @param flows in any of them; what flowed in the last one has no part in it
 */
export function reachAtEnds(
  spells: number,
  starts: readonly string[],
  flows: readonly Pick<Grown, 'at' | 'began' | 'ended'>[],
): { at: string; spells: number }[] {
  const net = new Map(flows.map(({ at, began, ended }) => [Date.parse(at), began - ended]));
  let left = spells;
  return [...starts]
    .reverse()
    .map((at) => {
      const found = { at, spells: left };
      left -= net.get(Date.parse(at)) ?? 0;
      return found;
    })
    .reverse();
}
