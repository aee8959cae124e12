import { canonicalSelector, type Selector } from '../contract/selectors.js';
import { explicitBases } from '../contract/vocabulary.js';
import type { Statement } from '../permissions/statement.js';
import { streamAt, streamByKey } from '../streams/catalogue-index.js';
import type { CataloguedStream } from '../streams/stream.js';
import { namedDelivery } from './attribution.js';
import { figures } from './figures.js';
import { explainedFloor, signalOf } from './floor.js';
import { FLOOR_VERSION } from './floor-table.js';
import { jurisdictionsOf } from './jurisdiction.js';
import { flagsWithSigns } from './machine-signs.js';
import type { Decision, Facts, FloorFinding, OptOutRequest } from './request.js';
import { askedSelectors, isOptInNarrowed, noRule, type RuleOutcome, ruleOutcome } from './scope.js';
import {
  allSubjects,
  identifierOn,
  optInSubjects,
  readSelector,
  type Subject,
  statementId,
  statementOf,
  subjectsOf,
} from './scope-binding.js';
import { effects } from './spells.js';

const day = 86_400_000;
/** A pause that names no end. */
const defaultPause = 30 * day;

/**
 * What one request changes. Pure: the same request and facts give the same decision, ids included, so a replay writes
 * the same rows.
 *
 * effective = asked ∪ floor, ∪ the first matching rule's scope where the person did not choose.
 *
 * @param now the instant at which permissions are compared, before and after
 */
export function decide(asking: OptOutRequest, facts: Facts, now: number = asking.receivedAt): Decision {
  const request = { ...asking, flags: flagsWithSigns(asking, facts) };
  const stream = streamOf(request, facts);
  const where = jurisdictionsOf({
    subscriber: facts.jurisdiction,
    phone: facts.phoneJurisdiction,
    stream,
    streams: facts.streams,
    markets: facts.settings.markets,
  });
  const isUndoAlone = request.type === 'undone' || (request.type === 'opted_in' && request.voids !== null);
  const { findings, widenedFor } = explainedFloor(request, stream, where, facts.settings);
  const asked = isUndoAlone ? [] : askedSelectors(request, stream).map(canonicalSelector);
  const ruled: RuleOutcome = isUndoAlone ? noRule() : ruleOutcome(request, facts);
  const effective = [
    ...new Set([...asked, ...findings.flatMap((finding) => finding.selectors), ...ruled.selectors]),
  ];

  const draft: Draft = {
    request,
    facts,
    stream,
    findings,
    asked,
    ruled,
    flags: [...request.flags, ...ruled.flags],
  };
  const lines = [...undo(draft), ...(isUndoAlone ? [] : linesOf(draft))];
  const identifier = identifierOn(request.channel, request, facts);
  if (facts.person === null && identifier === null && lines.length === 0) draft.flags.push('unidentified');
  const statements = lines.map(
    (line, index): Statement => ({ id: statementId(request.decision, index), ...line }),
  );

  return {
    id: request.decision,
    request,
    person: facts.person,
    identifier,
    stream: stream?.key ?? '',
    streamClass: stream?.class ?? null,
    ruleset: facts.rules.id,
    rule: ruled.rule,
    rollout: facts.rules.rollout ?? '',
    offers: ruled.offers,
    tag: ruled.tag,
    trace: ruled.trace,
    floor: findings,
    floorVersion: FLOOR_VERSION,
    jurisdictions: [...where.jurisdictions],
    jurisdictionFrom: where.from,
    asked: [...new Set(asked)],
    effective,
    widenedFor,
    flags: [...new Set(draft.flags)],
    statements,
    ...effects({ request, facts, statements, now }),
    ...figures(request, facts, stream, statements),
    segments: [...facts.segments].sort(),
  };
}

interface Draft {
  request: OptOutRequest;
  facts: Facts;
  stream: CataloguedStream | null;
  findings: FloorFinding[];
  asked: string[];
  ruled: RuleOutcome;
  flags: string[];
}

type Line = Omit<Statement, 'id'>;

/** The stream that the request names, else that of the message it names. */
export function streamOf(request: OptOutRequest, facts: Facts): CataloguedStream | null {
  const { channel, category, origin } = request;
  if (category !== null && origin !== null) return streamAt(facts.streams, channel, category, origin);
  const message = namedDelivery(request, facts);
  return message === null ? null : streamByKey(facts.streams, message.stream);
}

function linesOf(draft: Draft): Line[] {
  switch (draft.request.type) {
    case 'opted_out':
    case 'complained':
    case 'erased':
    case 'consent_expired':
      return optOut(draft);
    case 'opted_in':
      return optIn(draft);
    case 'bounced':
      return hold(draft);
    case 'paused':
      return pause(draft);
    case 'capped':
      return cap(draft);
    case 'undone':
      return [];
  }
}

/** One line for each selector and subject: of several reasons for the same line the strongest is kept. */
function optOut(draft: Draft): Line[] {
  const { request, facts, findings, asked, ruled } = draft;
  // A complaint, an objection or an order is one act: what the person asked beside it is as hard to take back.
  const strength = findings.some((finding) => finding.strength === 'strong') ? 'strong' : 'plain';
  const lines = new Map<string, Line>();
  const write = (selector: string, basis: string, subjects: readonly Subject[]) => {
    for (const subject of subjects) {
      const key = `${subject.id} ${selector}`;
      if (lines.has(key)) continue;
      lines.set(key, statementOf(request, facts, subject, { selector, effect: 'opt_out', strength, basis }));
    }
  };

  for (const finding of [...findings].sort(strongestFirst)) {
    for (const selector of finding.selectors) {
      const parsed = readSelector(selector);
      const bound = finding.bindsPerson ? allSubjects(parsed, request, facts) : [];
      write(selector, finding.basis, [...bound, ...subjectsOf(parsed, request, facts)]);
    }
  }
  for (const selector of asked) {
    const parsed = readSelector(selector);
    const bound =
      request.asked === 'everything' && isOnlyClass(parsed) ? allSubjects(parsed, request, facts) : [];
    write(selector, 'request', [...bound, ...subjectsOf(parsed, request, facts)]);
  }
  for (const selector of ruled.selectors) {
    write(selector, `rule:${ruled.rule}`, subjectsOf(readSelector(selector), request, facts));
  }
  if (request.trigger === 'provider_suppressed') draft.flags.push('gap_case');
  if (signalOf(request) === 'unclassified') draft.flags.push('review');
  return [...lines.values()];
}

