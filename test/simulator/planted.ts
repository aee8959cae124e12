import type { Suspect } from '@secateur/backend/alerts';
import { createRandom } from '@secateur/models';
import { firstDay, type Incident, type Sender, simulateSender } from './sender.js';
import { type Watch, type Watched, watch } from './watch.js';

/** Days before anything is planted: the reference of a drift, and the days it is looked for in. */
export const quietDays = 90;
const days = quietDays + 42;
/** Opt-outs that a stream has on a usual day, where something is planted. */
const leastPerDay = 8;

/** What became of one planted incident. */
export interface Found {
  readonly planted: Incident;
  readonly at: Watched | null;
  /** Opt-outs above the usual that it was to bring, until the end of the log. */
  readonly excess: number;
  /** Hours from its first delivery to the look that opened the incident. */
  readonly delay: number | null;
  /** Is the planted campaign, segment or stream the first suspect? */
  readonly isFirst: boolean;
  /** Is it the first among those of its kind? */
  readonly isFirstOfKind: boolean;
}

/** A log with a campaign that drives people out, a segment that does so for two days, and a slow climb, among honest decoys. */
export function plantedSender(seed: number): { sender: Sender; incidents: Incident[] } {
  const plain = simulateSender({ seed, days });
  const random = createRandom(seed).fork('planting');
  // Where next to nobody is written to nothing can be found.
  const worth = plain.streams.filter(({ volume, optOut }) => volume * optOut >= leastPerDay);
  const [campaignOn, segmentOn, driftOn] = random.shuffle(worth);
  if (campaignOn === undefined || segmentOn === undefined || driftOn === undefined)
    throw new Error('no streams');
  const day = (index: number): number => firstDay + quietDays + index;
  const [spikeOn, fatigueOn] = [day(10 + random.integer(10)), day(10 + random.integer(10))];
  const incidents: Incident[] = [
    {
      ...{ kind: 'campaign', stream: campaignOn.key, key: `${campaignOn.key}-${spikeOn}-0` },
      ...{ from: spikeOn, to: spikeOn, factor: random.between(3, 5) },
    },
    {
      ...{ kind: 'segment', stream: segmentOn.key, key: random.choice(segmentOn.segments).key },
      ...{ from: fatigueOn, to: fatigueOn + 1, factor: random.between(4, 6) },
    },
    {
      ...{ kind: 'drift', stream: driftOn.key, key: '' },
      ...{ from: day(0), to: day(41), factor: random.between(2.5, 3.5) },
    },
  ];
  return { sender: simulateSender({ seed, days, incidents }), incidents };
}

export function findPlanted(seed: number): { found: Found[]; log: Watch } {
  const { sender, incidents } = plantedSender(seed);
  const log = watch(sender, firstDay + quietDays);
  const starts = sendsOf(sender, incidents);
  return { found: incidents.map((planted) => foundOf(planted, log, starts.get(planted) ?? nothing)), log };
}

/** A drift counts from its first day, whichever detector finds it first. */
function foundOf(planted: Incident, log: Watch, { start, excess }: Sends): Found {
  const isAbout = ({ incident }: Watched): boolean =>
    incident.streams.includes(planted.stream) &&
    incident.evidence.some(({ on, from }) => dayOf(on) >= planted.from && dayOf(from) <= planted.to);
  const at = log.opened.find(isAbout) ?? null;
  if (at === null) return { planted, at, excess, delay: null, isFirst: false, isFirstOfKind: false };
  const incident = log.incidents.find(({ id }) => id === at.incident.id) ?? at.incident;
  const kind = planted.kind === 'drift' ? 'stream' : planted.kind;
  const key = planted.key || planted.stream;
  const isIt = (one: Suspect | undefined): boolean => one?.kind === kind && one.key === key;
  const isFirstOfKind = isIt(incident.suspects.find((one) => one.kind === kind));
  return { planted, at, excess, delay: at.hour - start, isFirst: isIt(incident.suspects[0]), isFirstOfKind };
}

const dayOf = (text: string): number => Date.parse(text) / 86_400_000;

interface Sends {
  /** Hour of the first delivery. */
  start: number;
  excess: number;
}

const nothing: Sends = { start: 0, excess: 0 };

/** What was sent of each, from the truth of the log. */
function sendsOf(sender: Sender, incidents: readonly Incident[]): Map<Incident, Sends> {
  const sends = new Map<Incident, Sends>();
  for (const { on, batches } of sender.days())
    for (const incident of incidents) {
      if (on < incident.from || on > incident.to) continue;
      for (const { stream, campaign, segment, hour, delivered, truth } of batches) {
        const isIt = incident.kind === 'drift' || incident.key === campaign || incident.key === segment;
        if (stream !== incident.stream || !isIt) continue;
        const before = sends.get(incident) ?? { start: hour, excess: 0 };
        const extra = delivered * truth.optOut * (1 - 1 / incident.factor);
        sends.set(incident, { start: Math.min(before.start, hour), excess: before.excess + extra });
      }
    }
  return sends;
}
