import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compile } from './closure.js';
import { FactLayout } from './facts.js';
import { compileFirst } from './first.js';
import { checked, leaf } from './test-support.js';

const now = Date.UTC(2026, 10, 20);
const anyChannel = fc.constantFrom('email', 'sms', 'push', 'web');
const anyCount = fc.integer({ min: 0, max: 3 });

const anyLeaf = fc.oneof(
  fc
    .tuple(fc.constantFrom('=', '!='), anyChannel)
    .map(([operator, value]) => leaf('message.channel', operator, value)),
  fc
    .tuple(fc.constantFrom('in', 'notIn'), fc.array(anyChannel, { minLength: 1, maxLength: 2 }))
    .map(([operator, value]) => leaf('message.channel', operator, value)),
  fc
    .tuple(fc.constantFrom('=', '<', '!='), anyCount)
    .map(([operator, value]) => leaf('engagement.opens_7d', operator, value)),
  anyCount.map((value) => leaf('engagement.clicks_7d', '=', value)),
);
const anyCondition = fc
  .record({
    combinator: fc.constantFrom('and', 'and', 'and', 'or'),
    not: fc.constantFrom(false, false, false, true),
    rules: fc.array(anyLeaf, { minLength: 2, maxLength: 4 }),
  })
  .map(checked);

test('finds the same condition as trying one after another', () => {
  const rows = fc.array(
    fc.tuple(fc.option(anyChannel), fc.option(fc.constantFrom(0, -0, 1, 2)), fc.option(anyCount)),
    { minLength: 30 },
  );
  let found = 0;
  fc.assert(
    fc.property(fc.array(anyCondition, { maxLength: 12 }), rows, (conditions, people) => {
      const layout = new FactLayout();
      const each = conditions.map((condition) => compile(condition, layout));
      const first = compileFirst(conditions, layout);
      const facts = people.map(([channel, opens, clicks]) => {
        const named: Record<string, unknown> = {
          'message.channel': channel,
          'engagement.opens_7d': opens,
          'engagement.clicks_7d': clicks,
        };
        return layout.read(({ id }) => named[id]);
      });
      const expected = facts.map((one) => each.findIndex((holds) => holds(one, now)));
      expect(facts.map((one) => first(one, now))).toEqual(expected);
      found += expected.filter((index) => index > 1).length;
    }),
    { numRuns: 300 },
  );
  expect(found).toBeGreaterThan(300);
});

test('finds none among none', () => {
  expect(compileFirst([], new FactLayout())([], now)).toBe(-1);
});

test('lists too long to be looked up beforehand are tried in order', () => {
  const values = (index: number) => Array.from({ length: 500 }, (_, at) => at * 3 + index);
  const conditions = Array.from({ length: 60 }, (_, index) =>
    checked(leaf('engagement.opens_7d', 'in', values(index))),
  );
  const layout = new FactLayout();
  const first = compileFirst(conditions, layout);
  for (const opens of [-1, 0, 1, 2, 3, 59, 1500, 1556, 1557]) {
    const expected = opens < 0 || opens > 1556 ? -1 : opens < 1500 ? opens % 3 : opens - 1497;
    expect(
      first(
        layout.read(() => opens),
        now,
      ),
      String(opens),
    ).toBe(expected);
  }
});
