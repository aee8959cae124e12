/** Rows of the fact tables, with what a test does not care about filled in. */

type Row = Record<string, unknown>;

/** `person(7)`: the same id each time. */
export const person = (number: number): string =>
  `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;

let events = 0;

/** A delivery to person 1 on the stream `promotions`; `segments` are those of the moment. */
export function delivery(occurredAt: string, change: Row = {}): Row {
  events += 1;
  return {
    id: `e-${events}`,
    type: 'delivered',
    person: person(1),
    occurred_at: occurredAt,
    received_at: occurredAt,
    stream: 'promotions',
    channel: 'email',
    category: 'promotions',
    origin: 'shop',
    campaign: 'bf',
    message_type: 'offer',
    message_id: `m-${events}`,
    segments: [],
    ...change,
  };
}

/** An opt-out by person 1 that belongs to no delivery. */
export function decision(receivedAt: string, change: Row = {}): Row {
  events += 1;
  return {
    seq: events,
    id: person(1_000_000 + events),
    event_id: `e-${events}`,
    type: 'opted_out',
    trigger: 'one_click_unsubscribe',
    person: person(1),
    channel: 'email',
    category: 'promotions',
    origin: 'shop',
    stream: 'promotions',
    occurred_at: receivedAt,
    received_at: receivedAt,
    order_at: receivedAt,
    decided_at: receivedAt,
    ...change,
  };
}

/** What makes a decision belong to a delivery on the stream `promotions`. */
export function attributed(deliveredAt: string, change: Row = {}): Row {
  return {
    attributed_delivery: 'd',
    attributed_message: 'm',
    attributed_at: deliveredAt,
    attributed_stream: 'promotions',
    attributed_channel: 'email',
    attributed_category: 'promotions',
    attributed_origin: 'shop',
    attributed_campaign: 'bf',
    attributed_message_type: 'offer',
    attributed_segments: [],
    ...change,
  };
}

/** A stream on its place. */
export function stream(key: string, channel: string, category: string, origin: string, version = 1): Row {
  return { key, version, channel, category, origin, class: 'commercial', title: key };
}

/** The selectors by which `spellMark` speaks of streams. */
export const coverOf = (...streams: string[]) => ({
  cover_selectors: streams.map((key) => `of ${key}`),
  cover_streams: streams,
  cover_until: streams.map(() => 8_640_000_000_000_000),
  cover_since: streams.map(() => -8_640_000_000_000_000),
});

const codes = ['opt_in', 'opt_out', 'complaint', 'hard_bounce', 'erasure', 'consent_expiry'];

/** A line about person 1 and a stream, `opt_in` or the cause of an ending; by default nothing lifts less or more. */
export function spellMark(cause: string, at: string, stream: string, change: Row = {}): Row {
  events += 1;
  return {
    selector: `of ${stream}`,
    person: person(1),
    at,
    cause: codes.indexOf(cause),
    grade: 1,
    tolerance: 0,
    subject: person(1),
    decision: person(1_000_000 + events),
    received_at: at,
    ...change,
  };
}

/** Takes a decision back. */
export const takenBack = (decision: unknown, at: string, change: Row = {}): Row => ({
  ...spellMark('opt_in', at, ''),
  selector: '',
  voids: decision,
  ...change,
});

/** Of the midnights of 11 and 12 November; the first of the stream was written twice. */
export const publishedCurves: readonly Row[] = [
  ['news', '', '11T00:00', '11T09:00', 'again'],
  ['news', '', '11T00:00', '11T01:20', 'first'],
  ['news', '', '12T00:00', '12T01:20', 'second'],
  ['', 'plan:free', '11T00:00', '11T01:20', 'segment'],
].map(([stream, segment, asOf, knownAt, body]) => ({
  ...{ stream, segment, as_of: `2026-11-${asOf}:00.000Z`, known_at: `2026-11-${knownAt}:00.000Z`, body },
}));
