import { expect, test } from 'vitest';
import type { RulesetEvent } from '../contract/rules.js';
import { inForceAfter, type VersionEvent } from './in-force.js';
import { stateOf } from './life-cycle.js';

type Written = Pick<VersionEvent, 'ruleset' | 'event' | 'percent'>;

/** `one published`, `two published 20`. */
const written = (...lines: readonly string[]): Written[] =>
  lines.map((line) => {
    const [ruleset = '', event, percent] = line.split(' ');
    const share = percent === undefined ? {} : { percent: Number(percent) };
    return { ruleset, event: event as RulesetEvent['event'], ...share };
  });
const inForce = (...lines: readonly string[]) => inForceAfter(written(...lines));
const stateIn = (id: string, lines: readonly string[]) =>
  stateOf(
    id,
    written(...lines).filter(({ ruleset }) => ruleset === id),
    inForce(...lines),
  ).state;

test('the version that was published to all last decides, beside it the one that is rolled out', () => {
  expect(inForce()).toEqual({ published: null, rollout: null });
  expect(inForce('one created', 'one published', 'two published 20')).toEqual({
    published: 'one',
    rollout: { id: 'two', percent: 20 },
  });
  expect(inForce('one published', 'two published 20', 'two published 100', 'one superseded')).toEqual({
    published: 'two',
    rollout: null,
  });
});

test('rolled back, what decided before decides again, and nothing that was rolled back itself', () => {
  const lines = ['one published', 'two published', 'three published', 'three rolled_back'];
  expect(inForce(...lines).published).toBe('two');
  expect(inForce(...lines, 'two published', 'two rolled_back').published).toBe('one');
  expect(inForce('one published', 'two published 50', 'two rolled_back').published).toBe('one');
  expect(
    inForce('one published', 'two published', 'one published 50', 'one rolled_back', 'two rolled_back')
      .published,
  ).toBeNull();
});

test('a version that comes again is put back to the one it superseded this time', () => {
  const lines = ['one published', 'two published', 'three published', 'one published', 'one rolled_back'];
  expect(inForce(...lines).published).toBe('three');
});

test('where only half of a pair was written, the same is in force and each version says so', () => {
  const whole = ['one published', 'two published', 'one superseded'];
  const half = ['one published', 'two published'];
  expect(inForce(...half)).toEqual(inForce(...whole));
  expect([stateIn('one', half), stateIn('two', half)]).toEqual(['superseded', 'published']);
  const undone = [...whole, 'two rolled_back'];
  expect(inForce(...undone)).toEqual(inForce(...undone, 'one published'));
  expect([stateIn('one', undone), stateIn('two', undone)]).toEqual(['published', 'rolled_back']);
});

test('the two events of a pair have one instant, and either order puts the same in force', () => {
  const before = ['one published', 'two published', 'one superseded'];
  expect(inForce(...before, 'one published', 'two rolled_back')).toEqual(
    inForce(...before, 'two rolled_back', 'one published'),
  );
});
