import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createRandom } from './random.js';
import { demoOptions, simulate } from './simulate.js';
import { covers } from './simulate-permission.js';
import { countryAndPlan } from './simulate-truth.js';
import type { EventType, SimulatedEvent, Simulation, SimulationOptions } from './simulate-types.js';

const seed = 4711;
const dayMs = 86_400_000;
const endsAt = new Date('2026-11-23T06:44:00.000Z');
const small: SimulationOptions = { seed, subscribers: 400, days: 45, endsAt };

const demo = simulate(demoOptions(endsAt));
const started = performance.now();
const demoEvents = allEvents(demo);
const seconds = (performance.now() - started) / 1000;
const streams = new Map(demo.streams.map((stream) => [stream.key, stream]));
const once = demoEvents.filter(({ truth }) => !truth.duplicate);
const deliveries = once.filter(({ event }) => event.type === 'delivered');

function allEvents(simulation: Simulation): SimulatedEvent[] {
  const events: SimulatedEvent[] = [];
  for (const day of simulation.days()) for (const event of day.events) events.push(event);
  return events;
}

function digest(options: SimulationOptions): string {
  const hash = createHash('sha256');
  for (const day of simulate(options).days()) hash.update(JSON.stringify(day));
  return hash.digest('hex');
}

function streamOf({ event }: SimulatedEvent) {
  const key = `${event.channel}.${event.category}.${event.origin}`;
  const stream = streams.get(key);
  if (stream === undefined) throw new Error(`not catalogued: ${key}`);
  return stream;
}

function byType(type: EventType): SimulatedEvent[] {
  return once.filter(({ event }) => event.type === type);
}

/** Mean and standard deviation of a sum of independent yes-or-no draws. */
function expectation(probabilities: number[]): { mean: number; deviation: number } {
  const mean = probabilities.reduce((sum, p) => sum + p, 0);
  return { mean, deviation: Math.sqrt(probabilities.reduce((sum, p) => sum + p * (1 - p), 0)) };
}

/** Whether a count lies in the central 99.9 % of what such draws give, by 20,000 simulations of the count. */
function isPlausible(count: number, probabilities: number[]): boolean {
  const { mean, deviation } = expectation(probabilities);
  if (deviation > 5) return Math.abs(count - mean) <= 3.2905 * deviation + 0.5;
  // Few events: the sum is close to a Poisson of the same mean, and never wider.
  const random = createRandom(seed);
  const counts = Array.from({ length: 20_000 }, () => random.poisson(mean)).sort((a, b) => a - b);
  return count >= (counts[10] ?? 0) && count <= (counts[19_989] ?? 0);
}

const optOutHazard = ({ truth }: SimulatedEvent): number => truth.hazard?.opt_out ?? Number.NaN;
const leaves = ({ truth }: SimulatedEvent): boolean => truth.outcome === 'opt_out';

