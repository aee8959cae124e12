import { createHash } from 'node:crypto';
import type { Condition, ConditionLeaf } from '../contract/conditions.js';
import type { Cap } from '../contract/events.js';
import type { Rule, RuleOffers } from '../contract/rules.js';
import type { Suggestion } from '../contract/suggestions.js';

/** A segment on a stream that is about to lose subscribers, and the rule that decides there. */
export interface AtRisk {
  readonly segment: string;
  readonly segmentTitle: string;
  readonly stream: string;
  readonly streamTitle: string;
  /** Id of the rule in force that decides most of its opt-outs; null: none does, and the stream alone stops. */
  readonly decidedBy: string | null;
  /** Other advertising streams of its category, and of its channel. */
  readonly siblings: { readonly category: number; readonly channel: number };
}

/** One edit of the rules in force. */
export interface Edit {
  readonly id: string;
  readonly kind: Suggestion['kind'];
  readonly title: string;
  /** null: wherever the rule decides. */
  readonly segment: string | null;
  readonly stream: string | null;
  readonly rule: Rule;
  readonly replaces: string | null;
  /** All rules, with the edit. */
  readonly rules: readonly Rule[];
}

const mostPriority = 10_000;
/** Room for more rules between two. */
const step = 10;
const shortPauses = [7, 30];
const usualPauses = [30, 90];
const seldom: Cap = { n: 2, per: 'month' };
/** By how much a threshold moves. */
const moves = [0.75, 1.25] as const;

/**
 * The edits that the grammar knows for segments at risk, in order: none leaves the floor, because rules only say what stops
 * beside it.
 *
 * @param rules in force
 */
export function editsOf(rules: readonly Rule[], cells: readonly AtRisk[]): Edit[] {
  const inOrder = rules.filter(({ enabled }) => enabled).sort(byPlace);
  const edits = cells.flatMap((cell) => {
    const decider = inOrder.find(({ id }) => id === cell.decidedBy) ?? null;
    return [...scopes(cell, decider), ...offers(cell, decider)].flatMap(({ kind, title, effect }) => {
      const edited = edit(rules, cell, decider, { kind, title, effect });
      if (edited === null) return [];
      const { segment, stream } = cell;
      return [{ id: idOf(edited.rule, edited.replaces), kind, title, segment, stream, ...edited }];
    });
  });
  const deciders = new Set(cells.map(({ decidedBy }) => decidedBy));
  return [
    ...edits,
    ...inOrder.filter(({ id }) => deciders.has(id)).flatMap((rule) => thresholds(rules, rule)),
  ];
}

interface Move {
  readonly kind: Suggestion['kind'];
  readonly title: string;
  readonly effect: Rule['then'];
}

function scopes(cell: AtRisk, decider: Rule | null): Move[] {
  const { segmentTitle, streamTitle, siblings } = cell;
  const rest = offersOf(decider);
  const who = `When ${segmentTitle} stops ${streamTitle}`;
  if (decider !== null && decider.then.scope.kind !== 'stream')
    return [
      {
        kind: 'narrower',
        title: `${who}, stop that stream alone`,
        effect: { scope: { kind: 'stream' }, ...rest },
      },
    ];
  const moves: Move[] = [];
  if (siblings.category > 0)
    moves.push({
      kind: 'wider',
      title: `${who}, stop its whole category`,
      effect: { scope: { kind: 'category' }, ...rest },
    });
  else if (siblings.channel > 0)
    moves.push({
      kind: 'wider',
      title: `${who}, stop all advertising on its channel`,
      effect: { scope: { kind: 'channel' }, ...rest },
    });
  return moves;
}

function offers(cell: AtRisk, decider: Rule | null): Move[] {
  const { segmentTitle, streamTitle } = cell;
  const scope = decider?.then.scope ?? { kind: 'stream' as const };
  const now = decider?.then.offers ?? {};
  const isOffered = now.pause === undefined || now.pause.length > 0;
  const pause = isOffered ? shortPauses : usualPauses;
  const after = `After ${segmentTitle} stopped ${streamTitle}`;
  const moves: Move[] = [];
  if (!same(now.pause ?? usualPauses, pause))
    moves.push({
      kind: 'offer_pause',
      title: `${after}, offer a pause of ${pause.join(' or ')} days`,
      effect: { scope, offers: { ...now, pause } },
    });
  if (!same(now.cap, seldom))
    moves.push({
      kind: 'offer_cap',
      title: `${after}, offer ${seldom.n} messages a ${seldom.per}`,
      effect: { scope, offers: { ...now, cap: seldom } },
    });
  return moves;
}

type Edited = Pick<Edit, 'rule' | 'replaces' | 'rules'>;

/** The rule that decides there, where it is for this segment and stream alone; else a rule of its own before that. */
function edit(rules: readonly Rule[], cell: AtRisk, decider: Rule | null, move: Move): Edited | null {
  if (decider !== null && isOf(decider, cell)) {
    // biome-ignore lint/suspicious/noThenProperty: the word of the product; rules are data and never awaited
    const rule = { ...decider, then: { ...move.effect, ...tagOf(decider) } };
    return {
      rule,
      replaces: decider.id,
      rules: rules.map((one) => (one.id === decider.id ? rule : one)),
    };
  }
  const placedRule = placed(rules, refined(cell, decider, move), decider);
  return placedRule === null ? null : { ...placedRule, replaces: null };
}