/** INV-RESUB is settled here, once: what lifts is the person's own word, with evidence. */
function optIn(draft: Draft): Line[] {
  const { request, facts, asked } = draft;
  const counts = request.madeBy === 'person' && request.evidence.trim() !== '';
  const explicit = counts && request.basis !== null && explicitBases.includes(request.basis);
  if (asked.length === 0) draft.flags.push('stream_unknown');
  if (isOptInNarrowed(request)) draft.flags.push('opt_in_narrowed');
  if (!counts) draft.flags.push('opt_in_without_evidence');
  const lines = asked.flatMap((selector) =>
    optInSubjects(readSelector(selector), request, facts).map((subject) =>
      statementOf(request, facts, subject, {
        selector,
        effect: 'opt_in',
        counts,
        explicit,
        basis: request.basis ?? '',
        expiresAt: request.expiresAt,
      }),
    ),
  );
  return explicit && request.basis === 'double_opt_in' ? [...releases(draft), ...lines] : lines;
}

/** A double opt-in was answered from the address: it works again (INV-DSN-2). Only decisions that are holds alone. */
function releases({ request, facts }: Draft): Line[] {
  const identifier = identifierOn(request.channel, request, facts);
  if (identifier === null) return [];
  const at = Math.min(request.occurredAt, request.receivedAt);
  const decisions = new Set<string>();
  for (const one of facts.statements) {
    const isHeld = one.effect === 'hold' && one.subject === identifier;
    if (isHeld && at - one.orderAt > Math.max(one.tolerance, request.tolerance)) decisions.add(one.decision);
  }
  for (const one of facts.statements) if (one.effect !== 'hold') decisions.delete(one.decision);
  return [...decisions].sort().map((voids) =>
    statementOf(
      request,
      facts,
      { id: identifier, binds: 'identifier' },
      {
        selector: '*',
        effect: 'void',
        voids,
        basis: 'address_verified',
      },
    ),
  );
}

/** INV-DSN-2: a hard bounce is about the address, never about the person's wish. */
function hold({ request, facts, findings, flags }: Draft): Line[] {
  if (!findings.some((finding) => finding.scope === 'ADDR')) return [];
  const identifier = identifierOn(request.channel, request, facts);
  if (identifier === null) {
    flags.push('no_identifier');
    return [];
  }
  const subject: Subject = { id: identifier, binds: 'identifier' };
  return [statementOf(request, facts, subject, { selector: '*', effect: 'hold', basis: 'hard_bounce' })];
}

function pause({ request, facts, asked, flags }: Draft): Line[] {
  if (request.until === null) flags.push('until_defaulted');
  const expiresAt = request.until ?? Math.min(request.occurredAt, request.receivedAt) + defaultPause;
  return each(asked, request, facts, { effect: 'pause', expiresAt, basis: 'request' });
}

function cap({ request, facts, asked, flags }: Draft): Line[] {
  if (request.cap === null) {
    flags.push('cap_missing');
    return [];
  }
  const line = { effect: 'cap', cap: request.cap, expiresAt: request.expiresAt, basis: 'request' } as const;
  return each(asked, request, facts, line);
}

function each(
  selectors: readonly string[],
  request: OptOutRequest,
  facts: Facts,
  line: Pick<Statement, 'effect'> & Partial<Statement>,
): Line[] {
  return [...new Set(selectors)].flatMap((selector) =>
    subjectsOf(readSelector(selector), request, facts).map((subject) =>
      statementOf(request, facts, subject, { ...line, selector }),
    ),
  );
}

/**
 * Takes back one decision where it was written. Never an opt-in. What a person said strongly only the person takes back;
 * a correction by staff needs evidence.
 */
function undo({ request, facts, flags }: Draft): Line[] {
  if (request.voids === null) return [];
  const subjects = new Map<string, Subject>();
  let isStrong = false;
  for (const one of facts.statements) {
    if (one.decision !== request.voids || one.effect === 'void') continue;
    subjects.set(one.subject, { id: one.subject, binds: one.binds });
    isStrong ||= one.strength === 'strong';
  }
  if (subjects.size === 0) {
    flags.push('void_unknown');
    return [];
  }
  const isOwn = request.madeBy === 'person' || request.madeBy === 'import';
  if (!isOwn && (isStrong || request.evidence.trim() === '')) {
    flags.push('void_refused');
    return [];
  }
  return [...subjects.values()].sort(bySubject).map((subject) =>
    statementOf(request, facts, subject, {
      selector: '*',
      effect: 'void',
      voids: request.voids,
      basis: 'undo',
    }),
  );
}

const isOnlyClass = (selector: Selector): boolean =>
  selector.class !== undefined && Object.keys(selector).length === 1;

const strongestFirst = (a: FloorFinding, b: FloorFinding): number =>
  Number(b.bindsPerson) - Number(a.bindsPerson) ||
  Number(b.strength === 'strong') - Number(a.strength === 'strong');

const bySubject = (a: Subject, b: Subject): number => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