describe('simulate', () => {
  it('gives the same events for a seed, on every call, and others for another seed', () => {
    const first = digest(small);
    expect(digest(small)).toBe(first);
    expect(digest({ ...small, seed: seed + 1 })).not.toBe(first);
    const simulation = simulate(small);
    expect(allEvents(simulation)).toEqual(allEvents(simulation));
  });

  it('yields every day of the window once, in order, each event on its day of arrival', () => {
    const simulation = simulate(small);
    const days = [...simulation.days()];
    expect(days).toHaveLength(small.days);
    expect(days.at(-1)?.on).toBe('2026-11-23');
    expect(days[0]?.on).toBe(simulation.startsAt.slice(0, 10));
    expect(days.map(({ on }) => on)).toEqual([...new Set(days.map(({ on }) => on))].sort());
    for (const { on, events } of days) {
      let last = '';
      for (const { receivedAt } of events) {
        expect(receivedAt.slice(0, 10)).toBe(on);
        expect(receivedAt >= last).toBe(true);
        last = receivedAt;
      }
    }
  });

  it('counts an end at midnight as the end of the day before', () => {
    const days = [...simulate({ ...small, endsAt: new Date('2026-11-23T00:00:00Z') }).days()];
    expect(days.at(-1)?.on).toBe('2026-11-22');
  });

  it('refuses windows too short for incidents, and more events than allowed', () => {
    expect(() => simulate({ ...small, days: 20 })).toThrow(/42 days/);
    expect(() => simulate({ ...small, subscribers: 0 })).toThrow(RangeError);
    expect(() => simulate({ ...small, days: 1.5 })).toThrow(RangeError);
    expect(() => simulate({ ...small, endsAt: new Date(Number.NaN) })).toThrow(RangeError);
    expect(() => [...simulate({ ...small, maxEvents: 1000 }).days()]).toThrow(/1000 events/);
    expect(simulate({ ...small, days: 3, incidents: false }).incidents).toEqual([]);
  });

  it('fills the demo with 300,000 to 390,000 events at the usual rates', () => {
    const rate = (count: number): number => count / deliveries.length;
    const messages = (type: EventType): number =>
      new Set(byType(type).map(({ event }) => event.message_id)).size;
    console.info(`demo: ${demoEvents.length} events in ${seconds.toFixed(1)} s`);
    expect(demoEvents.length).toBeGreaterThan(300_000);
    expect(demoEvents.length).toBeLessThan(390_000);
    expect(rate(deliveries.filter(leaves).length)).toBeGreaterThan(0.002);
    expect(rate(deliveries.filter(leaves).length)).toBeLessThan(0.004);
    expect(rate(byType('complained').length)).toBeGreaterThan(0.0002);
    expect(rate(byType('complained').length)).toBeLessThan(0.0005);
    expect(rate(messages('opened'))).toBeGreaterThan(0.22);
    expect(rate(messages('opened'))).toBeLessThan(0.29);
    expect(rate(messages('clicked'))).toBeGreaterThan(0.025);
    expect(rate(messages('clicked'))).toBeLessThan(0.035);
    const hard = byType('bounced').filter(({ event }) => event.bounce === 'hard').length;
    expect(rate(hard)).toBeGreaterThan(0.002);
    expect(rate(hard)).toBeLessThan(0.004);
  });

  it('uses at least ten streams on three channels, three origins, two brands and every type of event', () => {
    const distinct = (of: (stream: (typeof demo.streams)[number]) => string): number =>
      new Set(demo.streams.map(of)).size;
    expect(demo.streams.length).toBeGreaterThanOrEqual(10);
    expect(distinct(({ channel }) => channel)).toBe(4);
    expect(distinct(({ origin }) => origin)).toBeGreaterThanOrEqual(3);
    expect(distinct(({ brand }) => brand)).toBe(2);
    expect(distinct(({ list_id }) => list_id)).toBe(demo.streams.length);
    expect([...new Set(demoEvents.map(({ event }) => event.type))].sort()).toEqual(
      [
        ...['bounced', 'capped', 'clicked', 'complained', 'consent_expired', 'delivered', 'erased'],
        ...['opened', 'opted_in', 'opted_out', 'paused'],
      ].sort(),
    );
  });

  it('delivers late, twice and out of order as often as modelled', () => {
    const live = once.filter(({ truth }) => truth.arrival !== 'imported' && truth.arrival !== 'held');
    const share = (arrival: string): number =>
      live.filter(({ truth }) => truth.arrival === arrival).length / live.length;
    expect(share('hours_late')).toBeCloseTo(0.02, 2);
    expect(share('days_late')).toBeCloseTo(0.003, 3);
    expect((demoEvents.length - once.length) / once.length).toBeCloseTo(0.01, 2);
    const backwards = live.filter(
      ({ event }, i) => i > 0 && event.occurred_at < (live[i - 1]?.event.occurred_at ?? ''),
    );
    expect(backwards.length / live.length).toBeGreaterThan(0.01);
  });
});

