import { describe, expect, test } from 'vitest';
import { effectWords, eventWords, stateWords, stepsOf } from './rule-words.js';

describe('a version', () => {
  test('is named by its state, a rollout with its share', () => {
    expect(stateWords({ state: 'published', percent: 100 }).words).toBe('In force');
    expect(stateWords({ state: 'rollout', percent: 20 }).words).toBe('Rolled out to 20 %');
  });

  test('offers what may be done next, and nothing once it is discarded', () => {
    expect(stepsOf('checked')[0]).toBe('approve');
    expect(stepsOf('rollout')).toEqual(['publish', 'rollback']);
    expect(stepsOf('discarded')).toEqual([]);
  });

  test('was published to all or to a share', () => {
    expect(eventWords({ event: 'published', percent: 100 })).toBe('Published');
    expect(eventWords({ event: 'published', percent: 5 })).toBe('Rolled out to 5 %');
  });
});

describe('what a rule does', () => {
  test('is its scope and its offers', () => {
    const cap = { n: 2, per: 'month' } as const;
    expect(effectWords({ scope: { kind: 'stream' } })).toBe('stops the stream alone');
    expect(effectWords({ scope: { kind: 'category' }, offers: { pause: [30, 90], cap } })).toBe(
      'stops its category on every channel; offers a pause of 30 or 90 days; offers at most 2 a month',
    );
  });
});
