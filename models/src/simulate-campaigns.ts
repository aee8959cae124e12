import { dayMs, hourMs, type Person } from './simulate-people.js';
import { type Audience, planOf, type StreamPlan, streamPlans } from './simulate-streams.js';
import type { PlantedIncident, SimulatedCampaign, SimulatedStream } from './simulate-types.js';

/** One send to one audience. */
export interface PlannedSend {
  at: number;
  stream: SimulatedStream;
  campaign: string;
  audience: Audience;
  messageType: string;
  /** Chance of each member of the audience to be included. */
  share: number;
  /** Only every third person, starting with this one. */
  third?: 0 | 1 | 2;
  /** A second audience that the person must be in, too. */
  within?: Audience;
  hazardFactor: number;
}

export interface Outage {
  channel: string;
  startsAt: number;
  endsAt: number;
}

export interface CampaignPlan {
  /** In time order. */
  sends: PlannedSend[];
  campaigns: SimulatedCampaign[];
  incidents: PlantedIncident[];
  outages: Outage[];
}

/** What an audience may look at. */
export interface AudienceView {
  person: Person;
  /** Last open that was reported, by a reader or a proxy. */
  lastOpenAt: number;
}

export function belongs(audience: Audience, { person, lastOpenAt }: AudienceView, at: number): boolean {
  const tenureDays = (at - person.signedUpAt) / dayMs;
  const northAmerican = person.country === 'US' || person.country === 'CA';
  switch (audience) {
    case 'all':
      return true;
    case 'vip':
      return person.plan === 'pro' || (person.plan === 'plus' && tenureDays > 365);
    case 'new':
      return tenureDays < 21;
    case 'engaged':
      return at - lastOpenAt < 21 * dayMs;
    case 'lapsed-de':
      return person.country === 'DE' && tenureDays > 60 && at - lastOpenAt > 30 * dayMs;
    case 'free-de':
      return person.country === 'DE' && person.plan === 'free';
    case 'north-america':
      return northAmerican;
  }
}

/** @param lastDayAt midnight (UTC) of the last day: incidents are placed by days before it */
export function planCampaigns(startsAt: number, lastDayAt: number, incidents: boolean): CampaignPlan {
  const regular = streamPlans.flatMap((plan) => regularSends(plan, startsAt, lastDayAt + dayMs));
  const planted = incidents ? plantIncidents(regular, lastDayAt) : { sends: [], incidents: [], outages: [] };
  const sends = [...regular, ...planted.sends].sort((a, b) => a.at - b.at);
  return { sends, campaigns: campaignsOf(sends), incidents: planted.incidents, outages: planted.outages };
}

function regularSends(plan: StreamPlan, from: number, until: number): PlannedSend[] {
  const sends: PlannedSend[] = [];
  const { stream } = plan;
  for (let midnight = from; midnight < until; midnight += dayMs) {
    const day = new Date(midnight);
    // Weeks since the epoch, so that the calendar and not the start of the window decides which weeks are on.
    const week = Math.floor(midnight / (7 * dayMs));
    for (const slot of plan.slots) {
      if (day.getUTCDay() !== slot.weekday || week % slot.everyWeeks !== 0) continue;
      sends.push({
        at: midnight + slot.hour * hourMs,
        stream,
        campaign: [
          stream.origin,
          stream.category.replaceAll('_', '-'),
          ...(stream.channel === 'email' ? [] : [stream.channel]),
          slot.audience,
          day.toISOString().slice(0, 10),
        ].join('-'),
        audience: slot.audience,
        messageType: slot.messageType,
        share: slot.share,
        hazardFactor: 1,
      });
    }
  }
  return sends;
}

/** Hazards are multiplied by this for every message of the campaign that drives people out. */
const drivingFactor = 4;

function plantIncidents(regular: PlannedSend[], lastDayAt: number): Omit<CampaignPlan, 'campaigns'> {
  const at = (daysBefore: number, hour: number): number => lastDayAt - daysBefore * dayMs + hour * hourMs;
  const parts = [
    plantDrivingCampaign(at),
    plantFatiguedSegment(regular, at(17, 0), at(3, 0)),
    plantOutage(at(10, 6), at(9, 6)),
    plantDecoy('email.newsletter.crm', 'autumn-catalogue', 'newsletter', at(6, 7)),
    plantDecoy('push.promotions.app', 'app-week', 'offer', at(5, 17)),
  ];
  return {
    sends: parts.flatMap((part) => part.sends),
    incidents: parts.map((part) => part.incident),
    outages: parts.flatMap((part) => part.outages ?? []),
  };
}

