import type { FailedRule, Incident } from '../contract/alerts.js';
import { idOf } from './id-of.js';
import type { Told } from './incident.js';

/** What one look at decisions says of one rule of one version. */
export interface RuleFailure extends Omit<FailedRule, 'action'> {
  readonly streams: readonly string[];
}

/**
 * Files a failure under the incident of its rule, or opens one: another where the last is resolved and it failed again
 * since. A rule that did not fail since it was last seen is no news.
 *
 * @returns null where nothing is new
 */
export function fileFailure(failure: RuleFailure, known: readonly Incident[], now: number): Told | null {
  const before = lastOf(failure, known);
  if (before === undefined) return { incident: opened(failure, '', now), news: 'opened' };
  const seen = Date.parse(failure.last_at);
  if (before.state === 'resolved') {
    const since = resolvedAt(before);
    return seen > since ? { incident: opened(failure, before.id, now), news: 'opened' } : null;
  }
  const isAwake =
    before.state === 'muted' && before.muted_until !== null && Date.parse(before.muted_until) <= now;
  if (seen <= Date.parse(before.rule?.last_at ?? '') && !isAwake) return null;
  const incident = continued(before, failure, now);
  if (!isAwake) return { incident, news: null };
  return { incident: { ...incident, state: 'open', muted_until: null }, news: 'reopened' };
}

function lastOf({ ruleset, rule }: RuleFailure, known: readonly Incident[]): Incident | undefined {
  return known
    .filter((one) => one.rule?.ruleset === ruleset && one.rule.rule === rule)
    .sort((one, other) => Date.parse(one.opened_at) - Date.parse(other.opened_at))
    .at(-1);
}

const resolvedAt = ({ history, last_alarm_at }: Incident): number =>
  Math.max(...history.map(({ at }) => Date.parse(at)), Date.parse(last_alarm_at));

/** @param after the incident that was resolved before: looked at again after a crash it is the same one */
function opened(failure: RuleFailure, after: string, now: number): Incident {
  const at = new Date(now).toISOString();
  return {
    id: idOf('incident', 'rule_failed', failure.ruleset, failure.rule, after),
    kind: 'rule_failed',
    ...saidOf(failure),
    state: 'open',
    streams: [...failure.streams],
    opened_at: at,
    last_alarm_at: at,
    first_on: failure.first_at.slice(0, 10),
    suspects: [],
    evidence: [],
    model: null,
    tests: 0,
    in_history: false,
    assigned_to: null,
    muted_until: null,
    normal_from: null,
    history: [{ at, by: 'detector', action: 'opened', note: '' }],
  };
}

function continued(before: Incident, failure: RuleFailure, now: number): Incident {
  return {
    ...before,
    ...saidOf(failure),
    streams: [...new Set([...before.streams, ...failure.streams])].sort(),
    last_alarm_at: new Date(now).toISOString(),
  };
}

function saidOf({ streams: _, ...failure }: RuleFailure) {
  const { ruleset, version, rule, reasons, failures, decisions, last_at } = failure;
  const name = version === null ? ruleset : String(version);
  const isOfFacts = reasons.every((reason) => reason === factsMissing);
  const action = isOfFacts
    ? 'What the rule asks was not to be had in time: look at the load of the engine. The floor stood alone meanwhile.'
    : `Publish a corrected version, or roll version ${name} back: POST /v1/rulesets/${ruleset}/rollback. Until then the floor stands alone where the rule fails.`;
  return {
    severity: isOfFacts ? 'warning' : 'critical',
    title: `Rule ${rule} of version ${name} fails: ${failures} of ${decisions} decisions in 24 hours (${reasons.join(', ')})`,
    last_on: last_at.slice(0, 10),
    rule: { ...failure, action },
  } as const;
}

/** The name of the error that means that facts came too late; nothing is wrong with the rule then. */
const factsMissing = 'FactsMissing';