describe('simulated events', () => {
  it('repeat an id only as a later redelivery of the same content', () => {
    const seen = new Map<string, SimulatedEvent>();
    for (const item of demoEvents) {
      const earlier = seen.get(item.event.id);
      if (item.truth.duplicate) {
        expect(earlier?.event).toEqual(item.event);
        expect(item.receivedAt > (earlier?.receivedAt ?? '9')).toBe(true);
      } else if (earlier !== undefined) {
        throw new Error(`id ${item.event.id} twice`);
      }
      seen.set(item.event.id, item);
    }
    const messageIds = deliveries.map(({ event }) => event.message_id);
    expect(new Set(messageIds).size).toBe(messageIds.length);
  });

  it('occur before they arrive, and arrive before the end', () => {
    const end = endsAt.toISOString();
    const wrong = demoEvents.filter(
      ({ event, receivedAt }) => event.occurred_at > receivedAt || receivedAt > end,
    );
    expect(wrong).toEqual([]);
  });

  it('carry exactly the fields of their type', () => {
    const known = new Set([
      ...['id', 'type', 'occurred_at', 'subscriber', 'channel', 'category', 'origin', 'audience', 'campaign'],
      ...['message_type', 'message_id', 'trigger', 'asked', 'reason', 'basis', 'evidence', 'until', 'cap'],
      ...['bounce', 'metadata'],
    ]);
    const subscribers = new Set(demo.subscribers.map(({ id }) => id));
    const faults = once.filter((item) => {
      const { event, truth } = item;
      const { type } = event;
      streamOf(item);
      const required: Partial<Record<EventType, unknown[]>> = {
        delivered: [event.message_id, event.message_type, truth.hazard, truth.outcome],
        opened: [event.message_id, event.metadata?.user_agent, truth.machine],
        clicked: [event.message_id, event.metadata?.user_agent, truth.machine],
        opted_out: [event.trigger, event.asked, truth.honoured_at],
        opted_in: [event.basis, event.evidence],
        complained: [event.trigger, event.message_id, truth.honoured_at],
        bounced: [event.bounce, event.message_id, truth.hazard],
        paused: [event.until],
        capped: [event.cap],
      };
      return (
        !/^[0-9A-HJKMNP-TV-Z]{26}$/.test(event.id) ||
        new Date(event.occurred_at).toISOString() !== event.occurred_at ||
        !subscribers.has(event.subscriber) ||
        Object.entries(event).some(([key, value]) => !known.has(key) || value === undefined) ||
        (required[type] ?? []).includes(undefined) ||
        (type !== 'opted_out' && event.asked !== undefined) ||
        (type !== 'bounced' && event.bounce !== undefined)
      );
    });
    expect(faults.slice(0, 3)).toEqual([]);
  });

  it('name their delivery, but for a tenth of the opt-outs', () => {
    const delivered = new Set(demoEvents.map(({ event }) => event.type === 'delivered' && event.message_id));
    const prompted = byType('opted_out').filter(({ truth }) => truth.caused_by !== undefined);
    const named = prompted.filter(({ event }) => event.message_id !== undefined);
    expect(named.every(({ event, truth }) => event.message_id === truth.caused_by?.message_id)).toBe(true);
    expect(
      isPlausible(
        prompted.length - named.length,
        prompted.map(() => 0.1),
      ),
    ).toBe(true);
    // A delivery may itself be reported after the end; nearly all are known.
    const opened = byType('opened').filter(({ event }) => !delivered.has(event.message_id ?? ''));
    expect(opened.length / byType('opened').length).toBeLessThan(0.005);
  });

  it('come from a proxy or scanner within seconds of delivery when flagged as made by a machine', () => {
    const deliveredAt = new Map(deliveries.map(({ event }) => [event.message_id, event.occurred_at]));
    for (const { event, truth } of [...byType('opened'), ...byType('clicked')]) {
      const at = deliveredAt.get(event.message_id);
      if (at === undefined) continue;
      const delay = Date.parse(event.occurred_at) - Date.parse(at);
      if (delay < 0 || (truth.machine && delay > 10_000) || (!truth.machine && delay < 15_000)) {
        throw new Error(`${event.type} ${delay} ms after delivery, machine: ${truth.machine}`);
      }
    }
  });

  it('never go to or come from a person after their erasure', () => {
    for (const { event: erasure } of byType('erased')) {
      const after = once.filter(
        ({ event }) => event.subscriber === erasure.subscriber && event.occurred_at > erasure.occurred_at,
      );
      expect(after).toEqual([]);
    }
  });
});

