import { expect, test } from 'vitest';
import { fileFailure, type RuleFailure } from './failed-rule.js';

const now = Date.parse('2026-11-10T12:00:00.000Z');
const minute = 60_000;
const failure = (change: Partial<RuleFailure> = {}): RuleFailure => ({
  ...{ ruleset: 'v', version: 3, rule: 'widen', reasons: ['TypeError'], failures: 4, decisions: 10 },
  ...{ first_at: '2026-11-09T23:00:00.000Z', last_at: '2026-11-10T11:59:00.000Z', streams: ['news'] },
  ...change,
});

function opened(change: Partial<RuleFailure> = {}) {
  const told = fileFailure(failure(change), [], now);
  if (told === null) throw new Error('nothing was opened');
  return told;
}

test('a rule that fails opens an incident that says what and what to do', () => {
  const { incident, news } = opened();
  expect(news).toBe('opened');
  expect(incident).toMatchObject({
    ...{ kind: 'rule_failed', severity: 'critical', state: 'open', streams: ['news'], evidence: [] },
    title: 'Rule widen of version 3 fails: 4 of 10 decisions in 24 hours (TypeError)',
    ...{ first_on: '2026-11-09', last_on: '2026-11-10' },
    rule: { ruleset: 'v', rule: 'widen', failures: 4 },
  });
  expect(incident.rule?.action).toContain('POST /v1/rulesets/v/rollback');
});

test('facts that came too late are no fault of the rule', () => {
  const { incident } = opened({ reasons: ['FactsMissing'] });
  expect(incident.severity).toBe('warning');
  expect(incident.rule?.action).toContain('load of the engine');
  expect(opened({ reasons: ['FactsMissing', 'TypeError'] }).incident.severity).toBe('critical');
});

test('looked at again it is the same incident, and no news unless it failed again', () => {
  const { incident } = opened();
  expect(opened().incident.id).toBe(incident.id);
  expect(fileFailure(failure(), [incident], now + minute)).toBeNull();
  const again = failure({ last_at: '2026-11-10T12:00:30.000Z', failures: 5, streams: ['offers'] });
  const told = fileFailure(again, [incident], now + minute);
  expect(told?.news).toBeNull();
  expect(told?.incident).toMatchObject({
    id: incident.id,
    streams: ['news', 'offers'],
    rule: { failures: 5 },
  });
});

test('another rule, or the same in another version, is another incident', () => {
  const { incident } = opened();
  for (const change of [{ rule: 'other' }, { ruleset: 'w' }]) {
    const told = fileFailure(failure(change), [incident], now);
    expect(told?.news).toBe('opened');
    expect(told?.incident.id).not.toBe(incident.id);
  }
});

test('what fails after it was resolved is another incident; what failed before is none', () => {
  const { incident } = opened();
  const entry = { at: new Date(now + minute).toISOString(), by: 'ada', action: 'resolved', note: '' };
  const resolved = { ...incident, state: 'resolved' as const, history: [...incident.history, entry] };
  expect(
    fileFailure(failure({ last_at: '2026-11-10T12:00:59.000Z' }), [resolved], now + 2 * minute),
  ).toBeNull();
  const later = failure({ last_at: '2026-11-10T12:01:30.000Z' });
  const told = fileFailure(later, [resolved], now + 2 * minute);
  expect(told?.news).toBe('opened');
  expect(told?.incident.id).not.toBe(incident.id);
  // The newest of its incidents goes on.
  const both = told === null ? [] : [told.incident, resolved];
  expect(fileFailure(failure({ last_at: '2026-11-10T12:03:00.000Z' }), both, now + 4 * minute)).toMatchObject(
    {
      news: null,
      incident: { id: told?.incident.id },
    },
  );
});

test('a muted one stays quiet until then, and tells again when it is over', () => {
  const muted = {
    ...opened().incident,
    ...{ state: 'muted' as const, muted_until: new Date(now + 10 * minute).toISOString() },
  };
  const again = failure({ last_at: '2026-11-10T12:05:00.000Z' });
  expect(fileFailure(again, [muted], now + 6 * minute)).toMatchObject({
    news: null,
    incident: { state: 'muted' },
  });
  expect(fileFailure(again, [muted], now + 10 * minute)).toMatchObject({
    news: 'reopened',
    incident: { state: 'open', muted_until: null },
  });
});
