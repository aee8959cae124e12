import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../support/engine.js';
import { type Delivery, simulatePeople } from './people.js';
import { firstSeed, isFull, print } from './scale.js';
import { decisionRow, eventRows, eventsOf, profileOf } from './wire.js';

const base = simulatePeople({ seed: firstSeed, people: isFull ? 12_000 : 1500, days: 60 });
const deliveries: Delivery[] = [...base.days()].flatMap((day) => day.deliveries);
const left = deliveries.filter(({ optedOutAt }) => optedOutAt !== null);

describe('simulated people', () => {
  test('are the same for the same seed', () => {
    const again = simulatePeople({ seed: firstSeed, people: 50, days: 10 });
    const once = [...again.days()];
    expect([...again.days()]).toEqual(once);
    expect([...simulatePeople({ seed: firstSeed + 1, people: 50, days: 10 }).days()]).not.toEqual(once);
  });

  test('leave as often as their hazards say', () => {
    const expected = deliveries.reduce((sum, { truth }) => sum + truth.hazard, 0);
    const variance = deliveries.reduce((sum, { truth }) => sum + truth.hazard * (1 - truth.hazard), 0);
    expect(Math.abs(left.length - expected)).toBeLessThan(4 * Math.sqrt(variance));
    expect(deliveries.every(({ truth }) => truth.hazard > 0 && truth.hazard <= 0.5)).toBe(true);
  });

  test('who gets more mail seems to leave less, though every message drives out', () => {
    const free = deliveries.filter(({ person, stream }) => person.arm === 'free' && stream === 'promotions');
    const rate = (some: readonly Delivery[]) =>
      some.filter(({ optedOutAt }) => optedOutAt !== null).length / some.length;
    const [few, many] = [
      free.filter(({ truth }) => truth.sends7 <= 1),
      free.filter(({ truth }) => truth.sends7 >= 3),
    ];
    expect(rate(many)).toBeLessThan(rate(few));
    expect(base.effect.effect).toBeLessThan(-0.01);
  });

  test('the arms, drawn by lot, show the true effect of the cap', () => {
    const gone = new Set(left.map(({ person }) => person.id));
    const share = (arm: string) => {
      const of = base.people.filter((person) => person.arm === arm);
      return { n: of.length, p: of.filter(({ id }) => gone.has(id)).length / of.length };
    };
    const [cap, free] = [share('cap'), share('free')];
    const error = Math.sqrt((cap.p * (1 - cap.p)) / cap.n + (free.p * (1 - free.p)) / free.n);
    const { effect } = base.effect;
    print(
      `people, seed ${firstSeed}: true effect of the cap ${(100 * effect).toFixed(2)} points, arms ` +
        `${(100 * (cap.p - free.p)).toFixed(2)} ± ${(196 * error).toFixed(2)}`,
    );
    expect(Math.abs(cap.p - free.p - effect)).toBeLessThan(4 * error);
  });

  test('are written to no more once they left, and never above the cap', () => {
    const leftAt = new Map(left.map(({ person, stream, at }) => [`${person.id} ${stream}`, at]));
    const after = deliveries.filter(
      ({ person, stream, at }) => at > (leftAt.get(`${person.id} ${stream}`) ?? Infinity),
    );
    expect(after).toEqual([]);
    const capped = deliveries.filter(({ person }) => person.arm === 'cap');
    expect(new Set(capped.map(({ truth }) => truth.sends7))).toEqual(new Set([0, 1]));
  });
});

describe('rows in bulk', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openTestDatabase();
    await database.insert('events', deliveries.flatMap(eventRows));
    const rows = deliveries.map((delivery, index) => decisionRow(delivery, index + 1));
    await database.insert(
      'decisions',
      rows.filter((row) => row !== null),
    );
  });
  afterAll(() => database.close());

  test('give the rollups, exposures and spells that the log says', async () => {
    const [counts] = await database.engine.rows<{ delivered: number; opt_outs: number; clicked: number }>(
      'counts',
      `SELECT sum(rates.delivered) AS delivered, sum(rates.opt_outs) AS opt_outs,
         sum(rates.clicked) AS clicked FROM rates WHERE segment = ''`,
    );
    const clicked = deliveries.filter(({ clickedAt }) => clickedAt !== null).length;
    expect(counts).toEqual({ delivered: deliveries.length, opt_outs: left.length, clicked });
    const [edges] = await database.engine.rows<{ n: number }>(
      'edges',
      'SELECT count() AS n FROM spell_edges',
    );
    expect(edges).toEqual({ n: left.length });
    const pairs = new Set(deliveries.map(({ person, stream }) => `${person.id} ${stream}`)).size;
    const [exposed] = await database.engine.rows<{ n: number }>(
      'exposed',
      'SELECT uniqExact(person, stream) AS n FROM exposures',
    );
    expect(exposed).toEqual({ n: pairs });
  });

  test('tell what the events for the door tell', () => {
    const [one] = left;
    if (one === undefined) throw new Error('nobody left');
    const events = eventsOf(one) as { id: string; type: string }[];
    expect(events.map(({ type }) => type)).toContain('opted_out');
    const rows = [...eventRows(one).map(({ id }) => id), decisionRow(one, 1)?.event_id];
    expect(events.map(({ id }) => id)).toEqual(rows);
    expect(events.every((event) => Reflect.get(event, 'subscriber') === profileOf(one.person).id)).toBe(true);
  });
});
