import type { Queries } from '@secateur/sql';
import type { Trace } from '../conditions/index.js';
import { decide } from '../opt-outs/decide.js';
import type { Decision, Facts, OptOutRequest, RuleSet } from '../opt-outs/request.js';
import type { Statement } from '../permissions/statement.js';
import { type CompiledRules, compileRules } from '../rules/compiled-rules.js';
import type { StreamWindows } from '../segments/engagement-windows.js';
import type { PersonSnapshot } from '../segments/person-facts.js';
import { standingsOf } from '../segments/standings.js';
import type { Catalogue } from '../streams/catalogue.js';
import { noId } from '../subscribers/identifiers.js';
import type { AttributeValue, Subject } from '../subscribers/subject.js';
import type { ReplayedRule } from './draft.js';

/** A decision as it was stored, with all that is needed to decide it again. */
export type StoredDecision = Queries['backtests/stored_by_seq']['row'];

/** What `facts` of a stored decision holds: see recordedFacts in opt-outs/prepare.ts. */
export interface StoredFacts extends Omit<Facts, 'streams' | 'statements' | 'rules' | 'snapshot'> {
  request: OptOutRequest;
  stream_versions: Record<string, number>;
  statement_ids: string[];
}

export const storedFacts = (row: Pick<StoredDecision, 'facts'>): StoredFacts =>
  JSON.parse(row.facts) as StoredFacts;

/** What the ledgers say of the past of one decision. */
export interface PastFacts {
  catalogue: Catalogue;
  /** By id; more than it knew does no harm. */
  statements: ReadonlyMap<string, Statement>;
  windows: readonly StreamWindows[];
}

/** Every subject whose statements a stored decision may have known. */
export function subjectsOfStored(facts: StoredFacts): string[] {
  const { person, identifier, identifiers, elsewhere = {}, others = [] } = facts;
  const ids = [person, identifier, ...Object.values(identifiers), ...Object.values(elsewhere), ...others];
  return ids.filter((id): id is string => id !== null && id !== noId);
}

/** Other rules, to be asked of stored decisions. */
export interface Redecider {
  /** null: it cannot be told. */
  decide(row: StoredDecision, past: PastFacts): Decision | null;
  /** What each leaf of a rule finds in the facts of the decision; null: it cannot be told. */
  explain(rule: string, row: StoredDecision, past: PastFacts): Trace | null;
}

/** Asks the service's own `decide` anew: the slow and certain way, for samples and for the tests of the fast one. */
export function redecider(id: string, rules: readonly ReplayedRule[]): Redecider {
  const compiled = compileRules(id, rules);
  return {
    decide(row, past) {
      const then = factsThen(row, past);
      if (then === null) return null;
      const decision = decide(then.request, { ...then.facts, rules: guarded(compiled, rules, row.seq) });
      const isUnknown = decision.rule === '' && decision.flags.includes('rule_failed');
      return isUnknown ? null : decision;
    },
    explain(rule, row, past) {
      const then = factsThen(row, past);
      return then === null ? null : compiled.explain(rule, then.request, { ...then.facts, rules: compiled });
    },
  };
}

/** What the decision knew; null where that is not recorded. */
function factsThen(
  row: StoredDecision,
  past: PastFacts,
): { request: OptOutRequest; facts: Omit<Facts, 'rules'> } | null {
  if (row.recorded === 0) return null;
  const { request, stream_versions: _, statement_ids, ...known } = storedFacts(row);
  const statements = statement_ids.flatMap((one) => past.statements.get(one) ?? []);
  if (statements.length < statement_ids.length) return null;
  const snapshot = snapshotOf(row, request.receivedAt, known, statements, past);
  return { request, facts: { ...known, streams: past.catalogue.streams, statements, snapshot } };
}

/** A rule that the stored decision does not tell about throws when it is asked. */
function guarded(compiled: CompiledRules, rules: readonly ReplayedRule[], seq: number): RuleSet {
  return {
    id: compiled.id,
    rules: compiled.rules.map((rule, index) =>
      seq >= (rules[index]?.knownFrom ?? 0)
        ? rule
        : {
            id: rule.id,
            evaluate: () => {
              throw new NotRecordedError();
            },
          },
    ),
  };
}

class NotRecordedError extends Error {
  override readonly name = 'NotRecorded';
}

function snapshotOf(
  row: StoredDecision,
  now: number,
  { person, identifiers, settings }: Pick<Facts, 'person' | 'identifiers' | 'settings'>,
  statements: readonly Statement[],
  { catalogue, windows }: PastFacts,
): PersonSnapshot {
  const subject: Subject | null =
    person === null || row.attributes === ''
      ? null
      : {
          person,
          version: 0,
          externalId: noId,
          emailId: identifiers.email ?? noId,
          phoneId: identifiers.phone ?? noId,
          pushId: identifiers.push ?? noId,
          sealed: '',
          keySlot: 0,
          jurisdiction: row.jurisdiction,
          phoneCountry: '',
          attributes: JSON.parse(row.attributes) as Record<string, AttributeValue>,
          firstSeenAt: Date.parse(row.first_seen_at),
        };
  return {
    subject,
    now,
    ...standingsOf({ subject, statements, catalogue, markets: settings.markets }, now),
    engagement: {
      lastDeliveredAt: Date.parse(row.last_delivered_at),
      lastOpenedAt: Date.parse(row.last_opened_at),
      lastClickedAt: Date.parse(row.last_clicked_at),
      streams: windows,
    },
    pastOptOuts: row.past_opt_outs,
    segments: new Set(row.segments),
    riskWithin30d: row.risk_30d,
  };
}
