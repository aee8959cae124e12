import { expect, test } from 'vitest';
import { dimensions } from '../contract/analytics.js';
import { titleOf } from './titles.js';

const streamOf = (key: string) =>
  key === 'promotions' ? { title: 'Offers', channel: 'email' as const } : undefined;

test.each([
  ['segment', 'country:DE', 'Country: DE'],
  ['segment', 'engagement:active', 'Engagement: active'],
  ['segment', 'plan:a:b', 'Plan: a:b'],
  ['segment', 'lapsing buyers', 'lapsing buyers'],
  ['segment', ':odd', ':odd'],
  ['stream', 'promotions', 'Offers · Email'],
  ['stream', 'gone', 'gone'],
  ['channel', 'sms', 'SMS'],
  ['channel', 'constructor', 'constructor'],
  ['campaign', 'bf-2026', 'bf-2026'],
  ['campaign', '', 'No campaign'],
  ['message_type', '', 'No message type'],
] as const)('names the %s %j', (dimension, key, title) => {
  expect(titleOf(dimension, key, streamOf)).toBe(title);
});

test('has a name for a missing value of each dimension', () => {
  for (const dimension of dimensions) expect(titleOf(dimension, '', streamOf)).not.toBe('');
});
