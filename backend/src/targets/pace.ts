/** How fast the dispatch works. Times in milliseconds. Tests make it quicker. */
export class Pace {
  /** Before the second try; doubles up to `mostWait`. */
  firstWait = 1000;
  mostWait = 300_000;
  /** How often decisions of other processes are looked for; those of this one wake the dispatch. */
  poll = 3000;
  /** How often changes that other processes made to targets are looked for. */
  refresh = 15_000;
  /** Between two reads of the feed for one target: one read takes a turn on the connection that decisions are written over. */
  rest = 20;
  /** How long receipts wait for company. */
  flush = 250;
  /** A call that takes longer has a receipt `sent` meanwhile. */
  slowCall = 1000;
  /** How often the cursors are stored. */
  cursors = 10_000;
  /** How often decisions that became visible late are looked for. */
  sweep = 300_000;
  /** Refusals of one notice until it is a dead letter. */
  refusals = 4;
  /** Notices refused one after the other until the target itself counts as away. */
  refusedInARow = 10;
  /** How long a notice that fails while the target answers others is tried at least. */
  patience = 3 * 24 * 3_600_000;
  /** How long calls in flight may take when the process stops. */
  drain = 3000;
}

/**
 * The wait before the next try: exponential, half of it at random, so that targets that failed together are not called
 * together.
 *
 * @param tries failures so far, at least 1
 * @param random in [0, 1)
 * @example waitBefore(3, { firstWait: 1000, mostWait: 300_000 }, 0.5) // 3000: between 2000 and 4000
 */
export function waitBefore(
  tries: number,
  { firstWait, mostWait }: Pick<Pace, 'firstWait' | 'mostWait'>,
  random: number,
): number {
  const whole = Math.min(mostWait, firstWait * 2 ** (Math.max(1, tries) - 1));
  return whole * (0.5 + random / 2);
}