function isOf({ when }: Rule, cell: AtRisk): boolean {
  if (when.combinator !== 'and' || when.not === true) return false;
  return leavesOf(cell).every((own) => when.rules.some((one) => same(one, own)));
}

const leavesOf = ({ segment, stream }: AtRisk): ConditionLeaf[] => [
  { field: 'segment', operator: 'contains', value: segment },
  { field: 'message.stream', operator: '=', value: stream },
];

const tagOf = ({ then: { tag } }: Rule): { tag?: string } => (tag === undefined ? {} : { tag });

/** Where the rule that decides there matches, and for the segment and stream alone: nothing else is decided otherwise. */
function refined(cell: AtRisk, decider: Rule | null, { kind, title, effect }: Move): Rule {
  const before = decider === null || decider.when.rules.length === 0 ? [] : [decider.when];
  const rule: Rule = {
    id: '',
    name: title.slice(0, mostName).toWellFormed(),
    priority: 0,
    enabled: true,
    when: { combinator: 'and', rules: [...leavesOf(cell), ...before] },
    // biome-ignore lint/suspicious/noThenProperty: the word of the product; rules are data and never awaited
    then: { ...effect, tag: 'suggested' },
  };
  return { ...rule, id: `${kind.replace('_', '-')}-${idOf(rule, null).slice(0, 8)}` };
}

const mostName = 128;

/** The rule right before another, or at the end; the others make room. null where there is none. */
function placed(
  rules: readonly Rule[],
  rule: Rule,
  before: Rule | null,
): Pick<Edit, 'rule' | 'rules'> | null {
  const sorted = [...rules].sort(byPlace);
  const at = before === null ? sorted.length : sorted.findIndex(({ id }) => id === before.id);
  const lower = sorted[at - 1]?.priority ?? -1;
  const upper = sorted[at]?.priority ?? Math.min(mostPriority + 1, lower + 2 * step);
  if (upper - lower >= 2) return inPlace(sorted, at, { ...rule, priority: lower + ((upper - lower) >> 1) });
  const moved = sorted.map((one, index) => (index < at ? one : { ...one, priority: one.priority + step }));
  if (moved.some(({ priority }) => priority > mostPriority)) return null;
  return inPlace(moved, at, { ...rule, priority: upper + (step >> 1) });
}

const inPlace = (rules: readonly Rule[], at: number, rule: Rule): Pick<Edit, 'rule' | 'rules'> => ({
  rule,
  rules: [...rules.slice(0, at), rule, ...rules.slice(at)],
});

/** Each number that the rule compares with, a step down and a step up. */
function thresholds(rules: readonly Rule[], rule: Rule): Edit[] {
  const paths = numbersOf(rule.when);
  return paths.flatMap(({ path, leaf, value }) =>
    moves.flatMap((factor) => {
      const next = moved(value, factor);
      if (next === value) return [];
      const changed: Rule = { ...rule, when: withLeaf(rule.when, path, { ...leaf, value: next }) };
      return [
        {
          id: idOf(changed, rule.id),
          kind: 'threshold' as const,
          title: `${rule.name}: ${leaf.field} ${leaf.operator} ${next} in place of ${value}`,
          segment: null,
          stream: null,
          rule: changed,
          replaces: rule.id,
          rules: rules.map((one) => (one.id === rule.id ? changed : one)),
        },
      ];
    }),
  );
}

/** A whole number moves by one at least; others keep three digits. */
function moved(value: number, factor: number): number {
  if (!Number.isInteger(value)) return Number((value * factor).toPrecision(3));
  const by = Math.max(1, Math.round(Math.abs(value) * Math.abs(factor - 1)));
  return value + (factor > 1 ? by : -by);
}

const thresholdOperators: ReadonlySet<string> = new Set(['<', '<=', '>', '>=']);

interface NumberAt {
  readonly path: readonly number[];
  readonly leaf: ConditionLeaf;
  readonly value: number;
}

function numbersOf(condition: Condition, path: readonly number[] = []): NumberAt[] {
  return condition.rules.flatMap((part, index): NumberAt[] => {
    const at = [...path, index];
    if ('rules' in part) return numbersOf(part, at);
    return thresholdOperators.has(part.operator) && typeof part.value === 'number'
      ? [{ path: at, leaf: part, value: part.value }]
      : [];
  });
}

function withLeaf(condition: Condition, [first, ...rest]: readonly number[], leaf: ConditionLeaf): Condition {
  return {
    ...condition,
    rules: condition.rules.map((part, index) => {
      if (index !== first) return part;
      return rest.length > 0 && 'rules' in part ? withLeaf(part, rest, leaf) : leaf;
    }),
  };
}

const offersOf = (rule: Rule | null): { offers?: RuleOffers } =>
  rule?.then.offers === undefined ? {} : { offers: rule.then.offers };

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

const byPlace = (a: Rule, b: Rule): number => a.priority - b.priority || (a.id < b.id ? -1 : 1);

/** The same for the same condition and effect, whatever the rule is called and wherever it stands. */
function idOf({ when, then }: Rule, replaces: string | null): string {
  return createHash('sha256')
    .update(JSON.stringify([when, then, replaces]))
    .digest('hex')
    .slice(0, 16);
}
