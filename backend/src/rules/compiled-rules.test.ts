import { expect, it } from 'vitest';
import { buildCatalogue } from '../conditions/index.js';
import type { Rule } from '../contract/rules.js';
import { facts, request } from '../opt-outs/decide-test-support.js';
import { compileRules, readRules } from './compiled-rules.js';

it('a tag that an older release took is one that the engine takes: no opt-out is lost to it', () => {
  const then = { scope: { kind: 'stream' }, tag: 'half \ud800' } as const;
  const rule: Rule = {
    id: 'a',
    name: 'a',
    priority: 1,
    enabled: true,
    when: { combinator: 'and', rules: [] },
    then,
  };
  const read = readRules([rule], buildCatalogue({ attributes: [], segments: [], streams: [] }));
  if (!read.ok) throw new Error(JSON.stringify(read.faults));
  const match = compileRules('x', read.rules).rules[0]?.evaluate(request({ asked: 'this' }), facts());
  expect(match?.tag).toBe('half \ufffd');
});
