import { canonicalSelector } from '../contract/selectors.js';
import type { SpellCause } from '../contract/vocabulary.js';
import { answer, type PermissionQuestion, type Standing, standing } from '../permissions/permission.js';
import { regime } from '../permissions/regime.js';
import type { Statement } from '../permissions/statement.js';
import { parentsOf } from '../streams/catalogue-index.js';
import type { CataloguedStream } from '../streams/stream.js';
import { signalOf } from './floor.js';
import { jurisdictionsOf } from './jurisdiction.js';
import type { Facts, OptOutRequest, SpellEdge } from './request.js';
import { ownSelector } from './scope.js';
import { reachedOn, type Subject, statementOf } from './scope-binding.js';

/** One stream before and after the request. */
interface Turn {
  stream: CataloguedStream;
  question: PermissionQuestion;
  openedAt: number | null;
  standingBefore: Standing;
  standingAfter: Standing;
  /** A new opt-out or hold denies it now. */
  isEnded: boolean;
  couldBefore: boolean;
  canAfter: boolean;
}

export interface Effects {
  streamsStopped: string[];
  streamsKept: string[];
  spellEdges: SpellEdge[];
}

export interface Case {
  request: OptOutRequest;
  facts: Facts;
  /** What the request writes. */
  statements: readonly Statement[];
  now: number;
}

/** What the new statements change, stream by stream, as far as is known now: permission and spell, before and after. */
export function effects(one: Case): Effects {
  const { facts, statements } = one;
  const together = statements.length === 0 ? facts.statements : [...facts.statements, ...statements];
  const opened = new Map(facts.spells.map((spell) => [spell.stream, spell.openedAt]));
  const turns = facts.streams.map((stream) => turn(one, stream, opened.get(stream.key) ?? null, together));

  const stopped = turns.filter((each) => each.couldBefore && !each.canAfter && isStoppedBy(one, each));
  const kept = turns.filter((each) => each.stream.class !== 'essential' && each.couldBefore && each.canAfter);
  return {
    // Essential mail is listed only where it was stopped by name, and never counted as kept.
    streamsStopped: stopped.filter((each) => isListed(each)).map((each) => each.stream.key),
    streamsKept: kept.map((each) => each.stream.key),
    spellEdges: [...closings(one, turns), ...openings(one, turns)],
  };
}

/**
 * Streams that went on before, and that an opt-out of this request ends if it covers them.
 * @param bound whom the line about a stream binds
 * @param strength of the line
 */
export function stoppable(
  one: Case,
  strength: Statement['strength'],
  bound: (stream: CataloguedStream) => readonly Subject[],
): string[] {
  const { request, facts, now } = one;
  const opened = new Map(facts.spells.map((spell) => [spell.stream, spell.openedAt]));
  return facts.streams.flatMap((stream) => {
    const { couldBefore, question } = turn(one, stream, opened.get(stream.key) ?? null, facts.statements);
    if (!couldBefore) return [];
    const selector = canonicalSelector(ownSelector(stream));
    const lines = bound(stream).map((subject) => ({
      id: '',
      ...statementOf(request, facts, subject, { selector, effect: 'opt_out', strength }),
    }));
    const after = standing([...facts.statements, ...lines], question, now);
    return isEndedBy(after, request.decision) ? [stream.key] : [];
  });
}

/** May a message on the stream go to the person of the request? */
export function questionOf(
  { request, facts }: Pick<Case, 'request' | 'facts'>,
  stream: CataloguedStream,
): PermissionQuestion {
  return {
    person: facts.person,
    identifier: reachedOn(stream.channel, request, facts),
    stream,
    parents: parentsOf(stream, facts.streams),
    jurisdictions: jurisdictionsOf({
      subscriber: facts.jurisdiction,
      phone: facts.phoneJurisdiction,
      stream,
      streams: facts.streams,
      markets: facts.settings.markets,
    }).jurisdictions,
  };
}

function turn(
  { request, facts, now }: Case,
  stream: CataloguedStream,
  openedAt: number | null,
  together: readonly Statement[],
): Turn {
  const question = questionOf({ request, facts }, stream);
  const standingBefore = standing(facts.statements, question, now);
  const standingAfter = together === facts.statements ? standingBefore : standing(together, question, now);
  const after = answer(standingAfter, question);
  return {
    stream,
    question,
    openedAt,
    standingBefore,
    standingAfter,
    isEnded: isEndedBy(standingAfter, request.decision),
    couldBefore: openedAt !== null || answer(standingBefore, question).allowed,
    canAfter:
      causeOf(request) !== 'erasure' &&
      // Where only the regime denies, an open spell says that the person is being written to.
      (after.allowed || (openedAt !== null && after.reason === 'regime_opt_in')),
  };
}