interface Planted {
  sends: PlannedSend[];
  incident: PlantedIncident;
  outages?: Outage[];
}

function plantDrivingCampaign(at: (daysBefore: number, hour: number) => number): Planted {
  const { stream } = planOf('email.promotions.shop');
  const campaign = 'last-chance-48h';
  const thirds = [0, 1, 2] as const;
  return {
    sends: thirds.map((third) => ({
      at: at(3 - third, 10),
      stream,
      campaign,
      audience: 'all',
      messageType: 'flash_sale',
      share: 1,
      third,
      hazardFactor: drivingFactor,
    })),
    incident: {
      kind: 'campaign_drives_out',
      startsAt: iso(at(3, 10)),
      endsAt: iso(at(0, 0)),
      description: `A pushy flash sale, to a third of the list on each of three days, multiplies opt-outs by ${drivingFactor}.`,
      streams: [stream.key],
      campaign,
      truth: { hazard_factor: drivingFactor, volume_factor: 1, harmless: false },
    },
  };
}

/** Each commercial send of the fortnight is repeated twice to the people on the free plan in Germany. */
function plantFatiguedSegment(regular: PlannedSend[], from: number, until: number): Planted {
  const repeated = regular.filter(
    ({ at, stream }) => at >= from && at < until && stream.class === 'commercial',
  );
  return {
    sends: repeated.flatMap((send) =>
      [7, 21].map((hours, index) => ({
        ...send,
        at: send.at + hours * hourMs,
        campaign: `${send.campaign}-again-${index + 1}`,
        within: 'free-de' as const,
      })),
    ),
    incident: {
      kind: 'segment_fatigued',
      startsAt: iso(from),
      endsAt: iso(until),
      description: 'The free plan in Germany gets every commercial message three times for two weeks.',
      streams: [...new Set(repeated.map(({ stream }) => stream.key))].sort(),
      segment: { country: 'DE', plan: 'free' },
      truth: { hazard_factor: 1, volume_factor: 3, harmless: false },
    },
  };
}

function plantOutage(startsAt: number, endsAt: number): Planted {
  const channel = 'email';
  return {
    sends: [],
    outages: [{ channel, startsAt, endsAt }],
    incident: {
      kind: 'provider_outage',
      startsAt: iso(startsAt),
      endsAt: iso(endsAt),
      description:
        'The e-mail provider delivers nothing for a day and reports nothing; queue and reports drain together afterwards.',
      streams: streamPlans.filter((plan) => plan.stream.channel === channel).map((plan) => plan.stream.key),
      truth: { hazard_factor: 1, volume_factor: 0, harmless: false },
    },
  };
}

/** The stream's regular send reaches half of its list; the decoy reaches all of it. */
function plantDecoy(key: string, campaign: string, messageType: string, at: number): Planted {
  const { stream } = planOf(key);
  return {
    sends: [{ at, stream, campaign, audience: 'all', messageType, share: 1, hazardFactor: 1 }],
    incident: {
      kind: 'decoy_double_volume',
      startsAt: iso(at),
      endsAt: iso(at + 3 * hourMs),
      description: 'Twice the usual volume at the usual hazard: more opt-outs, the same rate.',
      streams: [key],
      campaign,
      truth: { hazard_factor: 1, volume_factor: 2, harmless: true },
    },
  };
}

function campaignsOf(sends: PlannedSend[]): SimulatedCampaign[] {
  const campaigns = new Map<string, SimulatedCampaign>();
  for (const send of sends) {
    if (campaigns.has(send.campaign)) continue;
    campaigns.set(send.campaign, {
      key: send.campaign,
      stream: send.stream.key,
      audience: send.within ?? send.audience,
      message_type: send.messageType,
      first_sent_at: iso(send.at),
    });
  }
  return [...campaigns.values()];
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
