import { describe, expect, it } from 'vitest';
import { simulate } from './simulate.js';
import { summariseTruth } from './simulate-truth.js';
import type { SimulatedDay, Simulation } from './simulate-types.js';

const simulation = simulate({
  seed: 5,
  subscribers: 300,
  days: 20,
  endsAt: new Date('2026-05-01'),
  incidents: false,
});

describe('summariseTruth', () => {
  it('sums hazards per stream, segment and day of delivery, and counts redeliveries once', () => {
    // u-00001 gets two messages on one day (one told twice) and one bounces; by hand: 0.1 + 0.3, 0.09 + 0.21.
    const base = { subscriber: 'u-00001', channel: 'email', category: 'promotions', origin: 'shop' } as const;
    const first = { ...base, id: 'a', type: 'delivered', occurred_at: '2026-04-20T23:59:59.000Z' } as const;
    const second = { ...base, id: 'b', type: 'delivered', occurred_at: '2026-04-20T01:00:00.000Z' } as const;
    const third = {
      ...base,
      id: 'c',
      type: 'bounced',
      bounce: 'hard',
      occurred_at: '2026-04-20T02:00:00.000Z',
    } as const;
    const arrival = 'prompt' as const;
    const hazard = { opt_out: 0.1, complaint: 0.01, bounce: 0.02 };
    const days: SimulatedDay[] = [
      {
        on: '2026-04-21',
        events: [
          { event: first, receivedAt: '', truth: { arrival, hazard, outcome: 'opt_out' } },
          { event: first, receivedAt: '', truth: { arrival, duplicate: true } },
          {
            event: second,
            receivedAt: '',
            truth: { arrival, hazard: { ...hazard, opt_out: 0.3 }, outcome: 'none' },
          },
          { event: third, receivedAt: '', truth: { arrival, hazard } },
        ],
      },
    ];
    const one: Simulation = { ...simulation, subscribers: simulation.subscribers.slice(0, 1) };
    const [row, ...more] = summariseTruth(one, () => 'everyone', days);
    expect(more).toEqual([]);
    expect(row).toMatchObject({ stream: 'email.promotions.shop', segment: 'everyone', on: '2026-04-20' });
    expect(row).toMatchObject({
      deliveries: 2,
      attempts: 3,
      caused_opt_outs: 1,
      caused_complaints: 0,
      hard_bounces: 1,
    });
    expect(row?.expected_opt_outs).toBeCloseTo(0.4, 12);
    expect(row?.variance_opt_outs).toBeCloseTo(0.3, 12);
    expect(row?.expected_complaints).toBeCloseTo(0.02, 12);
    expect(row?.expected_bounces).toBeCloseTo(0.06, 12);
  });

  it('loses no delivery to the grouping', () => {
    let delivered = 0;
    for (const { events } of simulation.days()) {
      for (const { event, truth } of events)
        if (event.type === 'delivered' && !truth.duplicate) delivered += 1;
    }
    const rows = summariseTruth(simulation);
    expect(rows.reduce((sum, row) => sum + row.deliveries, 0)).toBe(delivered);
    expect(new Set(rows.map((row) => `${row.stream} ${row.segment} ${row.on}`)).size).toBe(rows.length);
  });

  it('gives nothing for no events', () => {
    expect(summariseTruth(simulation, undefined, [])).toEqual([]);
  });
});
