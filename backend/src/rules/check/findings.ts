import { isDeepStrictEqual } from 'node:util';
import { type Catalogue, checkCondition, type Group, leavesOf } from '../../conditions/index.js';
import type { Finding } from '../../contract/rules.js';
import type { ReadRule } from '../compiled-rules.js';
import { all, not, type Search, Searches } from './witness.js';

/** More of a kind would be read by nobody: mended, those that are left are shown. */
const mostConflicts = 100;

/**
 * What is wrong with a set of rules, found by looking at the conditions alone. Each finding that can have one has an
 * example: facts under which it shows.
 *
 * @param rules enabled ones, in the order in which they are looked at
 */
export function findingsOf(
  rules: readonly ReadRule[],
  catalogue: Catalogue,
  now: number,
  searches = new Searches(now),
): Promise<Finding[]> {
  return new Looker(rules, catalogue, searches).findings();
}

class Looker {
  readonly #open: Group;
  readonly #bare: Group;
  /** Rules of which something could not be told. */
  readonly #untold = new Set<string>();

  constructor(
    private readonly rules: readonly ReadRule[],
    catalogue: Catalogue,
    private readonly searches: Searches,
  ) {
    this.#open = reachOpen(catalogue);
    this.#bare = read(
      { combinator: 'and', rules: [{ field: 'request.asked', operator: '=', value: 'this' }] },
      catalogue,
    );
  }

  async findings(): Promise<Finding[]> {
    const found: Finding[] = [];
    for (const [index, rule] of this.rules.entries()) {
      found.push(...(await this.#reachability(rule, this.rules.slice(0, index))));
      found.push(...(await this.#alwaysTrue(rule)));
      found.push(...essential(rule), ...warnings(rule));
    }
    found.push(...(await this.#conflicts()), ...(await this.#gap()));
    return [...found, ...this.#untoldOnes()];
  }

  /** Can the rule ever decide anything? */
  async #reachability({ rule, condition }: ReadRule, earlier: readonly ReadRule[]): Promise<Finding[]> {
    const own = await this.#find([rule.id], condition);
    if (own.found === null) return own.isComplete ? [unsatisfiable(rule.id)] : [];
    const acting = await this.#find([rule.id], all(condition, this.#open, this.#bare));
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
    const reached = await this.#find([rule.id], all(condition, this.#open, ...unseen));
    if (reached.found !== null || !reached.isComplete) return [];
    const covering: ReadRule[] = [];
    for (const one of earlier) {
      const apart = await this.#find([rule.id], all(condition, this.#open, not(one.condition)));
      if (apart.found === null && apart.isComplete) covering.push(one);
    }
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

  async #alwaysTrue({ rule, condition }: ReadRule): Promise<Finding[]> {
    if (leavesOf(condition).length === 0) return [];
    const missed = await this.#find([rule.id], not(condition));
    if (missed.found !== null || !missed.isComplete) return [];
    return [
      {
        kind: 'always_true',
        severity: 'warning',
        rules: [rule.id],
        detail:
          'Its condition holds whatever the facts: it matches every request. If that is meant, leave it out.',
        example: null,
      },
    ];
  }

  /** Two rules of one priority that can both match and say different things: which of them decides is an accident. */
  async #conflicts(): Promise<Finding[]> {
    const found: Finding[] = [];
    for (const [index, one] of this.rules.entries()) {
      for (const other of this.rules.slice(index + 1)) {
        if (found.length === mostConflicts) return found;
        if (one.rule.priority !== other.rule.priority) continue;
        if (isDeepStrictEqual(one.rule.then, other.rule.then)) continue;
        const ids = [one.rule.id, other.rule.id];
        const both = await this.#find(ids, all(one.condition, other.condition, this.#open));
        if (both.found === null) continue;
        found.push({
          kind: 'conflict',
          severity: 'error',
          rules: ids,
          detail: `Both have priority ${one.rule.priority}, can match the same request, and do different things. Give one of them a lower number.`,
          example: both.found,
        });
      }
    }
    return found;
  }

  /** A request that no rule decides: there the stream and the floor stand alone. */
  async #gap(): Promise<Finding[]> {
    if (this.rules.length === 0) return [];
    const missed = await this.#find(
      [],
      all(this.#open, ...this.rules.map(({ condition }) => not(condition))),
    );
    if (missed.found === null) return [];
    return [
      {
        kind: 'gap',
        severity: 'warning',
        rules: [],
        detail:
          'No rule matches such a request: the stream of the message stops, and what the floor demands.',
        example: missed.found,
      },
    ];
  }

  /** @param about whose finding it would be; the set's where none is named */
  async #find(about: readonly string[], condition: Group): Promise<Search> {
    const search = await this.searches.find(condition);
    if (search.found === null && !search.isComplete)
      for (const id of about.length > 0 ? about : this.rules.map(({ rule }) => rule.id)) this.#untold.add(id);
    return search;
  }

  /** Nothing found is not nothing there: whoever approves has to know. */
  #untoldOnes(): Finding[] {
    if (this.#untold.size === 0) return [];
    return [
      {
        kind: 'untold',
        severity: 'warning',
        rules: [...this.#untold],
        detail:
          'Their conditions are too intricate to be searched to the end: what is covered, conflicts or is missed may not be named here.',
        example: null,
      },
    ];
  }
}

const unsatisfiable = (rule: string): Finding => ({
  kind: 'unsatisfiable',
  severity: 'error',
  rules: [rule],
  detail: 'No facts satisfy its condition: it never matches.',
  example: null,
});

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