describe('the simulated sender', () => {
  const perPerson = new Map<string, SimulatedEvent[]>();
  for (const item of once) {
    const list = perPerson.get(item.event.subscriber);
    if (list === undefined) perPerson.set(item.event.subscriber, [item]);
    else list.push(item);
  }

  it('delivers nothing that an honoured opt-out covers, until the person opts in again', () => {
    let kept = 0;
    for (const leaving of [...byType('opted_out'), ...byType('complained')]) {
      const { honoured = [], honoured_at = '' } = leaving.truth;
      const theirs = perPerson.get(leaving.event.subscriber) ?? [];
      for (const item of theirs) {
        if (item.event.type !== 'delivered' || item.event.occurred_at <= honoured_at) continue;
        const stream = streamOf(item);
        if (!honoured.some((selector) => covers(selector, stream))) {
          kept += 1;
          continue;
        }
        const back = theirs.some(
          (other) =>
            other.event.type === 'opted_in' &&
            streamOf(other).key === stream.key &&
            other.event.occurred_at > leaving.event.occurred_at &&
            other.event.occurred_at < item.event.occurred_at,
        );
        expect(back, `${leaving.event.id} against ${item.event.id}`).toBe(true);
      }
    }
    // Scoped: those who left a stream still get others.
    expect(kept).toBeGreaterThan(2000);
  });

  it('obeys within 16 minutes of an ordinary arrival', () => {
    for (const { event, receivedAt, truth } of [...byType('opted_out'), ...byType('complained')]) {
      const lag = Date.parse(truth.honoured_at ?? '') - Date.parse(receivedAt);
      expect(lag).toBeGreaterThan(0);
      expect(lag).toBeLessThanOrEqual(16 * 60_000);
      if (truth.arrival === 'prompt') {
        expect(Date.parse(receivedAt) - Date.parse(event.occurred_at)).toBeLessThan(120_000);
      }
    }
  });

  it('keeps pauses and caps', () => {
    const theirs = (item: SimulatedEvent): number[] =>
      (perPerson.get(item.event.subscriber) ?? [])
        .filter(({ event }) => event.type === 'delivered' && event.channel === item.event.channel)
        .filter((other) => streamOf(other).key === streamOf(item).key)
        .map(({ event }) => Date.parse(event.occurred_at))
        .sort((a, b) => a - b);
    const lag = 16 * 60_000;
    const pauses = byType('paused');
    expect(pauses.length).toBeGreaterThan(10);
    for (const pause of pauses) {
      const from = Date.parse(pause.receivedAt) + lag;
      const until = Date.parse(pause.event.until ?? '');
      const inside = theirs(pause).filter((at) => at > from && at < until);
      const back = (perPerson.get(pause.event.subscriber) ?? []).some(
        ({ event }) => event.type === 'opted_in' && event.occurred_at > pause.event.occurred_at,
      );
      expect(back ? [] : inside).toEqual([]);
    }
    const windows = { day: dayMs, week: 7 * dayMs, month: 31 * dayMs };
    const caps = byType('capped');
    expect(caps.length).toBeGreaterThan(10);
    for (const item of caps) {
      const { n, per } = item.event.cap ?? { n: 0, per: 'day' };
      const replacedAt = caps
        .filter((other) => other.event.subscriber === item.event.subscriber && other !== item)
        .map(({ event }) => Date.parse(event.occurred_at))
        .filter((at) => at > Date.parse(item.event.occurred_at));
      const from = Date.parse(item.receivedAt) + lag;
      const sent = theirs(item).filter((at) => at > from && at < Math.min(...replacedAt));
      for (const at of sent) {
        const inWindow = sent.filter((other) => other > at - windows[per] && other <= at);
        expect(inWindow.length).toBeLessThanOrEqual(n);
      }
    }
  });

  it('holds an opt-in with basis and evidence for everyone it writes to under an opt-in law', () => {
    const optedIn = new Set(
      byType('opted_in').map((item) => `${item.event.subscriber} ${streamOf(item).key}`),
    );
    const european = new Set(
      demo.subscribers.filter(({ jurisdiction }) => !/^(US|CA)/.test(jurisdiction)).map(({ id }) => id),
    );
    const late = Date.parse(demo.startsAt) + (demo.options.days - 5) * dayMs;
    const without = deliveries.filter(
      (item) =>
        european.has(item.event.subscriber) &&
        streamOf(item).class !== 'essential' &&
        Date.parse(item.event.occurred_at) < late &&
        !optedIn.has(`${item.event.subscriber} ${streamOf(item).key}`),
    );
    expect(without).toEqual([]);
  });
});

