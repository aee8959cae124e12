import type { Random } from './random.js';
import type { Outage } from './simulate-campaigns.js';
import { dayMs, hourMs } from './simulate-people.js';
import type { EventTruth } from './simulate-types.js';

const hoursLateShare = 0.02;
const daysLateShare = 0.003;
const duplicateShare = 0.01;
const minuteMs = 60_000;

export interface Arrival {
  at: number;
  arrival: EventTruth['arrival'];
}

/**
 * When an event reaches us. Mostly within seconds (mean 4 s, so neighbours change places); 2 % 1–12 hours late; 0.3 %
 * 1–4 days late; all of a channel that is out, within 40 minutes of its return.
 */
export function drawArrival(random: Random, occurredAt: number, channel: string, outages: Outage[]): Arrival {
  const outage = outageAt(outages, channel, occurredAt);
  if (outage !== undefined) {
    return { at: Math.ceil(outage.endsAt + random.between(0, 40 * minuteMs)), arrival: 'held' };
  }
  const draw = random.uniform();
  if (draw < daysLateShare) {
    return { at: Math.ceil(occurredAt + random.between(1, 4) * dayMs), arrival: 'days_late' };
  }
  if (draw < daysLateShare + hoursLateShare) {
    return { at: Math.ceil(occurredAt + random.between(1, 12) * hourMs), arrival: 'hours_late' };
  }
  return { at: Math.ceil(occurredAt + random.exponential(4000)), arrival: 'prompt' };
}

/** When the provider delivers the same event again, if it does (1 %; mean two hours later). */
export function drawRedelivery(random: Random, arrivedAt: number): number | undefined {
  return random.chance(duplicateShare)
    ? Math.ceil(arrivedAt + 1 + random.exponential(2 * hourMs))
    : undefined;
}

/** Messages wait while their channel is out and leave within four hours of its return. */
export function drawDeparture(random: Random, plannedAt: number, channel: string, outages: Outage[]): number {
  const outage = outageAt(outages, channel, plannedAt);
  return outage === undefined ? plannedAt : Math.floor(outage.endsAt + random.between(0, 4) * hourMs);
}

/** From learning of an opt-out to every sending system obeying it. */
export function drawObeyingLag(random: Random): number {
  return Math.floor(random.between(1, 15) * minuteMs);
}

function outageAt(outages: Outage[], channel: string, at: number): Outage | undefined {
  return outages.find((outage) => outage.channel === channel && at >= outage.startsAt && at < outage.endsAt);
}
