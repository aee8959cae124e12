import { Logger } from '@nestjs/common';
import type { Engine, Queries } from '@secateur/sql';
import type { Rejection } from '../contract/events.js';
import { hashOf } from '../events/mend.js';
import { type QuarantineEntry, quarantineDeadline, quarantineInsert } from '../events/quarantine-row.js';
import type { Group, Insert } from '../journal/group.js';
import { errorFields } from '../log.js';
import type { MembershipGate } from '../segments/membership-gate.js';
import { eitherNeeds, type FactNeeds } from '../segments/person-facts.js';
import type { MembershipChange, SegmentSet } from '../segments/segment-set.js';
import type { StreamsService } from '../streams/streams.service.js';
import type { SubscriberDirectory } from '../subscribers/directory.js';
import { noId } from '../subscribers/identifiers.js';
import { phoneCountry } from '../subscribers/phone-country.js';
import type { Subject } from '../subscribers/subject.js';
import type { AskConditionFacts } from './condition-facts.js';
import { decide } from './decide.js';
import { countedTypes } from './figures.js';
import { GroupFacts, type SnapshotContext } from './group-facts.js';
import { recordingOf } from './recording.js';
import type { Decision, Facts, FloorSettings, Incoming, InForce, Outcome } from './request.js';
import { nobody, type Resolved, resolveWho, type Unresolved } from './resolve-who.js';
import { decisionInsert, type NumberedDecision } from './rows.js';

const log = new Logger('OptOuts');

export interface PrepareDependencies {
  engine: Engine<Queries>;
  directory: SubscriberDirectory;
  streams: StreamsService;
  settings(): FloorSettings;
  /** What is in force now: taken once for a group. */
  rules(): InForce;
  /** What the conditions of the rules in force ask for. */
  ruleNeeds(): FactNeeds;
  /** Told of each decision in which a rule threw. */
  rulesFailed(decision: Decision): void;
  /** The active segments. */
  segments(): SegmentSet;
  gate: MembershipGate;
  conditionFacts: AskConditionFacts;
  seal(text: string): string;
  /** The next sequence number: strictly rising, microseconds since the epoch. */
  nextSeq(now: number): number;
  newId(): string;
}

/** What one request came to, and whose rows its group carried. */
export interface PreparedOutcome {
  outcome: Outcome;
  subject: Subject | null;
  streamKeys: readonly string[];
  /** The group, as the gate of memberships knows it. */
  ticket: number;
  /** It is of a time before a request of the same person that was known: that one may count as something else now. */
  isLate?: boolean;
}

/**
 * Decides a group of requests in order: what is new, who it is about, what the ledgers say, and the rows that make it
 * so. Writes nothing itself.
 * @throws EngineAwayError
 */
