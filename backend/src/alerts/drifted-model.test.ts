import { expect, test } from 'vitest';
import type { DriftAnswer } from '../contract/churn.js';
import { fileDrift } from './drifted-model.js';

const now = Date.parse('2026-11-10T05:00:00.000Z');
const day = 86_400_000;
const week = {
  ...{ from: '2026-11-02T00:00:00.000Z', until: '2026-11-09T00:00:00.000Z', subscriptions: 900 },
  ...{ expected: 20, observed: 45, ratio: { value: 2.25, lower: 1.6, upper: 3 } },
};
const outcome = (stream: string, drifted = true) => ({
  ...{ stream, stream_title: stream, weeks: [week], rising: 7, falling: 0, limit: 6.2, drifted },
});
const drift = (change: Partial<DriftAnswer> = {}): DriftAnswer => ({
  ...{ model: '7e57ed00-0000-4000-8000-000000000001', kind: 'model', as_of: null, days: 7 },
  ...{ drifted: true, risk: null, features: [], outcomes: [outcome('news')], query: '', ...change },
});

function opened(change: Partial<DriftAnswer> = {}) {
  const told = fileDrift(drift(change), [], now);
  if (told === null) throw new Error('nothing was opened');
  return told;
}

test('a model that no longer fits opens an incident that says where and what to do', () => {
  const { incident, news } = opened();
  expect(news).toBe('opened');
  expect(incident).toMatchObject({ kind: 'model_drift', streams: ['news'], model: { about: ['news'] } });
  expect(incident.title).toContain('news: 45 opt-outs in the last week, 20.0 forecast');
  expect(incident.model?.action).toContain('POST /v1/churn/training');
});

test('one that fits, and none, is no incident', () => {
  expect(fileDrift(drift({ drifted: false }), [], now)).toBeNull();
  expect(fileDrift(drift({ model: null }), [], now)).toBeNull();
});

test('the next day it goes on, and wakes nobody', () => {
  const { incident } = opened();
  const later = fileDrift(drift({ outcomes: [outcome('news'), outcome('offers')] }), [incident], now + day);
  expect(later).toMatchObject({ news: null, incident: { id: incident.id, streams: ['news', 'offers'] } });
});

test('resolved, it opens another only where something else is off, or another model', () => {
  const resolved = { ...opened().incident, state: 'resolved' as const };
  expect(fileDrift(drift(), [resolved], now + day)).toBeNull();
  const risk = { feature: 'risk', psi: 0.4, threshold: 0.1, drifted: true };
  const next = fileDrift(drift({ risk }), [resolved], now + day);
  expect(next?.news).toBe('opened');
  expect(next?.incident.id).not.toBe(resolved.id);
  const model = '7e57ed00-0000-4000-8000-000000000002';
  expect(fileDrift(drift({ model }), [resolved], now + day)?.news).toBe('opened');
});

test('muted, it is told again when the time is over', () => {
  const muted = {
    ...opened().incident,
    state: 'muted' as const,
    muted_until: new Date(now + day).toISOString(),
  };
  expect(fileDrift(drift(), [muted], now + day / 2)?.news).toBeNull();
  expect(fileDrift(drift(), [muted], now + 2 * day)).toMatchObject({
    news: 'reopened',
    incident: { state: 'open' },
  });
});