describe('the truth beside the events', () => {
  it(`is calibrated: opt-outs per tenth of hazard lie in the 99.9 % bounds (seed ${demo.options.seed})`, () => {
    const sorted = deliveries
      .filter((item) => optOutHazard(item) > 0)
      .sort((a, b) => optOutHazard(a) - optOutHazard(b));
    const size = Math.ceil(sorted.length / 10);
    const tenths = Array.from({ length: 10 }, (_, i) => sorted.slice(i * size, (i + 1) * size));
    for (const tenth of tenths) {
      const count = tenth.filter(leaves).length;
      const { mean } = expectation(tenth.map(optOutHazard));
      expect(isPlausible(count, tenth.map(optOutHazard)), `${count} against ${mean.toFixed(1)}`).toBe(true);
    }
    // The hazards differ enough to learn from: the riskiest tenth is at least ten times the safest.
    const rate = (items: SimulatedEvent[]): number =>
      expectation(items.map(optOutHazard)).mean / items.length;
    expect(rate(tenths[9] ?? [])).toBeGreaterThan(10 * rate(tenths[0] ?? []));
  });

  it('is calibrated for complaints and hard bounces', () => {
    const complaints = deliveries.filter(({ truth }) => truth.outcome === 'complaint').length;
    expect(
      isPlausible(
        complaints,
        deliveries.map(({ truth }) => truth.hazard?.complaint ?? 0),
      ),
    ).toBe(true);
    const attempts = [...deliveries, ...byType('bounced')];
    const hard = attempts.filter(({ event }) => event.bounce === 'hard').length;
    expect(
      isPlausible(
        hard,
        attempts.map(({ truth }) => truth.hazard?.bounce ?? 0),
      ),
    ).toBe(true);
  });

  it('agrees with the events: a drawn opt-out is told, unless it lies or arrives after the end or erasure', () => {
    const told = new Map(
      [...byType('opted_out'), ...byType('complained')].map(({ event, truth }) => [
        truth.caused_by?.message_id,
        event.type === 'opted_out' ? 'opt_out' : 'complaint',
      ]),
    );
    const erased = new Set(byType('erased').map(({ event }) => event.subscriber));
    const clear = endsAt.getTime() - 8 * dayMs;
    for (const { event, truth } of deliveries) {
      if (erased.has(event.subscriber) || Date.parse(event.occurred_at) > clear) continue;
      if ((told.get(event.message_id) ?? 'none') !== truth.outcome) throw new Error(`${event.message_id}`);
    }
  });

  it('makes segments differ: the free plan in Germany is at least half again as risky as Germany otherwise', () => {
    const segments = new Map(
      demo.subscribers.map((subscriber) => [subscriber.id, countryAndPlan(subscriber)]),
    );
    const rate = (wanted: RegExp): number => {
      const theirs = deliveries.filter(({ event }) => wanted.test(segments.get(event.subscriber) ?? ''));
      return expectation(theirs.map(optOutHazard)).mean / theirs.length;
    };
    expect(rate(/^DE\/free$/)).toBeGreaterThan(1.5 * rate(/^DE\/(plus|pro)$/));
  });
});

