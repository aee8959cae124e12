import { readQueries } from '@secateur/sql';
import { expect, test } from 'vitest';
import { metrics } from './metrics.js';

test('names each figure once, and a query that exists', () => {
  const queries = readQueries();
  expect(new Set(metrics.map(({ id }) => id)).size).toBe(metrics.length);
  for (const { query } of metrics) expect(queries.has(query)).toBe(true);
});

test('gives shares a denominator and lets only counts be added up', () => {
  for (const { unit, denominator, additive } of metrics) {
    expect(denominator !== null).toBe(unit === 'share' || unit === 'messages_per_subscriber_and_week');
    if (additive) expect(unit).toBe('count');
  }
});
