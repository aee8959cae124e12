import { expect, test } from 'vitest';
import { FactLayout } from './facts.js';
import { checked, leaf } from './test-support.js';
import { compileTrace } from './trace.js';

test('tells every leaf in order with its fact, also those that could not change the answer', () => {
  const condition = checked({
    combinator: 'or',
    rules: [
      { field: 'engagement.opens_30d', operator: '<', value: 1 },
      { combinator: 'and', not: true, rules: [leaf('engagement.last_open', 'withinLast', 30)] },
      { field: 'segment', operator: 'contains', value: 'lapsing' },
      { field: 'message.category', operator: '!=', value: 'a' },
    ],
  });
  const layout = new FactLayout();
  const trace = compileTrace(condition, layout);
  const facts: Record<string, unknown> = {
    'engagement.opens_30d': 0,
    'engagement.last_open': Date.UTC(2026, 10, 1),
    segment: ['lapsing', 'dormant'],
  };
  expect(
    trace(
      layout.read(({ id }) => facts[id]),
      Date.UTC(2026, 10, 20),
    ),
  ).toEqual({
    held: true,
    leaves: [
      { path: 'rules[0]', field: 'engagement.opens_30d', operator: '<', fact: 0, held: true },
      {
        path: 'rules[1].rules[0].rules[0]',
        field: 'engagement.last_open',
        operator: 'withinLast',
        fact: '2026-11-01T00:00:00.000Z',
        held: true,
      },
      { path: 'rules[2]', field: 'segment', operator: 'contains', fact: ['dormant', 'lapsing'], held: true },
      { path: 'rules[3]', field: 'message.category', operator: '!=', fact: null, held: false },
    ],
  });
});
