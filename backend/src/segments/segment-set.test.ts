import { expect, test } from 'vitest';
import { buildCatalogue } from '../conditions/index.js';
import type { Condition } from '../contract/conditions.js';
import type { Subject } from '../subscribers/subject.js';
import type { DefinedSegment } from './definition.js';
import { noWindows } from './engagement-windows.js';
import type { PersonSnapshot } from './person-facts.js';
import { changesBetween, SegmentSet } from './segment-set.js';

const now = Date.UTC(2026, 10, 25, 12);
const day = 86_400_000;
const subject = {
  person: 'p',
  jurisdiction: 'DE',
  attributes: { score: 7, since: '2026-11-20', vip: true },
  firstSeenAt: now - 10 * day,
} as unknown as Subject;

const snapshot: PersonSnapshot = {
  subject,
  now,
  standing: (key) => (key === 'offers' ? { allowed: false, reason: 'opt_out' } : null),
  channelStanding: () => ({ allowed: true, reason: 'opt_in' }),
  engagement: noWindows,
  pastOptOuts: 2,
  segments: new Set(),
  riskWithin30d: null,
};

function setOf(conditions: Record<string, Condition['rules']>): SegmentSet {
  const catalogue = buildCatalogue({
    attributes: [
      { name: 'score', type: 'number' },
      { name: 'since', type: 'instant' },
      { name: 'vip', type: 'text' },
    ],
    segments: [...Object.keys(conditions), 'plan:free'].map((id) => ({ id, title: id })),
    streams: [{ key: 'offers', title: 'Offers', category: 'promotions' }],
  });
  const definitions = Object.entries(conditions).map(
    ([key, rules]): DefinedSegment => ({
      key,
      version: 3,
      name: key,
      description: '',
      condition: { combinator: 'and', rules },
      state: 'active',
      why: '',
      changedAt: now,
      changedBy: 'ada',
    }),
  );
  return new SegmentSet(definitions, catalogue);
}

test('finds the segments of a person, each after those it uses', () => {
  const set = setOf({
    a: [{ field: 'segment', operator: 'contains', value: 'z' }],
    b: [{ field: 'segment', operator: 'doesNotContain', value: 'plan:free' }],
    m: [{ field: 'segment', operator: 'in', value: ['a', 'b'] }],
    z: [{ field: 'subscriber.attributes.score', operator: '>=', value: 7 }],
  });
  expect([...set.evaluate(snapshot, ['plan:free'])].sort()).toEqual(['a', 'm', 'z']);
  expect([...set.evaluate(snapshot, [])].sort()).toEqual(['a', 'b', 'm', 'z']);
});

test('asks of a person what the snapshot knows; what it does not know is missing', () => {
  const set = setOf({
    tenure: [{ field: 'subscriber.tenure_days', operator: '=', value: 10 }],
    since: [{ field: 'subscriber.attributes.since', operator: 'withinLast', value: 7 }],
    'no-vip-as-text': [{ field: 'subscriber.attributes.vip', operator: 'null' }],
    stopped: [{ field: 'permission.reason[stream=offers]', operator: '=', value: 'opt_out' }],
    reachable: [{ field: 'permission.allowed[channel=email]', operator: '=', value: true }],
    leaver: [{ field: 'engagement.past_opt_outs', operator: '=', value: 2 }],
    quiet: [{ field: 'engagement.opens_90d', operator: '=', value: 0 }],
    'never-opened': [{ field: 'engagement.last_open', operator: 'null' }],
    'no-risk': [{ field: 'churn.risk_30d', operator: 'null' }],
  });
  expect(set.broken.size).toBe(0);
  expect(set.needs).toEqual({ windows: true, memberships: true, risks: true });
  const all = [...set.byKey.keys()].sort();
  expect([...set.evaluate(snapshot, [])].sort()).toEqual(all);
});

test('leaves out what cannot be compiled, and what uses it, and moves nobody there', () => {
  const set = setOf({
    a: [{ field: 'segment', operator: 'contains', value: 'lost' }],
    lost: [{ field: 'subscriber.attributes.gone', operator: '=', value: 1 }],
    ok: [],
  });
  expect([...set.broken.keys()].sort()).toEqual(['a', 'lost']);
  const inside = set.evaluate(snapshot, []);
  expect([...inside]).toEqual(['ok']);
  const known = new Map([
    ['lost', 1],
    ['archived', 2],
  ]);
  expect(changesBetween(known, inside, set)).toEqual([
    { key: 'archived', version: 2, edge: 'left' },
    { key: 'ok', version: 3, edge: 'entered' },
  ]);
});

test('a new version moves only those for whom it changes something', () => {
  const set = setOf({ ok: [] });
  expect(changesBetween(new Map([['ok', 1]]), new Set(['ok']), set)).toEqual([]);
});
