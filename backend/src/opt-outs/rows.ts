import type { Insert } from '../journal/group.js';
import type { Statement } from '../permissions/statement.js';
import type { MembershipChange } from '../segments/segment-set.js';
import type { CataloguedStream } from '../streams/stream.js';
import { noId } from '../subscribers/identifiers.js';
import type { Recording } from './recording.js';
import type { Decision } from './request.js';

const columns = [
  'seq',
  'id',
  'event_id',
  'content_hash',
  'type',
  'trigger',
  'made_by',
  'person',
  'identifier',
  'channel',
  'category',
  'origin',
  'audience',
  'campaign',
  'message_type',
  'message_id',
  'stream',
  'reason',
  'occurred_at',
  'received_at',
  'order_at',
  'decided_at',
  'asked',
  'ruleset',
  'rule',
  'floor_version',
  'floor',
  'trace',
  'facts',
  'effective',
  'widened_for',
  'flags',
  'statements',
  'spell_edges',
  'streams_stopped',
  'streams_kept',
  'stops',
  'kept_by_scoping',
  'unsolicited',
  'attributed_delivery',
  'attributed_message',
  'attributed_stream',
  'attributed_channel',
  'attributed_category',
  'attributed_origin',
  'attributed_campaign',
  'attributed_message_type',
  'attributed_audience',
  'attributed_at',
  'attributed_segments',
  'segments',
  'voids',
  'segments_entered',
  'segments_left',
  'offers',
  'tag',
  'rollout',
  'recorded',
  'reach_open',
  'catalogue',
  'stopped_without_rules',
  'stoppable_on_channel',
  'stoppable_anywhere',
  'consent_basis',
  'consent_age_days',
  'consent_source',
  'jurisdiction',
  'first_seen_at',
  'attributes',
  'last_delivered_at',
  'last_opened_at',
  'last_clicked_at',
  'past_opt_outs',
  'risk_30d',
] as const;

/** A decision on its way into the ledger. */
export interface NumberedDecision {
  decision: Decision;
  /** Order of commit, in microseconds since the epoch; strictly rising. */
  seq: number;
  contentHash: string;
  decidedAt: number;
  /** What decide() knew, without the statements that stand in the ledger anyway. */
  facts: Record<string, unknown>;
  /** The stream of the delivery that the decision is attributed to. */
  attributedStream: CataloguedStream | null;
  /** Segments that the person entered and left with it. */
  changes: readonly MembershipChange[];
  recording: Recording;
}

const iso = (ms: number) => new Date(ms).toISOString();

/** One insert for all decisions of a group. */
export function decisionInsert(decisions: readonly NumberedDecision[]): Insert {
  return {
    table: 'decisions',
    columns,
    lines: decisions.map((one) => JSON.stringify(values(one))).join('\n'),
  };
}

function values({
  decision,
  seq,
  contentHash,
  decidedAt,
  facts,
  attributedStream,
  changes,
  recording,
}: NumberedDecision): unknown[] {
  const { request, attributed } = decision;
  return [
    seq,
    decision.id,
    request.eventId,
    contentHash,
    request.type,
    request.trigger ?? '',
    request.madeBy,
    decision.person ?? noId,
    decision.identifier ?? noId,
    request.channel,
    request.category ?? '',
    request.origin ?? '',
    request.audience ?? '',
    request.campaign ?? '',
    request.messageType ?? '',
    request.messageId ?? '',
    decision.stream,
    request.reason,
    iso(request.occurredAt),
    iso(request.receivedAt),
    iso(Math.min(request.occurredAt, request.receivedAt)),
    iso(decidedAt),
    JSON.stringify(request.asked),
    decision.ruleset,
    decision.rule,
    decision.floorVersion,
    JSON.stringify(decision.floor),
    JSON.stringify(decision.trace),
    JSON.stringify(facts),
    decision.effective,
    decision.widenedFor,
    decision.flags,
    decision.statements.map(statementTuple),
    decision.spellEdges.map((edge) => ({ ...edge, at: iso(edge.at) })),
    decision.streamsStopped,
    decision.streamsKept,
    decision.stops,
    decision.keptByScoping,
    decision.unsolicited,
    attributed?.id ?? '',
    attributed?.messageId ?? '',
    attributed?.stream ?? '',
    attributedStream?.channel ?? '',
    attributedStream?.category ?? '',
    attributedStream?.origin ?? '',
    attributed?.campaign ?? '',
    attributed?.messageType ?? '',
    attributed?.audience ?? '',
    iso(attributed?.deliveredAt ?? 0),
    attributed?.segments ?? [],
    decision.segments,
    request.voids ?? noId,
    namesOf('entered', changes),
    namesOf('left', changes),
    decision.offers === null ? '' : JSON.stringify(decision.offers),
    decision.tag,
    decision.rollout,
    ...replayValues(recording),
  ];
}

/** What another set of rules is asked of (backtests/decision-sql.ts). `recorded` is 0 where the person's facts are not all. */
function replayValues(recording: Recording): unknown[] {
  const { snapshot } = recording;
  const { basis, ageDays, source } = recording.consent;
  const subject = snapshot?.subject ?? null;
  return [
    snapshot === null ? 0 : 1,
    recording.reachOpen,
    recording.catalogue,
    recording.stoppedWithoutRules,
    recording.stoppableOnChannel,
    recording.stoppableAnywhere,
    basis,
    ageDays,
    source,
    subject?.jurisdiction ?? '',
    iso(subject?.firstSeenAt ?? 0),
    subject === null ? '' : JSON.stringify(subject.attributes),
    iso(snapshot?.engagement.lastDeliveredAt ?? 0),
    iso(snapshot?.engagement.lastOpenedAt ?? 0),
    iso(snapshot?.engagement.lastClickedAt ?? 0),
    snapshot?.pastOptOuts ?? 0,
    snapshot?.riskWithin30d ?? null,
  ];
}

function namesOf(edge: MembershipChange['edge'], changes: readonly MembershipChange[]): string[] {
  return changes.filter((one) => one.edge === edge).map(({ key, version }) => `${key}@${version}`);
}

function statementTuple(statement: Statement): Record<string, unknown> {
  return {
    id: statement.id,
    subject: statement.subject,
    binds: statement.binds,
    selector: statement.selector,
    effect: statement.effect,
    order_at: iso(statement.orderAt),
    tolerance: statement.tolerance,
    strength: statement.strength,
    counts: statement.counts,
    explicit: statement.explicit,
    expires_at: statement.expiresAt === null ? null : iso(statement.expiresAt),
    basis: statement.basis,
    evidence: statement.evidence,
    voids: statement.voids ?? noId,
    cap_n: statement.cap?.n ?? null,
    cap_per: statement.cap?.per ?? '',
  };
}
