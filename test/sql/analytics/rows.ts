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
