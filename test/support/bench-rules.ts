import type { Condition } from '@secateur/backend/contract';

const day = 86_400_000;
export const now = Date.UTC(2026, 10, 20);

const channels = ['email', 'sms', 'push', 'in_app', 'whatsapp', 'voice', 'post', 'web'] as const;
const triggers = [
  'one_click_unsubscribe',
  'mailto_unsubscribe',
  'link_unsubscribe',
  'complaint',
  'sms_stop',
] as const;

/** One of 100 rules, as data that each engine's own form is made of. */
export interface BenchRule {
  readonly channel: string;
  readonly triggers: readonly string[];
  readonly fewerOpensThan: number;
  readonly notOpenedFor: number;
  readonly plan: string;
  readonly categoryBegins: string;
}

/** channel ∧ trigger ∧ (few opens ∨ none for long ∨ plan) ∧ category: five in six requests match none of them. */
export const hundredRules: readonly BenchRule[] = Array.from({ length: 100 }, (_, index) => ({
  channel: pick(channels, index),
  triggers: [pick(triggers, index), pick(triggers, index + 1)],
  fewerOpensThan: index % 9,
  notOpenedFor: 30 + index,
  plan: `plan-${index}`,
  categoryBegins: `cat${index % 13}`,
}));

export interface BenchRequest {
  readonly channel: string;
  readonly trigger: string;
  readonly category: string;
  readonly opens_30d: number;
  /** null: never. */
  readonly last_open: number | null;
  readonly plan: string;
}

export function benchRequests(count: number, random: () => number): BenchRequest[] {
  const upTo = (limit: number) => Math.floor(random() * limit);
  return Array.from({ length: count }, () => ({
    channel: pick(channels, upTo(channels.length)),
    trigger: pick(triggers, upTo(triggers.length)),
    category: `cat${upTo(60)}`,
    opens_30d: upTo(12),
    last_open: random() < 0.3 ? null : now - upTo(90 * day),
    plan: `plan-${upTo(200)}`,
  }));
}

/** The fields of a request by the ids of the catalogue. */
export const fieldOf: Readonly<Record<string, keyof BenchRequest>> = {
  'message.channel': 'channel',
  'message.category': 'category',
  'request.trigger': 'trigger',
  'engagement.opens_30d': 'opens_30d',
  'engagement.last_open': 'last_open',
  'subscriber.attributes.plan': 'plan',
};

export function ourCondition(rule: BenchRule): Condition {
  return {
    combinator: 'and',
    rules: [
      { field: 'message.channel', operator: '=', value: rule.channel },
      { field: 'request.trigger', operator: 'in', value: [...rule.triggers] },
      {
        combinator: 'or',
        rules: [
          { field: 'engagement.opens_30d', operator: '<', value: rule.fewerOpensThan },
          { field: 'engagement.last_open', operator: 'notWithinLast', value: rule.notOpenedFor },
          { field: 'subscriber.attributes.plan', operator: '=', value: rule.plan },
        ],
      },
      { field: 'message.category', operator: 'beginsWith', value: rule.categoryBegins },
    ],
  };
}

/** A rule of json-rules-engine; the operators `beginsWith` and `before` are ours. */
export function jsonRule(rule: BenchRule, index: number) {
  const leaf = (fact: string, operator: string, value: unknown) => ({ fact, operator, value });
  return {
    priority: hundredRules.length - index,
    event: { type: 'matched', params: { index } },
    conditions: {
      all: [
        leaf('channel', 'equal', rule.channel),
        leaf('trigger', 'in', rule.triggers),
        {
          any: [
            leaf('opens_30d', 'lessThan', rule.fewerOpensThan),
            leaf('last_open', 'before', now - rule.notOpenedFor * day),
            leaf('plan', 'equal', rule.plan),
          ],
        },
        leaf('category', 'beginsWith', rule.categoryBegins),
      ],
    },
  };
}

/** A decision table of zen-engine, a column for each field: the first row that hits answers. */
export function zenTable(rules: readonly BenchRule[]) {
  const column = (id: string, field?: string) => ({
    id,
    name: id,
    ...(field === undefined ? {} : { field }),
  });
  const either = (rule: BenchRule) =>
    `opens_30d < ${rule.fewerOpensThan} or ` +
    `(last_open != null and last_open <= ${now - rule.notOpenedFor * day}) or plan == "${rule.plan}"`;
  return {
    nodes: [
      { id: 'in', type: 'inputNode', name: 'in' },
      {
        id: 'table',
        type: 'decisionTableNode',
        name: 'table',
        content: {
          hitPolicy: 'first',
          inputs: [column('c', 'channel'), column('t', 'trigger'), column('e'), column('g', 'category')],
          outputs: [column('index', 'index')],
          rules: rules.map((rule, index) => ({
            _id: `r${index}`,
            c: `"${rule.channel}"`,
            t: rule.triggers.map((trigger) => `"${trigger}"`).join(', '),
            e: either(rule),
            g: `startsWith($, "${rule.categoryBegins}")`,
            index: String(index),
          })),
        },
      },
      { id: 'out', type: 'outputNode', name: 'out' },
    ],
    edges: [
      { id: 'a', sourceId: 'in', targetId: 'table', type: 'edge' },
      { id: 'b', sourceId: 'table', targetId: 'out', type: 'edge' },
    ],
  };
}

function pick<Value>(values: readonly Value[], index: number): Value {
  const value = values[index % values.length];
  if (value === undefined) throw new Error('nothing to choose from');
  return value;
}
