/** Rows of the ledgers, with what a test does not care about filled in. */

type Row = Record<string, unknown>;

/** `uuid(7)`: the same id each time. */
export const uuid = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;

/** Stands for "none" in UUID columns. */
export const none = '00000000-0000-0000-0000-000000000000';

/** `at('12:30')`: that time on the day of these tests, as the engine answers it. */
export const at = (time: string): string => `2026-11-11T${time}:00.000Z`;

/** Ids as queries take them. */
export const ids = (...numbers: number[]): string => numbers.map(uuid).join('\n');

/** Decision number `seq`: an opt-out by person 1 from promotions by e-mail, which wrote nothing into the ledger. */
export function decision(seq: number, change: Row = {}): Row {
  const when = at('12:00');
  return {
    seq,
    id: uuid(1000 + (seq % 1_000_000)),
    event_id: `e-${seq}`,
    content_hash: `h-${seq}`,
    type: 'opted_out',
    person: uuid(1),
    channel: 'email',
    category: 'promotions',
    origin: 'shop',
    stream: 'promotions',
    occurred_at: when,
    received_at: when,
    order_at: when,
    decided_at: when,
    ...change,
  };
}

/** Line number `number` of the ledger as a decision holds it: an opt-out of the address 50. */
export function line(number: number, change: Row = {}): Row {
  return {
    id: uuid(2000 + number),
    subject: uuid(50),
    binds: 'identifier',
    selector: 'channel=email',
    effect: 'opt_out',
    order_at: at('12:00'),
    tolerance: 0,
    strength: 'plain',
    counts: false,
    explicit: false,
    expires_at: null,
    basis: 'request',
    evidence: '',
    voids: none,
    cap_n: null,
    cap_per: '',
    ...change,
  };
}

/** A delivery of message `id` to person 1 on the stream promotions. */
export function delivery(id: string, occurredAt: string, change: Row = {}): Row {
  return {
    id: `delivered ${id}`,
    type: 'delivered',
    person: uuid(1),
    occurred_at: occurredAt,
    received_at: occurredAt,
    stream: 'promotions',
    channel: 'email',
    category: 'promotions',
    origin: 'shop',
    campaign: 'bf',
    message_type: 'offer',
    message_id: id,
    segments: ['plan:free'],
    content_hash: `h ${id}`,
    ...change,
  };
}

/** A version of person `number`, who has nothing but an external id (100 + number). */
export function subject(number: number, version: number, change: Row = {}): Row {
  return {
    person: uuid(number),
    version,
    external_id: uuid(100 + number),
    email_id: none,
    phone_id: none,
    push_id: none,
    sealed: `sealed ${number}.${version}`,
    key_slot: number,
    jurisdiction: 'US',
    attributes: '{}',
    first_seen_at: at('08:00'),
    changed_at: at('09:00'),
    ...change,
  };
}
