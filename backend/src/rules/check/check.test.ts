import { describe, expect, it } from 'vitest';
import { buildCatalogue } from '../../conditions/index.js';
import type { Finding, Rule } from '../../contract/rules.js';
import { triggers } from '../../contract/vocabulary.js';
import { facts, request } from '../../opt-outs/decide-test-support.js';
import { isReachOpen } from '../../opt-outs/scope.js';
import { compileRules, readRules } from '../compiled-rules.js';
import { checkRules } from './check.js';
import { findingsOf, reachOpen } from './findings.js';

const catalogue = buildCatalogue({
  attributes: [{ name: 'plan', type: 'text' }],
  segments: [{ id: 'vip', title: 'VIP' }],
  streams: [{ key: 'promotions', title: 'Promotions', category: 'promotions' }],
});
const now = Date.UTC(2026, 10, 23);

const leaf = (field: string, operator: string, value?: unknown) => ({
  field,
  operator,
  ...(value === undefined ? {} : { value }),
});
const and = (...rules: object[]) => ({ combinator: 'and', rules });
const or = (...rules: object[]) => ({ combinator: 'or', rules });

function rule(
  id: string,
  priority: number,
  when: object,
  then: object = { scope: { kind: 'stream' } },
): Rule {
  return { id, name: id, priority, enabled: true, when, then } as Rule;
}

function read(...rules: Rule[]) {
  const found = readRules(rules, catalogue);
  if (!found.ok) throw new Error(JSON.stringify(found.faults));
  return found.rules;
}

const find = (...rules: Rule[]): Finding[] => findingsOf(read(...rules), catalogue, now);
const kinds = (findings: readonly Finding[]) =>
  findings.map(({ kind, rules }) => `${kind} ${rules.join(' ')}`.trim());

describe('a sound set', () => {
  it('passes, with the number of cells it was proved over', async () => {
    const report = await checkRules(
      read(
        rule('sms', 10, and(leaf('message.channel', '=', 'sms')), { scope: { kind: 'channel' } }),
        rule('rest', 20, and(), { scope: { kind: 'stream' } }),
      ),
      catalogue,
      now,
    );
    expect(report).toMatchObject({ passed: true, findings: [] });
    // 28 triggers × 8 channels × 9 jurisdictions × 4 classes × 4 ways to ask, and the rules on top.
    expect(report.cells).toBeGreaterThan(28 * 8 * 9 * 4 * 4);
  }, 120_000);
});

describe('planted defects are reported with an example', () => {
  it('a rule that an earlier one covers', () => {
    const report = find(
      rule('all-mail', 1, and(leaf('message.channel', 'in', ['email', 'sms']))),
      rule('lost', 2, and(leaf('message.channel', '=', 'email'), leaf('message.category', '=', 'news'))),
    );
    expect(kinds(report)).toContain('covered lost all-mail');
    expect(report[0]?.example).toMatchObject({
      'message.channel': 'email',
      'message.category': 'news',
    });
  });

  it('a rule that two earlier ones cover together', () => {
    const report = find(
      rule('young', 1, and(leaf('subscriber.tenure_days', '<', 30))),
      rule('old', 2, and(leaf('subscriber.tenure_days', '>=', 30))),
      rule('lost', 3, and(leaf('subscriber.tenure_days', 'notNull'))),
    );
    expect(kinds(report)).toContain('covered lost young old');
  });

  it('a rule that says what another said', () => {
    const same = and(leaf('segment', 'contains', 'vip'));
    const report = find(rule('one', 1, same), rule('two', 2, same));
    expect(kinds(report)).toContain('duplicate two one');
  });

  it('two rules of one priority that can both match and differ', () => {
    const report = find(
      rule('a', 5, and(leaf('message.channel', '=', 'email')), { scope: { kind: 'stream' } }),
      rule('b', 5, and(leaf('subscriber.attributes.plan', '=', 'free')), { scope: { kind: 'channel' } }),
    );
    expect(kinds(report)).toContain('conflict a b');
    const conflict = report.find(({ kind }) => kind === 'conflict');
    expect(conflict?.example).toMatchObject({
      'message.channel': 'email',
      'subscriber.attributes.plan': 'free',
    });
  });

  it('a request that no rule decides', () => {
    const report = find(rule('mail', 1, and(leaf('message.channel', '=', 'email'))));
    expect(kinds(report)).toContain('gap');
    const gap = report.find(({ kind }) => kind === 'gap');
    expect(gap?.example?.['message.channel']).not.toBe('email');
    expect(report.every(({ severity }) => severity === 'warning')).toBe(true);
  });

  it('a rule that stops essential mail', async () => {
    const greedy = rule('greedy', 1, and(), {
      scope: { kind: 'selectors', selectors: [{ class: 'essential' }] },
    });
    const { passed, findings: report } = await checkRules(read(greedy), catalogue, now);
    expect(passed).toBe(false);
    expect(kinds(report)).toEqual(expect.arrayContaining(['essential greedy', 'unsafe greedy']));
  }, 120_000);

  it('a rule that touches picks or "all"', () => {
    const report = find(
      rule('picker', 1, and(leaf('request.asked', 'in', ['picks', 'all'])), { scope: { kind: 'channel' } }),
    );
    expect(kinds(report)).toContain('touches_choice picker');
    expect(report[0]?.example).toMatchObject({
      'request.asked': expect.stringMatching(/picks|all/),
    });
  });

  it('a condition that nothing satisfies', () => {
    const report = find(
      rule('never', 1, and(leaf('subscriber.tenure_days', '<', 5), leaf('subscriber.tenure_days', '>', 9))),
    );
    expect(kinds(report)).toContain('unsatisfiable never');
  });

  it('a field that may only widen, asked in the negative', () => {
    const report = find(
      rule('cold', 1, or(leaf('churn.risk_30d', '<', 0.5), leaf('message.audience', '!=', 'vip'))),
    );
    expect(kinds(report)).toContain('widens_only cold');
  });
});

it('the requests on which a rule may act are those that decide() lets it act on', () => {
  const open = compileRules('x', [{ rule: rule('x', 1, and()), condition: reachOpen(catalogue), text: '' }]);
  for (const trigger of triggers) {
    for (const asked of ['this', 'all', 'everything'] as const) {
      const isComplaint = trigger === 'complaint' || trigger === 'complaint_optout';
      const given = request({ trigger, asked, type: isComplaint ? 'complained' : 'opted_out' });
      const matched = open.rules[0]?.evaluate(given, facts()) !== null;
      expect({ trigger, asked, matched }).toEqual({ trigger, asked, matched: isReachOpen(given) });
    }
  }
});
