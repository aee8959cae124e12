import type { SimulatedDay, SimulatedSubscriber, Simulation } from './simulate-types.js';

/** What was to be expected of the messages delivered on one day, and what the dice made of it. */
export interface TruthRow {
  stream: string;
  segment: string;
  /** UTC date of delivery, yyyy-mm-dd. */
  on: string;
  deliveries: number;
  /** Deliveries and bounces. */
  attempts: number;
  /** Σ hazard over deliveries: the mean of the number of opt-outs, given who was written to. */
  expected_opt_outs: number;
  /** Σ p(1 − p) over deliveries: its variance. */
  variance_opt_outs: number;
  expected_complaints: number;
  /** Σ hazard over attempts; hard bounces only. */
  expected_bounces: number;
  /** Opt-outs that a delivery of that day caused, whenever they were made, even after the end of the window. */
  caused_opt_outs: number;
  caused_complaints: number;
  hard_bounces: number;
}

/** Country and plan: where the planted differences lie. */
export function countryAndPlan({ attributes }: SimulatedSubscriber): string {
  return `${attributes.country}/${attributes.plan}`;
}

/**
 * Expected and drawn opt-outs, complaints and hard bounces per stream × segment × day of delivery. Redeliveries are
 * counted once. Only messages whose report arrived inside the window are counted.
 *
 * @param segmentOf names the one segment of a subscriber
 * @param days given when the caller wants the events as well and passes them on as it goes
 */
export function summariseTruth(
  simulation: Simulation,
  segmentOf: (subscriber: SimulatedSubscriber) => string = countryAndPlan,
  days: Iterable<SimulatedDay> = simulation.days(),
): TruthRow[] {
  const segments = new Map(
    simulation.subscribers.map((subscriber) => [subscriber.id, segmentOf(subscriber)]),
  );
  const rows = new Map<string, TruthRow>();
  for (const { events } of days) {
    for (const { event, truth } of events) {
      if (truth.duplicate || truth.hazard === undefined) continue;
      const stream = `${event.channel}.${event.category}.${event.origin}`;
      const segment = segments.get(event.subscriber) ?? '';
      const row = rowOf(rows, stream, segment, event.occurred_at.slice(0, 10));
      const { opt_out, complaint, bounce } = truth.hazard;
      row.attempts += 1;
      row.expected_bounces += bounce;
      if (event.bounce === 'hard') row.hard_bounces += 1;
      if (event.type !== 'delivered') continue;
      row.deliveries += 1;
      row.expected_opt_outs += opt_out;
      row.variance_opt_outs += opt_out * (1 - opt_out);
      row.expected_complaints += complaint;
      if (truth.outcome === 'opt_out') row.caused_opt_outs += 1;
      if (truth.outcome === 'complaint') row.caused_complaints += 1;
    }
  }
  return [...rows.values()];
}

function rowOf(rows: Map<string, TruthRow>, stream: string, segment: string, on: string): TruthRow {
  const key = `${stream} ${segment} ${on}`;
  let row = rows.get(key);
  if (row === undefined) {
    row = {
      stream,
      segment,
      on,
      deliveries: 0,
      attempts: 0,
      expected_opt_outs: 0,
      variance_opt_outs: 0,
      expected_complaints: 0,
      expected_bounces: 0,
      caused_opt_outs: 0,
      caused_complaints: 0,
      hard_bounces: 0,
    };
    rows.set(key, row);
  }
  return row;
}