export async function prepareDecisions(
  requests: readonly Incoming[],
  now: number,
  dependencies: PrepareDependencies,
): Promise<{ group: Group; results: PreparedOutcome[] }> {
  const { engine, directory, streams } = dependencies;
  const { markets } = dependencies.settings();
  const hashes = requests.map(contentHashOf);
  const conflictId = (index: number) => `${requests[index]?.request.eventId}#${hashes[index]?.slice(0, 12)}`;
  const ids = requests.flatMap(({ request }, index) => [request.eventId, conflictId(index)]);
  const [known, resolved] = await Promise.all([
    engine.query('events/known_ids', { ids: [...new Set(ids)].join('\n') }),
    resolveWho(requests, engine, directory),
  ]);
  const rules = dependencies.rules();
  const taken = new Map(known.map((row) => [row.id, { hash: row.content_hash, decision: row.decision }]));
  const segments = dependencies.segments();
  const scope = scopeOf(requests, resolved);
  const ticket = await dependencies.gate.decide(scope.people);
  const needs = eitherNeeds(segments.needs, dependencies.ruleNeeds());
  const facts = await GroupFacts.gather(engine, scope, needs, dependencies.conditionFacts);

  const decided: NumberedDecision[] = [];
  const quarantined: QuarantineEntry[] = [];
  const repeats: string[] = [];
  const setAside = (incoming: Incoming, fault: Fault): PreparedOutcome => {
    const { receivedAt } = incoming.request;
    const id = dependencies.newId();
    quarantined.push({
      ...fault,
      id,
      receivedAt,
      deadlineAt: receivedAt + quarantineDeadline,
      door: 'opt-outs',
      sealed: dependencies.seal(JSON.stringify(incoming)),
      state: 'open',
    });
    return {
      outcome: { state: 'quarantined', quarantineId: id, ...fault },
      subject: null,
      streamKeys: [],
      ticket,
    };
  };
  const results = requests.map((incoming, index): PreparedOutcome => {
    const contentHash = hashes[index] ?? '';
    let { request } = incoming;
    const earlier = taken.get(request.eventId);
    if (earlier !== undefined) {
      const conflicting = taken.get(conflictId(index));
      if (earlier.hash === contentHash || conflicting !== undefined) {
        const decision = earlier.hash === contentHash ? earlier.decision : (conflicting?.decision ?? noId);
        const repeat = repeatRow(incoming, resolvedAt(resolved, index), contentHash, dependencies.newId());
        if (repeat !== null) repeats.push(repeat);
        return { outcome: { state: 'duplicate', decision }, subject: null, streamKeys: [], ticket };
      }
      // The same id with other content: who wants less is heard all the same, who wants more has to say so anew.
      if (!wantsLess(request)) return setAside(incoming, reused);
      request = { ...request, eventId: conflictId(index), flags: [...request.flags, 'id_conflict'] };
    }
    const who = resolved[index] ?? nobody;
    if ('code' in who) return setAside(incoming, who);
    if (lacksSomething(facts.missing)) request = { ...request, flags: [...request.flags, 'facts_missing'] };
    const stream = streams.seen(request.channel, request.category, request.origin, request.receivedAt);
    const given = factsFor(incoming, who, facts, rules, dependencies, request.receivedAt);
    const decision = decide(request, given);
    if (decision.flags.includes('rule_failed')) dependencies.rulesFailed(decision);
    // An address of another kind that nobody has, and nothing asked that reaches it: no line would ever be found.
    if (given.person === null && given.identifier === null && decision.statements.length === 0)
      return setAside(incoming, nobody);
    apply(decision, facts);
    const subject =
      who.subject === null ? null : (directory.remembered(who.subject.externalId) ?? who.subject);
    const context = { catalogue: streams.catalogue, markets };
    const changes = subject === null ? [] : moved(subject, segments, facts, request.receivedAt, context);
    taken.set(request.eventId, { hash: contentHash, decision: decision.id });
    decided.push({
      decision,
      seq: dependencies.nextSeq(now),
      contentHash,
      // Rows that claim an earlier receipt (demo, imports) keep the time that the decision really took.
      decidedAt: request.receivedAt + Math.max(0, now - (incoming.acceptedAt ?? request.receivedAt)),
      facts: recordedFacts(given, decision),
      attributedStream: streams.catalogue.get(decision.attributed?.stream ?? '') ?? null,
      changes,
      recording: recordingOf(request, given, decision),
    });
    return {
      outcome: { state: 'decided', decision },
      subject: who.subject,
      streamKeys: stream === null ? [] : [stream.key],
      ticket,
      isLate: isLate(request, given),
    };
  });

  const people = results.flatMap(({ subject }) => (subject === null ? [] : [subject.person]));
  const inserts: Insert[] = [
    ...directory.inserts(people),
    ...streams.inserts(results.flatMap((result) => result.streamKeys)),
  ];
  if (decided.length > 0) inserts.push(decisionInsert(decided));
  if (repeats.length > 0)
    inserts.push({ table: 'events', columns: repeatColumns, lines: repeats.join('\n') });
  if (quarantined.length > 0) inserts.push(quarantineInsert(quarantined, now));
  return { group: { id: dependencies.newId(), lane: 'decisions', inserts }, results };
}

