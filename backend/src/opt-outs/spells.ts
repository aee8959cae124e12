import type { SpellCause } from '../contract/vocabulary.js';
import { answer, type Permission, type Standing, standing } from '../permissions/permission.js';
import type { Statement } from '../permissions/statement.js';
import { ancestors } from '../streams/catalogue.js';
import type { CataloguedStream } from '../streams/stream.js';
import { signalOf } from './floor.js';
import { jurisdictionsOf } from './jurisdiction.js';
import type { Facts, OptOutRequest, SpellEdge } from './request.js';
import { identifierOn, statementOf, subjectsOf } from './scope-binding.js';

/** One stream before and after the request. */
interface Turn {
  stream: CataloguedStream;
  openedAt: number | null;
  standingBefore: Standing;
  standingAfter: Standing;
  before: Permission;
  after: Permission;
  /** A new opt-out or hold denies it now. */
  isEnded: boolean;
  couldBefore: boolean;
  canAfter: boolean;
}

export interface Effects {
  streamsStopped: string[];
  streamsKept: string[];
  keptByScoping: number;
  spellEdges: SpellEdge[];
}

/** What the new statements change, stream by stream: permission and spell, before and after. */
export function effects(
  request: OptOutRequest,
  facts: Facts,
  statements: readonly Statement[],
  now: number,
): Effects {
  const together = statements.length === 0 ? facts.statements : [...facts.statements, ...statements];
  const opened = new Map(facts.spells.map((spell) => [spell.stream, spell.openedAt]));
  const turns = facts.streams.map((stream) =>
    turn(request, facts, stream, opened.get(stream.key) ?? null, together, now),
  );

  // Essential mail is listed only where it was stopped by name: nobody counts a receipt as kept.
  const stopped = turns.filter((one) => one.couldBefore && !one.canAfter && isDeniedByRequest(request, one));
  const kept = turns.filter((one) => one.stream.class !== 'essential' && one.couldBefore && one.canAfter);
  return {
    streamsStopped: stopped
      .filter((one) => one.stream.class !== 'essential' || one.standingAfter.hold === null)
      .map((one) => one.stream.key),
    streamsKept: kept.map((one) => one.stream.key),
    keptByScoping: keptByScoping(request, facts, turns, stopped, kept, together, now),
    spellEdges: [...closings(request, facts, turns), ...openings(request, facts, turns, statements)],
  };
}

