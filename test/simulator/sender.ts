import { createRandom, type Random } from '@secateur/models';

/** A sender's log with known truth. Rates are chances per delivery. */
export interface SenderOptions {
  readonly seed: number;
  readonly days: number;
  /** Day (since the epoch) of the first deliveries. @default 20000, a Thursday's day after the epoch's own week */
  readonly from?: number;
  readonly streams?: number;
  readonly segments?: number;
  /** Deliveries of a stream on a usual day: log-uniform between them. */
  readonly volumes?: readonly [number, number];
  /** Coefficient of variation of the chances between campaigns of a stream: how uneven honest ones are. @default 0.25 */
  readonly unevenness?: number;
  readonly incidents?: readonly Incident[];
}

/** Something planted that multiplies chances. */
export interface Incident {
  readonly kind: 'campaign' | 'drift' | 'segment';
  readonly stream: string;
  /** Of the campaign (`campaign`), or of the segment (`segment`); '' for a drift. */
  readonly key: string;
  readonly from: number;
  readonly to: number;
  /** Of a drift: reached on its last day, from 1 on its first. */
  readonly factor: number;
}

export interface Stream {
  readonly key: string;
  /** Chances of an opt-out and of a complaint. */
  readonly optOut: number;
  readonly complaint: number;
  readonly volume: number;
  /** Its segments with their share of people and their factor on the chances; shares sum to 1. */
  readonly segments: readonly Segment[];
}

export interface Segment {
  readonly key: string;
  readonly share: number;
  readonly factor: number;
}

/** One hour of one campaign in one segment, as the rollup has it, and the truth behind it. */
export interface Batch {
  readonly stream: string;
  readonly campaign: string;
  readonly messageType: string;
  readonly segment: string;
  /** Hours since the epoch. */
  readonly hour: number;
  readonly delivered: number;
  /** When each opt-out and complaint was made, in hours after the delivery. */
  readonly optOuts: readonly number[];
  readonly complaints: readonly number[];
  readonly truth: { readonly optOut: number; readonly complaint: number };
}

export interface Sender {
  readonly streams: readonly Stream[];
  readonly weekdays: readonly number[];
  /** Day by day in order; each call starts over and gives the same. */
  days(): Generator<{ on: number; batches: Batch[] }, void, undefined>;
}

/** Monday last: the epoch was a Thursday, and Thursday is 0. */
const weekdayFactors = [1, 0.95, 1.25, 1.35, 0.9, 0.9, 0.95];
const sendHours = [7, 9, 10, 11, 14, 17, 19];
export const firstDay = 20_000;

/** Streams of very different size; weekdays that differ; campaigns that are uneven by themselves, some of them merely big. */
export function simulateSender(options: SenderOptions): Sender {
  const { seed, days, from = firstDay, incidents = [] } = options;
  const streams = streamsOf(createRandom(seed).fork('streams'), options);
  function* live(): Generator<{ on: number; batches: Batch[] }, void, undefined> {
    const random = createRandom(seed).fork('days');
    for (let on = from; on < from + days; on++) {
      const batches = streams.flatMap((stream) =>
        campaignsOn(random, stream, on, options.unevenness ?? 0.25, incidents),
      );
      yield { on, batches };
    }
  }
  return { streams, weekdays: weekdayFactors, days: live };
}

function streamsOf(
  random: Random,
  { streams = 12, segments = 4, volumes = [800, 30_000] }: SenderOptions,
): Stream[] {
  return Array.from({ length: streams }, (_, index) => {
    const shares = Array.from({ length: segments }, () => random.gamma(4));
    const total = shares.reduce((sum, share) => sum + share, 0);
    const factors = shares.map(() => Math.exp(random.normal(0, 0.35)));
    // The stream's rate is its segments' mean: factors average to 1 over its people.
    const mean = factors.reduce((sum, factor, at) => sum + (factor * (shares[at] ?? 0)) / total, 0);
    return {
      key: `stream-${index}`,
      optOut: 0.0025 * Math.exp(random.normal(0, 0.5)),
      complaint: 0.0002 * Math.exp(random.normal(0, 0.4)),
      volume: Math.exp(random.between(Math.log(volumes[0]), Math.log(volumes[1]))),
      segments: factors.map((factor, at) => ({
        key: `segment-${at}`,
        share: (shares[at] ?? 0) / total,
        factor: factor / mean,
      })),
    };
  });
}

/** One campaign on most days, two or three on some, and now and then one that is merely big. */
function campaignsOn(
  random: Random,
  stream: Stream,
  on: number,
  unevenness: number,
  incidents: readonly Incident[],
): Batch[] {
  const planted = incidents.filter(
    ({ stream: key, from, to }) => key === stream.key && from <= on && on <= to,
  );
  const campaigns = random.weighted([
    [1, 0.6],
    [2, 0.3],
    [3, 0.1],
  ]);
  const batches: Batch[] = [];
  for (let index = 0; index < campaigns; index++) {
    const campaign = `${stream.key}-${on}-${index}`;
    const isBig = random.chance(0.03);
    const volume = (stream.volume / campaigns) * Math.exp(random.normal(0, 0.3)) * (isBig ? 5 : 1);
    const mood = moodOf(random, unevenness);
    const moodOfComplaints = moodOf(random, unevenness);
    const hour = on * 24 + random.choice(sendHours);
    const messageType = random.choice(['offer', 'news']);
    const weekday = weekdayFactors[((on % 7) + 7) % 7] ?? 1;
    for (const segment of stream.segments) {
      const factor = segment.factor * weekday * plantedFactor(planted, campaign, segment.key, on);
      const optOut = Math.min(0.5, stream.optOut * mood * factor);
      const complaint = Math.min(0.5, stream.complaint * moodOfComplaints * factor);
      const delivered = random.poisson(volume * segment.share);
      if (delivered === 0) continue;
      const place = { stream: stream.key, campaign, messageType, segment: segment.key, hour, delivered };
      const truth = { optOut, complaint };
      batches.push({
        ...place,
        optOuts: delaysOf(random, binomial(random, delivered, optOut)),
        complaints: delaysOf(random, binomial(random, delivered, complaint)),
        truth,
      });
    }
  }
  return batches;
}

/** A factor of mean 1 and so much variation: gamma, so that the counts are beta-binomial but for what no rate above ½ changes. */
const moodOf = (random: Random, unevenness: number): number =>
  unevenness === 0 ? 1 : random.gamma(1 / unevenness ** 2, unevenness ** 2);

function plantedFactor(planted: readonly Incident[], campaign: string, segment: string, on: number): number {
  let factor = 1;
  for (const incident of planted) {
    if (incident.kind === 'drift')
      factor *= 1 + ((incident.factor - 1) * (on - incident.from + 1)) / (incident.to - incident.from + 1);
    else if (incident.key === (incident.kind === 'campaign' ? campaign : segment)) factor *= incident.factor;
  }
  return factor;
}

/** Most react within hours, some after days; nobody after seven. */
function delaysOf(random: Random, count: number): number[] {
  return Array.from({ length: count }, () => Math.min(167, random.exponential(random.chance(0.75) ? 4 : 36)));
}

/** Exact by geometric gaps between successes: quick while they are rare. */
export function binomial(random: Random, n: number, p: number): number {
  if (p <= 0) return 0;
  if (p > 0.5) return n - binomial(random, n, 1 - p);
  const log = Math.log1p(-p);
  let count = 0;
  for (let at = 0; ; count++) {
    at += Math.floor(Math.log(1 - random.uniform()) / log) + 1;
    if (at > n) return count;
  }
}
