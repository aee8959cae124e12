import { describe, expect, test } from 'vitest';
import type { Incident } from '../contract/alerts.js';
import { evidence, type Finding, file } from './incident.js';

const now = Date.parse('2026-05-10T12:05:00.000Z');
const day = 86_400_000;
const on = Math.floor(now / day);

function finding(change: Partial<Finding> = {}, stream = 'news', when = on, key = ''): Finding {
  const cell = { level: key === '' ? 'stream' : 'segment', stream, key, metric: 'opt_outs' } as const;
  const one = evidence({
    cell,
    from: when,
    on: when,
    n: 10_000,
    x: 120,
    p: 1e-9,
    expected: 30,
    days: 56,
    events: 900,
  });
  const common = { kind: 'spike', severity: 'warning', suspects: [], tests: 40, isHistory: false } as const;
  return { ...common, streams: [stream], evidence: [one], ...change };
}
const opened = (): Incident => file(finding(), [], now).incident;

describe('a finding', () => {
  test('opens an incident that says what it is, with an interval', () => {
    const { incident, news } = file(finding(), [], now);
    expect(news).toBe('opened');
    expect(incident).toMatchObject({
      state: 'open',
      first_on: '2026-05-10',
      last_on: '2026-05-10',
      tests: 40,
    });
    expect(incident.title).toBe('Opt-outs on news: 4.0 times the usual (120 of 10000)');
    expect(incident.evidence[0]?.ratio).toMatchObject({ value: 4 });
    expect(incident.evidence[0]?.ratio.lower).toBeCloseTo((10_000 / 30) * 0.010042, 2);
  });

  test('from before the first look is told to nobody', () => {
    expect(file(finding({ isHistory: true }), [], now)).toMatchObject({
      news: null,
      incident: { in_history: true },
    });
  });

  test('on the same stream within two days goes on with the incident; after three it is another', () => {
    const before = opened();
    const next = file(finding({}, 'news', on + 2), [before], now + 2 * day);
    expect(next).toMatchObject({ news: null, incident: { id: before.id, last_on: '2026-05-12', tests: 80 } });
    expect(file(finding({}, 'news', on + 3), [before], now + 3 * day).incident.id).not.toBe(before.id);
    expect(file(finding({}, 'offers'), [before], now).incident.id).not.toBe(before.id);
  });

  test('of the same cell and day changes an incident that is resolved, and wakes nobody', () => {
    const before: Incident = { ...opened(), state: 'resolved' };
    expect(file(finding(), [before], now + 3_600_000)).toMatchObject({
      news: null,
      incident: { id: before.id, state: 'resolved' },
    });
    expect(file(finding({}, 'news', on + 1), [before], now + day)).toMatchObject({ news: 'opened' });
  });

  test('of a muted cell is kept to itself until the time is over, then opens the incident again', () => {
    const until = new Date(now + 20 * day).toISOString();
    const muted: Incident = { ...opened(), state: 'muted', muted_until: until };
    const meanwhile = file(finding({}, 'news', on + 10), [muted], now + 10 * day);
    expect(meanwhile).toMatchObject({ news: null, incident: { id: muted.id, state: 'muted' } });
    const short: Incident = { ...muted, muted_until: new Date(now + day).toISOString() };
    expect(file(finding({}, 'news', on + 2), [short], now + 2 * day)).toMatchObject({
      news: 'reopened',
      incident: { id: muted.id, state: 'open', muted_until: null },
    });
  });

  test('of complaints never joins one of opt-outs', () => {
    const other = finding();
    const complaints = other.evidence.map((one) => ({
      ...one,
      cell: { ...one.cell, metric: 'complaints' as const },
    }));
    expect(file({ ...other, evidence: complaints }, [opened()], now)).toMatchObject({ news: 'opened' });
  });
});
