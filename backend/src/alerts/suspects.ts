/** One campaign, message type, segment, stream or channel, in the streams and days of an incident. */
export interface Candidate {
  readonly kind: 'campaign' | 'message_type' | 'segment' | 'stream' | 'channel';
  readonly key: string;
  readonly delivered: number;
  readonly observed: number;
  /** At the usual rates of its streams (a segment's: of the segment). */
  readonly expected: number;
}

export interface Suspect extends Candidate {
  readonly excess: number;
  /** Of the incident's whole excess. */
  readonly share: number;
}

/** Smaller cells are told to nobody. */
const leastShown = 10;
/** Whoever bears so much of the excess may be the reason. */
const mostOfIt = 0.7;
/** Another kind is the better word only where the ratio is so many times as high: parts of one day differ by chance. */
const clearly = 1.3;
/** In this order, where they bear as much and none is clearly more concentrated. */
const order = ['campaign', 'stream', 'segment', 'message_type', 'channel'];

/**
 * Candidates by excess of observed over expected, the suspected reason first: of those that bear most of the incident's
 * excess the one where it is most concentrated. The stream and its channel bear all of what any of their campaigns bears,
 * and are not the reason for that.
 *
 * @param whole the incident's excess
 */
export function rankSuspects(candidates: readonly Candidate[], whole: number): Suspect[] {
  const found = candidates
    .map((one) => {
      const excess = one.observed - one.expected;
      return { ...one, excess, share: whole > 0 ? excess / whole : 0 };
    })
    .filter(({ excess, delivered }) => excess > 0 && delivered >= leastShown)
    .sort((one, other) => other.excess - one.excess || rank(one) - rank(other));
  const bearing = found.filter(({ share }) => share >= mostOfIt);
  const inTurn = [...bearing].sort((one, other) => rank(one) - rank(other) || other.excess - one.excess);
  const [start] = inTurn;
  if (start === undefined) return found;
  const first = inTurn.reduce((best, one) => (ratioOf(one) > clearly * ratioOf(best) ? one : best), start);
  return [first, ...found.filter((one) => one !== first)];
}

const rank = ({ kind }: Candidate): number => order.indexOf(kind);

/** Half an event keeps small ones modest. */
const ratioOf = ({ observed, expected }: Candidate): number => (observed + 0.5) / (expected + 0.5);
