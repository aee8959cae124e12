import type { Selector } from '../contract/selectors.js';
import type { MachineSign } from '../opt-outs/machine-signs.js';
import type { Incoming, OptOutRequest, Who } from '../opt-outs/request.js';
import type { CataloguedStream } from '../streams/stream.js';
import type { BoxChanges, Reason } from './form.js';
import type { CapOffer, PauseOffer } from './offers.js';
import type { EdgeCatalogue, PersonalStream } from './ports.js';
import type { Receipt } from './receipt.js';
import type { OpenLink } from './token.js';

/** The wording and the boxes a person saw. Goes into evidence: raise it whenever what the page says changes. */
export const PAGE_VERSION = 'preferences-3';

/** One visit through a link. */
export interface Visit {
  link: OpenLink;
  /** The stream of the message; undefined when the link has only a hash that no stream answers to. */
  stream: CataloguedStream | undefined;
  now: number;
  newId: () => string;
}

/** Selectors in one request (`Asked`). */
const MOST_SELECTORS = 100;
const DAY = 86_400_000;

export function visit(link: OpenLink, catalogue: EdgeCatalogue, now: number, newId: () => string): Visit {
  const { stream } = link;
  const found =
    'hash' in stream
      ? catalogue.byHash(stream.channel, stream.hash)
      : catalogue.byTriple(stream.channel, stream.category, stream.origin);
  return { link, stream: found, now, newId };
}

/** Whom a request on the link's own channel is about. */
export function whoOf({ person, externalId, identifier }: OpenLink): Who {
  return identifier === null ? { person, externalId } : { person, externalId, identifier };
}

/**
 * A request by the mailbox provider's button (RFC 8058). Legal basis and all-option are those of the message. It may
 * come from a press on "junk" (section 1), which must not make it count for less.
 */
export function oneClick(visit: Visit, signs: readonly MachineSign[] = []): Incoming {
  return incoming(visit, {
    type: 'opted_out',
    eventId: `link:${visit.link.id}:one-click`,
    trigger: 'one_click_unsubscribe',
    evidence: evidence(visit, { body: 'List-Unsubscribe=One-Click' }),
    flags: ['possible_complaint', ...signs],
  });
}

/**
 * What the browser asks for with `Sec-GPC: 1`: no more profiling of the known person. It speaks of no message, so it
 * names none; and it is the same request on every visit through the link.
 */
export function signalled(visit: Visit): Incoming {
  const { request } = incoming(visit, {
    type: 'opted_out',
    eventId: `link:${visit.link.id}:gpc`,
    trigger: 'opt_out_preference_signal',
    evidence: evidence(visit, { page: PAGE_VERSION, header: 'Sec-GPC: 1' }),
  });
  return {
    who: { person: visit.link.person, externalId: visit.link.externalId },
    request: {
      ...request,
      channel: 'web',
      category: null,
      origin: null,
      audience: null,
      campaign: null,
      messageId: null,
      allOptionShown: null,
      legalBasis: null,
      flags: [],
    },
  };
}

/** One of the three buttons. The page itself shows the way to stop everything, so the all-option was shown. */
export function pressed(
  visit: Visit,
  button: 'stop' | 'all' | 'everything',
  id: string,
  reason: Reason | null,
): Incoming {
  return incoming(visit, {
    type: 'opted_out',
    eventId: `link:${visit.link.id}:${button}:${id}`,
    trigger: button === 'everything' ? 'global_unsubscribe' : 'link_unsubscribe',
    asked: button === 'stop' ? 'this' : button,
    reason: reason ?? '',
    allOptionShown: true,
    evidence: evidence(visit, { page: PAGE_VERSION, button }),
  });
}

/**
 * The boxes that changed, and nothing else: un-ticking every box names every box and is not `all`. A box is ticked
 * again only for streams of the list that use the channel of the link, because that is the address that the holder of
 * the link is known to read.
 *
 * @param listed what `streamsOf` answers now; null: the engine is away, and then nothing can be switched on
 */
export function saved(
  visit: Visit,
  { ticked, unticked }: BoxChanges,
  id: string,
  catalogue: EdgeCatalogue,
  listed: readonly PersonalStream[] | null,
): { stops: Incoming[]; starts: Incoming[] } {
  const known = (keys: readonly string[]) =>
    keys.map((key) => catalogue.byKey(key)).filter((s) => s !== undefined);
  const stopped = known(unticked).map(selectorOf);
  const stops: Incoming[] = [];
  for (let from = 0; from < stopped.length; from += MOST_SELECTORS) {
    stops.push(
      incoming(visit, {
        type: 'opted_out',
        eventId: `link:${visit.link.id}:save:${id}:${from}`,
        trigger: 'preference_change',
        asked: stopped.slice(from, from + MOST_SELECTORS),
        allOptionShown: true,
        evidence: evidence(visit, { page: PAGE_VERSION, unticked }),
      }),
    );
  }
  const starts = known(ticked)
    .filter((stream) => maySwitchOn(visit.link, stream, listed, visit.stream?.key))
    .map((stream) =>
      incoming(visit, {
        type: 'opted_in',
        eventId: `link:${visit.link.id}:save:${id}:${stream.key}`,
        trigger: 'resubscribe',
        category: stream.category,
        origin: stream.origin,
        // The opt-in is for the stream of the box, not in answer to the message.
        audience: null,
        campaign: null,
        messageId: null,
        basis: 'explicit_consent',
        // To the minute: the same press sent twice must read the same.
        evidence: evidence(visit, { page: PAGE_VERSION, ticked: stream.key, at: minute(visit.now) }),
      }),
    );
  return { stops, starts };
}