function turn(
  request: OptOutRequest,
  facts: Facts,
  stream: CataloguedStream,
  openedAt: number | null,
  together: readonly Statement[],
  now: number,
): Turn {
  const question = {
    person: facts.person,
    identifier: identifierOn(stream.channel, request, facts),
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
  const standingBefore = standing(facts.statements, question, now);
  const standingAfter = together === facts.statements ? standingBefore : standing(together, question, now);
  const before = answer(standingBefore, question);
  const after = answer(standingAfter, question);
  const isNew = (statement: Statement) => statement.decision === request.decision;
  return {
    stream,
    openedAt,
    standingBefore,
    standingAfter,
    before,
    after,
    isEnded:
      (standingAfter.hold !== null && isNew(standingAfter.hold)) ||
      standingAfter.denies.some((deny) => deny.effect === 'opt_out' && isNew(deny)),
    couldBefore: before.allowed || openedAt !== null,
    // Where only the regime denies, an open spell says that the person is being written to.
    canAfter: after.allowed || (openedAt !== null && after.reason === 'regime_opt_in'),
  };
}

function isDeniedByRequest(request: OptOutRequest, one: Turn): boolean {
  return one.isEnded || one.standingAfter.denies.some((deny) => deny.decision === request.decision);
}

/** Streams that an opt-out of the whole channel would have ended, minus those that ended. */
function keptByScoping(
  request: OptOutRequest,
  facts: Facts,
  turns: readonly Turn[],
  stopped: readonly Turn[],
  kept: readonly Turn[],
  together: readonly Statement[],
  now: number,
): number {
  if (request.type !== 'opted_out' && request.type !== 'complained') return 0;
  const channelWide = subjectsOf({ channel: request.channel }, request, facts).map((subject) => ({
    id: '',
    ...statementOf(request, facts, subject, { selector: `channel=${request.channel}`, effect: 'opt_out' }),
  }));
  if (channelWide.length === 0) return 0;
  const hypothetical = [...together, ...channelWide];
  const isOnChannel = (one: Turn) =>
    one.stream.channel === request.channel && one.stream.class !== 'essential';
  // A newer opt-in would have outlived the channel-wide opt-out too: then nothing was saved.
  const saved = kept.filter(
    (one) => isOnChannel(one) && turn(request, facts, one.stream, one.openedAt, hypothetical, now).isEnded,
  );
  const elsewhere = stopped.filter((one) => !isOnChannel(one)).length;
  return turns.length === 0 ? 0 : Math.max(0, saved.length - elsewhere);
}

/** A pause or a cap closes nothing: the subscription lives on. */
function closings(request: OptOutRequest, facts: Facts, turns: readonly Turn[]): SpellEdge[] {
  const cause = causeOf(request);
  const at = Math.min(request.occurredAt, request.receivedAt);
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
 * the decision that it takes back had closed, where an opt-in or the regime carries it.
 */
function openings(
  request: OptOutRequest,
  facts: Facts,
  turns: readonly Turn[],
  statements: readonly Statement[],
): SpellEdge[] {
  const at = Math.min(request.occurredAt, request.receivedAt);
  const optIns = statements.filter((statement) => statement.effect === 'opt_in');
  const isVoid = statements.some((statement) => statement.effect === 'void');
  if (optIns.length === 0 && !isVoid) return [];
  return turns.flatMap((one): SpellEdge[] => {
    if (one.openedAt !== null || isClosed(one.standingAfter)) return [];
    const question = { ...one };
    if (optIns.length > 0 && reaches(optIns, question, request, facts)) {
      const isCounted = optIns.some((optIn) => optIn.counts);
      if (!isCounted || one.after.allowed)
        return [{ stream: one.stream.key, edge: 'open', at, cause: 'opt_in' }];
    }
    if (isVoid && isClosedBy(one.standingBefore, request.voids)) {
      const reason = one.after.reason;
      if (reason !== 'regime_opt_in' || reaches(facts.statements, question, request, facts)) {
        return [{ stream: one.stream.key, edge: 'open', at, cause: 'undo' }];
      }
    }
    return [];
  });
}

/** Does any opt-in among the statements, counting or not, cover the stream? */
function reaches(
  statements: readonly Statement[],
  { stream }: Pick<Turn, 'stream'>,
  request: OptOutRequest,
  facts: Facts,
): boolean {
  const optIns = statements
    .filter((statement) => statement.effect === 'opt_in')
    .map((statement) => ({ ...statement, counts: true }));
  if (optIns.length === 0) return false;
  const question = {
    person: facts.person,
    identifier: identifierOn(stream.channel, request, facts),
    stream,
    parents: parentsOf(stream, facts.streams),
    jurisdictions: [],
  };
  return standing(optIns, question, -Infinity).optIn !== null;
}

const isClosed = (found: Standing): boolean =>
  found.hold !== null || found.denies.some((deny) => deny.effect === 'opt_out');

const isClosedBy = (found: Standing, decision: string | null): boolean =>
  found.hold?.decision === decision ||
  found.denies.some((deny) => deny.effect === 'opt_out' && deny.decision === decision);

function causeOf(request: OptOutRequest): SpellCause {
  if (request.type === 'bounced') return 'hard_bounce';
  if (request.type === 'consent_expired') return 'consent_expiry';
  const signal = signalOf(request);
  if (signal === 'erasure_request_art17') return 'erasure';
  return signal === 'complaint' || signal === 'complaint_optout' ? 'complaint' : 'opt_out';
}

interface StreamIndex {
  byKey: ReadonlyMap<string, CataloguedStream>;
  byPlace: ReadonlyMap<string, CataloguedStream>;
  parents: Map<CataloguedStream, readonly CataloguedStream[]>;
}

// The list of streams is the catalogue's own and never changes, so its index is made once.
const indexes = new WeakMap<readonly CataloguedStream[], StreamIndex>();

function indexOf(streams: readonly CataloguedStream[]): StreamIndex {
  const known = indexes.get(streams);
  if (known !== undefined) return known;
  const index: StreamIndex = {
    byKey: new Map(streams.map((stream) => [stream.key, stream])),
    byPlace: new Map(
      // Of two streams on one place the first by key is meant, as in the catalogue.
      [...streams]
        .reverse()
        .map((stream) => [placeOf(stream.channel, stream.category, stream.origin), stream]),
    ),
    parents: new Map(),
  };
  indexes.set(streams, index);
  return index;
}

export function parentsOf(
  stream: CataloguedStream,
  streams: readonly CataloguedStream[],
): readonly CataloguedStream[] {
  if (stream.parent === null) return none;
  const { byKey, parents } = indexOf(streams);
  const known = parents.get(stream);
  if (known !== undefined) return known;
  const found = ancestors(stream, (key) => byKey.get(key));
  parents.set(stream, found);
  return found;
}

const none: readonly CataloguedStream[] = [];

export function streamAt(
  streams: readonly CataloguedStream[],
  channel: string,
  category: string,
  origin: string,
): CataloguedStream | null {
  return indexOf(streams).byPlace.get(placeOf(channel, category, origin)) ?? null;
}

export function streamByKey(streams: readonly CataloguedStream[], key: string): CataloguedStream | null {
  return indexOf(streams).byKey.get(key) ?? null;
}

const placeOf = (channel: string, category: string, origin: string): string =>
  `${channel}\u0000${category}\u0000${origin}`;
