import { answer, type PermissionQuestion, standing } from '../permissions/permission.js';
import type { Statement } from '../permissions/statement.js';
import { streamByKey } from '../streams/catalogue-index.js';
import type { CataloguedStream } from '../streams/stream.js';
import { attribution, isUnsolicited } from './attribution.js';
import type { Delivery, Facts, OptOutRequest } from './request.js';
import { readSelector, statementOf, subjectsOf } from './scope-binding.js';
import { type Case, endsEverything, isClosed, isEndedBy, isReached, orderAt, questionOf } from './spells.js';

/** What a request for less counts as in the analytics. */
export interface Figures {
  attributed: Delivery | null;
  unsolicited: boolean;
  /** Streams a channel-wide opt-out would have closed, minus streams closed; never negative. */
  keptByScoping: number;
  /** It ended something that went on until then. */
  stops: boolean;
}

/** A stream that went on before the request, or might have: by what had happened until then. */
interface Then {
  stream: CataloguedStream;
  question: PermissionQuestion;
  /** An opt-out, hold or erasure of this request ends it. */
  isStopped: boolean;
  isKept: boolean;
}

/**
 * The figures of a request by what had happened before it, whenever that became known: asked again when more is known of
 * that time they may be others, and in whatever order it becomes known they end up the same.
 *
 * @param statements what the request wrote
 */
export function figures(
  request: OptOutRequest,
  facts: Facts,
  stream: CataloguedStream | null,
  statements: readonly Statement[],
): Figures {
  if (!countedTypes.includes(request.type)) {
    return { attributed: null, unsolicited: false, keptByScoping: 0, stops: false };
  }
  const then = { ...facts, ...pastOf(request, facts) };
  const one: Case = { request, facts: then, statements, now: orderAt(request) };
  const cause = attribution(request, then, stream);
  const stops = turnsOf(one, then.streams).some((turn) => turn.isStopped);
  return {
    attributed: cause === null || (!stops && isRepeat(one, cause)) ? null : cause,
    unsolicited: isUnsolicited(request, then, stream),
    keptByScoping: keptByScoping(one),
    stops,
  };
}

/** Types of requests that count for themselves: for less, and nothing else. */
export const countedTypes: readonly string[] = ['opted_out', 'complained', 'erased'];

/** What ends nothing, and comes where the stream had ended, is no second opt-out of the same delivery. */
function isRepeat(one: Case, cause: Delivery): boolean {
  const { streams } = one.facts;
  const stream = streamByKey(streams, cause.stream);
  return stream !== null && isClosed(standing(one.facts.statements, questionOf(one, stream), one.now));
}

/** Of two requests at one instant that with the smaller event id came first: the same in every order of arrival. */
export function isBefore(
  a: { orderAt: number; eventId: string },
  b: { orderAt: number; eventId: string },
): boolean {
  return a.orderAt < b.orderAt || (a.orderAt === b.orderAt && a.eventId < b.eventId);
}

/** The part of the ledgers that a request found, had all arrived in time. */
function pastOf(request: OptOutRequest, facts: Facts): Pick<Facts, 'statements' | 'attributed'> {
  const own = { orderAt: orderAt(request), eventId: request.eventId };
  const requests = facts.requests ?? [];
  const eventIds = new Map(requests.map(({ decision, eventId }) => [decision, eventId]));
  return {
    statements: withoutVerified(
      facts.statements.filter(
        ({ decision, orderAt }) =>
          decision !== request.decision && isBefore({ orderAt, eventId: eventIds.get(decision) ?? '' }, own),
      ),
    ),
    attributed: [
      ...facts.attributed,
      ...requests.flatMap((one) => (one.delivery !== '' && isBefore(one, own) ? [one.delivery] : [])),
    ],
  };
}

/**
 * Without holds on addresses that a double opt-in was answered from later. Its decision takes back only those that it
 * knew of: here all of them, whichever arrived first.
 */
function withoutVerified(statements: readonly Statement[]): Statement[] {
  const verified = statements.filter(
    (one) => one.effect === 'opt_in' && one.counts && one.explicit && one.basis === 'double_opt_in',
  );
  return statements.filter(
    (one) =>
      !(one.effect === 'void' && one.basis === 'address_verified') &&
      !(
        one.effect === 'hold' &&
        verified.some(
          (optIn) =>
            optIn.subject === one.subject &&
            optIn.orderAt - one.orderAt > Math.max(optIn.tolerance, one.tolerance),
        )
      ),
  );
}

/** Streams that went on, or might have. */
function turnsOf(one: Case, streams: readonly CataloguedStream[]): Then[] {
  const optIns = one.facts.statements.filter(({ effect }) => effect === 'opt_in');
  return streams.flatMap((stream) => turnOf(one, stream, optIns) ?? []);
}

function turnOf(one: Case, stream: CataloguedStream, optIns: readonly Statement[]): Then | null {
  const { request, facts, statements, now } = one;
  const begun = facts.exposed ?? new Map(facts.spells.map((spell) => [spell.stream, spell.openedAt]));
  const wasExposed = (begun.get(stream.key) ?? Number.POSITIVE_INFINITY) <= now;
  // A stream that registered itself may have been unknown then: it counts once somebody was written to on it.
  const mayCount = stream.reviewed && facts.stoodThen?.has(stream.key) !== false;
  if (!wasExposed && !mayCount && optIns.length === 0) return null;
  const question = questionOf(one, stream);
  const before = standing(facts.statements, question, now);
  const isOpen = (wasExposed || isReached(question, optIns)) && !isClosed(before);
  if (!isOpen && !(mayCount && answer(before, question).allowed)) return null;
  const after = standing([...facts.statements, ...statements], question, now);
  const isStopped = endsEverything(request) || isEndedBy(after, request.decision);
  const next = answer(after, question);
  return {
    stream,
    question,
    isStopped,
    // Where only the regime denies, an open spell says that the person is being written to.
    isKept: !isStopped && (next.allowed || (isOpen && next.reason === 'regime_opt_in')),
  };
}

/** Streams that an opt-out of the whole channel would have ended, minus those that ended. */
function keptByScoping(one: Case): number {
  const { request, facts, statements, now } = one;
  if (request.type === 'erased') return 0;
  const streams = facts.streams.filter((stream) => stream.class !== 'essential');
  const here = streams.filter(({ channel }) => channel === request.channel);
  const saved = turnsOf(one, here).filter((turn) => turn.isKept);
  if (saved.length === 0) return 0;
  const channelWide = subjectsOf({ channel: request.channel }, request, facts).map((subject) => ({
    id: '',
    ...statementOf(request, facts, subject, { selector: `channel=${request.channel}`, effect: 'opt_out' }),
  }));
  const hypothetical = [...facts.statements, ...statements, ...channelWide];
  // A newer opt-in would have outlived the channel-wide opt-out too: then nothing was saved.
  const wouldEnd = saved.filter((turn) =>
    isEndedBy(standing(hypothetical, turn.question, now), request.decision),
  ).length;
  const isOfChannel = statements.every(({ selector }) => readSelector(selector).channel === request.channel);
  const others = isOfChannel ? [] : streams.filter(({ channel }) => channel !== request.channel);
  return Math.max(0, wouldEnd - turnsOf(one, others).filter((turn) => turn.isStopped).length);
}