/**
 * How the decision changes the person's memberships. Nothing where not everything is known that segments ask: the next
 * sweep finds what changed.
 */
function moved(
  subject: Subject,
  segments: SegmentSet,
  facts: GroupFacts,
  now: number,
  context: SnapshotContext,
): MembershipChange[] {
  const { missing } = facts;
  if (segments.isEmpty || missing.memberships || (missing.windows && segments.needs.windows)) return [];
  if (missing.risks && segments.needs.risks) return [];
  try {
    return facts.move(subject, segments, now, context);
  } catch (error) {
    log.error('segments failed: decided without them', errorFields(error));
    return [];
  }
}

const reused: Fault = {
  code: 'id_reused',
  field: 'id',
  detail: 'id: was used before for another event',
};

const wantsLess = ({ type }: Incoming['request']): boolean => type !== 'opted_in' && type !== 'undone';

/**
 * What a request says, where no door has hashed it as it was sent: that of a link of ours. The time of the press and the
 * proof, which names the minute, differ between retries.
 */
function contentHashOf({ contentHash, who, request }: Incoming): string {
  if (contentHash !== undefined) return contentHash;
  const { decision: _, receivedAt: __, occurredAt: ___, evidence: ____, flags: _____, ...said } = request;
  return hashOf({ who, ...said });
}

type Fault = { code: Rejection['code']; field: string; detail: string };

function resolvedAt(resolved: readonly (Resolved | Unresolved)[], index: number): Resolved | null {
  const who = resolved[index];
  return who === undefined || 'code' in who ? null : who;
}

function scopeOf(requests: readonly Incoming[], resolved: readonly (Resolved | Unresolved)[]) {
  const people = new Set<string>();
  const subjects = new Set<string>();
  const messages = new Set<string>();
  const voids = new Set<string>();
  const times = new Map<string, { first: number; last: number }>();
  const instants = new Map<string, number>();
  for (const [index, { request }] of requests.entries()) {
    const who = resolvedAt(resolved, index);
    if (who === null) continue;
    for (const id of subjectIdsOf(who)) subjects.add(id);
    if (who.subject !== null) {
      const { person } = who.subject;
      people.add(person);
      const { occurredAt, receivedAt } = request;
      const { first, last } = times.get(person) ?? { first: occurredAt, last: occurredAt };
      times.set(person, { first: Math.min(first, occurredAt), last: Math.max(last, occurredAt) });
      instants.set(person, Math.max(receivedAt, instants.get(person) ?? receivedAt));
    }
    if (request.messageId !== null) messages.add(request.messageId);
    if (request.voids !== null) voids.add(request.voids);
  }
  return { people, subjects, messages, voids, times, instants };
}

/** Everybody and every address that the request may bind. */
function subjectIdsOf({ subject, identifier, elsewhere, others }: Resolved): string[] {
  const own = subject === null ? [] : [subject.person, subject.emailId, subject.phoneId, subject.pushId];
  const named = [...(identifier === null ? [] : [identifier]), ...Object.values(elsewhere)];
  return [...own, ...named, ...others.map((other) => other.person)].filter((id) => id !== noId);
}

