import { createHash } from 'node:crypto';
import type { Delivery, SimulatedPerson } from './people.js';

/** Bodies and rows of simulated deliveries: for the doors, and for a bulk insert beside them. */

const iso = (at: number): string => new Date(at).toISOString();
const placeOf = (stream: string) => ({ channel: 'email', category: stream, origin: 'shop' });

/** One element of the body of `POST /v1/subscribers`. */
export const profileOf = ({ id, country, plan }: SimulatedPerson) => ({
  id,
  email: `${id}@example.com`,
  jurisdiction: country,
  attributes: { country, plan },
});

/** Events of `POST /v1/events`, in order of time. */
export function eventsOf({
  id,
  person,
  stream,
  campaign,
  at,
  openedAt,
  clickedAt,
  optedOutAt,
}: Delivery): object[] {
  const common = {
    subscriber: person.id,
    ...placeOf(stream),
    campaign,
    message_type: 'offer',
    message_id: `m-${id}`,
  };
  const event = (type: string, when: number | null, more: object = {}): object[] =>
    when === null ? [] : [{ id: `${id}-${type}`, type, occurred_at: iso(when), ...common, ...more }];
  const leaving = { trigger: 'one_click_unsubscribe', asked: 'this' };
  return [
    ...event('delivered', at),
    ...event('opened', openedAt),
    ...event('clicked', clickedAt),
    ...event('opted_out', optedOutAt, leaving),
  ];
}

/** The internal id that rows of these people have: the same in every run. */
export function personId(id: string): string {
  const hex = createHash('sha256').update(`person ${id}`).digest('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}

const segmentsOf = ({ country, plan }: SimulatedPerson): string[] => [`country:${country}`, `plan:${plan}`];

/** Rows of `events`: what the views make exposures, engagement and rates of. */
export function eventRows(delivery: Delivery): Record<string, unknown>[] {
  const { id, person, stream, campaign, at, openedAt, clickedAt } = delivery;
  const row = (type: string, when: number | null): Record<string, unknown>[] =>
    when === null
      ? []
      : [
          {
            ...{
              id: `${id}-${type}`,
              type,
              person: personId(person.id),
              occurred_at: iso(when),
              received_at: iso(when),
            },
            ...{ stream, ...placeOf(stream), campaign, message_type: 'offer', message_id: `m-${id}` },
            segments: segmentsOf(person),
          },
        ];
  return [...row('delivered', at), ...row('opened', openedAt), ...row('clicked', clickedAt)];
}

/** The row of `decisions` of an opt-out: attributed, with the edge that ends its spell. `seq` must rise. */
export function decisionRow(delivery: Delivery, seq: number): Record<string, unknown> | null {
  const { id, person, stream, campaign, at, optedOutAt } = delivery;
  if (optedOutAt === null) return null;
  const when = iso(optedOutAt);
  const place = placeOf(stream);
  return {
    ...{ seq, id: personId(`decision ${id}`), event_id: `${id}-opted_out`, type: 'opted_out' },
    ...{ trigger: 'one_click_unsubscribe', person: personId(person.id), stream, ...place, campaign },
    ...{ occurred_at: when, received_at: when, order_at: when, decided_at: when },
    spell_edges: [{ stream, edge: 'close', at: when, cause: 'opt_out' }],
    streams_stopped: [stream],
    ...{ attributed_delivery: `${id}-delivered`, attributed_message: `m-${id}`, attributed_stream: stream },
    ...{ attributed_channel: place.channel, attributed_category: stream, attributed_origin: place.origin },
    ...{ attributed_campaign: campaign, attributed_message_type: 'offer', attributed_at: iso(at) },
    attributed_segments: segmentsOf(person),
  };
}
