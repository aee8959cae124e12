import { isDeepStrictEqual } from 'node:util';
import { type Catalogue, checkCondition, type Group, leavesOf } from '../../conditions/index.js';
import type { Finding } from '../../contract/rules.js';
import type { ReadRule } from '../compiled-rules.js';
import { all, findWitness, not, type Search } from './witness.js';

/**
 * What is wrong with a set of rules, found by looking at the conditions alone. Each finding that can have one has an
 * example: facts under which it shows.
 *
 * @param rules enabled ones, in the order in which they are looked at
 */
export function findingsOf(rules: readonly ReadRule[], catalogue: Catalogue, now: number): Finding[] {
  const open = reachOpen(catalogue);
  const bare = read(
    { combinator: 'and', rules: [{ field: 'request.asked', operator: '=', value: 'this' }] },
    catalogue,
  );
  return [
    ...rules.flatMap((rule, index) => [
      ...reachability(rule, rules.slice(0, index), { open, bare }, now),
      ...essential(rule),
      ...warnings(rule),
    ]),
    ...conflicts(rules, open, now),
    ...gap(rules, open, now),
  ];
}

/** Can the rule ever decide anything? */
function reachability(
  { rule, condition }: ReadRule,
  earlier: readonly ReadRule[],
  { open, bare }: { open: Group; bare: Group },
  now: number,
): Finding[] {
  const own = findWitness(condition, now);
  if (own.found === null) return [impossible(rule.id, own)];
  const acting = findWitness(all(condition, open, bare), now);
  if (acting.found === null && acting.isComplete) {
    return [
      {
        kind: 'touches_choice',
        severity: 'error',
        rules: [rule.id],
        detail:
          'It matches only where the person chose the reach (picks, "all", "everything") or the signal itself says it. Rules never change that.',
        example: own.found,
      },
    ];
  }
  const unseen = earlier.map((one) => not(one.condition));
  const reached = findWitness(all(condition, open, ...unseen), now);
  if (reached.found !== null || !reached.isComplete) return [];
  const covering = earlier.filter((one) => {
    const apart = findWitness(all(condition, open, not(one.condition)), now);
    return apart.found === null && apart.isComplete;
  });
  const [same] = covering.filter((one) => isDeepStrictEqual(one.rule.when, rule.when));
  const names = (covering.length > 0 ? covering : earlier).map((one) => one.rule.id);
  return [
    {
      kind: same === undefined ? 'covered' : 'duplicate',
      severity: 'error',
      rules: [rule.id, ...names],
      detail:
        same === undefined
          ? `Whatever it matches is matched before by ${names.join(', ')}: it never decides.`
          : `It has the condition of ${same.rule.id}, which is looked at before: it never decides.`,
      example: acting.found ?? own.found,
    },
  ];
}

function impossible(rule: string, search: Search): Finding {
  const isSure = search.found === null && search.isComplete;
  return {
    kind: 'unsatisfiable',
    severity: isSure ? 'error' : 'warning',
    rules: [rule],
    detail: isSure
      ? 'No facts satisfy its condition: it never matches.'
      : 'No facts were found that satisfy its condition.',
    example: null,
  };
}

/** Two rules of one priority that can both match and say different things: which of them decides is an accident. */
function conflicts(rules: readonly ReadRule[], open: Group, now: number): Finding[] {
  return rules.flatMap((one, index) =>
    rules.slice(index + 1).flatMap((other): Finding[] => {
      if (one.rule.priority !== other.rule.priority) return [];
      if (isDeepStrictEqual(one.rule.then, other.rule.then)) return [];
      const both = findWitness(all(one.condition, other.condition, open), now);
      if (both.found === null) return [];
      return [
        {
          kind: 'conflict',
          severity: 'error',
          rules: [one.rule.id, other.rule.id],
          detail: `Both have priority ${one.rule.priority}, can match the same request, and do different things. Give one of them a lower number.`,
          example: both.found,
        },
      ];
    }),
  );
}

/** A request that no rule decides: there the stream and the floor stand alone. */
function gap(rules: readonly ReadRule[], open: Group, now: number): Finding[] {
  if (rules.length === 0) return [];
  const missed = findWitness(all(open, ...rules.map(({ condition }) => not(condition))), now);
  if (missed.found === null) return [];
  return [
    {
      kind: 'gap',
      severity: 'warning',
      rules: [],
      detail: 'No rule matches such a request: the stream of the message stops, and what the floor demands.',
      example: missed.found,
    },
  ];
}

function essential({ rule }: ReadRule): Finding[] {
  const { scope } = rule.then;
  if (scope.kind !== 'selectors') return [];
  const named = scope.selectors.filter((selector) => selector.class === 'essential');
  if (named.length === 0) return [];
  return [
    {
      kind: 'essential',
      severity: 'error',
      rules: [rule.id],
      detail: 'It names essential mail (receipts, security), which no rule may stop.',
      example: { 'then.scope': named.map((selector) => JSON.stringify(selector)) },
    },
  ];
}

/** What may only widen, asked in the negative: the rule would act for want of it. */
function warnings({ rule, condition }: ReadRule): Finding[] {
  const found: Finding[] = [];
  const hasNot = (group: Group): boolean =>
    group.not || group.parts.some((part) => part.kind === 'group' && hasNot(part));
  const negated = hasNot(condition);
  for (const leaf of leavesOf(condition)) {
    if (!leaf.field.field.widens_only || !(leaf.negated || negated)) continue;
    found.push({
      kind: 'widens_only',
      severity: 'warning',
      rules: [rule.id],
      detail: `${leaf.path}: ${leaf.field.title} may only widen, and is asked here in the negative.`,
      example: null,
    });
  }
  return found;
}

/** The requests on which a rule may act at all: `isReachOpen` of scope.ts as a condition; a test compares the two. */
export function reachOpen(catalogue: Catalogue): Group {
  const settled = [
    'global_unsubscribe',
    'opt_out_preference_signal',
    'gdpr_objection_art21',
    'erasure_request_art17',
  ];
  const complaints = ['complaint', 'complaint_optout'];
  return read(
    {
      combinator: 'or',
      rules: [
        { field: 'request.trigger', operator: 'in', value: complaints },
        {
          combinator: 'and',
          rules: [
            { field: 'request.asked', operator: '=', value: 'this' },
            {
              combinator: 'and',
              not: true,
              rules: [{ field: 'request.trigger', operator: 'in', value: settled }],
            },
          ],
        },
      ],
    },
    catalogue,
  );
}

function read(condition: object, catalogue: Catalogue): Group {
  const checked = checkCondition(condition, catalogue, 'decision');
  if (!checked.ok) throw new Error('the catalogue does not know trigger and asked');
  return checked.condition;
}