function factsFor(
  { request, who: door }: Incoming,
  who: Resolved,
  group: GroupFacts,
  inForce: InForce,
  { streams, settings }: PrepareDependencies,
  at: number,
): Facts {
  const { subject } = who;
  const person = subject === null ? null : group.person(subject.person);
  const rules = inForce.for(subject?.person ?? who.identifier ?? '');
  const orNull = (id: string | undefined) => (id === undefined || id === noId ? null : id);
  return {
    person: subject?.person ?? null,
    identifier: who.identifier,
    elsewhere: who.elsewhere,
    others: who.others.map((other) => other.person),
    identifiers: {
      email: orNull(subject?.emailId),
      phone: orNull(subject?.phoneId),
      push: orNull(subject?.pushId),
    },
    jurisdiction: subject === null || subject.jurisdiction === '' ? null : subject.jurisdiction,
    phoneJurisdiction:
      (door.phone === undefined ? null : phoneCountry(door.phone)) ?? (subject?.phoneCountry || null),
    streams: streams.all(),
    statements: group.statements(subjectIdsOf(who)),
    spells: [...(person?.spells ?? [])].map(([stream, openedAt]) => ({ stream, openedAt })),
    deliveries: person?.deliveries ?? [],
    attributed: [],
    exposed: person?.exposed ?? new Map(),
    // A copy: those of this group come to it.
    requests: [...(person?.requests ?? [])],
    segments: group.segments(subject, at),
    ...(request.voids === null ? {} : { closedByVoided: group.closedBy(request.voids) }),
    settings: settings(),
    rules,
    ...askedFacts(group, subject, at, { catalogue: streams.catalogue, markets: settings().markets }),
  };
}

/** What rules may ask of the person, and what of it nobody knows. */
function askedFacts(
  group: GroupFacts,
  subject: Subject | null,
  at: number,
  context: SnapshotContext,
): Pick<Facts, 'snapshot' | 'missing'> {
  const { missing } = group;
  try {
    const snapshot = group.snapshot(subject, at, context);
    return lacksSomething(missing) ? { snapshot, missing: { ...missing, person: false } } : { snapshot };
  } catch (error) {
    log.error('facts of rules failed: decided without them', errorFields(error));
    return { missing: { windows: true, memberships: true, risks: true, person: true } };
  }
}

const lacksSomething = ({ windows, memberships, risks }: FactNeeds): boolean =>
  windows || memberships || risks;

/** What the decision changed counts for the next request of the same group. */
function apply(decision: Decision, facts: GroupFacts): void {
  facts.apply(decision);
  if (decision.person === null) return;
  const person = facts.person(decision.person);
  for (const edge of decision.spellEdges) {
    if (edge.edge === 'open') person.spells.set(edge.stream, edge.at);
    else person.spells.delete(edge.stream);
  }
  const { id, request, attributed } = decision;
  if (!countedTypes.includes(request.type)) return;
  person.requests.push({
    decision: id,
    eventId: request.eventId,
    orderAt: Math.min(request.occurredAt, request.receivedAt),
    delivery: attributed?.id ?? '',
  });
}

const isLate = (request: Incoming['request'], { requests = [] }: Facts): boolean =>
  requests.some(({ orderAt }) => orderAt >= Math.min(request.occurredAt, request.receivedAt));

/** Enough to decide the request again (INV-REC-1); statements stand in the ledger and are named by id. */
function recordedFacts(facts: Facts, decision: Decision): Record<string, unknown> {
  const {
    streams,
    statements,
    rules: _,
    snapshot: __,
    missing: ___,
    exposed: ____,
    requests: _____,
    ...rest
  } = facts;
  return {
    ...rest,
    stream_versions: Object.fromEntries(streams.map((stream) => [stream.key, stream.version])),
    statement_ids: statements.map((statement) => statement.id),
    jurisdictions: decision.jurisdictions,
    jurisdiction_from: decision.jurisdictionFrom,
    request: decision.request,
  };
}

const repeatColumns = [
  'id',
  'type',
  'person',
  'occurred_at',
  'received_at',
  'channel',
  'trigger',
  'content_hash',
];

/** A one-click POST that came again changes nothing and is still written down (INV-8058-10). */
function repeatRow(
  { request }: Incoming,
  who: Resolved | null,
  contentHash: string,
  id: string,
): string | null {
  if (request.trigger !== 'one_click_unsubscribe' || who?.subject === undefined || who.subject === null)
    return null;
  const at = new Date(request.receivedAt).toISOString();
  const values = [
    `repeat:${id}`,
    'noted',
    who.subject.person,
    at,
    at,
    request.channel,
    request.trigger,
    contentHash,
  ];
  return JSON.stringify(values);
}
