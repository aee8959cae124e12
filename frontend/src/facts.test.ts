import { expect, test } from 'vitest';
import { factLines } from './facts.js';

const nameOf = (key: string) => key.toUpperCase();
const at = Date.UTC(2026, 10, 20, 9, 30);
const lines = (facts: Record<string, unknown>) => factLines(facts, nameOf, 'en-GB', 'UTC');

test('ids are left to the record, the rest is told in words', () => {
  expect(
    lines({
      person: 'p-1',
      identifier: 'i-1',
      identifiers: { email: 'i-1' },
      jurisdiction: null,
      phoneJurisdiction: null,
      spells: [{ stream: 'a', openedAt: at }],
      segments: ['country:DE', 'vip'],
      settings: { markets: [], tcpaWaiverUntil: null },
    }),
  ).toEqual([
    { name: 'Jurisdiction', lines: ['not known'] },
    { name: 'Open subscriptions', lines: ['A, since 20 Nov 2026'] },
    { name: 'Segments', lines: ['Country: DE, vip'] },
    { name: 'Markets', lines: ['none set: all count'] },
  ]);
});

test('the jurisdictions that decided are told with where they come from', () => {
  const facts = {
    jurisdiction: null,
    jurisdictions: ['DE', 'FR'],
    jurisdiction_from: 'stream',
    statement_ids: ['a', 'b'],
  };
  expect(lines(facts)).toEqual([
    { name: 'Jurisdiction', lines: ['DE, FR (by the stream)'] },
    { name: 'Earlier statements', lines: ['2'] },
  ]);
  expect(lines({ ...facts, jurisdictions: [...'ABCDEFGHIJ'] })[0]?.lines).toEqual([
    'A, B, C, D, E, F, G, H and 2 more (by the stream)',
  ]);
});

test('many deliveries are told by the latest four', () => {
  const deliveries = [1, 2, 3, 4, 5, 6].map((hour) => ({
    stream: 's',
    campaign: '',
    deliveredAt: Date.UTC(2026, 10, 20, hour),
  }));
  expect(lines({ deliveries })[0]?.lines).toEqual([
    'S, 20 Nov 2026, 06:00',
    'S, 20 Nov 2026, 05:00',
    'S, 20 Nov 2026, 04:00',
    'S, 20 Nov 2026, 03:00',
    'and 2 more',
  ]);
});

test('a fact of a shape or name that is not known is shown, not dropped', () => {
  expect(lines({ spells: 'none', tenure_days: 211, all_option_shown: false, scores: { a: 1 } })).toEqual([
    { name: 'Open subscriptions', lines: ['none'] },
    { name: 'Tenure days', lines: ['211'] },
    { name: 'All option shown', lines: ['no'] },
    { name: 'Scores', lines: ['{"a":1}'] },
  ]);
});