/** Could the box of this stream be ticked by whoever holds the link? `own` is the stream of its message. */
export function maySwitchOn(
  link: OpenLink,
  stream: CataloguedStream,
  listed: readonly PersonalStream[] | null,
  own: string | undefined,
): boolean {
  const line = listed?.find((each) => each.stream.key === stream.key);
  const isListed = line !== undefined && (line.subscribed || stream.key === own);
  return isListed && stream.channel === link.stream.channel && stream.class !== 'essential';
}

/** Takes back the decisions of one receipt, and no other. A void, never an opt-in: older opt-outs stand again. */
export function takenBack(visit: Visit, decisions: readonly string[]): Incoming[] {
  return decisions.map((decision) =>
    incoming(visit, {
      type: 'undone',
      eventId: `undo:${decision}`,
      voids: decision,
      evidence: evidence(visit, { page: PAGE_VERSION, button: 'undo' }),
    }),
  );
}

/** A pause in place of the stop: over the same scope. */
export function pausedInstead(visit: Visit, receipt: Receipt, { id, days }: PauseOffer): Incoming[] {
  const pause = incoming(visit, {
    type: 'paused',
    eventId: `pause:${receipt.stops[0]}:${days}`,
    trigger: 'preference_change',
    asked: receipt.asked,
    // The end of the UTC day: the page names the date, and a second press is the same request.
    until: (Math.floor(visit.now / DAY) + days + 1) * DAY,
    allOptionShown: true,
    evidence: evidence(visit, { page: PAGE_VERSION, button: id }),
  });
  return [...takenBack(visit, receipt.stops), pause];
}

/** At most so many a day, week or month in place of the stop: over the same scope. */
export function fewerInstead(visit: Visit, receipt: Receipt, { id, cap }: CapOffer): Incoming[] {
  const capped = incoming(visit, {
    type: 'capped',
    eventId: `${id}:${receipt.stops[0]}`,
    trigger: 'preference_change',
    asked: receipt.asked,
    cap,
    allOptionShown: true,
    evidence: evidence(visit, { page: PAGE_VERSION, button: id }),
  });
  return [...takenBack(visit, receipt.stops), capped];
}

/**
 * Is there anything that the request stops and that no opt-out of the person's stops now? Asked of a request that was
 * seen before: when it was taken back in between, or the person came back, the same press means a new opt-out and must
 * not be lost as a copy. What is only paused, held, or never agreed to is open: it may come again.
 */
export function stillOpen(request: OptOutRequest, listed: readonly PersonalStream[]): boolean {
  return listed.some(({ stream, reason }) => reason !== 'opt_out' && isMeant(request, stream));
}

function isMeant({ asked, channel, category, origin }: OptOutRequest, stream: CataloguedStream): boolean {
  const matches = (selector: Selector) =>
    stream.channel === selector.channel &&
    stream.category === selector.category &&
    stream.origin === selector.origin;
  if (typeof asked === 'object') return asked.some(matches);
  if (asked === 'this' && category !== null && origin !== null) return matches({ channel, category, origin });
  return stream.class !== 'essential' && (asked === 'everything' || stream.channel === channel);
}

function selectorOf({ channel, category, origin }: CataloguedStream): Selector {
  return { channel, category, origin };
}

type Wish = Partial<OptOutRequest> & Pick<OptOutRequest, 'type' | 'eventId' | 'evidence'>;

function incoming(visit: Visit, wish: Wish): Incoming {
  const { link, stream, now, newId } = visit;
  const named = 'hash' in link.stream ? stream : link.stream;
  return {
    who: whoOf(link),
    request: {
      decision: newId(),
      trigger: null,
      asked: 'this',
      channel: link.stream.channel,
      category: named?.category ?? null,
      origin: named?.origin ?? null,
      audience: link.audience,
      campaign: link.campaign,
      messageType: null,
      messageId: link.messageId,
      reason: '',
      occurredAt: now,
      receivedAt: now,
      tolerance: 0,
      madeBy: 'person',
      basis: null,
      expiresAt: null,
      until: null,
      cap: null,
      bounce: null,
      allOptionShown: link.allOptionShown,
      legalBasis: link.legalBasis,
      voids: null,
      ...wish,
      flags: [...(wish.flags ?? []), ...(named === undefined ? ['stream_unresolved'] : [])],
    },
  };
}

function evidence({ link }: Visit, facts: Readonly<Record<string, unknown>>): string {
  const text = JSON.stringify({ link: link.id, issued: minute(link.issuedAt * 60_000), ...facts });
  return text.length <= 4096
    ? text
    : JSON.stringify({ link: link.id, page: PAGE_VERSION, boxes: 'too many to list' });
}

function minute(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16)}Z`;
}