describe('planted incidents', () => {
  const incident = (kind: string) => {
    const found = demo.incidents.filter((candidate) => candidate.kind === kind);
    if (found[0] === undefined) throw new Error(`no ${kind}`);
    return found[0];
  };
  const ofCampaign = (campaign: string | undefined): SimulatedEvent[] =>
    deliveries.filter(({ event }) => event.campaign === campaign);
  const empirical = (items: SimulatedEvent[]): number => items.filter(leaves).length / items.length;

  it('leave the rest of the world alone when switched off', () => {
    const calm = simulate({ ...small, incidents: false });
    expect(calm.incidents).toEqual([]);
    expect(allEvents(calm).every(({ truth }) => (truth.factors?.incident ?? 1) === 1)).toBe(true);
    expect(calm.subscribers).toEqual(simulate(small).subscribers);
  });

  it('multiply the hazard of the campaign that drives people out by the stated factor', () => {
    const { campaign, truth, startsAt } = incident('campaign_drives_out');
    const pushed = ofCampaign(campaign);
    expect(pushed.length).toBeGreaterThan(1000);
    expect(Date.parse(startsAt)).toBeGreaterThan(endsAt.getTime() - 4 * dayMs);
    expect(truth.hazard_factor).toBeGreaterThanOrEqual(3);
    expect(pushed.every((item) => item.truth.factors?.incident === truth.hazard_factor)).toBe(true);
    expect(isPlausible(pushed.filter(leaves).length, pushed.map(optOutHazard))).toBe(true);
    const without = pushed.map((item) => optOutHazard(item) / truth.hazard_factor);
    expect(isPlausible(pushed.filter(leaves).length, without)).toBe(false);
    const elsewhere = deliveries.filter((item) => item.event.campaign !== campaign);
    expect(elsewhere.every((item) => item.truth.factors?.incident === 1)).toBe(true);
  });

  it('write to the fatigued segment three times as often, which raises its hazard', () => {
    const { segment, startsAt, endsAt: until, streams: keys } = incident('segment_fatigued');
    const members = new Set(
      demo.subscribers
        .filter(
          ({ attributes }) => attributes.country === segment?.country && attributes.plan === segment?.plan,
        )
        .map(({ id }) => id),
    );
    const length = Date.parse(until) - Date.parse(startsAt);
    // Four weeks before, so that sends of every second week count as often.
    const before = new Date(Date.parse(startsAt) - 2 * length).toISOString();
    const theirs = deliveries.filter(
      (item) =>
        members.has(item.event.subscriber) &&
        keys.includes(streamOf(item).key) &&
        !item.event.campaign?.includes('last'),
    );
    const during = theirs.filter(({ event }) => event.occurred_at >= startsAt && event.occurred_at < until);
    const calm = theirs.filter(({ event }) => event.occurred_at >= before && event.occurred_at < startsAt);
    // The decoys add to it and those who leave take from it: within a fifth of the factor.
    expect(during.length / (calm.length / 2)).toBeGreaterThan(2.4);
    expect(during.length / (calm.length / 2)).toBeLessThan(3.6);
    const mean = (items: SimulatedEvent[]): number =>
      expectation(items.map(optOutHazard)).mean / items.length;
    expect(mean(during)).toBeGreaterThan(1.5 * mean(calm));
    expect(empirical(during)).toBeGreaterThan(empirical(calm));
  });

  it('stop a channel for a day, whose reports then arrive together', () => {
    const { startsAt, endsAt: until } = incident('provider_outage');
    const inside = once.filter(
      ({ event }) => event.channel === 'email' && event.occurred_at >= startsAt && event.occurred_at < until,
    );
    expect(inside.filter(({ event }) => event.type === 'delivered')).toEqual([]);
    const held = inside.filter(({ truth }) => truth.arrival === 'held');
    expect(held.length).toBeGreaterThan(20);
    expect(held.some(({ event }) => event.type === 'opted_in' || event.type === 'erased')).toBe(false);
    const latest = new Date(Date.parse(until) + 3_600_000).toISOString();
    expect(held.every(({ receivedAt }) => receivedAt >= until && receivedAt <= latest)).toBe(true);
    const drained = deliveries.filter(
      ({ event }) =>
        event.channel === 'email' &&
        event.occurred_at >= until &&
        event.occurred_at < new Date(Date.parse(until) + 4 * 3_600_000).toISOString(),
    );
    expect(drained.length).toBeGreaterThan(500);
  });

  it('double the volume of the decoys and leave their rate where it was', () => {
    const decoys = demo.incidents.filter(({ kind }) => kind === 'decoy_double_volume');
    expect(decoys.length).toBeGreaterThan(0);
    for (const {
      campaign,
      streams: [key],
      truth,
      startsAt,
    } of decoys) {
      expect(truth).toEqual({ hazard_factor: 1, volume_factor: 2, harmless: true });
      const sent = ofCampaign(campaign);
      const earlier = new Date(Date.parse(startsAt) - 56 * dayMs).toISOString();
      const usual = deliveries.filter(
        (item) =>
          streamOf(item).key === key &&
          item.event.audience === 'all' &&
          item.event.campaign !== campaign &&
          item.event.occurred_at < startsAt &&
          item.event.occurred_at > earlier,
      );
      const perSend = usual.length / new Set(usual.map(({ event }) => event.campaign)).size;
      expect(sent.length / perSend).toBeGreaterThan(1.6);
      expect(sent.length / perSend).toBeLessThan(2.4);
      expect(isPlausible(sent.filter(leaves).length, sent.map(optOutHazard))).toBe(true);
      const mean = (items: SimulatedEvent[]): number =>
        expectation(items.map(optOutHazard)).mean / items.length;
      // Fatigue of the neighbouring incident is all that may show.
      expect(mean(sent) / mean(usual)).toBeLessThan(1.5);
    }
  });
});
