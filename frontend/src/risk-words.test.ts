import { describe, expect, test } from 'vitest';
import { reasonWords, tellingRows } from './risk-words.js';

describe('what a risk is associated with', () => {
  test('is told as odds, the two strongest', () => {
    const reasons = [
      { group: 'frequency', odds: 1.42 },
      { group: 'engagement', odds: 0.7 },
      { group: 'season', odds: 1.1 },
    ];
    expect(reasonWords(reasons, 'en')).toBe('× 1.42 how often they are sent to, × 0.7 opens and clicks');
  });

  test('is nothing in particular where nothing stands out', () => {
    expect(reasonWords([])).toBe('nothing in particular');
  });
});

test('rows are segments over all streams, and streams of everybody', () => {
  const row = (segment: string, stream: string | null) =>
    ({ segment, stream }) as Parameters<typeof tellingRows>[0][number];
  const rows = [row('', null), row('', 'news'), row('plan:pro', null), row('plan:pro', 'news')];
  expect(tellingRows(rows)).toEqual([rows[1], rows[2]]);
});
