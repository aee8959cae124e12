import { createRandom } from './random.js';
import { planCampaigns } from './simulate-campaigns.js';
import { createOutbox } from './simulate-outbox.js';
import { createPeople, dayMs } from './simulate-people.js';
import { planRequests } from './simulate-requests.js';
import { createSender } from './simulate-sender.js';
import { streamPlans } from './simulate-streams.js';
import type { SimulatedDay, Simulation, SimulationOptions } from './simulate-types.js';

/** Incidents take the last 17 days; before them a detector wants four clean weeks. */
const shortestWithIncidents = 42;

/**
 * A subscriber base with known truth: who is written to, what each message risks, who leaves and why, and how late and
 * how often the reports arrive. Deterministic for its options.
 *
 * @example [...simulate({ seed: 1, subscribers: 50, days: 3, endsAt: new Date('2026-03-01'), incidents: false }).days()].length // 3
 */
export function simulate(options: SimulationOptions): Simulation {
  const { seed, subscribers, days, maxEvents = Number.POSITIVE_INFINITY, incidents = true } = options;
  const endsAt = options.endsAt.getTime();
  if (!Number.isFinite(endsAt)) throw new RangeError('endsAt must be a valid date');
  if (!Number.isInteger(subscribers) || subscribers < 1)
    throw new RangeError('subscribers must be 1 or more');
  if (!Number.isInteger(days) || days < 1) throw new RangeError('days must be 1 or more');
  if (incidents && days < shortestWithIncidents) {
    throw new RangeError(`incidents need at least ${shortestWithIncidents} days`);
  }
  // An end at midnight belongs to the day that it closes.
  const lastDayAt = Math.floor((endsAt - 1) / dayMs) * dayMs;
  const startsAt = lastDayAt - (days - 1) * dayMs;

  const random = createRandom(seed);
  const people = createPeople(random.fork('people'), subscribers, startsAt, endsAt);
  const plan = planCampaigns(startsAt, lastDayAt, incidents);

  function* live(): Generator<SimulatedDay, void, undefined> {
    const outbox = createOutbox(random.fork('arrivals'), startsAt, endsAt, plan.outages);
    const sender = createSender({
      random: random.fork('sending'),
      people,
      sends: plan.sends,
      requests: planRequests(random.fork('requests'), people, startsAt, endsAt),
      outages: plan.outages,
      outbox,
      startsAt,
      endsAt,
    });
    let total = 0;
    for (let day = 0; day < days; day += 1) {
      sender.live(day);
      const events = outbox.take(day);
      total += events.length;
      if (total > maxEvents) throw new RangeError(`the simulation exceeds ${maxEvents} events`);
      yield { on: new Date(startsAt + day * dayMs).toISOString().slice(0, 10), events };
    }
  }

  return {
    options,
    startsAt: new Date(startsAt).toISOString(),
    streams: streamPlans.map(({ stream }) => ({ ...stream })),
    subscribers: people.map(({ body }) => body),
    campaigns: plan.campaigns.filter(({ first_sent_at }) => Date.parse(first_sent_at) <= endsAt),
    incidents: plan.incidents,
    days: live,
  };
}

/** The base that the demo shows: four months of 6,000 people, at most 400,000 events. */
export function demoOptions(now: Date): SimulationOptions {
  return { seed: 20_261, subscribers: 6000, days: 120, endsAt: now, maxEvents: 400_000, incidents: true };
}
