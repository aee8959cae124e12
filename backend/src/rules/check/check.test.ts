import { describe, expect, it } from 'vitest';
import { buildCatalogue } from '../../conditions/index.js';
import type { Finding, Rule } from '../../contract/rules.js';
import { channels, triggers } from '../../contract/vocabulary.js';
import { facts, request } from '../../opt-outs/decide-test-support.js';
import { isReachOpen } from '../../opt-outs/scope.js';
import { compileRules, readRules } from '../compiled-rules.js';
import { checkRules } from './check.js';
import { findingsOf, reachOpen } from './findings.js';
import { prove } from './proof.js';
import { Searches } from './witness.js';

const catalogue = buildCatalogue({
  attributes: [{ name: 'plan', type: 'text' }],
  segments: ['vip', ...'abcdefghijkl'].map((id) => ({ id, title: id.toUpperCase() })),
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

const find = (...rules: Rule[]): Promise<Finding[]> => findingsOf(read(...rules), catalogue, now);
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

it('essential mail at each place that a rule names is among what is proved, on every channel', async () => {
  const cells = async (...selectors: object[]) => {
    const scope = { kind: 'selectors', selectors };
    return (await prove(read(rule('x', 1, and(), { scope })))).cells;
  };
  const one = await cells({ category: 'receipts' });
  expect(await cells({ category: 'receipts' }, { brand: 'bank', channel: 'sms' })).toBe(
    one + channels.length,
  );
}, 120_000);

describe('planted defects are reported with an example', () => {
  it('a rule that an earlier one covers', async () => {
    const report = await find(
      rule('all-mail', 1, and(leaf('message.channel', 'in', ['email', 'sms']))),
      rule('lost', 2, and(leaf('message.channel', '=', 'email'), leaf('message.category', '=', 'news'))),
    );
    expect(kinds(report)).toContain('covered lost all-mail');
    expect(report[0]?.example).toMatchObject({
      'message.channel': 'email',
      'message.category': 'news',
    });
  });

  it('a rule that two earlier ones cover together', async () => {
    const report = await find(
      rule('young', 1, and(leaf('subscriber.tenure_days', '<', 30))),
      rule('old', 2, and(leaf('subscriber.tenure_days', '>=', 30))),
      rule('lost', 3, and(leaf('subscriber.tenure_days', 'notNull'))),
    );
    expect(kinds(report)).toContain('covered lost young old');
  });

  it('a rule that says what another said', async () => {
    const same = and(leaf('segment', 'contains', 'vip'));
    const report = await find(rule('one', 1, same), rule('two', 2, same));
    expect(kinds(report)).toContain('duplicate two one');
  });

  it('two rules of one priority that can both match and differ', async () => {
    const report = await find(
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

  it('a request that no rule decides', async () => {
    const report = await find(rule('mail', 1, and(leaf('message.channel', '=', 'email'))));
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

  it('a rule that touches picks or "all"', async () => {
    const report = await find(
      rule('picker', 1, and(leaf('request.asked', 'in', ['picks', 'all'])), { scope: { kind: 'channel' } }),
    );
    expect(kinds(report)).toContain('touches_choice picker');
    expect(report[0]?.example).toMatchObject({
      'request.asked': expect.stringMatching(/picks|all/),
    });
  });

  it('a condition that nothing satisfies', async () => {
    const report = await find(
      rule('never', 1, and(leaf('subscriber.tenure_days', '<', 5), leaf('subscriber.tenure_days', '>', 9))),
    );
    expect(kinds(report)).toContain('unsatisfiable never');
  });

  it('a condition that holds whatever the facts; a fact that may be missing is none', async () => {
    const isMail = leaf('message.channel', '=', 'email');
    const always = or(isMail, { ...and(isMail), not: true });
    const known = or(leaf('subscriber.tenure_days', '<', 5), leaf('subscriber.tenure_days', '>=', 5));
    expect(kinds(await find(rule('always', 1, always)))).toEqual(['always_true always']);
    expect(kinds(await find(rule('known', 1, known)))).toEqual(['gap']);
    expect(kinds(await find(rule('rest', 1, and())))).toEqual([]);
  });

  it('a field that may only widen, asked in the negative', async () => {
    const report = await find(
      rule('cold', 1, or(leaf('churn.risk_30d', '<', 0.5), leaf('message.audience', '!=', 'vip'))),
    );
    expect(kinds(report)).toContain('widens_only cold');
  });
});

describe('what can match is not called impossible', () => {
  it('a text that holds two parts', async () => {
    const two = ['spring', 'sale'].map((part) => leaf('message.category', 'contains', part));
    expect(kinds(await find(rule('both', 1, and(...two))))).toEqual(['gap']);
  });

  it('a subscriber in some of many segments: not told, where not every combination is tried', async () => {
    const inside = [...'abcdef'].map((key) => leaf('segment', 'contains', key));
    const outside = [...'ghijkl'].map((key) => leaf('segment', 'doesNotContain', key));
    expect(kinds(await find(rule('some', 1, and(...inside, ...outside))))).toEqual(['gap', 'untold some']);
    const apart = (id: string, channel: string) =>
      rule(id, 1, and(leaf('message.category', 'contains', id), leaf('message.channel', '=', channel)), {
        tag: id,
        scope: { kind: 'stream' },
      });
    expect(kinds(await find(apart('one', 'email'), apart('two', 'sms')))).toEqual(['gap']);
    const few = [...inside.slice(0, 3), ...outside.slice(0, 4)];
    expect(kinds(await find(rule('few', 1, and(...few))))).toEqual(['gap']);
  });
});

describe('large sets', () => {
  const counts = ['opens_7d', 'opens_30d', 'opens_90d', 'clicks_7d', 'clicks_30d', 'sends_7d', 'sends_30d'];
  const many = Array.from({ length: 40 }, (_, index) => {
    const asked = counts.map((count, at) =>
      leaf(`engagement.${count}`, '<', ((index * 7 + at * 3) % 20) + 1),
    );
    return rule(`r${index}`, 1, or(and(...asked.slice(0, 4)), and(...asked.slice(3))), {
      scope: { kind: 'channel' },
      tag: `${index}`,
    });
  });

  it('leave the thread to others while they are looked at', async () => {
    let longest = 0;
    let last = performance.now();
    const timer = setInterval(() => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 1);
    const report = await find(...many);
    clearInterval(timer);
    longest = Math.max(longest, performance.now() - last);
    // Searched in one go they hold it for seconds; a machine that does other things besides takes some of it.
    expect(longest).toBeLessThan(500);
    expect(report.filter(({ kind }) => kind === 'conflict')).toHaveLength(100);
  }, 60_000);

  it('say of what could not be searched to the end', async () => {
    const few = many.slice(0, 3);
    const report = await findingsOf(read(...few), catalogue, now, new Searches(now, 10));
    const ids = few.map(({ id }) => id);
    expect(report).toMatchObject([{ kind: 'untold', severity: 'warning', rules: ids, example: null }]);
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