export const isEndedBy = (found: Standing, decision: string): boolean =>
  found.hold?.decision === decision ||
  found.denies.some((deny) => deny.effect === 'opt_out' && deny.decision === decision);

/** By an opt-out, hold or pause of this request, or because nobody is left to write to. */
function isStoppedBy({ request }: Case, one: Turn): boolean {
  return (
    one.isEnded ||
    causeOf(request) === 'erasure' ||
    one.standingAfter.denies.some((deny) => deny.decision === request.decision)
  );
}

const isListed = (one: Turn): boolean =>
  one.stream.class !== 'essential' || one.standingAfter.denies.length > 0;

/** A pause or a cap closes nothing: the subscription lives on. */
function closings({ request, facts }: Case, turns: readonly Turn[]): SpellEdge[] {
  const cause = causeOf(request);
  const at = orderAt(request);
  const edge = (stream: string, openedAt: number): SpellEdge => ({
    stream,
    edge: 'close',
    // A spell that opened after a late request ends where it began, not before.
    at: Math.max(at, openedAt),
    cause,
  });
  if (cause === 'erasure') return facts.spells.map((spell) => edge(spell.stream, spell.openedAt));
  return turns.flatMap((one) =>
    one.openedAt !== null && one.isEnded ? [edge(one.stream.key, one.openedAt)] : [],
  );
}

/**
 * An opt-in opens a spell where mail may now go; one without evidence only where no opt-out stands. An undo re-opens what
 * the decision that it takes back had closed.
 */
function openings(one: Case, turns: readonly Turn[]): SpellEdge[] {
  const { request, statements } = one;
  const at = orderAt(request);
  const optIns = statements.filter((statement) => statement.effect === 'opt_in');
  const isCounted = optIns.some((optIn) => optIn.counts);
  const isUndo = statements.some((statement) => statement.effect === 'void');
  if (optIns.length === 0 && !isUndo) return [];
  return turns.flatMap((each): SpellEdge[] => {
    if (each.openedAt !== null || isClosed(each.standingAfter)) return [];
    const stream = each.stream.key;
    if (isReached(each.question, optIns) && (!isCounted || each.canAfter)) {
      return [{ stream, edge: 'open', at, cause: 'opt_in' }];
    }
    return isUndo && isReopened(one, each) ? [{ stream, edge: 'open', at, cause: 'undo' }] : [];
  });
}

/** Which streams the voided decision closed is a fact; where it is not known, permissions say which it may have been. */
function isReopened({ request, facts }: Case, one: Turn): boolean {
  if (facts.closedByVoided !== undefined) return facts.closedByVoided.includes(one.stream.key);
  if (request.voids === null || !isEndedBy(one.standingBefore, request.voids)) return false;
  return (
    regime(one.stream, one.question.jurisdictions) === 'opt_out' || isReached(one.question, facts.statements)
  );
}

/** Does any opt-in among the statements, counting or not, reach the stream? */
export function isReached(question: PermissionQuestion, statements: readonly Statement[]): boolean {
  const optIns = statements.flatMap((statement) =>
    statement.effect === 'opt_in' ? [{ ...statement, counts: true }] : [],
  );
  return optIns.length > 0 && standing(optIns, question, -Infinity).optIn !== null;
}

export const isClosed = (found: Standing): boolean =>
  found.hold !== null || found.denies.some((deny) => deny.effect === 'opt_out');

export const orderAt = (request: OptOutRequest): number => Math.min(request.occurredAt, request.receivedAt);

/** Nobody is left to write to. */
export const endsEverything = (request: OptOutRequest): boolean => causeOf(request) === 'erasure';

function causeOf(request: OptOutRequest): SpellCause {
  if (request.type === 'bounced') return 'hard_bounce';
  if (request.type === 'consent_expired') return 'consent_expiry';
  const signal = signalOf(request);
  if (signal === 'erasure_request_art17') return 'erasure';
  return signal === 'complaint' || signal === 'complaint_optout' ? 'complaint' : 'opt_out';
}
